package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"
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

// BenchmarkFixedScript appends through the fixed script, driven by go-redis as
// the driver is, from so many writers at once.
func BenchmarkFixedScript(b *testing.B, addr string, writers int, run string) {
	b.Helper()
	client := goredis.NewClient(&goredis.Options{Addr: addr, PoolSize: 64, MaxRetries: -1})
	defer func() { _ = client.Close() }()
	script := goredis.NewScript(fixed)
	value := strings.Repeat("0123456789", payload/10)
	Turns(b, writers, func(ctx context.Context, stream string, version uint64) error {
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
