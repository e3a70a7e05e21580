package slacktest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/slack/slacktest"
)

// send sends a body as it is and gives the answer.
func (s *scene) send(t *testing.T, method, media, body string) object {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+method, strings.NewReader(body))
	must(t, err)
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "Bearer xoxb-fake")
	resp, err := s.http.Do(r)
	must(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	must(t, err)
	var out object
	must(t, json.Unmarshal(raw, &out))
	return out
}

func TestHowCallsAreWritten(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	blocks := `[{"type":"section","text":{"type":"mrkdwn","text":"in blocks"}}]`

	out := s.send(t, "chat.postMessage", "application/json; charset=utf-8",
		`{"channel":"`+s.room+`","text":"x","blocks":`+blocks+`,"thread_ts":null,"metadata":{"event_type":"e","event_payload":{"k":1}},"unfurl_links":false}`)
	if out["ok"] != true || s.newest(s.ann).Text != "in blocks" || !strings.Contains(string(s.Messages(s.room)[0].Metadata), `"k":1`) {
		t.Errorf("as JSON it is %v", out)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(t, w.WriteField("channel", s.room))
	must(t, w.WriteField("text", "in parts"))
	must(t, w.Close())
	if out := s.send(t, "chat.postMessage", w.FormDataContentType(), body.String()); out["ok"] != true || s.newest(s.ann).Text != "in parts" {
		t.Errorf("in parts it is %v", out)
	}
	if out := s.send(t, "chat.postMessage?channel="+s.room+"&text=in+the+address", "text/plain", ""); out["ok"] != true || s.newest(s.ann).Text != "in the address" {
		t.Errorf("in the address it is %v", out)
	}
	for media, body := range map[string]string{
		"application/json": `{"channel":`, "multipart/form-data; boundary=x": "nonsense", "application/x-www-form-urlencoded": "%zz",
	} {
		if out := s.send(t, "chat.postMessage", media, body); out["ok"] != false {
			t.Errorf("broken %s got %v", media, out)
		}
	}
	if out := s.send(t, "auth.test", "application/json", ""); out["ok"] != true {
		t.Errorf("an empty body got %v", out)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(s.URL(), "api/")+"elsewhere", nil)
	must(t, err)
	resp, err := s.http.Do(r)
	must(t, err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Errorf("a page that is not there got %d", resp.StatusCode)
	}
}

func TestNothingIsReachedAfterClose(t *testing.T) {
	t.Parallel()
	s, a := hooked(t, slacktest.Options{})
	s.Close()
	if _, err := s.Dial(t.Context(), "tcp", "slack.test:80"); err == nil {
		t.Error("a connection was opened")
	}
	if _, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"}); err != nil || answer.Acked || len(a.got) != 0 {
		t.Errorf("something was delivered: %+v, %v", answer, err)
	}
	must(t, s.Settle(t.Context()))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Settle(ended); err == nil {
		t.Error("settling did not end with its context")
	}
}

func TestTypedNames(t *testing.T) {
	t.Parallel()
	s, a := hooked(t, slacktest.Options{})
	group := s.AddGroup(slacktest.Group{Handle: "oncall"}).ID
	s.AddRoom(slacktest.Room{Name: "secret", Private: true, Members: []string{s.ann}})
	_, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "@oncall, ask @bo. mail ann@bo about #ops (#secret) #nowhere"})
	must(t, err)
	want := "<!subteam^" + group + "|@oncall>, ask <@" + s.bo + ">. mail ann@bo about <#" + s.room + "|ops> (#secret) #nowhere"
	if got := a.events(t, "message")[0]["text"]; got != want {
		t.Errorf("it came as %q, want %q", got, want)
	}
	_, _, err = s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "<!here> *raw*", Raw: true})
	must(t, err)
	if got := s.newest(s.bo); got.Text != "<!here> *raw*" && got.Text != "@here raw" {
		t.Errorf("Bo reads %q", got.Text)
	}
}

