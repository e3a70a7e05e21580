package commands

import (
	"context"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// Call is one request on its way through a verb: who asks, about which
// incident, and the words that follow the verb.
type Call struct {
	Input
	Ports Ports
	Verb  *Command
	Words *Words
	On    incident.Summary // the incident; zero without one
	Has   bool             // there is one
	Named bool             // it was named, not understood from the room
	Text  string           // all that was said, without the number of the incident
	After string           // what was said after the verb

	loose   bool               // the words fit, and may also be a title
	touched []string           // facets that the verb changes
	checked *incident.Incident // the state on which a button's age was judged
	settled bool               // the reply comes from the desk
	voice   *say.Voice
	quoted  string            // words of the message that the gesture was made on
	rings   map[string]string // who would be woken, by the name of a team, for the form
}

func (c *Call) policy() incident.Policy { return c.Ports.World.Policy() }

func (c *Call) zone() *time.Location {
	if c.Actor.Zone == nil {
		return time.UTC
	}
	return c.Actor.Zone
}

// speak is the voice of replies to this asker.
func (c *Call) speak(ctx context.Context) say.Voice {
	if c.voice == nil {
		v := c.Ports.Door.Voice(ctx, c.Input)
		v.Command = Begins(c.Request, v.Command)
		c.voice = &v
	}
	return *c.voice
}

// pressed says that this is no typed text: a button or a form knows what it means.
func (c *Call) pressed() bool {
	return c.Request.Via == "button" || c.Request.Via == "shortcut" || c.Request.Form != nil
}

// sure says that the text cannot be a title: it is about an incident, or it
// was pressed.
func (c *Call) sure() bool { return c.Has || c.pressed() }

// mayBeTitle marks words that fit and that somebody could also have meant as
// what is wrong.
func (c *Call) mayBeTitle() { c.loose = true }

// touches names what the verb is about to change, for buttons that were drawn
// from an older state.
func (c *Call) touches(facets ...string) { c.touched = append(c.touched, facets...) }

// slash is what examples begin with; say puts the house's own command there.
const slash = "/incident "

// bad says that the words do not fit; the example is the verb's own unless
// another one is given.
func (c *Call) bad(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...).WithExample(slash + c.example())
}

// example is the verb's example as it works here: with the incident's number
// where one was named.
func (c *Call) example() string {
	if !c.Named || !c.Has || !c.Verb.OnOne {
		return c.Verb.Example
	}
	return exampleOn(c.Verb, []incident.Summary{c.On})
}

// none refuses words behind a verb that takes none (more).
func (c *Call) none() error {
	if c.Words.Len() == 0 {
		return nil
	}
	return c.bad("`%s` takes nothing like %q.", c.Verb.Name, short(c.Words.Rest(), 40))
}

// change puts a decision on the incident to the desk.
func (c *Call) change(ctx context.Context, d Decision) (chat.Reply, error) {
	c.settled = true
	decide := d.Decide
	d.Decide = func(inc incident.Incident) ([]incident.Event, error) {
		if err := c.stillAsSeen(inc); err != nil {
			return nil, err
		}
		events, err := decide(inc)
		if err != nil {
			return nil, c.exampled(err)
		}
		return events, nil
	}
	word := d.Reply
	d.Reply = func(after incident.Incident, done []incident.Recorded) chat.Reply {
		r := word(after, done)
		r.Incident = after.Number.String()
		return r
	}
	return c.Ports.Desk.Change(ctx, c.Input, c.On.ID, d)
}

// runs makes a run of one decision and its wording.
func (c *Call) runs(
	decide func(inc incident.Incident) ([]incident.Event, error),
	reply func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply,
) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		v := c.speak(ctx)
		return c.change(ctx, Decision{
			Decide: decide,
			Reply: func(after incident.Incident, done []incident.Recorded) chat.Reply {
				return reply(v, after, done)
			},
		})
	}
}

