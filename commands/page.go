package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func pageCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "page", Group: groupHelp, Summary: "Wake a team, the team of a service, or one person.", Example: "page @bo the database does not come back",
			Args: []chat.Arg{
				{Name: "target", Hint: "a team, a service or @who; off p2: nobody needs to come any more; again p2: once more", Required: true},
				{Name: "text", Hint: "what they should know"},
				{Name: "level:", Hint: "level:2 begins at the second level"},
			},
		},
		OnOne: true, Text: true, Body: "text",
		keys: func(*Call) []keyRule { return []keyRule{{name: "level"}} },
		form: pageForm, asks: whenAlone, about: aboutPage, oneLine: deedExample, ready: askRings, read: readPage,
		refuses: tries(func(c *Call, inc incident.Incident) ([]incident.Event, error) {
			if deed, page := pageDeed(&Words{list: split(c.After)}); deed != "" {
				return inc.NotePage(c.Actor, page, whatever)
			}
			return inc.PageAt(c.Actor, incident.Target{Kind: incident.TeamTarget, Name: whatever}, 1, "", "")
		}),
	}
}

// What can be done to a page that is there already: "page hand p2 @bo".
const (
	callOff   = "off"   // nobody needs to come any more
	pageAgain = "again" // the same people once more
	pageBack  = "back"  // whoever had acknowledged it
	handOver  = "hand"  // somebody else has it from now on
	addHelp   = "add"   // somebody else, too
	noteOnIt  = "note"  // words for those who see it at the pager
)

// pageDeed reads what is to be done to which page; empty: nothing of the kind.
func pageDeed(w *Words) (deed string, page incident.PageID) {
	switch deed := w.At(0); deed {
	case callOff, pageAgain, pageBack, handOver, addHelp, noteOnIt:
		if id := w.At(1); strings.HasPrefix(id, "p") {
			if page := pageNumber(id); page != "" {
				return deed, page
			}
		}
	}
	return "", ""
}

// aboutPage says what a form of the verb is about: one deed on one page.
func aboutPage(w *Words) string {
	deed, page := pageDeed(w)
	switch {
	case w.Len() != 2:
		return ""
	case deed == handOver, deed == addHelp, deed == noteOnIt:
		return deed + " " + string(page)
	}
	return ""
}

func readPage(ctx context.Context, c *Call) (Run, error) {
	if c.asksForm() {
		return c.opens(), nil
	}
	if deed, page := pageDeed(&Words{list: split(c.After)}); deed != "" {
		return c.readDeed(ctx, deed, page)
	}
	words := *c.Words
	var target incident.Target
	var err error
	if c.Request.Form != nil {
		target, err = c.pageForm(ctx)
	} else {
		var n int
		target, n, err = c.pageWords(ctx, &words)
		words.Drop(n)
	}
	if err != nil {
		return nil, err
	}
	level, err := c.pageLevel()
	if err != nil {
		return nil, err
	}
	about := words.Rest()
	if about != "" {
		c.mayBeTitle()
	}
	return c.pages(target, level, about), nil
}

// pageLevel reads at which level a page begins.
func (c *Call) pageLevel() (int, error) {
	if !c.Words.Has("level") {
		return 1, nil
	}
	n, ok := number(c.Words.Key("level"), 2)
	if !ok || n < 1 {
		return 0, c.bad("%q is no level of a page; the first is 1. Nobody was paged.", short(c.Words.Key("level"), 20))
	}
	return n, nil
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
