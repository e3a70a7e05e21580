package commands_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// house is a whole house in memory, over the real domain: it commits, keeps
// outcomes by key, narrows what people may know of, and wakes nobody.
type house struct {
	t      *testing.T
	router *commands.Router

	mu       sync.Mutex
	policy   incident.Policy
	pagers   map[string]bool // team names with a pager
	people   []incident.Person
	standing map[string]incident.Standing
	streams  map[incident.ID]*stream
	order    []incident.ID
	outcomes map[string]chat.Reply
	zones    map[incident.PersonID]string
	heard    map[string]incident.Spoken
	jobs     map[incident.ID][]store.Job
	down     error                            // what every port answers
	nobody   bool                             // is on call
	lines    map[string][]integrations.OnCall // who is on call for a team, in place of the usual
	slow     bool                             // on-call comes only when nobody waits for it any more
	now      time.Time
	keys     atomic.Int64
	commits  int
	at       chat.Place // where a talk goes on
	between  func()     // runs once, after reading and before the next commit
	rooms    map[string]commands.RoomFacts
	announce commands.Announced
	admins   map[incident.PersonID]bool
	reviews  map[incident.ID]incident.Review
}

type stream struct {
	state  incident.Incident
	events []incident.Recorded
	marks  map[string]incident.Mark
}

// noon is a Wednesday.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{
		t: t, policy: incident.DefaultPolicy(), pagers: map[string]bool{"payments": true, "search infra": true},
		standing: map[string]incident.Standing{"guest": incident.Guest, "visitor": incident.Outsider, "robot": incident.Machine},
		streams:  map[incident.ID]*stream{}, outcomes: map[string]chat.Reply{}, zones: map[incident.PersonID]string{},
		rooms: map[string]commands.RoomFacts{}, admins: map[incident.PersonID]bool{}, reviews: map[incident.ID]incident.Review{},
		heard: map[string]incident.Spoken{}, jobs: map[incident.ID][]store.Job{}, now: noon,
	}
	h.policy.Teams = []incident.Team{
		{Name: "payments", Aliases: []string{"pay"}, People: []string{"cy@example.com"}},
		{Name: "search infra", People: []string{"di@example.com"}},
		{Name: "web", People: []string{"eve@example.com", "fay@example.com"}},
	}
	h.policy.Services = []incident.ServiceRule{
		{Service: incident.Service{Name: "checkout", Owner: "payments"}, Team: "payments"},
		{Service: incident.Service{Name: "web"}, Team: "payments"},
	}
	h.policy.Checklists = []incident.Checklist{{Name: "data loss", Lines: []string{"stop the writers", "find the last good backup"}}}
	h.policy.Fields = []incident.FieldRule{
		{Name: "customer tier", Kind: incident.ChoiceField, Choices: []string{"free", "enterprise"}, Ask: "declare", Help: "who feels it"},
		{Name: "tickets", Kind: incident.NumberField, Ask: "resolve"},
	}
	for _, name := range []string{"ann", "bo", "cy", "guest", "visitor", "robot", "sam-one", "sam-two"} {
		h.people = append(h.people, incident.Person{
			ID: incident.PersonID("p-" + name), Name: name, Email: name + "@example.com",
			Accounts: []incident.Account{{Platform: "test", ID: "U" + name}},
		})
	}
	h.router = commands.New(commands.Ports{Door: h, Desk: h, Look: h, Details: h, World: h, Ear: h, Rooms: h, Announce: h, Reviews: h})
	return h
}

var general = chat.Place{Platform: "test", Room: "C-general", Name: "general"}

func roomOf(n incident.Number) chat.Place {
	return chat.Place{Platform: "test", Room: "C-" + n.String(), Name: strings.ToLower(n.String())}
}

// ask is a request that a test changes as it needs.
func (h *house) ask(who, text string) chat.Request {
	return chat.Request{
		Key: fmt.Sprintf("test//%d", h.keys.Add(1)), Text: text, At: h.now, Via: "command", Place: general,
		User: chat.User{Platform: "test", ID: "U" + who, Name: who},
	}
}

