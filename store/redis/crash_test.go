package redis_test

import (
	"io"
	"testing"

	"tocsin/store/redis"
	"tocsin/store/storetest"
)

func TestKillMinusNineOfTheServer(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	acked := storetest.Acknowledged{}
	for _, after := range []int{1, 60, 900, 3500} {
		d := open(t, server.URL(), redis.Options{})
		lines, out := io.Pipe()
		go func() {
			storetest.AppendForever(t.Context(), d, out)
			_ = out.Close()
		}()
		acked.ReadUntil(t, lines, after, server.Kill)
		server.Restart(t)
		acked.WantKept(t, d) // the driver finds its way back by itself
	}
}
