package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/fault"
	"tocsin/store"
	"tocsin/store/sqlite"
)

func put(key, value string) store.Op {
	return store.Op{Kind: store.OpPut, Key: key, Value: []byte(value)}
}

func apply(t *testing.T, d *sqlite.Driver, ops ...store.Op) {
	t.Helper()
	if err := d.Apply(t.Context(), store.Batch{Ops: ops}); err != nil {
		t.Fatalf("Apply: %v", err)
	}
}

func wantRecord(t *testing.T, d *sqlite.Driver, key, want string) {
	t.Helper()
	got, err := d.Get(t.Context(), key)
	if err != nil || string(got[0]) != want {
		t.Errorf("record %q = %q, %v; want %q", key, got, err, want)
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("there was no error, want one of kind %s", kind)
	}
	if got := fault.KindOf(err); got != kind {
		t.Errorf("error of kind %s (%v), want %s", got, err, kind)
	}
	for _, w := range words {
		if !strings.Contains(fault.Sentence(err), w) {
			t.Errorf("sentence %q does not say %q", fault.Sentence(err), w)
		}
	}
}

func TestWhatWasWrittenIsThereAfterReopening(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "folder", "to csin?#%.db")
	d := open(t, path, sqlite.Options{})
	apply(t, d, put("a", "1"), store.Op{Kind: store.OpAppend, Key: "s", Score: 1, Value: []byte("one")})
	if err := d.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	again := open(t, path, sqlite.Options{})
	wantRecord(t, again, "a", "1")
	if got, err := again.Entries(t.Context(), "s", 0, 0); err != nil || len(got) != 1 {
		t.Errorf("Entries = %v, %v; want the one", got, err)
	}
	for _, file := range []string{path, path + ".lock"} {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatalf("the file is not where it was asked for: %v", err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o, want it for its owner only", file, info.Mode().Perm())
		}
	}
}

func TestASecondBotIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	first := open(t, path, sqlite.Options{})
	_, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	wantFault(t, err, fault.Conflict, "Another tocsin", "process "+strconv.Itoa(os.Getpid()), path)
	apply(t, first, put("a", "1"))
	if err := first.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	wantRecord(t, open(t, path, sqlite.Options{}), "a", "1")
}

func openReadOnly(t *testing.T, path string) *sqlite.Driver {
	t.Helper()
	d, err := sqlite.OpenReadOnly(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatalf("opening %s for reading: %v", path, err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("closing %s: %v", path, err)
		}
	})
	return d
}

func TestOpenedForReadingBesideABotAndWithout(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	bot := open(t, path, sqlite.Options{})
	apply(t, bot, put("a", "1"))
	beside := openReadOnly(t, path)
	wantRecord(t, beside, "a", "1")
	apply(t, bot, put("a", "2"))
	wantRecord(t, beside, "a", "2")
	wantFault(t, beside.Apply(t.Context(), store.Batch{Ops: []store.Op{put("a", "3")}}), fault.Unavailable, "reading only")
	wantFault(t, beside.Checkpoint(t.Context()), fault.Unavailable, "reading only")
	wantFinding(t, beside, "ok", "a bot (process "+strconv.Itoa(os.Getpid())+") runs")
	if err := errors.Join(beside.Close(), bot.Close()); err != nil {
		t.Fatalf("Close: %v", err)
	}
	without := openReadOnly(t, path)
	wantRecord(t, without, "a", "2")
	wantFinding(t, without, "ok", "no bot runs")
}

func TestWhatCannotBeOpened(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := func(name, content string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	_, err := sqlite.OpenReadOnly(t.Context(), filepath.Join(folder, "none"), sqlite.Options{})
	wantFault(t, err, fault.NotFound, "no database")
	_, err = sqlite.OpenReadOnly(t.Context(), path("empty.db", ""), sqlite.Options{})
	wantFault(t, err, fault.NotFound, "no tocsin database yet")
	text := path("notes.txt", strings.Repeat("not a database. ", 100))
	_, err = sqlite.OpenReadOnly(t.Context(), text, sqlite.Options{})
	wantFault(t, err, fault.Unavailable, "no database")
	_, err = sqlite.Open(t.Context(), text, sqlite.Options{})
	wantFault(t, err, fault.Unavailable, "no database")
}

func TestAFolderThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), filepath.Join(file, "tocsin.db"), sqlite.Options{})
	wantFault(t, err, fault.Unavailable, "cannot be made", "TOCSIN_STORE=sqlite:PATH")
	_, err = sqlite.Open(t.Context(), filepath.Dir(file), sqlite.Options{})
	wantFault(t, err, fault.Unavailable, "cannot be opened for writing")
}

// session opens the file, does something, and closes it.
func session(t *testing.T, path string, o sqlite.Options, do func(d *sqlite.Driver)) {
	t.Helper()
	d, err := sqlite.Open(t.Context(), path, o)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	do(d)
	if err := d.Close(); err != nil {
		t.Fatalf("closing %s: %v", path, err)
	}
}

