package slacktest_test

import (
	"fmt"
	"strings"
	"testing"

	"tocsin/bot/slack/slacktest"
)

func ids(all []slacktest.Room) map[string]bool {
	out := map[string]bool{}
	for _, r := range all {
		out[r.ID] = true
	}
	return out
}

func TestRooms(t *testing.T) {
	t.Parallel()

	t.Run("a room is made with the bot in it, and told", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		out := s.ok("conversations.create", "name", "inc-1")
		id := dig(t, out, "channel", "id").(string)
		r, ok := s.Room(id)
		if !ok || r.Name != "inc-1" || r.Private || r.Creator != s.bot || len(r.Members) != 1 {
			t.Errorf("the room is %+v", r)
		}
		secret := dig(t, s.ok("conversations.create", "name", "inc-2", "is_private", "true"), "channel").(object)
		if secret["is_private"] != true || secret["is_group"] != true || secret["is_member"] != true {
			t.Errorf("the private room is %v", secret)
		}
		must(t, s.Settle(t.Context()))
		if evs := a.events(t, "channel_created"); len(evs) != 1 || dig(t, evs[0], "channel", "id") != id {
			t.Errorf("the app heard %v", evs)
		}
	})

	t.Run("a name must be one, and free", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.AddRoom(slacktest.Room{Name: "old", Archived: true})
		s.AddRoom(slacktest.Room{Name: "secret", Private: true})
		for name, want := range map[string]string{
			"": "invalid_name_required", strings.Repeat("x", 81): "invalid_name_maxlength", "Inc-1": "invalid_name_specials",
			"inc.1": "invalid_name_specials", "inc 1": "invalid_name_specials", "---": "invalid_name_punctuation",
			"ops": "name_taken", "old": "name_taken", "secret": "name_taken",
		} {
			s.refused(want, "conversations.create", "name", name)
		}
		s.refused("name_taken", "conversations.rename", "channel", s.room, "name", "random")
		s.ok("conversations.rename", "channel", s.room, "name", "ops")
		s.ok("conversations.rename", "channel", s.room, "name", "ops-2")
		if r, _ := s.Room(s.room); r.Name != "ops-2" || s.newest(s.ann).Subtype != "channel_name" {
			t.Errorf("the room is %+v", r)
		}
		s.refused("not_in_channel", "conversations.rename", "channel", s.other, "name", "x")
	})

	t.Run("what the bot cannot see is not there", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		secret := s.AddRoom(slacktest.Room{Name: "secret", Private: true, Members: []string{s.ann}}).ID
		for _, method := range []string{"conversations.info", "conversations.members", "conversations.history", "conversations.archive", "pins.list"} {
			s.refused("channel_not_found", method, "channel", secret)
		}
		s.refused("not_in_channel", "conversations.history", "channel", s.other)
		if s.ok("conversations.info", "channel", s.other)["channel"].(object)["is_member"] != false {
			t.Error("the bot is a member of a room that it is not in")
		}
		if _, err := s.Seen(s.bo, secret); err == nil {
			t.Error("Bo sees into a private room")
		}
		guest := s.AddUser(slacktest.User{Name: "guest", Guest: true}).ID
		if _, err := s.Seen(guest, s.room); err == nil {
			t.Error("a guest sees into a room that they are not in")
		}
	})

	t.Run("rooms are listed by kind, page by page", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.AddRoom(slacktest.Room{Name: "old", Archived: true, Members: []string{s.bot}})
		s.AddRoom(slacktest.Room{Name: "mine", Private: true, Members: []string{s.bot}})
		s.AddRoom(slacktest.Room{Name: "secret", Private: true})
		direct := s.OpenDirect(s.ann)
		names := func(method string, args ...string) string {
			var out []string
			cursor := ""
			for {
				got := s.ok(method, append([]string{"limit", "1", "cursor", cursor}, args...)...)
				for _, c := range got["channels"].([]any) {
					if name, ok := c.(object)["name"].(string); ok {
						out = append(out, name)
					} else {
						out = append(out, c.(object)["id"].(string))
					}
				}
				if cursor = dig(t, got, "response_metadata", "next_cursor").(string); cursor == "" {
					return strings.Join(out, " ")
				}
			}
		}
		for _, tt := range []struct{ method, args, want string }{
			{"conversations.list", "types public_channel", "ops random old"},
			{"conversations.list", "exclude_archived true", "ops random"},
			{"conversations.list", "types public_channel,private_channel,im exclude_archived true", "ops random mine " + direct},
			{"users.conversations", "types public_channel,private_channel", "ops old mine"},
			{"users.conversations", "user " + s.ann, "ops random"},
		} {
			if got := names(tt.method, strings.Fields(tt.args)...); got != tt.want {
				t.Errorf("%s %s gave %q, want %q", tt.method, tt.args, got, tt.want)
			}
		}
		s.refused("invalid_types", "conversations.list", "types", "secret_channel")
		s.refused("invalid_cursor", "conversations.list", "cursor", "nowhere")
		s.RemoveScope("groups:read")
		s.refused("missing_scope", "conversations.list", "types", "private_channel")
		s.ok("conversations.list")
	})

	t.Run("inviting takes the good and names the bad when it is forced", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		cy, away := s.AddUser(slacktest.User{Name: "cy"}).ID, s.AddUser(slacktest.User{Name: "away", Deleted: true}).ID
		foreign := s.AddUser(slacktest.User{Name: "foreign", Team: "T0OTHER"}).ID
		bad := strings.Join([]string{s.ann, s.bot, away, foreign, "U404"}, ",")
		out := s.refused("already_in_channel", "conversations.invite", "channel", s.room, "users", bad+","+cy)
		for i, want := range []string{"already_in_channel", "cant_invite_self", "user_not_found", "no_external_invite_permission", "user_not_found"} {
			if got := dig(t, out, "errors", i, "error"); got != want {
				t.Errorf("error %d is %v, want %s", i, got, want)
			}
		}
		if r, _ := s.Room(s.room); len(r.Members) != 3 {
			t.Errorf("somebody came in: %v", r.Members)
		}
		out = s.ok("conversations.invite", "channel", s.room, "users", bad+","+cy, "force", "true")
		if r, _ := s.Room(s.room); len(r.Members) != 4 || len(out["errors"].([]any)) != 5 {
			t.Errorf("the members are %v, the answer is %v", r.Members, out)
		}
		s.refused("already_in_channel", "conversations.invite", "channel", s.room, "users", cy, "force", "true")
		s.refused("no_user", "conversations.invite", "channel", s.room)
		s.refused("not_in_channel", "conversations.invite", "channel", s.other, "users", cy)
		s.refused("invalid_arguments", "conversations.invite", "channel", s.room, "users", strings.Repeat("U404,", 101))
		must(t, s.Settle(t.Context()))
		if evs := a.events(t, "member_joined_channel"); len(evs) != 1 || evs[0]["inviter"] != s.bot {
			t.Errorf("the app heard %v", evs)
		}
		s.ok("conversations.kick", "channel", s.room, "user", cy)
		s.refused("not_in_channel", "conversations.kick", "channel", s.room, "user", cy)
		s.refused("cant_kick_self", "conversations.kick", "channel", s.room, "user", s.bot)
		s.refused("user_not_found", "conversations.kick", "channel", s.room, "user", "U404")
		got := s.ok("conversations.members", "channel", s.room)["members"].([]any)
		if fmt.Sprint(got) != fmt.Sprint([]any{s.ann, s.bo, s.bot}) {
			t.Errorf("the members are %v", got)
		}
	})

	t.Run("the bot joins what is public, and leaves", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.ok("conversations.join", "channel", s.other)
		if out := s.ok("conversations.join", "channel", s.other); out["warning"] != "already_in_channel" {
			t.Errorf("joining again gave %v", out)
		}
		s.ok("conversations.leave", "channel", s.other)
		s.refused("not_in_channel", "conversations.history", "channel", s.other)
		s.refused("channel_not_found", "conversations.join", "channel", "C404")
		s.RemoveScope("channels:join")
		s.refused("missing_scope", "conversations.join", "channel", s.other)
	})

	t.Run("topics and purposes are set once, and said", func(t *testing.T) {
		t.Parallel()
		s, _ := hooked(t, slacktest.Options{})
		s.ok("conversations.setTopic", "channel", s.room, "topic", "on fire")
		s.ok("conversations.setTopic", "channel", s.room, "topic", "on fire")
		s.ok("conversations.setPurpose", "channel", s.room, "purpose", "to mend")
		if all := s.seen(s.ann); len(all) != 2 || all[0].Subtype != "channel_topic" || all[1].Subtype != "channel_purpose" {
			t.Errorf("the room says %+v", all)
		}
		if r, _ := s.Room(s.room); r.Topic != "on fire" || r.Purpose != "to mend" {
			t.Errorf("the room is %+v", r)
		}
		s.ok("conversations.setTopic", "channel", s.room, "topic", "")
		s.refused("too_long", "conversations.setTopic", "channel", s.room, "topic", strings.Repeat("é", 251))
		s.refused("not_in_channel", "conversations.setTopic", "channel", s.other, "topic", "x")
		s.refused("method_not_supported_for_channel_type", "conversations.setTopic", "channel", s.OpenDirect(s.ann), "topic", "x")
	})

	t.Run("an archived room takes nothing until it is opened", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		ts := s.post("last words")
		s.ok("conversations.archive", "channel", s.room)
		s.refused("already_archived", "conversations.archive", "channel", s.room)
		s.refused("is_archived", "chat.postMessage", "channel", s.room, "text", "x")
		s.refused("is_archived", "conversations.setTopic", "channel", s.room, "topic", "x")
		s.refused("is_archived", "conversations.invite", "channel", s.room, "users", s.ann)
		s.refused("cant_update_message", "chat.update", "channel", s.room, "ts", ts, "text", "x")
		s.refused("is_archived", "reactions.add", "channel", s.room, "timestamp", ts, "name", "eyes")
		s.refused("not_pinnable", "pins.add", "channel", s.room, "timestamp", ts)
		if all := dig(t, s.ok("conversations.history", "channel", s.room), "messages").([]any); len(all) != 2 {
			t.Errorf("its history is %v", all)
		}
		s.ok("conversations.unarchive", "channel", s.room)
		s.refused("not_archived", "conversations.unarchive", "channel", s.room)
		s.post("it lives")
		general := s.AddRoom(slacktest.Room{Name: "general", Members: []string{s.bot}}).ID
		s.refused("cant_archive_general", "conversations.archive", "channel", general)
	})

	t.Run("a conversation with one is opened once", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		first := s.ok("conversations.open", "users", s.ann)
		again := s.ok("conversations.open", "users", s.ann)
		id := dig(t, first, "channel", "id")
		if dig(t, again, "channel", "id") != id || again["already_open"] != true || first["already_open"] != nil || !strings.HasPrefix(id.(string), "D") {
			t.Errorf("opening gave %v, then %v", first, again)
		}
		away := s.AddUser(slacktest.User{Name: "away", Deleted: true}).ID
		s.refused("user_not_found", "conversations.open", "users", "U404")
		s.refused("user_disabled", "conversations.open", "users", away)
		s.refused("users_list_not_supplied", "conversations.open")
		s.refused("invalid_user_combination", "conversations.open", "users", s.bot)
		s.RemoveScope("im:write")
		out := s.refused("missing_scope", "conversations.open", "users", s.ann)
		if out["needed"] != "im:write" || !strings.Contains(out["provided"].(string), "chat:write") {
			t.Errorf("the refusal is %v", out)
		}
	})

	t.Run("public and private rooms have scopes of their own", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.RemoveScope("groups:write")
		s.refused("missing_scope", "conversations.create", "name", "inc-1", "is_private", "true")
		s.ok("conversations.create", "name", "inc-1")
		s.RemoveScope("channels:manage")
		s.refused("missing_scope", "conversations.create", "name", "inc-2")
		s.refused("missing_scope", "conversations.archive", "channel", s.room)
	})
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	var stamps []string
	for i := range 7 {
		stamps = append(stamps, s.post(fmt.Sprint("m", i)))
	}
	read := func(t *testing.T, args ...string) string {
		t.Helper()
		var out []string
		cursor := ""
		for {
			got := s.ok("conversations.history", append([]string{"channel", s.room, "limit", "2", "cursor", cursor}, args...)...)
			for _, m := range got["messages"].([]any) {
				out = append(out, m.(object)["text"].(string))
			}
			cursor = dig(t, got, "response_metadata", "next_cursor").(string)
			if got["has_more"] != (cursor != "") {
				t.Fatalf("has_more is %v, the cursor %q", got["has_more"], cursor)
			}
			if cursor == "" {
				return strings.Join(out, " ")
			}
		}
	}
	for name, tt := range map[string]struct{ args, want string }{
		"all, the newest first":              {"", "m6 m5 m4 m3 m2 m1 m0"},
		"after one":                          {"oldest " + stamps[4], "m6 m5"},
		"from one on, forwards":              {"oldest " + stamps[2] + " inclusive true", "m3 m2 m5 m4 m6"},
		"before one":                         {"latest " + stamps[2], "m1 m0"},
		"between two, both included":         {"oldest " + stamps[1] + " latest " + stamps[3] + " inclusive 1", "m3 m2 m1"},
		"one alone":                          {"oldest " + stamps[3] + " latest " + stamps[3] + " inclusive true", "m3"},
		"whole seconds, before all was said": {"latest 1700000000", ""},
	} {
		if got := read(t, strings.Fields(tt.args)...); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	s.refused("invalid_ts_oldest", "conversations.history", "channel", s.room, "oldest", "yesterday")
	s.refused("invalid_ts_latest", "conversations.history", "channel", s.room, "latest", "tomorrow")
	s.refused("invalid_cursor", "conversations.history", "channel", s.room, "cursor", "nowhere")
	s.refused("invalid_arguments", "conversations.history", "channel", s.room, "limit", "many")

	page := s.ok("conversations.history", "channel", s.room, "limit", "2")
	s.post("new")
	next := s.ok("conversations.history", "channel", s.room, "limit", "2", "cursor", dig(t, page, "response_metadata", "next_cursor").(string))
	if dig(t, next, "messages", 0, "text") != "m4" {
		t.Errorf("a new message moved the pages: %v", next)
	}
}

