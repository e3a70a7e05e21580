package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
)

func oncallCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "oncall", Group: groupLook, Summary: "Who would be woken now, and whose turn is next; it wakes nobody.", Example: "oncall",
			Args: []chat.Arg{{Name: "team", Hint: "a team or service; nothing: all"}},
		},
		Aliases: []string{"on-call"}, Looks: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			public := c.hereLast()
			var team incident.Team
			if c.Words.Len() > 0 {
				var ok bool
				if team, ok = c.teamNamed(c.Words.Rest()); !ok {
					return nil, c.bad("I know no team or service %q.%s", short(c.Words.Rest(), 40), c.teamNames())
				}
			}
			return func(ctx context.Context) (chat.Reply, error) { return c.onCall(ctx, team, public) }, nil
		},
	}
}

// teamNamed finds a team, or the team of a service.
func (c *Call) teamNamed(words string) (incident.Team, bool) {
	p := c.policy()
	if t, ok := p.TeamFor(words); ok {
		return t, true
	}
	if s, ok := p.ServiceFor(words); ok && s.Team != "" {
		return p.TeamFor(s.Team)
	}
	return incident.Team{}, false
}

func (c *Call) teamNames() string {
	var names []string
	for _, t := range c.policy().Teams {
		names = append(names, t.Name)
	}
	if len(names) == 0 {
		return " No team is set up in the policy."
	}
	return " Teams are " + strings.Join(names[:min(len(names), 12)], ", ") + "."
}

func (c *Call) onCall(ctx context.Context, team incident.Team, public bool) (chat.Reply, error) {
	lines, err := c.Ports.World.OnCall(ctx, team.Name, c.Request.At)
	c.On, c.Has = incident.Summary{}, false
	if err != nil {
		if len(team.People) == 0 {
			return chat.Reply{}, err
		}
		return chat.Reply{}, fault.New(fault.KindOf(err), "%s The policy names these people for %s: %s.", fault.Sentence(err), team.Name, strings.Join(team.People, ", "))
	}
	if len(lines) == 0 {
		return c.nobodyOnCall(team), nil
	}
	return c.shown(say.OnCall(lines, c.inChat(ctx, lines), c.speak(ctx)), public)
}

// maxFaces is of how many people on call it is looked up who they are here.
const maxFaces = 50

// inChat knows which of those on call are people of this house.
func (c *Call) inChat(ctx context.Context, lines []integrations.OnCall) func(email string) (incident.PersonID, bool) {
	known := map[string]incident.PersonID{}
	for _, l := range lines {
		email := strings.ToLower(l.Email)
		if _, asked := known[email]; asked || email == "" || len(known) == maxFaces {
			continue
		}
		known[email] = ""
		if found, err := c.Ports.World.FindPerson(ctx, c.Input, email); err == nil && len(found) == 1 {
			known[email] = found[0].ID
		}
	}
	return func(email string) (incident.PersonID, bool) {
		id := known[strings.ToLower(email)]
		return id, id != ""
	}
}

func (c *Call) nobodyOnCall(team incident.Team) chat.Reply {
	if team.Name == "" {
		return answer("No pager says who is on call.", c.teamNames())
	}
	r := answer("No pager says who is on call for ", chat.Strong(team.Name), ".")
	if len(team.People) > 0 {
		return also(r, "The policy names: "+strings.Join(team.People, ", ")+".")
	}
	return r
}
