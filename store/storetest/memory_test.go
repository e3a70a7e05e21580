package storetest_test

import (
	"testing"
	"time"

	"tocsin/store"
	"tocsin/store/storetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.RunDriver(t, func(*testing.T) store.Driver { return storetest.NewMemory(time.Now) })
}
