package console_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/incident/fault"
	"tocsin/store"
	"tocsin/store/storetest"
)

func say(user, key, text string) url.Values {
	return url.Values{"as": {user}, "key": {key}, "room": {"general"}, "text": {text}}
}

// do posts a gesture and ends the test when it cannot be sent.
func (s *site) do(t *testing.T, path string, fields url.Values) answered {
	t.Helper()
	a, err := s.post(t.Context(), path, fields)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return a
}

func (s *site) talked(t *testing.T, room string) []store.TalkMessage {
	t.Helper()
	all, err := s.talk.TalkMessages(t.Context(), room, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSaying(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 3 {
		if a := s.do(t, "say", say("ann", "key-00000001", "it hangs\n")); a.Status != 200 || !a.Done || !strings.Contains(a.HTML, "it hangs") {
			t.Errorf("saying it gave %+v", a)
		}
	}
	if all := s.talked(t, "general"); len(all) != 1 || all[0].Text != "it hangs" || all[0].User != "ann" {
		t.Errorf("one key gave %+v", all)
	}
	told := heard[chat.Said](s.house)
	for _, m := range told {
		if m.Key != "console/console/key-00000001" || m.User.ID != "ann" || m.Place.Room != "general" || !strings.Contains(m.Link, "/console/r/general?at=") {
			t.Errorf("reported as %+v", m)
		}
	}
	if joined := heard[chat.Joined](s.house); len(joined) != 1 || joined[0].User.ID != "ann" || joined[0].Left {
		t.Errorf("who speaks in a room has come into it; reported %+v", joined)
	}
	if len(s.house.requests()) != 0 {
		t.Error("words were taken for a command")
	}
}

func TestRefusedGestures(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := s.Archive(t.Context(), "incidents"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		change     url.Values
		want       int
		say        string
	}{
		{"no key", "say", url.Values{"key": {""}}, 400, "key"},
		{"a key that is no key", "say", url.Values{"key": {"../../x"}}, 400, "key"},
		{"no words", "say", url.Values{"text": {" \n"}}, 400, "nothing to send"},
		{"too many words", "say", url.Values{"text": {strings.Repeat("é", 40_001)}}, 400, "40001 characters; a message holds 40000"},
		{"a command that there is not", "say", url.Values{"text": {"/giphy cat"}}, 400, "There is no command /giphy here. Nothing was sent. Try: /incident help"},
		{"a room that there is not", "say", url.Values{"room": {"nowhere"}}, 404, "no such room"},
		{"an archived room", "say", url.Values{"room": {"incidents"}}, 409, "archived"},
		{"a button without a command", "press", url.Values{"text": {""}}, 400, "Reload"},
		{"a message that there is not", "edit", url.Values{"message": {"000000009999"}}, 404, "not there any more"},
		{"an edit to nothing", "edit", url.Values{"text": {""}, "message": {"000000000001"}}, 400, "Delete it instead"},
		{"a reaction that there is not", "react", url.Values{"text": {"<script>"}, "message": {"000000000001"}}, 400, "no reaction"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fields := say("ann", "key-00000002", "words")
			for k, v := range tt.change {
				fields[k] = v
			}
			if a := s.do(t, tt.path, fields); a.Status != tt.want || !strings.Contains(a.Say, tt.say) || a.Done {
				t.Errorf("it gave %+v, want %d and %q", a, tt.want, tt.say)
			}
		})
	}
	t.Run("more than a mebibyte", func(t *testing.T) {
		t.Parallel()
		if a := s.do(t, "say", say("ann", "key-00000003", strings.Repeat("x", 1<<20))); a.Status != 413 || !strings.Contains(a.Say, "Nothing was sent") {
			t.Errorf("it gave %+v", a)
		}
	})
}

func TestCommands(t *testing.T) {
	t.Parallel()
	tests := []struct{ typed, words, via string }{
		{"/incident show INC-7", "show INC-7", "command"},
		{"  /INCIDENT\nshow\nINC-7", "show\nINC-7", "command"},
		{"/incident", "", "command"},
		{"@tocsin show INC-7", "show INC-7", "mention"},
		{"@Tocsin, show", "show", "mention"},
	}
	for _, tt := range tests {
		t.Run(tt.typed, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.do(t, "say", say("bo", "key-00000001", tt.typed))
			all := s.house.requests()
			if len(all) != 1 || all[0].Text != tt.words || all[0].Via != tt.via || all[0].User.ID != "bo" {
				t.Errorf("the house heard %+v", all)
			}
			if said := heard[chat.Said](s.house); (len(said) == 1) != (tt.via == "mention") {
				t.Errorf("reported as said: %+v", said)
			}
		})
	}
}

