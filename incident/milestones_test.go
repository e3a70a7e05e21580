package incident_test

import (
	"testing"
	"time"

	"tocsin/incident"
)

func TestMilestonesComeFromEvents(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "x", Started: noon().Add(-20 * time.Minute)})
	m := func() incident.Milestones { return s.inc.Milestones }
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	want := func(name incident.Milestone, when time.Time) {
		t.Helper()
		if got := m().At(name); !got.Equal(when) {
			t.Errorf("%s is %v, want %v", name, got, when)
		}
	}
	want(incident.Started, at(-20))
	want(incident.Detected, at(0))
	s.wait(time.Minute)
	s.ok(s.inc.Take(s.as(ann), "", s.policy))
	want(incident.Acknowledged, time.Time{}) // the declarer does not answer themselves
	s.wait(time.Minute)
	s.ok(s.inc.Page(s.as(ann), team("shop"), "", ""))
	s.wait(time.Minute)
	s.ok(s.inc.Acknowledge(s.as(bo), ""))
	want(incident.Acknowledged, at(3))
	s.wait(time.Minute)
	s.ok(s.inc.Take(s.as(cy), incident.Scribe, s.policy))
	want(incident.Acknowledged, at(3))
	s.ok(s.inc.SetStatus(s.as(bo), incident.Monitoring, "", s.policy))
	want(incident.Mitigated, at(4))
	s.wait(time.Minute)
	s.ok(s.inc.SetStatus(s.as(bo), incident.Identified, "", s.policy))
	want(incident.Mitigated, time.Time{}) // it was not mitigated after all
	s.wait(time.Minute)
	s.ok(s.inc.SetStatus(s.as(bo), incident.Monitoring, "", s.policy))
	want(incident.Mitigated, at(6))
	s.wait(time.Minute)
	s.ok(s.inc.Resolve(s.as(bo), ""))
	want(incident.ResolvedAt, at(7))
	s.wait(time.Minute)
	s.ok(s.inc.Reopen(s.as(bo), "back", s.policy))
	want(incident.ResolvedAt, time.Time{})
	want(incident.Mitigated, time.Time{}) // followed by a re-open
	s.wait(time.Minute)
	s.ok(s.inc.Resolve(s.as(bo), ""))
	want(incident.ResolvedAt, at(9))
	want(incident.Mitigated, time.Time{})
	if m().At("lunch") != (time.Time{}) {
		t.Error("there is no such milestone")
	}
}

func TestARoleTakenIsAnAnswerToo(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.wait(2 * time.Minute)
	s.ok(s.inc.Assign(s.as(ann), incident.Operations, bo, s.policy))
	if !s.inc.Milestones.Acknowledged.Equal(s.now) {
		t.Errorf("acknowledged at %v", s.inc.Milestones.Acknowledged)
	}
}

func TestACorrectionStaysOnTopOfEvents(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.wait(time.Hour)
	s.ok(s.inc.SetStatus(s.as(bo), incident.Monitoring, "", s.policy))
	measured := s.inc.Milestones.Mitigated
	corrected := s.now.Add(-10 * time.Minute)
	s.ok(s.inc.SetMilestone(s.as(bo), incident.Mitigated, corrected))
	s.tells("Bo corrected the time at which it was mitigated: 25 Nov 12:50")
	s.ok(s.inc.SetStatus(s.as(bo), incident.Identified, "", s.policy))
	s.wait(time.Minute)
	s.ok(s.inc.SetStatus(s.as(bo), incident.Monitoring, "", s.policy))
	if !s.inc.Milestones.Mitigated.Equal(corrected) {
		t.Error("an event moved a corrected milestone")
	}
	s.ok(s.inc.SetMilestone(s.as(bo), incident.Started, s.now.Add(-2*time.Hour)))
	s.ok(s.inc.SetMilestone(s.as(bo), incident.Mitigated, time.Time{}))
	s.tells("Bo took back the corrected time at which it was mitigated")
	if got := s.inc.Milestones.Mitigated; !got.Equal(s.now) || got.Equal(measured) {
		t.Errorf("lifted, it is %v, want what events say by now: %v", got, s.now)
	}
	s.ok(s.inc.Resolve(s.as(bo), ""))
	if !s.inc.Milestones.Resolved.Equal(s.now) {
		t.Error("with one milestone corrected, the others stopped moving")
	}
	s.ok(s.inc.SetMilestone(s.as(bo), incident.Started, time.Time{}))
	if !s.inc.Milestones.Started.Equal(noon()) || len(s.inc.Milestones.Corrected) != 0 || !s.inc.Measured.Started.IsZero() {
		t.Errorf("all corrections lifted: %+v, measured %+v", s.inc.Milestones, s.inc.Measured)
	}
}

func TestMilestonesMustBePlausible(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.wait(time.Hour)
	s.no(s.inc.SetMilestone(s.as(bo), "lunch", s.now)).with(invalid, "no such milestone")
	s.no(s.inc.SetMilestone(s.as(bo), incident.Started, s.now.Add(time.Hour))).with(invalid, "lies in the future")
	s.no(s.inc.SetMilestone(s.as(bo), incident.Mitigated, noon().Add(-time.Minute))).with(invalid, "mitigated before it was started")
	s.no(s.inc.SetMilestone(s.as(bo), incident.ResolvedAt, s.now)).with(invalid, "not resolved yet")
	s.no(s.inc.SetMilestone(s.as(bo), incident.Started, time.Time{})).with(conflict, "Nobody corrected")
	s.ok(s.inc.Resolve(s.as(bo), ""))
	s.ok(s.inc.SetMilestone(s.as(bo), incident.Mitigated, s.now.Add(-time.Minute)))
	s.no(s.inc.SetMilestone(s.as(bo), incident.Mitigated, s.now.Add(-time.Minute))).with(conflict, "on record already")
	s.no(s.inc.SetMilestone(s.as(bo), incident.ResolvedAt, s.now.Add(-2*time.Minute))).with(invalid, "resolved before it was mitigated")
	s.ok(s.inc.SetMilestone(s.as(bo), incident.ResolvedAt, s.now.Add(-30*time.Second)))
	s.ok(s.inc.SetMilestone(s.as(bo), incident.Detected, noon().Add(time.Minute)))
	s.ok(s.inc.SetMilestone(s.as(bo), incident.Acknowledged, noon().Add(time.Minute)))
	if len(s.inc.Milestones.Corrected) != 4 || len(incident.AllMilestones()) != 5 {
		t.Errorf("corrected %v", s.inc.Milestones.Corrected)
	}
}
