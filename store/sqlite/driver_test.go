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

func open(t testing.TB, path string, o sqlite.Options) *sqlite.Driver {
	t.Helper()
	d, err := sqlite.Open(t.Context(), path, o)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("closing %s: %v", path, err)
		}
	})
	return d
}
