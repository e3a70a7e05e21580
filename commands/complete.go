package commands

import (
	"context"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/store"
)

// maxSuggestions is the most that a list of suggestions holds on every platform.
const maxSuggestions = 25

// Complete says how a half-typed command may go on; r.Text is what was typed
// so far. A suggestion's Text is the whole command as it would stand then.
// What cannot be looked up is left out.
func (ro *Router) Complete(ctx context.Context, r chat.Request) []chat.Suggestion {
	if _, long := tooLong(r); long {
		return nil
	}
	open := r.Text == "" || strings.HasSuffix(r.Text, " ")
	r = cleaned(r)
	in, err := ro.p.Door.Asker(ctx, r)
	if err != nil || in.Actor.Standing == incident.Machine {
		return nil
	}
	in.Request = r
	c := &Call{Input: in, Ports: ro.p}
	list := split(r.Text)
	var part string
	if !open && len(list) > 0 {
		part = list[len(list)-1].raw
		list = list[:len(list)-1]
	}
	before := joinRaw(list)
	if before != "" {
		before += " "
	}
	var out []chat.Suggestion
	for _, s := range ro.suggest(ctx, c, list, part) {
		if len(out) < maxSuggestions && begins(s.Text, part) {
			s.Text = before + s.Text
			out = append(out, s)
		}
	}
	return out
}

func begins(s, part string) bool {
	return len(part) <= len(s) && strings.EqualFold(s[:len(part)], part)
}

// suggest offers what may stand at the place of the word that is being typed.
func (ro *Router) suggest(ctx context.Context, c *Call, before []word, part string) []chat.Suggestion {
	h := ro.hear(joinRaw(before), c.speak(ctx).Command)
	if h.verb == nil {
		if h.all != "" {
			return nil // a title
		}
		return ro.verbs()
	}
	c.Verb = h.verb
	if err := ro.place(ctx, c, h); err != nil {
		return nil
	}
	if welcome(c) != nil {
		return nil
	}
	var out []chat.Suggestion
	n := len(split(h.after))
	if n == 0 && h.number == 0 && h.verb.OnOne && !c.Has {
		return append(ro.incidents(ctx, c), argHint(h.verb, 0)...)
	}
	for i, a := range h.verb.Args {
		if strings.HasSuffix(a.Name, ":") || i == n || i == len(h.verb.Args)-1 && n > i {
			out = append(out, ro.live(ctx, c, a, part)...)
		}
	}
	return out
}

func (ro *Router) verbs() []chat.Suggestion {
	var out []chat.Suggestion
	for _, c := range ro.commands {
		if !c.Hidden {
			out = append(out, chat.Suggestion{Text: c.Name, Hint: c.Summary})
		}
	}
	return out
}

// argHint says what an argument takes, with nothing to choose.
func argHint(cmd *Command, i int) []chat.Suggestion {
	if i >= len(cmd.Args) {
		return nil
	}
	var out []chat.Suggestion
	for _, choice := range cmd.Args[i].Choices {
		out = append(out, chat.Suggestion{Text: choice, Hint: cmd.Args[i].Hint})
	}
	return out
}

// incidents offers open incidents that the asker may know of.
func (ro *Router) incidents(ctx context.Context, c *Call) []chat.Suggestion {
	open, err := ro.p.Look.List(ctx, c.Input, store.Filter{As: c.Actor.Person, OnlyOpen: true, Limit: 10})
	if err != nil {
		return nil
	}
	var out []chat.Suggestion
	for _, s := range open {
		out = append(out, chat.Suggestion{Text: s.Number.String(), Hint: short(s.Title.String(), 80)})
	}
	return out
}

// live offers values for one argument: what stands in the policy, open
// incidents, people.
func (ro *Router) live(ctx context.Context, c *Call, a chat.Arg, part string) []chat.Suggestion {
	p := c.policy()
	switch a.Name {
	case "severity":
		return severities(p)
	case "role":
		return offered(p.Roles, func(r incident.RoleRule) chat.Suggestion { return chat.Suggestion{Text: string(r.Role), Hint: r.Name} })
	case "team":
		return offered(p.Teams, func(t incident.Team) chat.Suggestion { return chat.Suggestion{Text: t.Name, Hint: "team"} })
	case "service":
		return services(p, "")
	case "service:":
		return services(p, "service:")
	case "target":
		return append(append(teamsToPage(p), services(p, "")...), ro.people(ctx, c, part)...)
	case "person":
		out := ro.people(ctx, c, part)
		return append(out, choices(a)...)
	case "cause":
		return offered(p.Causes, func(x incident.Cause) chat.Suggestion { return chat.Suggestion{Text: x.Tag, Hint: x.Meaning} })
	case "checklist":
		return offered(p.Checklists, func(l incident.Checklist) chat.Suggestion {
			return chat.Suggestion{Text: l.Name, Hint: plural(len(l.Lines), "line")}
		})
	case "field":
		return offered(p.Fields, func(f incident.FieldRule) chat.Suggestion {
			return chat.Suggestion{Text: keyName(f.Name), Hint: f.Help}
		})
	case "verb":
		return ro.verbs()
	case "incident", "into":
		return ro.incidents(ctx, c)
	}
	return choices(a)
}

// choices are the fixed values of an argument; those of a key begin with it.
func choices(a chat.Arg) []chat.Suggestion {
	var out []chat.Suggestion
	for _, v := range a.Choices {
		if strings.HasSuffix(a.Name, ":") {
			v = a.Name + v
		}
		out = append(out, chat.Suggestion{Text: v, Hint: a.Hint})
	}
	if len(a.Choices) == 0 && strings.HasSuffix(a.Name, ":") {
		out = append(out, chat.Suggestion{Text: a.Name, Hint: a.Hint})
	}
	return out
}

func offered[T any](list []T, as func(T) chat.Suggestion) []chat.Suggestion {
	out := make([]chat.Suggestion, 0, len(list))
	for _, x := range list {
		out = append(out, as(x))
	}
	return out
}

func severities(p incident.Policy) []chat.Suggestion {
	var out []chat.Suggestion
	for s := incident.Sev1; s <= incident.Sev5; s++ {
		if rule := p.SeverityRule(s); !rule.Off {
			out = append(out, chat.Suggestion{Text: s.String(), Hint: rule.Meaning})
		}
	}
	return out
}

func services(p incident.Policy, prefix string) []chat.Suggestion {
	return offered(p.Services, func(s incident.ServiceRule) chat.Suggestion {
		return chat.Suggestion{Text: prefix + s.Name, Hint: s.Owner}
	})
}

func teamsToPage(p incident.Policy) []chat.Suggestion {
	return offered(p.Teams, func(t incident.Team) chat.Suggestion { return chat.Suggestion{Text: t.Name, Hint: "team"} })
}

// people offers persons whose names begin with what was typed.
func (ro *Router) people(ctx context.Context, c *Call, part string) []chat.Suggestion {
	if !strings.HasPrefix(part, "@") {
		return nil
	}
	found, err := ro.p.World.FindPerson(ctx, c.Input, part)
	if err != nil {
		return nil
	}
	out := offered(found, func(p incident.Person) chat.Suggestion {
		for _, a := range p.Accounts {
			if strings.ContainsAny(p.Name, " \t") && a.Platform == c.Request.User.Platform {
				return chat.Suggestion{Text: "@" + a.ID, Hint: p.Name}
			}
		}
		return chat.Suggestion{Text: "@" + p.Name, Hint: p.Email}
	})
	return slices.DeleteFunc(out, func(s chat.Suggestion) bool { return strings.ContainsAny(s.Text, " \t") })
}
