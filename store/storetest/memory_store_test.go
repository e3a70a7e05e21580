package storetest_test

import (
	"testing"
	"time"

	"tocsin/store"
	"tocsin/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.RunStore(t, func(*testing.T) *store.Store {
		return store.New(storetest.NewMemory(time.Now), store.Options{})
	})
}
