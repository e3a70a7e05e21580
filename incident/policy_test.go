package incident_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/incident"
)

func TestTheDefaultPolicy(t *testing.T) {
	t.Parallel()
	p := incident.DefaultPolicy()
	for s, every := range map[incident.Severity]time.Duration{
		incident.Sev1: 30 * time.Minute, incident.Sev2: time.Hour, incident.Sev3: 4 * time.Hour,
		incident.Sev4: 0, incident.Sev5: 0, incident.SevUnset: 4 * time.Hour,
	} {
		if got := p.Cadence(s); got.Every != every {
			t.Errorf("%v promises every %v, want %v", s, got.Every, every)
		}
		if len(p.PageTargets(s, []incident.Service{{Name: "x"}})) > 0 {
			t.Errorf("%v pages somebody", s)
		}
		if s != incident.SevUnset && (p.SeverityRule(s).Meaning == "" || p.SeverityRule(s).Off) {
			t.Errorf("%v has no meaning", s)
		}
	}
	if !p.Cadence(incident.Sev3).Working || p.Cadence(incident.Sev2).Working || p.Hash != "default" || p.KeepTalk != 90*24*time.Hour {
		t.Errorf("policy %+v", p)
	}
	if p.SeverityRule(9).Level != 9 {
		t.Error("a severity that the policy does not speak of must keep its level")
	}
	for _, r := range p.Roles {
		if len(r.Duties) == 0 || r.Name == "" {
			t.Errorf("%s has no duties", r.Role)
		}
	}
}

func TestWordsFindWhatTheyMean(t *testing.T) {
	t.Parallel()
	p := house()
	for words, role := range map[string]incident.Role{
		"commander": incident.Commander, "IC": incident.Commander, "Incident  Commander": incident.Commander, "incident-commander": incident.Commander,
		"comms": incident.Communications, "communications lead": incident.Communications, "ops": incident.Operations, "Scribe": incident.Scribe,
	} {
		if r, ok := p.RoleFor(words); !ok || r.Role != role {
			t.Errorf("%q means %v, want %v", words, r.Role, role)
		}
	}
	for _, words := range []string{"", " ", "pilot", "comm"} {
		if r, ok := p.RoleFor(words); ok {
			t.Errorf("%q means %v, want nothing", words, r.Role)
		}
	}
	if s, ok := p.ServiceFor("CHECK_OUT"); !ok || s.Name != "checkout" {
		t.Errorf("service %v", s)
	}
	if team, ok := p.TeamFor("@shop-team"); !ok || team.Name != "shop" {
		t.Errorf("team %v", team)
	}
	if c, ok := p.CauseFor("Change"); !ok || c.Tag != "change" {
		t.Errorf("cause %v", c)
	}
	if c, ok := p.ChecklistFor("First steps"); !ok || len(c.Lines) != 2 {
		t.Errorf("checklist %v", c)
	}
	if f, ok := p.FieldFor("region"); !ok || f.Name != "Region" {
		t.Errorf("field %v", f)
	}
}

func TestPageTargetsNameEachOnce(t *testing.T) {
	t.Parallel()
	p := house()
	p.Severities[0].Page = []incident.Target{
		{Kind: incident.ServiceTarget},
		{Kind: incident.TeamTarget, Name: "Shop"},
		{Kind: incident.ServiceTarget, Name: "orders"},
		{Kind: incident.PersonTarget, Person: dee, Name: "dee"},
		{Kind: incident.PersonTarget, Person: cy, Name: "cy"},
		{Kind: incident.ServiceTarget, Name: "billing"},
		{Kind: incident.TeamTarget, Name: "elsewhere", Pager: "other"},
	}
	services := []incident.Service{{Name: "checkout"}, {Name: "search"}, {Name: "vault"}}
	var got []string
	for _, x := range p.PageTargets(incident.Sev1, services) {
		got = append(got, x.String())
	}
	want := "team shop|team find|{person:p-dee}|{person:p-cy}|service billing|team elsewhere"
	if strings.Join(got, "|") != want {
		t.Errorf("targets are %s, want %s", strings.Join(got, "|"), want)
	}
	if p.PageTargets(incident.SevUnset, services) != nil {
		t.Error("without a severity somebody is paged")
	}
}

func TestCadencesOfWorkingHoursRestAtNight(t *testing.T) {
	t.Parallel()
	p := house()
	p.Hours = incident.Hours{Zone: "Europe/Berlin", From: 9 * 60, To: 17 * 60, Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	four := incident.Cadence{Every: 4 * time.Hour, Working: true}
	for _, c := range []struct{ name, now, want string }{
		{"within a day", "2026-11-25 10:00", "2026-11-25 14:00"},
		{"to the last minute", "2026-11-25 13:00", "2026-11-25 17:00"},
		{"over a night", "2026-11-25 16:00", "2026-11-26 12:00"},
		{"over a weekend", "2026-11-27 16:00", "2026-11-30 12:00"},
		{"from the night", "2026-11-25 03:00", "2026-11-25 13:00"},
		{"from the evening", "2026-11-25 22:00", "2026-11-26 13:00"},
		{"from a Sunday", "2026-11-29 12:00", "2026-11-30 13:00"},
		{"over the end of summer time", "2026-10-23 16:00", "2026-10-26 12:00"},
		{"over the beginning of summer time", "2026-03-27 16:00", "2026-03-30 12:00"},
	} {
		if got := p.NextUpdate(four, at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("%s: four working hours from %s end at %s, want %s", c.name, c.now, got.In(berlin), c.want)
		}
	}
	if got := p.NextUpdate(incident.Cadence{Every: time.Hour}, at("2026-11-28 02:00")); !got.Equal(at("2026-11-28 03:00")) {
		t.Errorf("a cadence that does not rest ends at %v", got)
	}
	if !p.NextUpdate(incident.Cadence{}, noon()).IsZero() {
		t.Error("no cadence promises something")
	}
	for moment, working := range map[string]bool{"2026-11-25 09:00": true, "2026-11-25 08:59": false, "2026-11-25 17:00": false, "2026-11-28 12:00": false} {
		if p.Hours.WorkingAt(at(moment)) != working {
			t.Errorf("working at %s: %v", moment, !working)
		}
	}
}

func TestHoursThatMakeNoSenseDoNotHangOrStopTheClock(t *testing.T) {
	t.Parallel()
	four := incident.Cadence{Every: 4 * time.Hour, Working: true}
	for _, h := range []incident.Hours{
		{}, {Zone: "Nowhere/Land", From: 600, To: 540, Days: []time.Weekday{time.Monday}}, {From: 540, To: 1020}, {From: -1, To: 9000, Days: []time.Weekday{1}},
	} {
		p := incident.Policy{Hours: h}
		if got := p.NextUpdate(four, noon()); !got.Equal(noon().Add(4 * time.Hour)) {
			t.Errorf("%+v gives %v", h, got)
		}
		if !h.WorkingAt(noon()) {
			t.Errorf("%+v rests", h)
		}
	}
	long := incident.Policy{Hours: incident.Hours{Zone: "Nowhere/Land", From: 0, To: 1, Days: []time.Weekday{time.Monday}}}
	if got := long.NextUpdate(incident.Cadence{Every: 100000 * time.Hour, Working: true}, noon()); got.Before(noon()) {
		t.Errorf("a mad cadence ends at %v", got)
	}
}
