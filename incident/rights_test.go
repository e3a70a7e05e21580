package incident_test

import (
	"testing"
	"time"

	"tocsin/incident"
)

// verbs are one call of each decision that a person makes, on any state.
func verbs() map[string]func(i incident.Incident, a incident.Actor, p incident.Policy) ([]incident.Event, error) {
	type ev = []incident.Event
	type fn = func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error)
	task := incident.Item{ID: 1, Text: incident.Text{Words: "x"}}
	note := incident.Recorded{Version: 1, Event: incident.NoteAdded{Text: incident.Text{Words: "a"}}}
	return map[string]fn{
		"rename": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Rename(a, "new title")
		},
		"severity": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.SetSeverity(a, incident.Sev2, "", p)
		},
		"status": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.SetStatus(a, incident.Monitoring, "", p)
		},
		"service": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.AddService(a, "vault", p)
		},
		"service off": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.RemoveService(a, "vault")
		},
		"impact": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.SetImpact(a, "orders fail")
		},
		"cause": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.SetCause(a, "change", "", p)
		},
		"started": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.SetMilestone(a, incident.Started, noon().Add(-time.Hour))
		},
		"private": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.SetPrivate(a, true, "data")
		},
		"field": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.SetField(a, "Region", "Europe", p)
		},
		"call": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.SetCall(a, "https://meet.example.com")
		},
		"take": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.Take(a, incident.Scribe, p)
		},
		"assign": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.Assign(a, incident.Operations, cy, p)
		},
		"release": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.Release(a, incident.Commander, p)
		},
		"handover": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.OfferHandover(a, "", cy, "")
		},
		"accept": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.AnswerHandover(a, true)
		},
		"invite": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Invite(a, cy) },
		"remove": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Remove(a, cy) },
		"page": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Page(a, team("shop"), "", "")
		},
		"ack": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Acknowledge(a, "")
		},
		"page off": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.CallOff(a, "") },
		"escalate": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Escalate(a, "") },
		"update": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.PostUpdate(a, "we look", time.Time{}, false, p)
		},
		"update fix": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.FixUpdate(a, 1, incident.Text{}, "x")
		},
		"follow": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Follow(a, false) },
		"unfollow": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Unfollow(a, false)
		},
		"remind": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Remind(a, a.At.Add(time.Hour), "x")
		},
		"snooze": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Snooze(a, "", a.At.Add(time.Hour))
		},
		"note": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Note(a, "disk full", time.Time{})
		},
		"capture": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Capture(a, spoken("x"), "pin", false)
		},
		"decide": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Decide(a, "roll back")
		},
		"link": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Link(a, "https://x.example.com", "")
		},
		"edit": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Edit(a, note, "b")
		},
		"strike": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Strike(a, note) },
		"undo":   func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Undo(a, nil) },
		"task": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.AddTask(a, "restart", "")
		},
		"action": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.AddAction(a, "alert", "", time.Time{})
		},
		"checklist": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.AddChecklist(a, "payments", p)
		},
		"done":    func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Done(a, task) },
		"resolve": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Resolve(a, "") },
		"reopen": func(i incident.Incident, a incident.Actor, p incident.Policy) (ev, error) {
			return i.Reopen(a, "back", p)
		},
		"cancel": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Cancel(a, incident.Other, "")
		},
		"close": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) { return i.Close(a, "") },
		"adopt": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.Adopt(a, incident.Room{Platform: "console", ID: "ops"})
		},
		"pending": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			return i.RetryEffect(a, "j")
		},
		"merge": func(i incident.Incident, a incident.Actor, _ incident.Policy) (ev, error) {
			other := i
			other.ID, other.Number, other.Status = "inc2", 7, incident.Triage
			mine, _, err := i.MergeInto(a, other)
			return mine, err
		},
	}
}

// statuses are stages that stand in each status.
func statuses(t *testing.T) map[incident.Status]*stage {
	t.Helper()
	all := map[incident.Status]*stage{}
	for _, st := range incident.Statuses() {
		s := open(t)
		switch st {
		case incident.Closed:
			s.ok(s.inc.Resolve(s.as(bo), ""))
			s.ok(s.inc.Close(s.as(bo), ""))
		case incident.Merged:
			other := s.inc
			other.ID, other.Number = "inc2", 7
			mine, _, err := s.inc.MergeInto(s.as(bo), other)
			s.ok(mine, err)
		case incident.Triage:
		default:
			s.ok(s.inc.SetStatus(s.as(bo), st, "", s.policy))
		}
		if s.inc.Status != st {
			t.Fatalf("the stage stands in %v, want %v", s.inc.Status, st)
		}
		all[st] = s
	}
	return all
}

