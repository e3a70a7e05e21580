package slack_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tocsin/bot/chat"
)

// ann is the user of all payloads here, as far as a payload tells.
func ann() chat.User { return chat.User{Platform: "slack", Workspace: "T1", ID: "U1", Name: "ann"} }

func general() chat.Place { return chat.Place{Platform: "slack", Room: "C1", Name: "general"} }

const pressedMessage = `"message":{"ts":"1764122000.000200","user":"UBOT","bot_id":"B1","text":"card"}`

func press(message, container, channel string) string {
	return `{"type":"block_actions","api_app_id":"A1","team":{"id":"T1","domain":"acme"},"user":{"id":"U1","username":"ann","name":"ann","team_id":"T1"},
		"trigger_id":"1.2.c","response_url":"https://hooks.slack.test/a/1",` + container + channel + message + `,
		"actions":[{"type":"button","block_id":"b","action_id":"a0","value":"17 take INC-1 commander","action_ts":"1764122400.5"}]}`
}

func TestGesturesBecomeRequests(t *testing.T) {
	t.Parallel()
	at := time.Unix(began, 0).UTC()
	tests := []struct {
		name string
		send func(t *testing.T, d *door) int
		want chat.Request
	}{
		{"a slash command", func(t *testing.T, d *door) int {
			return d.slash(t, "severity sev2 it &amp; all is &lt;worse&gt;").Code
		}, chat.Request{Key: "slack/T1/trigger/13.37.ab", User: ann(), Place: general(), Text: "severity sev2 it & all is <worse>", At: at, Via: "command"}},
		{"a slash command that names people and rooms", func(t *testing.T, d *door) int {
			return d.slash(t, "assign scribe <@U2|bo> see <#C9|ops> <https://x.test>").Code
		}, chat.Request{Key: "slack/T1/trigger/13.37.ab", User: ann(), Place: general(), Text: "assign scribe <@U2> see #ops https://x.test", At: at, Via: "command"}},
		{"a slash command in a private channel, whose name Slack does not tell", func(t *testing.T, d *door) int {
			return d.slash(t, "list", "channel_name", "privategroup").Code
		}, chat.Request{Key: "slack/T1/trigger/13.37.ab", User: ann(), Place: chat.Place{Platform: "slack", Room: "C1"}, Text: "list", At: at, Via: "command"}},
		{"a button", func(t *testing.T, d *door) int {
			return d.interact(t, press(pressedMessage, `"container":{"type":"message","message_ts":"1764122000.000200","channel_id":"C1"},`, `"channel":{"id":"C1","name":"general"},`)).Code
		}, chat.Request{Key: "slack/T1/act/1764122000.000200:b:a0:1764122400.5:U1", User: ann(), Place: general(), Text: "take INC-1 commander", Seen: 17, At: at, Via: "button"}},
		{"a button in a thread", func(t *testing.T, d *door) int {
			return d.interact(t, press(`"message":{"ts":"1764122000.000200","thread_ts":"1764121000.000100"}`, `"container":{"type":"message","message_ts":"1764122000.000200","channel_id":"C1"},`, `"channel":{"id":"C1","name":"general"},`)).Code
		}, chat.Request{Key: "slack/T1/act/1764122000.000200:b:a0:1764122400.5:U1", User: ann(), Place: chat.Place{Platform: "slack", Room: "C1", Name: "general", Thread: "1764121000.000100"}, Text: "take INC-1 commander", Seen: 17, At: at, Via: "button"}},
		{"a button on the home", func(t *testing.T, d *door) int {
			return d.interact(t, press(`"x":1`, `"container":{"type":"view","view_id":"V1"},`, ``)).Code
		}, chat.Request{Key: "slack/T1/act/V1:b:a0:1764122400.5:U1", User: ann(), Place: chat.Place{Platform: "slack"}, Text: "take INC-1 commander", Seen: 17, At: at, Via: "button"}},
		{"the shortcut that declares", func(t *testing.T, d *door) int {
			return d.interact(t, `{"type":"shortcut","callback_id":"declare_incident","trigger_id":"1.2.d","action_ts":"1","team":{"id":"T1"},"user":{"id":"U1","username":"ann","team_id":"T1"}}`).Code
		}, chat.Request{Key: "slack/T1/trigger/1.2.d", User: ann(), Place: chat.Place{Platform: "slack"}, Text: "declare", At: at, Via: "shortcut"}},
		{"a shortcut on a message", func(t *testing.T, d *door) int {
			return d.interact(t, onMessage("add_to_timeline")).Code
		}, chat.Request{Key: "slack/T1/trigger/1.2.e", User: ann(), Place: general(), Text: "capture " + stamp(-60), At: at, Via: "shortcut", About: about()}},
		{"a shortcut that declares from a message", func(t *testing.T, d *door) int {
			return d.interact(t, onMessage("declare_from_message")).Code
		}, chat.Request{Key: "slack/T1/trigger/1.2.e", User: ann(), Place: general(), Text: "declare", At: at, Via: "shortcut", About: about()}},
		{"a shortcut that makes an action item", func(t *testing.T, d *door) int {
			return d.interact(t, onMessage("make_action_item")).Code
		}, chat.Request{Key: "slack/T1/trigger/1.2.e", User: ann(), Place: general(), Text: "action", At: at, Via: "shortcut", About: about()}},
		{"a mention", func(t *testing.T, d *door) int {
			return d.event(t, `{"type":"app_mention","user":"U1","text":"<@UBOT> note disk &lt;90%","ts":"`+stamp(1)+`","channel":"C1","event_ts":"`+stamp(1)+`"}`).Code
		}, chat.Request{Key: "slack/T1/message/C1:" + stamp(1), User: chat.User{Platform: "slack", Workspace: "T1", ID: "U1"}, Place: chat.Place{Platform: "slack", Room: "C1"}, Text: "note disk <90%", At: time.Unix(began+1, 100_000).UTC(), Via: "mention"}},
		{"a mention in a thread, with the bot's name spelt out", func(t *testing.T, d *door) int {
			return d.event(t, `{"type":"message","user":"U1","text":" <@UBOT|tocsin>: catchup","ts":"`+stamp(1)+`","thread_ts":"`+stamp(0)+`","channel":"C1"}`).Code
		}, chat.Request{Key: "slack/T1/message/C1:" + stamp(1), User: chat.User{Platform: "slack", Workspace: "T1", ID: "U1"}, Place: chat.Place{Platform: "slack", Room: "C1", Thread: stamp(0)}, Text: "catchup", At: time.Unix(began+1, 100_000).UTC(), Via: "mention"}},
		{"words to the bot alone", func(t *testing.T, d *door) int {
			return d.event(t, `{"type":"message","channel_type":"im","user":"U1","text":"list","ts":"`+stamp(1)+`","channel":"D1"}`).Code
		}, chat.Request{Key: "slack/T1/message/D1:" + stamp(1), User: chat.User{Platform: "slack", Workspace: "T1", ID: "U1"}, Place: chat.Place{Platform: "slack", Room: "D1", Direct: true}, Text: "list", At: time.Unix(began+1, 100_000).UTC(), Via: "mention"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			if code := tt.send(t, d); code != http.StatusOK {
				t.Fatalf("it was answered %d", code)
			}
			heard := of(d.house, &d.requests)
			if len(heard) != 1 {
				t.Fatalf("the house heard %d requests", len(heard))
			}
			if diff := cmp.Diff(tt.want, heard[0], cmpopts.IgnoreFields(chat.Said{}, "Link"), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the request differs (-want +got):\n%s", diff)
			}
		})
	}
}

