package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// openLooked is how many open incidents are looked through for a service.
const openLooked = 200

// slot is an incident that alerts declared, or are about to.
type slot struct {
	Key     string      `json:"key"` // of the job that declares it
	ID      incident.ID `json:"id"`
	Service string      `json:"service,omitempty"`
	At      time.Time   `json:"at"`
}

const stormKey = "alerts/storm"

// Place finds the incident of a group, as was decided: the one that it had, an
// open one of its service, the storm's, or a new one. key is the job's: asked
// again, it does nothing anew.
func (a *alerts) Place(ctx context.Context, key string, s incident.Stream) error {
	a.placing.Lock()
	defer a.placing.Unlock()
	at, err := a.look(ctx, s)
	if err != nil {
		return err
	}
	g := at.AlertGroup
	if g.Newer || g.Attached() || g.Decided.Do == incident.IgnoreAlerts || g.Muted(a.now()) {
		return nil
	}
	in := a.asHouse(key, g)
	if g.Incident != "" {
		had, open, err := a.follow(ctx, g.Incident)
		if err != nil {
			return err
		}
		if open {
			return a.attach(ctx, in, g, had.ID)
		}
	}
	if g.Decided.Do == incident.SuggestAlerts {
		return nil
	}
	if of, found, err := a.ofService(ctx, g.Decided.Service); err != nil || found {
		if err != nil {
			return err
		}
		return a.attach(ctx, in, g, of.ID)
	}
	if g.Decided.Do == incident.AttachAlerts {
		return a.suggest(ctx, s, "no incident of its service is open")
	}
	return a.declare(ctx, in, g)
}

// declare opens an incident for a group, unless alerts have opened as many as
// policy lets them: then the newest of those takes it.
func (a *alerts) declare(ctx context.Context, in commands.Input, g incident.AlertGroup) error {
	mine := slot{Key: in.Request.Key, ID: incident.IDFor(in.Request.Key), Service: strings.ToLower(g.Decided.Service), At: a.now().UTC()}
	slots, taken, err := a.reserve(ctx, mine)
	if err != nil {
		return err
	}
	if taken {
		_, err := a.Declare(ctx, in, g.ID, a.byHouse(in))
		return settledFault(err)
	}
	for _, s := range slices.Backward(slots) {
		of, open, err := a.follow(ctx, s.ID)
		if err != nil {
			return err
		}
		if open {
			return a.attach(ctx, in, g, of.ID)
		}
		if of.ID == "" && a.now().Sub(s.At) < time.Minute {
			return fault.New(fault.Unavailable, "Another incident is being declared for alerts at this moment.")
		}
	}
	return a.suggest(ctx, g.Stream(), "alerts have opened as many incidents as policy lets them")
}

// reserve takes one of the places that a storm has. Slots of the window come
// back when it has none left, or when the service has one.
func (a *alerts) reserve(ctx context.Context, mine slot) (slots []slot, taken bool, err error) {
	storm := a.policy().Storm
	err = onShelf(ctx, a.shelf, stormKey, func(all *[]slot) bool {
		*all = slices.DeleteFunc(*all, func(s slot) bool { return mine.At.Sub(s.At) > storm.Window })
		slots, taken = slices.Clone(*all), false
		if slices.ContainsFunc(slots, func(s slot) bool { return s.Key == mine.Key }) {
			taken = true
			return false
		}
		same := slices.DeleteFunc(slices.Clone(slots), func(s slot) bool { return mine.Service == "" || s.Service != mine.Service })
		if len(same) > 0 && a.standing(ctx, same[len(same)-1]) {
			slots = same[len(same)-1:]
			return false
		}
		if len(slots) >= storm.Rooms {
			return false
		}
		*all, taken = append(*all, mine), true
		return true
	})
	return slots, taken, err
}

// standing says that a slot's incident is open, or is about to be.
func (a *alerts) standing(ctx context.Context, s slot) bool {
	of, open, err := a.follow(ctx, s.ID)
	return open || err != nil || of.ID == "" && a.now().Sub(s.At) < time.Minute
}

// follow is an incident, or the one that it was merged into, and whether
// people work on it.
func (a *alerts) follow(ctx context.Context, id incident.ID) (s incident.Summary, open bool, err error) {
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	s, found, err := a.index.Summary(within, id)
	for range 5 {
		if err != nil || !found || s.Status != incident.Merged {
			break
		}
		s, found, err = a.index.ByNumber(within, s.MergedInto)
	}
	if err != nil || !found {
		return incident.Summary{}, false, err
	}
	return s, s.Status.Open(), nil
}

