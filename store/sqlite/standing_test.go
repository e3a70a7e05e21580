package sqlite_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tocsin/store"
	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

// TestWritesThatChangeNothingAreToldFromThoseThatDo makes the same random
// writes to sets here and in memory, and compares the sets after each batch.
func TestWritesThatChangeNothingAreToldFromThoseThatDo(t *testing.T) {
	t.Parallel()
	bot, file := twins(t, sqlite.Options{})
	model := storetest.NewMemory(nil)
	dice := rand.New(rand.NewPCG(7, 8))
	set := func() string { return "s" + strconv.Itoa(dice.IntN(3)) }
	few := func() store.Op { // the same few writes again and again
		op := randomSetOp(dice, set)
		if op.Kind == store.OpAdd && dice.IntN(2) == 0 {
			op.Score = 50
		}
		return op
	}
	for range 600 {
		var b store.Batch
		for range 1 + dice.IntN(4) {
			b.Ops = append(b.Ops, few())
		}
		if dice.IntN(8) == 0 {
			b.Checks = []store.Check{{Key: "nothing", Want: []byte("such")}} // refused: nothing of it is done
		}
		mine, theirs := bot.Apply(t.Context(), b), model.Apply(t.Context(), b)
		if (mine == nil) != (theirs == nil) {
			t.Fatalf("here %v, in memory %v", mine, theirs)
		}
		for n := range 3 {
			q := store.Range{Set: "s" + strconv.Itoa(n), Min: -store.MaxScore, Max: store.MaxScore}
			want, err := model.Range(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			got, err := file.Range(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
				t.Fatalf("%s after %+v (-memory +file):\n%s", q.Set, b.Ops, diff)
			}
		}
	}
}

// TestWhatADiskThatIsFullTookBackIsWrittenAgain adds members in transactions
// that fail, and then again: they must not be thought to be there.
func TestWhatADiskThatIsFullTookBackIsWrittenAgain(t *testing.T) {
	t.Parallel()
	bot, file := twins(t, sqlite.Options{}.WithPragmas("max_page_count(60)"))
	add := func(member string) store.Op { return store.Op{Kind: store.OpAdd, Key: "set", Member: member, Score: 1} }
	if err := bot.Apply(t.Context(), store.Batch{Ops: []store.Op{add("there")}}); err != nil {
		t.Fatal(err)
	}
	huge := store.Op{Kind: store.OpPut, Key: "huge", Value: []byte(strings.Repeat("x", 1<<20))}
	for range 2 {
		if err := bot.Apply(t.Context(), store.Batch{Ops: []store.Op{add("late"), huge}}); err == nil {
			t.Fatal("the disk was never full")
		}
	}
	if err := bot.Apply(t.Context(), store.Batch{Ops: []store.Op{add("late"), add("there")}}); err != nil {
		t.Fatal(err)
	}
	got, err := file.Range(t.Context(), store.Range{Set: "set", Min: -store.MaxScore, Max: store.MaxScore})
	if want := []store.Member{{Name: "late", Score: 1}, {Name: "there", Score: 1}}; err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("the set holds %+v (%v)", got, err)
	}
}