func TestZoneOfTheReader(t *testing.T) {
	t.Parallel()
	s := open(t)
	for key, zone := range map[string]string{"key-00000001": "Europe/Helsinki", "key-00000002": "Mars/Olympus", "key-00000003": "Local"} {
		fields := say("ann", key, "/incident show")
		fields.Set("zone", zone)
		s.do(t, "say", fields)
		all := s.house.requests()
		want := map[string]string{"Europe/Helsinki": "Europe/Helsinki"}[zone]
		if got := all[len(all)-1].User.Zone; got != want {
			t.Errorf("the browser's zone %q became %q, want %q", zone, got, want)
		}
	}
}

func TestADoubleClickRunsOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	gate := make(chan struct{})
	s.house.slow["take INC-7"] = gate
	press := url.Values{"as": {"ann"}, "key": {"key-00000001"}, "room": {"general"}, "text": {"take INC-7"}, "label": {"Take command"}, "seen": {"3"}}
	var both sync.WaitGroup
	answers := make([]answered, 4)
	for i := range answers {
		both.Go(func() {
			a, err := s.post(context.WithoutCancel(t.Context()), "press", press)
			if err != nil {
				t.Error(err)
			}
			answers[i] = a
		})
	}
	close(gate)
	both.Wait()
	for _, a := range answers {
		if !a.Done || a.HTML != answers[0].HTML || !strings.Contains(a.HTML, "You pressed") && !strings.Contains(a.HTML, "pressed <b>Take command</b>") {
			t.Errorf("one of the clicks got %+v", a)
		}
	}
	if all := s.house.requests(); len(all) != 1 || all[0].Seen != 3 || all[0].Via != "button" {
		t.Errorf("the house heard %+v", all)
	}
	if all := s.talked(t, "general"); len(all) != 1 {
		t.Errorf("%d replies stand in the room, want 1", len(all))
	}
}

func TestOneKeyForTwoThings(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.do(t, "say", say("ann", "key-00000001", "/incident show"))
	s.do(t, "say", say("ann", "key-00000001", "/incident resolve"))
	if all := s.house.requests(); len(all) != 2 {
		t.Errorf("the house must hear of both, to refuse one; it heard %+v", all)
	}
}

func TestWhatCameToNothingIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault.Kind{fault.Unavailable, fault.Unknown, fault.Internal} {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			c := newClock()
			tries := 0
			s := serve(t, console.Options{Talk: store.New(storetest.NewMemory(c.now), store.Options{Now: c.now}), Now: c.now, SpeakAs: true}, chat.House{
				Command: "incident", Handle: func(context.Context, chat.Request) chat.Reply {
					if tries++; tries == 1 {
						return chat.Reply{Kind: kind.String(), Message: words("Not recorded: try again.")}
					}
					return chat.Reply{Message: words("INC-7 is resolved.")}
				},
			})
			if a := s.do(t, "say", say("ann", "key-00000001", "/incident resolve")); a.Kind != kind.String() || a.Say != "Not recorded: try again." {
				t.Errorf("the first try gave %+v", a)
			}
			fields := say("ann", "key-00000001", "/incident resolve")
			fields.Set("again", "1")
			if a := s.do(t, "say", fields); !a.Done || a.Kind != "" || !strings.Contains(a.HTML, "INC-7 is resolved.") {
				t.Errorf("the second try gave %+v", a)
			}
			if all := s.talked(t, "general"); len(all) != 1 || !strings.Contains(string(all[0].Body), "INC-7 is resolved.") {
				t.Errorf("in the room stands %d times, %s", len(all), all[0].Body)
			}
		})
	}
}

