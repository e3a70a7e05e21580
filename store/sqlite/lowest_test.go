package sqlite_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tocsin/store"
	"tocsin/store/sqlite"
)

// wantSameLow asks for the low end of a set in all the ways that the house does.
func wantSameLow(t *testing.T, bot, file *sqlite.Driver, set string) {
	t.Helper()
	for _, q := range []store.Range{
		{Set: set, Min: -store.MaxScore, Max: store.MaxScore, Limit: 1},
		{Set: set, Min: -store.MaxScore, Max: 40, Limit: 1},
		{Set: set, Min: -store.MaxScore, Max: 60, Limit: 3},
		{Set: set, Min: -store.MaxScore, Max: store.MaxScore, Limit: 256},
		{Set: set, Min: -store.MaxScore, Max: store.MaxScore},
		{Set: set, Min: -store.MaxScore, Max: store.MaxScore, Limit: 1, Reverse: true},
	} {
		got, err := bot.Range(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		want, err := file.Range(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 && len(got) == 0 {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v (-file +remembered):\n%s", q, diff)
		}
	}
}

func randomSetOp(dice *rand.Rand, set func() string) store.Op {
	member := "m" + strconv.Itoa(dice.IntN(5))
	switch dice.IntN(10) {
	case 0:
		from := set()
		into := set()
		if from == into {
			return store.Op{Kind: store.OpClear, Key: from}
		}
		return store.Op{Kind: store.OpMove, Key: from, Member: into, Score: dice.Int64N(100)}
	case 1, 2, 3, 4:
		return store.Op{Kind: store.OpRemove, Key: set(), Member: member}
	default:
		return store.Op{Kind: store.OpAdd, Key: set(), Member: member, Score: dice.Int64N(100)}
	}
}

// TestTheLowEndOfSetsIsAsItStandsInTheFile changes sets at random and asks
// for their low ends after each change.
func TestTheLowEndOfSetsIsAsItStandsInTheFile(t *testing.T) {
	t.Parallel()
	bot, file := twins(t, sqlite.Options{})
	dice := rand.New(rand.NewPCG(3, 4))
	set := func() string { return "s" + strconv.Itoa(dice.IntN(4)) }
	for range 300 {
		var b store.Batch
		for range 1 + dice.IntN(3) {
			b.Ops = append(b.Ops, randomSetOp(dice, set))
		}
		if dice.IntN(10) == 0 {
			b.Checks = []store.Check{{Key: "nothing", Want: []byte("such")}} // refused
		}
		refused := bot.Apply(t.Context(), b) != nil
		if refused != (b.Checks != nil) {
			t.Fatalf("refused: %v", refused)
		}
		wantSameLow(t, bot, file, set())
	}
}

// TestTheLowEndIsNotLearnedFromThePast: readers that are slower than writers
// remember nothing that was over when they came to it.
func TestTheLowEndIsNotLearnedFromThePast(t *testing.T) {
	t.Parallel()
	bot, file := twins(t, sqlite.Options{})
	ctx, stop := context.WithCancel(t.Context())
	var readers, writers sync.WaitGroup
	for r := range 4 {
		readers.Go(func() {
			for n := r; ctx.Err() == nil; n++ {
				_, _ = bot.Range(ctx, store.Range{Set: "s" + strconv.Itoa(n%20), Min: -store.MaxScore, Max: int64(n % 100), Limit: 1})
			}
		})
	}
	for w := range 4 {
		dice := rand.New(rand.NewPCG(uint64(w), 5))
		writers.Go(func() {
			for range 100 {
				op := randomSetOp(dice, func() string { return "s" + strconv.Itoa(dice.IntN(20)) })
				if err := bot.Apply(t.Context(), store.Batch{Ops: []store.Op{op}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	readers.Wait()
	for n := range 20 {
		wantSameLow(t, bot, file, "s"+strconv.Itoa(n))
	}
}
