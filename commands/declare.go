package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func declareCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "declare", Group: groupDeclare,
			Summary: "Declare an incident; every text that begins with no verb does the same. With nothing: a form.",
			Args: []chat.Arg{
				{Name: "severity", Hint: "sev1 … sev5, may be left out"},
				{Name: "title", Hint: "what is wrong, in a few words", Required: true},
				{Name: "service:", Hint: "service:checkout"},
				{Name: "private:", Hint: "private:yes", Choices: []string{"yes"}},
				{Name: "drill:", Hint: "drill:yes", Choices: []string{"yes"}},
				{Name: "past:", Hint: "past:yes started:… resolved:… for the record only", Choices: []string{"yes"}},
			},
			Example: "declare sev2 checkout is failing service:checkout",
		},
		Text: true, Body: "title",
		keys: declareKeys, form: declareForm, asks: whenAlone, read: readDeclare,
		refuses: tries(func(c *Call, _ incident.Incident) ([]incident.Event, error) {
			return incident.Declare(c.Actor, 0, incident.Declaration{Title: whatever}, c.policy())
		}),
	}
}

func declareKeys(c *Call) []keyRule {
	rules := []keyRule{
		{name: "service"},
		{name: "private"},
		{name: "drill"},
		{name: "past"},
		{name: "severity"},
		{name: "started", more: c.isPast},
		{name: "resolved", more: c.isPast},
	}
	for _, f := range c.policy().Fields {
		if f.Ask == "declare" {
			rules = append(rules, keyRule{name: keyName(f.Name)})
		}
	}
	return rules
}

func declareForm(c *Call, _ incident.Incident) chat.Form {
	title := needed(hinted(lineField("title", "What is wrong?"), "One line is enough: checkout is failing"))
	title.Value = firstLine(c.quoted)
	fields := []chat.Input{
		title, severityField(c.policy()), serviceField(c.policy(), c.Words.keys["service"]),
		{Name: "private", Label: "Private: only its members know of it", Kind: chat.Checked},
		{Name: "drill", Label: "A drill: nobody is woken", Kind: chat.Checked},
	}
	fields = append(fields, policyFields(c.policy(), "declare")...)
	f := chat.Form{Title: "Declare an incident", Submit: "Declare", Fields: fields}
	if c.Request.About != nil {
		f.Intro = text("The message goes on its timeline.")
	}
	return f
}

func readDeclare(_ context.Context, c *Call) (Run, error) {
	d := incident.Declaration{From: here(c.Request.Place), Fields: c.fieldValues("declare")}
	if c.Request.Form == nil {
		if level, n := leadingSeverity(c.Words); level > 0 {
			d.Severity = incident.Severity(level)
			c.Words.Drop(n)
		}
	}
	if err := c.declareKeys(&d); err != nil {
		return nil, err
	}
	d.Title = strings.Join(strings.Fields(c.Words.Rest()), " ")
	if d.Title == "" {
		if c.Request.Form != nil {
			return nil, c.bad("What is wrong? The title is the one thing that is needed.")
		}
		if d.Severity > 0 {
			c.Words.keys["severity"] = []string{d.Severity.String()}
		}
		c.On, c.Has = incident.Summary{}, false
		return c.opens(), nil
	}
	return c.declares(d), nil
}

// declareKeys reads the keys of a declare.
func (c *Call) declareKeys(d *incident.Declaration) error {
	var err error
	w := c.Words
	for _, list := range w.keys["service"] {
		for s := range strings.SplitSeq(list, ",") {
			if s = strings.TrimSpace(s); s != "" {
				d.Services = append(d.Services, s)
			}
		}
	}
	for i, name := range []string{"private", "drill", "past"} {
		on, ok := yes(w.Key(name))
		if !ok {
			return c.bad("%s:%s is neither yes nor no.", name, short(w.Key(name), 20))
		}
		*[]*bool{&d.Private, &d.Drill, &d.Past}[i] = on
	}
	if w.Has("severity") {
		s, ok := severityNamed(c.policy(), w.Key("severity"))
		if !ok {
			return c.bad("%q is no severity; they are sev1 (worst) to sev5.", short(w.Key("severity"), 20))
		}
		d.Severity = s
	}
	if w.Has("started") {
		if d.Started, err = c.past(w.Key("started")); err != nil {
			return err
		}
	}
	if w.Has("resolved") {
		if d.Resolved, err = c.past(w.Key("resolved")); err != nil {
			return err
		}
	}
	return nil
}

// declares puts the declaration to the desk; incidents that it resembles are
// looked up before, so that the reply can offer to merge with an open one, or
// name one that is over.
func (c *Call) declares(d incident.Declaration) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		v := c.speak(ctx)
		alike, like := c.resembling(ctx, d)
		decide := c.withMessage(ctx, func(inc incident.Incident) ([]incident.Event, error) {
			events, err := incident.Declare(c.Actor, inc.Number, d, c.policy())
			if err != nil {
				return nil, c.exampled(err)
			}
			return events, nil
		})
		c.settled = true
		return c.Ports.Desk.Declare(ctx, c.Input, Decision{
			Decide: decide,
			Reply: func(after incident.Incident, done []incident.Recorded) chat.Reply {
				return c.tellsOfMessage(c.lookedLike(c.declared(v, after, d, alike), v, like), done)
			},
		})
	}
}

func (c *Call) declared(v say.Voice, after incident.Incident, d incident.Declaration, alike []incident.Summary) chat.Reply {
	r := chat.Reply{Message: say.Declared(after, v), Incident: after.Number.String()}
	var read []string
	if !d.Started.IsZero() {
		read = append(read, "started "+c.moment(d.Started))
	}
	if !d.Resolved.IsZero() {
		read = append(read, "resolved "+c.moment(d.Resolved))
	}
	if len(read) > 0 {
		r.Message.Parts = append(r.Message.Parts, chat.Small{chat.Plain("Read as: " + strings.Join(read, ", ") + ".")})
	}
	for _, s := range alike {
		r.Message.Parts = append(r.Message.Parts, chat.Small(append([]chat.Span{chat.Plain("It resembles ")}, say.ListLine(s, v)...)))
		r.Message.Actions = append(r.Message.Actions, button("Merge into "+s.Number.String(), "merge "+after.Number.String()+" into "+s.Number.String()))
	}
	return r
}

// here is the place of a request as a room.
func here(p chat.Place) incident.Room {
	return incident.Room{Platform: p.Platform, ID: p.Room, Name: p.Name, Thread: p.Thread}
}