// bubble serves a console inside a synctest bubble, without a network.
func bubble(t *testing.T, talk store.Talk, h chat.House) (*console.Console, func(url.Values) answered) {
	t.Helper()
	c, err := console.New(console.Options{Talk: talk, Now: time.Now, SpeakAs: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	go func() { _ = c.Listen(ctx, nil, h) }()
	synctest.Wait()
	return c, func(fields url.Values) answered {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/console/say", strings.NewReader(fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://localhost")
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, r)
		a := answered{Status: w.Code}
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatalf("the answer is %s", w.Body)
		}
		return a
	}
}

func TestPatience(t *testing.T) {
	t.Parallel()
	for _, public := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			talk := store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now})
			gate := make(chan struct{})
			_, post := bubble(t, talk, chat.House{Command: "incident", Handle: func(context.Context, chat.Request) chat.Reply {
				<-gate
				return chat.Reply{Public: public, Message: words("INC-7 is resolved.")}
			}})
			began := time.Now()
			a := post(say("ann", "key-00000001", "/incident resolve"))
			if a.Status != 202 || a.Done || !strings.Contains(a.Say, "not recorded yet") || time.Since(began) != chat.Patience {
				t.Errorf("after %v the person is told %+v", time.Since(began), a)
			}
			read := func() []store.TalkMessage {
				all, err := talk.TalkMessages(t.Context(), "general", "", 10)
				if err != nil {
					t.Fatal(err)
				}
				return all
			}
			if all := read(); len(all) != 1 || all[0].Only != "ann" || !strings.Contains(string(all[0].Body), "Working on it, not recorded yet") {
				t.Errorf("in the room stands %+v", all)
			}
			close(gate)
			synctest.Wait()
			again := say("ann", "key-00000001", "/incident resolve")
			again.Set("again", "1")
			if a := post(again); a.Status != 200 || !a.Done || !strings.Contains(a.HTML, "INC-7 is resolved.") {
				t.Errorf("the outcome is %+v", a)
			}
			if all := read(); len(all) != 1 || (all[0].Only == "") != public || !strings.Contains(string(all[0].Body), "INC-7 is resolved.") {
				t.Errorf("after the outcome in the room stands %+v", all)
			}
		})
	}
}

// TestARestartInTheMiddle sends a gesture to one process, which is told to
// wait and dies; the page sends it again, to the next.
func TestARestartInTheMiddle(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		talk := store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now})
		gate := make(chan struct{})
		defer close(gate)
		_, first := bubble(t, talk, chat.House{Command: "incident", Handle: func(context.Context, chat.Request) chat.Reply {
			<-gate // never comes to an outcome before the process is gone
			return chat.Reply{Kind: "unavailable"}
		}})
		first(say("ann", "key-00000001", "/incident update"))
		var keys []string
		_, second := bubble(t, talk, chat.House{Command: "incident", Handle: func(_ context.Context, r chat.Request) chat.Reply {
			keys = append(keys, r.Key)
			return chat.Reply{Form: updateForm()}
		}})
		again := say("ann", "key-00000001", "/incident update")
		again.Set("again", "1")
		if a := second(again); !a.Done || !strings.Contains(a.Form, "Update on INC-7") {
			t.Errorf("the next process gave %+v", a)
		}
		if len(keys) != 1 || keys[0] != "console/console/key-00000001" {
			t.Errorf("the house heard the keys %v", keys)
		}
		all, err := talk.TalkMessages(t.Context(), "general", "", 10)
		if err != nil || len(all) != 1 || !all[0].Deleted {
			t.Errorf("the word that it is being worked on still stands: %+v (%v)", all, err)
		}
	})
}