func TestLayoutsFromOneToTheNext(t *testing.T) {
	t.Parallel()
	const second, third = "CREATE TABLE extra (a TEXT); INSERT INTO extra VALUES ('x')", "CREATE TABLE more (a TEXT)"
	path := filepath.Join(t.TempDir(), "tocsin.db")
	today, now := sqlite.Options{}, sqlite.Layouts()
	copied := func(layout int) string { return path + ".layout-" + strconv.Itoa(layout) }
	session(t, path, today, func(d *sqlite.Driver) { apply(t, d, put("a", "1")) })

	// An older file is copied, then migrated.
	session(t, path, today.WithLayouts(second), func(d *sqlite.Driver) { apply(t, d, put("a", "2")) })
	session(t, copied(now), today, func(d *sqlite.Driver) { wantRecord(t, d, "a", "1") })

	// The code of one layout before still runs.
	session(t, path, today, func(d *sqlite.Driver) {
		wantRecord(t, d, "a", "2")
		apply(t, d, put("a", "3"))
	})

	// A copy does not replace a file that is there.
	if err := os.WriteFile(copied(now+1), []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	session(t, path, today.WithLayouts(second, third), func(d *sqlite.Driver) { wantRecord(t, d, "a", "3") })
	if kept, err := os.ReadFile(copied(now + 1)); err != nil || string(kept) != "kept" {
		t.Errorf("the file that was there holds %q, %v", kept, err)
	}
	session(t, copied(now+1)+"-2", today, func(d *sqlite.Driver) { wantRecord(t, d, "a", "3") })

	// The code of two layouts before refuses, and names both.
	_, err := sqlite.Open(t.Context(), path, today)
	wantFault(t, err, fault.Invalid, "has layout "+strconv.Itoa(now+2), "up to "+strconv.Itoa(now))
	_, err = sqlite.OpenReadOnly(t.Context(), path, today)
	wantFault(t, err, fault.Invalid, "has layout "+strconv.Itoa(now+2), "up to "+strconv.Itoa(now))
}

// TestAFileOfEachLayoutIsBroughtToTodays fills a file as each older code did,
// opens it with today's, and then with the code of one layout before.
func TestAFileOfEachLayoutIsBroughtToTodays(t *testing.T) {
	t.Parallel()
	for layout := 1; layout < sqlite.Layouts(); layout++ {
		path := filepath.Join(t.TempDir(), "tocsin.db")
		var before []store.Row
		session(t, path, sqlite.Options{}.OfLayout(layout), func(d *sqlite.Driver) {
			for n := range 300 {
				name := strconv.Itoa(n * 7919 % 300)
				apply(t, d, put("key/"+name, strings.Repeat(name, n)), put("empty/"+name, ""),
					store.Op{Kind: store.OpAppend, Key: "s/" + strconv.Itoa(n%20), Score: int64(n + 1), Value: []byte(name)},
					store.Op{Kind: store.OpAdd, Key: "set/" + strconv.Itoa(n%20), Member: name, Score: int64(n)})
			}
			before = everything(t, d)
		})
		if len(before) != 4*300 {
			t.Fatalf("layout %d holds %d rows, want %d", layout, len(before), 4*300)
		}
		same := func(d *sqlite.Driver) {
			t.Helper()
			if diff := cmp.Diff(before, everything(t, d)); diff != "" {
				t.Errorf("layout %d, migrated (-before +after):\n%s", layout, diff)
			}
		}
		session(t, path, sqlite.Options{}, func(d *sqlite.Driver) {
			same(d)
			for _, f := range d.Check(t.Context()) {
				if f.Level == "fail" {
					t.Errorf("after the migration: %s", f.What)
				}
			}
		})
		session(t, path, sqlite.Options{}.OfLayout(sqlite.Layouts()-1), func(d *sqlite.Driver) {
			same(d)
			apply(t, d, put("key/1", "by the code of one layout before"), store.Op{Kind: store.OpAppend, Key: "s/1", Score: 1000, Value: []byte("one more")})
		})
		session(t, path, sqlite.Options{}, func(d *sqlite.Driver) { wantRecord(t, d, "key/1", "by the code of one layout before") })
	}
}

func everything(t *testing.T, d *sqlite.Driver) []store.Row {
	t.Helper()
	var rows []store.Row
	err := d.Walk(t.Context(), func(r store.Row) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestAMigrationThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	session(t, path, sqlite.Options{}, func(d *sqlite.Driver) { apply(t, d, put("a", "1")) })
	_, err := sqlite.Open(t.Context(), path, sqlite.Options{}.WithLayouts("CREATE TABLE extra (a); CREATE TABLE records (b)"))
	wantFault(t, err, fault.Unavailable, path)
	session(t, path, sqlite.Options{}.WithLayouts("CREATE TABLE extra (a)"), func(d *sqlite.Driver) { wantRecord(t, d, "a", "1") })
}

func TestAFullDisk(t *testing.T) {
	t.Parallel()
	d := open(t, filepath.Join(t.TempDir(), "tocsin.db"), sqlite.Options{}.WithPragmas("max_page_count(40)"))
	apply(t, d, put("small", "1"))
	big := string(bytes.Repeat([]byte("x"), 1<<20))
	err := d.Apply(t.Context(), store.Batch{Ops: []store.Op{put("small", "2"), put("big", big)}})
	wantFault(t, err, fault.Unavailable, "disk with the database is full", "nothing was recorded")
	wantRecord(t, d, "small", "1")
}

func TestAFullDiskDoesNotFailTheSmallOnesOfATransaction(t *testing.T) {
	t.Parallel()
	d := open(t, filepath.Join(t.TempDir(), "tocsin.db"), sqlite.Options{}.WithPragmas("max_page_count(40)"))
	big := strings.Repeat("x", 1<<20)
	var all sync.WaitGroup
	for i := range 40 {
		value := "1"
		if i%8 == 0 {
			value = big
		}
		all.Go(func() {
			err := d.Apply(t.Context(), store.Batch{Ops: []store.Op{put("k"+strconv.Itoa(i), value)}})
			if (err == nil) != (value == "1") {
				t.Errorf("batch %d of %d bytes: %v", i, len(value), err)
			}
		})
	}
	all.Wait()
}

func TestADiskThatBecomesReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	if err := open(t, path, sqlite.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	d := open(t, path, sqlite.Options{}.WithPragmas("query_only(1)"))
	err := d.Apply(t.Context(), store.Batch{Ops: []store.Op{put("a", "1")}})
	wantFault(t, err, fault.Unavailable, "read-only", "nothing was recorded")
}

func TestWhatWasDeletedIsInNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	d := open(t, path, sqlite.Options{})
	secret := "what ann said in confidence"
	apply(t, d, put("words", secret), store.Op{Kind: store.OpAppend, Key: "s", Score: 1, Value: []byte(secret)})
	if !anyFileHolds(t, path, secret) {
		t.Fatal("the words are in no file even before they are deleted: this test could not fail")
	}
	apply(t, d, store.Op{Kind: store.OpDelete, Key: "words"}, store.Op{Kind: store.OpDrop, Key: "s"})
	if err := d.Checkpoint(t.Context()); err != nil {
		t.Fatalf("Checkpoint: %v", err)
	}
	if anyFileHolds(t, path, secret) {
		t.Error("the deleted words are still in a file")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantFault(t, d.Checkpoint(ctx), fault.Unavailable)
}

func anyFileHolds(t *testing.T, path, words string) bool {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(words)) {
			return true
		}
	}
	return false
}

