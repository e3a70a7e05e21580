package slack_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

func spoken(text string) string {
	return `{"type":"message","user":"U1","team":"T1","text":"` + text + `","ts":"` + stamp(0) + `","channel":"C1","channel_type":"channel","event_ts":"` + stamp(0) + `"}`
}

func member() chat.User { return chat.User{Platform: "slack", Workspace: "T1", ID: "U1"} }

func room() chat.Place { return chat.Place{Platform: "slack", Room: "C1"} }

func TestWhatHappensIsReported(t *testing.T) {
	t.Parallel()
	at := time.Unix(began, 100_000).UTC()
	key, changed := "slack/T1/msg:C1:"+stamp(0), "slack/T1/message/C1:"+stamp(0)
	tests := []struct {
		name, event string
		want        any
	}{
		{
			"words", spoken("the queue &lt;b&gt; &amp; <!channel>"),
			chat.Said{Key: key, User: member(), Place: room(), ID: stamp(0), Text: "the queue <b> & @channel", At: at},
		},
		{
			"words in a thread", strings.Replace(spoken("x"), `"channel":`, `"thread_ts":"1.1","channel":`, 1),
			chat.Said{Key: key, User: member(), Place: chat.Place{Platform: "slack", Room: "C1", Thread: "1.1"}, ID: stamp(0), Text: "x", At: at},
		},
		{
			"words in a thread that all see", strings.Replace(spoken("x"), `"channel":`, `"subtype":"thread_broadcast","thread_ts":"1.1","channel":`, 1),
			chat.Said{Key: key, User: member(), Place: chat.Place{Platform: "slack", Room: "C1", Thread: "1.1"}, ID: stamp(0), Text: "x", At: at},
		},
		{
			"a file", strings.Replace(spoken(""), `"channel":`, `"subtype":"file_share","files":[{"title":"graph","mimetype":"image/png","url_private":"https://f.test/1"}],"channel":`, 1),
			chat.Said{Key: key, User: member(), Place: room(), ID: stamp(0), At: at, Files: []chat.File{{Name: "graph", Type: "image/png", URL: "https://f.test/1"}}},
		},
		{
			"another bot's words", `{"type":"message","subtype":"bot_message","bot_id":"B9","username":"monitor","text":"disk full","ts":"` + stamp(0) + `","channel":"C1"}`,
			chat.Said{Key: key, User: chat.User{Platform: "slack", Workspace: "T1", ID: "B9", Name: "monitor", Kind: chat.Machine}, Place: room(), ID: stamp(0), Text: "disk full", At: at},
		},
		{
			"a bot that names tocsin runs nothing", `{"type":"message","bot_id":"B9","user":"U9","text":"<@UBOT> declare x","ts":"` + stamp(0) + `","channel":"C1"}`,
			chat.Said{Key: key, User: chat.User{Platform: "slack", Workspace: "T1", ID: "U9", Kind: chat.Machine}, Place: room(), ID: stamp(0), Text: "<@UBOT> declare x", At: at},
		},
		{
			"words that name tocsin later", spoken("ask <@UBOT> for it"),
			chat.Said{Key: key, User: member(), Place: room(), ID: stamp(0), Text: "ask <@UBOT> for it", At: at},
		},
		{
			"an edit", `{"type":"message","subtype":"message_changed","hidden":true,"channel":"C1","ts":"` + stamp(9) + `","event_ts":"` + stamp(9) + `","message":{"type":"message","user":"U1","text":"new","ts":"` + stamp(0) + `","edited":{"user":"U1","ts":"` + stamp(5) + `"}},"previous_message":{"text":"old","ts":"` + stamp(0) + `"}}`,
			chat.Edited{Key: changed + ":edit:" + stamp(5), User: member(), Place: room(), ID: stamp(0), Text: "new", At: at.Add(5 * time.Second)},
		},
		{
			"a deletion", `{"type":"message","subtype":"message_deleted","channel":"C1","ts":"` + stamp(9) + `","event_ts":"` + stamp(9) + `","deleted_ts":"` + stamp(0) + `","previous_message":{"user":"U1","text":"old","ts":"` + stamp(0) + `"}}`,
			chat.Deleted{Key: changed + ":gone", Place: room(), ID: stamp(0), At: at.Add(9 * time.Second)},
		},
		{
			"the deletion of a message that has a thread", `{"type":"message","subtype":"message_changed","channel":"C1","ts":"` + stamp(9) + `","event_ts":"` + stamp(9) + `","message":{"subtype":"tombstone","text":"This message was deleted.","ts":"` + stamp(0) + `"}}`,
			chat.Deleted{Key: changed + ":gone", Place: room(), ID: stamp(0), At: at.Add(9 * time.Second)},
		},
		{
			"somebody who comes", `{"type":"member_joined_channel","user":"U1","channel":"C1","channel_type":"C","team":"T1","event_ts":"` + stamp(0) + `"}`,
			chat.Joined{Key: "slack/T1/member/C1:U1:" + stamp(0) + ":member_joined_channel", User: member(), Place: room(), At: at},
		},
		{
			"somebody who goes", `{"type":"member_left_channel","user":"U1","channel":"C1","event_ts":"` + stamp(0) + `"}`,
			chat.Joined{Key: "slack/T1/member/C1:U1:" + stamp(0) + ":member_left_channel", User: member(), Place: room(), Left: true, At: at},
		},
		{
			"a reaction that is taken away", `{"type":"reaction_removed","user":"U1","reaction":"pushpin","item":{"type":"message","channel":"C1","ts":"1.1"},"event_ts":"` + stamp(0) + `"}`,
			chat.Reacted{Key: "slack/T1/mark/C1:1.1:pushpin:U1:" + stamp(0) + ":reaction_removed", User: member(), Place: room(), On: chat.Said{ID: "1.1", Place: room()}, Emoji: "pushpin", Away: true, At: at},
		},
		{
			"a pin, with its message", `{"type":"pin_added","user":"U1","channel_id":"C1","item":{"type":"message","channel":"C1","message":{"user":"U2","text":"graph","ts":"` + stamp(-9) + `"}},"event_ts":"` + stamp(0) + `"}`,
			chat.Reacted{Key: "slack/T1/mark/C1:" + stamp(-9) + ":pin:U1:" + stamp(0) + ":pin_added", User: member(), Place: room(), Emoji: "pin", At: at, On: chat.Said{
				Key: "slack/T1/msg:C1:" + stamp(-9), User: chat.User{Platform: "slack", Workspace: "T1", ID: "U2"}, Place: room(), ID: stamp(-9), Text: "graph", At: at.Add(-9 * time.Second),
			}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			if w := d.event(t, tt.event); w.Code != http.StatusOK {
				t.Fatalf("it was answered %d", w.Code)
			}
			if n := len(of(d.house, &d.requests)); n != 0 {
				t.Errorf("the house heard %d requests", n)
			}
			if diff := cmp.Diff([]any{tt.want}, d.reported(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("what was reported differs (-want +got):\n%s", diff)
			}
		})
	}
}

// reported is everything that the sink was told.
func (h *house) reported() []any {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []any
	for _, m := range h.said {
		out = append(out, m)
	}
	for _, m := range h.edited {
		out = append(out, m)
	}
	for _, m := range h.deleted {
		out = append(out, m)
	}
	for _, m := range h.reacted {
		out = append(out, m)
	}
	for _, m := range h.joined {
		out = append(out, m)
	}
	return out
}

func TestWhatIsNobodysBusinessIsAcknowledged(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, event, count string }{
		{"tocsin's own words, known by the app", `{"type":"message","app_id":"A1","bot_id":"B1","user":"UBOT","text":"card","ts":"1.1","channel":"C1"}`, "ignored"},
		{"an edit of tocsin's own words", `{"type":"message","subtype":"message_changed","channel":"C1","message":{"app_id":"A1","text":"card","ts":"1.1","edited":{"user":"U1","ts":"2.1"}}}`, "ignored"},
		{"a preview that Slack added", `{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","text":"https://x.test","ts":"1.1"}}`, "ignored"},
		{"what Slack says of a room", `{"type":"message","subtype":"channel_topic","user":"U1","text":"set the topic","ts":"1.1","channel":"C1"}`, "ignored"},
		{"a bot that talks to tocsin alone", `{"type":"message","channel_type":"im","bot_id":"B9","user":"U9","text":"hi","ts":"1.1","channel":"D1"}`, "ignored"},
		{"a mention in a message that was changed later", `{"type":"app_mention","user":"U1","text":"<@UBOT> resolve","edited":{"user":"U1","ts":"2.1"},"ts":"1.1","channel":"C1"}`, "ignored"},
		{"a reaction on a file", `{"type":"reaction_added","user":"U1","reaction":"pushpin","item":{"type":"file","file":"F1"},"event_ts":"1.1"}`, "ignored"},
		{"a tab of the home that holds messages", `{"type":"app_home_opened","user":"U1","tab":"messages","channel":"D1"}`, "ignored"},
		{"an event that nobody knows", `{"type":"brand_new_event","user":{"id":"U1"},"channel":["x"]}`, "unknown_event"},
		{"an event without a type", `{"user":"U1"}`, "unreadable"},
		{"an event that is no object", `"what"`, "unreadable"},
		{"a room that was renamed", `{"type":"channel_rename","channel":{"id":"C1","name":"new","created":1}}`, ""},
		{"tokens that were revoked", `{"type":"tokens_revoked","tokens":{"oauth":["U1"],"bot":["UBOT"]}}`, "revoked"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			if w := d.event(t, tt.event); w.Code != http.StatusOK {
				t.Errorf("it was answered %d", w.Code)
			}
			if n := len(d.reported()) + len(of(d.house, &d.requests)); n != 0 {
				t.Errorf("the house heard %d things", n)
			}
			if tt.count != "" && d.counted(tt.count) == 0 {
				t.Errorf("it was not counted as %q: %v", tt.count, d.counts)
			}
		})
	}
}

