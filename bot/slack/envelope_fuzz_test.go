package slack_test

import (
	"strings"
	"testing"

	"tocsin/bot/slack"
)

// FuzzIntake: whatever Slack, or somebody in its place, sends is read without
// a panic.
func FuzzIntake(f *testing.F) {
	for _, seed := range []string{
		`{"type":"event_callback","team_id":"T1","event":` + spoken("words") + `}`,
		`{"type":"event_callback","team_id":"T1","authorizations":[{"user_id":"UBOT"}],"event":{"type":"app_mention","user":"U1","text":"<@UBOT|x> take","ts":"1.1","channel":"D1"}}`,
		`{"type":"event_callback","event":{"type":"message","subtype":"message_changed","channel":{"id":"C1"},"message":{"subtype":"tombstone","ts":"1.1"},"previous_message":null}}`,
		`{"type":"event_callback","event":{"type":"pin_added","user":"U1","item":{"message":{"ts":1764122400.5}}}}`,
		`{"type":"app_rate_limited","minute_rate_limited":"soon"}`,
		press(pressedMessage, ``, ``), onMessage("add_to_timeline"), submission(filled),
		"command=%2Fincident&user_id=U1&text=%C3%28&trigger_id", `{"user_id":7,"text":["x"]}`, `{"event":{"event":{}}}`, "\xff\xfe", "null", "",
	} {
		for _, kind := range []string{"form", "slash", "event", "interaction"} {
			f.Add(kind, []byte(seed))
		}
	}
	d := openDoor(f, nil)
	f.Fuzz(func(t *testing.T, kind string, raw []byte) {
		d.slack.Intake(kind, raw)
		if n := d.counted("panic"); n != 0 {
			t.Fatalf("%s %q made it panic", kind, raw)
		}
	})
}

// FuzzFrame: whatever comes on a socket is read without a panic, and an id is
// given only where one stands.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		`{"type":"hello","debug_info":{"approximate_connection_time":18060}}`, `{"type":"disconnect","reason":"warning"}`,
		`{"type":"events_api","envelope_id":"e-1","payload":{},"retry_attempt":"2"}`, `{"envelope_id" : "e-2", broken`, `{"envelope_id":"a\"b"`, `{"envelope_id":`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		id, ok := slack.ReadFrame(raw)
		if !ok && !strings.Contains(string(raw), id) {
			t.Fatalf("%q gave the id %q", raw, id)
		}
	})
}

func TestABrokenFrameStillGivesItsID(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"envelope_id":"e-1","payload":{"x":`:      "e-1",
		`{"payload":"x, "envelope_id" : "e-2", ...`: "e-2",
		`{"envelope_id":7`:                          "",
		`{"envelope_id":"no end`:                    "",
		`nothing`:                                   "",
	} {
		if id, ok := slack.ReadFrame([]byte(raw)); ok || id != want {
			t.Errorf("%s gives %q, %v; want %q", raw, id, ok, want)
		}
	}
}

func TestWaitsGrowAndEnd(t *testing.T) {
	t.Parallel()
	for _, crowded := range []bool{false, true} {
		waits := slack.Waits(20, crowded, 0)
		for i := 1; i < len(waits); i++ {
			if waits[i] < waits[i-1] {
				t.Errorf("wait %d is %s after %s", i, waits[i], waits[i-1])
			}
		}
		if last := waits[len(waits)-1]; last.Seconds() < 60 || last.Minutes() > 2 {
			t.Errorf("the longest wait is %s", last)
		}
		if with := slack.Waits(1, crowded, 0.99)[0]; with <= waits[0] {
			t.Error("chance changes nothing")
		}
	}
}
