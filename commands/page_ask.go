package commands

import (
	"context"
	"errors"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
)

// How long a page waits to learn who would be woken: the page is what counts.
const (
	ringsWithin = 250 * time.Millisecond
	formWithin  = 800 * time.Millisecond
)

func pageForm(c *Call, _ incident.Incident) chat.Form {
	deed, page := pageDeed(&Words{list: split(c.After)})
	text := limited(areaField("text", "What should they know?"))
	switch deed {
	case noteOnIt:
		note := needed(limited(areaField("text", "What should stand there?")))
		return chat.Form{Title: "Note on " + string(page) + " of", Submit: "Note it", Fields: []chat.Input{note}}
	case handOver:
		return chat.Form{Title: "Hand over " + string(page) + " of", Submit: "Hand it over", Fields: c.targetFields()}
	case addHelp:
		return chat.Form{Title: "Help with " + string(page) + " of", Submit: "Ask for help", Fields: c.targetFields()}
	}
	return chat.Form{Title: "Page for", Submit: "Page", Intro: c.formIntro(), Fields: append(c.targetFields(), text)}
}

// formIntro says what the form could not find out.
func (c *Call) formIntro() []chat.Span {
	if len(c.policy().Teams) > 0 && len(c.rings) == 0 {
		return text("Who is on call is not known just now; a page goes out all the same.")
	}
	return nil
}

// targetFields ask for a team, a service or a person. Teams and services say
// who would be woken.
func (c *Call) targetFields() []chat.Input {
	target := needed(hinted(lineField("target", "Whom?"), "A team, a service, or the e-mail of a person."))
	var choices []chat.Choice
	for _, t := range c.policy().Teams {
		choices = append(choices, chat.Choice{Value: "team:" + t.Name, Label: c.ringing("Team "+t.Name, t.Name)})
	}
	for _, s := range c.policy().Services {
		if s.Team != "" {
			choices = append(choices, chat.Choice{Value: "service:" + s.Name, Label: c.ringing("Service "+s.Name, s.Team)})
		}
	}
	if len(choices) == 0 || len(choices) > maxChoices {
		return []chat.Input{target}
	}
	target.Kind, target.Choices, target.Required, target.Hint = chat.Select, choices, false, "Or one person, below."
	return []chat.Input{target, personField("One person")}
}

// maxLabel is how long the label of a choice may be on every platform.
const maxLabel = 70

func (c *Call) ringing(label, team string) string {
	if who := c.rings[team]; who != "" {
		label += ": " + who
	}
	return short(label, maxLabel)
}

// askRings asks, for the form, who would be woken; what does not come in time
// is left out.
func askRings(ctx context.Context, c *Call) {
	ctx, cancel := context.WithTimeout(ctx, formWithin)
	defer cancel()
	teams := c.policy().Teams
	c.rings = map[string]string{}
	for _, t := range teams[:min(len(teams), maxChoices)] {
		lines, err := c.Ports.World.OnCall(ctx, t.Name, c.Request.At)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil || len(lines) == 0:
			continue
		}
		if c.rings[t.Name] = say.Callers(lines, 1, c.Request.At); c.rings[t.Name] == "" {
			c.rings[t.Name] = "NOBODY is on call at level 1"
		}
	}
}

// woken is what is known of who would be woken by a page.
type woken struct {
	names string // "Mara Voss, then Idris Kane"; empty: not known
	none  bool   // nobody is on call at the level
	next  int    // the first level after it at which somebody is; 0: none
	whom  string // who is on call there
}

// wakes asks who would be woken by a page to a team or a service. What cannot
// be learned in time is not known; the page goes out all the same.
func (c *Call) wakes(ctx context.Context, t incident.Target, level int) woken {
	team := t.Name
	if t.Kind == incident.ServiceTarget {
		s, _ := c.policy().ServiceFor(t.Name)
		team = s.Team
	}
	if t.Kind == incident.PersonTarget || team == "" || c.On.Drill {
		return woken{}
	}
	ctx, cancel := context.WithTimeout(ctx, ringsWithin)
	defer cancel()
	lines, err := c.Ports.World.OnCall(ctx, team, c.Request.At)
	if err != nil || len(lines) == 0 {
		return woken{}
	}
	return wakenBy(lines, level, c.Request.At)
}

func wakenBy(lines []integrations.OnCall, level int, now time.Time) woken {
	w := woken{names: say.Callers(lines, level, now), next: say.NextLevel(lines, level, now)}
	w.none = w.names == ""
	if w.next > 0 {
		w.whom = say.Callers(lines, w.next, now)
	}
	return w
}

// pages asks for help, or fails at once when nobody could be woken.
func (c *Call) pages(target incident.Target, level int, about string) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		pager, ok := c.Ports.World.PagerFor(target, c.On.Drill)
		target.Pager = pager
		direct := !ok && target.Kind == incident.PersonTarget
		who := c.wakes(ctx, target, level)
		return c.asksPage(ctx, who, direct, func(inc incident.Incident) ([]incident.Event, error) {
			switch {
			case !ok && !direct:
				return nil, c.unpaged(target)
			case who.none:
				return nil, &nobodyError{target: target, level: level, about: about}
			}
			return inc.PageAt(c.Actor, target, level, about, incident.ByHand)
		})
	}
}

