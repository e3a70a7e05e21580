package redis_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"

	"tocsin/store"
	"tocsin/store/redis"
)

// In a bubble nothing may touch the network, and time passes only when all wait.
func TestInABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := miniredis.NewMiniRedis()
		defer server.Close()
		d, err := redis.Open(t.Context(), "redis://pipe", redis.Options{
			Dial: func(context.Context, string, string) (net.Conn, error) { return server.Dial() },
		})
		if err != nil {
			t.Fatal(err)
		}
		from, err := d.Now(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i := range 48 {
			<-time.After(30 * time.Minute)
			op := store.Op{Kind: store.OpAppend, Key: "s", Score: int64(i + 1), Value: []byte("x")}
			if err := d.Apply(t.Context(), store.Batch{Ops: []store.Op{op}}); err != nil {
				t.Fatal(err)
			}
		}
		to, err := d.Now(t.Context())
		if err != nil || to.Sub(from).Round(time.Minute) != 24*time.Hour {
			t.Errorf("the clock went from %v to %v (%v), want a day", from, to, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
}
