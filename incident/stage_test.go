package incident_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files anew, and frozen ones that are missing")

// People of the tests. Ann declares.
const (
	ann incident.PersonID = "p-ann"
	bo  incident.PersonID = "p-bo"
	cy  incident.PersonID = "p-cy"
	dee incident.PersonID = "p-dee"
)

// noon is when every test begins: a Wednesday.
func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// stage plays decisions on one incident as the house does: each commit is
// written as JSON, with the words beside it, and read back.
type stage struct {
	t      testing.TB
	inc    incident.Incident
	recs   []incident.Recorded
	words  map[string]incident.Text
	now    time.Time
	policy incident.Policy
	actor  incident.Actor
	n      int
}

func newStage(tb testing.TB) *stage {
	tb.Helper()
	return &stage{
		t: tb, now: noon(), policy: house(), words: map[string]incident.Text{},
		inc: incident.Incident{ID: "inc1", Number: 142},
	}
}

// open is a stage on which Ann has declared an incident.
func open(tb testing.TB) *stage {
	tb.Helper()
	s := newStage(tb)
	s.declare(incident.Declaration{Title: "checkout is failing"})
	return s
}

// openAs is a stage with a declaration of one's own.
func openAs(tb testing.TB, d incident.Declaration) *stage {
	tb.Helper()
	s := newStage(tb)
	s.declare(d)
	return s
}

func (s *stage) declare(d incident.Declaration) []incident.Recorded {
	s.t.Helper()
	return s.ok(incident.Declare(s.as(ann), 142, d, s.policy))
}

// house is a policy with something of everything.
func house() incident.Policy {
	p := incident.DefaultPolicy()
	p.Hash = "test"
	p.Severities[0].Page = []incident.Target{{Kind: incident.TeamTarget, Name: "platform"}, {Kind: incident.ServiceTarget}}
	p.Severities[1].Page = []incident.Target{{Kind: incident.ServiceTarget}}
	p.Severities[4].Off = true
	p.Services = []incident.ServiceRule{
		{
			Service: incident.Service{Name: "checkout", Owner: "shop", Runbook: "https://run.example.com/checkout", Dashboard: "https://dash.example.com/checkout", Logs: "https://logs.example.com/checkout", Contact: "+49 30 1234"},
			Aliases: []string{"orders", "check-out"}, Team: "shop",
		},
		{Service: incident.Service{Name: "search"}, Team: "find"},
	}
	p.Teams = []incident.Team{
		{Name: "shop", Aliases: []string{"shop team"}, Pager: "practice", Target: "SHOP"},
		{Name: "platform", Target: "PLAT"},
		{Name: "find"},
	}
	p.Checklists = []incident.Checklist{
		{Name: "first steps", Severity: incident.Sev1, Lines: []string{"open a call", "freeze deployments"}},
		{Name: "payments", Lines: []string{"tell finance", "check the ledger", "check refunds"}},
	}
	p.Fields = []incident.FieldRule{
		{Name: "Customers", Kind: incident.NumberField, Ask: "declare"},
		{Name: "Region", Kind: incident.ChoiceField, Choices: []string{"Europe", "America"}, Ask: "resolve"},
		{Name: "Ticket", Kind: incident.TextField, Ask: "review"},
	}
	return p
}

// as makes somebody the actor of what follows.
func (s *stage) as(who incident.PersonID) incident.Actor {
	s.actor = incident.Actor{Person: who, Account: "console::" + string(who), At: s.now, Zone: time.UTC, Reader: true}
	if who == incident.House {
		s.actor = incident.ByHouse(s.now)
	}
	return s.actor.Under(s.policy)
}

func (s *stage) wait(d time.Duration) { s.now = s.now.Add(d) }

// ok commits what a decision gave, and fails when it gave nothing.
func (s *stage) ok(events []incident.Event, err error) []incident.Recorded {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("refused: %v", err)
	}
	if len(events) == 0 {
		s.t.Fatal("the decision gave no events, want some")
	}
	return s.commit(events)
}

// house commits what the house records.
func (s *stage) byHouse(events []incident.Event, err error) []incident.Recorded {
	s.t.Helper()
	s.as(incident.House)
	return s.ok(events, err)
}

func (s *stage) commit(events []incident.Event) []incident.Recorded {
	s.t.Helper()
	s.n++
	meta := incident.Meta{
		Recorded: s.now, Actor: s.actor.Person, Account: s.actor.Account,
		Key: fmt.Sprintf("key-%d", s.n), Policy: s.policy.Hash,
	}
	done := incident.Record(s.inc.ID.Stream(), s.inc.Head, meta, events)
	for k := range done {
		done[k] = s.readBack(done[k])
		s.inc = s.inc.Apply(done[k])
		if len(incident.Sentence(done[k])) == 0 {
			s.t.Fatalf("%s has no sentence", incident.NameOf(done[k].Event))
		}
	}
	s.recs = append(s.recs, done...)
	s.inc = s.stored(s.inc)
	return done
}