// nobodyError says that nobody is on call where a page would begin.
type nobodyError struct {
	target incident.Target
	level  int
	about  string
}

// Error implements error.
func (e *nobodyError) Error() string { return "nobody is on call for " + e.target.String() }

// asksPage puts a page on record. What speaks against it is an answer with
// buttons to go on, stored with them: they were paged already, or nobody is on
// call.
func (c *Call) asksPage(ctx context.Context, who woken, direct bool, decide func(incident.Incident) ([]incident.Event, error)) (chat.Reply, error) {
	v := c.speak(ctx)
	var refused error
	return c.change(ctx, Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) {
			events, err := decide(inc)
			_, already := errors.AsType[*incident.PagedAlreadyError](err)
			_, nobody := errors.AsType[*nobodyError](err)
			if refused = nil; already || nobody {
				refused, err = err, nil
			}
			return events, err
		},
		Reply: func(after incident.Incident, done []incident.Recorded) chat.Reply {
			if refused != nil {
				return c.notPaged(v, after, who, refused)
			}
			return paged(v, after, done, who, direct)
		},
	})
}

// notPaged offers the way on.
func (c *Call) notPaged(v say.Voice, after incident.Incident, who woken, refused error) chat.Reply {
	if e, ok := errors.AsType[*nobodyError](refused); ok {
		return c.nobodyThere(v, after, who, e)
	}
	already, _ := errors.AsType[*incident.PagedAlreadyError](refused)
	f, _ := errors.AsType[*fault.Error](refused)
	r := problem(fault.New(f.Kind, "%s", f.Say), v)
	p := already.Page
	if p.MayRing() && p.State != incident.PageAsked && p.Target.Kind != incident.PersonTarget {
		r = with(r, button("Ask the next level", "escalate "+after.Number.String()+" "+string(p.ID)))
	}
	return with(r, button("Page again", "page "+after.Number.String()+" again "+string(p.ID)))
}

func (c *Call) nobodyThere(v say.Voice, after incident.Incident, who woken, e *nobodyError) chat.Reply {
	r := answer("Nobody is on call for ", targetShown(e.target, v), " at level "+itoa(e.level)+" now, so nobody was paged for ", after.Number, ".")
	r.Kind = fault.Rejected.String()
	if who.next == 0 {
		return also(r, c.policyPeople(e.target))
	}
	r = also(r, "At level "+itoa(who.next)+": ", chat.Strong(who.whom), ".")
	name := e.target.Name
	if strings.ContainsAny(name, " \t") {
		name = `"` + name + `"`
	}
	command := "page " + after.Number.String() + " level:" + itoa(who.next) + " " + string(e.target.Kind) + ":" + name
	if e.about != "" {
		command += " " + e.about
	}
	if len(command) > maxCommand {
		command = command[:len(command)-len(e.about)]
	}
	next := button("Page level "+itoa(who.next), strings.TrimSpace(command))
	next.Style = chat.Primary
	return with(r, next)
}

// unpaged says that nobody pages a target, and whom to call.
func (c *Call) unpaged(t incident.Target) error {
	return fault.New(fault.Rejected, "No pager is set up for %s %s, so nobody was paged. %s", t.Kind, t.Name, c.policyPeople(t))
}

// policyPeople is whom the policy names for a target that no pager reaches.
func (c *Call) policyPeople(t incident.Target) string {
	p := c.policy()
	name := t.Name
	if s, ok := p.ServiceFor(t.Name); ok && t.Kind == incident.ServiceTarget {
		name = s.Team
	}
	if team, _ := p.TeamFor(name); len(team.People) > 0 {
		return "Call them yourself: " + strings.Join(team.People, ", ") + "."
	}
	return "The policy names nobody for it; page a person by a mention."
}

func paged(v say.Voice, after incident.Incident, done []incident.Recorded, who woken, direct bool) chat.Reply {
	for _, d := range done {
		e, ok := d.Event.(incident.PageRequested)
		if !ok {
			continue
		}
		const told = "Whether anybody answers is told in the room."
		target := targetShown(e.Target, v)
		level := ""
		if e.Level > 1 {
			level = "level " + itoa(e.Level) + " of "
		}
		switch {
		case e.Drill:
			return also(answer("Paging "+level, target, " for ", after.Number, ". "+told), "It is a drill: nobody is woken.")
		case direct:
			return answer("No pager is set up, so ", target, " is being sent a direct message about ", after.Number, ". Whether they answer is told in the room.")
		case who.names != "":
			return answer("Paging "+level, target, " for ", after.Number, ": ", chat.Strong(who.names), ". "+told)
		}
		return answer("Paging "+level, target, " for ", after.Number, ". "+told)
	}
	return answer("Nobody new is paged for ", after.Number, ".")
}
