package incident_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tocsin/incident"
)

// storyAlerts is what monitors say while people work.
func storyAlerts(s *stage) {
	g := newGroup()
	g.hear(s.policy, firing("a", s.now.Add(-20*time.Minute)), firing("b", s.now.Add(-5*time.Minute)))
	s.ok(s.inc.AttachGroup(s.as(bo), g.AlertGroup, s.policy))
	g.commit(bo, g.Place(s.inc)...)
	muted, err := g.MuteAlerts(s.as(bo), incident.MuteHour, s.policy)
	s.ok(muted, err)
	g.commit(bo, muted...)
	lifted, err := g.UnmuteAlerts(s.as(bo), s.policy)
	s.ok(lifted, err)
	g.hear(s.policy, recovered("a", s.now.Add(-20*time.Minute), s.now), recovered("b", s.now.Add(-5*time.Minute), s.now))
	events, _ := s.inc.AlertsStand(g.AlertGroup, s.now)
	s.byHouse(events, nil)
	s.as(incident.House)
	for _, r := range g.recs { // of a group's stream; they change nothing here
		s.commit([]incident.Event{r.Event})
	}
}

// group is a group of alerts with its stream.
type group struct {
	incident.AlertGroup
	recs []incident.Recorded
}

func newGroup() *group { return &group{AlertGroup: incident.AlertGroup{ID: "0011223344556677"}} }

func (g *group) commit(by incident.PersonID, events ...incident.Event) {
	recs := incident.Record(g.Stream(), g.Version, incident.Meta{Recorded: noon(), Actor: by}, events)
	for _, r := range recs {
		g.AlertGroup = g.Apply(r)
	}
	g.recs = append(g.recs, recs...)
}

func (g *group) hear(p incident.Policy, alerts ...incident.Alert) []incident.Event {
	events := g.Hear("alertmanager", alerts, p, nil)
	g.commit(incident.House, events...)
	return events
}

func firing(key string, since time.Time) incident.Alert {
	return incident.Alert{
		Group: "checkout", Key: key, Since: since, State: incident.AlertFiring, Title: "Errors on checkout", Severity: "critical",
		Service: "checkout", Link: "https://mon.example.com/" + key, At: since.Add(time.Minute),
	}
}

func recovered(key string, since, at time.Time) incident.Alert {
	a := firing(key, since)
	a.State, a.At = incident.AlertRecovered, at
	return a
}

// timeless is an alert of a vendor that does not say when the firing began.
func timeless(a incident.Alert) incident.Alert {
	a.Since = time.Time{}
	return a
}

func ruled(do incident.AlertDo) incident.Policy {
	p := incident.DefaultPolicy()
	p.Alerts = []incident.AlertRule{{Name: "checkout", Service: "check*", Do: do, Severity: incident.Sev2}}
	return p
}

func decided(events []incident.Event) []incident.AlertsDecided {
	var out []incident.AlertsDecided
	for _, e := range events {
		if d, ok := e.(incident.AlertsDecided); ok {
			out = append(out, d)
		}
	}
	return out
}

// known is what is known of each alert, whatever way it came.
func known(g incident.AlertGroup) []incident.AlertSeen {
	out := append([]incident.AlertSeen{}, g.Seen...)
	for i := range out {
		out[i].Cycle = 0
	}
	return out
}

func TestWhatIsKnownOfAlertsDoesNotDependOnOrderOrRepeats(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "alerts")
		var all []incident.Alert
		for i := range n {
			since := noon().Add(time.Duration(rapid.IntRange(0, 5).Draw(t, fmt.Sprint("since", i))) * time.Minute)
			a := firing(string(rune('a'+rapid.IntRange(0, 2).Draw(t, fmt.Sprint("key", i)))), since)
			if rapid.Bool().Draw(t, fmt.Sprint("over", i)) {
				a.State, a.At = incident.AlertRecovered, since.Add(30*time.Second)
			}
			if rapid.Bool().Draw(t, fmt.Sprint("timeless", i)) {
				a = timeless(a)
			}
			all = append(all, a)
		}
		one, other := newGroup(), newGroup()
		p := ruled(incident.DeclareAlerts)
		one.hear(p, all...)
		for range 2 {
			for _, a := range rapid.Permutation(all).Draw(t, "order") {
				other.hear(p, a)
			}
		}
		if diff := cmp.Diff(known(one.AlertGroup), known(other.AlertGroup)); diff != "" {
			t.Fatalf("another order gives another end:\n%s", diff)
		}
		if one.Firing() != other.Firing() {
			t.Fatalf("%d fire, in another order %d", one.Firing(), other.Firing())
		}
		if again := other.hear(p, all...); len(again) != 0 {
			t.Fatalf("hearing everything once more gives %d events", len(again))
		}
	})
}

func TestTheFoldGivesWhatHearingSaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := newGroup()
		for i := range rapid.IntRange(1, 20).Draw(t, "steps") {
			since := noon().Add(time.Duration(rapid.IntRange(0, 90).Draw(t, fmt.Sprint("since", i))) * time.Minute)
			a := firing(string(rune('a'+i%3)), since)
			if rapid.Bool().Draw(t, fmt.Sprint("over", i)) {
				a = recovered(a.Key, since, since.Add(time.Minute))
			}
			g.hear(ruled(incident.SuggestAlerts), a)
		}
		raw, err := json.Marshal(g.AlertGroup)
		if err != nil {
			t.Fatal(err)
		}
		var back incident.AlertGroup
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		var folded incident.AlertGroup
		for _, r := range g.recs {
			folded = folded.Apply(r)
		}
		if diff := cmp.Diff(g.AlertGroup, back); diff != "" {
			t.Fatalf("kept as JSON it is another:\n%s", diff)
		}
		if diff := cmp.Diff(g.AlertGroup, folded); diff != "" && len(g.recs) > 0 {
			t.Fatalf("folded anew it is another:\n%s", diff)
		}
	})
}

func TestALateOrRepeatedFiringOpensNothing(t *testing.T) {
	t.Parallel()
	p := ruled(incident.DeclareAlerts)
	g := newGroup()
	if d := decided(g.hear(p, firing("a", noon()))); len(d) != 1 || d[0].Do != incident.DeclareAlerts || d[0].Cycle != 1 || d[0].Severity != incident.Sev2 {
		t.Fatalf("the first firing decides %+v", d)
	}
	g.hear(p, recovered("a", noon(), noon().Add(time.Hour)))
	if events := g.hear(p, firing("a", noon())); len(events) != 0 {
		t.Errorf("an old firing gives %v", events)
	}
	if d := decided(g.hear(p, firing("a", noon().Add(65*time.Minute)))); len(d) != 0 || g.Cycle != 1 || g.Firing() != 1 {
		t.Errorf("firing again 5 min later is another trouble: %+v", d)
	}
	g.hear(p, recovered("a", noon().Add(65*time.Minute), noon().Add(70*time.Minute)))
	if d := decided(g.hear(p, firing("a", noon().Add(3*time.Hour)))); len(d) != 1 || g.Cycle != 2 {
		t.Errorf("firing again hours later is the same trouble: %+v", d)
	}
	first := newGroup()
	first.hear(p, recovered("a", noon(), noon().Add(time.Minute)))
	if d := decided(first.hear(p, firing("a", noon()))); len(d) != 0 || first.Cycle != 0 {
		t.Errorf("what was over before it was heard of opens something: %+v", d)
	}
}

func TestWithinOneTroubleADecisionOnlyBecomesStronger(t *testing.T) {
	t.Parallel()
	p := incident.DefaultPolicy()
	p.Alerts = []incident.AlertRule{
		{Name: "page", Words: []string{"critical"}, Do: incident.DeclareAlerts, Severity: incident.Sev1},
		{Name: "quiet", Words: []string{"info"}, Do: incident.IgnoreAlerts},
	}
	info, other, critical := firing("a", noon()), firing("b", noon()), firing("c", noon())
	info.Severity, other.Severity = "info", "warning"
	g := newGroup()
	g.hear(p, info)
	if g.Decided.Do != incident.IgnoreAlerts {
		t.Fatalf("info is decided as %q", g.Decided.Do)
	}
	g.hear(p, other)
	if g.Decided.Do != incident.SuggestAlerts || g.Decided.Rule != "" {
		t.Fatalf("what no rule matches is decided as %+v", g.Decided)
	}
	g.hear(p, critical)
	if g.Decided.Do != incident.DeclareAlerts || g.Decided.Rule != "page" {
		t.Fatalf("critical is decided as %+v", g.Decided)
	}
	info.Key = "d"
	g.hear(p, info)
	if g.Decided.Do != incident.DeclareAlerts {
		t.Errorf("a weaker one made it %q", g.Decided.Do)
	}
}

