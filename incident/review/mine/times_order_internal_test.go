package mine

import (
	"testing"
	"time"
)

func TestAMitigationThatWasFoundIsNoLaterThanTheResolution(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	late, over := &Moment{At: at.Add(time.Hour), Cites: []string{"m2"}}, &Moment{At: at, Cites: []string{"m1"}}
	got := Times{Mitigation: late, Resolution: over}.ordered()
	if !got.Mitigation.At.Equal(at) || got.Mitigation.Other == nil || !got.Mitigation.Other.At.Equal(late.At) {
		t.Errorf("mitigation is %+v", got.Mitigation)
	}
	late.Sure = true
	if got := (Times{Mitigation: late, Resolution: over}).ordered(); got.Mitigation != late {
		t.Errorf("a recorded mitigation gave way: %+v", got.Mitigation)
	}
}