func onMessage(callback string) string {
	return `{"type":"message_action","callback_id":"` + callback + `","trigger_id":"1.2.e","action_ts":"1","response_url":"https://hooks.slack.test/m/1",
		"team":{"id":"T1"},"user":{"id":"U1","name":"ann","team_id":"T1"},"channel":{"id":"C1","name":"general"},"message_ts":"` + stamp(-60) + `",
		"message":{"type":"message","user":"U2","team":"T1","ts":"` + stamp(-60) + `","text":"the disk is <https://x.test|full>","files":[{"name":"g.png","mimetype":"image/png","permalink":"https://acme.slack.test/f/1"}]}}`
}

func about() *chat.Said {
	return &chat.Said{
		Key: "slack/T1/msg:C1:" + stamp(-60), User: chat.User{Platform: "slack", Workspace: "T1", ID: "U2"}, Place: chat.Place{Platform: "slack", Room: "C1"},
		ID: stamp(-60), Text: "the disk is https://x.test", At: time.Unix(began-60, 100_000).UTC(), Files: []chat.File{{Name: "g.png", Type: "image/png", URL: "https://acme.slack.test/f/1"}},
	}
}

func submission(values string) string {
	return `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1","username":"ann","team_id":"T1"},"trigger_id":"1.2.f",
		"view":{"id":"V1","hash":"h1","callback_id":"form","title":{"type":"plain_text","text":"Post an update"},
		"private_metadata":"{\"command\":\"update INC-1\",\"seen\":9,\"room\":\"C1\",\"thread\":\"5.5\",\"name\":\"general\"}",
		"blocks":[{"type":"section","block_id":"s"},{"type":"input","block_id":"text"},{"type":"input","block_id":"severity"}],
		"state":{"values":{` + values + `}}}}`
}

const filled = `"text":{"value":{"type":"plain_text_input","value":"we found it <b>&"}},"severity":{"value":{"type":"static_select","selected_option":{"value":"sev9","text":{"type":"plain_text","text":"sev9"}}}},"who":{"value":{"type":"users_select","selected_user":"U7"}}`