func TestRulesMatchByPatterns(t *testing.T) {
	t.Parallel()
	a := incident.Alert{Title: "Errors on Checkout", Service: "checkout", Severity: "critical", Labels: map[string]string{"env": "prod-eu"}}
	for name, c := range map[string]struct {
		rule incident.AlertRule
		want bool
	}{
		"everything":        {incident.AlertRule{}, true},
		"the source":        {incident.AlertRule{Source: "alertmanager"}, true},
		"another source":    {incident.AlertRule{Source: "grafana"}, false},
		"a title's pattern": {incident.AlertRule{Match: "errors*checkout"}, true},
		"inner words":       {incident.AlertRule{Match: "*on*"}, true},
		"twice in a row":    {incident.AlertRule{Match: "errors*errors on checkout"}, false},
		"the whole title":   {incident.AlertRule{Match: "errors"}, false},
		"a label":           {incident.AlertRule{Labels: map[string]string{"env": "prod-*"}}, true},
		"a missing label":   {incident.AlertRule{Labels: map[string]string{"zone": "*"}}, false},
		"a word":            {incident.AlertRule{Words: []string{"warning", "CRITICAL"}}, true},
		"other words":       {incident.AlertRule{Words: []string{"warning"}}, false},
		"service and word":  {incident.AlertRule{Service: "check*", Words: []string{"critical"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := incident.Policy{Alerts: []incident.AlertRule{c.rule}}
			if _, got := p.AlertRule("alertmanager", a); got != c.want {
				t.Errorf("%+v matches: %v", c.rule, got)
			}
		})
	}
}

func TestAGroupStaysBounded(t *testing.T) {
	t.Parallel()
	g, p := newGroup(), ruled(incident.SuggestAlerts)
	var all []incident.Alert
	for i := range incident.MaxGroupAlerts + 500 {
		all = append(all, firing(fmt.Sprint(i), noon().Add(time.Duration(i)*time.Second)))
	}
	events := g.hear(p, all...)
	if len(g.Seen) != incident.MaxGroupAlerts || !g.Cut {
		t.Errorf("%d alerts are kept, cut %v", len(g.Seen), g.Cut)
	}
	for _, e := range events {
		if raw, err := json.Marshal(e); err != nil || len(raw) > 40_000 {
			t.Errorf("an event of %d bytes (%v)", len(raw), err)
		}
	}
	if raw, err := json.Marshal(g.AlertGroup); err != nil || len(raw) > 100_000 {
		t.Errorf("the group weighs %d bytes (%v)", len(raw), err)
	}
	if again := g.hear(p, all[:10]...); len(again) != 0 {
		t.Errorf("what was forgotten is news again: %v", again)
	}
}

func TestAMutedRuleIsIgnored(t *testing.T) {
	t.Parallel()
	g := newGroup()
	events := g.Hear("alertmanager", []incident.Alert{firing("a", noon())}, ruled(incident.DeclareAlerts), func(rule string) bool { return rule == "checkout" })
	if d := decided(events); len(d) != 1 || d[0].Do != incident.IgnoreAlerts || d[0].Why == "" {
		t.Errorf("decided %+v", d)
	}
}

func TestMutesEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	g := newGroup()
	g.hear(s.policy, firing("a", s.now))
	mute := func(how incident.AlertMute) {
		events, err := g.MuteAlerts(s.as(bo), how, s.policy)
		if err != nil {
			t.Fatal(err)
		}
		g.commit(bo, events...)
	}
	mute(incident.MuteHour)
	if !g.Muted(s.now.Add(59*time.Minute)) || g.Muted(s.now.Add(61*time.Minute)) {
		t.Error("an hour is not an hour")
	}
	mute(incident.MuteRecovered)
	if !g.Muted(s.now.Add(99 * time.Hour)) {
		t.Error("it is not muted while it fires")
	}
	g.hear(s.policy, recovered("a", s.now, s.now.Add(time.Minute)), firing("a", s.now.Add(5*time.Hour)))
	if g.Muted(s.now.Add(5 * time.Hour)) {
		t.Error("the next trouble is muted too")
	}
	s.no(g.MuteAlerts(s.as(bo), incident.MuteRule, s.policy)).with(invalid, "No rule")
	s.no(g.MuteAlerts(s.as(bo), "ever", s.policy)).with(invalid, "an hour")
	s.no(g.UnmuteAlerts(s.as(guest(s)), s.policy))
}

