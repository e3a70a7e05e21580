package commands

import (
	"context"
	"errors"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// withoutVerb answers a text whose first word is no verb.
func (ro *Router) withoutVerb(ctx context.Context, c *Call, h heard) (chat.Reply, error) {
	if h.all == "" {
		return ro.nothingSaid(ctx, c)
	}
	if slips := meant(ro.commands, h.first); len(slips) > 0 {
		return chat.Reply{}, slipped(c, h, slips)
	}
	if c.Has {
		return chat.Reply{}, freeText(c)
	}
	return ro.as(ctx, c, "declare", h.all)
}

// as runs another verb with a text.
func (ro *Router) as(ctx context.Context, c *Call, verb, after string) (chat.Reply, error) {
	c.Verb, _ = find(ro.commands, verb)
	c.After = after
	return ro.run(ctx, c)
}

// nothingSaid shows the incident that was named or whose room this is, and
// else the form to declare one.
func (ro *Router) nothingSaid(ctx context.Context, c *Call) (chat.Reply, error) {
	if !c.Has {
		return ro.as(ctx, c, "declare", "")
	}
	return ro.as(ctx, c, "show", "")
}

// slipped suggests the verb that was probably meant.
func slipped(c *Call, h heard, slips []*Command) error {
	tail := h.all
	if len(tail) >= len(h.first) {
		tail = tail[len(h.first):]
	}
	q := &question{say: text("There is no verb ", chat.Code(h.first), ". Nothing was done. Did you mean one of these?")}
	if len(slips) == 1 {
		q.say = text("There is no verb ", chat.Code(h.first), "; did you mean ", chat.Code(slips[0].Name), "? Nothing was done.")
	}
	for _, s := range slips[:min(len(slips), 3)] {
		command := s.Name
		if c.Named {
			command += " " + c.On.Number.String()
		}
		q.choices = append(q.choices, choice{label: strings.TrimSpace(label(s.Name) + " " + short(tail, 30)), command: command + tail})
	}
	if c.Has {
		q.choices = append(q.choices, choice{label: "Note it", command: "note " + c.On.Number.String() + " " + h.all})
	} else {
		q.choices = append(q.choices, declareChoice(h.all))
	}
	return q
}

// freeText asks what to do with words about an incident that begin with no verb.
func freeText(c *Call) error {
	q := &question{
		say:     text("What shall I do with ", chat.Plain(quote(c.Text)), " in ", c.On.Number, "? Nothing was done."),
		choices: freeChoices(c),
	}
	w := &Words{list: split(c.Text)}
	if level, n := leadingSeverity(w); level > 0 && n == w.Len() {
		s := incident.Severity(level).String()
		q.choices = append([]choice{{label: "Set " + s, command: "severity " + c.On.Number.String() + " " + s}}, q.choices[2:]...)
	}
	return q
}

// which asks for one of a few values, as buttons.
func (c *Call) which(ask string, values ...string) error {
	q := &question{say: text(ask, " Nothing was done."), try: slash + c.example()}
	for _, v := range values {
		if len(q.choices) < 5 {
			q.choices = append(q.choices, choice{label: v, command: strings.TrimSpace(c.typed()) + " " + v})
		}
	}
	return q
}

func freeChoices(c *Call) []choice {
	id := c.On.Number.String()
	return []choice{
		{label: "Note it", command: "note " + id + " " + c.Text},
		{label: "Post as update", command: "update " + id + " " + c.Text},
		{label: "Declare another", command: "declare " + c.Text},
	}
}

// titleOrVerb asks whether a text is what is wrong, or the verb that it begins with.
func titleOrVerb(c *Call, command string) *question {
	return &question{
		say: text("Is ", chat.Plain(quote(c.Text)), " what is wrong, or the verb ", chat.Code(c.Verb.Name), "? Nothing was done."),
		choices: []choice{
			declareChoice(c.Text),
			{label: label(c.Verb.Name) + " …", command: command},
		},
	}
}

// misfit says why words do not fit a verb, and what else they may be.
func (ro *Router) misfit(c *Call, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid && f.Kind != fault.NotFound {
		return err
	}
	if !c.Has {
		q := titleOrVerb(c, c.Verb.Name)
		q.say = append(text(f.Say+" "), q.say...)
		return q
	}
	if c.Words.Len() == 0 || len(c.Words.keys) > 0 {
		return err // no sentence that could be noted as it is
	}
	q := &question{say: text(f.Say, " Nothing was done."), choices: freeChoices(c), kind: f.Kind}
	if f, ok := errors.AsType[*fault.Error](c.exampled(f)); ok && f.Try != "" {
		q.try = f.Try
	}
	return q
}

// onWhich answers a verb that needs an incident and was given none: it offers
// to declare the text, and open incidents to apply the verb to.
func (ro *Router) onWhich(ctx context.Context, c *Call, misfit error) (chat.Reply, error) {
	q := &question{say: text(chat.Code(c.Verb.Name), " needs an incident, and this room belongs to none. Nothing was done.")}
	title := c.Text
	if c.Verb.title != nil && misfit == nil {
		title = c.Verb.title(c)
	}
	if c.After != "" || title != c.Text {
		q.choices = append(q.choices, declareChoice(title))
	}
	if misfit != nil && c.After != "" {
		q.say = text("Is ", chat.Plain(quote(c.Text)), " what is wrong, or the verb ", chat.Code(c.Verb.Name), "? Nothing was done.")
		q.choices = append(q.choices, choice{label: label(c.Verb.Name) + " …", command: c.Verb.Name})
		return chat.Reply{}, q
	}
	open, err := ro.p.Look.List(ctx, c.Input, store.Filter{As: c.Actor.Person, OnlyOpen: true, Limit: 3})
	if err != nil {
		return chat.Reply{}, err
	}
	if misfit != nil && !c.goesOn(misfit) {
		open = open[:min(len(open), 1)]
		q.try = slash + exampleOn(c.Verb, open)
		return chat.Reply{}, q
	}
	for _, s := range open {
		if n, ok := numberOf(c.Words.Last()); ok && n == s.Number {
			continue // it is what the verb is given, not what it is about
		}
		q.choices = append(q.choices, choice{label: s.Number.String() + " " + short(s.Title.String(), 30), command: applied(c, s)})
	}
	if len(open) == 0 {
		q.say = append(q.say, text(" No incident is open. Declare one: ", typed(c.speak(ctx), "checkout is failing"))...)
	} else {
		q.say = append(q.say, text(" Name it, for example: ", typed(c.speak(ctx), applied(c, open[0])))...)
	}
	return chat.Reply{}, q
}

// goesOn says that a verb which was given nothing asks for it when it is
// pressed: by a form, or by buttons of its own.
func (c *Call) goesOn(misfit error) bool {
	_, asks := errors.AsType[*question](misfit)
	return asks || c.Verb.asks != never
}

// exampleOn is the verb's example, about an open incident if there is one.
func exampleOn(cmd *Command, open []incident.Summary) string {
	if len(open) == 0 {
		return cmd.Example
	}
	return cmd.Name + " " + open[0].Number.String() + strings.TrimPrefix(cmd.Example, cmd.Name)
}

// applied is the command with an incident named.
func applied(c *Call, s incident.Summary) string {
	command := c.Verb.Name + " " + s.Number.String()
	if c.After != "" {
		command += " " + c.After
	}
	return command
}

// label is a verb as a button shows it.
func label(verb string) string {
	if verb == "" {
		return ""
	}
	return string(verb[0]-'a'+'A') + verb[1:]
}
