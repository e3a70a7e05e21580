package reactors_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/reactors"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// below says which further jobs a job may owe in its settle. The kill test
// holds it to what really happens.
func below() map[string][]string {
	return map[string][]string{
		"announcements/post":   {"first"},
		"announcements/text":   {"draw"},
		"announcements/update": {"thread"},
		"announcements/news":   {"headline"},
		"announcements/sweep":  {"update", "news"},
		"archives/plan":        {"archive"},
		"cards/card":           {"draw"},
		"cards/draw":           {"pin"},
		"checklists/pick":      {"add"},
		"echoes/line":          {"say-line"},
		"echoes/parked":        {"say-parked"},
		"followers/all":        {"one"},
		"histories/plan":       {"forget"},
		"nudges/room":          {"alone"},
		"pages/over":           {"resolve"},
		"pages/send":           {"look"},
		"pages/receipt":        {"receipt"},
	}
}

// silent reactors' jobs do not stand on the timeline when they are given up.
func silent() []string { return []string{"echoes", "welcomes"} }

// happening is an event on a walk: with who did it and, for a parked effect,
// whose it was.
type happening struct {
	event incident.Event
	actor incident.PersonID
}

func (h happening) node() string {
	name := incident.NameOf(h.event) + " by " + string(h.actor)
	if e, ok := h.event.(incident.EffectParked); ok {
		parts := strings.Split(e.Job, "/")
		return name + " of " + parts[3]
	}
	return name
}

// variants are values of an event that owe different jobs.
func variants(e incident.Event) []incident.Event {
	switch e.(type) {
	case incident.SeveritySet:
		return []incident.Event{e, incident.SeveritySet{From: incident.Sev3, To: incident.Sev1}}
	case incident.PrivacySet:
		return []incident.Event{e, incident.PrivacySet{Private: true}}
	case incident.MemberAdded:
		return []incident.Event{e, incident.MemberAdded{Person: "bo", How: incident.Came}, incident.MemberAdded{Person: "bo", How: incident.Invited}}
	case incident.PageEscalated:
		return []incident.Event{incident.PageEscalated{Page: "p1", Level: 2}}
	case incident.PageRequested:
		return []incident.Event{incident.PageRequested{Page: "p1"}, incident.PageRequested{Page: "p2", After: "p1", Turn: 1}}
	default:
		return []incident.Event{e}
	}
}

func recorded(h happening) incident.Recorded {
	return incident.Recorded{Stream: "incident/x", Version: 7, Happened: dawn(), Recorded: dawn(), Actor: h.actor, Event: h.event}
}

// verbs are a job's verb and those of all jobs that may follow from it.
func verbs(reactor, verb string) []string {
	out := []string{verb}
	for i := 0; i < len(out); i++ {
		for _, next := range below()[reactor+"/"+out[i]] {
			if !slices.Contains(out, next) {
				out = append(out, next)
			}
		}
	}
	return out
}

// counted says that an event holds a counter that bounds every cycle through
// it: the level of a page, at most nine, and the turn of a fallback, at most
// five. The decisions refuse what goes beyond, or does not count up.
func counted(node string) bool {
	return node == "page_escalated by tocsin" || node == "page_requested by tocsin"
}

// after lists what may happen because of an event: what its jobs are put on
// record as, and that they are given up.
func after(all []worker.Reactor, h happening) []happening {
	var out []happening
	for _, re := range all {
		for _, job := range re.Plan(recorded(h)) {
			if !slices.Contains(silent(), re.Name()) {
				parked := incident.EffectParked{Job: "incident/x/7/" + re.Name() + "/" + job.Verb}
				out = append(out, happening{parked, incident.House})
			}
			for _, verb := range verbs(re.Name(), job.Verb) {
				for _, e := range re.Leads(verb) {
					for _, v := range variants(e) {
						out = append(out, happening{v, incident.House})
					}
				}
			}
		}
	}
	return out
}

func TestNoEventLeadsBackToItself(t *testing.T) {
	t.Parallel()
	all := reactors.All(reactors.Outside{})
	settled := map[string]bool{}
	var walk func(h happening, path []string)
	walk = func(h happening, path []string) {
		if from := slices.Index(path, h.node()); from >= 0 {
			if slices.ContainsFunc(path[from:], counted) {
				return
			}
			t.Fatalf("an event leads back to itself, and nothing in it counts: %s -> %s", strings.Join(path, " -> "), h.node())
		}
		if settled[h.node()] {
			return
		}
		for _, next := range after(all, h) {
			walk(next, append(slices.Clone(path), h.node()))
		}
		settled[h.node()] = true
	}
	for _, k := range incident.Kinds() {
		for _, e := range variants(k.Zero) {
			for _, actor := range []incident.PersonID{"ann", incident.House} {
				if parked, ok := e.(incident.EffectParked); ok {
					parked.Job = "incident/x/7/nobody/nothing"
					e = parked
				}
				clear(settled)
				walk(happening{e, actor}, nil)
			}
		}
	}
}

func TestTheWalkFindsACycle(t *testing.T) {
	t.Parallel()
	// Were the house's own acknowledgements told back to the pager, and its
	// answer put on record, this walk would go round.
	told := after(reactors.All(reactors.Outside{}), happening{incident.PageRequested{Page: "p1"}, "ann"})
	if !slices.ContainsFunc(told, func(h happening) bool { return incident.NameOf(h.event) == "page_failed" }) {
		t.Error("the walk does not see that a page may fail")
	}
	parked := after(reactors.All(reactors.Outside{}), happening{incident.EffectParked{Job: "incident/x/7/rooms/open"}, incident.House})
	if !slices.ContainsFunc(parked, func(h happening) bool { return h.node() == "effect_parked by tocsin of cards" }) {
		t.Error("the walk does not see that the card that tells of a parked effect may be parked itself")
	}
}

