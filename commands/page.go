package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func pageCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "page", Group: groupHelp, Summary: "Wake a team, the team of a service, or one person.", Example: "page @bo the database does not come back",
			Args: []chat.Arg{
				{Name: "target", Hint: "a team, a service or @who; off p2: nobody needs to come any more", Required: true},
				{Name: "text", Hint: "what they should know"},
			},
		},
		OnOne: true, Text: true, Body: "text",
		form: pageForm, asks: whenAlone, read: readPage,
		refuses: tries(func(c *Call, inc incident.Incident) ([]incident.Event, error) {
			return inc.Page(c.Actor, incident.Target{Kind: incident.TeamTarget, Name: whatever}, "", "")
		}),
	}
}

func pageForm(c *Call, _ incident.Incident) chat.Form {
	target := needed(hinted(lineField("target", "Whom?"), "A team, a service, or the e-mail of a person."))
	var choices []chat.Choice
	for _, t := range c.policy().Teams {
		choices = append(choices, chat.Choice{Value: "team:" + t.Name, Label: "Team " + t.Name})
	}
	for _, s := range c.policy().Services {
		if s.Team != "" {
			choices = append(choices, chat.Choice{Value: "service:" + s.Name, Label: "Service " + s.Name})
		}
	}
	fields := []chat.Input{target}
	if len(choices) > 0 && len(choices) <= maxChoices {
		target.Kind, target.Choices, target.Required, target.Hint = chat.Select, choices, false, "Or one person, below."
		fields = []chat.Input{target, personField("One person")}
	}
	return chat.Form{Title: "Page for", Submit: "Page", Fields: append(fields, limited(areaField("text", "What should they know?"), incident.MaxLine))}
}

func readPage(ctx context.Context, c *Call) (Run, error) {
	words := *c.Words
	var target incident.Target
	var err error
	switch {
	case c.Request.Form != nil:
		target, err = c.pageForm(ctx)
	case c.asksForm():
		return c.opens(), nil
	case words.Len() == 2 && words.At(0) == "off" && pageNumber(words.At(1)) != "":
		return c.callsOff(pageNumber(words.At(1))), nil
	default:
		var n int
		target, n, err = c.pageWords(ctx, &words)
		words.Drop(n)
	}
	if err != nil {
		return nil, err
	}
	about := words.Rest()
	if about != "" {
		c.mayBeTitle()
	}
	return c.pages(target, about), nil
}

// pageForm reads whom a form names.
func (c *Call) pageForm(ctx context.Context) (incident.Target, error) {
	target, person := c.Words.Key("target"), c.Words.Key("person")
	switch {
	case target == "" && person == "":
		return incident.Target{}, c.bad("Whom shall I page? Nobody was paged.")
	case target != "" && person != "":
		return incident.Target{}, c.bad("Page a team or service, or one person, not both at once. Nobody was paged.")
	case person != "":
		who, err := c.person(ctx, person)
		return incident.Target{Kind: incident.PersonTarget, Name: string(who.ID), Person: who.ID}, err
	}
	return c.pageTarget(ctx, target)
}

// callsOff tells those who were called that nobody is needed any more.
func (c *Call) callsOff(page incident.PageID) Run {
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) { return inc.CallOff(c.Actor, page) },
		func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			return answer("Page ", chat.Strong(page), named(v, after, page), " of ", after.Number, " is off; the pager is being told.")
		})
}

// pageWords finds a target at the front of the words, the longest name first;
// n is how many words it took.
func (c *Call) pageWords(ctx context.Context, words *Words) (t incident.Target, n int, err error) {
	first := words.First(1)
	if isMention(first) {
		t, err = c.pageTarget(ctx, first)
		return t, 1, err
	}
	for n = min(3, words.Len()); n > 0; n-- {
		t, err = c.pageTarget(ctx, bare(words.First(n)))
		if fault.KindOf(err) != fault.Invalid || err == nil {
			return t, n, err
		}
	}
	return t, 0, err
}

