package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"tocsin/store"
	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.RunStore(t, func(t *testing.T) *store.Store {
		d := open(t, filepath.Join(t.TempDir(), "tocsin.db"), sqlite.Options{Now: time.Now})
		return store.New(d, store.Options{})
	})
}