func TestWhatTheSinkDidNotTakeIsSentAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.house.mu.Lock()
	s.house.fail = fault.New(fault.Unavailable, "the store is away")
	s.house.mu.Unlock()
	a := s.do(t, "say", say("ann", "key-00000001", "the graph is flat"))
	if a.Status != 202 || a.Done || !strings.Contains(a.HTML, "the graph is flat") {
		t.Errorf("a sink that is away gave %+v", a)
	}
	s.house.mu.Lock()
	s.house.fail = nil
	s.house.mu.Unlock()
	if a := s.do(t, "say", say("ann", "key-00000001", "the graph is flat")); a.Status != 200 || !a.Done {
		t.Errorf("sent again it gave %+v", a)
	}
	if said, all := heard[chat.Said](s.house), s.talked(t, "general"); len(said) != 1 || len(all) != 1 {
		t.Errorf("reported %d times, in the room %d times; want once and once", len(said), len(all))
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	s := open(t)
	a := s.do(t, "say", say("ann", "key-00000001", "/incident update"))
	if !a.Done || a.HTML != "" || len(s.talked(t, "general")) != 0 {
		t.Errorf("a form alone says something in the room: %+v", a)
	}
	form := parse(a.Form).all(func(e *element) bool { return e.name == "form" })[0]
	values := map[string]string{}
	for _, e := range form.all(func(e *element) bool { return strings.HasPrefix(e.attr["name"], "f.") }) {
		values[e.attr["name"]] = e.value()
	}
	if values["f.status"] != "identified" || values["f.next"] != "30m" || values["f.who"] != "<@cleo>" || values["f.public"] != "" {
		t.Errorf("the form opens with %v", values)
	}
	fields := url.Values{"as": {"ann"}, "key": {"key-00000002"}, "room": {"general"}, "text": {form.attr["data-command"]}, "seen": {form.attr["data-seen"]}, "f.text": {"nothing"}}
	if a := s.do(t, "submit", fields); a.Kind != "invalid" || !strings.Contains(a.Say, "An update says what changed") || len(s.talked(t, "general")) != 0 {
		t.Errorf("a form that was filled wrongly gave %+v, and in the room stand %d", a, len(s.talked(t, "general")))
	}
	fields.Set("key", "key-00000003")
	fields.Set("f.text", "we rolled back")
	if a := s.do(t, "submit", fields); a.Kind != "" || !a.Done {
		t.Errorf("a form that was filled well gave %+v", a)
	}
	all := s.house.requests()
	if r := all[len(all)-1]; r.Via != "form" || r.Seen != 4 || r.Form["text"] != "we rolled back" {
		t.Errorf("the house heard %+v", r)
	}
}

func TestWithoutAHouse(t *testing.T) {
	t.Parallel()
	c := newClock()
	con, err := console.New(console.Options{Talk: store.New(storetest.NewMemory(c.now), store.Options{Now: c.now}), Now: c.now, SpeakAs: true})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Console: con}
	for _, text := range []string{"/incident x", "hello"} {
		r := httptest.NewRequest(http.MethodPost, "http://localhost/console/say", strings.NewReader(say("ann", "key-00000001", text).Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://localhost")
		w := httptest.NewRecorder()
		if knock(s, "GET", "http://localhost/console/r/general", nil).Code != 200 {
			t.Error("the page is not there before the house is")
		}
		s.Handler().ServeHTTP(w, r)
		if w.Code != 503 && w.Code != 202 {
			t.Errorf("%q before the house is there gave %d %s", text, w.Code, w.Body)
		}
	}
}
