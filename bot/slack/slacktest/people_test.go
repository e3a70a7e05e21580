package slacktest_test

import (
	"strings"
	"testing"

	"tocsin/bot/slack/slacktest"
)

func TestPeople(t *testing.T) {
	t.Parallel()

	t.Run("who the bot is, and what it may", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{Scopes: []string{"chat:write", "users:read"}, Enterprise: "E1"})
		out, resp := s.raw("auth.test", "xoxb-fake")
		if out["user_id"] != s.bot || out["team_id"] != "T0TOCSIN" || out["bot_id"] == nil || out["enterprise_id"] != "E1" || out["url"] != "https://acme.slack.com/" {
			t.Errorf("it is %v", out)
		}
		if got := resp.Header.Get("X-OAuth-Scopes"); got != "chat:write,users:read" {
			t.Errorf("the scopes are %q", got)
		}
		bot := s.ok("bots.info", "bot", out["bot_id"].(string))
		if dig(t, bot, "bot", "user_id") != s.bot {
			t.Errorf("the bot is %v", bot)
		}
		s.refused("bot_not_found", "bots.info", "bot", "B404")
		out = s.refused("missing_scope", "team.info")
		if out["needed"] != "team:read" || out["provided"] != "chat:write,users:read" {
			t.Errorf("the refusal is %v", out)
		}
		s.AddScope("team:read")
		if dig(t, s.ok("team.info"), "team", "domain") != "acme" {
			t.Error("the team has another domain")
		}
		s.refused("unknown_method", "chat.dance")
		if out, _ := s.raw("auth.test", "xoxb-other"); out["error"] != "invalid_auth" {
			t.Errorf("a wrong token got %v", out)
		}
		if out, _ := s.raw("auth.test", "", "token", "xoxb-fake"); out["ok"] != true {
			t.Errorf("a token in the form got %v", out)
		}
	})

	t.Run("members, guests, strangers and bots", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		guest := s.AddUser(slacktest.User{Name: "guest", OneRoom: true}).ID
		foreign := s.AddUser(slacktest.User{Name: "foreign", Team: "T0OTHER"}).ID
		info := func(id string) object { return s.ok("users.info", "user", id)["user"].(object) }
		if u := info(s.ann); u["name"] != "ann" || u["tz"] != "Europe/Amsterdam" || u["tz_offset"] != 3600.0 || dig(t, u, "profile", "email") != "ann@example.com" || u["is_email_confirmed"] != true {
			t.Errorf("Ann is %v", u)
		}
		if u := info(guest); u["is_restricted"] != true || u["is_ultra_restricted"] != true {
			t.Errorf("the guest is %v", u)
		}
		if u := info(foreign); u["team_id"] != "T0OTHER" || u["tz"] != nil {
			t.Errorf("the stranger is %v", u)
		}
		if u := info(s.bot); u["is_bot"] != true {
			t.Errorf("the bot is %v", u)
		}
		s.refused("user_not_found", "users.info", "user", "U404")
		all := s.ok("users.list")["members"].([]any)
		if len(all) != 4 || len(s.Users()) != 5 {
			t.Errorf("listed are %v", all)
		}
		if dig(t, s.ok("users.lookupByEmail", "email", "Ann@example.com"), "user", "id") != s.ann {
			t.Error("another was found by Ann's e-mail")
		}
		s.refused("users_not_found", "users.lookupByEmail", "email", "nobody@example.com")
		s.RemoveScope("users:read.email")
		if u := info(s.ann); dig(t, u, "profile").(object)["email"] != nil {
			t.Errorf("the e-mail is shown without its scope: %v", u)
		}
		u := s.Users()[1]
		u.Zone = "Asia/Tokyo"
		s.SetUser(u)
		if u := info(s.ann); u["tz"] != "Asia/Tokyo" {
			t.Errorf("after the move Ann is %v", u)
		}
	})

	t.Run("groups", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		g := s.AddGroup(slacktest.Group{Handle: "oncall", Members: []string{s.ann, s.bo}})
		gone := s.AddGroup(slacktest.Group{Handle: "gone", Disabled: true})
		all := s.ok("usergroups.list", "include_users", "true")["usergroups"].([]any)
		if len(all) != 1 || dig(t, all, 0, "handle") != "oncall" || dig(t, all, 0, "users", 1) != s.bo {
			t.Errorf("the groups are %v", all)
		}
		if all := s.ok("usergroups.list", "include_disabled", "1")["usergroups"].([]any); len(all) != 2 || dig(t, all, 0).(object)["users"] != nil {
			t.Errorf("the groups are %v", all)
		}
		if users := s.ok("usergroups.users.list", "usergroup", g.ID)["users"].([]any); len(users) != 2 {
			t.Errorf("the members are %v", users)
		}
		s.refused("no_such_subteam", "usergroups.users.list", "usergroup", gone.ID)
	})

	t.Run("an installation for the whole organisation must name the workspace", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{Enterprise: "E1", OrgWide: true})
		s.refused("missing_argument", "conversations.list")
		s.refused("missing_argument", "conversations.create", "name", "inc-1")
		s.refused("invalid_arguments", "usergroups.users.list", "usergroup", "S1")
		s.ok("conversations.create", "name", "inc-1", "team_id", "T0TOCSIN")
		s.ok("emoji.list")
		_, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		all := a.payloads(t)
		if auth := dig(t, all[len(all)-1], "authorizations", 0).(object); auth["is_enterprise_install"] != true || auth["enterprise_id"] != "E1" {
			t.Errorf("the authorization is %v", auth)
		}
	})

	t.Run("shared rooms say so, and strangers in them have their team", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		foreign := s.AddUser(slacktest.User{Name: "foreign", Team: "T0OTHER"}).ID
		shared := s.AddRoom(slacktest.Room{Name: "partners", Shared: true, Members: []string{s.bot, foreign}}).ID
		_, _, err := s.Say(t.Context(), foreign, shared, slacktest.Words{Text: "x"})
		must(t, err)
		_, err = s.Slash(t.Context(), foreign, shared, "list")
		must(t, err)
		all := a.payloads(t)
		if all[0]["is_ext_shared_channel"] != true || dig(t, all[0], "event", "team") != "T0OTHER" || all[1]["team_id"] != "T0OTHER" {
			t.Errorf("the app heard %v", all)
		}
		if c := s.ok("conversations.info", "channel", shared)["channel"].(object); c["is_ext_shared"] != true {
			t.Errorf("the room is %v", c)
		}
		secret := s.AddRoom(slacktest.Room{Name: "secret", Private: true, Members: []string{s.ann, s.bot}}).ID
		id, answer, err := s.Share(t.Context(), s.ann, secret, "T0OTHER")
		must(t, err)
		if r, ok := s.Room(id); !ok || id == secret || !r.Shared || !answer.Acked || a.events(t, "channel_id_changed")[0]["old_channel_id"] != secret || len(a.events(t, "channel_shared")) != 1 {
			t.Errorf("the shared room is %+v, the app heard %v", r, a.payloads(t))
		}
		if _, err = s.Unshare(t.Context(), s.ann, id, "T0OTHER"); err != nil || len(a.events(t, "channel_unshared")) != 1 {
			t.Errorf("it was not let go: %v", err)
		}
		if _, err := s.Seen(foreign, s.room); err == nil || !strings.Contains(err.Error(), "foreign") {
			t.Errorf("a stranger sees into a room that is not theirs: %v", err)
		}
	})
}
