package commands_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// said is a message in the room general that no history has heard.
func (h *house) said(who, words string) chat.Said {
	id := fmt.Sprintf("1764122400.%06d", h.keys.Add(1))
	return chat.Said{
		Key: "said//" + id, User: chat.User{Platform: "test", ID: "U" + who, Name: who}, Place: general, ID: id, Text: words,
		At: h.now.Add(-7 * time.Minute), Link: "https://chat.example.com/general/" + id,
	}
}

// shortcut is a gesture on a message, in the place where it stands.
func (h *house) shortcut(p chat.Place, who, verb string, m chat.Said) chat.Request {
	r := h.ask(who, verb)
	m.Place = p
	r.Place, r.Via, r.About = p, "shortcut", &m
	return r
}

// submitAbout sends a form that was opened on a message.
func (h *house) submitAbout(req chat.Request, opened chat.Reply, values map[string]string) chat.Reply {
	h.t.Helper()
	if opened.Form == nil {
		h.t.Fatalf("no form: %s", shown(opened))
	}
	req.Key, req.Via, req.Form = fmt.Sprintf("test//%d", h.keys.Add(1)), "form", map[string]string{}
	for _, f := range opened.Form.Fields {
		req.Form[f.Name] = f.Value
	}
	for name, v := range values {
		req.Form[name] = v
	}
	req.Text, req.Seen = opened.Form.Command, opened.Form.Seen
	return h.router.Handle(h.t.Context(), req)
}

// captured is the newest message on an incident's timeline.
func (h *house) captured(n incident.Number) (incident.Recorded, incident.MessageCaptured) {
	h.t.Helper()
	for _, s := range h.streams {
		for i := len(s.events) - 1; i >= 0 && s.state.Number == n; i-- {
			if e, ok := s.events[i].Event.(incident.MessageCaptured); ok {
				return s.events[i], e
			}
		}
	}
	h.t.Fatalf("nothing is captured in %s", n)
	return incident.Recorded{}, incident.MessageCaptured{}
}

func TestAMessageGoesToTheTimelineOfItsRoom(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	m := h.said("bo", "the disk is full, the password was hunter2")
	req := h.shortcut(roomOf(n), "ann", "capture", m)
	if h.router.Opens(req) {
		t.Error("it would open a form")
	}
	r := h.router.Handle(t.Context(), req)
	if r.Kind != "" || r.Form != nil || !strings.Contains(shown(r), "Wed 25 Nov 2026 11:53 UTC: bo said") {
		t.Fatalf("%q: %s", r.Kind, shown(r))
	}
	rec, e := h.captured(n)
	if e.Text.Words != "the disk is full, the password was •••" || e.Text.Author != "p-bo" || !rec.Happened.Equal(m.At) || e.Message.Link != m.Link || e.How != "action" || e.Message.Room != "C-INC-2" {
		t.Errorf("captured as %s, happened %s", asJSON(e), rec.Happened)
	}
	req.Key = "another"
	if r := h.router.Handle(t.Context(), req); r.Kind != "conflict" || r.Form != nil {
		t.Errorf("twice is %q: %s", r.Kind, shown(r))
	}
}

func TestAMessageFromElsewhereAsksWhere(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	req := h.shortcut(general, "ann", "capture", h.said("bo", "the disk is full"))
	r := h.router.Handle(t.Context(), req)
	if r.Form == nil || len(r.Form.Fields) != 1 || len(r.Form.Fields[0].Choices) != 2 || h.state(n).Captures != 0 {
		t.Fatalf("it asks %s", shown(r))
	}
	again := h.submitAbout(req, r, map[string]string{"incident": ""})
	if again.Kind != "invalid" || again.Form == nil || len(again.Form.Intro) == 0 {
		t.Fatalf("none chosen: %q %s", again.Kind, shown(again))
	}
	if got := h.submitAbout(req, again, map[string]string{"incident": "INC-2"}); got.Kind != "" || h.state(n).Captures != 1 {
		t.Errorf("chosen: %s", shown(got))
	}
	if _, e := h.captured(n); e.Message.Room != "C-general" {
		t.Errorf("captured as %s", asJSON(e))
	}
}

func TestAMessageWithNowhereToGo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m := h.said("bo", "the disk is full")
	for _, verb := range []string{"capture", "action"} {
		if r := h.router.Handle(t.Context(), h.shortcut(general, "ann", verb, m)); r.Kind != "not_found" || r.Form != nil || !strings.Contains(shown(r), "No incident is open") {
			t.Errorf("%s is %q: %s", verb, r.Kind, shown(r))
		}
	}
	n := h.declared("ann", "private:yes data leaked")
	if r := h.router.Handle(t.Context(), h.shortcut(general, "bo", "capture", m)); r.Kind != "not_found" || strings.Contains(shown(r), "INC") {
		t.Errorf("a private incident shows: %s", shown(r))
	}
	req := h.shortcut(general, "bo", "capture", m)
	req.Form, req.Via = map[string]string{"incident": n.String()}, "form"
	if r := h.router.Handle(t.Context(), req); r.Kind != "not_found" || h.state(n).Captures != 0 {
		t.Errorf("a private incident takes it: %q %s", r.Kind, shown(r))
	}
	for _, who := range []string{"guest", "visitor", "robot"} {
		for _, verb := range []string{"capture", "declare", "action"} {
			if r := h.router.Handle(t.Context(), h.shortcut(general, who, verb, m)); r.Kind != "forbidden" || r.Form != nil {
				t.Errorf("%s of %s is %q", verb, who, r.Kind)
			}
		}
	}
}

func TestDeclareFromAMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m := h.said("bo", "  \n> *checkout* fails for <@Ucy> since noon\nand it is getting worse")
	req := h.shortcut(general, "ann", "declare", m)
	if !h.router.Opens(req) {
		t.Error("it would open no form")
	}
	opened := h.router.Handle(t.Context(), req)
	if opened.Form == nil || opened.Form.Fields[0].Value != "*checkout* fails for cy since noon" || len(h.order) != 0 {
		t.Fatalf("the form is %+v", opened.Form)
	}
	r := h.submitAbout(req, opened, map[string]string{"severity": "sev2"})
	if r.Kind != "" || !strings.Contains(shown(r), "is on its timeline") {
		t.Fatal(shown(r))
	}
	rec, e := h.captured(1)
	if inc := h.state(1); inc.Severity != 2 || inc.Captures != 1 || e.Text.Author != "p-bo" || !strings.Contains(e.Text.Words, "getting worse") || !rec.Happened.Equal(m.At) {
		t.Errorf("declared as %s with %s", asJSON(inc), asJSON(e))
	}
	for words, title := range map[string]string{"*_cards fail_*": "cards fail", "```\npanic\n```": "panic", "• one\n• two": "one", "***": "", "": ""} {
		r := h.router.Handle(t.Context(), h.shortcut(general, "ann", "declare", h.said("bo", words)))
		if r.Form == nil || r.Form.Fields[0].Value != title {
			t.Errorf("%q makes the form %+v", words, r.Form)
		}
	}
	long := h.shortcut(general, "ann", "declare", h.said("bo", strings.Repeat("very ", 100)))
	if f := h.router.Handle(t.Context(), long).Form; f == nil || len([]rune(f.Fields[0].Value)) > 120 {
		t.Errorf("a long message makes the form %+v", f)
	}
}

// A message that cannot be kept keeps nobody from declaring.
func TestDeclareFromAMessageThatIsLost(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]chat.Said{
		"nobody knows who said it": {User: chat.User{ID: "Unobody"}, ID: "m9", Text: "cards fail"},
		"it has no words":          {User: chat.User{ID: "Ubo"}, ID: "m9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			req := h.shortcut(general, "ann", "declare", m)
			r := h.submitAbout(req, h.router.Handle(t.Context(), req), map[string]string{"title": "cards fail"})
			if r.Kind != "" || len(h.order) != 1 || h.state(1).Captures != 0 || !strings.Contains(shown(r), "could not be put on its timeline") {
				t.Errorf("%q: %s", r.Kind, shown(r))
			}
		})
	}
	h, n := busy(t)
	lost := h.shortcut(roomOf(n), "ann", "capture", chat.Said{User: chat.User{ID: "Unobody"}, ID: "m9", Text: "cards fail"})
	if r := h.router.Handle(t.Context(), lost); r.Kind != fault.Unavailable.String() || h.state(n).Captures != 0 {
		t.Errorf("a capture of it is %q: %s", r.Kind, shown(r))
	}
}

func TestAnActionItemFromAMessage(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	req := h.shortcut(roomOf(n), "ann", "action", h.said("bo", "we need an alert on queue length"))
	if !h.router.Opens(req) {
		t.Error("it would open no form")
	}
	opened := h.router.Handle(t.Context(), req)
	if opened.Form == nil || opened.Form.Fields[0].Value != "we need an alert on queue length" || !strings.Contains(opened.Form.Title, "INC-2") {
		t.Fatalf("the form is %+v", opened.Form)
	}
	if r := h.submitAbout(req, opened, map[string]string{"person": "<@Ubo>", "due": "friday"}); r.Kind != "" || h.state(n).ActionsN != 2 {
		t.Errorf("sent: %s", shown(r))
	}
	req = h.shortcut(general, "ann", "action", h.said("bo", "write the docs"))
	opened = h.router.Handle(t.Context(), req)
	if opened.Form == nil || opened.Form.Title != "Action item" || opened.Form.Fields[0].Name != "incident" || opened.Form.Fields[1].Value != "write the docs" {
		t.Fatalf("elsewhere the form is %+v", opened.Form)
	}
	bad := h.submitAbout(req, opened, map[string]string{"incident": "INC-1", "due": "never"})
	if bad.Kind != "invalid" || bad.Form == nil || bad.Form.Command != "action INC-1" {
		t.Fatalf("a wrong date: %q %s, %+v", bad.Kind, shown(bad), bad.Form)
	}
	if r := h.submitAbout(req, bad, map[string]string{"due": "friday"}); r.Kind != "" || h.state(1).ActionsN != 1 {
		t.Errorf("mended: %s", shown(r))
	}
}
