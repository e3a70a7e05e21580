package bottest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/reactors"
	"tocsin/incident"
)

// heard is what a gesture got back.
type heard struct {
	Status int
	Body   string
	Repeat bool
}

// post sends a form as the console's own page would.
func (s *Stage) post(path string, form url.Values) heard {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+path, strings.NewReader(form.Encode()))
	s.must(err, "make a request")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "http://127.0.0.1:8080")
	return s.send(req)
}

func (s *Stage) send(req *http.Request) heard {
	s.t.Helper()
	resp, err := s.web.Do(req)
	if err != nil {
		return heard{Body: err.Error()}
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	s.must(err, "read an answer")
	return heard{Status: resp.StatusCode, Body: string(b), Repeat: resp.Header.Get("Tocsin-Repeat") == "1"}
}

// gesture is a form with what every gesture carries.
func (s *Stage) gesture(who, room string) url.Values {
	return url.Values{"key": {s.nextKey()}, "as": {who}, "room": {room}, "zone": {"UTC"}}
}

// Say types words in a room.
func (s *Stage) Say(who, room, words string) heard {
	f := s.gesture(who, room)
	f.Set("text", words)
	return s.post("/console/say", f)
}

// Press presses the newest button of a label that somebody sees.
func (s *Stage) Press(who, label string) heard {
	s.t.Helper()
	m, a := s.button(who, label)
	f := s.gesture(who, m.Room)
	f.Set("text", a.Command)
	f.Set("label", a.Label)
	f.Set("message", m.ID)
	f.Set("seen", fmt.Sprint(a.Seen))
	return s.post("/console/press", f)
}

// Submit sends a form's command with its values.
func (s *Stage) Submit(who, room, command string, values map[string]string) heard {
	f := s.gesture(who, room)
	f.Set("text", command)
	for name, v := range values {
		f.Set("f."+name, v)
	}
	return s.post("/console/submit", f)
}

// Tend does something to the newest message in a room that holds some words:
// "react", "pin", "edit" or "delete".
func (s *Stage) Tend(who, act, room, on, words string) heard {
	s.t.Helper()
	f := s.gesture(who, room)
	f.Set("message", s.message(room, on).ID)
	f.Set("text", words)
	return s.post("/console/"+act, f)
}

// Join comes into a room.
func (s *Stage) Join(who, room string) heard { return s.post("/console/join", s.gesture(who, room)) }

// PagerFails makes the practice pager fail in some way.
func (s *Stage) PagerFails(how string) heard {
	return s.post("/practice/fail", url.Values{"how": {how}})
}

// PagerDoes is a button of the practice pager's panel.
func (s *Stage) PagerDoes(do string, stream incident.Stream, page incident.PageID, by string) heard {
	return s.post("/practice/page", url.Values{"key": {reactors.PageKey(stream, page)}, "do": {do}, "by": {by}})
}

// API sends a command as a script does.
func (s *Stage) API(user, room, words, key string) heard {
	s.t.Helper()
	b, err := json.Marshal(map[string]string{"user": user, "room": room, "text": words, "key": key})
	s.must(err, "encode a command")
	req, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:8080/api/v1/commands", bytes.NewReader(b))
	s.must(err, "make a request")
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	return s.send(req)
}

// Get reads a path of the API.
func (s *Stage) Get(path string) heard {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+path, nil)
	s.must(err, "make a request")
	req.Header.Set("Authorization", "Bearer "+token)
	return s.send(req)
}

// actionsOf lists all buttons of a message.
func actionsOf(m chat.Message) []chat.Action {
	all := m.Actions
	for _, p := range m.Parts {
		if b, ok := p.(chat.Buttons); ok {
			all = append(all, b...)
		}
	}
	return all
}