func TestWhatPeopleCannotDo(t *testing.T) {
	t.Parallel()
	s, a := hooked(t, slacktest.Options{})
	ctx, ts := t.Context(), s.post("x")
	cy := s.AddUser(slacktest.User{Name: "cy"}).ID
	must(t, s.Settle(ctx))
	before := len(a.got)
	for what, do := range map[string]func() error{
		"speak where they are not": func() error { _, _, err := s.Say(ctx, cy, s.room, slacktest.Words{Text: "x"}); return err },
		"speak as nobody":          func() error { _, _, err := s.Say(ctx, "U404", s.room, slacktest.Words{Text: "x"}); return err },
		"answer what is not there": func() error {
			_, _, err := s.Say(ctx, s.ann, s.room, slacktest.Words{Text: "x", Thread: "1.000001"})
			return err
		},
		"react where they are not":       func() error { _, err := s.React(ctx, cy, s.room, ts, "eyes"); return err },
		"take a reaction that is none":   func() error { _, err := s.Unreact(ctx, s.ann, s.room, ts, "eyes"); return err },
		"react with what is no emoji":    func() error { _, err := s.React(ctx, s.ann, s.room, ts, "NO WAY"); return err },
		"take a pin that is none":        func() error { _, err := s.Unpin(ctx, s.ann, s.room, ts); return err },
		"invite where they are not":      func() error { _, err := s.Invite(ctx, cy, s.room, cy); return err },
		"leave where they are not":       func() error { _, err := s.Leave(ctx, cy, s.room); return err },
		"remove who is not there":        func() error { _, err := s.Kick(ctx, s.ann, s.room, cy); return err },
		"rename to what is taken":        func() error { _, err := s.Rename(ctx, s.ann, s.room, "random"); return err },
		"open what is open":              func() error { _, err := s.Unarchive(ctx, s.ann, s.room); return err },
		"unshare what is not shared":     func() error { _, err := s.Unshare(ctx, s.ann, s.room, "T1"); return err },
		"unfurl what is not there":       func() error { _, err := s.Unfurl(ctx, s.room, "1.000001"); return err },
		"see a home as nobody":           func() error { _, err := s.OpenHome(ctx, "U404"); return err },
		"use a shortcut as nobody":       func() error { _, err := s.Shortcut(ctx, "U404", "x"); return err },
		"find a link to nothing":         func() error { _, err := s.Permalink(s.room, "1.000001"); return err },
		"press on a message not there":   func() error { _, err := s.Press(ctx, s.ann, s.room, "1.000001", "Go"); return err },
		"press in a view that is closed": func() error { _, err := s.PressView(ctx, s.ann, "Go"); return err },
	} {
		if do() == nil {
			t.Errorf("they could %s", what)
		}
	}
	if len(a.got) != before {
		t.Errorf("the app heard %q", a.bodies[before:])
	}
}

func TestRoomsOfBothKindsTellWhatBecomesOfThem(t *testing.T) {
	t.Parallel()
	s, a := hooked(t, slacktest.Options{})
	secret := dig(t, s.ok("conversations.create", "name", "secret", "is_private", "true"), "channel", "id").(string)
	s.ok("conversations.setTopic", "channel", secret, "topic", "x")
	s.ok("conversations.rename", "channel", secret, "name", "secret-2")
	s.ok("conversations.archive", "channel", secret)
	s.refused("is_archived", "conversations.leave", "channel", secret)
	s.ok("conversations.unarchive", "channel", secret)
	s.ok("conversations.leave", "channel", secret)
	s.refused("channel_not_found", "conversations.join", "channel", secret)
	direct := s.OpenDirect(s.ann)
	for _, method := range []string{"conversations.leave", "conversations.join", "conversations.unarchive"} {
		s.refused("method_not_supported_for_channel_type", method, "channel", direct)
	}
	if out := s.ok("conversations.leave", "channel", s.other); out["not_in_channel"] != true {
		t.Errorf("leaving where it is not gave %v", out)
	}
	general := s.AddRoom(slacktest.Room{Name: "general", Members: []string{s.ann, s.bot}}).ID
	s.refused("cant_leave_general", "conversations.leave", "channel", general)
	s.refused("cant_kick_from_general", "conversations.kick", "channel", general, "user", s.ann)
	if out := s.ok("conversations.open", "channel", direct, "return_im", "true"); out["already_open"] != true {
		t.Errorf("opening by id gave %v", out)
	}
	s.refused("channel_not_found", "conversations.open", "channel", s.room)
	if out := s.ok("conversations.open", "users", s.bo, "return_im", "true"); dig(t, out, "channel", "user") != s.bo {
		t.Errorf("the conversation is %v", out)
	}
	must(t, s.Settle(t.Context()))
	var subtypes []string
	for _, ev := range a.events(t, "message") {
		subtypes = append(subtypes, ev["subtype"].(string))
	}
	if got := strings.Join(subtypes, " "); got != "group_topic group_name group_archive group_unarchive" {
		t.Errorf("the room says %s", got)
	}
	for _, kind := range []string{"group_rename", "group_archive", "group_unarchive", "group_left"} {
		if len(a.events(t, kind)) != 1 {
			t.Errorf("%s was not told once", kind)
		}
	}
}

func TestTheSameActsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	play := func() (heard []string, seen []slacktest.Message) {
		s, a := hooked(t, slacktest.Options{})
		ts := s.post("x", "blocks", card)
		must(t, s.Settle(t.Context()))
		_, err := s.Slash(t.Context(), s.ann, s.room, "list")
		must(t, err)
		_, err = s.Press(t.Context(), s.bo, s.room, ts, "Take command")
		must(t, err)
		_, _, err = s.Mention(t.Context(), s.ann, s.room, slacktest.Words{Text: "status", Thread: ts})
		must(t, err)
		s.ok("conversations.invite", "channel", s.room, "users", "U404,"+s.AddUser(slacktest.User{Name: "cy"}).ID, "force", "true")
		must(t, s.Settle(t.Context()))
		return a.bodies, s.Messages(s.room)
	}
	heard, seen := play()
	again, seenAgain := play()
	if diff := cmp.Diff(heard, again); diff != "" || len(heard) != 7 {
		t.Errorf("%d deliveries came, and the second time others:\n%s", len(heard), diff)
	}
	if diff := cmp.Diff(seen, seenAgain); diff != "" {
		t.Errorf("the room looks another way the second time:\n%s", diff)
	}
}
