package reactors

import (
	"context"
	"strconv"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/store"
)

// Alerts are groups of alerts and the incidents that they become.
type Alerts interface {
	Group(ctx context.Context, id string) (g incident.AlertGroup, found bool, err error)
	// Open says whether people work on the incident that a group has.
	Open(ctx context.Context, g incident.AlertGroup) (bool, error)
	// Place finds the incident of a group as was decided: once for a key.
	Place(ctx context.Context, key string, s incident.Stream) error
	// Step tells the incident of a group how the group stands; again is when
	// there will be more to tell.
	Step(ctx context.Context, key string, s incident.Stream) (again time.Time, err error)
	// Changes are what changed on services since a moment, newest first.
	Changes(ctx context.Context, services []string, since time.Time) ([]integrations.Change, error)
}

// alerts makes of alerts what policy says: an incident, or a card that asks.
// In an incident's room it keeps one card in step; a message of its own comes
// only for a new group, when all have recovered, and when those of a resolved
// incident fire again.
type alerts struct{ o Outside }

const (
	stepGap    = 2 * time.Second // least time between two looks of an incident at one group
	suggestGap = 5 * time.Second // least time between two edits of a card that asks
	newGroups  = 5               // of one incident that get a message; the card counts them all
)

func (alerts) Name() string { return "alerts" }

func (alerts) Leads(string) []incident.Event { return nil }

func (alerts) Plan(r incident.Recorded) []store.Job {
	if _, ok := r.Stream.Alerts(); ok {
		return planGroup(r)
	}
	card := worker.Kept(r, "alerts", "card", store.CardLane, 0)
	switch e := r.Event.(type) {
	case incident.AlertsAttached:
		return []store.Job{card, worker.Once(r, "alerts", "new", "", store.ReplyLane)}
	case incident.AlertsChanged:
		if e.All && e.Was != e.Now {
			return []store.Job{card, worker.Once(r, "alerts", "over", "", store.ReplyLane)}
		}
		if e.Was == string(incident.AlertRecovered) && e.Now == string(incident.AlertFiring) {
			return []store.Job{card, worker.Once(r, "alerts", "back", "", store.ReplyLane)}
		}
		return []store.Job{card}
	case incident.PrivacySet, incident.MergedInto:
		return []store.Job{worker.Once(r, "alerts", "groups", "", store.StateLane)}
	case incident.RoomOpened, incident.Adopted, incident.ServiceAdded:
		return []store.Job{card}
	default:
	}
	return nil
}

func planGroup(r incident.Recorded) []store.Job {
	step := worker.Kept(r, "alerts", "step", store.CardLane, stepGap)
	suggest := func(cycle int) store.Job {
		j := worker.Kept(r, "alerts", "suggest/"+strconv.Itoa(cycle), store.CardLane, suggestGap)
		j.Verb, j.Target = "suggest", strconv.Itoa(cycle)
		return j
	}
	switch e := r.Event.(type) {
	case incident.AlertsHeard:
		if e.Cycle > 0 {
			return []store.Job{step, suggest(e.Cycle)}
		}
	case incident.AlertsDecided:
		if e.Do != incident.IgnoreAlerts {
			return []store.Job{worker.Once(r, "alerts", "place", "", store.StateLane), suggest(e.Cycle)}
		}
	case incident.AlertsPlaced:
		return []store.Job{step, suggest(e.Cycle)}
	case incident.AlertsMuted:
		return []store.Job{suggest(e.Cycle)}
	case incident.AlertsUnmuted:
		return []store.Job{suggest(e.Cycle)}
	default:
	}
	return nil
}

func (x alerts) Do(ctx context.Context, t worker.Task) worker.Result {
	if x.o.Alerts == nil {
		return worker.NotNeeded("Alerts are not taken here.")
	}
	switch t.Job.Verb {
	case "place":
		if err := x.o.Alerts.Place(ctx, t.Job.Key, t.Job.Stream); err != nil {
			return timed(worker.FailLook(err, "find an incident for alerts"), err, t)
		}
		return worker.Done(nil)
	case "step":
		again, err := x.o.Alerts.Step(ctx, t.Job.Key, t.Job.Stream)
		if err != nil {
			return failed(earlyError{err}, t, "tell the incident of its alerts")
		}
		r := worker.Drawn(t.Job.Want, nil)
		r.Again = again
		return r
	case "suggest":
		return x.spread(ctx, t)
	case "offer":
		return x.offer(ctx, t)
	case "groups":
		return x.groups(ctx, t)
	}
	return x.inIncident(ctx, t)
}

// groups has the groups of an incident look at what became of it.
func (x alerts) groups(ctx context.Context, t worker.Task) worker.Result {
	for _, a := range t.State.Alerts {
		if _, err := x.o.Alerts.Step(ctx, t.Job.Key+"/"+a.Group, incident.AlertsOf(a.Group)); err != nil {
			return failed(earlyError{err}, t, "tell alerts what became of their incident")
		}
	}
	return worker.Done(nil)
}

