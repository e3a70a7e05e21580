package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"tocsin/store"
	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

func TestDriver(t *testing.T) {
	t.Parallel()
	storetest.RunDriver(t, func(t *testing.T) store.Driver {
		return open(t, filepath.Join(t.TempDir(), "tocsin.db"), sqlite.Options{Now: time.Now})
	})
}

func open(tb testing.TB, path string, o sqlite.Options) *sqlite.Driver {
	tb.Helper()
	d, err := sqlite.Open(tb.Context(), path, o)
	if err != nil {
		tb.Fatalf("opening %s: %v", path, err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Errorf("closing %s: %v", path, err)
		}
	})
	return d
}
