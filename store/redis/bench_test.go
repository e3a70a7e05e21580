package redis_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"tocsin/store/redis"
	"tocsin/store/storetest"
)

// fixed is the script that the house measures itself by: version check, XADD
// of 300 bytes, a pointer for the outbox, HSET, ZADD.
const fixed = `
local v = tonumber(redis.call('HGET', KEYS[2], 'v') or '0')
if v ~= tonumber(ARGV[1]) then return {0, v} end
local id = (v + 1) .. '-0'
redis.call('XADD', KEYS[1], id, 'e', ARGV[2])
redis.call('XADD', KEYS[3], '*', 's', KEYS[1], 'v', v + 1)
redis.call('HSET', KEYS[2], 'v', v + 1)
redis.call('ZADD', KEYS[4], v + 1, KEYS[1])
return {1, v + 1}`

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
					benchFixed(b, server.Addr(), writers, run)
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

func benchFixed(b *testing.B, addr string, writers int, run string) {
	b.Helper()
	client := goredis.NewClient(&goredis.Options{Addr: addr, PoolSize: 64, MaxRetries: -1})
	defer func() { _ = client.Close() }()
	script := goredis.NewScript(fixed)
	value := strings.Repeat("0123456789", 30)
	storetest.Turns(b, writers, func(ctx context.Context, stream string, version uint64) error {
		stream = "{bench}" + run + stream
		got, err := script.Run(ctx, client, []string{stream + ":e", stream + ":p", "{bench}outbox", "{bench}index"}, version-1, value).Slice()
		if err != nil {
			return err
		}
		if got[0] != int64(1) {
			return errors.New("the version did not match")
		}
		return nil
	})
}
