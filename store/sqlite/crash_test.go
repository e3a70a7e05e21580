package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

// crashing names the variable that turns this test binary into a bot that
// appends until it is killed.
const crashing = "TOCSIN_TEST_CRASH_AT"

func TestMain(m *testing.M) {
	path := os.Getenv(crashing)
	if path == "" {
		os.Exit(m.Run())
	}
	d, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		panic(err)
	}
	storetest.AppendForever(context.Background(), d, os.Stdout)
}

func TestKillMinusNine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tocsin.db")
	acked := storetest.Acknowledged{}
	for _, after := range []int{1, 37, 250, 900, 1777} {
		child := storetest.StartChild(t, os.Args[0], crashing+"="+path)
		acked.ReadUntil(t, child.Out, after, child.Kill)
		child.Wait()

		d, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err != nil {
			t.Fatalf("opening after the crash: %v", err)
		}
		acked.WantKept(t, d)
		for _, f := range d.Check(t.Context()) {
			if f.Level == "fail" {
				t.Errorf("after the crash: %s: %s", f.What, f.Why)
			}
		}
		if err := d.Close(); err != nil {
			t.Fatalf("closing after the crash: %v", err)
		}
	}
}