// say types a command in the room general.
func (h *house) say(who, text string) chat.Reply {
	return h.router.Handle(context.Background(), h.ask(who, text))
}

// in types a command in an incident's room.
func (h *house) in(n incident.Number, who, text string) chat.Reply {
	r := h.ask(who, text)
	r.Place = roomOf(n)
	return h.router.Handle(context.Background(), r)
}

// press presses a button that a reply offered.
func (h *house) press(who string, r chat.Reply, label string) chat.Reply {
	h.t.Helper()
	return h.pressIn(general, who, r, label)
}

func (h *house) pressIn(p chat.Place, who string, r chat.Reply, label string) chat.Reply {
	h.t.Helper()
	for _, a := range actions(r.Message) {
		if a.Label == label {
			req := h.ask(who, a.Command)
			req.Place, req.Via, req.Seen = p, "button", a.Seen
			return h.router.Handle(context.Background(), req)
		}
	}
	h.t.Fatalf("no button %q in %q", label, shown(r))
	return chat.Reply{}
}

func actions(m chat.Message) []chat.Action {
	all := slices.Clone(m.Actions)
	for _, p := range m.Parts {
		if b, ok := p.(chat.Buttons); ok {
			all = append(all, b...)
		}
	}
	return all
}

func labels(r chat.Reply) []string {
	var out []string
	for _, a := range actions(r.Message) {
		out = append(out, a.Label)
	}
	return out
}

// shown is a reply as a person reads it.
func shown(r chat.Reply) string { return chat.Plaintext(r.Message, chat.Paper{Zone: "UTC", Now: noon}) }

