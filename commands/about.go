package commands

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// whichIncident is the field of a form that asks for the incident.
const whichIncident = "incident"

// message is the message on which the gesture was made, as the house keeps it.
func (c *Call) message(ctx context.Context) (incident.Spoken, error) {
	about := *c.Request.About
	if about.Place.Room == "" {
		about.Place = c.Request.Place
	}
	if c.Ports.Ear == nil {
		return incident.Spoken{}, fault.New(fault.Unavailable, "I cannot read that message here. Nothing was done.")
	}
	return c.Ports.Ear.Heard(ctx, about)
}

// readMessage reads the words of that message, with names in the place of
// mentions, for the forms that begin with them.
func (c *Call) readMessage(ctx context.Context) {
	if c.Request.About == nil || c.Request.Form != nil {
		return
	}
	list := split(c.Request.About.Text)
	for i, w := range list {
		if !strings.HasPrefix(w.text, "<@") {
			continue
		}
		if who, err := c.Ports.World.FindPerson(ctx, c.Input, bare(w.text)); err == nil && len(who) == 1 {
			list[i].raw = strings.Replace(w.raw, bare(w.text), who[0].Name, 1)
		}
	}
	c.quoted = joinRaw(list)
}

// firstLine is the first line of a text that says something, short enough for a title.
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimLeft(strings.TrimSpace(line), ">• ")
		for n := len(line); n > 2 && line[0] == line[n-1] && strings.IndexByte("*_~`", line[0]) >= 0; n = len(line) {
			line = line[1 : n-1]
		}
		if strings.IndexFunc(line, says) >= 0 {
			return short(line, maxTitle)
		}
	}
	return ""
}

// says holds for what words are made of.
func says(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// maxTitle is how long a title is that is made of somebody's message.
const maxTitle = 120

// whereTo asks to which open incident a message goes. The question is a form,
// since a button would lose the message.
func (ro *Router) whereTo(ctx context.Context, c *Call) (chat.Reply, error) {
	open, err := ro.p.Look.List(ctx, c.Input, store.Filter{As: c.Actor.Person, OnlyOpen: true, Limit: maxChoices})
	if err != nil {
		return chat.Reply{}, err
	}
	if len(open) == 0 {
		return chat.Reply{}, fault.New(fault.NotFound, "No incident is open that the message could go to. Nothing was done; declare one from the message first.")
	}
	which := needed(selectField(whichIncident, "Which incident?", nil))
	for _, s := range open {
		which.Choices = append(which.Choices, chat.Choice{Value: s.Number.String(), Label: s.Number.String() + " " + short(s.Title.String(), 60)})
	}
	if len(open) == 1 {
		which.Value = open[0].Number.String()
	}
	f := c.drawn(ctx, incident.Incident{})
	f.Title = strings.TrimSuffix(f.Title, " of")
	f.Fields = append([]chat.Input{which}, f.Fields...)
	r := answer("To which incident does the message go? Nothing is done yet.")
	if c.Request.Form != nil {
		for i, in := range f.Fields {
			f.Fields[i].Value = c.Request.Form[in.Name]
		}
		f.Intro = text("Which incident? Nothing was done.")
		r = chat.Reply{Kind: fault.Invalid.String(), Message: chat.Message{Parts: []chat.Part{chat.Text(f.Intro)}}}
	}
	r.Form = f
	return r, nil
}

// withMessage adds the message, on which a declare was made, to its events. A
// message that cannot be captured keeps nobody from declaring.
func (c *Call) withMessage(ctx context.Context, declare func(incident.Incident) ([]incident.Event, error)) func(incident.Incident) ([]incident.Event, error) {
	if c.Request.About == nil {
		return declare
	}
	m, err := c.message(ctx)
	known := err == nil
	return func(inc incident.Incident) ([]incident.Event, error) {
		return sequence(inc, c.Actor, declare, func(inc incident.Incident) ([]incident.Event, error) {
			if !known {
				return nil, nil
			}
			events, err := inc.Capture(c.Actor, m, c.how(), false)
			if _, refused := errors.AsType[*fault.Error](err); refused {
				events, err = nil, nil
			}
			return events, err
		})
	}
}

// tellsOfMessage says whether the message is on the timeline.
func (c *Call) tellsOfMessage(r chat.Reply, done []incident.Recorded) chat.Reply {
	if c.Request.About == nil {
		return r
	}
	for _, d := range done {
		if _, ok := d.Event.(incident.MessageCaptured); ok {
			return also(r, "The message that it began with is on its timeline.")
		}
	}
	return also(r, "The message that it began with could not be put on its timeline.")
}
