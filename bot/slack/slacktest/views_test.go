package slacktest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin/bot/slack/slacktest"
)

func modal(more string, blocks ...string) string {
	return `{"type":"modal","title":{"type":"plain_text","text":"Declare"},"submit":{"type":"plain_text","text":"Go"},` + more +
		`"blocks":[` + strings.Join(blocks, ",") + `]}`
}

const (
	titleField = `{"type":"input","block_id":"title","label":{"type":"plain_text","text":"Title"},
		"element":{"type":"plain_text_input","action_id":"v","max_length":20}}`
	severityField = `{"type":"input","block_id":"severity","optional":true,"label":{"type":"plain_text","text":"Severity"},
		"element":{"type":"static_select","action_id":"v","options":[
			{"text":{"type":"plain_text","text":"Sev 1"},"value":"sev1"},{"text":{"type":"plain_text","text":"Sev 2"},"value":"sev2"}],
		"initial_option":{"text":{"type":"plain_text","text":"Sev 2"},"value":"sev2"}}}`
	whoField = `{"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Who"},
		"element":{"type":"users_select","action_id":"v"}}`
	drillField = `{"type":"input","block_id":"drill","optional":true,"label":{"type":"plain_text","text":"Kind"},
		"element":{"type":"checkboxes","action_id":"v","options":[{"text":{"type":"plain_text","text":"Drill"},"value":"yes"}]}}`
)

// trigger has Ann do something that lets the app open a view.
func (s *scene) trigger(t *testing.T) string {
	t.Helper()
	answer, err := s.Slash(t.Context(), s.ann, s.room, "declare")
	must(t, err)
	return answer.ID
}

