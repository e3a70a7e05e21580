package commands

import (
	"context"
	"slices"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/store"
)

// lookCommand is a verb that shows something of one incident to the asker alone.
func lookCommand(name, summary string, show func(ctx context.Context, c *Call, inc incident.Incident) (chat.Message, error)) Command {
	return Command{
		Verb: chat.Verb{
			Name: name, Group: groupLook, Summary: summary, Example: name,
			Args: []chat.Arg{{Name: "incident", Hint: "INC-142; in its room it is understood"}, {Name: "here", Hint: "show it to everybody here", Choices: []string{"here"}}},
		},
		OnOne: true, Looks: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			public := c.hereLast()
			if err := c.none(); err != nil {
				return nil, err
			}
			return c.looks(public, show), nil
		},
	}
}

// looks is the run of a look at one incident.
func (c *Call) looks(public bool, show func(ctx context.Context, c *Call, inc incident.Incident) (chat.Message, error)) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		inc, err := c.state(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		m, err := show(ctx, c, inc)
		if err != nil {
			return chat.Reply{}, err
		}
		return c.shown(m, public)
	}
}

func showCommand() Command {
	return lookCommand("show", "Show an incident in full.", func(ctx context.Context, c *Call, inc incident.Incident) (chat.Message, error) {
		return say.Show(inc, c.speak(ctx)), nil
	})
}

func rolesCommand() Command {
	return lookCommand("roles", "Who holds which role, and which are open.", func(ctx context.Context, c *Call, inc incident.Incident) (chat.Message, error) {
		return say.Roles(inc, c.speak(ctx)), nil
	})
}

func catchupCommand() Command {
	cmd := lookCommand("catchup", "Where it stands, for somebody who comes in late.", func(ctx context.Context, c *Call, inc incident.Incident) (chat.Message, error) {
		recs, err := c.Ports.Details.Events(ctx, inc.ID, before(inc.Head, 200), 0)
		if err != nil {
			return chat.Message{}, err
		}
		return say.CatchUp(inc, incident.Entries(recs), c.speak(ctx)), nil
	})
	cmd.Aliases = []string{"catch-up"}
	return cmd
}

// before is n versions before head, or the start.
func before(head incident.Version, n incident.Version) incident.Version {
	if head <= n {
		return 0
	}
	return head - n
}

func tasksCommand() Command {
	return itemsCommand("tasks", "What is to do now.", say.Tasks)
}

func actionsCommand() Command {
	return itemsCommand("actions", "What is to do later, and whose it is.", say.Actions)
}

func itemsCommand(name, summary string, draw func(incident.Incident, []incident.Item, say.Voice) chat.Message) Command {
	cmd := lookCommand(name, summary, func(ctx context.Context, c *Call, inc incident.Incident) (chat.Message, error) {
		items, err := c.Ports.Details.Items(ctx, inc.ID)
		if err != nil {
			return chat.Message{}, err
		}
		return draw(inc, items, c.speak(ctx)), nil
	})
	cmd.Group = groupWork
	return cmd
}

func listCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "list", Group: groupLook, Summary: "Open incidents; or all, mine, ended ones.", Example: "list",
			Args: []chat.Arg{{Name: "which", Hint: "open, all, mine, ended, or a severity", Choices: []string{"open", "all", "mine", "ended", "sev1", "sev2", "here"}}},
		},
		Looks: true,
		keys:  func(*Call) []keyRule { return []keyRule{{name: "before"}, {name: "service"}} },
		read:  readList,
	}
}

// wanted narrows a list beyond what the store's filter can.
type wanted struct {
	heading  string
	which    string
	severity incident.Severity
	service  string
	before   incident.Number
	public   bool
}

// perList is how many incidents a list shows.
const perList = 15

func readList(_ context.Context, c *Call) (Run, error) {
	l := wanted{heading: "Open incidents", which: "open", public: c.hereLast(), service: c.Words.Key("service")}
	for ; c.Words.Len() > 0; c.Words.Drop(1) {
		switch w := c.Words.At(0); w {
		case "open":
		case "all":
			l.which, l.heading = w, "All incidents"
		case "mine", "my":
			l.which, l.heading = "mine", "Your open incidents"
		case "ended", "closed", "resolved":
			l.which, l.heading = "ended", "Ended incidents"
		default:
			level, n := leadingSeverity(c.Words)
			if level == 0 || n > 1 {
				return nil, c.bad("`list` takes open, all, mine, ended or a severity.")
			}
			l.severity = incident.Severity(level)
		}
	}
	if b := c.Words.Key("before"); b != "" {
		n, ok := numberOf(b)
		if !ok {
			return nil, c.bad("before: takes the number of an incident, such as INC-120.")
		}
		l.before = n
	}
	return func(ctx context.Context) (chat.Reply, error) { return c.list(ctx, l) }, nil
}

func (c *Call) list(ctx context.Context, l wanted) (chat.Reply, error) {
	f := store.Filter{As: c.Actor.Person, OnlyOpen: l.which == "open" || l.which == "mine", Before: l.before, Limit: 200}
	if l.public {
		f.As = "" // what is shown to all holds nothing private
	}
	sums, err := c.Ports.Look.List(ctx, c.Input, f)
	if err != nil {
		return chat.Reply{}, err
	}
	full := len(sums) == f.Limit
	sums = slices.DeleteFunc(sums, func(s incident.Summary) bool { return !l.takes(s, c.Actor.Person) })
	var more say.More
	if len(sums) > perList || full {
		if len(sums) > perList {
			more.Left = len(sums) - perList
			sums = sums[:perList]
		}
		if full {
			more.Left = 0
		}
		if len(sums) > 0 {
			more.Command = "list " + l.which + " before:" + sums[len(sums)-1].Number.String()
		}
	}
	m := say.List(l.heading, sums, more, c.speak(ctx))
	c.On, c.Has = incident.Summary{}, false // a list is about no one incident
	return c.shown(m, l.public)
}

func (l wanted) takes(s incident.Summary, p incident.PersonID) bool {
	switch {
	case l.public && s.Private, l.which == "ended" && s.Status.Open(), l.severity > 0 && s.Severity != l.severity:
		return false
	case l.which == "mine" && s.Commander != p && s.Declarer != p && !slices.Contains(s.Members, p):
		return false
	}
	return l.service == "" || sharesService(s.Services, []string{l.service})
}

func searchCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "search", Group: groupLook, Summary: "Find incidents by words; in quotes where it could be a title.", Example: `search "certificate expired"`,
			Args: []chat.Arg{{Name: "words", Hint: `"certificate expired"`, Required: true}},
		},
		Looks: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			if c.Words.Len() == 0 {
				return nil, c.bad("Search for what?")
			}
			words := c.Words.Rest()
			if !c.Words.Quoted() {
				c.mayBeTitle()
				c.After = `"` + words + `"`
			}
			return func(ctx context.Context) (chat.Reply, error) {
				found, err := c.Ports.Look.Search(ctx, c.Input, words, perList)
				if err != nil {
					return chat.Reply{}, err
				}
				m := say.List("Incidents with "+quote(words), found, say.More{}, c.speak(ctx))
				if len(found) == 0 {
					m = answer("No incident that you can see holds all of ", chat.Plain(quote(words)), ".").Message
				}
				return chat.Reply{Message: m}, nil
			}, nil
		},
	}
}
