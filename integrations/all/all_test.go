package all_test

import (
	"context"
	"testing"
	"time"

	"tocsin/integrations"
	"tocsin/integrations/all"
	"tocsin/integrations/practice"
)

type emptyShelf struct{}

func (emptyShelf) Fetch(context.Context, string) ([]byte, error)      { return nil, nil }
func (emptyShelf) Keep(context.Context, string, []byte, []byte) error { return nil }

func TestOpenGivesWhatIsSetUp(t *testing.T) {
	t.Parallel()
	var asked []string
	list, err := all.Open(all.House{
		Shelf: emptyShelf{},
		Now:   time.Now,
		News: func(pager string) integrations.PageNews {
			asked = append(asked, pager)
			return func(context.Context, integrations.Receipt) error { return nil }
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, i := range list {
		if names[i.Name()] {
			t.Errorf("%q is listed twice", i.Name())
		}
		names[i.Name()] = true
	}
	if !names[practice.Name] || len(asked) != 1 || asked[0] != practice.Name {
		t.Errorf("listed %v, news of %v; want the practice pager", names, asked)
	}
	last := list[len(list)-1]
	if _, ok := last.(integrations.Pager); !ok {
		t.Error("the practice pager is no pager")
	}
	if _, ok := last.(all.Runner); !ok {
		t.Error("the practice pager does not run")
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	if _, err := all.Open(all.House{News: func(string) integrations.PageNews { return nil }}); err == nil {
		t.Error("a practice pager without a shelf was opened")
	}
}
