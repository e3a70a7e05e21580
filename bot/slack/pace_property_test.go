package slack_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/incident/fault"
)

// Whoever asks, in whatever lane and after whatever pauses: no stretch of time
// holds more calls than the tier allows, nothing goes during a pause, and who
// comes back when told is let through in the end.
func TestNoMinuteHoldsMoreThanTheTier(t *testing.T) {
	t.Parallel()
	tiers := map[string]int{"conversations.create": 20, "conversations.info": 50, "users.info": 100, "chat.update": 50}
	rapid.Check(t, func(r *rapid.T) {
		method := rapid.SampledFrom([]string{"conversations.create", "conversations.info", "users.info", "chat.update"}).Draw(r, "method")
		waits := rapid.SliceOfN(rapid.IntRange(0, 9000), 1, 120).Draw(r, "waits")
		urgent := rapid.IntRange(0, 10).Draw(r, "one in so many is urgent")
		pauseAt := rapid.IntRange(0, 150).Draw(r, "pause before call")
		synctest.Test(t, func(t *testing.T) {
			p := slack.NewPace(time.Now)
			var went []time.Time
			var paused time.Time
			for i, wait := range waits {
				time.Sleep(time.Duration(wait) * time.Millisecond)
				if i == pauseAt {
					p.Pause(method, "", 20*time.Second)
					paused = time.Now().Add(20 * time.Second)
				}
				lane := chat.StateLane
				if urgent > 0 && i%urgent == 0 {
					lane = chat.UrgentLane
				}
				for tries := 0; ; tries++ {
					ctx, stop := context.WithTimeout(chat.WithLane(t.Context(), lane), 10*time.Second)
					err := p.Admit(ctx, method, "", strconv.Itoa(i))
					stop()
					if err == nil {
						break
					}
					f, ok := errors.AsType[*fault.Error](err)
					if !ok || f.Kind != fault.Unavailable || f.After <= 0 || tries > 5 {
						r.Fatalf("call %d came to %v after %d tries", i, err, tries)
					}
					time.Sleep(f.After)
				}
				if time.Now().Before(paused) {
					r.Fatalf("call %d went during a pause", i)
				}
				went = append(went, time.Now())
			}
			for i := range went {
				if most := tiers[method]; i >= most && went[i].Sub(went[i-most]) < time.Minute {
					r.Fatalf("calls %d to %d of %s went within %s", i-most, i, method, went[i].Sub(went[i-most]))
				}
			}
		})
	})
}