// planned lists the jobs of all reactors for one event.
func planned(e incident.Event, actor incident.PersonID) []store.Job {
	var out []store.Job
	for _, re := range reactors.All(reactors.Outside{}) {
		out = append(out, re.Plan(recorded(happening{e, actor}))...)
	}
	return out
}

func keysOf(jobs []store.Job) []string {
	var out []string
	for _, j := range jobs {
		out = append(out, strings.TrimPrefix(j.Key, "incident/x/"))
	}
	slices.Sort(out)
	return out
}

func TestPlanIsPure(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, re := range reactors.All(reactors.Outside{}) {
		if names[re.Name()] {
			t.Errorf("two reactors are called %s", re.Name())
		}
		names[re.Name()] = true
		if !strings.HasSuffix(re.Name(), "s") {
			t.Errorf("%s is no plural noun", re.Name())
		}
	}
	for _, k := range incident.Kinds() {
		for _, e := range variants(k.Zero) {
			first, again := planned(e, "ann"), planned(e, "ann")
			if !slices.Equal(keysOf(first), keysOf(again)) {
				t.Errorf("%s owes %v once and %v then", k.Name, keysOf(first), keysOf(again))
			}
			for _, j := range first {
				if !names[j.Reactor] || j.Key == "" || j.Stream != "incident/x" || j.Lane < store.PageLane || j.Lane > store.EchoLane || j.Want != 7 {
					t.Errorf("%s owes a job that nobody can do: %+v", k.Name, j)
				}
				if j.Due.Before(dawn().Add(-time.Hour)) && k.Name != "reminder_set" {
					t.Errorf("%s owes %s, due %s", k.Name, j.Key, j.Due)
				}
			}
		}
	}
}

func TestStreamsBesideIncidentsOweNothing(t *testing.T) {
	t.Parallel()
	for _, k := range incident.Kinds() {
		r := recorded(happening{k.Zero, "ann"})
		r.Stream = "person/ann"
		switch k.Name {
		case "zone_set", "erased":
		default:
			continue
		}
		for _, re := range reactors.All(reactors.Outside{}) {
			if jobs := re.Plan(r); len(jobs) > 0 {
				t.Errorf("%s of a person owes %v", k.Name, keysOf(jobs))
			}
		}
	}
}

func TestWhatAnEventOwes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		event incident.Event
		actor incident.PersonID
		want  []string
	}{
		{
			"a declare",
			incident.Declared{},
			"ann",
			[]string{"7/announcements/post", "7/checklists/pick", "7/rooms/open", "nudges/room"},
		},
		{
			"a private declare is not announced",
			incident.Declared{Private: true},
			"ann",
			[]string{"7/checklists/pick", "7/rooms/open", "nudges/room"},
		},
		{
			"a drill is not nudged",
			incident.Declared{Drill: true},
			"ann",
			[]string{"7/announcements/post", "7/checklists/pick", "7/rooms/open"},
		},
		{"a record of the past owes nothing", incident.Declared{RecordOnly: true}, "ann", nil},
		{
			"a page",
			incident.PageRequested{Page: "p1"},
			"ann",
			[]string{"7/pages/send/p1", "7/pages/watch/p1", "cards/card", "pages/receipt/p1"},
		},
		{
			"an answer in chat is told to the pager",
			incident.PageAcknowledged{Page: "p1"},
			"ann",
			[]string{"7/echoes/line", "7/pages/acknowledge/p1", "cards/card", "pages/receipt/p1"},
		},
		{
			"an answer at the pager is not told back",
			incident.PageAcknowledged{Page: "p1"},
			incident.House,
			[]string{"7/echoes/line", "cards/card", "pages/receipt/p1"},
		},
		{"a note is one line in the room", incident.NoteAdded{}, "ann", []string{"7/echoes/line"}},
		{
			"an update",
			incident.UpdatePosted{Update: 3},
			"ann",
			[]string{"7/echoes/line", "7/followers/all", "announcements/text", "announcements/update/3", "cards/card", "nudges/room"},
		},
		{"a capture resets the nudge, marks the message and says nothing", incident.MessageCaptured{}, "ann", []string{"7/marks/mark", "cards/card", "nudges/room"}},
		{"a reminder is one timer", incident.ReminderSet{Reminder: 2}, "ann", []string{"7/reminders/give/2"}},
		{
			"a resolution",
			incident.Resolution{},
			"ann",
			[]string{"7/echoes/line", "7/followers/all", "7/pages/over", "announcements/news/7", "announcements/text", "cards/card", "nudges/room", "reviews/propose", "rooms/topic"},
		},
		{
			"a parked card is told in the room, not on the card",
			incident.EffectParked{Job: "incident/x/cards/card"},
			incident.House,
			[]string{"7/echoes/parked"},
		},
		{"a parked echo is told by the ledger alone", incident.EffectParked{Job: "incident/x/7/echoes/line"}, incident.House, []string{"cards/card"}},
		{"an event of a newer tocsin owes nothing", incident.Unknown{Type: "sung"}, "ann", nil},
	} {
		if got := keysOf(planned(c.event, c.actor)); !slices.Equal(got, c.want) {
			t.Errorf("%s owes %v, want %v", c.name, got, c.want)
		}
	}
}
