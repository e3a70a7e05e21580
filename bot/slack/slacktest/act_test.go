package slacktest_test

import (
	"strings"
	"testing"

	"tocsin/bot/slack/slacktest"
)

const card = `[{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"the card"}},
	{"type":"actions","block_id":"b","elements":[
		{"type":"button","action_id":"take","text":{"type":"plain_text","text":"Take command"},"value":"take INC-1","style":"primary"},
		{"type":"button","text":{"type":"plain_text","text":"Runbook"},"url":"https://wiki.example/r"}]}]`

func TestPress(t *testing.T) {
	t.Parallel()

	t.Run("a button says what it is, and where it stands", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		top := s.post("announcement")
		ts := s.post("fallback", "blocks", card, "thread_ts", top)
		if got := s.newest(s.bo); got.Text != "the card\nTake command\nRunbook" || len(got.Buttons) != 2 || got.Links[0] != "https://wiki.example/r" {
			t.Errorf("Bo sees %+v", got)
		}
		must(t, s.Settle(t.Context()))
		answer, err := s.Press(t.Context(), s.bo, s.room, ts, "Take command")
		must(t, err)
		all := a.payloads(t)
		p := all[len(all)-1]
		action := dig(t, p, "actions", 0).(object)
		if p["type"] != "block_actions" || action["action_id"] != "take" || action["block_id"] != "b" || action["value"] != "take INC-1" || action["action_ts"] == nil {
			t.Errorf("the action is %v", action)
		}
		if dig(t, p, "user", "id") != s.bo || dig(t, p, "channel", "id") != s.room || dig(t, p, "message", "ts") != ts || p["trigger_id"] != answer.ID {
			t.Errorf("the payload is %v", p)
		}
		if box := dig(t, p, "container").(object); box["thread_ts"] != top || box["message_ts"] != ts || box["is_ephemeral"] != false {
			t.Errorf("the container is %v", box)
		}
		if _, err := s.Press(t.Context(), s.bo, s.room, ts, "No such"); err == nil {
			t.Error("a button that is not there was pressed")
		}
	})

	t.Run("what only one sees only one presses", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		s.ok("chat.postEphemeral", "channel", s.room, "user", s.ann, "text", "x", "blocks", card)
		ts := s.newest(s.ann).TS
		if _, err := s.Press(t.Context(), s.bo, s.room, ts, "Take command"); err == nil {
			t.Error("Bo pressed Ann's button")
		}
		_, err := s.Press(t.Context(), s.ann, s.room, ts, "Take command")
		must(t, err)
		p := a.payloads(t)[0]
		if p["message"] != nil || dig(t, p, "container", "is_ephemeral") != true {
			t.Errorf("the payload is %v", p)
		}
	})
}

