package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/chat/chattest"
	"tocsin/bot/console"
	"tocsin/store"
	"tocsin/store/storetest"
)

func TestPlatform(t *testing.T) {
	t.Parallel()
	chattest.Run(t, func(t *testing.T, h chat.House) chattest.Site {
		t.Helper()
		people := []console.Person{{ID: "ann", Name: "Ann"}, {ID: "bo", Name: "Bo"}, {ID: "cy", Name: "Cy"}}
		talk := store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now})
		s := serve(t, console.Options{Talk: talk, Now: time.Now, SpeakAs: true, People: people}, h)
		for _, room := range []string{"alpha", "beta"} {
			if _, err := s.Open(t.Context(), chat.RoomSpec{Key: room, Name: room, Invite: []string{"ann", "bo", "cy"}}); err != nil {
				t.Fatal(err)
			}
		}
		return chattest.Site{Platform: s.Console, Stage: &stage{site: s}, Ann: "ann", Bo: "bo", Cy: "cy", Room: "alpha", Other: "beta"}
	})
}

// stage acts through the pages: it posts what a page would post, and reads
// what the server drew.
type stage struct {
	*site
	mu    sync.Mutex
	last  func(context.Context) error
	forms map[string]*element
	keys  atomic.Int64
}

type answered struct {
	Done            bool
	HTML, Form, Say string
	Kind            string
	Status          int
}

// post sends a gesture as a page does.
func (s *site) post(ctx context.Context, path string, fields url.Values) (answered, error) {
	var a answered
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.web.URL+"/console/"+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", s.web.URL)
	res, err := s.web.Client().Do(req)
	if err != nil {
		return a, err
	}
	defer res.Body.Close()
	a.Status = res.StatusCode
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
		return a, fmt.Errorf("the answer to %s (%d) is no JSON: %w", path, res.StatusCode, err)
	}
	return a, nil
}

// get reads what the server draws.
func (s *site) get(ctx context.Context, path string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.web.URL+path, nil)
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Accept", "text/html")
	res, err := s.web.Client().Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

func (s *stage) key() string { return fmt.Sprintf("key-%08d", s.keys.Add(1)) }

func (s *stage) send(ctx context.Context, user, path string, fields url.Values) error {
	fields.Set("as", user)
	fields.Set("key", s.key())
	send := func(ctx context.Context) error {
		a, err := s.post(ctx, path, fields)
		if err != nil {
			return err
		}
		if a.Status >= 300 {
			return fmt.Errorf("%d: %s", a.Status, a.Say)
		}
		if a.Form != "" {
			s.mu.Lock()
			if s.forms == nil {
				s.forms = map[string]*element{}
			}
			s.forms[user] = parse(a.Form)
			s.mu.Unlock()
		}
		return nil
	}
	s.mu.Lock()
	s.last = send
	s.mu.Unlock()
	return send(ctx)
}

func (s *stage) Type(ctx context.Context, user string, at chat.Place, words string) error {
	return s.send(ctx, user, "say", url.Values{"room": {at.Room}, "thread": {at.Thread}, "text": {words}})
}

func (s *stage) Press(ctx context.Context, user string, on chat.Ref, label string) error {
	li, err := s.find(ctx, user, on)
	if err != nil {
		return err
	}
	for _, b := range li.all(func(e *element) bool { return e.name == "button" && e.attr["data-command"] != "" }) {
		if b.text() == label {
			return s.send(ctx, user, "press", url.Values{"room": {on.Room}, "message": {on.ID}, "label": {label}, "text": {b.attr["data-command"]}, "seen": {b.attr["data-seen"]}})
		}
	}
	return fmt.Errorf("there is no button %q", label)
}