func TestViews(t *testing.T) {
	t.Parallel()

	t.Run("a trigger opens one view, within three seconds", func(t *testing.T) {
		t.Parallel()
		s, _ := hooked(t, slacktest.Options{})
		v := modal("", titleField)
		s.refused("invalid_trigger_id", "views.open", "trigger_id", "1.2.3", "view", v)
		first := s.trigger(t)
		s.clock.Advance(3 * time.Second)
		out := s.ok("views.open", "trigger_id", first, "view", v)
		if dig(t, out, "view", "id") == nil || dig(t, out, "view", "hash") == "" || dig(t, out, "view", "state", "values") == nil {
			t.Errorf("the view is %v", out)
		}
		s.refused("exchanged_trigger_id", "views.open", "trigger_id", first, "view", v)
		late := s.trigger(t)
		s.clock.Advance(3*time.Second + time.Millisecond)
		s.refused("expired_trigger_id", "views.open", "trigger_id", late, "view", v)
		got, open := s.Open(s.ann)
		if !open || got.Title != "Declare" || got.Submit != "Go" || len(got.Fields) != 1 || !got.Fields[0].Required || got.Fields[0].Max != 20 {
			t.Errorf("Ann has open %+v", got)
		}
		if _, open := s.Open(s.bo); open {
			t.Error("something is open for Bo")
		}
	})

	t.Run("a broken view uses no trigger up", func(t *testing.T) {
		t.Parallel()
		s, _ := hooked(t, slacktest.Options{})
		trigger := s.trigger(t)
		out := s.refused("invalid_arguments", "views.open", "trigger_id", trigger, "view", `{"type":"modal","blocks":[]}`)
		if !strings.Contains(fmt.Sprint(out["response_metadata"]), "title") {
			t.Errorf("it does not say what is missing: %v", out)
		}
		s.refused("view_too_large", "views.open", "trigger_id", trigger, "view", modal(`"callback_id":"`+strings.Repeat("x", 250_000)+`",`))
		s.refused("invalid_arguments", "views.open", "trigger_id", trigger, "view", "nonsense")
		s.refused("invalid_arguments", "views.open", "trigger_id", trigger)
		s.ok("views.open", "trigger_id", trigger, "view", modal("", titleField))
	})

	t.Run("an update is told from an older one by its hash", func(t *testing.T) {
		t.Parallel()
		s, _ := hooked(t, slacktest.Options{})
		view := dig(t, s.ok("views.open", "trigger_id", s.trigger(t), "view", modal(`"external_id":"e1",`)), "view").(object)
		id, hash := view["id"].(string), view["hash"].(string)
		s.ok("views.update", "view_id", id, "hash", hash, "view", modal(`"external_id":"e1",`, titleField))
		s.refused("hash_conflict", "views.update", "view_id", id, "hash", hash, "view", modal("", titleField))
		s.ok("views.update", "external_id", "e1", "view", modal(`"external_id":"e1","private_metadata":"kept",`, titleField, severityField))
		s.refused("not_found", "views.update", "view_id", "V404", "view", modal(""))
		if got, _ := s.Open(s.ann); len(got.Fields) != 2 || got.PrivateMetadata != "kept" || got.External != "e1" {
			t.Errorf("Ann has open %+v", got)
		}
		_, err := s.Slash(t.Context(), s.bo, s.room, "declare")
		must(t, err)
		all := s.Deliveries()
		s.refused("duplicate_external_id", "views.open", "trigger_id", all[len(all)-1].ID, "view", modal(`"external_id":"e1",`))
		_, err = s.CloseView(t.Context(), s.ann)
		must(t, err)
		s.refused("not_found", "views.update", "view_id", id, "view", modal(""))
	})

	t.Run("views are stacked three high", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		s.refused("not_found", "views.push", "trigger_id", s.trigger(t), "view", modal(""))
		button := `{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"More"},"value":"m"}]}`
		root := dig(t, s.ok("views.open", "trigger_id", s.trigger(t), "view", modal("", button)), "view", "id")
		for range 2 {
			answer, err := s.PressView(t.Context(), s.ann, "More")
			must(t, err)
			pushed := dig(t, s.ok("views.push", "trigger_id", answer.ID, "view", modal("", button)), "view").(object)
			if pushed["root_view_id"] != root || pushed["previous_view_id"] == nil {
				t.Errorf("the pushed view is %v", pushed)
			}
		}
		answer, err := s.PressView(t.Context(), s.ann, "More")
		must(t, err)
		s.refused("push_limit_reached", "views.push", "trigger_id", answer.ID, "view", modal("", button))
		all := a.payloads(t)
		p := all[len(all)-1]
		if dig(t, p, "container", "type") != "view" || dig(t, p, "actions", 0, "value") != "m" || p["channel"] != nil {
			t.Errorf("the payload is %v", p)
		}
	})
}

