package redis_test

import (
	"fmt"
	"strconv"
	"testing"

	"tocsin/store/redis"
	"tocsin/store/storetest"
)

// BenchmarkAppend compares the driver, with its writes gathered and without,
// with the fixed script driven by go-redis alike.
//
//	go test -run '^$' -bench Append ./store/redis
func BenchmarkAppend(b *testing.B) {
	server := startRedis(b)
	runs := 0
	for _, writers := range []int{1, 16, 64} {
		for _, way := range []string{"fixed", "driver", "ungathered"} {
			b.Run(fmt.Sprintf("%s/c=%d", way, writers), func(b *testing.B) {
				runs++
				run := strconv.Itoa(runs) + "/"
				if way == "fixed" {
					storetest.BenchmarkFixedScript(b, server.Addr(), writers, run)
					return
				}
				o := redis.Options{}
				if way == "ungathered" {
					o = o.Ungathered()
				}
				d := open(b, server.URL(), o)
				storetest.BenchmarkDriver(b, d, writers, run)
			})
		}
	}
}