// declared declares an incident and opens its room.
func (h *house) declared(who, title string) incident.Number {
	h.t.Helper()
	r := h.say(who, "declare "+title)
	if r.Kind != "" {
		h.t.Fatalf("declare %q: %s", title, shown(r))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.streams[h.order[len(h.order)-1]]
	h.opens(s)
	return s.state.Number
}

// opens gives an incident its room, as a reactor would.
func (h *house) opens(s *stream) {
	h.t.Helper()
	p := roomOf(s.state.Number)
	events, err := s.state.OpenRoom(incident.Room{Platform: "test", ID: p.Room, Name: p.Name})
	if err != nil {
		h.t.Fatal(err)
	}
	h.append(s, incident.Meta{Recorded: h.now, Actor: incident.House}, events)
}

func (h *house) state(n incident.Number) incident.Incident {
	h.t.Helper()
	for _, s := range h.streams {
		if s.state.Number == n {
			return s.state
		}
	}
	h.t.Fatalf("no %s", n)
	return incident.Incident{}
}

func (h *house) append(s *stream, m incident.Meta, events []incident.Event) []incident.Recorded {
	recs := incident.Record(s.state.ID.Stream(), s.state.Head, m, events)
	for _, r := range recs {
		s.state = s.state.Apply(r)
		for _, mk := range incident.Marks(r) {
			if mk.Delete {
				delete(s.marks, mk.Key)
			} else {
				s.marks[mk.Key] = mk
			}
		}
	}
	s.events = append(s.events, recs...)
	h.commits++
	return recs
}

// Door.

func (h *house) Asker(_ context.Context, r chat.Request) (commands.Input, error) {
	if h.down != nil {
		return commands.Input{}, h.down
	}
	for _, p := range h.people {
		if p.Accounts[0].ID == r.User.ID {
			zone := time.UTC
			if z, err := time.LoadLocation(h.zones[p.ID]); err == nil {
				zone = z
			}
			return commands.Input{Request: r, Person: p, Actor: incident.Actor{
				Person: p.ID, Account: "test::" + r.User.ID, Standing: h.standing[p.Name], Reader: true, At: r.At, Zone: zone, Admin: h.admins[p.ID],
			}.Under(h.policy)}, nil
		}
	}
	return commands.Input{}, fault.New(fault.NotFound, "nobody has the account %s", r.User.ID)
}

func (h *house) Voice(_ context.Context, in commands.Input) say.Voice {
	return say.Voice{
		Platform: "test", Command: "/incident", Zone: in.Actor.Zone.String(), Now: h.now, Policy: h.policy,
		Face: func(id incident.PersonID) say.Face {
			p := h.Person(context.Background(), id)
			return say.Face{Name: p.Name}
		},
	}
}

// Desk.

func (h *house) Met(_ context.Context, in commands.Input) (chat.Reply, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r, ok := h.outcomes[in.Request.Key]
	r.Repeat = ok
	return r, ok, h.down
}

func (h *house) settle(in commands.Input, decide func() chat.Reply) (chat.Reply, error) {
	if b := h.between; b != nil {
		h.between = nil
		b()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down != nil {
		return chat.Reply{}, h.down
	}
	if r, ok := h.outcomes[in.Request.Key]; ok {
		r.Repeat = true
		return r, nil
	}
	r := decide()
	h.outcomes[in.Request.Key] = r
	return r, nil
}

func (h *house) refused(in commands.Input, err error) chat.Reply {
	return chat.Reply{Kind: fault.KindOf(err).String(), Message: say.Problem(err, h.Voice(context.Background(), in))}
}

func meta(in commands.Input) incident.Meta {
	return incident.Meta{Recorded: in.Request.At, Actor: in.Actor.Person, Account: in.Actor.Account, Key: in.Request.Key}
}

func (h *house) Declare(_ context.Context, in commands.Input, d commands.Decision) (chat.Reply, error) {
	return h.settle(in, func() chat.Reply {
		id := incident.IDFor(in.Request.Key)
		s := &stream{state: incident.Incident{ID: id, Number: incident.Number(len(h.order) + 1)}, marks: map[string]incident.Mark{}}
		events, err := d.Decide(s.state)
		if err != nil {
			return h.refused(in, err)
		}
		recs := h.append(s, meta(in), events)
		h.streams[id] = s
		h.order = append(h.order, id)
		return d.Reply(s.state, recs)
	})
}

func (h *house) Change(_ context.Context, in commands.Input, id incident.ID, d commands.Decision) (chat.Reply, error) {
	return h.settle(in, func() chat.Reply {
		s := h.streams[id]
		if _, err := d.Decide(s.state); err != nil { // twice, as a desk may
			return h.refused(in, err)
		}
		events, err := d.Decide(s.state)
		if err != nil {
			return h.refused(in, err)
		}
		var recs []incident.Recorded
		if len(events) > 0 {
			recs = h.append(s, meta(in), events)
		}
		return d.Reply(s.state, recs)
	})
}

func (h *house) Merge(_ context.Context, in commands.Input, from, into incident.ID, d commands.PairDecision) (chat.Reply, error) {
	return h.settle(in, func() chat.Reply {
		a, b := h.streams[from], h.streams[into]
		mine, theirs, err := d.Decide(a.state, b.state)
		if err != nil {
			return h.refused(in, err)
		}
		h.append(a, meta(in), mine)
		h.append(b, meta(in), theirs)
		return d.Reply(a.state, b.state)
	})
}

func (h *house) SetZone(_ context.Context, in commands.Input, zone string, reply chat.Reply) (chat.Reply, error) {
	return h.settle(in, func() chat.Reply {
		h.zones[in.Actor.Person] = zone
		h.commits++
		return reply
	})
}

func (h *house) Retry(ctx context.Context, in commands.Input, id incident.ID, _ string, d commands.Decision) (chat.Reply, error) {
	return h.Change(ctx, in, id, d)
}

func bytesOf(t *testing.T, r chat.Reply) string {
	t.Helper()
	b, err := chat.EncodeReply(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func asJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
