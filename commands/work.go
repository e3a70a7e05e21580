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

func taskCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "task", Group: groupWork, Summary: "Something to do now.", Example: "task restart the payment workers @bo",
			Args: []chat.Arg{{Name: "text", Hint: "what to do", Required: true}, {Name: "person", Hint: "@who, at the end"}},
		},
		OnOne: true, Text: true,
		read: func(ctx context.Context, c *Call) (Run, error) {
			who, what, err := c.doer(ctx)
			if err != nil {
				return nil, err
			}
			if what == "" {
				return nil, c.bad("What is to do?")
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.AddTask(c.Actor, what, who) },
				func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					r := answer("Task ", chat.Strong(itoa(int(after.Items))), " of ", after.Number, ": ", chat.Plain(what))
					return with(owned(r, v, who, time.Time{}, c), button("Done", "done "+after.Number.String()+" "+itoa(int(after.Items))))
				}), nil
		},
	}
}

// doer takes a mention off the end (or the front) of the words: who does it.
func (c *Call) doer(ctx context.Context) (incident.PersonID, string, error) {
	words := *c.Words
	who := ""
	switch {
	case words.Len() > 0 && isMention(words.Last()):
		who = words.Last()
		words.DropLast()
	case words.Len() > 1 && isMention(words.First(1)):
		who = words.First(1)
		words.Drop(1)
	}
	what := words.Rest()
	if who == "" {
		return "", what, nil
	}
	p, err := c.person(ctx, who)
	return p.ID, what, err
}

// owned repeats whose it is and until when, as it was read.
func owned(r chat.Reply, v say.Voice, who incident.PersonID, due time.Time, c *Call) chat.Reply {
	var line []any
	if who != "" {
		line = append(line, "It is for ", say.Person(who, v))
	}
	if !due.IsZero() {
		if line == nil {
			line = append(line, "It is due ")
		} else {
			line = append(line, ", due ")
		}
		line = append(line, chat.Strong(c.moment(due)))
	}
	if line == nil {
		return r
	}
	return also(r, append(line, ".")...)
}

func actionCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "action", Group: groupWork, Summary: "Something to do later, with an owner.", Example: "action alert on queue length @bo due:friday",
			Args: []chat.Arg{{Name: "text", Hint: "what to do", Required: true}, {Name: "person", Hint: "@owner, at the end"}, {Name: "due:", Hint: "due:friday"}},
		},
		OnOne: true, Text: true, Body: "text",
		keys: func(c *Call) []keyRule { return []keyRule{{name: "due", more: c.isDue}} },
		form: actionForm, asks: whenAlone, read: readAction,
		refuses: tries(func(c *Call, inc incident.Incident) ([]incident.Event, error) {
			return inc.AddAction(c.Actor, whatever, "", time.Time{})
		}),
	}
}

func actionForm(c *Call, _ incident.Incident) chat.Form {
	what := needed(limited(lineField("text", "What is to do?")))
	what.Value = firstLine(c.quoted)
	return chat.Form{Title: "Action item of", Submit: "Add", Fields: []chat.Input{
		what, personField("Whose is it?"), hinted(lineField("due", "Due"), "friday, tomorrow or 2 Dec"),
	}}
}

func (c *Call) isDue(words string) bool {
	_, err := ReadTime(words, c.Request.At, c.zone(), Due)
	return err == nil
}

func readAction(ctx context.Context, c *Call) (Run, error) {
	if c.asksForm() {
		return c.opens(), nil
	}
	owner, what, err := c.doer(ctx)
	if name := c.Words.Key("person"); err == nil && name != "" {
		what = c.Words.Rest()
		var p incident.Person
		p, err = c.person(ctx, name)
		owner = p.ID
	}
	if err != nil {
		return nil, err
	}
	if what == "" {
		return nil, c.bad("What is to do?")
	}
	var due time.Time
	if c.Words.Has("due") {
		if due, err = ReadTime(c.Words.Key("due"), c.Request.At, c.zone(), Due); err != nil {
			return nil, err
		}
	}
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) { return inc.AddAction(c.Actor, what, owner, due) },
		func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			r := answer("Action item ", chat.Strong(itoa(int(after.Items))), " of ", after.Number, ": ", chat.Plain(what))
			if owner == "" {
				r = also(r, "It has no owner yet.")
			}
			return owned(r, v, owner, due, c)
		}), nil
}

func doneCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "done", Group: groupWork, Summary: "A task or action item is done.", Example: "done 1",
			Args: []chat.Arg{{Name: "number", Hint: "as tasks and actions show it", Required: true}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			n, ok := number(strings.TrimPrefix(c.Words.At(0), "#"), 6)
			if !ok || n == 0 || c.Words.Len() > 1 {
				return nil, c.bad("Which one? Its number stands in front of it in `tasks` and `actions`.")
			}
			return func(ctx context.Context) (chat.Reply, error) { return c.done(ctx, incident.ItemID(n)) }, nil
		},
	}
}

func (c *Call) done(ctx context.Context, n incident.ItemID) (chat.Reply, error) {
	it, found, err := c.Ports.Details.Item(ctx, c.On.ID, n)
	if err != nil {
		return chat.Reply{}, err
	}
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			if !found {
				return nil, fault.New(fault.NotFound, "%s has no task or action item %d.", inc.Number, n)
			}
			return inc.Done(c.Actor, it)
		},
		func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			return answer("Done in ", after.Number, ": ", chat.Plain(itoa(int(n))+". "), it.Text)
		})(ctx)
}

func checklistCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "checklist", Group: groupWork, Summary: "Put a checklist of the policy on it; alone: which there are.", Example: "checklist",
			Args: []chat.Arg{{Name: "checklist", Hint: "its name"}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			name := c.Words.Rest()
			if name == "" {
				return c.listsChecklists, nil
			}
			list, ok := c.policy().ChecklistFor(name)
			if !ok {
				return nil, c.bad("The policy has no checklist %q.", short(name, 40))
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) {
					return inc.AddChecklist(c.Actor, list.Name, c.policy())
				},
				func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
					lines := 0
					for _, d := range done {
						if e, ok := d.Event.(incident.ChecklistAdded); ok {
							lines = len(e.Lines)
						}
					}
					return answer("Checklist ", chat.Strong(list.Name), " is on ", after.Number, ": ", plural(lines, "task"), ". See them: ", typed(v, "tasks "+after.Number.String()))
				}), nil
		},
	}
}

func (c *Call) listsChecklists(ctx context.Context) (chat.Reply, error) {
	p := c.policy()
	if len(p.Checklists) == 0 {
		return answer("The policy of this house has no checklists. Tasks work without: ", typed(c.speak(ctx), "task restart the workers")), nil
	}
	r := answer("Checklists of the policy:")
	var list chat.List
	for _, l := range p.Checklists {
		list = append(list, text(chat.Strong(l.Name), ": ", plural(len(l.Lines), "line")))
		if len(r.Message.Actions) < 5 {
			r = with(r, button("Put on "+quote(l.Name), "checklist "+c.On.Number.String()+" "+l.Name))
		}
	}
	r.Message.Parts = append(r.Message.Parts, list)
	return r, nil
}
