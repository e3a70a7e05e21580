package sqlite_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/store"
	"tocsin/store/sqlite"
)

// twins opens a file for a running bot, which remembers, and beside it for
// reading only, which asks the file each time.
func twins(t *testing.T, o sqlite.Options) (bot, file *sqlite.Driver) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	bot = open(t, path, o)
	file, err := sqlite.OpenReadOnly(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return bot, file
}

func wantTwins(t *testing.T, bot, file *sqlite.Driver, keys ...string) {
	t.Helper()
	got, err := bot.Get(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	want, err := file.Get(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range keys {
		if !bytes.Equal(got[i], want[i]) || (got[i] == nil) != (want[i] == nil) {
			t.Fatalf("%s is remembered as %.40q, and stands in the file as %.40q", k, got[i], want[i])
		}
	}
}

// TestWhatIsRememberedStandsInTheFile changes far more than is remembered, in
// every way that a record changes, and asks both.
func TestWhatIsRememberedStandsInTheFile(t *testing.T) {
	t.Parallel()
	bot, file := twins(t, sqlite.Options{})
	dice := rand.New(rand.NewPCG(1, 2))
	key := func() string { return "k" + strconv.Itoa(dice.IntN(400)) }
	for range 300 {
		a, b, c := key(), key(), key()
		ops := []store.Op{
			{Kind: store.OpPut, Key: a, Value: bytes.Repeat([]byte{byte('a' + dice.IntN(26))}, dice.IntN(20<<10))},
			{Kind: store.OpDelete, Key: b},
			{Kind: store.OpPut, Key: c, Value: bytes.Repeat([]byte("x"), dice.IntN(2)*40<<10)}, // empty, or too big to be remembered
		}
		stood, err := bot.Get(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if err := bot.Apply(t.Context(), store.Batch{Checks: []store.Check{{Key: a, Want: stood[0]}}, Ops: ops}); err != nil {
			t.Fatalf("a check of what Get gave: %v", err)
		}
		wantTwins(t, bot, file, a)
		wantTwins(t, bot, file, b, c, key(), key())
	}
}

func TestWhoGetsARecordMayChangeIt(t *testing.T) {
	t.Parallel()
	bot, file := twins(t, sqlite.Options{})
	value := []byte("as it was written")
	apply(t, bot, store.Op{Kind: store.OpPut, Key: "a", Value: value})
	copy(value, "XX")
	for range 2 { // remembered from the writing, and from a reading
		got, err := bot.Get(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		copy(got[0], "YY")
		wantTwins(t, bot, file, "a")
	}
	err := bot.Apply(t.Context(), store.Batch{Checks: []store.Check{{Key: "a"}}})
	m, ok := errors.AsType[*store.Mismatch](err)
	if !ok || string(m.Found) != "as it was written" {
		t.Fatalf("a check that does not hold gives %v, want what stands there", err)
	}
	copy(m.Found, "ZZ")
	wantTwins(t, bot, file, "a")
}

// TestStreamsAreRememberedToTheirEnd: a version that was written, or dropped,
// is known without asking, within a transaction and after it.
func TestStreamsAreRememberedToTheirEnd(t *testing.T) {
	t.Parallel()
	bot, _ := twins(t, sqlite.Options{})
	grow := func(version int64) error {
		return bot.Apply(t.Context(), store.Batch{Ops: []store.Op{{Kind: store.OpAppend, Key: "s", Score: version, Value: []byte("v")}}})
	}
	for v := int64(1); v < 4; v++ {
		if err := grow(v); err != nil {
			t.Fatal(err)
		}
	}
	wantFault(t, grow(3), fault.Internal)
	apply(t, bot, store.Op{Kind: store.OpDrop, Key: "s"})
	if err := grow(1); err != nil {
		t.Errorf("after the stream was dropped: %v", err)
	}
}

// TestWhatFailedIsNotRemembered: a transaction that the disk refused leaves
// what stood before.
func TestWhatFailedIsNotRemembered(t *testing.T) {
	t.Parallel()
	bot, file := twins(t, sqlite.Options{}.WithPragmas("max_page_count(40)"))
	apply(t, bot, put("a", "before"), put("b", "before"))
	full := false
	for n := range 100 {
		err := bot.Apply(t.Context(), store.Batch{Ops: []store.Op{
			put("a", "after "+strconv.Itoa(n)),
			{Kind: store.OpDelete, Key: "b"},
			put("filler"+strconv.Itoa(n), string(make([]byte, 8<<10))), put("b", "again"),
		}})
		full = full || err != nil
		wantTwins(t, bot, file, "a", "b", "filler"+strconv.Itoa(n))
	}
	if !full {
		t.Error("the disk was never full")
	}
}

func TestAClosedBotRemembersNothing(t *testing.T) {
	t.Parallel()
	bot := open(t, filepath.Join(t.TempDir(), "tocsin.db"), sqlite.Options{})
	apply(t, bot, put("a", "1"))
	if err := bot.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := bot.Get(t.Context(), "a"); err == nil {
		t.Errorf("a closed driver answers %q", got)
	}
}

// TestTheLogIsWrittenBackBesideTheWriter writes a log's worth many times over,
// and asks meanwhile: the file grows while the bot runs, long before SQLite
// itself would write its log back, and the log begins anew.
func TestTheLogIsWrittenBackBesideTheWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	bot := open(t, path, sqlite.Options{})
	written := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	rounds := 3
	if os.Getenv("TOCSIN_REQUIRE_ALL") == "1" {
		rounds = 8
	}
	for round := range rounds {
		before := written()
		for n := range 7 {
			var b store.Batch
			for i := range 500 {
				b.Ops = append(b.Ops, put("k"+strconv.Itoa((round*7+n)*500+i), string(make([]byte, 1<<10))))
			}
			if err := bot.Apply(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			if _, err := bot.Range(t.Context(), store.Range{Set: "s", Max: 1}); err != nil {
				t.Fatal(err)
			}
		}
		for wait := time.Duration(0); written() < before+1<<20; wait += 10 * time.Millisecond {
			if wait > 10*time.Second {
				t.Fatalf("round %d: the file has %d bytes, and the log has the rest", round, written())
			}
			<-time.After(10 * time.Millisecond)
		}
		for was := int64(0); was != written(); { // until all of it is written back
			was = written()
			<-time.After(100 * time.Millisecond)
		}
	}
	log, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if size := log.Size(); size > written()/2 {
		t.Errorf("the log has %d bytes beside a file of %d: it never began anew", size, written())
	}
}