func TestGestures(t *testing.T) {
	t.Parallel()

	t.Run("a mention is told twice, with one stamp", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		ts, answer, err := s.Mention(t.Context(), s.ann, s.room, slacktest.Words{Text: "status"})
		must(t, err)
		said, mentions := a.events(t, "message"), a.events(t, "app_mention")
		if len(said) != 1 || len(mentions) != 1 || mentions[0]["ts"] != ts || said[0]["ts"] != ts || mentions[0]["text"] != "<@"+s.bot+"> status" {
			t.Errorf("the app heard %v and %v", said, mentions)
		}
		if all := a.payloads(t); all[0]["event_id"] == all[1]["event_id"] || all[1]["event_id"] != answer.ID {
			t.Errorf("the ids are %v and %v, the answer's is %v", all[0]["event_id"], all[1]["event_id"], answer.ID)
		}
		direct := s.OpenDirect(s.ann)
		_, answer, err = s.Mention(t.Context(), s.ann, direct, slacktest.Words{Text: "status"})
		must(t, err)
		if len(a.events(t, "app_mention")) != 1 || !answer.Acked || a.events(t, "message")[1]["channel_type"] != "im" {
			t.Errorf("in a direct conversation the app heard %v", a.payloads(t))
		}
	})

	t.Run("one gesture can come as two messages with one id of the client's", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		for range 2 {
			_, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x", Client: "c-1"})
			must(t, err)
		}
		if evs := a.events(t, "message"); evs[0]["client_msg_id"] != "c-1" || evs[1]["client_msg_id"] != "c-1" || evs[0]["ts"] == evs[1]["ts"] {
			t.Errorf("the app heard %v", evs)
		}
	})

	t.Run("where the bot is not, it hears nothing", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		_, answer, err := s.Say(t.Context(), s.ann, s.other, slacktest.Words{Text: "x"})
		must(t, err)
		if answer.Acked || len(a.got) != 0 {
			t.Errorf("it heard %q", a.bodies)
		}
	})

	t.Run("edits, deletions and previews are told", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		ts, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "one", Files: []slacktest.File{{ID: "F1", Name: "log.txt", Type: "text/plain", URL: "https://files.example/1"}}})
		must(t, err)
		_, err = s.EditMessage(t.Context(), s.ann, s.room, ts, "two")
		must(t, err)
		_, err = s.Unfurl(t.Context(), s.room, ts)
		must(t, err)
		_, err = s.DeleteMessage(t.Context(), s.ann, s.room, ts)
		must(t, err)
		evs := a.events(t, "message")
		if len(evs) != 4 {
			t.Fatalf("the app heard %v", evs)
		}
		if evs[0]["subtype"] != "file_share" || dig(t, evs[0], "files", 0, "permalink") != "https://files.example/1" {
			t.Errorf("the file came as %v", evs[0])
		}
		if dig(t, evs[1], "message", "text") != "two" || dig(t, evs[1], "message", "edited", "user") != s.ann || dig(t, evs[1], "message", "ts") != ts {
			t.Errorf("the edit came as %v", evs[1])
		}
		if dig(t, evs[2], "message", "text") != dig(t, evs[2], "previous_message", "text") {
			t.Errorf("the preview came as %v", evs[2])
		}
		if evs[3]["subtype"] != "message_deleted" || evs[3]["deleted_ts"] != ts {
			t.Errorf("the deletion came as %v", evs[3])
		}
		if all := s.seen(s.bo); len(all) != 0 {
			t.Errorf("Bo sees %+v", all)
		}
		own := s.post("the bot's")
		if _, err := s.EditMessage(t.Context(), s.ann, s.room, own, "x"); err == nil {
			t.Error("Ann edited the bot's words")
		}
		if _, err := s.DeleteMessage(t.Context(), s.ann, s.room, own); err == nil {
			t.Error("Ann deleted the bot's words")
		}
	})

	t.Run("reactions and pins are told, and seen", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		ts, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		for _, do := range []func() (slacktest.Answer, error){
			func() (slacktest.Answer, error) { return s.React(t.Context(), s.bo, s.room, ts, "pushpin") },
			func() (slacktest.Answer, error) { return s.Pin(t.Context(), s.bo, s.room, ts) },
		} {
			if answer, err := do(); err != nil || !answer.Acked {
				t.Errorf("the answer is %+v, %v", answer, err)
			}
			if _, err := do(); err == nil {
				t.Error("it was done twice")
			}
		}
		if got := s.seen(s.ann)[0]; !got.Pinned || got.Reactions["pushpin"][0] != s.bo {
			t.Errorf("Ann sees %+v", got)
		}
		if got := s.newest(s.ann); got.Subtype != "pinned_item" {
			t.Errorf("the room does not say that something was pinned: %+v", got)
		}
		_, err = s.Unreact(t.Context(), s.bo, s.room, ts, "pushpin")
		must(t, err)
		_, err = s.Unpin(t.Context(), s.bo, s.room, ts)
		must(t, err)
		if got := s.seen(s.ann)[0]; got.Pinned || len(got.Reactions) != 0 || len(s.Pins(s.room)) != 0 {
			t.Errorf("Ann sees %+v", got)
		}
		ev := a.events(t, "reaction_added")[0]
		if dig(t, ev, "item", "ts") != ts || dig(t, ev, "item", "channel") != s.room || ev["item_user"] != s.ann || ev["user"] != s.bo {
			t.Errorf("the reaction came as %v", ev)
		}
		pin := a.events(t, "pin_added")[0]
		if pin["channel_id"] != s.room || dig(t, pin, "item", "message", "text") != "x" {
			t.Errorf("the pin came as %v", pin)
		}
		if len(a.events(t, "reaction_removed")) != 1 || len(a.events(t, "pin_removed")) != 1 {
			t.Error("what was taken away was not told")
		}
	})

	t.Run("coming and going are told, with Slack's own words", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		cy := s.AddUser(slacktest.User{Name: "cy"}).ID
		_, err := s.Join(t.Context(), cy, s.room)
		must(t, err)
		_, err = s.Leave(t.Context(), cy, s.room)
		must(t, err)
		_, err = s.Invite(t.Context(), s.ann, s.room, cy)
		must(t, err)
		_, err = s.Kick(t.Context(), s.ann, s.room, cy)
		must(t, err)
		joined := a.events(t, "member_joined_channel")
		if len(joined) != 2 || joined[0]["user"] != cy || joined[0]["inviter"] != nil || joined[1]["inviter"] != s.ann || joined[0]["channel_type"] != "C" {
			t.Errorf("the app heard %v", joined)
		}
		if len(a.events(t, "member_left_channel")) != 2 || a.events(t, "message")[0]["subtype"] != "channel_join" {
			t.Errorf("the app heard %v", a.payloads(t))
		}
		if got := s.newest(s.ann); got.Subtype != "channel_leave" || len(got.Pinged) != 0 {
			t.Errorf("Ann sees %+v", got)
		}
		_, err = s.Invite(t.Context(), s.ann, s.other, s.bot)
		must(t, err)
		if got := a.events(t, "member_joined_channel"); len(got) != 3 || got[2]["user"] != s.bot {
			t.Errorf("the bot's own coming was told as %v", got)
		}
		if _, err := s.Join(t.Context(), s.ann, s.room); err == nil {
			t.Error("Ann joined twice")
		}
	})

	t.Run("the bot is taken out of a room, and out of the workspace", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		secret := s.AddRoom(slacktest.Room{Name: "secret", Private: true, Members: []string{s.ann, s.bot}}).ID
		for _, room := range []string{s.room, secret} {
			_, err := s.Kick(t.Context(), s.ann, room, s.bot)
			must(t, err)
		}
		if a.events(t, "channel_left")[0]["channel"] != s.room || a.events(t, "group_left")[0]["channel"] != secret || len(a.events(t, "member_left_channel")) != 2 {
			t.Errorf("the app heard %v", a.payloads(t))
		}
		if answer := s.Uninstall(t.Context()); !answer.Acked || dig(t, a.events(t, "tokens_revoked")[0], "tokens", "bot", 0) != s.bot {
			t.Errorf("the answer is %+v, the app heard %v", answer, a.payloads(t))
		}
		s.refused("token_revoked", "auth.test")
	})

	t.Run("rooms are renamed, described and closed", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		_, err := s.SetTopic(t.Context(), s.ann, s.room, "on fire")
		must(t, err)
		_, err = s.Rename(t.Context(), s.ann, s.room, "ops-2")
		must(t, err)
		_, err = s.Archive(t.Context(), s.ann, s.room)
		must(t, err)
		if _, err := s.Slash(t.Context(), s.ann, s.room, "list"); err == nil {
			t.Error("a command was typed into an archived room")
		}
		_, err = s.Unarchive(t.Context(), s.ann, s.room)
		must(t, err)
		var subtypes []string
		for _, ev := range a.events(t, "message") {
			subtypes = append(subtypes, ev["subtype"].(string))
		}
		if strings.Join(subtypes, " ") != "channel_topic channel_name channel_archive channel_unarchive" {
			t.Errorf("the room says %q", subtypes)
		}
		for _, kind := range []string{"channel_rename", "channel_archive", "channel_unarchive"} {
			if len(a.events(t, kind)) != 1 {
				t.Errorf("%s was not told once", kind)
			}
		}
		if r, ok := s.Room("ops-2"); !ok || r.Topic != "on fire" || r.ID != s.room {
			t.Errorf("the room is %+v", r)
		}
	})

	t.Run("a bot's words carry its id", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		robot := s.AddUser(slacktest.User{Name: "deploybot", Bot: true}).ID
		_, err := s.Invite(t.Context(), s.ann, s.room, robot)
		must(t, err)
		_, _, err = s.Say(t.Context(), robot, s.room, slacktest.Words{Text: "deployed"})
		must(t, err)
		evs := a.events(t, "message")
		if ev := evs[len(evs)-1]; ev["bot_id"] == nil || ev["client_msg_id"] != nil {
			t.Errorf("the app heard %v", ev)
		}
		if got := s.newest(s.ann); got.Own {
			t.Error("another bot's words are taken for the app's own")
		}
	})
}