func TestAFormBecomesARequest(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	w := d.interact(t, submission(filled))
	if w.Code != http.StatusOK || body(t, w) != "" {
		t.Errorf("a form that was taken is answered %d, want an empty 200, which closes it", w.Code)
	}
	heard := of(d.house, &d.requests)
	if len(heard) != 1 {
		t.Fatalf("the house heard %d requests", len(heard))
	}
	got := heard[0]
	if !strings.HasPrefix(got.Key, "slack/T1/view/V1:h1:") {
		t.Errorf("the key is %q", got.Key)
	}
	want := chat.Request{
		Key: got.Key, User: ann(), Place: chat.Place{Platform: "slack", Room: "C1", Name: "general", Thread: "5.5"}, Text: "update INC-1", Seen: 9,
		Form: map[string]string{"text": "we found it <b>&", "severity": "sev9", "who": "<@U7>"}, At: time.Unix(began, 0).UTC(), Via: "form",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the request differs (-want +got):\n%s", diff)
	}
}

func TestAFormThatIsCorrectedIsAnotherRequestAndOneThatIsRepeatedIsNot(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	d.interact(t, submission(filled))
	d.interact(t, submission(filled))
	d.interact(t, submission(strings.Replace(filled, "sev9", "sev2", 2)))
	heard := of(d.house, &d.requests)
	if len(heard) != 3 || heard[0].Key != heard[1].Key || heard[0].Key == heard[2].Key {
		t.Errorf("the keys are %v", []string{heard[0].Key, heard[1].Key, heard[len(heard)-1].Key})
	}
}

func TestWhatIsWrongWithAFormIsSaidInIt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		reply chat.Reply
		want  []string
	}{
		{"under the field whose value the words repeat", kinded("invalid", `There is no severity "sev9".`), []string{`"response_action":"errors"`, `"severity":`, "There is no severity"}},
		{"under the first field where no value is repeated", kinded("invalid", "Something is missing."), []string{`"response_action":"errors"`, `"text":`}},
		{"in the form's place when it cannot be mended there", kinded("forbidden", "Only Bo can do that."), []string{`"response_action":"update"`, "Only Bo can do that.", `"Post an update"`}},
		{"as another form", chat.Reply{Form: &chat.Form{Title: "Again", Command: "update INC-1", Seen: 10, Fields: []chat.Input{{Name: "text", Label: "What", Kind: chat.Area}}}}, []string{`"response_action":"update"`, `"Again"`, `\"seen\":10`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			d.answers(func(chat.Request) chat.Reply { return tt.reply })
			got := body(t, d.interact(t, submission(filled)))
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("the answer lacks %s:\n%s", want, got)
				}
			}
		})
	}
}

func kinded(kind, say string) chat.Reply {
	r := replied(say)
	r.Kind = kind
	return r
}

func TestTheReplyGoesInTheAcknowledgement(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	got := body(t, d.slash(t, "list"))
	if !strings.Contains(got, `"response_type":"ephemeral"`) || !strings.Contains(got, "heard list") {
		t.Errorf("the answer is %s", got)
	}
	d.answers(func(chat.Request) chat.Reply { r := replied("for all"); r.Public = true; return r })
	if got := body(t, d.slash(t, "show here")); !strings.Contains(got, `"response_type":"in_channel"`) {
		t.Errorf("a public reply is answered %s", got)
	}
}

func TestAHouseThatBreaksIsAnsweredFor(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	d.answers(func(chat.Request) chat.Reply { panic("broken") })
	w := d.slash(t, "list")
	if got := body(t, w); w.Code != http.StatusOK || !strings.Contains(got, "went wrong") {
		t.Errorf("it was answered %d %s", w.Code, got)
	}
	if d.counted("panic") != 1 {
		t.Error("it was not counted")
	}
}

func TestWhatAsksForNothingIsAcknowledged(t *testing.T) {
	t.Parallel()
	for name, payload := range map[string]string{
		"a link that was followed":       strings.Replace(press(pressedMessage, ``, ``), `"value":"17 take INC-1 commander"`, `"url":"https://x.test"`, 1),
		"a button of another app":        strings.Replace(press(pressedMessage, ``, ``), "17 take INC-1 commander", "something", 1),
		"a shortcut nobody knows":        strings.Replace(onMessage("x"), "x", "y", 1),
		"a form of another app":          strings.Replace(submission(filled), `\"command\":\"update INC-1\",`, ``, 1),
		"a form that was closed":         `{"type":"view_closed","user":{"id":"U1"},"view":{"id":"V1"}}`,
		"an interaction that nobody has": `{"type":"brand_new","user":{"id":"U1"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			if w := d.interact(t, payload); w.Code != http.StatusOK || body(t, w) != "" {
				t.Errorf("it was answered %d", w.Code)
			}
			if n := len(of(d.house, &d.requests)); n != 0 {
				t.Errorf("the house heard %d requests", n)
			}
			if d.counted("ignored") != 1 {
				t.Error("it was not counted")
			}
		})
	}
}