func guest(*stage) incident.PersonID { return "" }

func TestAnIncidentFollowsItsAlerts(t *testing.T) {
	t.Parallel()
	s := open(t)
	g, p := newGroup(), ruled(incident.DeclareAlerts)
	since := s.now.Add(-30 * time.Minute)
	g.hear(p, firing("a", since))
	s.as(incident.House)
	s.ok(s.inc.AttachGroup(s.as(incident.House), g.AlertGroup, p))
	if m := s.inc.Milestones; !m.Started.Equal(since) || !m.Detected.Equal(since) {
		t.Errorf("started %v, detected %v, the alert fired at %v", m.Started, m.Detected, since)
	}
	s.nothing(s.inc.AttachGroup(s.as(incident.House), g.AlertGroup, p))
	g.hear(p, firing("b", s.now))
	events, again := s.inc.AlertsStand(g.AlertGroup, s.now.Add(10*time.Second))
	if len(events) != 0 || again.IsZero() {
		t.Fatalf("a count is told at once: %v, %v", events, again)
	}
	s.wait(time.Minute)
	events, _ = s.inc.AlertsStand(g.AlertGroup, s.now)
	s.byHouse(events, nil)
	if s.inc.Alerts[0].Firing != 2 {
		t.Errorf("the incident knows of %+v", s.inc.Alerts)
	}
	g.hear(p, recovered("a", since, s.now), recovered("b", s.now.Add(-time.Minute), s.now))
	events, _ = s.inc.AlertsStand(g.AlertGroup, s.now)
	if e := events[0].(incident.AlertsChanged); !e.All || e.Now != "recovered" {
		t.Errorf("all recovered is told as %+v", e)
	}
	s.byHouse(events, nil)
	s.ok(s.inc.Resolve(s.as(ann), ""))
	s.no(s.inc.AttachGroup(s.as(bo), newGroup().AlertGroup, p)).with(conflict, "resolved")
}

func TestMoreGroupsThanAreFollowedAreCounted(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range incident.MaxAlertGroups + 3 {
		g := newGroup()
		g.ID = fmt.Sprintf("%016d", i)
		a := firing("a", s.now)
		a.Title = strings.Repeat("long words ", 30)
		g.hear(s.policy, a)
		s.ok(s.inc.AttachGroup(s.as(bo), g.AlertGroup, s.policy))
	}
	if len(s.inc.Alerts) != incident.MaxAlertGroups || s.inc.AlertsMore != 3 {
		t.Errorf("%d are followed, %d more", len(s.inc.Alerts), s.inc.AlertsMore)
	}
	if raw, err := json.Marshal(s.inc); err != nil || len(raw) > 8192 {
		t.Errorf("the state weighs %d bytes (%v)", len(raw), err)
	}
}

func TestAnIncidentIsDeclaredForAGroup(t *testing.T) {
	t.Parallel()
	g, p := newGroup(), ruled(incident.DeclareAlerts)
	g.hear(p, firing("a", noon()))
	events, err := incident.DeclareFor(incident.Actor{Person: incident.House, At: noon()}, 7, g.AlertGroup, p)
	if err != nil {
		t.Fatal(err)
	}
	d := events[0].(incident.Declared)
	if d.Title.Words != "Errors on checkout" || d.Severity != incident.Sev2 || d.Commander != "" || len(d.Services) != 1 {
		t.Errorf("declared %+v", d)
	}
	if a := events[len(events)-1].(incident.AlertsAttached); a.How != "by rule checkout" || a.Firing != 1 {
		t.Errorf("attached %+v", a)
	}
}
