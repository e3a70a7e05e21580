package slacktest_test

import (
	"fmt"
	"strings"
	"testing"

	"tocsin/bot/slack/slacktest"
)

func TestPosting(t *testing.T) {
	t.Parallel()

	t.Run("a post is seen by everybody in the room and told to the app", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		ts := s.post("the <https://x.example|db> is *on fire* &amp; smoking")
		got := s.newest(s.bo)
		if got.TS != ts || !got.Own || got.User != s.bot || got.Alone || got.Text != "the db is on fire & smoking" {
			t.Errorf("Bo sees %+v", got)
		}
		if len(got.Links) != 1 || got.Links[0] != "https://x.example" {
			t.Errorf("the links are %q", got.Links)
		}
		must(t, s.Settle(t.Context()))
		evs := a.events(t, "message")
		if len(evs) != 1 || evs[0]["ts"] != ts || evs[0]["channel"] != s.room || evs[0]["bot_id"] == nil || evs[0]["subtype"] != nil || evs[0]["channel_type"] != "channel" {
			t.Errorf("the app heard %v", evs)
		}
	})

	t.Run("stamps rise even while the clock stands", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		first, second := s.post("one"), s.post("two")
		if first >= second || len(first) != len("1764122400.000100") {
			t.Errorf("the stamps are %q and %q", first, second)
		}
	})

	t.Run("answers stand in a thread", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		top := s.post("announcement")
		reply := s.post("update", "thread_ts", top)
		deeper := s.post("update of the update", "thread_ts", reply)
		if all := s.seen(s.ann); all[1].Thread != top || all[2].Thread != top {
			t.Errorf("the threads are %q and %q, want %q", all[1].Thread, all[2].Thread, top)
		}
		history := dig(t, s.ok("conversations.history", "channel", s.room), "messages").([]any)
		if len(history) != 1 || dig(t, history[0], "reply_count") != 2.0 || dig(t, history[0], "latest_reply") != deeper {
			t.Errorf("the history is %v", history)
		}
		replies := dig(t, s.ok("conversations.replies", "channel", s.room, "ts", reply), "messages").([]any)
		if len(replies) != 3 || dig(t, replies[0], "ts") != top || dig(t, replies[1], "parent_user_id") != s.bot {
			t.Errorf("the thread is %v", replies)
		}
		s.refused("cannot_reply_to_message", "chat.postMessage", "channel", s.room, "text", "x", "thread_ts", "1.000001")
		s.refused("thread_not_found", "conversations.replies", "channel", s.room, "ts", "1.000001")
	})

	t.Run("metadata comes back only when it is asked for", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.post("x", "metadata", `{"event_type":"effect","event_payload":{"e":"1"}}`)
		plain := dig(t, s.ok("conversations.history", "channel", s.room), "messages", 0).(object)
		if plain["metadata"] != nil {
			t.Errorf("metadata came unasked: %v", plain)
		}
		full := dig(t, s.ok("conversations.history", "channel", s.room, "include_all_metadata", "true"), "messages", 0)
		if dig(t, full, "metadata", "event_payload", "e") != "1" {
			t.Errorf("metadata did not come: %v", full)
		}
		s.refused("metadata_too_large", "chat.postMessage", "channel", s.room, "text", "x", "metadata",
			`{"event_type":"effect","event_payload":{"e":"`+strings.Repeat("x", 8000)+`"}}`)
		s.refused("invalid_metadata_format", "chat.postMessage", "channel", s.room, "text", "x", "metadata", `{"event_payload":{}}`)
		s.refused("invalid_metadata_format", "chat.postMessage", "channel", s.room, "text", "x", "metadata", `nonsense`)
	})

	t.Run("where it may not post it is refused", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		closed := s.AddRoom(slacktest.Room{Name: "old", Archived: true, Members: []string{s.bot}}).ID
		secret := s.AddRoom(slacktest.Room{Name: "secret", Private: true, Members: []string{s.ann}}).ID
		s.refused("channel_not_found", "chat.postMessage", "channel", "C404", "text", "x")
		s.refused("channel_not_found", "chat.postMessage", "channel", secret, "text", "x")
		s.refused("is_archived", "chat.postMessage", "channel", closed, "text", "x")
		s.refused("no_text", "chat.postMessage", "channel", s.room)
		out := s.refused("invalid_arguments", "chat.postMessage", "text", "x")
		if m := fmt.Sprint(dig(t, out, "response_metadata", "messages", 0)); !strings.Contains(m, "channel") {
			t.Errorf("the message does not name what is missing: %q", m)
		}
		s.ok("chat.postMessage", "channel", s.other, "text", "public rooms are open")
		s.ok("chat.postMessage", "channel", "#random", "text", "by name")
		s.RemoveScope("chat:write.public")
		s.refused("not_in_channel", "chat.postMessage", "channel", s.other, "text", "x")
		if s.ok("chat.postMessage", "channel", s.ann, "text", "to a person")["channel"] != s.OpenDirect(s.ann) {
			t.Error("a post to a person did not go into their conversation with the bot")
		}
	})

	t.Run("long text without blocks becomes several messages", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		ts := s.post(strings.Repeat("x", 9000))
		if all := s.seen(s.ann); len(all) != 3 || all[0].TS != ts || len(all[2].Text) != 1000 {
			t.Errorf("%d messages are seen", len(all))
		}
	})

	t.Run("a message to one is seen by one", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.ok("chat.postEphemeral", "channel", s.room, "user", s.ann, "text", "only you")
		if got := s.newest(s.ann); !got.Alone || got.Text != "only you" {
			t.Errorf("Ann sees %+v", got)
		}
		if all := s.seen(s.bo); len(all) != 0 {
			t.Errorf("Bo sees %+v", all)
		}
		if all := dig(t, s.ok("conversations.history", "channel", s.room), "messages").([]any); len(all) != 0 {
			t.Errorf("it stands in the history: %v", all)
		}
		stranger := s.AddUser(slacktest.User{Name: "cy"}).ID
		s.refused("user_not_in_channel", "chat.postEphemeral", "channel", s.room, "user", stranger, "text", "x")
		s.refused("not_in_channel", "chat.postEphemeral", "channel", s.other, "user", s.ann, "text", "x")
		s.refused("message_not_found", "chat.update", "channel", s.room, "ts", s.newest(s.ann).TS, "text", "x")
	})
}

