package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

// role reads a role; no words: the commander's.
func (c *Call) role(words string) (incident.RoleRule, error) {
	p := c.policy()
	words = bare(strings.TrimSpace(words))
	if words == "" || strings.EqualFold(words, "command") {
		words = string(incident.Commander)
	}
	if r, ok := p.RoleFor(words); ok {
		return r, nil
	}
	names := make([]string, 0, len(p.Roles))
	for _, r := range p.Roles {
		names = append(names, string(r.Role))
	}
	return incident.RoleRule{}, c.bad("%q is no role here; they are %s.", short(words, 40), strings.Join(names, ", "))
}

func takeCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "take", Group: groupPeople, Summary: "Take a role; alone: command.", Example: "take",
			Args: []chat.Arg{{Name: "role", Hint: "nothing: commander"}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			role, err := c.role(c.Words.Rest())
			if err != nil {
				return nil, err
			}
			c.touches(roleFacet(role.Role))
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.Take(c.Actor, role.Role, c.policy()) },
				func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
					r := answer("You are ", chat.Strong(say.RoleName(role.Role, v)), " of ", after.Number, ".")
					if was := heldBefore(done, role.Role); was != "" && was != c.Actor.Person {
						r = also(r, "It was ", say.Person(was, v), ".")
					}
					return duties(r, role)
				}), nil
		},
	}
}

func heldBefore(done []incident.Recorded, role incident.Role) incident.PersonID {
	for _, d := range done {
		if e, ok := d.Event.(incident.RoleTaken); ok && e.Role == role {
			return e.Before
		}
	}
	return ""
}

// duties shows what a role asks of who took it.
func duties(r chat.Reply, role incident.RoleRule) chat.Reply {
	if len(role.Duties) == 0 {
		return r
	}
	var list chat.List
	for _, d := range role.Duties {
		list = append(list, text(d))
	}
	r.Message.Parts = append(r.Message.Parts, list)
	return r
}

func assignCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "assign", Group: groupPeople, Summary: "Give somebody a role.", Example: "assign scribe @bo",
			Args: []chat.Arg{{Name: "role", Required: true, Hint: "commander, communications, operations, scribe"}, {Name: "person", Hint: "@who", Required: true}},
		},
		OnOne: true, form: assignForm, asks: whenAlone, read: readAssign,
		refuses: tries(func(c *Call, inc incident.Incident) ([]incident.Event, error) {
			return inc.Assign(c.Actor, incident.Commander, whatever, c.policy())
		}),
	}
}

// assignForm proposes the first role that nobody holds.
func assignForm(c *Call, inc incident.Incident) chat.Form {
	role := needed(roleField(c.policy()))
	for _, r := range c.policy().Roles {
		if _, held := inc.Holder(r.Role); !held && role.Value == "" {
			role.Value = string(r.Role)
		}
	}
	return chat.Form{Title: "Assign in", Submit: "Assign", Fields: []chat.Input{
		role, hinted(needed(personField("Who?")), "They have it at once, and are told what it asks of them."),
	}}
}

// readAssign takes the person first or last; alone: command.
func readAssign(ctx context.Context, c *Call) (Run, error) {
	roleWords, who := c.Words.Key("role"), c.Words.Key("person")
	switch {
	case c.asksForm():
		return c.opens(), nil
	case c.Request.Form == nil:
		var err error
		if roleWords, who, err = c.assigned(); err != nil {
			return nil, err
		}
	case roleWords == "" || who == "":
		return nil, c.bad("Assign which role to whom? Nothing was changed.")
	}
	role, err := c.role(roleWords)
	if err != nil {
		return nil, err
	}
	p, err := c.person(ctx, who)
	if err != nil {
		return nil, err
	}
	return c.assigns(role, p), nil
}

// assigned cuts what was typed into a role and a person.
func (c *Call) assigned() (role, who string, err error) {
	if role, ok := c.policy().RoleFor(c.Words.Rest()); ok {
		return "", "", c.bad("Assign %s to whom?", role.Name)
	}
	rest, who := *c.Words, c.Words.Last()
	if isMention(c.Words.At(0)) && !isMention(who) {
		who = c.Words.First(1)
		rest.Drop(1)
		return strings.TrimPrefix(rest.Rest(), "as "), who, nil
	}
	rest.DropLast()
	return strings.TrimSuffix(rest.Rest(), " to"), who, nil
}

func (c *Call) assigns(role incident.RoleRule, p incident.Person) Run {
	c.touches(roleFacet(role.Role))
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			return inc.Assign(c.Actor, role.Role, p.ID, c.policy())
		},
		func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
			r := answer(say.Person(p.ID, v), " is ", chat.Strong(say.RoleName(role.Role, v)), " of ", after.Number, ".")
			if was := heldBefore(done, role.Role); was != "" && was != p.ID {
				r = also(r, "It was ", say.Person(was, v), ".")
			}
			return r
		})
}

func releaseCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "release", Group: groupPeople, Summary: "Let a role go.", Example: "release scribe",
			Args: []chat.Arg{{Name: "role", Hint: "which one", Required: true}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			if c.Words.Len() == 0 {
				return nil, c.bad("Release which role?")
			}
			role, err := c.role(c.Words.Rest())
			if err != nil {
				return nil, err
			}
			c.touches(roleFacet(role.Role))
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) {
					return inc.Release(c.Actor, role.Role, c.policy())
				},
				func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					return answer(chat.Strong(capital(say.RoleName(role.Role, v))), " of ", after.Number, " is open now. Whoever takes it says ", typed(v, "take "+after.Number.String()+" "+string(role.Role)))
				}), nil
		},
	}
}

func inviteCommand() Command {
	return memberVerb{
		name: "invite", summary: "Bring somebody in.",
		decide: incident.Incident.Invite,
		reply: func(after incident.Incident, who chat.Span) chat.Reply {
			return answer(who, " takes part in ", after.Number, " and is being invited to its room.")
		},
	}.command()
}

func removeCommand() Command {
	return memberVerb{
		name: "remove", summary: "Let somebody go.",
		decide: incident.Incident.Remove,
		reply: func(after incident.Incident, who chat.Span) chat.Reply {
			r := answer(who, " takes no part in ", after.Number, " any more.")
			if after.Private {
				r = also(r, "It is private: they can see no more of it from now on.")
			}
			return r
		},
	}.command()
}

// memberVerb is a verb about one person taking part.
type memberVerb struct {
	name, summary string
	decide        func(inc incident.Incident, a incident.Actor, p incident.PersonID) ([]incident.Event, error)
	reply         func(after incident.Incident, who chat.Span) chat.Reply
}

func (m memberVerb) command() Command {
	return Command{
		Verb: chat.Verb{
			Name: m.name, Group: groupPeople, Summary: m.summary, Example: m.name + " @bo",
			Args: []chat.Arg{{Name: "person", Hint: "@who", Required: true}},
		},
		OnOne: true,
		read: func(ctx context.Context, c *Call) (Run, error) {
			if c.Words.Len() == 0 {
				return nil, c.bad("Whom?")
			}
			p, err := c.person(ctx, c.Words.Rest())
			if err != nil {
				return nil, err
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return m.decide(inc, c.Actor, p.ID) },
				func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					return m.reply(after, say.Person(p.ID, v))
				}), nil
		},
	}
}
