package redis_test

import (
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/storetest"
)

// patient is for tests that move megabytes on machines that have other things to do.
const patient = "?read_timeout=30s"

func TestDriverOnMiniredis(t *testing.T) {
	t.Parallel()
	storetest.RunDriver(t, func(t *testing.T) store.Driver {
		return open(t, "redis://"+miniredis.RunT(t).Addr()+patient, redis.Options{})
	})
}

func TestDriverOnRedis(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	var organisations atomic.Int64
	storetest.RunDriver(t, func(t *testing.T) store.Driver {
		name := "org" + strconv.FormatInt(organisations.Add(1), 10)
		return open(t, server.URL()+patient, redis.Options{Prefix: name, Now: time.Now})
	})
}

func startRedis(tb testing.TB, settings ...string) *storetest.Redis {
	tb.Helper()
	return storetest.StartRedis(tb, os.Getenv("TOCSIN_REQUIRE_REDIS") == "1", settings...)
}

func open(tb testing.TB, url string, o redis.Options) *redis.Driver {
	tb.Helper()
	d, err := redis.Open(tb.Context(), url, o)
	if err != nil {
		tb.Fatalf("opening %s: %v", url, err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Errorf("closing the driver: %v", err)
		}
	})
	return d
}
