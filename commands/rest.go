package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
)

func reportCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "report", Group: groupRest, Summary: "The report; it comes with a later version.", Example: "report",
			Args: []chat.Arg{{Name: "period", Choices: []string{"now", "week", "month"}}, {Name: "team", Hint: "a team; nothing: all"}},
		},
		Looks: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			words := *c.Words
			switch words.At(0) {
			case "now", "week", "month":
				words.Drop(1)
			}
			if words.Len() > 0 {
				if _, ok := c.policy().TeamFor(words.Rest()); !ok {
					return nil, c.bad("`report` takes now, week or month, and a team.")
				}
			}
			return c.later("Reports come with a later version of tocsin.", "list all", "All incidents are here"), nil
		},
	}
}

// later says that something comes, and what works instead.
func (c *Call) later(what, command, instead string) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		r := answer(what+" "+instead+": ", typed(c.speak(ctx), command), ". On the command line, ", chat.Code("tocsin export"), " writes everything as JSON, Markdown or CSV.")
		return r, nil
	}
}

func zoneCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "zone", Group: groupRest, Summary: "In which time zone I read your times; with a name: set it.", Example: "zone Europe/Berlin",
			Args: []chat.Arg{{Name: "zone", Hint: "Europe/Berlin, New York, UTC"}},
		},
		read: func(_ context.Context, c *Call) (Run, error) {
			if c.Words.Len() == 0 {
				return func(ctx context.Context) (chat.Reply, error) {
					return answer("I read your times in ", chat.Strong(c.zone().String()), ", where it is ", c.moment(c.Request.At), ". Another one: ", typed(c.speak(ctx), "zone Europe/Berlin")), nil
				}, nil
			}
			zone, ok := ReadZone(c.Words.Rest())
			if !ok {
				return nil, c.bad("I know no time zone %q. Use a name such as Europe/Berlin, America/New_York or UTC.", short(c.Words.Rest(), 40))
			}
			return func(ctx context.Context) (chat.Reply, error) {
				c.settled = true
				return c.Ports.Desk.SetZone(ctx, c.Input, zone.String(), answer("From now on I read your times in ", chat.Strong(zone.String()), ", where it is ", moment(c.Request.At, zone), "."))
			}, nil
		},
	}
}

func doctorCommand() Command {
	return Command{
		Verb:  chat.Verb{Name: "doctor", Group: groupRest, Summary: "Is everything that I need there? What is off, and why.", Example: "doctor"},
		Looks: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			if err := c.none(); err != nil {
				return nil, err
			}
			return c.examines, nil
		},
	}
}

func (c *Call) examines(ctx context.Context) (chat.Reply, error) {
	findings := c.Ports.World.Health(ctx)
	var list chat.List
	bad := 0
	for _, f := range findings {
		mark := "✓ "
		switch f.Level {
		case "warn":
			mark = "⚠ "
		case "fail":
			mark = "✗ "
			bad++
		}
		line := text(mark, chat.Strong(f.What))
		if f.Why != "" {
			line = append(line, plain(": "+strings.TrimSuffix(f.Why, ".")+"."))
		}
		if f.Mend != "" {
			line = append(line, plain(" Mend it: "+strings.TrimSuffix(f.Mend, ".")+"."))
		}
		list = append(list, line)
	}
	head := "Everything that I looked at is in order."
	if bad > 0 {
		head = plural(bad, "thing") + " must be mended."
	}
	if len(list) == 0 {
		return answer("There was nothing to look at. ", chat.Code("tocsin doctor"), " on the command line looks at more."), nil
	}
	r := answer(head)
	r.Message.Parts = append(r.Message.Parts, list)
	return r, nil
}

func helpCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "help", Group: groupRest, Summary: "What can be said; with a verb: how it works.", Example: "help page",
			Args: []chat.Arg{{Name: "verb", Hint: "nothing: all of them"}},
		},
		Looks: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			all := All()
			if c.Words.Len() == 0 {
				return func(ctx context.Context) (chat.Reply, error) { return helpAll(c.speak(ctx), all, c.Has), nil }, nil
			}
			name := strings.TrimPrefix(c.Words.At(0), "/")
			cmd, ok := find(all, name)
			if slips := meant(all, name); !ok && len(slips) > 0 {
				cmd, ok = slips[0], true
			}
			if !ok || c.Words.Len() > 1 {
				return nil, c.bad("There is no verb %q. `help` alone lists all of them.", short(c.Words.Rest(), 40))
			}
			return func(ctx context.Context) (chat.Reply, error) { return helpOne(c.speak(ctx), *cmd), nil }, nil
		},
	}
}

func helpAll(v say.Voice, all []Command, inRoom bool) chat.Reply {
	first := text("To declare an incident, say what is wrong: ", typed(v, "checkout is failing"))
	if inRoom {
		first = text("You are in an incident's room, so it is understood. For example: ", typed(v, "severity sev2"), ", ", typed(v, "update we are looking at it"))
	}
	m := chat.Message{Parts: []chat.Part{first}, Summary: "What can be said"}
	for _, g := range groups() {
		line := text(chat.Strong(g), ": ")
		n := 0
		for _, c := range all {
			if c.Group != g || c.Hidden {
				continue
			}
			if n > 0 {
				line = append(line, plain(" "))
			}
			line = append(line, chat.Code(c.Name))
			n++
		}
		m.Parts = append(m.Parts, line)
	}
	m.Parts = append(m.Parts, text("In a thread, where slash commands may not be known, mention me: ", chat.Code(Mention+" note the queue is empty again")))
	m.Parts = append(m.Parts, text("More of one: ", typed(v, "help page"), ". Elsewhere than in its room, name the incident: ", typed(v, "severity INC-142 sev2")))
	return chat.Reply{Message: m}
}

func helpOne(v say.Voice, c Command) chat.Reply {
	use := v.Command + " " + c.Name
	var args chat.List
	for _, a := range c.Args {
		if a.Required {
			use += " <" + a.Name + ">"
		} else {
			use += " [" + a.Name + "]"
		}
		line := text(chat.Code(a.Name))
		if a.Hint != "" {
			line = append(line, plain(" "+a.Hint))
		}
		if len(a.Choices) > 0 && a.Hint == "" {
			line = append(line, plain(" "+strings.Join(a.Choices, ", ")))
		}
		args = append(args, line)
	}
	r := answer(chat.Code(use), " ", c.Summary)
	if args != nil {
		r.Message.Parts = append(r.Message.Parts, args)
	}
	return also(r, "For example: ", typed(v, c.Example))
}
