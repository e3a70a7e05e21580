package commands

import (
	"context"
	"slices"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func handoverCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "handover", Group: groupPeople, Summary: "Offer your role to somebody; you stay until they accept.", Example: "handover @bo the fix is rolling out",
			Args: []chat.Arg{
				{Name: "person", Hint: "@who; or accept, decline", Required: true, Choices: []string{"accept", "decline"}},
				{Name: "note", Hint: "what they need to know"},
				{Name: "role:", Hint: "role:scribe; else command"},
			},
		},
		Aliases: []string{"handoff"}, OnOne: true, Text: true, Body: "note",
		keys: func(*Call) []keyRule { return []keyRule{{name: "role"}} },
		form: handoverForm, asks: whenAlone, read: readHandover,
		refuses: tries(func(c *Call, inc incident.Incident) ([]incident.Event, error) {
			return inc.OfferHandover(c.Actor, "", whatever, "")
		}),
	}
}

// handoverForm offers the roles that the asker holds, command first.
func handoverForm(c *Call, inc incident.Incident) chat.Form {
	var mine []incident.Role
	for _, h := range inc.Holders {
		if h.Person == c.Actor.Person {
			mine = append(mine, h.Role)
		}
	}
	role := roleField(c.policy(), mine...)
	role.Value = string(incident.Commander)
	if len(mine) > 0 && !slices.Contains(mine, incident.Commander) {
		role.Value = string(mine[0])
	}
	return chat.Form{Title: "Hand over", Submit: "Offer", Fields: []chat.Input{
		needed(personField("To whom?")), role,
		hinted(areaField("note", "What do they need to know?"), "You stay until they accept."),
	}}
}

func readHandover(ctx context.Context, c *Call) (Run, error) {
	words := *c.Words
	if first := words.At(0); (first == "accept" || first == "decline") && c.Request.Form == nil {
		return c.answersHandover(first == "accept"), nil
	}
	who := c.Words.Key("person")
	if c.Request.Form != nil && who == "" {
		return nil, c.bad("To whom? Nothing was offered.")
	}
	if c.Request.Form == nil {
		if c.asksForm() {
			return c.opens(), nil
		}
		who = words.First(1)
		words.Drop(1)
	}
	role, err := c.role(c.Words.Key("role"))
	if err != nil {
		return nil, err
	}
	p, err := c.person(ctx, who)
	if err != nil {
		return nil, err
	}
	note := words.Rest()
	c.touches(roleFacet(role.Role))
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			return inc.OfferHandover(c.Actor, role.Role, p.ID, note)
		},
		func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			return answer(chat.Strong(capital(say.RoleName(role.Role, v))), " of ", after.Number, " is offered to ", say.Person(p.ID, v), ". Nothing changes until they accept.")
		}), nil
}

func (c *Call) answersHandover(accept bool) Run {
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) { return inc.AnswerHandover(c.Actor, accept) },
		func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
			for _, d := range done {
				switch e := d.Event.(type) {
				case incident.HandoverAccepted:
					r := answer("You are ", chat.Strong(say.RoleName(e.Role, v)), " of ", after.Number, " now. ", say.Person(e.From, v), " is told.")
					if rule, ok := c.policy().RoleFor(string(e.Role)); ok {
						r = duties(r, rule)
					}
					return r
				case incident.HandoverDeclined:
					return answer("Declined: ", say.Person(e.From, v), " stays ", chat.Strong(say.RoleName(e.Role, v)), " of ", after.Number, " and is told.")
				default:
				}
			}
			return answer("Nothing was offered to you in ", after.Number, " any more.")
		})
}
