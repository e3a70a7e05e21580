package commands

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// Ports is what a [Router] needs of the house.
type Ports struct {
	Door     Door
	Desk     Desk
	Look     Look
	Details  Details
	World    World
	Ear      Ear
	Rooms    Rooms
	Announce Announcer
	Alerts   Alerts  // nil: none are taken
	Reviews  Reviews // nil: none are kept
}

// Router carries requests to their verbs.
type Router struct {
	p        Ports
	commands []Command
}

// New makes a router over all commands.
func New(p Ports) *Router { return &Router{p: p, commands: All()} }

// Handle runs a request to its reply.
func (ro *Router) Handle(ctx context.Context, r chat.Request) chat.Reply {
	if reply, ok := tooLong(r); ok {
		return reply
	}
	r = cleaned(r)
	in, err := ro.p.Door.Asker(ctx, r)
	if err != nil {
		return problem(err, say.Voice{Command: "/incident", Now: r.At})
	}
	in.Request = r
	c := &Call{Input: in, Ports: ro.p}
	if in.Actor.Standing == incident.Member { // where others may look depends on the room
		c.Guess = new(Guess)
	}
	v := c.speak(ctx)
	reply, err := ro.route(ctx, c)
	if c.Guess.Made() && !kept(c, err) {
		c = &Call{Input: in, Ports: ro.p, voice: c.voice}
		reply, err = ro.route(ctx, c)
	}
	if c.settled && err == nil {
		return c.kept(ctx, reply)
	}
	if first, found := c.met(ctx); found {
		return first
	}
	if err != nil {
		if c.Verb != nil {
			err = c.exampled(err)
		}
		reply = problem(err, v)
		if c.Has {
			reply.Incident = c.On.Number.String()
		}
	}
	return c.kept(ctx, reply)
}

// kept says that what was guessed came to hold: the desk took it to an end.
func kept(c *Call, err error) bool {
	_, old := errors.AsType[*Outdated](err)
	return c.settled && !old
}

// met gives the reply of the first try of this request: what was just read may
// be what that try made.
func (c *Call) met(ctx context.Context) (chat.Reply, bool) {
	if c.settled || c.Verb != nil && c.Verb.Looks {
		return chat.Reply{}, false
	}
	first, found, err := c.Ports.Desk.Met(ctx, c.Input)
	if err != nil {
		return problem(err, c.speak(ctx)), true
	}
	return first, found
}

// tooLong refuses what nobody types, before anything reads it.
func tooLong(r chat.Request) (chat.Reply, bool) {
	size := len(r.Text)
	for _, v := range r.Form {
		size += len(v)
	}
	if size <= MaxText {
		return chat.Reply{}, false
	}
	if size <= MaxText*utf8.UTFMax {
		chars := utf8.RuneCountInString(r.Text)
		for _, v := range r.Form {
			chars += utf8.RuneCountInString(v)
		}
		if chars <= MaxText {
			return chat.Reply{}, false
		}
	}
	reply := answer("That is too long: a command takes at most 4,000 characters. Nothing was done.")
	reply.Kind = fault.Invalid.String()
	return also(reply, "Say it shorter, for example: ", chat.Code("/incident checkout is failing")), true
}

func cleaned(r chat.Request) chat.Request {
	r.Text = strings.TrimSpace(incident.Clean(chat.Clean(r.Text)))
	if r.Form != nil {
		form := make(map[string]string, len(r.Form))
		for k, v := range r.Form {
			form[k] = strings.TrimSpace(incident.Clean(chat.Clean(v)))
		}
		r.Form = form
	}
	if r.About != nil {
		about := *r.About
		about.Text = strings.TrimSpace(incident.Clean(chat.Clean(about.Text)))
		r.About = &about
	}
	return r
}