func TestForms(t *testing.T) {
	t.Parallel()
	opened := func(t *testing.T, blocks ...string) (*scene, *app) {
		t.Helper()
		s, a := hooked(t, slacktest.Options{})
		s.ok("views.open", "trigger_id", s.trigger(t), "view", modal(`"callback_id":"declare","private_metadata":"pm",`, blocks...))
		return s, a
	}
	reply := func(a *app, body string) {
		a.answers(func(w http.ResponseWriter, _ *http.Request, _ string) { _, _ = w.Write([]byte(body)) })
	}

	t.Run("what is filled in is sent, and the form closes", func(t *testing.T) {
		t.Parallel()
		s, a := opened(t, titleField, severityField, whoField, drillField)
		answer, err := s.Submit(t.Context(), s.ann, map[string]string{"title": "db is down", "Who": "<@" + s.bo + ">", "drill": "yes"})
		must(t, err)
		if !answer.Acked || answer.Err != nil {
			t.Fatalf("the answer is %+v", answer)
		}
		all := a.payloads(t)
		view := dig(t, all[len(all)-1], "view").(object)
		values := dig(t, view, "state", "values").(object)
		if all[len(all)-1]["type"] != "view_submission" || view["callback_id"] != "declare" || view["private_metadata"] != "pm" {
			t.Errorf("the payload is %v", all[len(all)-1])
		}
		for block, want := range map[string]string{
			"title":    `{"type":"plain_text_input","value":"db is down"}`,
			"severity": `{"selected_option":{"text":{"text":"Sev 2","type":"plain_text"},"value":"sev2"},"type":"static_select"}`,
			"who":      `{"selected_user":"` + s.bo + `","type":"users_select"}`,
			"drill":    `{"selected_options":[{"text":{"text":"Drill","type":"plain_text"},"value":"yes"}],"type":"checkboxes"}`,
		} {
			if got, _ := json.Marshal(dig(t, values, block, "v")); string(got) != want {
				t.Errorf("%s is %s, want %s", block, got, want)
			}
		}
		if _, open := s.Open(s.ann); open {
			t.Error("the form is still open")
		}
		if _, err := s.Submit(t.Context(), s.ann, nil); err == nil {
			t.Error("a form that is closed was sent")
		}
	})

	t.Run("the form itself refuses what it cannot take", func(t *testing.T) {
		t.Parallel()
		s, a := opened(t, titleField, severityField)
		for _, tt := range []struct {
			name   string
			values map[string]string
		}{
			{"nothing where something must be", nil},
			{"what there is no field for", map[string]string{"title": "x", "colour": "red"}},
			{"still nothing", nil},
			{"too much", map[string]string{"title": strings.Repeat("x", 21)}},
			{"a choice that is none", map[string]string{"title": "x", "severity": "sev9"}},
		} {
			if _, err := s.Submit(t.Context(), s.ann, tt.values); err == nil {
				t.Errorf("%s was sent", tt.name)
			}
		}
		if _, err := s.Submit(t.Context(), s.bo, map[string]string{"title": "x"}); err == nil {
			t.Error("Bo sent Ann's form")
		}
		if len(a.got) != 1 {
			t.Errorf("the app heard %q", a.bodies)
		}
	})

	t.Run("the app refuses, changes, adds or clears", func(t *testing.T) {
		t.Parallel()
		s, a := opened(t, titleField)
		send := func() slacktest.Answer {
			t.Helper()
			answer, err := s.Submit(t.Context(), s.ann, map[string]string{"title": "x"})
			must(t, err)
			return answer
		}
		reply(a, `{"response_action":"errors","errors":{"title":"say more"}}`)
		if answer := send(); answer.Errors["title"] != "say more" || answer.Err != nil {
			t.Errorf("the answer is %+v", answer)
		}
		reply(a, `{"response_action":"errors","errors":{"nowhere":"say more"}}`)
		if answer := send(); answer.Err == nil {
			t.Error("an error of a field that is not there was taken")
		}
		reply(a, `{"response_action":"update","view":`+modal("", titleField, severityField)+`}`)
		send()
		if got, _ := s.Open(s.ann); len(got.Fields) != 2 {
			t.Errorf("after an update %+v is open", got)
		}
		reply(a, `{"response_action":"update","view":{"type":"modal"}}`)
		if answer := send(); answer.Err == nil {
			t.Error("a broken view was taken")
		}
		reply(a, `{"response_action":"push","view":`+modal("", titleField)+`}`)
		send()
		reply(a, ``)
		send() // closes the pushed one
		if got, _ := s.Open(s.ann); len(got.Fields) != 2 {
			t.Errorf("under the pushed one %+v is open", got)
		}
		reply(a, `{"response_action":"dance"}`)
		if answer := send(); answer.Err == nil {
			t.Error("an action that is none was taken")
		}
		reply(a, `{"response_action":"clear"}`)
		send()
		if _, open := s.Open(s.ann); open {
			t.Error("something is open after clearing")
		}
	})

	t.Run("what stands in a field stays when the view is changed, unless its id is another", func(t *testing.T) {
		t.Parallel()
		s, a := opened(t, titleField, severityField)
		must(t, s.Fill(s.ann, map[string]string{"title": "typed"}))
		if err := s.Fill(s.bo, nil); err == nil {
			t.Error("Bo types into Ann's form")
		}
		old, _ := s.Open(s.ann)
		other := strings.Replace(severityField, `"Sev 2"},"value":"sev2"}}}`, `"Sev 1"},"value":"sev1"}}}`, 1)
		withInitial := strings.Replace(titleField, `"max_length":20`, `"max_length":20,"initial_value":"the app's"`, 1)
		s.ok("views.update", "view_id", old.ID, "view", modal("", withInitial, other))
		if got, _ := s.Open(s.ann); got.Fields[0].Value != "typed" || got.Fields[1].Value != "sev2" {
			t.Errorf("the fields are %+v", got.Fields)
		}
		s.ok("views.update", "view_id", old.ID, "view", modal("",
			strings.Replace(withInitial, `"block_id":"title"`, `"block_id":"title~2"`, 1), strings.Replace(other, `"block_id":"severity"`, `"block_id":"severity~2"`, 1)))
		if got, _ := s.Open(s.ann); got.Fields[0].Value != "the app's" || got.Fields[1].Value != "sev1" {
			t.Errorf("the fields are %+v", got.Fields)
		}
		_, err := s.Submit(t.Context(), s.ann, nil)
		must(t, err)
		all := a.payloads(t)
		if got := dig(t, all[len(all)-1], "view", "state", "values", "title~2", "v", "value"); got != "the app's" {
			t.Errorf("sent was %v", got)
		}
	})

	t.Run("a form that was not acknowledged stays open", func(t *testing.T) {
		t.Parallel()
		s, a := opened(t, titleField)
		a.answers(func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusInternalServerError) })
		if answer, err := s.Submit(t.Context(), s.ann, map[string]string{"title": "x"}); err != nil || answer.Acked {
			t.Errorf("the answer is %+v, %v", answer, err)
		}
		if _, open := s.Open(s.ann); !open {
			t.Error("the form is gone")
		}
	})

	t.Run("closing is told to those who asked for it", func(t *testing.T) {
		t.Parallel()
		s, a := opened(t, titleField)
		_, err := s.CloseView(t.Context(), s.ann)
		must(t, err)
		if len(a.got) != 1 {
			t.Errorf("the app heard of it unasked: %q", a.bodies)
		}
		s.ok("views.open", "trigger_id", s.trigger(t), "view", modal(`"notify_on_close":true,`, titleField))
		_, err = s.CloseView(t.Context(), s.ann)
		must(t, err)
		if all := a.payloads(t); all[2]["type"] != "view_closed" {
			t.Errorf("the app heard %v", all[2])
		}
		if _, err := s.CloseView(t.Context(), s.ann); err == nil {
			t.Error("nothing was closed")
		}
	})

	t.Run("every kind of input has its value", func(t *testing.T) {
		t.Parallel()
		input := func(name, element string) string {
			return `{"type":"input","optional":true,"block_id":"` + name + `","label":{"type":"plain_text","text":"` + name + `"},"element":` + element + `}`
		}
		options := `"options":[{"text":{"type":"plain_text","text":"A"},"value":"a"},{"text":{"type":"plain_text","text":"B"},"value":"b"}]`
		s, a := opened(t,
			input("date", `{"type":"datepicker","action_id":"v","initial_date":"2026-11-26"}`),
			input("time", `{"type":"timepicker","action_id":"v"}`),
			input("moment", `{"type":"datetimepicker","action_id":"v"}`),
			input("radio", `{"type":"radio_buttons","action_id":"v",`+options+`}`),
			input("many", `{"type":"multi_static_select","action_id":"v",`+options+`}`),
			input("people", `{"type":"multi_users_select","action_id":"v"}`),
			input("channel", `{"type":"channels_select","action_id":"v"}`),
			input("talk", `{"type":"conversations_select","action_id":"v"}`),
			input("mail", `{"type":"email_text_input","action_id":"v"}`),
			input("n", `{"type":"number_input","action_id":"v","is_decimal_allowed":false}`),
		)
		_, err := s.Submit(t.Context(), s.ann, map[string]string{
			"time": "03:04", "moment": "1764122400", "radio": "B", "many": "a,b", "people": s.ann + "," + s.bo, "channel": s.room, "n": "7",
		})
		must(t, err)
		all := a.payloads(t)
		values := dig(t, all[len(all)-1], "view", "state", "values")
		for block, want := range map[string]string{
			"date": `"selected_date":"2026-11-26"`, "time": `"selected_time":"03:04"`, "moment": `"selected_date_time":1764122400`,
			"radio": `"value":"b"`, "many": `"selected_options":[{`, "people": `"selected_users":["` + s.ann + `","` + s.bo + `"]`,
			"channel": `"selected_channel":"` + s.room + `"`, "talk": `"selected_conversation":null`, "mail": `"value":null`, "n": `"value":"7"`,
		} {
			if got, _ := json.Marshal(dig(t, values, block, "v")); !strings.Contains(string(got), want) {
				t.Errorf("%s is %s, want %s", block, got, want)
			}
		}
	})
}

