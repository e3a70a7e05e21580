package commands_test

import (
	"strings"
	"testing"
)

func TestADeclareNamesWhatIsOverAndLooksLikeIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	old := h.declared("bo", "payment provider times out")
	h.in(old, "bo", "resolve provider was back")
	secret := h.declared("bo", "payment provider leaks cards")
	h.in(secret, "bo", "private on cards are named")
	h.in(secret, "bo", "resolve rotated")
	got := shown(h.say("ann", "payment provider refuses cards"))
	if !strings.Contains(got, "Looks like INC-1 payment provider times out") || strings.Count(got, "Looks like") != 1 {
		t.Errorf("said:\n%s", got)
	}
	if got := shown(h.say("bo", "payment provider leaks cards again")); strings.Contains(got, "INC-2") {
		t.Errorf("a public declare names a private incident:\n%s", got)
	}
	for _, other := range []string{"the lift is stuck", "drill:yes payment provider times out"} {
		if got := shown(h.say("ann", other)); strings.Contains(got, "Looks like") {
			t.Errorf("%q:\n%s", other, got)
		}
	}
}