func TestOddFieldsLoseNoEvent(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	odd := `{"type":"message","user":{"id":"U1"},"text":"the words","ts":"` + stamp(0) + `","channel":"C1","files":"none","edited":"yes","item":[1],"message":7,"display_as_bot":"yes","thread_ts":false}`
	if w := d.event(t, odd); w.Code != http.StatusOK {
		t.Fatalf("it was answered %d", w.Code)
	}
	if all := of(d.house, &d.said); len(all) != 1 || all[0].Text != "the words" || all[0].User.ID != "U1" {
		t.Errorf("reported %+v", all)
	}
}

func TestReactionsThatCaptureNothingAreLeftAlone(t *testing.T) {
	t.Parallel()
	d := openDoor(t, func(h *chat.House) { h.Captures = func(emoji string) bool { return emoji == "pushpin" } })
	react := func(emoji string) string {
		return `{"type":"reaction_removed","user":"U1","reaction":"` + emoji + `","item":{"type":"message","channel":"C1","ts":"1.1"},"event_ts":"1.1"}`
	}
	d.event(t, react("tada"))
	d.event(t, react("pushpin::skin-tone-2"))
	if all := of(d.house, &d.reacted); len(all) != 1 || all[0].Emoji != "pushpin" {
		t.Errorf("reported %+v", all)
	}
}