func TestChanging(t *testing.T) {
	t.Parallel()

	t.Run("an edit changes what it names and leaves the rest", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		ts := s.post("before", "attachments", `[{"color":"#ff0000","text":"bar"}]`, "metadata", `{"event_type":"effect","event_payload":{"e":"1"}}`)
		s.ok("chat.update", "channel", s.room, "ts", ts, "text", "after")
		got := s.newest(s.bo)
		if !got.Edited || got.Text != "after\nbar" || got.Color != "#ff0000" {
			t.Errorf("Bo sees %+v", got)
		}
		if m := s.Messages(s.room)[0]; !strings.Contains(string(m.Metadata), `"e":"1"`) {
			t.Errorf("the metadata is gone: %s", m.Metadata)
		}
		s.ok("chat.update", "channel", s.room, "ts", ts, "text", "bare", "attachments", "[]", "metadata", "{}")
		if got := s.newest(s.bo); got.Text != "bare" || got.Color != "" || s.Messages(s.room)[0].Metadata != nil {
			t.Errorf("Bo sees %+v", got)
		}
		must(t, s.Settle(t.Context()))
		evs := a.events(t, "message")
		if len(evs) != 3 || evs[1]["subtype"] != "message_changed" || dig(t, evs[1], "message", "text") != "after" || dig(t, evs[1], "previous_message", "text") != "before" {
			t.Errorf("the app heard %v", evs)
		}
	})

	t.Run("only its own can be changed, and what is there", func(t *testing.T) {
		t.Parallel()
		s, _ := hooked(t, slacktest.Options{})
		ts, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "mine"})
		must(t, err)
		s.refused("cant_update_message", "chat.update", "channel", s.room, "ts", ts, "text", "x")
		s.refused("cant_delete_message", "chat.delete", "channel", s.room, "ts", ts)
		s.refused("message_not_found", "chat.update", "channel", s.room, "ts", "1.000001", "text", "x")
		s.refused("message_not_found", "chat.delete", "channel", s.room, "ts", "1.000001")
		s.refused("channel_not_found", "chat.update", "channel", "C404", "ts", ts, "text", "x")
		own := s.post("own")
		s.refused("no_text", "chat.update", "channel", s.room, "ts", own)
		s.ok("chat.delete", "channel", s.room, "ts", own)
		if all := s.seen(s.bo); len(all) != 1 {
			t.Errorf("after deleting, Bo sees %+v", all)
		}
	})

	t.Run("a deleted message that was answered leaves a stone", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		top := s.post("top")
		s.post("under", "thread_ts", top)
		s.ok("chat.delete", "channel", s.room, "ts", top)
		if all := s.seen(s.bo); len(all) != 2 || all[0].Subtype != "tombstone" {
			t.Errorf("Bo sees %+v", all)
		}
	})

	t.Run("a link to a message", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		top := s.post("top")
		reply := s.post("under", "thread_ts", top)
		link := fmt.Sprint(s.ok("chat.getPermalink", "channel", s.room, "message_ts", top)["permalink"])
		if want := "https://acme.slack.com/archives/" + s.room + "/p" + strings.ReplaceAll(top, ".", ""); link != want {
			t.Errorf("the link is %q, want %q", link, want)
		}
		under := fmt.Sprint(s.ok("chat.getPermalink", "channel", s.room, "message_ts", reply)["permalink"])
		if again, err := s.Permalink(s.room, reply); err != nil || again != under || !strings.Contains(under, "thread_ts="+top) {
			t.Errorf("the link into the thread is %q (%v) and %q", again, err, under)
		}
		s.refused("message_not_found", "chat.getPermalink", "channel", s.room, "message_ts", "1.000001")
	})
}