func TestThreads(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	top := s.post("top")
	for i := range 5 {
		s.post(fmt.Sprint("r", i), "thread_ts", top)
	}
	s.post("for all", "thread_ts", top, "reply_broadcast", "true")
	first := s.ok("conversations.replies", "channel", s.room, "ts", top, "limit", "4")
	next := s.ok("conversations.replies", "channel", s.room, "ts", top, "limit", "4", "cursor", dig(t, first, "response_metadata", "next_cursor").(string))
	if dig(t, first, "messages", 0, "text") != "top" || dig(t, first, "messages", 4, "text") != "r3" || dig(t, next, "messages", 0, "text") != "top" || dig(t, next, "messages", 1, "text") != "r4" {
		t.Errorf("the pages are %v and %v", first["messages"], next["messages"])
	}
	if all := s.ok("conversations.history", "channel", s.room)["messages"].([]any); len(all) != 2 || dig(t, all, 0, "text") != "for all" {
		t.Errorf("the history is %v", all)
	}
}

func TestFakeRooms(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	direct := s.OpenDirect(s.ann)
	all := s.Rooms()
	if len(all) != 3 || !ids(all)[direct] || !ids(all)[s.room] {
		t.Errorf("the rooms are %+v", all)
	}
	if r, ok := s.Room("#random"); !ok || r.ID != s.other {
		t.Errorf("by name it is %+v", r)
	}
	if _, ok := s.Room("nowhere"); ok {
		t.Error("a room that is not there was found")
	}
	all[0].Members[0] = "U404"
	if r, _ := s.Room(s.room); r.Members[0] != s.ann {
		t.Error("what was looked at can be changed from outside")
	}
}
