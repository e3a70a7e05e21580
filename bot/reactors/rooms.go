package reactors

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// rooms opens an incident's room and tends it: who is in it, and its topic.
// Adopted rooms keep their name, their topic and their life; a record of the
// past has no room.
type rooms struct{ o Outside }

// roomName is the longest name of a room that every platform takes.
const roomName = 70

func (rooms) Name() string { return "rooms" }

func (rooms) Leads(verb string) []incident.Event {
	if verb == "open" {
		return []incident.Event{incident.RoomOpened{}}
	}
	return nil
}

func (rooms) Plan(r incident.Recorded) []store.Job {
	once := func(verb, target string) []store.Job {
		return []store.Job{worker.Once(r, "rooms", verb, target, store.StateLane)}
	}
	topic := worker.Kept(r, "rooms", "topic", store.CardLane, time.Second)
	switch e := r.Event.(type) {
	case incident.Declared:
		if e.RecordOnly {
			return nil
		}
		return once("open", "")
	case incident.RoomOpened:
		return append(once("gather", ""), topic)
	case incident.Adopted:
		return once("gather", "")
	case incident.SeveritySet:
		return append(once("teams", ""), topic)
	case incident.ServiceAdded:
		return once("teams", "")
	case incident.PrivacySet:
		return once("locks", "")
	case incident.Resolution, incident.Reopened, incident.Cancellation, incident.MergedInto:
		return []store.Job{topic}
	case incident.RoleTaken:
		return once("invite", string(e.Person))
	case incident.HandoverAccepted:
		return once("invite", string(e.To))
	case incident.MemberAdded:
		if e.How == incident.Came {
			return nil
		}
		return once("invite", string(e.Person))
	case incident.MemberRemoved:
		return once("remove", string(e.Person))
	default:
		return nil
	}
}

func (x rooms) Do(ctx context.Context, t worker.Task) worker.Result {
	switch t.Job.Verb {
	case "open":
		return x.open(ctx, t)
	case "topic":
		return x.topic(ctx, t)
	case "remove":
		return x.remove(ctx, t)
	case "locks":
		return x.locks(t)
	case "lock":
		return x.lock(ctx, t)
	}
	return x.invite(ctx, t)
}

func (x rooms) open(ctx context.Context, t worker.Task) worker.Result {
	if len(t.State.Rooms) > 0 || t.State.RecordOnly || !t.State.Status.Open() {
		return worker.NotNeeded("It has a room, or needs none any more.")
	}
	on, ok := x.o.Chat.Home(t.State.From.Platform)
	if !ok {
		return worker.NotNeeded("No connected platform can open rooms.")
	}
	place, ok := decode[incident.Room](t.Job.Ref)
	if !ok {
		invite, err := x.o.accounts(ctx, insiders(t.State), on.Name())
		if err != nil {
			return failed(earlyError{err}, t, "open the room")
		}
		spec := chat.RoomSpec{
			Key: string(t.State.ID), Name: nameFor(t.State, x.o.Policy().RoomName), Private: t.State.Private, Invite: invite,
			Again: t.Job.Unsure, Urgent: t.State.Severity == 1,
			Topic: fit(say.Topic(t.State, x.o.voice(ctx, on.Name(), t.Now)), on.Limits().Topic),
		}
		var at chat.Place
		doors := on.Roles().Rooms
		if doors == nil {
			return worker.NotNeeded("No connected platform can open rooms any more.")
		}
		err = t.Call(ctx, func(ctx context.Context) error {
			at, err = doors.Open(ctx, spec)
			return err
		})
		if err != nil {
			return failed(err, t, "open the room")
		}
		place = incident.Room{Platform: on.Name(), ID: at.Room, Name: at.Name}
	}
	r := worker.Done(encode(place))
	r.Record = func(inc incident.Incident) ([]incident.Event, error) { return inc.OpenRoom(place) }
	return r
}

// insiders are who belongs in the room: the declarer, role holders, members.
func insiders(inc incident.Incident) []incident.PersonID {
	ids := []incident.PersonID{inc.Declarer}
	for _, h := range inc.Holders {
		ids = append(ids, h.Person)
	}
	met := make(map[incident.PersonID]bool)
	out := ids[:0]
	for _, id := range append(ids, inc.Members...) {
		if id != "" && id != incident.House && !met[id] {
			met[id] = true
			out = append(out, id)
		}
	}
	return out
}

