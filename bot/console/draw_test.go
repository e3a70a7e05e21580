package console_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/store"
)

// room draws a room for somebody and gives its messages.
func (s *site) room(t *testing.T, user, room string) []*element {
	t.Helper()
	return messages(byID(s.page(t, "/console/r/"+url.PathEscape(room)+"?as="+user), "list"))
}

func (s *site) page(t *testing.T, path string) *element {
	t.Helper()
	status, html, err := s.get(t.Context(), path)
	if err != nil || status != 200 {
		t.Fatalf("%s is %d (%v)", path, status, err)
	}
	return parse(html)
}

func TestTypedWordsAreDrawnAsTheyAre(t *testing.T) {
	t.Parallel()
	tests := []struct{ typed, read, mark string }{
		{"<script>alert(1)</script>", "<script>alert(1)</script>", ""},
		{"a & b &amp; c", "a & b &amp; c", ""},
		{"{{.Name}} ${x}", "{{.Name}} ${x}", ""},
		{"look at https://graphs.example/a?b=1&c=2.", "look at https://graphs.example/a?b=1&c=2.", "a https://graphs.example/a?b=1&c=2"},
		{"javascript:alert(1)", "javascript:alert(1)", ""},
		{`https://x.example/"onmouseover="alert(1)`, `https://x.example/"onmouseover="alert(1)`, "a https://x.example/"},
		{"run `rm -rf /` now", "run rm -rf / now", "code"},
		{"```\n<b>\n  x\n```", "<b>\n  x", "pre"},
		{"ask @bo, please", "ask @Bo Lindqvist, please", "bdi bo"},
		{"mail bo@bo.example", "mail bo@bo.example", ""},
		{"@nobody @everyone @channel", "@nobody @everyone @channel", ""},
		{"first\nsecond", "first\nsecond", ""},
		{"gnp.\u202eexe\x00\x1b[31m", "gnp.exe[31m", ""},
		{"\xff\xfe broken", "broken", ""},
		{"*bold* _it_ [x](https://evil.example)", "*bold* _it_ [x](https://evil.example)", "a https://evil.example"},
	}
	s := open(t)
	for i, tt := range tests {
		s.do(t, "say", say("ann", fmt.Sprintf("key-%08d", i), tt.typed))
	}
	all := s.room(t, "cleo", "general")
	if len(all) != len(tests) {
		t.Fatalf("%d messages are drawn, want %d", len(all), len(tests))
	}
	for i, tt := range tests {
		w := all[i].first("words")
		if got := w.text(); got != tt.read {
			t.Errorf("%q reads %q, want %q", tt.typed, got, tt.read)
		}
		var marks []string
		for _, e := range w.all(func(e *element) bool {
			return slices.Contains([]string{"a", "code", "pre", "bdi", "script", "b"}, e.name)
		}) {
			marks = append(marks, strings.TrimSpace(e.name+" "+e.attr["href"]+e.attr["data-mention"]))
		}
		if tt.mark == "" && len(marks) > 0 || tt.mark != "" && !slices.Contains(marks, tt.mark) {
			t.Errorf("%q is marked up as %q, want %q", tt.typed, marks, tt.mark)
		}
	}
}

func TestMessagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.do(t, "say", say("ann", "key-00000001", "mine"))
	s.do(t, "say", say("ann", "key-00000002", "/incident show"))
	s.do(t, "say", say("ann", "key-00000003", "/incident nonsense"))
	ann, bo := s.room(t, "ann", "general"), s.room(t, "bo", "general")
	if len(ann) != 3 || len(bo) != 2 {
		t.Fatalf("Ann sees %d messages and Bo %d, want 3 and 2", len(ann), len(bo))
	}
	if tools := labels(ann[0].first("tools")); !slices.Equal(tools, []string{"Add a reaction", "Reply in a thread", "Pin", "Edit", "Delete"}) {
		t.Errorf("with her own message Ann can do %q", tools)
	}
	if tools := labels(bo[0].first("tools")); !slices.Equal(tools, []string{"Add a reaction", "Reply in a thread", "Pin"}) {
		t.Errorf("with Ann's message Bo can do %q", tools)
	}
	if bo[0].attr["data-source"] != "" || ann[0].attr["data-source"] != "mine" {
		t.Error("the words to edit go to their author alone")
	}
	if got := bo[1].first("asked").text(); got != "Ann Okafor typed /incident show" {
		t.Errorf("a public reply to a command says %q", got)
	}
	alone := ann[2]
	if got := alone.first("asked").text(); got != "You typed /incident nonsense" || alone.first("only") == nil || !slices.Equal(labels(alone.first("tools")), []string{"Dismiss"}) {
		t.Errorf("a reply for the asker alone says %q", got)
	}
	if got := ann[1].attr["data-says"]; got != "INC-7 checkout is failing, sev2, investigating" {
		t.Errorf("a screen reader hears %q", got)
	}
	if tries := alone.all(func(e *element) bool { return e.has("try") }); len(tries) != 1 || tries[0].text() != "/incident declare checkout is failing" {
		t.Errorf("the example can be taken as %+v", tries)
	}
	if when := ann[1].all(func(e *element) bool { return e.name == "time" && e.attr["data-style"] == "ago" }); len(when) != 2 || !strings.HasSuffix(when[0].attr["datetime"], "Z") {
		t.Errorf("moments are drawn as %+v", when)
	}
}