func TestEveryDecisionOnEveryStatusGivesEventsOrASentence(t *testing.T) {
	t.Parallel()
	for st, s := range statuses(t) {
		for verb, do := range verbs() {
			events, err := do(s.inc, s.as(cy), s.policy)
			switch {
			case err != nil:
				checkSentence(t, err)
				if len(events) > 0 {
					t.Errorf("%s in %s refuses and gives events", verb, st)
				}
			case len(events) == 0:
				t.Errorf("%s in %s says nothing at all", verb, st)
			}
		}
	}
}

func TestAfterTheEndOnlyTheRecordGoesOn(t *testing.T) {
	t.Parallel()
	always := []string{"note", "capture", "decide", "link", "edit", "strike", "follow", "unfollow", "invite", "private"}
	record := []string{"rename", "severity", "service", "impact", "cause", "started", "field", "task", "action", "checklist"}
	working := []string{"status", "take", "assign", "release", "handover", "page", "escalate", "snooze", "resolve", "cancel", "adopt"}
	for st, s := range statuses(t) {
		allowed := func(verb string) bool {
			_, err := verbs()[verb](s.inc, s.as(ann), s.policy)
			return err == nil
		}
		for _, v := range always {
			if !allowed(v) {
				t.Errorf("%s is refused in %s", v, st)
			}
		}
		for _, v := range record {
			if allowed(v) != (st != incident.Merged) {
				t.Errorf("%s in %s: %v", v, st, allowed(v))
			}
		}
		for _, v := range working {
			if !st.Open() && allowed(v) {
				t.Errorf("%s is allowed in %s", v, st)
			}
		}
	}
}

func TestGuestsAndOutsidersLookAndFollow(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, standing := range []incident.Standing{incident.Guest, incident.Outsider} {
		for verb, do := range verbs() {
			a := s.as(dee)
			a.Standing = standing
			_, err := do(s.inc, a, s.policy)
			if verb == "follow" || verb == "unfollow" {
				if err != nil {
					t.Errorf("%v may not %s: %v", standing, verb, err)
				}
				continue
			}
			s.no(nil, err).with(forbidden, "Guests may look and follow", "{person:p-ann}")
		}
		a := s.as(dee)
		a.Standing, a.Reader = standing, false
		s.no(s.inc.Follow(a, false)).with(forbidden)
	}
	a := s.as(dee)
	a.Standing, a.Guests = incident.Guest, true
	s.ok(s.inc.Note(a, "policy lets guests in", time.Time{}))
	a.Standing = incident.Outsider
	s.no(s.inc.Note(a, "but nobody of another house", time.Time{})).with(forbidden)
	_, err := incident.Declare(a, 1, incident.Declaration{Title: "x"}, s.policy)
	s.no(nil, err).with(forbidden, "any full member of the workspace can do this")
}

func TestBotsAndNobodyChangeNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	for verb, do := range verbs() {
		a := s.as(dee)
		a.Standing, a.Admin = incident.Machine, true
		_, err := do(s.inc, a, s.policy)
		s.no(nil, err).with(forbidden, "Bots cannot")
		_, err = do(s.inc, s.as(""), s.policy)
		s.no(nil, err).with(forbidden, "do not know who you are")
		_ = verb
	}
}

func TestPolicyGivesRightsByRoleAndName(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.policy.Rights = []incident.Right{
		{Verb: "resolve", Roles: []incident.Role{incident.Commander, incident.Scribe}},
		{Verb: "severity", Who: []string{"dee@example.com", "console::p-bo"}},
	}
	s.no(s.inc.Resolve(s.as(bo), "")).with(forbidden, "Only the incident commander ({person:p-ann}), the scribe or an admin of tocsin may use resolve here.")
	s.no(s.inc.SetStatus(s.as(bo), incident.Resolved, "", s.policy)).with(forbidden)
	s.no(s.inc.SetSeverity(s.as(ann), incident.Sev2, "", s.policy)).with(forbidden, "dee@example.com")
	s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev3, "", s.policy))
	known := s.as(dee)
	known.Names = []string{"Dee@Example.com"}
	s.ok(s.inc.SetSeverity(known, incident.Sev2, "", s.policy))
	admin := s.as(cy)
	admin.Admin = true
	s.ok(s.inc.SetSeverity(admin, incident.Sev3, "", s.policy))
	s.ok(s.inc.Take(s.as(bo), incident.Scribe, s.policy))
	s.ok(s.inc.Resolve(s.as(bo), ""))
	s.ok(s.inc.Reopen(s.as(cy), "back", s.policy))
	s.ok(s.inc.Resolve(s.as(incident.House), ""))
}

func TestThePolicyHandedInDecides(t *testing.T) {
	t.Parallel()
	s := open(t)
	strict := s.policy
	strict.Rights = []incident.Right{{Verb: "severity", Roles: []incident.Role{incident.Scribe}}}
	s.no(s.inc.SetSeverity(s.as(bo), incident.Sev2, "", strict)).with(forbidden, "the scribe or an admin")
}
