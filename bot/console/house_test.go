package console_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/store"
	"tocsin/store/storetest"
)

// clock is moved by hand, or follows the wall.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Millisecond)
	return c.at
}

// advance moves the clock.
func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 25, 14, 5, 0, 0, time.UTC)} }

// script is a house that knows a few verbs, and remembers what it was told.
type script struct {
	mu      sync.Mutex
	console *console.Console
	asked   []chat.Request
	told    []any
	seen    map[string]chat.Reply
	slow    map[string]chan struct{} // words -> closed when they may go on
	fail    error                    // what the sink answers
}

func (s *script) house() chat.House {
	return chat.House{
		Command: "incident", Verbs: verbs(), Handle: s.handle, Sink: (*sink)(s), Complete: complete,
		Home: func(_ context.Context, u chat.User) chat.Message {
			if u.ID != "ann" {
				return chat.Message{}
			}
			return chat.Message{Parts: []chat.Part{chat.List{{chat.Strong("INC-7"), chat.Plain(" has no commander but you.")}}}, Actions: []chat.Action{{Label: "Take command", Command: "take INC-7"}}}
		},
	}
}

func verbs() []chat.Verb {
	return []chat.Verb{
		{Name: "declare", Group: "Start", Summary: "declare an incident", Args: []chat.Arg{{Name: "title", Hint: "what is wrong, in plain words", Required: true}}, Example: "declare sev2 checkout is failing"},
		{Name: "severity", Group: "Change", Summary: "say how bad it is", Args: []chat.Arg{{Name: "level", Hint: "sev1 (all down) to sev5", Required: true}, {Name: "why", Hint: "one line for the timeline"}}},
		{Name: "take", Group: "People", Summary: "take a role; alone: command", Args: []chat.Arg{{Name: "role", Hint: "commander, communications, operations or scribe"}}},
		{Name: "update", Group: "Stakeholders", Summary: "tell those who follow", Args: []chat.Arg{{Name: "text", Hint: "what changed, what is next"}}},
		{Name: "resolve", Group: "Ends", Summary: "it works again", Args: []chat.Arg{{Name: "how", Hint: "what mended it"}}},
	}
}

func complete(_ context.Context, r chat.Request) []chat.Suggestion {
	var out []chat.Suggestion
	if rest, ok := strings.CutPrefix(r.Text, "severity "); ok {
		for _, s := range []chat.Suggestion{{Text: "severity sev1", Hint: "everything is down"}, {Text: "severity sev2", Hint: "a main path fails"}, {Text: "severity sev3", Hint: "it limps"}} {
			if strings.HasPrefix(s.Text, "severity "+rest) {
				out = append(out, s)
			}
		}
		return out
	}
	for _, v := range verbs() {
		if strings.HasPrefix(v.Name, r.Text) {
			out = append(out, chat.Suggestion{Text: v.Name, Hint: v.Summary})
		}
	}
	return out
}

func (s *script) handle(ctx context.Context, r chat.Request) chat.Reply {
	s.mu.Lock()
	wait := s.slow[r.Text]
	s.asked = append(s.asked, r)
	known, met := s.seen[r.Key]
	s.mu.Unlock()
	if wait != nil {
		<-wait
	}
	if met {
		return known
	}
	reply := s.reply(ctx, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[string]chat.Reply{}
	}
	s.seen[r.Key] = reply
	return reply
}