func labels(e *element) []string {
	var out []string
	for _, b := range e.all(func(e *element) bool { return e.name == "button" }) {
		out = append(out, b.attr["aria-label"])
	}
	return out
}

func TestDismissing(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.do(t, "say", say("ann", "key-00000001", "/incident take"))
	id := s.talked(t, "general")[0].ID
	if a := s.do(t, "delete", gestureOn("bo", "key-00000002", id, "")); a.Status != 404 {
		t.Errorf("Bo dismissed what only Ann sees: %+v", a)
	}
	if a := s.do(t, "delete", gestureOn("ann", "key-00000003", id, "")); !a.Done || len(s.room(t, "ann", "general")) != 0 {
		t.Errorf("Ann could not dismiss it: %+v", a)
	}
	if told := heard[chat.Deleted](s.house); len(told) != 0 {
		t.Errorf("it was reported: %+v", told)
	}
}

func TestTendingMessages(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.do(t, "say", say("ann", "key-00000001", "first words"))
	id := s.talked(t, "general")[0].ID
	if a := s.do(t, "edit", gestureOn("bo", "key-00000002", id, "forged")); a.Status != 403 || !strings.Contains(a.Say, "Only Ann Okafor") {
		t.Errorf("Bo edited Ann's message: %+v", a)
	}
	if a := s.do(t, "delete", gestureOn("bo", "key-00000003", id, "")); a.Status != 403 {
		t.Errorf("Bo deleted Ann's message: %+v", a)
	}
	s.do(t, "edit", gestureOn("ann", "key-00000004", id, "better words"))
	if e := heard[chat.Edited](s.house); len(e) != 1 || e[0].Text != "better words" || e[0].ID != id || e[0].Key != "console/console/key-00000004" {
		t.Errorf("the edit was reported as %+v", e)
	}
	if m := s.room(t, "bo", "general")[0]; m.first("edited") == nil || !strings.Contains(m.first("words").text(), "better words") {
		t.Error("the edit is not seen, or not marked")
	}
	for range 2 {
		s.do(t, "react", gestureOn("bo", "key-00000005", id, "pushpin"))
	}
	r := heard[chat.Reacted](s.house)
	if r[0].Emoji != "pushpin" || r[0].On.Text != "better words" || r[0].On.User.ID != "ann" || r[0].Key != r[1].Key {
		t.Errorf("the reaction was reported as %+v", r)
	}
	if got := s.talked(t, "general")[0].Reactions["pushpin"]; !slices.Equal(got, []string{"bo"}) {
		t.Errorf("twice the same reaction is kept as %q", got)
	}
	s.do(t, "pin", gestureOn("cleo", "key-00000006", id, ""))
	if m := s.room(t, "bo", "general")[0]; !m.has("pinned") {
		t.Error("the pin is not seen")
	}
	away := url.Values(gestureOn("cleo", "key-00000007", id, ""))
	away.Set("away", "1")
	s.do(t, "pin", away)
	if m := s.room(t, "bo", "general")[0]; m.has("pinned") {
		t.Error("the pin is still seen")
	}
	s.do(t, "delete", gestureOn("ann", "key-00000008", id, ""))
	if d := heard[chat.Deleted](s.house); len(d) != 1 || d[0].ID != id {
		t.Errorf("the deletion was reported as %+v", d)
	}
	if all := s.room(t, "bo", "general"); len(all) != 0 || s.talked(t, "general")[0].Text != "" {
		t.Error("a deleted message still stands, or its words are still kept")
	}
	if a := s.do(t, "react", gestureOn("bo", "key-00000009", id, "eyes")); a.Status != 404 {
		t.Errorf("a deleted message took a reaction: %+v", a)
	}
}

