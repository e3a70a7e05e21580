package say_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/bot/say"
	"tocsin/incident"
)

func start() time.Time { return time.Date(2026, 11, 25, 14, 5, 0, 0, time.UTC) }

// policy is the house of the stories.
func policy() incident.Policy {
	p := incident.DefaultPolicy()
	p.Services = []incident.ServiceRule{{Service: incident.Service{
		Name: "checkout", Known: true, Owner: "payments", Runbook: "https://runbooks.example/checkout",
		Dashboard: "https://graphs.example/checkout", Logs: "https://logs.example/checkout", Contact: "support@vendor.example",
	}, Team: "checkout"}}
	p.Teams = []incident.Team{{Name: "checkout", Target: "checkout"}}
	p.Checklists = []incident.Checklist{{Name: "outage", Lines: []string{"Put up the maintenance page", "Call the vendor"}}}
	p.Fields = []incident.FieldRule{{Name: "Region", Kind: incident.TextField, Ask: "declare"}}
	return p
}

// faces are the people of the stories.
func faces(id incident.PersonID) say.Face {
	switch id {
	case "ann":
		return say.Face{Name: "Ann Lee", Account: "U1"}
	case "bo":
		return say.Face{Name: "Bo Chen", Account: "U2"}
	case "cy":
		return say.Face{Name: "Cy Diaz"} // has no account on this platform
	case incident.House:
	}
	return say.Face{}
}

func voice(now time.Time) say.Voice {
	return say.Voice{Platform: "console", Command: "/incident", Zone: "Europe/Berlin", Now: now, Link: "https://tocsin.example", Policy: policy(), Face: faces}
}

// story is an incident that things happen to.
type story struct {
	t    *testing.T
	inc  incident.Incident
	recs []incident.Recorded
	now  time.Time
}

func begin(t *testing.T, d incident.Declaration) *story {
	t.Helper()
	s := &story{t: t, now: start(), inc: incident.Incident{ID: "0123456789abcdef0123"}}
	if d.Title == "" {
		d.Title = "checkout is failing"
	}
	events, err := incident.Declare(s.by("ann"), 142, d, policy())
	s.put("ann", events, err)
	return s
}

func (s *story) by(who incident.PersonID) incident.Actor {
	return incident.Actor{Person: who, Account: "console:console:" + string(who), At: s.now, Reader: true, Zone: time.UTC}.Under(policy())
}

// put records what a decision gave.
func (s *story) put(who incident.PersonID, events []incident.Event, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("the story breaks: %v", err)
	}
	meta := incident.Meta{Recorded: s.now, Actor: who, Key: "k" + s.now.String()}
	for _, r := range incident.Record(s.inc.ID.Stream(), s.inc.Head, meta, events) {
		s.recs, s.inc = append(s.recs, r), s.inc.Apply(r)
	}
}

// after lets time pass and one thing happen.
func (s *story) after(d time.Duration, who incident.PersonID, do func(incident.Incident, incident.Actor) ([]incident.Event, error)) *story {
	s.t.Helper()
	s.now = s.now.Add(d)
	events, err := do(s.inc, s.by(who))
	s.put(who, events, err)
	return s
}

// house is something that the house records.
func (s *story) house(do func(incident.Incident) ([]incident.Event, error)) *story {
	s.t.Helper()
	events, err := do(s.inc)
	s.put(incident.House, events, err)
	return s
}

func (s *story) voice() say.Voice { return voice(s.now) }

// last is the newest event of a kind.
func last[E incident.Event](s *story) incident.Recorded {
	s.t.Helper()
	for i := len(s.recs) - 1; i >= 0; i-- {
		if _, ok := s.recs[i].Event.(E); ok {
			return s.recs[i]
		}
	}
	s.t.Fatal("the story has no such event")
	return incident.Recorded{}
}

func (s *story) page(n int) incident.Page {
	s.t.Helper()
	if len(s.inc.Pages) <= n {
		s.t.Fatalf("the story has %d pages", len(s.inc.Pages))
	}
	return s.inc.Pages[n]
}

func room() incident.Room {
	return incident.Room{Platform: "console", ID: "r142", Name: "inc-142-checkout-is-failing"}
}

func opened(i incident.Incident) ([]incident.Event, error) { return i.OpenRoom(room()) }

func team(name string) incident.Target {
	return incident.Target{Kind: incident.TeamTarget, Name: name, Pager: "practice"}
}

// fresh is an incident just declared.
func fresh(t *testing.T) *story { return begin(t, incident.Declaration{}) }

// busy is an incident at its height.
func busy(t *testing.T) *story {
	t.Helper()
	p := policy()
	s := begin(t, incident.Declaration{Severity: incident.Sev2, Services: []string{"checkout", "basket"}, Fields: map[string]string{"Region": "eu-1"}}).house(opened)
	type (
		inc   = incident.Incident
		actor = incident.Actor
		done  = []incident.Event
	)
	s.after(time.Minute, "bo", func(i inc, a actor) (done, error) { return i.Take(a, incident.Commander, p) })
	s.after(time.Minute, "bo", func(i inc, a actor) (done, error) { return i.Assign(a, incident.Communications, "cy", p) })
	s.after(time.Minute, "bo", func(i inc, a actor) (done, error) { return i.SetImpact(a, "nobody can pay by card") })
	s.after(time.Minute, "bo", func(i inc, a actor) (done, error) {
		return i.Page(a, team("checkout"), "cards are refused", "asked by hand")
	})
	s.house(func(i inc) (done, error) {
		return i.PageNews(incident.PageAccepted{Page: "p1", Pager: "practice", Whom: "Mara Voss", Practice: true})
	})
	s.after(time.Minute, "ann", func(i inc, a actor) (done, error) { return i.AddTask(a, "look at the card gateway", "ann") })
	s.after(time.Minute, "ann", func(i inc, a actor) (done, error) {
		return i.AddAction(a, "alert on refused cards", "bo", s.now.Add(48*time.Hour))
	})
	s.after(time.Minute, "bo", func(i inc, a actor) (done, error) { return i.SetCall(a, "https://meet.example/142") })
	s.after(time.Minute, "bo", func(i inc, a actor) (done, error) {
		return i.SetStatus(a, incident.Identified, "the gateway's certificate ran out", p)
	})
	s.after(time.Minute, "cy", func(i inc, a actor) (done, error) {
		return i.PostUpdate(a, "Card payments fail. We know why and are replacing a certificate.", time.Time{}, false, p)
	})
	s.after(time.Minute, "bo", func(i inc, a actor) (done, error) { return i.Decide(a, "replace the certificate by hand") })
	return s
}

// over is an incident that was resolved.
func over(t *testing.T) *story {
	t.Helper()
	return busy(t).after(20*time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Resolve(a, "the certificate is new")
	})
}

// nasty is what people may write.
const nasty = "<!channel> @everyone <b>x</b> *y* `z` [a](javascript:b) \u202eevil"

func hostile(t *testing.T) *story {
	t.Helper()
	s := begin(t, incident.Declaration{Title: nasty}).house(opened)
	s.after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.SetImpact(a, nasty) })
	s.after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Page(a, team("checkout"), nasty, "asked by hand")
	})
	s.after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.AddTask(a, nasty, "ann")
	})
	return s.after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.PostUpdate(a, nasty, time.Time{}, false, policy())
	})
}

func secret(s string) bool {
	for _, mark := range []string{"ghp_", "xoxb-", "AKIA", "password=", "Bearer ", "-----BEGIN", "/root/", "/home/", "/tmp/"} {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return false
}
