package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tocsin/bot"
)

func TestTheClockFollowsTheStores(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	machine := func() time.Time { return at }
	store := func(off time.Duration, err error) func(context.Context) (time.Time, error) {
		return func(context.Context) (time.Time, error) { return at.Add(off), err }
	}
	c := bot.NewClock(machine)
	for i, step := range []struct {
		off  time.Duration
		err  error
		want time.Duration
	}{
		{3 * time.Second, nil, 3 * time.Second},
		{0, errors.New("away"), 3 * time.Second}, // stays as it was
		{-time.Minute, nil, -time.Minute},
		{20 * time.Millisecond, nil, 0}, // that is the way there
	} {
		c.Correct(t.Context(), store(step.off, step.err))
		if got := c.Now().Sub(at); got != step.want {
			t.Errorf("step %d: %v off, want %v", i, got, step.want)
		}
	}
}

func TestNoSecretReachesTheLog(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		c, err := bot.ReadConfig([]string{
			"HOME=/h", "TOCSIN_API_TOKEN=our-own-token", "TOCSIN_STORE=redis://:hunter2@redis:6379", "TOCSIN_LOG_FORMAT=" + format, "TOCSIN_LOG_LEVEL=debug",
		})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		log := bot.NewLog(&b, c)
		log.DebugContext(t.Context(), "a line", "words", "our-own-token", "error", errors.New("dial redis://:hunter2@redis:6379: refused"),
			"token", c.APIToken, slog.Group("inside", "key", "AKIAIOSFODNN7EXAMPLE"))
		for _, secret := range []string{"our-own-token", "hunter2", "AKIAIOSFODNN7EXAMPLE"} {
			if strings.Contains(b.String(), secret) {
				t.Errorf("%s log holds %q: %s", format, secret, b.String())
			}
		}
		if !strings.Contains(b.String(), "a line") {
			t.Errorf("the line itself is gone: %s", b.String())
		}
	}
}