// readBack is a recorded event as the store gives it back.
func (s *stage) readBack(r incident.Recorded) incident.Recorded {
	s.t.Helper()
	r.Event = incident.MapTexts(r.Event, func(t *incident.Text) {
		t.Hash = "0123456789abcdefghij"
		s.words[t.Ref] = *t
	})
	b, err := json.Marshal(r.Event)
	if err != nil {
		s.t.Fatalf("%s cannot be written: %v", incident.NameOf(r.Event), err)
	}
	back, err := decode(incident.NameOf(r.Event), b)
	if err != nil {
		s.t.Fatalf("%s cannot be read: %v", b, err)
	}
	back = incident.MapTexts(back, s.fill)
	if diff := cmp.Diff(r.Event, back); diff != "" {
		s.t.Fatalf("%s does not survive JSON:\n%s", incident.NameOf(r.Event), diff)
	}
	r.Event = back
	return r
}

func (s *stage) fill(t *incident.Text) {
	t.Words, t.Erased = s.words[t.Ref].Words, s.words[t.Ref].Erased
}

// stored is the state as the store gives it back, small enough.
func (s *stage) stored(i incident.Incident) incident.Incident {
	s.t.Helper()
	b, err := json.Marshal(i)
	if err != nil {
		s.t.Fatalf("the state cannot be written: %v", err)
	}
	if len(b) > 8<<10 {
		s.t.Fatalf("the state has %d bytes, want at most 8 KB: %s", len(b), b)
	}
	var back incident.Incident
	if err := json.Unmarshal(b, &back); err != nil {
		s.t.Fatalf("the state cannot be read: %v", err)
	}
	incident.EachText(&back, s.fill)
	if diff := cmp.Diff(i, back); diff != "" {
		s.t.Fatalf("the state does not survive JSON:\n%s", diff)
	}
	return back
}

// decode reads an event of a kind.
func decode(name string, raw []byte) (incident.Event, error) {
	for _, k := range incident.Kinds() {
		if k.Name == name {
			return unmarshal(k.Zero, raw)
		}
	}
	return nil, errors.New("no such kind: " + name)
}

// refusal is what a decision answered in place of events.
type refusal struct {
	s      *stage
	events []incident.Event
	err    error
}

func (s *stage) no(events []incident.Event, err error) refusal {
	s.t.Helper()
	return refusal{s: s, events: events, err: err}
}

// with checks that it is a refusal of a kind whose sentence holds words, and
// that the sentence is one.
func (r refusal) with(k fault.Kind, words ...string) {
	r.s.t.Helper()
	if r.err == nil {
		r.s.t.Fatalf("gave %d events, want a refusal", len(r.events))
	}
	checkSentence(r.s.t, r.err)
	if fault.KindOf(r.err) != k {
		r.s.t.Fatalf("refused as %v (%v), want %v", fault.KindOf(r.err), r.err, k)
	}
	f, _ := errors.AsType[*fault.Error](r.err)
	for _, w := range words {
		if !strings.Contains(f.Say+" "+f.Try, w) {
			r.s.t.Errorf("the refusal is %q (%s), want it to hold %q", f.Say, f.Try, w)
		}
	}
}

func checkSentence(tb testing.TB, err error) {
	tb.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		tb.Fatalf("%v is not a fault", err)
	}
	if f.Say == "" || !strings.HasSuffix(f.Say, ".") || strings.Contains(f.Say, "%!") || strings.Contains(f.Say, "..") {
		tb.Errorf("%q is no sentence", f.Say)
	}
	if f.Kind == fault.Invalid && !strings.HasPrefix(f.Try, "/incident ") {
		tb.Errorf("%q has no example that works: %q", f.Say, f.Try)
	}
}

// nothing checks that the house had nothing to add.
func (s *stage) nothing(events []incident.Event, err error) {
	s.t.Helper()
	if err != nil || len(events) > 0 {
		s.t.Fatalf("gave %v and %v, want nothing", events, err)
	}
}

// tells checks the sentence of the newest event.
func (s *stage) tells(want string) {
	s.t.Helper()
	if got := plain(incident.Sentence(s.recs[len(s.recs)-1])); got != want {
		s.t.Errorf("the timeline tells %q, want %q", got, want)
	}
}

// plain is a sentence as text, with names.
func plain(parts []incident.Part) string {
	var b strings.Builder
	for _, p := range parts {
		switch p := p.(type) {
		case incident.Words:
			b.WriteString(string(p))
		case incident.Who:
			b.WriteString(called(incident.PersonID(p)))
		case incident.Said:
			b.WriteString("“" + incident.Text(p).String() + "”")
		case incident.Moment:
			b.WriteString(time.Time(p).UTC().Format("02 Jan 15:04"))
		case incident.Where:
			b.WriteString("#" + p.Name)
		case incident.Address:
			b.WriteString("[" + p.Label + "](" + p.URL + ")")
		}
	}
	return b.String()
}

func called(p incident.PersonID) string {
	if len(p) < 3 {
		return "somebody"
	}
	return strings.ToUpper(strings.TrimPrefix(string(p), "p-")[:1]) + strings.TrimPrefix(string(p), "p-")[1:]
}

// last is the newest change of the actor, as undo wants it.
func (s *stage) last(who incident.PersonID) []incident.Recorded {
	s.t.Helper()
	c, ok := s.inc.LastChange(who)
	if !ok {
		return nil
	}
	return s.recs[c.First-1 : c.Last]
}

// undo takes the newest change of somebody back.
func (s *stage) undo(who incident.PersonID) []incident.Recorded {
	s.t.Helper()
	return s.ok(s.inc.Undo(s.as(who), s.last(who)))
}