// nameFor fills policy's template. A private incident's title stays out of it.
func nameFor(inc incident.Incident, template string) string {
	if template == "" {
		template = "inc-{number}-{title}"
	}
	title := inc.Title.String()
	if inc.Private {
		title = ""
	}
	number := strings.TrimPrefix(inc.Number.String(), "INC-")
	name := strings.NewReplacer("{number}", number, "{title}", title, "{date}", inc.DeclaredAt.UTC().Format(time.DateOnly)).Replace(template)
	if inc.Drill {
		name = "drill-" + name
	}
	return slug(name)
}

// slug is words as a room's name: lower case, letters, digits and hyphens.
func slug(words string) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range strings.ToLower(words) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = n > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			n, gap = n+1, false
		}
		if n >= roomName {
			break
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimRight(b.String(), "-")
}

// fit cuts a plain line to a number of characters; 0: no limit.
func fit(s string, limit int) string {
	if r := []rune(s); limit > 0 && len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}

func (x rooms) topic(ctx context.Context, t worker.Task) worker.Result {
	for _, r := range live(t.State) {
		on := x.o.Chat.On(r.Platform)
		if r.Adopted || r.Thread != "" || on == nil || on.Roles().Rooms == nil {
			continue
		}
		topic := fit(say.Topic(t.State, x.o.voice(ctx, r.Platform, t.Now)), on.Limits().Topic)
		err := t.Call(ctx, func(ctx context.Context) error { return on.Roles().Rooms.Topic(ctx, r.ID, topic) })
		if err != nil {
			return failed(err, t, "set the room's topic")
		}
	}
	return worker.Drawn(t.State.Head, nil)
}

// invite brings people into the room. Without one nothing is owed: whoever
// belongs there is gathered when it opens.
func (x rooms) invite(ctx context.Context, t worker.Task) worker.Result {
	room, ok := x.o.Chat.mainRoom(t.State)
	if !ok || room.Thread != "" || x.o.Chat.On(room.Platform).Roles().Rooms == nil {
		return worker.NotNeeded("There is no room to invite to.")
	}
	users, err := x.wanted(ctx, t, room.Platform)
	if err != nil {
		return failed(earlyError{err}, t, "invite people to the room")
	}
	if len(users) == 0 {
		return worker.NotNeeded("Nobody to invite has an account there.")
	}
	err = t.Call(ctx, func(ctx context.Context) error {
		return x.o.Chat.On(room.Platform).Roles().Rooms.Invite(ctx, room.ID, users)
	})
	if err != nil {
		return failed(err, t, "invite people to the room")
	}
	return worker.Done(nil)
}

// wanted are the accounts that a job invites.
func (x rooms) wanted(ctx context.Context, t worker.Task, platform string) ([]string, error) {
	if t.Job.Verb == "invite" {
		who := incident.PersonID(t.Job.Target)
		if t.State.Private && !t.State.VisibleTo(who) {
			return nil, nil
		}
		return x.o.accounts(ctx, []incident.PersonID{who}, platform)
	}
	var users []string
	if t.Job.Verb == "gather" {
		var err error
		if users, err = x.o.accounts(ctx, insiders(t.State), platform); err != nil {
			return nil, err
		}
	}
	if t.State.Private || t.State.Drill {
		return users, nil
	}
	teams, err := x.o.teamAccounts(ctx, x.teams(t.State), platform)
	return append(users, teams...), err
}

// teams are those that policy invites: for the severity, and the owners of the
// services.
func (x rooms) teams(inc incident.Incident) []string {
	p := x.o.Policy()
	out := slices.Clone(p.SeverityRule(inc.Severity).Invite)
	for _, s := range inc.Services {
		if rule, known := p.ServiceFor(s.Name); known && rule.Team != "" && !slices.Contains(out, rule.Team) {
			out = append(out, rule.Team)
		}
	}
	return out
}

// remove takes somebody out of the room of a private incident; a room that is
// open to everybody needs no such thing.
func (x rooms) remove(ctx context.Context, t worker.Task) worker.Result {
	who := incident.PersonID(t.Job.Target)
	room, ok := x.o.Chat.mainRoom(t.State)
	if !ok || room.Thread != "" || !t.State.Private || t.State.VisibleTo(who) {
		return worker.NotNeeded("They may stay, or there is no room.")
	}
	on := x.o.Chat.On(room.Platform)
	user, err := x.o.account(ctx, who, room.Platform)
	if err != nil {
		return failed(earlyError{err}, t, "take somebody out of the room")
	}
	if user == "" || on.Roles().Rooms == nil {
		return worker.NotNeeded("They have no account there.")
	}
	err = t.Call(ctx, func(ctx context.Context) error { return on.Roles().Rooms.Remove(ctx, room.ID, user) })
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return failed(err, t, "take somebody out of the room")
	}
	return worker.Done(nil)
}
