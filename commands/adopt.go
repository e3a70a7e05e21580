package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func adoptCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "adopt", Group: groupEnd, Summary: "Make this room or thread an incident, or the room of one that is named; it first shows who is here.", Example: "adopt",
			Args: []chat.Arg{
				{Name: "title", Hint: "in quotes; nothing: the name of the room. Or INC-142"},
				{Name: "confirm:", Hint: "confirm:yes does it without showing first", Choices: []string{"yes"}},
			},
		},
		Text: true,
		keys: func(*Call) []keyRule { return []keyRule{{name: "confirm"}, {name: inThread}} },
		read: readAdopt,
	}
}

// inThread is the key in which the button keeps the thread that was shown: not
// every platform says in which thread a button was pressed.
const inThread = "thread"

// adoption is what is to become the room of what.
type adoption struct {
	title string // of the new incident; empty: the one that is named gets the room
	room  incident.Room
	sure  bool // it was shown before
}

func readAdopt(_ context.Context, c *Call) (Run, error) {
	if t := c.Words.Key(inThread); t != "" && c.Request.Via == "button" {
		c.Request.Place.Thread = t
	}
	a := adoption{room: here(c.Request.Place)}
	a.room.Adopted = true
	var ok bool
	if a.sure, ok = yes(c.Words.Key("confirm")); !ok {
		return nil, c.bad("confirm:%s is neither yes nor no.", short(c.Words.Key("confirm"), 20))
	}
	if c.Has && c.Named {
		if err := c.none(); err != nil {
			return nil, err
		}
		return c.adopts(a), nil
	}
	a.title = c.Words.Rest()
	if a.title != "" && !c.Words.Quoted() {
		c.mayBeTitle()
		c.After = `"` + strings.ReplaceAll(a.title, `"`, "'") + `"`
	}
	if a.title == "" {
		a.title = "Discussion in " + roomName(c.Request.Place)
	}
	return c.adopts(a), nil
}

func roomName(p chat.Place) string {
	if p.Name == "" {
		return "this room"
	}
	return "#" + p.Name
}

// adopts makes the place where it is said the room of an incident, once who
// reads there has been shown.
func (c *Call) adopts(a adoption) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		if a.title != "" && c.Has {
			return chat.Reply{}, fault.New(fault.Conflict, "This is the room of %s already.", c.On.Number)
		}
		facts, err := c.roomFacts(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		if !a.sure {
			return c.adoptable(ctx, a, facts)
		}
		if a.title == "" {
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.Adopt(c.Actor, a.room) },
				func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					return answer("This is a room of ", after.Number, " now; it is neither renamed nor archived.")
				})(ctx)
		}
		v := c.speak(ctx)
		c.settled = true
		return c.Ports.Desk.Declare(ctx, c.Input, Decision{
			Decide: func(inc incident.Incident) ([]incident.Event, error) { return c.declaresHere(inc, a) },
			Reply: func(after incident.Incident, _ []incident.Recorded) chat.Reply {
				r := chat.Reply{Message: say.Declared(after, v), Incident: after.Number.String()}
				return also(r, "What was said here before can be put on the timeline: react to a message with 📌. When it began: ", typed(v, "started 14:05"))
			},
		})
	}
}

// declaresHere declares an incident whose room is there already.
func (c *Call) declaresHere(inc incident.Incident, a adoption) ([]incident.Event, error) {
	from := a.room
	from.Adopted = false
	return sequence(inc, c.Actor,
		func(inc incident.Incident) ([]incident.Event, error) {
			return incident.Declare(c.Actor, inc.Number, incident.Declaration{Title: a.title, From: from}, c.policy())
		},
		func(inc incident.Incident) ([]incident.Event, error) { return inc.Adopt(c.Actor, a.room) })
}

// roomFacts is what is known of the room; its error says why it cannot be
// adopted.
func (c *Call) roomFacts(ctx context.Context) (RoomFacts, error) {
	p := c.Request.Place
	if p.Direct {
		return RoomFacts{}, fault.New(fault.Rejected, "A conversation with me alone cannot be an incident's room. Say it in the room or thread where people are.")
	}
	var facts RoomFacts
	if c.Ports.Rooms != nil {
		var err error
		if facts, err = c.Ports.Rooms.Room(ctx, p); err != nil {
			return facts, fault.Wrap(fault.Unavailable, err, "I could not find out who reads this room, so it was not adopted. Try again, or declare: an incident gets a room of its own.")
		}
	}
	switch {
	case facts.Announcement:
		return facts, fault.New(fault.Rejected, "This is the room where incidents are announced; it cannot be the room of one. Say it in another room, or declare: an incident gets a room of its own.")
	case facts.Shared || p.Shared:
		return facts, fault.New(fault.Rejected, "People of other organisations read this room, so it cannot be an incident's room. Say it in another room, or declare: an incident gets a room of its own.")
	}
	return facts, nil
}

// adoptable shows what adopting would mean, and asks.
func (c *Call) adoptable(ctx context.Context, a adoption, facts RoomFacts) (chat.Reply, error) {
	command := "adopt confirm:yes"
	whose := text("a new incident, ", chat.Plain(`"`+a.title+`"`))
	if a.title == "" {
		inc, err := c.state(ctx)
		if err == nil {
			_, err = inc.Adopt(c.Actor, a.room)
		}
		if err != nil {
			return chat.Reply{}, err
		}
		command = "adopt " + inc.Number.String() + " confirm:yes"
		whose = text(inc.Number, " ", inc.Title)
	} else {
		if _, err := c.declaresHere(incident.Incident{ID: whatever, Number: 1}, a); err != nil {
			return chat.Reply{}, err
		}
	}
	what := "This room"
	if t := c.Request.Place.Thread; t != "" {
		what = "This thread"
		command += " " + inThread + `:"` + t + `"`
	}
	if a.title != "" && c.Words.Len() > 0 {
		command += ` "` + strings.ReplaceAll(a.title, `"`, "'") + `"`
	}
	r := answer(what + " would be the room of ")
	r.Message.Parts[0] = append(text(what+" would be the room of "), append(whose, chat.Plain(". Nothing is done yet."))...)
	r = also(r, c.whoReads(facts)...)
	r = also(r, c.readBack(facts)...)
	r = also(r, "It is neither renamed nor archived.")
	adopt := button("Adopt", command)
	adopt.Style = chat.Primary
	return c.aboutIt(with(r, adopt)), nil
}

// whoReads says who is in the room.
func (c *Call) whoReads(facts RoomFacts) []any {
	room := "here"
	if c.Request.Place.Thread != "" {
		room = "in the room of this thread"
	}
	if facts.Members == 0 {
		return []any{"I cannot see who is " + room + ". Whoever is reads what is said about the incident."}
	}
	line := []any{chat.Strong(plural(facts.Members, "person")), " "}
	if len(facts.Names) > 0 {
		names := strings.Join(facts.Names, ", ")
		if more := facts.Members - len(facts.Names); more > 0 {
			names += " and " + itoa(more) + " more"
		}
		line = append(line, chat.Plain("("+names+") "))
	}
	verb := "are "
	if facts.Members == 1 {
		verb = "is "
	}
	return append(line, verb+room+" and would read along.")
}

// readBack says how far back the history goes.
func (c *Call) readBack(facts RoomFacts) []any {
	if facts.Oldest.IsZero() {
		return []any{"What was said before is not read back; what is said from now on goes into its history."}
	}
	return []any{"What was said since ", chat.Strong(c.moment(facts.Oldest)), " is read back into its history."}
}
