package redis_test

import (
	"io"
	"testing"

	"tocsin/store/redis"
	"tocsin/store/storetest"
)

func TestKillMinusNineOfTheServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, appendfsync string
		keepsAll          bool
	}{
		{"with appendfsync always, all that was acknowledged is there", "always", true},
		// Under everysec, Redis holds writes back in memory while a slow disk is
		// still at the last fsync, for two seconds at most, and has answered them.
		{"with appendfsync everysec, what is there is whole", "everysec", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := startRedis(t, "--appendfsync", c.appendfsync)
			d := open(t, server.URL()+patient, redis.Options{})
			acked := storetest.Acknowledged{}
			for _, after := range []int{1, 60, 500, 1200} {
				lines, out := io.Pipe()
				go func() {
					storetest.AppendForever(t.Context(), d, out)
					_ = out.Close()
				}()
				acked.ReadUntil(t, lines, after, server.Kill)
				server.Restart(t)
				if !c.keepsAll {
					clear(acked)
				}
				acked.WantKept(t, d) // the driver finds its way back by itself
			}
		})
	}
}