func TestThreads(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.do(t, "say", say("ann", "key-00000001", "the root"))
	root := s.talked(t, "general")[0].ID
	for i := range 3 {
		reply := say("bo", fmt.Sprintf("key-1%07d", i), fmt.Sprintf("reply %d", i))
		reply.Set("thread", root)
		s.do(t, "say", reply)
		s.do(t, "say", reply)
	}
	all := s.room(t, "cleo", "general")
	if len(all) != 1 || !strings.Contains(all[0].first("replies").text(), "3 replies") {
		t.Fatalf("the room shows %d messages", len(all))
	}
	page := s.page(t, "/console/thread?room=general&thread="+root)
	replies := messages(byID(page, "thread-list"))
	if len(replies) != 3 || replies[0].first("words").text() != "reply 0" || byID(page, "t-"+root).name == "" {
		t.Errorf("the thread shows %d replies", len(replies))
	}
	s.do(t, "delete", gestureOn("ann", "key-20000001", root, ""))
	if all := s.room(t, "cleo", "general"); len(all) != 1 || !strings.Contains(all[0].text(), "This message was deleted") {
		t.Error("a thread lost its head with the message it answers")
	}
	if status, _, err := s.get(t.Context(), "/console/thread?room=general&thread=000000009999"); status != 404 || err != nil {
		t.Errorf("a thread that there is not gave %d (%v)", status, err)
	}
}