// pageTarget reads a name as whom to page. A name that is both a team's and
// another team's service is asked about, and nobody is paged.
func (c *Call) pageTarget(ctx context.Context, name string) (incident.Target, error) {
	p := c.policy()
	kind := ""
	for _, k := range []string{"team", "service"} {
		if cut, ok := strings.CutPrefix(name, k+":"); ok {
			kind = k
			name, _ = unquote(cut)
		}
	}
	if kind == "" && isMention(name) {
		who, err := c.person(ctx, name)
		return incident.Target{Kind: incident.PersonTarget, Name: string(who.ID), Person: who.ID}, err
	}
	team, isTeam := p.TeamFor(name)
	svc, isSvc := p.ServiceFor(name)
	isTeam, isSvc = isTeam && kind != "service", isSvc && kind != "team"
	switch {
	case isTeam && isSvc && !strings.EqualFold(svc.Team, team.Name):
		return incident.Target{}, c.whichTarget(name, team, svc)
	case isTeam:
		return incident.Target{Kind: incident.TeamTarget, Name: team.Name}, nil
	case isSvc:
		return incident.Target{Kind: incident.ServiceTarget, Name: svc.Name}, nil
	}
	return incident.Target{}, c.bad("%q is no team and no service here.%s One person is paged by a mention.", short(name, 40), c.teamNames())
}

func (c *Call) whichTarget(name string, team incident.Team, svc incident.ServiceRule) error {
	if c.Request.Form != nil {
		return c.bad("%s is a team and a service. Write team:%s or service:%s. Nobody was paged.", quote(name), team.Name, svc.Name)
	}
	ask := func(kind, exact string) string { return strings.Replace(c.typed(), name, kind+":"+exact, 1) }
	if strings.ContainsAny(team.Name+svc.Name, " \t") {
		ask = func(kind, exact string) string { return strings.Replace(c.typed(), name, kind+`:"`+exact+`"`, 1) }
	}
	return &question{
		kind: fault.Conflict,
		say:  text(chat.Plain(quote(name)), " is a team and a service. Whom shall I page? Nobody is paged yet."),
		choices: []choice{
			{label: "Team " + team.Name, command: ask("team", team.Name)},
			{label: "Service " + svc.Name + " (team " + svc.Team + ")", command: ask("service", svc.Name)},
		},
	}
}

// pages asks for help, or fails at once when nobody could be woken.
func (c *Call) pages(target incident.Target, about string) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		v := c.speak(ctx)
		pager, ok := c.Ports.World.PagerFor(target, c.On.Drill)
		target.Pager = pager
		direct := !ok && target.Kind == incident.PersonTarget
		return c.change(ctx, Decision{
			Decide: func(inc incident.Incident) ([]incident.Event, error) {
				if !ok && !direct {
					return nil, c.unpaged(target)
				}
				return inc.Page(c.Actor, target, about, "asked by hand")
			},
			Reply: func(after incident.Incident, done []incident.Recorded) chat.Reply {
				return c.paged(v, after, done, direct)
			},
		})
	}
}

// unpaged says that nobody pages a target, and whom to call.
func (c *Call) unpaged(t incident.Target) error {
	p := c.policy()
	name := t.Name
	if s, ok := p.ServiceFor(t.Name); ok && t.Kind == incident.ServiceTarget {
		name = s.Team
	}
	team, _ := p.TeamFor(name)
	whom := "The policy names nobody for it; page a person by a mention."
	if len(team.People) > 0 {
		whom = "Call them yourself: " + strings.Join(team.People, ", ") + "."
	}
	return fault.New(fault.Rejected, "No pager is set up for %s %s, so nobody was paged. %s", t.Kind, t.Name, whom)
}

func (c *Call) paged(v say.Voice, after incident.Incident, done []incident.Recorded, direct bool) chat.Reply {
	for _, d := range done {
		e, ok := d.Event.(incident.PageRequested)
		if !ok {
			continue
		}
		r := answer("Paging ", targetShown(e.Target, v), " for ", after.Number, ". Whether anybody answers is told in the room.")
		switch {
		case e.Drill:
			r = also(r, "It is a drill: nobody is woken.")
		case direct:
			r = answer("No pager is set up, so ", targetShown(e.Target, v), " is being sent a direct message about ", after.Number, ". Whether they answer is told in the room.")
		}
		return r
	}
	return answer("Nobody new is paged for ", after.Number, ".")
}
