package commands_test

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/store"
)

// stuck is an incident with one effect given up, one owed and one done.
func stuck(t *testing.T) (*house, incident.Number) {
	t.Helper()
	h := newHouse(t)
	n := h.declared("ann", "checkout is failing")
	s := h.streams[h.order[0]]
	events, err := s.state.Park(incident.EffectParked{Job: "incident/x/2/announcements/post", What: "post the announcement", Why: "the room is gone"})
	if err != nil {
		t.Fatal(err)
	}
	h.append(s, incident.Meta{Recorded: h.now, Actor: incident.House}, events)
	h.jobs[s.state.ID] = []store.Job{
		{Key: "incident/x/2/announcements/post", Reactor: "announcements", Verb: "post", State: store.OnHold},
		{Key: "incident/x/cards/card", Reactor: "cards", Target: "card", State: store.Owed},
		{Key: "incident/x/1/rooms/open", Reactor: "rooms", Verb: "open", State: store.Finished},
	}
	return h, n
}

func TestPendingEverywhere(t *testing.T) {
	t.Parallel()
	h, _ := stuck(t)
	h.declared("bo", "the lift is stuck")
	r := h.say("ann", "pending")
	if !strings.Contains(shown(r), "INC-1 checkout is failing: 1 effect owed, 1 effect given up") || strings.Contains(shown(r), "INC-2") {
		t.Errorf("pending shows: %s", shown(r))
	}
	if got := h.press("ann", r, "INC-1"); !strings.Contains(shown(got), "post the announcement") {
		t.Errorf("pressed: %s", shown(got))
	}
}

func TestRetryOfWhatWasGivenUp(t *testing.T) {
	t.Parallel()
	h, n := stuck(t)
	r := h.in(n, "ann", "pending")
	retry := ""
	for _, l := range labels(r) {
		if strings.HasPrefix(l, "Retry") {
			retry = l
		}
	}
	if retry == "" {
		t.Fatalf("no retry is offered: %v", labels(r))
	}
	commits := h.commits
	got := h.press("ann", r, retry)
	if got.Kind != "" || h.commits != commits+1 || !strings.Contains(shown(got), "Trying again to post the announcement") {
		t.Fatalf("%q: %s", got.Kind, shown(got))
	}
	if len(h.state(n).Parked) != 0 {
		t.Errorf("still parked: %s", asJSON(h.state(n).Parked))
	}
	if again := h.press("ann", r, retry); again.Kind == "" {
		t.Errorf("a second retry: %s", shown(again))
	}
}

func TestNobodyOnCall(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.nobody = true
	if r := h.say("ann", "oncall"); !strings.Contains(shown(r), "No pager says who is on call.") || !strings.Contains(shown(r), "payments") {
		t.Errorf("oncall: %s", shown(r))
	}
	if r := h.say("ann", "oncall pay"); !strings.Contains(shown(r), "cy@example.com") {
		t.Errorf("oncall of a team: %s", shown(r))
	}
	h.policy.Teams[0].People = nil
	if r := h.say("ann", "oncall pay"); !strings.Contains(shown(r), "No pager says who is on call for payments.") {
		t.Errorf("oncall of a team without people: %s", shown(r))
	}
}

// What a severity pages by policy is told as being paged, never as done.
func TestRaisingPagesByPolicy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.policy.Severities[0].Page = []incident.Target{
		{Kind: incident.TeamTarget, Name: "payments"}, {Kind: incident.PersonTarget, Name: "p-bo", Person: "p-bo"},
	}
	n := h.declared("ann", "sev3 checkout is failing")
	r := h.in(n, "ann", "severity sev1")
	if !strings.Contains(shown(r), "Is paging team payments, bo.") || strings.Contains(shown(r), "was paged") {
		t.Errorf("raised: %s", shown(r))
	}
	if got := len(h.state(n).Pages); got != 2 {
		t.Errorf("%d pages", got)
	}
}

// A drill pages nobody for real, and says so.
func TestPagesOfADrill(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("ann", "drill:yes fire in rack 3")
	if r := h.in(n, "ann", "page payments come"); !strings.Contains(shown(r), "It is a drill: nobody is woken.") {
		t.Errorf("page of a drill: %s", shown(r))
	}
}

// Names with spaces are put in quotes where a button has to type them.
func TestTargetsWithSpacesAreAskedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.policy.Services = append(h.policy.Services, incident.ServiceRule{Service: incident.Service{Name: "search infra"}, Team: "payments"})
	n := h.declared("ann", "search is slow")
	r := h.in(n, "ann", "page search infra come please")
	if r.Kind != "conflict" {
		t.Fatalf("%q: %s", r.Kind, shown(r))
	}
	if got := h.press("ann", r, "Team search infra"); got.Kind != "" {
		t.Fatalf("pressed: %s", shown(got))
	}
	if p := h.state(n).Pages[0]; p.Target.Name != "search infra" || p.Text.Words != "come please" {
		t.Errorf("paged %s", asJSON(p))
	}
}

// A service that is touched by both makes two incidents resemble each other.
func TestResemblingByService(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.declared("bo", "orders pile up service:checkout")
	if r := h.say("ann", "cards are declined service:Checkout"); !strings.Contains(strings.Join(labels(r), " "), "Merge into INC-1") {
		t.Errorf("offers %v", labels(r))
	}
	if r := h.say("ann", "private:yes cards are declined service:checkout"); strings.Contains(strings.Join(labels(r), " "), "Merge") {
		t.Errorf("a private one offers %v", labels(r))
	}
}

// Where an incident was named, examples name it too.
func TestExamplesNameTheIncident(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.declared("bo", "orders pile up")
	for said, want := range map[string]string{
		"severity INC-1 purple": "/incident severity INC-1 sev2", "INC-1 update": "/incident update INC-1 next:30m",
		"done INC-1 all": "/incident done INC-1 1", "done": "/incident done INC-1 1",
	} {
		if r := h.say("ann", said); !strings.Contains(shown(r), want) {
			t.Errorf("%q shows: %s", said, shown(r))
		}
	}
}

// What anybody writes stands in plain spans: it pings nobody and breaks nothing.
func TestWordsOfPeopleArePlain(t *testing.T) {
	t.Parallel()
	const rude = "<!channel> @everyone <b>x</b> [a](javascript:alert(1)) *y*"
	h, n := busy(t)
	for _, said := range []string{
		"note " + rude, "impact " + rude, "rename " + rude, "update " + rude, "decide " + rude, "task " + rude, "action " + rude,
		rude, "severity " + rude, "page " + rude, "zone " + rude, "help " + rude, "list " + rude, "oncall " + rude, "link " + rude, "search \"" + rude + "\"", "resolve " + rude,
	} {
		r := h.in(n, "ann", said)
		for _, part := range r.Message.Parts {
			words, ok := part.(chat.Text)
			if !ok {
				continue
			}
			for _, span := range words {
				switch span := span.(type) {
				case chat.Strong:
					if strings.Contains(string(span), "@everyone") {
						t.Errorf("%.20q: people's words are the house's: %q", said, span)
					}
				case chat.Link:
					t.Errorf("%.20q draws the link %v", said, span)
				case chat.Mention:
					if span.Ping {
						t.Errorf("%.20q pings %v", said, span)
					}
				default:
				}
			}
		}
	}
}