func TestTheClock(t *testing.T) {
	t.Parallel()
	fixed := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	handed := open(t, filepath.Join(t.TempDir(), "tocsin.db"), sqlite.Options{Now: func() time.Time { return fixed }})
	if got, err := handed.Now(t.Context()); err != nil || !got.Equal(fixed) {
		t.Errorf("Now = %v, %v; want the clock that was handed in", got, err)
	}
	own := open(t, filepath.Join(t.TempDir(), "tocsin.db"), sqlite.Options{})
	if got, err := own.Now(t.Context()); err != nil || time.Since(got).Abs() > time.Minute {
		t.Errorf("Now = %v, %v; want SQLite's own clock", got, err)
	}
}

func wantFinding(t *testing.T, d store.Checker, level, words string) {
	t.Helper()
	for _, f := range d.Check(t.Context()) {
		if strings.Contains(f.What, words) {
			if f.Level != level {
				t.Errorf("finding %q is %q, want %q", f.What, f.Level, level)
			}
			if f.Level != "ok" && (f.Why == "" || f.Mend == "") {
				t.Errorf("finding %q does not say why and how to mend it", f.What)
			}
			return
		}
	}
	t.Errorf("no finding says %q: %+v", words, d.Check(t.Context()))
}

func TestFindings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	tick := time.Time{}
	slow := func() time.Time { tick = tick.Add(30 * time.Millisecond); return tick }
	d := open(t, path, sqlite.Options{Now: slow})
	for _, f := range []struct{ level, words string }{
		{"ok", "this process alone has"},
		{"ok", "can be written"},
		{"warn", "takes 30ms to keep a write"},
		{"ok", "is whole"},
	} {
		wantFinding(t, d, f.level, f.words)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".tocsin-check-*")); err != nil || len(left) > 0 {
		t.Errorf("the check left %v behind (%v)", left, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	damage(t, path)
	wantFinding(t, openReadOnly(t, path), "fail", "sqlite: the file "+path)
}

// damage overwrites the pages after the first two.
func damage(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xAA}, 8192), 8192); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