// ofService is the newest open incident of a service that everybody may know of.
func (a *alerts) ofService(ctx context.Context, service string) (s incident.Summary, found bool, err error) {
	if service == "" {
		return s, false, nil
	}
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	open, err := a.index.List(within, store.Filter{OnlyOpen: true, Limit: openLooked})
	if err != nil {
		return s, false, notRecorded(err)
	}
	name := a.serviceName(service)
	for _, o := range open {
		if !o.Drill && !o.RecordOnly && !o.Private && slices.ContainsFunc(o.Services, func(n string) bool { return strings.EqualFold(n, name) }) {
			return o, true, nil
		}
	}
	return s, false, nil
}

func (a *alerts) attach(ctx context.Context, in commands.Input, g incident.AlertGroup, to incident.ID) error {
	_, err := a.Attach(ctx, in, g.ID, to, a.byHouse(in))
	return settledFault(err)
}

// suggest asks people after all.
func (a *alerts) suggest(ctx context.Context, s incident.Stream, why string) error {
	return a.append(ctx, "tocsin", []incident.Stream{s}, func(g incident.AlertGroup) []incident.Event {
		if g.Attached() || g.Decided.Do == incident.SuggestAlerts {
			return nil
		}
		e := g.Decided
		e.Do, e.Why = incident.SuggestAlerts, why
		return []incident.Event{e}
	})
}

// settledFault leaves out what was decided against: asked again it would be so again.
func settledFault(err error) error {
	if k := fault.KindOf(err); err != nil && (k == fault.Conflict || k == fault.NotFound || k == fault.Forbidden || k == fault.Invalid) {
		return nil
	}
	return err
}

// asHouse is a request of the house's own.
func (a *alerts) asHouse(key string, g incident.AlertGroup) commands.Input {
	now := a.now()
	account := g.Source + " alert"
	return commands.Input{
		Request: chat.Request{Key: keyOf("alerts", key), At: now, Via: "alert"},
		Actor:   incident.Actor{Person: incident.House, Account: account, At: now, Zone: time.UTC},
		Person:  incident.Person{ID: incident.House},
	}
}

func (a *alerts) byHouse(in commands.Input) commands.GroupDecision {
	return commands.GroupDecision{
		Decide: func(inc incident.Incident, g incident.AlertGroup) ([]incident.Event, error) {
			if inc.Head == 0 {
				return incident.DeclareFor(in.Actor, inc.Number, g, a.policy())
			}
			return inc.AttachGroup(in.Actor, g, a.policy())
		},
		Reply: func(incident.Incident, incident.AlertGroup) chat.Reply { return chat.Reply{} },
	}
}

// Step tells the incident of a group how the group stands. again is when there
// is more to tell; zero: when the group changes.
func (a *alerts) Step(ctx context.Context, key string, s incident.Stream) (again time.Time, err error) {
	at, err := a.look(ctx, s)
	if err != nil || at.Incident == "" {
		return time.Time{}, err
	}
	g := at.AlertGroup
	of, open, err := a.follow(ctx, g.Incident)
	if err != nil || of.ID == "" {
		return time.Time{}, err
	}
	if of.ID != g.Incident && open {
		if err := a.attach(ctx, a.asHouse(key+"/"+string(of.ID), g), g, of.ID); err != nil {
			return time.Time{}, err
		}
	}
	if of.ID == g.Incident && of.Private != g.Private {
		err := a.append(ctx, "tocsin", []incident.Stream{s}, func(g incident.AlertGroup) []incident.Event {
			if g.Private == of.Private || g.Incident != of.ID {
				return nil
			}
			return []incident.Event{incident.AlertsPlaced{Cycle: g.Placed, Incident: g.Incident, Number: g.Number, Private: of.Private}}
		})
		if err != nil {
			return time.Time{}, err
		}
	}
	told := keyOf("alerts-stand", string(s), g.Version.String())
	err = a.desk.Record(ctx, of.ID.Stream(), told, func(inc incident.Incident) (events []incident.Event, err error) {
		events, again = inc.AlertsStand(g, a.now())
		return events, nil
	})
	return again, err
}