func TestTheSameEventAgainIsOne(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	for range 4 {
		d.event(t, spoken("once"), "X-Slack-Retry-Num", "1", "X-Slack-Retry-Reason", "http_timeout")
	}
	if n := len(of(d.house, &d.said)); n != 1 {
		t.Errorf("it was reported %d times", n)
	}
	if d.counted("repeat") != 3 || d.counted("retry") != 4 {
		t.Errorf("counted %v", d.counts)
	}
}

func TestAMentionThatComesAsTwoEventsIsOneRequest(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{{"app_mention", "message"}, {"message", "app_mention"}} {
		d := openDoor(t, nil)
		for range 2 {
			for _, kind := range order {
				d.event(t, `{"type":"`+kind+`","user":"U1","text":"<@UBOT> take","ts":"`+stamp(0)+`","channel":"C1"}`)
			}
		}
		if n := len(of(d.house, &d.requests)); n != 1 {
			t.Errorf("%v: the house heard %d requests", order, n)
		}
		if n := len(d.reported()); n != 0 {
			t.Errorf("%v: %d things were reported besides", order, n)
		}
	}
}

func TestWhatIsNotOnRecord(t *testing.T) {
	t.Parallel()
	unavailable := func(context.Context) error { return fault.New(fault.Unavailable, "The store does not answer.") }
	refuse := func(context.Context) error { return fault.New(fault.Invalid, "Never.") }
	gone := `{"type":"message","subtype":"message_deleted","channel":"C1","event_ts":"` + stamp(9) + `","deleted_ts":"` + stamp(0) + `"}`
	joined := `{"type":"member_joined_channel","user":"U1","channel":"C1","event_ts":"` + stamp(0) + `"}`
	missed := []chat.Missed{{Platform: "slack", Room: "C1", Since: time.Unix(began, 100_000).UTC()}}
	tests := []struct {
		name, event string
		sink        func(context.Context) error
		code        int
		missed      []chat.Missed
	}{
		{"words are acknowledged, and read back", spoken("x"), unavailable, http.StatusOK, missed},
		{"a deletion is left to Slack's repeats", gone, unavailable, http.StatusServiceUnavailable, nil},
		{"who came is left to Slack's repeats", joined, unavailable, http.StatusServiceUnavailable, nil},
		{"what the house never takes is acknowledged", joined, refuse, http.StatusOK, nil},
		{"a sink that breaks is one that did not record", joined, func(context.Context) error { panic("broken") }, http.StatusServiceUnavailable, nil},
		{"an error of an unknown kind is one that did not record", spoken("x"), func(context.Context) error { return errors.New("odd") }, http.StatusOK, missed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			d.waitMissed(t, 1)
			d.sinks(tt.sink)
			if w := d.event(t, tt.event); w.Code != tt.code {
				t.Errorf("it was answered %d, want %d", w.Code, tt.code)
			}
			d.waitMissed(t, 1+len(tt.missed))
			if diff := cmp.Diff(append([]chat.Missed{{Platform: "slack"}}, tt.missed...), of(d.house, &d.missed)); diff != "" {
				t.Errorf("the gaps told differ (-want +got):\n%s", diff)
			}
			d.sinks(nil)
			if tt.code != http.StatusOK {
				if w := d.event(t, tt.event); w.Code != http.StatusOK || len(d.reported()) != 1 {
					t.Errorf("the repeat was answered %d, reported is %+v", w.Code, d.reported())
				}
			}
		})
	}
}

// waitMissed waits until the house was told of so many gaps.
func (h *house) waitMissed(t *testing.T, n int) {
	t.Helper()
	for range 5000 {
		if len(of(h, &h.missed)) >= n {
			return
		}
		select {
		case <-t.Context().Done():
		case <-time.After(time.Millisecond):
		}
	}
	t.Fatalf("the house was told of %+v, want %d gaps", of(h, &h.missed), n)
}

func TestSlackLeavingEventsOutIsAGap(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	d.waitMissed(t, 1)
	d.post(t, jsonKind, `{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1764122340,"api_app_id":"A1"}`)
	d.waitMissed(t, 2)
	if got := of(d.house, &d.missed)[1]; got != (chat.Missed{Platform: "slack", Since: time.Unix(began-60, 0).UTC()}) {
		t.Errorf("the gap is %+v", got)
	}
}
