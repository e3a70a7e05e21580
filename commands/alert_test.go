package commands_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// bell is where groups of alerts are kept in these tests: it decides as the
// house does, and remembers what was asked of it.
type bell struct {
	h     *house
	group incident.AlertGroup
	asked []string
}

var _ commands.Alerts = (*bell)(nil)

func (b *bell) Group(context.Context, string) (incident.AlertGroup, bool, error) {
	return b.group, true, nil
}

func (b *bell) Declare(ctx context.Context, in commands.Input, _ string, d commands.GroupDecision) (chat.Reply, error) {
	b.asked = append(b.asked, "declare")
	return b.h.Declare(ctx, in, commands.Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) { return d.Decide(inc, b.group) },
		Reply:  func(after incident.Incident, _ []incident.Recorded) chat.Reply { return d.Reply(after, b.group) },
	})
}

func (b *bell) Attach(ctx context.Context, in commands.Input, _ string, to incident.ID, d commands.GroupDecision) (chat.Reply, error) {
	b.asked = append(b.asked, "attach")
	return b.h.Change(ctx, in, to, commands.Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) { return d.Decide(inc, b.group) },
		Reply:  func(after incident.Incident, _ []incident.Recorded) chat.Reply { return d.Reply(after, b.group) },
	})
}

func (b *bell) Change(_ context.Context, _ commands.Input, _ string, d commands.GroupDecision) (chat.Reply, error) {
	b.asked = append(b.asked, "change")
	events, err := d.Decide(incident.Incident{}, b.group)
	if err != nil {
		return chat.Reply{}, err
	}
	for _, e := range events {
		b.group = b.group.Apply(incident.Recorded{Stream: b.group.Stream(), Version: b.group.Version + 1, Actor: "p-ann", Event: e})
	}
	return d.Reply(incident.Incident{}, b.group), nil
}

func ringing(t *testing.T) (*house, *bell) {
	t.Helper()
	h := newHouse(t)
	b := &bell{h: h, group: incident.AlertGroup{ID: "00112233445566aa"}}
	alert := incident.Alert{Group: "g", Key: "a", Since: noon, At: noon, State: incident.AlertFiring, Title: "Errors on checkout", Service: "checkout"}
	p := h.policy
	p.Alerts = []incident.AlertRule{{Name: "shop", Do: incident.SuggestAlerts}}
	for i, e := range b.group.Hear("grafana", []incident.Alert{alert}, p, nil) {
		b.group = b.group.Apply(incident.Recorded{Stream: b.group.Stream(), Version: incident.Version(i + 1), Event: e})
	}
	h.router = commands.New(commands.Ports{Door: h, Desk: h, Look: h, Details: h, World: h, Ear: h, Rooms: h, Announce: h, Alerts: b})
	return h, b
}

const ofGroup = " 00112233445566aa"

func TestAlertsAreDeclaredAndAttached(t *testing.T) {
	t.Parallel()
	h, b := ringing(t)
	if r := h.say("ann", "alert-group attach"+ofGroup); !slices.Contains(labels(r), "Declare") {
		t.Errorf("with nothing open it says %s", shown(r))
	}
	r := h.say("ann", "alert-group declare"+ofGroup)
	if r.Kind != "" || r.Incident != "INC-1" || h.state(1).Title.Words != "Errors on checkout" || len(h.state(1).Alerts) != 1 {
		t.Fatalf("declared: %s, %+v", shown(r), h.state(1))
	}
	if c, ok := h.state(1).Holder(incident.Commander); !ok || c.Person != "p-ann" {
		t.Errorf("who declares does not command: %+v", h.state(1).Holders)
	}
	h.declared("bo", "the warehouse is flooded")
	r = h.say("ann", "alert-group attach"+ofGroup)
	if !strings.Contains(shown(r), "Nothing was done yet") {
		t.Fatalf("it does not ask: %s", shown(r))
	}
	i := slices.IndexFunc(labels(r), func(l string) bool { return strings.HasPrefix(l, "INC-2") })
	got := h.press("ann", r, labels(r)[i])
	if !strings.Contains(shown(got), "belong to INC-2 now") || len(h.state(2).Alerts) != 1 {
		t.Errorf("attached: %s", shown(got))
	}
	if want := []string{"declare", "attach"}; !slices.Equal(b.asked, want) {
		t.Errorf("asked for %v", b.asked)
	}
}

func TestAlertsAreMuted(t *testing.T) {
	t.Parallel()
	h, b := ringing(t)
	for how, says := range map[string]string{"hour": "Muted until", "recovered": "until they have recovered", "rule": "rule shop"} {
		if r := h.say("ann", "alert-group mute"+ofGroup+" "+how); r.Kind != "" || !strings.Contains(shown(r), says) || !b.group.Muted(noon) {
			t.Errorf("mute %s: %s", how, shown(r))
		}
		if r := h.say("ann", "alert-group unmute"+ofGroup); r.Kind != "" || b.group.Muted(noon) {
			t.Errorf("unmute: %s", shown(r))
		}
	}
}

func TestWhatDoesNotFitChangesNoAlerts(t *testing.T) {
	t.Parallel()
	h, b := ringing(t)
	for _, said := range []string{
		"alert-group mute" + ofGroup + " ever", "alert-group unmute" + ofGroup, "alert-group eat" + ofGroup, "alert-group declare xyz",
		"alert-group declare" + ofGroup + " now", "alert-group attach" + ofGroup + " INC-99", "alert-group attach" + ofGroup + " there",
	} {
		if r := h.say("ann", said); r.Kind == "" || len(h.order) > 0 || b.group.Muted(noon) {
			t.Errorf("%q ran: %s", said, shown(r))
		}
	}
	for _, who := range []string{"guest", "visitor"} {
		if r := h.say(who, "alert-group declare"+ofGroup); r.Kind != fault.Forbidden.String() || len(h.order) > 0 {
			t.Errorf("%s: %s", who, shown(r))
		}
	}
	h.router = commands.New(commands.Ports{Door: h, Desk: h, Look: h, Details: h, World: h, Ear: h, Rooms: h, Announce: h})
	if r := h.say("ann", "alert-group declare"+ofGroup); r.Kind == "" || !strings.Contains(shown(r), "not taken here") {
		t.Errorf("without alerts: %s", shown(r))
	}
}

func TestATitleAboutAlertsDeclares(t *testing.T) {
	t.Parallel()
	h, _ := ringing(t)
	for i, title := range []string{"alert on checkout does not stop", "alerts are firing", "alert-manager is down"} {
		if r := h.say("ann", title); r.Kind != "" || len(h.order) != i+1 {
			t.Errorf("%q: %s", title, shown(r))
		}
	}
}