// state reads the incident in full.
func (c *Call) state(ctx context.Context) (incident.Incident, error) {
	return c.Ports.Look.Incident(ctx, c.Input, c.On.ID)
}

// sequence runs several decisions on one state, each on what the one before left.
func sequence(inc incident.Incident, a incident.Actor, steps ...func(incident.Incident) ([]incident.Event, error)) ([]incident.Event, error) {
	var all []incident.Event
	meta := incident.Meta{Recorded: a.At, Actor: a.Person, Account: a.Account}
	for _, step := range steps {
		events, err := step(inc)
		if err != nil {
			return nil, err
		}
		for _, r := range incident.Record(inc.ID.Stream(), inc.Head, meta, events) {
			inc = inc.Apply(r)
		}
		all = append(all, events...)
	}
	return all, nil
}

// person finds the one person that words name.
func (c *Call) person(ctx context.Context, words string) (incident.Person, error) {
	words = bare(strings.TrimSpace(words))
	if strings.EqualFold(words, "me") || strings.EqualFold(words, "@me") {
		return c.Input.Person, nil
	}
	found, err := c.Ports.World.FindPerson(ctx, c.Input, words)
	if err != nil {
		return incident.Person{}, err
	}
	switch len(found) {
	case 0:
		return incident.Person{}, fault.New(fault.NotFound, "I know nobody called %s here. Mention them, or give their e-mail address.", short(words, 40))
	case 1:
		return found[0], nil
	}
	return incident.Person{}, c.whichPerson(words, found)
}

// whichPerson asks which of several was meant; each button is the same
// command with an address that only one of them has.
func (c *Call) whichPerson(words string, found []incident.Person) error {
	if c.Request.Form != nil {
		var emails []string
		for _, p := range found[:min(len(found), 5)] {
			emails = append(emails, p.Email)
		}
		return c.bad("Several people are called %s: %s. Give the address of one. Nothing was done.", short(words, 40), strings.Join(emails, ", "))
	}
	q := &question{say: chat.Text{plain("Several people are called "), chat.Plain(short(words, 40)), plain(". Whom do you mean? Nothing was done.")}}
	for _, p := range found[:min(len(found), 5)] {
		exact := p.Email
		if exact == "" && len(p.Accounts) > 0 {
			exact = p.Accounts[0].Platform + ":" + p.Accounts[0].ID
		}
		label := p.Name
		if p.Email != "" {
			label += " (" + p.Email + ")"
		}
		if exact != "" {
			q.choices = append(q.choices, choice{label: label, command: strings.Replace(c.typed(), words, exact, 1)})
		}
	}
	return q
}

// typed is the command again, with its incident named.
func (c *Call) typed() string {
	text := c.Verb.Name
	if c.Has {
		text += " " + c.On.Number.String()
	}
	if c.After != "" {
		text += " " + c.After
	}
	return text
}

// isMention says that a word names a person for sure.
func isMention(s string) bool {
	s = bare(s)
	if s == "" || strings.HasPrefix(s, "<!") {
		return false
	}
	return strings.HasPrefix(s, "<@") || len(s) > 1 && s[0] == '@' && s != "@here" && s != "@everyone" && s != "@channel" ||
		strings.Count(s, "@") == 1 && s[0] != '@' && strings.Contains(s[strings.IndexByte(s, '@'):], ".")
}

// past and next read a time on one side of the request's own moment.
func (c *Call) past(words string) (time.Time, error) {
	return ReadTime(words, c.Request.At, c.zone(), Past)
}

func (c *Call) next(words string) (time.Time, error) {
	return ReadTime(words, c.Request.At, c.zone(), Next)
}

func (c *Call) isPast(words string) bool {
	_, err := c.past(words)
	return err == nil
}

// moment is a time as a reply repeats it.
func (c *Call) moment(t time.Time) string { return moment(t, c.zone()) }