func (s *stage) Submit(ctx context.Context, user string, values map[string]string) error {
	s.mu.Lock()
	dialog := s.forms[user]
	delete(s.forms, user)
	s.mu.Unlock()
	if dialog == nil {
		return fmt.Errorf("no form is open for %s", user)
	}
	form := dialog.all(func(e *element) bool { return e.name == "form" })[0]
	fields := url.Values{"room": {"alpha"}, "text": {form.attr["data-command"]}, "seen": {form.attr["data-seen"]}, "label": {form.attr["data-label"]}}
	for _, e := range form.all(func(e *element) bool { return strings.HasPrefix(e.attr["name"], "f.") }) {
		fields.Set(e.attr["name"], e.value())
	}
	for name, v := range values {
		fields.Set("f."+name, v)
	}
	return s.send(ctx, user, "submit", fields)
}

func (s *stage) React(ctx context.Context, user string, on chat.Ref, emoji string, away bool) error {
	fields := url.Values{"room": {on.Room}, "message": {on.ID}, "text": {emoji}}
	if away {
		fields.Set("away", "1")
	}
	if emoji == "pin" {
		return s.send(ctx, user, "pin", fields)
	}
	return s.send(ctx, user, "react", fields)
}

func (s *stage) Join(ctx context.Context, user, room string, left bool) error {
	fields := url.Values{"room": {room}}
	if left {
		fields.Set("away", "1")
	}
	return s.send(ctx, user, "join", fields)
}

func (s *stage) Again(ctx context.Context) error {
	s.mu.Lock()
	last := s.last
	s.mu.Unlock()
	return last(ctx)
}

func (s *stage) find(ctx context.Context, user string, on chat.Ref) (*element, error) {
	all, err := s.drawn(ctx, user, on.Room)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(e *element) bool { return e.attr["data-id"] == on.ID })
	if i < 0 {
		return nil, fmt.Errorf("%s does not see message %s", user, on.ID)
	}
	return all[i], nil
}

// drawn are the messages of a room as they stand on the page, those in threads included.
func (s *stage) drawn(ctx context.Context, user, room string) ([]*element, error) {
	status, html, err := s.get(ctx, "/console/r/"+url.PathEscape(room)+"?as="+user)
	if err != nil || status != http.StatusOK {
		return nil, fmt.Errorf("the page of %s is %d: %w", room, status, err)
	}
	all := messages(byID(parse(html), "list"))
	for _, m := range slices.Clone(all) {
		if m.first("replies") == nil {
			continue
		}
		_, html, err := s.get(ctx, "/console/thread?room="+url.QueryEscape(room)+"&as="+user+"&thread="+m.attr["data-id"])
		if err != nil {
			return nil, err
		}
		all = append(all, messages(byID(parse(html), "thread-list"))...)
	}
	return all, nil
}

func (s *stage) See(ctx context.Context, user, room string) ([]chattest.Seen, error) {
	all, err := s.drawn(ctx, user, room)
	if err != nil {
		return nil, err
	}
	var out []chattest.Seen
	for _, m := range all {
		out = append(out, seen(m, room))
	}
	return out, nil
}

func seen(m *element, room string) chattest.Seen {
	_, alone := m.attr["data-alone"]
	v := chattest.Seen{
		Ref: chat.Ref{Platform: console.Platform, Room: room, ID: m.attr["data-id"]}, Thread: m.attr["data-thread"], User: m.attr["data-user"],
		Alone: alone, Edited: m.first("edited") != nil, Pinned: m.has("pinned"), Reactions: map[string][]string{},
	}
	for _, part := range []string{"words", "card"} {
		if e := m.first(part); e != nil {
			v.Text += e.text()
		}
	}
	for _, e := range m.all(func(*element) bool { return true }) {
		switch {
		case e.name == "button" && e.has("btn"):
			v.Buttons = append(v.Buttons, e.text())
		case e.name == "a" && e.attr["target"] == "_blank":
			v.Links = append(v.Links, e.attr["href"])
		case e.attr["data-mention"] != "":
			v.Pinged = append(v.Pinged, e.attr["data-mention"])
		case e.attr["data-react"] != "":
			for name := range strings.SplitSeq(e.attr["title"], ", ") {
				v.Reactions[e.attr["data-react"]] = append(v.Reactions[e.attr["data-react"]], strings.ToLower(name))
			}
		}
	}
	return v
}
