package incident

import (
	"slices"
	"strings"
	"time"
)

// MissingKind names something that an incident lacks. The first four are also
// the names of nudges (see [Nudges]).
type MissingKind string

// What may be missing.
const (
	NoCommander MissingKind = "commander" // nobody, or somebody only acting
	NoSeverity  MissingKind = "severity"
	NoUpdate    MissingKind = "update" // a promised update is overdue
	Stale       MissingKind = "stale"  // nothing was recorded for a day
	NoAnswer    MissingKind = "page"   // a page failed, or nobody has answered it
	NoRoom      MissingKind = "room"
	NoImpact    MissingKind = "impact"
	NoField     MissingKind = "field"  // a custom field that policy asks for
	GivenUp     MissingKind = "effect" // an outside effect was given up
)

// StaleAfter is how long an open incident may lie without an event.
const StaleAfter = 24 * time.Hour

// Missing is one thing that an incident lacks.
type Missing struct {
	Kind  MissingKind
	Since time.Time // since when it is missing; of an update: when it was promised
	Who   PersonID  // whom to name: who can best mend it
	Page  PageID    // of a page
	Field string    // of a field
	Job   string    // of an effect
	Say   string    // in words, which may hold name tokens: "nobody commands"
	Try   string    // what mends it, without the command's name: "take"
}

// Missing lists what is missing at a moment, for the card and for nudges, the
// gravest first. Nothing is missing of an incident that is over, except what
// was given up and fields that are asked for at its end.
func (i Incident) Missing(p Policy, now time.Time) []Missing {
	var all []Missing
	if i.Status.Open() {
		all = append(all, i.unanswered()...)
		all = append(all, i.uncommanded()...)
		all = append(all, i.unsaid(now)...)
	}
	for _, k := range i.Parked {
		all = append(all, Missing{Kind: GivenUp, Who: i.keeper(), Job: k.Job, Say: "could not " + k.What + ": " + unstopped(k.Why), Try: "pending"})
	}
	return append(all, i.unfilled(p)...)
}

// keeper is who can best mend things: the commander, else the declarer.
func (i Incident) keeper() PersonID {
	if h, ok := i.Holder(Commander); ok {
		return h.Person
	}
	return i.Declarer
}

// unanswered are the calls for help that nobody has answered, each once: what
// was tried after the first page is part of it.
func (i Incident) unanswered() []Missing {
	var all []Missing
	for _, p := range i.Pages {
		if i.RootPage(p).ID != p.ID || i.Answered(p) || p.State == PageOver {
			continue
		}
		m := Missing{Kind: NoAnswer, Since: p.At, Who: i.keeper(), Page: p.ID}
		switch {
		case p.Ringing() || slices.ContainsFunc(i.PagesAfter(p.ID), Page.Ringing):
			m.Say, m.Try = p.Target.String()+" has not answered", "escalate"
		case i.reached(p):
			continue
		case p.Unsure:
			m.Say, m.Try = "the page to "+p.Target.String()+" could not be confirmed: "+unstopped(p.Failure), "page again "+string(p.ID)
		case p.Next > 0:
			m.Say, m.Try = p.Target.String()+" was not reached: "+unstopped(p.Failure), "escalate "+string(p.ID)
		default:
			m.Say, m.Try = p.Target.String()+" was not reached: "+unstopped(p.Failure), "page again "+string(p.ID)
		}
		if p.State == PageBroken && p.Call != "" {
			m.Say += "; call " + p.Call
		}
		all = append(all, m)
	}
	return all
}

// reached says that a later page to the same target got through.
func (i Incident) reached(failed Page) bool {
	for _, p := range i.Pages {
		if p.Target.same(failed.Target) && p.At.After(failed.At) && p.State != PageBroken {
			return true
		}
	}
	return false
}

func (i Incident) uncommanded() []Missing {
	h, held := i.Holder(Commander)
	switch {
	case !held:
		return []Missing{{Kind: NoCommander, Since: i.DeclaredAt, Who: i.Declarer, Say: "nobody commands", Try: "take"}}
	case h.Acting:
		return []Missing{{Kind: NoCommander, Since: h.Since, Who: h.Person, Say: NameToken(h.Person) + " is only acting commander", Try: "take"}}
	}
	return nil
}

// unsaid is what nobody has said yet.
func (i Incident) unsaid(now time.Time) []Missing {
	var all []Missing
	add := func(m Missing) { m.Who = i.keeper(); all = append(all, m) }
	if i.Severity == SevUnset {
		add(Missing{Kind: NoSeverity, Since: i.DeclaredAt, Say: "no severity", Try: "severity sev2"})
	}
	if !i.NextUpdate.IsZero() && !now.Before(i.NextUpdate) {
		m := Missing{Kind: NoUpdate, Since: i.NextUpdate, Say: "the promised update is overdue", Try: "update we are still looking"}
		m.Who = i.keeper()
		if h, ok := i.Holder(Communications); ok {
			m.Who = h.Person
		}
		all = append(all, m)
	}
	if now.Sub(i.Touched) >= StaleAfter {
		add(Missing{Kind: Stale, Since: i.Touched, Say: "nothing was recorded for a day", Try: "resolve"})
	}
	if len(i.Rooms) == 0 {
		add(Missing{Kind: NoRoom, Since: i.DeclaredAt, Say: "the room is not open yet", Try: "pending"})
	}
	if i.Impact.Empty() {
		add(Missing{Kind: NoImpact, Since: i.DeclaredAt, Say: "the impact is not known", Try: "impact one order in three fails"})
	}
	return all
}

// unfilled are the fields that policy asks for and nobody has filled.
func (i Incident) unfilled(p Policy) []Missing {
	var all []Missing
	for _, f := range p.Fields {
		due := f.Ask == "declare" || f.Ask == "resolve" && i.Status == Resolved
		if i.Status == Closed || i.Status == Cancelled || i.Status == Merged || !due || !i.field(f.Name).Empty() {
			continue
		}
		all = append(all, Missing{Kind: NoField, Since: i.DeclaredAt, Who: i.keeper(), Field: f.Name, Say: strings.ToLower(f.Name) + " is not filled in"})
	}
	return all
}