func TestHomeAndShortcuts(t *testing.T) {
	t.Parallel()

	t.Run("the home is published, seen, and pressed", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		if answer, err := s.OpenHome(t.Context(), s.ann); err != nil || !answer.Acked {
			t.Fatalf("the answer is %+v, %v", answer, err)
		}
		if ev := a.events(t, "app_home_opened")[0]; ev["user"] != s.ann || ev["tab"] != "home" || ev["view"] != nil {
			t.Errorf("the app heard %v", ev)
		}
		home := `{"type":"home","blocks":` + card + `}`
		out := s.ok("views.publish", "user_id", s.ann, "view", home)
		hash := dig(t, out, "view", "hash").(string)
		s.ok("views.publish", "user_id", s.ann, "view", home, "hash", hash)
		s.refused("hash_conflict", "views.publish", "user_id", s.ann, "view", home, "hash", hash)
		s.refused("invalid_arguments", "views.publish", "user_id", "U404", "view", home)
		s.refused("invalid_arguments", "views.publish", "user_id", s.ann, "view", modal(""))
		got, ok := s.Home(s.ann)
		if !ok || !strings.Contains(got.Text, "the card") || len(got.Buttons) != 2 || got.Type != "home" {
			t.Errorf("Ann's home is %+v", got)
		}
		_, err := s.PressView(t.Context(), s.ann, "Take command")
		must(t, err)
		if _, err := s.PressView(t.Context(), s.bo, "Take command"); err == nil {
			t.Error("Bo pressed a button of a home that is not there")
		}
		_, err = s.OpenHome(t.Context(), s.ann)
		must(t, err)
		if ev := a.events(t, "app_home_opened")[1]; dig(t, ev, "view", "type") != "home" {
			t.Errorf("the app heard %v", ev)
		}
	})

	t.Run("shortcuts, alone and on a message", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		ts, _, err := s.Say(t.Context(), s.ann, s.other, slacktest.Words{Text: "it broke"})
		must(t, err)
		answer, err := s.Shortcut(t.Context(), s.bo, "declare")
		must(t, err)
		_, err = s.ShortcutOn(t.Context(), s.bo, s.other, ts, "capture")
		must(t, err)
		all := a.payloads(t)
		if all[0]["type"] != "shortcut" || all[0]["callback_id"] != "declare" || all[0]["trigger_id"] != answer.ID || all[0]["channel"] != nil {
			t.Errorf("the first is %v", all[0])
		}
		p := all[1]
		if p["type"] != "message_action" || p["callback_id"] != "capture" || p["message_ts"] != ts || dig(t, p, "message", "text") != "it broke" || dig(t, p, "channel", "id") != s.other || p["response_url"] == nil {
			t.Errorf("the second is %v", p)
		}
		if _, err := s.ShortcutOn(t.Context(), s.bo, s.other, "1.000001", "capture"); err == nil {
			t.Error("a message that is not there has a shortcut")
		}
	})
}
