package slacktest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin/bot/slack/slacktest"
)

func TestCommands(t *testing.T) {
	t.Parallel()

	t.Run("a command says who, where, and what", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		answer, err := s.Slash(t.Context(), s.ann, s.room, "take commander @bo <b> & @nobody #random")
		must(t, err)
		p := a.payloads(t)[0]
		want := object{
			"command": "/incident", "text": "take commander <@" + s.bo + "> &lt;b&gt; &amp; @nobody <#" + s.other + "|random>",
			"user_id": s.ann, "user_name": "ann", "channel_id": s.room, "channel_name": "ops", "team_id": "T0TOCSIN", "team_domain": "acme",
		}
		for k, v := range want {
			if p[k] != v {
				t.Errorf("%s is %v, want %v", k, p[k], v)
			}
		}
		if p["trigger_id"] != answer.ID || !strings.Contains(p["response_url"].(string), "/response/") {
			t.Errorf("the payload is %v", p)
		}
	})

	t.Run("rooms that are private and direct have no name", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		secret := s.AddRoom(slacktest.Room{Name: "secret", Private: true, Members: []string{s.ann}}).ID
		for _, room := range []string{secret, s.OpenDirect(s.ann)} {
			_, err := s.Slash(t.Context(), s.ann, room, "list")
			must(t, err)
		}
		if all := a.payloads(t); all[0]["channel_name"] != "privategroup" || all[1]["channel_name"] != "directmessage" {
			t.Errorf("the names are %v and %v", all[0]["channel_name"], all[1]["channel_name"])
		}
		if _, err := s.Slash(t.Context(), s.bo, secret, "list"); err == nil {
			t.Error("Bo typed into a room that he is not in")
		}
		s.RemoveScope("commands")
		if _, err := s.Slash(t.Context(), s.ann, s.room, "list"); err == nil {
			t.Error("the command is there without its scope")
		}
	})

	t.Run("what the acknowledgement says is shown", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		reply := func(body string) {
			a.answers(func(w http.ResponseWriter, _ *http.Request, _ string) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(body))
			})
		}
		reply(`{"text":"for you"}`)
		_, err := s.Slash(t.Context(), s.ann, s.room, "x")
		must(t, err)
		if got := s.newest(s.ann); !got.Alone || !got.Own || got.Text != "for you" {
			t.Errorf("Ann sees %+v", got)
		}
		reply(`{"response_type":"in_channel","text":"all","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"for *all*"}}]}`)
		_, err = s.Slash(t.Context(), s.ann, s.room, "x")
		must(t, err)
		if got := s.newest(s.bo); got.Alone || !got.Own || got.Text != "for all" || got.Subtype != "bot_message" {
			t.Errorf("Bo sees %+v", got)
		}
		reply(`{"text":"bad","blocks":[{"type":"section"}]}`)
		if answer, err := s.Slash(t.Context(), s.ann, s.room, "x"); err != nil || answer.Err == nil {
			t.Errorf("blocks that are none were shown: %+v, %v", answer, err)
		}
	})
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	respond := func(t *testing.T, s *scene, url, body string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
		must(t, err)
		r.Header.Set("Content-Type", "application/json")
		resp, err := s.http.Do(r)
		must(t, err)
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	url := func(t *testing.T, s *scene, a *app) string {
		t.Helper()
		_, err := s.Slash(t.Context(), s.ann, s.room, "x")
		must(t, err)
		all := a.payloads(t)
		return all[len(all)-1]["response_url"].(string)
	}

	t.Run("it is good for five answers in half an hour", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		u := url(t, s, a)
		for range 5 {
			if code := respond(t, s, u, `{"text":"x"}`); code != 200 {
				t.Errorf("an answer was refused with %d", code)
			}
		}
		if code := respond(t, s, u, `{"text":"x"}`); code != 404 {
			t.Errorf("the sixth answer got %d", code)
		}
		late := url(t, s, a)
		s.clock.Advance(31 * time.Minute)
		if code := respond(t, s, late, `{"text":"x"}`); code != 404 {
			t.Errorf("after half an hour it got %d", code)
		}
		if code := respond(t, s, u+"0", `{"text":"x"}`); code != 404 {
			t.Errorf("an address that was never given got %d", code)
		}
		if n := len(s.Calls("response_url")); n != 8 || s.Calls("response_url")[5].Error != "used_url" {
			t.Errorf("%d calls are noted", n)
		}
	})

	t.Run("it replaces its answer, or answers all, also where the bot is not", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		u := url(t, s, a)
		respond(t, s, u, `{"text":"one moment"}`)
		respond(t, s, u, `{"text":"done","replace_original":true}`)
		if all := s.seen(s.ann); len(all) != 1 || all[0].Text != "done" || !all[0].Alone {
			t.Errorf("Ann sees %+v", all)
		}
		_, err := s.Slash(t.Context(), s.ann, s.other, "x")
		must(t, err)
		all := a.payloads(t)
		respond(t, s, all[len(all)-1]["response_url"].(string), `{"text":"to all","response_type":"in_channel"}`)
		if got, err := s.Seen(s.bo, s.other); err != nil || len(got) != 1 || got[0].Text != "to all" {
			t.Errorf("Bo sees %+v, %v", got, err)
		}
		if code := respond(t, s, u, `{"blocks":[{"type":"unheard"}]}`); code != 400 {
			t.Errorf("blocks that are none got %d", code)
		}
		if code := respond(t, s, u, `{}`); code != 400 {
			t.Errorf("nothing at all got %d", code)
		}
		if code := respond(t, s, u, `nonsense`); code != 400 {
			t.Errorf("nonsense got %d", code)
		}
		respond(t, s, u, `{"delete_original":true}`)
		if all := s.seen(s.ann); len(all) != 0 {
			t.Errorf("after deleting Ann sees %+v", all)
		}
	})
}