// spread owes the card that asks in each room where incidents are announced.
func (x alerts) spread(ctx context.Context, t worker.Task) worker.Result {
	g, _, stop := x.group(ctx, t)
	if stop != nil {
		return *stop
	}
	var targets []string
	if g.Decided.Do == incident.SuggestAlerts || g.Mute.How != "" || g.Attached() {
		for _, s := range x.o.Chat.Announce(nil) {
			targets = append(targets, s.String())
		}
	}
	r := worker.Drawn(t.Job.Want, nil)
	for _, target := range targets {
		j := worker.Sub(t.Job, "offer", target, t.Now)
		j.Gap, j.Body = suggestGap, []byte(t.Job.Target)
		r.Owe = append(r.Owe, j)
	}
	return r
}

// group is the job's group, while its trouble is the job's.
func (x alerts) group(ctx context.Context, t worker.Task) (g incident.AlertGroup, open bool, stop *worker.Result) {
	id, _ := t.Job.Stream.Alerts()
	g, found, err := x.o.Alerts.Group(ctx, id)
	if err == nil && found {
		open, err = x.o.Alerts.Open(ctx, g)
	}
	if err != nil {
		r := failed(earlyError{err}, t, "suggest what to make of alerts")
		return g, open, &r
	}
	cycle := t.Job.Target
	if t.Job.Verb == "offer" {
		cycle = string(t.Job.Body)
	}
	if !found || strconv.Itoa(g.Cycle) != cycle {
		r := worker.NotNeeded("That trouble is over.")
		return g, open, &r
	}
	return g, open, nil
}

// offer keeps the card that asks in step in one room. What needs no answer is
// only put where a card stands.
func (x alerts) offer(ctx context.Context, t worker.Task) worker.Result {
	g, open, stop := x.group(ctx, t)
	if stop != nil {
		return *stop
	}
	s := spotOf(t.Job.Target)
	on := x.o.Chat.On(s.platform)
	asks := g.Decided.Do == incident.SuggestAlerts && !open && !g.Muted(t.Now) && g.Firing() > 0
	if on == nil || !asks && len(t.Job.Ref) == 0 {
		return worker.NotNeeded("There is nothing to ask.")
	}
	changes, err := x.o.Alerts.Changes(ctx, []string{g.Decided.Service}, g.Since.Add(-say.ChangesSpan))
	if err != nil {
		return failed(earlyError{err}, t, "suggest what to make of alerts")
	}
	words := say.Suggestion(g, open, changes, x.o.voice(ctx, s.platform, t.Now))
	m := message{on: on, what: "suggest what to make of alerts", post: chat.Post{Room: s.room, Message: words}}
	r := x.o.keep(ctx, t, m)
	if r.Ending == store.Done {
		r.Drawn = t.Job.Want // of the group's stream
		if g.Mute.How == incident.MuteHour && g.Mute.Until.After(t.Now) {
			r.Again = g.Mute.Until // from then on it asks again
		}
	}
	return r
}

// inIncident tells an incident's rooms.
func (x alerts) inIncident(ctx context.Context, t worker.Task) worker.Result {
	switch t.Job.Verb {
	case "card", "new", "over", "back":
		if len(t.State.Alerts) == 0 {
			return worker.NotNeeded("It has no alerts.")
		}
		rooms := live(t.State)
		if len(rooms) == 0 && !t.Waited() && t.State.Status.Open() && t.Job.Verb != "card" {
			return worker.Waits(t.State.Head, "There is no room yet.")
		}
		var targets []string
		for _, r := range rooms {
			targets = append(targets, spot{r.Platform, r.ID}.String())
		}
		r := each(t, "in-"+t.Job.Verb, targets)
		for i := range r.Owe {
			r.Owe[i].Gap = stepGap
		}
		return r
	}
	room, ok := roomAt(t.State, spotOf(t.Job.Target))
	if !ok || x.o.Chat.On(room.Platform) == nil {
		return worker.NotNeeded("That room is gone.")
	}
	v := x.o.voice(ctx, room.Platform, t.Now)
	if t.Job.Verb == "in-card" {
		changes, err := x.o.Alerts.Changes(ctx, servicesOf(t.State), t.State.Milestones.Started.Add(-say.ChangesSpan))
		if err != nil {
			return failed(earlyError{err}, t, "show its alerts")
		}
		return x.o.keep(ctx, t, x.o.inRoom(room, say.AlertCard(t.State, changes, v), "show its alerts"))
	}
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, "tell of its alerts")
	}
	words, wanted := alertNews(t.State, r, v)
	if !wanted {
		return worker.NotNeeded("The card tells of it.")
	}
	return x.o.once(ctx, t, x.o.inRoom(room, words, "tell of its alerts"))
}

// alertNews is what gets a message of its own beside the card.
func alertNews(inc incident.Incident, r incident.Recorded, v say.Voice) (chat.Message, bool) {
	switch e := r.Event.(type) {
	case incident.AlertsAttached:
		at := 0
		for k, a := range inc.Alerts {
			if a.Group == e.Group {
				at = k
			}
		}
		return say.AlertsNew(inc, e, v), at > 0 && at < newGroups // the card itself is the first group's
	case incident.AlertsChanged:
		if e.Now == string(incident.AlertRecovered) {
			return say.AlertsOver(inc, e, v), true
		}
		return say.AlertsBack(inc, e, v), inc.Status == incident.Resolved
	default:
		return chat.Message{}, false
	}
}

func servicesOf(inc incident.Incident) []string {
	out := make([]string, 0, len(inc.Services))
	for _, s := range inc.Services {
		out = append(out, s.Name)
	}
	return out
}