func (s *script) reply(ctx context.Context, r chat.Request) chat.Reply {
	verb, rest, _ := strings.Cut(r.Text, " ")
	switch verb {
	case "declare":
		return s.declare(ctx, r, rest)
	case "update":
		if r.Form == nil {
			return chat.Reply{Form: updateForm()}
		}
		if strings.TrimSpace(r.Form["text"]) == "nothing" {
			return chat.Reply{Kind: "invalid", Message: words("An update says what changed. Nothing was posted.")}
		}
		_, err := s.console.Post(ctx, chat.Post{Key: "update/" + r.Key, Room: r.Place.Room, Message: chat.Message{
			Title: []chat.Span{chat.Plain("Update on INC-7")}, Tone: chat.Sev2,
			Parts: []chat.Part{chat.Text{chat.Plain(r.Form["text"])}, chat.Small{chat.Plain("Next update "), chat.When{At: r.At.Add(30 * time.Minute), Style: chat.Relative}}},
		}})
		if err != nil {
			return chat.Reply{Kind: "unavailable", Message: words("Not recorded: try again.")}
		}
		return chat.Reply{Message: words("Posted as update 1. 3 people follow.")}
	case "take":
		return chat.Reply{Message: chat.Message{Parts: []chat.Part{chat.Text{chat.Plain("You are incident commander of "), chat.Strong("INC-7"), chat.Plain(".")}}}}
	case "show":
		return chat.Reply{Public: true, Message: card("INC-7", "checkout is failing", r.At)}
	case "resolve":
		return chat.Reply{Message: chat.Message{Title: []chat.Span{chat.Plain("INC-7 is resolved")}, Tone: chat.Good, Parts: []chat.Part{chat.Text{chat.Plain("Resolved after 42 min. Close it when the review is done.")}}}}
	}
	return chat.Reply{Kind: "invalid", Message: chat.Message{Parts: []chat.Part{chat.Text{chat.Plain("I do not know "), chat.Code(verb), chat.Plain(". Try "), chat.Code("/incident declare checkout is failing"), chat.Plain(".")}}}}
}

func words(s string) chat.Message { return chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(s)}}} }

func updateForm() *chat.Form {
	return &chat.Form{
		Title: "Update on INC-7", Command: "update", Submit: "Post", Seen: 4,
		Intro: []chat.Span{chat.Plain("Goes to everybody who follows.")},
		Fields: []chat.Input{
			{Name: "text", Label: "What changed, what is next", Kind: chat.Area, Required: true, Placeholder: "We rolled back; errors fall.", MaxLength: 2000},
			{Name: "status", Label: "Status", Kind: chat.Select, Value: "identified", Choices: []chat.Choice{{Value: "investigating", Label: "investigating"}, {Value: "identified", Label: "identified"}, {Value: "monitoring", Label: "monitoring"}}},
			{Name: "next", Label: "Next update in", Kind: chat.Line, Value: "30m", Hint: "For example 20m or 14:30."},
			{Name: "who", Label: "Who writes it", Kind: chat.Person, Value: "<@cleo>"},
			{Name: "public", Label: "Also on the status page", Kind: chat.Checked},
		},
	}
}

func (s *script) declare(ctx context.Context, r chat.Request, title string) chat.Reply {
	room, err := s.console.Open(ctx, chat.RoomSpec{Key: "inc/" + r.Key, Name: "inc-7-" + title, Topic: "INC-7 · sev2 · investigating · commander: nobody", Invite: []string{r.User.ID, "bo"}})
	if err != nil {
		return chat.Reply{Kind: "unavailable", Message: words("Not recorded: try again.")}
	}
	for _, to := range []string{room.Room, console.Incidents} {
		ref, err := s.console.Post(ctx, chat.Post{Key: "card/" + to + r.Key, Room: to, Message: card("INC-7", title, r.At)})
		if err == nil && to == room.Room {
			err = s.console.Pin(ctx, ref)
		}
		if err != nil {
			return chat.Reply{Kind: "unknown", Message: words("I could not confirm this yet.")}
		}
	}
	return chat.Reply{Incident: "INC-7", Message: chat.Message{Title: []chat.Span{chat.Plain("INC-7 is declared")}, Tone: chat.Sev2, Parts: []chat.Part{
		chat.Text{chat.Plain("Room: "), chat.RoomLink{Room: room.Room, Name: room.Name}},
		chat.Text{chat.Plain("Commander: "), chat.Mention{User: r.User.ID, Name: r.User.Name}, chat.Plain(" (acting). Nobody is paged.")},
		chat.Text{chat.Plain("Next: "), chat.Code("/incident page checkout"), chat.Plain(" if you need help.")},
	}}}
}