// route finds out what was said about which incident, and answers.
func (ro *Router) route(ctx context.Context, c *Call) (chat.Reply, error) {
	if c.Request.User.Kind == chat.Machine || c.Actor.Standing == incident.Machine {
		return chat.Reply{}, fault.New(fault.Forbidden, "Bots cannot give commands. Ask a person to say it, or use the API with a token.")
	}
	h := ro.hear(c.Request.Text, c.speak(ctx).Command)
	c.Text, c.After, c.Verb = h.all, h.after, h.verb
	if h.verb == nil || h.verb.Looks {
		c.Guess = nil
	}
	if err := ro.place(ctx, c, h); err != nil {
		return chat.Reply{}, err
	}
	if err := welcome(c); err != nil {
		return chat.Reply{}, err
	}
	if c.Verb == nil {
		return ro.withoutVerb(ctx, c, h)
	}
	return ro.run(ctx, c)
}

// place finds the incident: the one that was named, else the room's.
func (ro *Router) place(ctx context.Context, c *Call, h heard) error {
	var err error
	if h.number == 0 && h.verb != nil && h.verb.OnOne {
		h.number, _ = numberOf(c.Request.Form[whichIncident])
	}
	if h.number > 0 {
		c.Named = true
		c.On, c.Has, err = ro.p.Look.ByNumber(ctx, c.Input, h.number)
		if err == nil && !c.Has {
			err = incident.NoSuch(h.number)
		}
		return err
	}
	c.On, c.Has, err = ro.p.Look.Here(ctx, c.Input)
	return err
}

// welcome asks whether this account may say this to tocsin: guests and people
// of other workspaces look and follow where they can see the room. Rights on
// an incident are the domain's.
func welcome(c *Call) error {
	guest := c.Actor.Standing == incident.Guest && !c.policy().Guests
	if !guest && c.Actor.Standing != incident.Outsider {
		return nil
	}
	if c.Verb != nil && c.Verb.Name == "help" {
		return nil
	}
	may := c.Verb == nil && c.Text == "" || c.Verb != nil && (c.Verb.Looks && c.Verb.OnOne || c.Verb.Guests)
	if !may || !c.Has || !inRoom(c.On, c.Request.Place) {
		return fault.New(fault.Forbidden, "Guests can look at an incident and follow it in its own room, and nothing else. Ask a full member of this workspace.")
	}
	return nil
}

// run reads the verb's words and runs it when they fit.
func (ro *Router) run(ctx context.Context, c *Call) (chat.Reply, error) {
	c.readWords()
	c.readMessage(ctx)
	run, err := c.Verb.read(ctx, c)
	if c.Verb.OnOne && !c.Has {
		if c.Request.About != nil {
			return ro.whereTo(ctx, c)
		}
		return ro.onWhich(ctx, c, err)
	}
	if err != nil {
		if c.pressed() || c.After == "" || c.Verb.Name == "declare" {
			return chat.Reply{}, err
		}
		return chat.Reply{}, ro.misfit(c, err)
	}
	if c.loose && !c.sure() {
		return chat.Reply{}, titleOrVerb(c, c.typed())
	}
	if q, err := c.changedSince(ctx); err != nil || q != nil {
		if err == nil {
			err = q
		}
		return chat.Reply{}, err
	}
	return run(ctx)
}

// readWords splits what follows the verb, or takes the values of its form.
func (c *Call) readWords() {
	if form := c.Request.Form; form != nil {
		c.Words = &Words{list: split(form[c.Verb.Body]), keys: map[string][]string{}}
		for k, v := range form {
			if v != "" && k != c.Verb.Body {
				c.Words.keys[k] = []string{v}
			}
		}
		return
	}
	var rules []keyRule
	if c.Verb.keys != nil {
		rules = c.Verb.keys(c)
	}
	c.Words = readWords(c.After, rules)
	for _, r := range rules {
		if r.name == c.Verb.last && r.more != nil {
			c.Words.takeLast(r.name, r.more)
		}
	}
}
