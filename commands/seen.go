package commands

import (
	"context"
	"fmt"
	"slices"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// A facet names the part of an incident that a verb changes. A button or form
// carries the version it was drawn from; when a facet that it would change
// has changed since, the person is shown the new value and asked.

// changedSince says, as a question, what has changed since the button was
// drawn; nil when nothing that matters has.
func (c *Call) changedSince(ctx context.Context) (*question, error) {
	seen := incident.Version(c.Request.Seen)
	if seen == 0 || !c.Has || len(c.touched) == 0 {
		return nil, nil
	}
	now, err := c.state(ctx)
	if err != nil {
		return nil, err
	}
	c.checked = &now
	if now.Head <= seen {
		return nil, nil
	}
	events, err := c.Ports.Details.Events(ctx, c.On.ID, seen, 0)
	if err != nil {
		return nil, err
	}
	var news *incident.Recorded
	for i, r := range events {
		if r.Key == c.Request.Key && r.Key != "" {
			return nil, nil // this very request was settled before: the desk has its reply
		}
		if slices.Contains(c.touched, facetOf(r.Event)) {
			news = &events[i]
		}
	}
	if news == nil {
		return nil, nil
	}
	q := c.askAgain(c.speak(ctx), *news, events[len(events)-1].Version)
	if sent := c.Request.Form; sent != nil {
		q.form, err = c.formAgain(ctx, sent, c.Verb.stale...)
	}
	return q, err
}

// askAgain shows what has changed and offers to do it all the same.
func (c *Call) askAgain(v say.Voice, news incident.Recorded, head incident.Version) *question {
	q := &question{kind: fault.Conflict, say: text(c.On.Number, " has changed since you were shown this: ")}
	q.say = append(q.say, say.Spans(incident.Sentence(news), v)...)
	q.say = append(q.say, text(" (", say.Person(news.Actor, v), ", ", chat.When{At: news.Recorded, Style: chat.Relative, Zone: v.Zone}, "). Nothing was done.")...)
	if c.Request.Form != nil {
		q.say = append(q.say, chat.Plain(" Your words are in the form; send it again if they still hold."))
		return q
	}
	q.choices = []choice{{label: "Do it all the same", command: c.typed(), seen: uint64(head)}}
	return q
}

// stillAsSeen refuses a decision when a facet moved between the moment the
// button's age was judged and the decision itself.
func (c *Call) stillAsSeen(inc incident.Incident) error {
	if c.checked == nil {
		return nil
	}
	for _, f := range c.touched {
		if was, is := valueOf(*c.checked, f), valueOf(inc, f); was != is {
			return fault.New(fault.Conflict, "%s has just changed: the %s is %s now. Nothing was done; look again.", inc.Number, f, is)
		}
	}
	return nil
}

// facetOf is the facet that an event changes; empty for those that no button guards.
func facetOf(e incident.Event) string {
	switch e := e.(type) {
	case incident.Renamed:
		return "title"
	case incident.SeveritySet:
		return "severity"
	case incident.StatusSet, incident.Resolution, incident.Reopened, incident.Cancellation, incident.MergedInto, incident.Closure:
		return "status"
	case incident.ImpactSet:
		return "impact"
	case incident.CauseSet:
		return "cause"
	case incident.CallSet:
		return "call link"
	case incident.PrivacySet:
		return "privacy"
	case incident.RoleTaken:
		return roleFacet(e.Role)
	case incident.RoleReleased:
		return roleFacet(e.Role)
	case incident.HandoverAccepted:
		return roleFacet(e.Role)
	case incident.UpdatePosted, incident.UpdateFixed:
		return "last update"
	default:
		return ""
	}
}

func roleFacet(r incident.Role) string { return "role " + string(r) }

// valueOf is what a facet is worth in a state, for comparing and for telling.
func valueOf(inc incident.Incident, facet string) string {
	switch facet {
	case "title":
		return quote(inc.Title.String())
	case "severity":
		return inc.Severity.String()
	case "status":
		return string(inc.Status)
	case "impact":
		return quote(inc.Impact.String())
	case "cause":
		return quote(inc.Cause)
	case "call link":
		return quote(inc.Call)
	case "privacy":
		if inc.Private {
			return "private"
		}
		return "public"
	case "last update":
		return fmt.Sprintf("number %d, %s", inc.Updates, quote(inc.LastUpdate.String()))
	}
	for _, h := range inc.Holders {
		if roleFacet(h.Role) == facet {
			return "with " + incident.NameToken(h.Person)
		}
	}
	return "with nobody"
}