func card(id, title string, at time.Time) chat.Message {
	return chat.Message{
		Title: []chat.Span{chat.Plain(id + " · " + title)}, Tone: chat.Sev2, Summary: id + " " + title + ", sev2, investigating",
		Parts: []chat.Part{
			chat.Fields{
				{Label: "Severity", Value: []chat.Span{chat.Strong("sev2")}},
				{Label: "Status", Value: []chat.Span{chat.Plain("investigating")}},
				{Label: "Commander", Value: []chat.Span{chat.Mention{User: "ann", Name: "Ann Okafor"}, chat.Plain(" (acting)")}},
				{Label: "Declared", Value: []chat.Span{chat.When{At: at, Style: chat.Relative}}},
			},
			chat.Text{chat.Plain("Services: "), chat.Strong("checkout"), chat.Plain(" · "), chat.Link{Label: "runbook", URL: "https://runbooks.example/checkout"}, chat.Plain(" · "), chat.Link{Label: "dashboard", URL: "https://graphs.example/checkout"}},
			chat.Small{chat.Plain("Next update due "), chat.When{At: at.Add(20 * time.Minute), Style: chat.Relative}, chat.Plain(". Missing: impact.")},
		},
		Actions: []chat.Action{
			{Label: "Take command", Command: "take INC-7 commander", Seen: 3, Style: chat.Primary},
			{Label: "Post update", Command: "update", Seen: 3},
			{Label: "Resolve", Command: "resolve INC-7", Seen: 3, Style: chat.Danger, Confirm: "Is it over? Everybody who follows is told."},
			{Label: "Runbook", URL: "https://runbooks.example/checkout"},
		},
	}
}

// sink writes down what the platform reports.
type sink script

func (s *sink) tell(v any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	s.told = append(s.told, v)
	return nil
}

func (s *sink) Said(_ context.Context, m chat.Said) error       { return s.tell(m) }
func (s *sink) Edited(_ context.Context, m chat.Edited) error   { return s.tell(m) }
func (s *sink) Deleted(_ context.Context, m chat.Deleted) error { return s.tell(m) }
func (s *sink) Reacted(_ context.Context, r chat.Reacted) error { return s.tell(r) }
func (s *sink) Joined(_ context.Context, j chat.Joined) error   { return s.tell(j) }

func (s *script) requests() []chat.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]chat.Request(nil), s.asked...)
}

// heard gives what the sink was told, of one kind.
func heard[T any](s *script) []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []T
	for _, v := range s.told {
		if t, ok := v.(T); ok {
			out = append(out, t)
		}
	}
	return out
}

// site is a console that listens, with its scripted house.
type site struct {
	*console.Console
	house *script
	talk  store.Talk
	web   *httptest.Server
	stop  func() // ends Listen
}

// open serves a console over a fresh store until the test ends.
func open(t *testing.T, with ...option) *site {
	t.Helper()
	c := newClock()
	return openOn(t, store.New(storetest.NewMemory(c.now), store.Options{Now: c.now}), c.now, with...)
}

func openOn(t *testing.T, talk store.Talk, now func() time.Time, with ...option) *site {
	t.Helper()
	o := console.Options{Talk: talk, Now: now, SpeakAs: true}
	for _, w := range with {
		w(&o)
	}
	return serve(t, o, chat.House{})
}

// serve serves a console until the test ends. Without a house of its own it
// gets the scripted one.
func serve(t *testing.T, o console.Options, h chat.House) *site {
	t.Helper()
	c, err := console.New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	s := &site{Console: c, talk: o.Talk, house: &script{console: c, slow: map[string]chan struct{}{}}}
	if h.Handle == nil {
		h = s.house.house()
	}
	s.listen(t, h)
	return s
}

type option = func(*console.Options)

func (s *site) listen(t *testing.T, h chat.House) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	ended := make(chan error, 1)
	listening := make(chan struct{})
	go func() { ended <- s.Listen(ctx, nil, h) }()
	go func() { // the house is there before the first rooms are
		defer close(listening)
		for rooms := 0; rooms < 2; runtime.Gosched() {
			all, err := s.talk.TalkRooms(ctx)
			if err != nil {
				return
			}
			rooms = len(all)
		}
	}()
	<-listening
	s.web = httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Listen ended with %v", err)
		}
		s.web.Close()
	})
}

func (s *site) String() string { return fmt.Sprintf("console at %s", s.web.URL) }
