package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin/incident/fault"
)

// phase says when in an incident's life a verb may run.
type phase int

const (
	whileOpen   phase = iota // people work on it
	untilClosed              // that, or it is resolved
	onRecord                 // at any time, except when another incident covers it
	anyTime
)

// may is how every decision begins: is the state whole, may this person know
// of the incident, may they do this, and is it the time for it?
func (i Incident) may(a Actor, verb string, when phase) error {
	if i.Newer {
		return fault.New(fault.Conflict, "%s holds events of a newer tocsin. It can be read, not changed, until this tocsin is updated.", i.Number)
	}
	if a.Person != House && !i.VisibleTo(a.Person) {
		return NoSuch(i.Number)
	}
	if err := a.may(verb, i); err != nil {
		return err
	}
	return i.stands(a, when)
}

// NoSuch is the answer to a number never given, and to a private incident
// that the asker may not know of: the same, byte for byte.
func NoSuch(n Number) error {
	return fault.New(fault.NotFound, "There is no %s.", n).WithExample("/incident list")
}

// stands refuses what comes too late in an incident's life.
func (i Incident) stands(a Actor, when phase) error {
	late := false
	switch when {
	case whileOpen:
		late = !i.Status.Open()
	case untilClosed:
		late = !i.Status.Open() && i.Status != Resolved
	case onRecord:
		late = i.Status == Merged
	case anyTime:
	}
	if !late {
		return nil
	}
	return fault.New(fault.Conflict, "%s.", i.ended(a.At)).WithExample("/incident reopen it came back")
}

// ended says how an incident ended, by whom and when, as a half sentence.
func (i Incident) ended(now time.Time) string {
	how := string(i.Status)
	if i.Status == Merged {
		how = "merged into " + i.MergedInto.String()
	}
	return fmt.Sprintf("%s was already %s by %s, %s", i.Number, how, NameToken(i.EndedBy), ago(now, i.EndedAt))
}

// ago tells a distance in the past as people say it.
func ago(now, then time.Time) string {
	d := now.Sub(then)
	switch {
	case d < time.Second:
		return "just now"
	case d < time.Minute:
		return fmt.Sprintf("%d s ago", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}

// may checks the actor's rights: who they are, then what policy says of the verb.
func (a Actor) may(verb string, i Incident) error {
	switch {
	case a.Person == House:
		return nil
	case a.Person == "":
		return fault.New(fault.Forbidden, "I do not know who you are, so I changed nothing. Say it from your own account.")
	case a.Standing == Machine:
		return fault.New(fault.Forbidden, "Bots cannot change incidents; any full member of the workspace can.")
	case a.Standing == Outsider, a.Standing == Guest && !a.Guests:
		return a.look(verb, i)
	case a.Admin:
		return nil
	}
	rule := slices.IndexFunc(a.Rules, func(r Right) bool { return r.Verb == verb })
	if rule < 0 || a.holds(a.Rules[rule], i) {
		return nil
	}
	return fault.New(fault.Forbidden, "Only %s may use %s here.", named(a.Rules[rule], i), verb)
}

// look is what guests and people of other workspaces may do.
func (a Actor) look(verb string, i Incident) error {
	if a.Reader && (verb == "follow" || verb == "unfollow") {
		return nil
	}
	who := "any full member of the workspace"
	if h, ok := i.Holder(Commander); ok {
		who += ", such as " + NameToken(h.Person) + ","
	}
	return fault.New(fault.Forbidden, "Guests may look and follow, nothing else; %s can do this.", who).WithExample("/incident follow")
}

func (a Actor) holds(rule Right, i Incident) bool {
	for _, role := range rule.Roles {
		if h, ok := i.Holder(role); ok && h.Person == a.Person {
			return true
		}
	}
	return slices.ContainsFunc(rule.Who, func(who string) bool {
		return strings.EqualFold(who, a.Account) ||
			slices.ContainsFunc(a.Names, func(n string) bool { return strings.EqualFold(n, who) })
	})
}

// named lists who has a right, for the refusal.
func named(rule Right, i Incident) string {
	var who []string
	for _, role := range rule.Roles {
		name := "the " + roleName(role)
		if h, ok := i.Holder(role); ok {
			name += " (" + NameToken(h.Person) + ")"
		}
		who = append(who, name)
	}
	who = append(who, rule.Who...)
	who = append(who, "an admin of tocsin")
	return list(who, "or")
}

// list joins words as a sentence does: "a, b or c".
func list(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// unchanged is the answer when a change would change nothing.
func unchanged(format string, args ...any) error {
	return fault.New(fault.Conflict, format, args...)
}

// invalid is the answer to what cannot be understood or is not allowed, with
// an example that works.
func invalid(try, format string, args ...any) error {
	return fault.New(fault.Invalid, format, args...).WithExample("/incident " + try)
}
