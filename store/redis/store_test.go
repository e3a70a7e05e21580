package redis_test

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/storetest"
)

func TestStoreOnMiniredis(t *testing.T) {
	t.Parallel()
	storetest.RunStore(t, func(t *testing.T) *store.Store {
		return store.New(open(t, "redis://"+miniredis.RunT(t).Addr()+patient, redis.Options{Now: time.Now}), store.Options{})
	})
}

func TestStoreOnRedis(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	var organisations atomic.Int64
	storetest.RunStore(t, func(t *testing.T) *store.Store {
		name := "house" + strconv.FormatInt(organisations.Add(1), 10)
		return store.New(open(t, server.URL()+patient, redis.Options{Prefix: name, Now: time.Now}), store.Options{})
	})
}