func TestLongRooms(t *testing.T) {
	t.Parallel()
	s := open(t)
	var ids []string
	for i := range 150 {
		m, _, err := s.talk.Say(t.Context(), store.TalkMessage{Room: "general", User: "ann", Text: fmt.Sprintf("message %d", i), At: time.Date(2026, 11, 25, 12, 0, i, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.ID)
	}
	page := s.page(t, "/console/r/general")
	all := messages(byID(page, "list"))
	body := page.all(func(e *element) bool { return e.name == "body" })[0]
	if len(all) != 60 || all[59].attr["data-id"] != ids[149] || body.attr["data-older"] != ids[90] {
		t.Fatalf("the page shows %d messages and goes on before %q", len(all), body.attr["data-older"])
	}
	older := messages(s.page(t, "/console/older?room=general&before="+ids[90]))
	if len(older) != 60 || older[59].attr["data-id"] != ids[89] {
		t.Errorf("older messages are %d, to %s", len(older), older[len(older)-1].attr["data-id"])
	}
	linked := messages(byID(s.page(t, "/console/r/general?at="+ids[3]), "list"))
	if len(linked) != 150 || linked[3].attr["data-id"] != ids[3] {
		t.Errorf("a link to an old message shows %d messages", len(linked))
	}
	if status, _, err := s.get(t.Context(), "/console/older?room=general&before=x"); status != 400 || err != nil {
		t.Errorf("a place that there is not gave %d (%v)", status, err)
	}
}

func TestUnread(t *testing.T) {
	t.Parallel()
	s := open(t)
	unread := func(user string) []string {
		var out []string
		for _, e := range s.page(t, "/console/rooms?as="+user).all(func(e *element) bool { return e.has("unread") }) {
			out = append(out, e.attr["data-room"])
		}
		return out
	}
	s.do(t, "say", say("ann", "key-00000001", "news"))
	if _, err := s.Post(t.Context(), chat.Post{Key: "k", Room: "incidents", Only: "bo", Message: words("for Bo")}); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string][]string{"ann": nil, "bo": {"general", "incidents"}, "cleo": {"general"}} {
		if got := unread(user); !slices.Equal(got, want) {
			t.Errorf("%s has not read %q, want %q", user, got, want)
		}
	}
	id := s.talked(t, "general")[0].ID
	if a := s.do(t, "read", gestureOn("bo", "key-00000002", id, "")); !a.Done {
		t.Errorf("marking it read gave %+v", a)
	}
	s.do(t, "read", gestureOn("cleo", "key-00000003", "999999999999", "")) // beyond the newest: not believed
	if got := unread("bo"); !slices.Equal(got, []string{"incidents"}) {
		t.Errorf("after reading, Bo has not read %q", got)
	}
	if got := unread("cleo"); !slices.Equal(got, []string{"general"}) {
		t.Errorf("Cleo, who read nothing, has not read %q", got)
	}
}

func TestPrivateRoomsAreNotThere(t *testing.T) {
	t.Parallel()
	s := open(t)
	room, err := s.Open(t.Context(), chat.RoomSpec{Key: "p", Name: "inc-9-secret", Private: true, Invite: []string{"ann"}})
	if err != nil {
		t.Fatal(err)
	}
	dm, err := s.Direct(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{room.Room, dm} {
		ref, err := s.Post(t.Context(), chat.Post{Key: id, Room: id, Message: words("the secret")})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"r/%s?as=bo", "stream?as=bo&room=%s", "older?as=bo&room=%s", "complete?as=bo&text=/inc&room=%s", "thread?as=bo&thread=" + ref.ID + "&room=%s"} {
			status, body, err := s.get(t.Context(), "/console/"+fmt.Sprintf(path, id))
			_, nowhere, _ := s.get(t.Context(), "/console/"+fmt.Sprintf(path, "nowhere"))
			if err != nil || status != 404 || body != nowhere {
				t.Errorf("%s gave Bo %d, which is not the answer to a room that there is not: %s", path, status, body)
			}
		}
		for i, path := range []string{"say", "press", "submit", "edit", "delete", "react", "pin", "join", "read"} {
			fields := url.Values(gestureOn("bo", fmt.Sprintf("key-%08d", i), ref.ID, "eyes"))
			fields.Set("room", id)
			if a := s.do(t, path, fields); a.Status != 404 || !strings.Contains(a.Say, "no such room") {
				t.Errorf("%s gave Bo %+v", path, a)
			}
		}
		if all := s.room(t, "ann", id); len(all) != 1 || !strings.Contains(all[0].text(), "the secret") {
			t.Errorf("Ann does not see what is hers in %s", id)
		}
	}
	for _, e := range s.page(t, "/console/rooms?as=bo").all(func(e *element) bool { return e.has("room") }) {
		if r := e.attr["data-room"]; r != "general" && r != "incidents" {
			t.Errorf("Bo's list names %s", r)
		}
	}
}

func TestOneFixedPerson(t *testing.T) {
	t.Parallel()
	s := open(t, func(o *console.Options) { o.SpeakAs, o.User = false, "kim" })
	s.do(t, "say", say("ann", "key-00000001", "who am I"))
	if got := s.talked(t, "general")[0].User; got != "kim" {
		t.Errorf("a browser spoke as %q, want kim, whatever it asks for", got)
	}
	if _, known := s.Account("kim"); !known || len(s.Cast()) != 1 {
		t.Errorf("the cast is %+v", s.Cast())
	}
	if byID(s.page(t, "/console/r/general?as=ann"), "speak-as").name != "" {
		t.Error("the page offers to speak as somebody else")
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	s := open(t, func(o *console.Options) { o.SpeakAs = false })
	if _, err := s.Post(t.Context(), chat.Post{Key: "k", Room: "general", Message: card("INC-7", "checkout", newClock().at)}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"say", "press", "submit", "edit", "delete", "react", "pin", "join", "read"} {
		if a := s.do(t, path, say("ann", "key-00000001", "let me")); a.Status != 403 || !strings.Contains(a.Say, "TOCSIN_CONSOLE_USER") {
			t.Errorf("%s gave %+v", path, a)
		}
	}
	page := s.page(t, "/console/r/general?as=ann")
	if page.all(func(e *element) bool { return e.name == "textarea" }) != nil || page.first("tools") != nil {
		t.Error("the page offers to speak")
	}
	if all := messages(byID(page, "list")); len(all) != 1 || !strings.Contains(all[0].text(), "INC-7") {
		t.Error("the room cannot be read")
	}
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, html, err := s.get(t.Context(), "/console/waiting?as=ann"); err != nil || !strings.Contains(html, "has no commander but you") {
		t.Errorf("what waits for Ann is %q (%v)", html, err)
	}
	if status, _, err := s.get(t.Context(), "/console/waiting?as=bo"); err != nil || status != 204 {
		t.Errorf("nothing waits for Bo, but the answer is %d (%v)", status, err)
	}
}
