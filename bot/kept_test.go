package bot_test

import (
	"testing"

	"tocsin/bot"
	"tocsin/incident"
	"tocsin/store"
)

func TestTheStateUsedLongestAgoGoesFirst(t *testing.T) {
	t.Parallel()
	k := bot.NewKept(2)
	k.Put("incident/a", store.Opened{Head: 1})
	k.Put("incident/b", store.Opened{Head: 2})
	k.Get("incident/a")
	k.Put("incident/c", store.Opened{Head: 3})
	for s, want := range map[incident.Stream]bool{"incident/a": true, "incident/b": false, "incident/c": true} {
		if _, ok := k.Get(s); ok != want {
			t.Errorf("%s is kept: %v", s, ok)
		}
	}
}

func TestASlowReadDoesNotOvertakeACommit(t *testing.T) {
	t.Parallel()
	k := bot.NewKept(2)
	k.Put("incident/a", store.Opened{Head: 7})
	k.Put("incident/a", store.Opened{Head: 5})
	if o, _ := k.Get("incident/a"); o.Head != 7 {
		t.Errorf("head %d is kept, not 7", o.Head)
	}
}

func TestAnOutcomeIsNeverKeptWithAState(t *testing.T) {
	t.Parallel()
	k := bot.NewKept(2)
	k.Put("incident/a", store.Opened{Head: 1, Outcome: &store.Outcome{}, Print: "x"})
	if o, _ := k.Get("incident/a"); o.Outcome != nil || o.Print != "" {
		t.Errorf("kept: %+v", o)
	}
}

func TestForgettingForgets(t *testing.T) {
	t.Parallel()
	k := bot.NewKept(3)
	k.Put("incident/a", store.Opened{Head: 1})
	k.Put("incident/b", store.Opened{Head: 1})
	k.Forget("incident/a", "incident/none")
	if _, ok := k.Get("incident/a"); ok {
		t.Error("a forgotten state is there")
	}
	k.ForgetAll()
	if _, ok := k.Get("incident/b"); ok {
		t.Error("a state survived forgetting all")
	}
}
