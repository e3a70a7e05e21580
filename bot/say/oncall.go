package say

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/integrations"
)

// OnCall says who would be woken and whose turn is next, by escalation policy
// and level; it pings nobody. here finds the person behind an e-mail address,
// if they are in this chat.
func OnCall(lines []integrations.OnCall, here func(email string) (incident.PersonID, bool), v Voice) chat.Message {
	m := chat.Message{Title: plain("On call now")}
	if len(lines) == 0 {
		m.Parts = append(m.Parts, text(chat.Plain("No pager knows of anybody who is on call.")))
		return m
	}
	for _, r := range rotas(lines, v.Now) {
		list := chat.List{}
		for _, l := range r.levels {
			list = append(list, levelLine(l, here, v))
		}
		m.Parts = append(m.Parts, text(chat.Strong(r.target)), list)
	}
	m.Parts = append(m.Parts, small(chat.Plain("Nobody was woken by this. To wake somebody: "), v.typed("page "+v.someTeam(lines))))
	return m
}

// someTeam is a team that can be paged as one types it, of those on call if
// the policy knows one.
func (v Voice) someTeam(lines []integrations.OnCall) string {
	for _, o := range lines {
		for _, t := range v.Policy.Teams {
			if strings.EqualFold(t.Name, o.Target) || strings.EqualFold(t.Target, o.Target) {
				return t.Name
			}
		}
	}
	if len(v.Policy.Teams) > 0 {
		return v.Policy.Teams[0].Name
	}
	return "@who"
}

// rota is who is on call at one target.
type rota struct {
	target string
	levels []level
}

// level is one step of an escalation: who is on call, and who comes then.
type level struct {
	n         int
	now, next []integrations.OnCall
}

// rotas sorts lines by target and level, those of now before those of later.
func rotas(lines []integrations.OnCall, now time.Time) []rota {
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b integrations.OnCall) int {
		return cmp.Or(strings.Compare(a.Target, b.Target), max(a.Level, 1)-max(b.Level, 1), a.From.Compare(b.From))
	})
	var all []rota
	for _, o := range lines {
		if len(all) == 0 || all[len(all)-1].target != o.Target {
			all = append(all, rota{target: o.Target})
		}
		r := &all[len(all)-1]
		if n := max(o.Level, 1); len(r.levels) == 0 || r.levels[len(r.levels)-1].n != n {
			r.levels = append(r.levels, level{n: n})
		}
		l := &r.levels[len(r.levels)-1]
		switch {
		case !o.From.After(now):
			l.now = append(l.now, o)
		case len(l.next) == 0 || l.next[0].From.Equal(o.From):
			l.next = append(l.next, o)
		}
	}
	return all
}

func levelLine(l level, here func(string) (incident.PersonID, bool), v Voice) []chat.Span {
	line := []chat.Span{chat.Plain("level " + itoa(l.n) + ": ")}
	if len(l.now) == 0 {
		line = append(line, chat.Strong("nobody"))
	}
	for k, o := range l.now {
		if k > 0 {
			line = append(line, chat.Plain(", "))
		}
		line = append(line, onCallName(o, here, v)...)
		if o.Phone != "" {
			line = append(line, chat.Plain(" · "+o.Phone))
		}
		if !o.Until.IsZero() {
			line = append(line, chat.Plain(" · until "), v.at(o.Until))
		}
	}
	for k, o := range l.next {
		switch k {
		case 0:
			line = append(line, chat.Plain("; next "), v.at(o.From), chat.Plain(": "))
		default:
			line = append(line, chat.Plain(", "))
		}
		line = append(line, onCallName(o, here, v)...)
	}
	return line
}

// onCallName is somebody who is on call, as people in this chat know them.
func onCallName(o integrations.OnCall, here func(string) (incident.PersonID, bool), v Voice) []chat.Span {
	if o.Email != "" && here != nil {
		if id, ok := here(o.Email); ok && v.face(id).Account != "" {
			return []chat.Span{Person(id, v), chat.Plain(" (in chat)")}
		}
	}
	return []chat.Span{chat.Strong(cmp.Or(o.Name, o.Email, "somebody"))}
}

// Callers names in one line who would be woken from a level on, "Mara Voss,
// then Idris Kane"; empty: nobody is on call at that level. More than three
// levels are not named.
func Callers(lines []integrations.OnCall, from int, now time.Time) string {
	var all []string
	for _, r := range rotas(lines, now) {
		if steps := r.steps(from); steps != "" {
			all = append(all, steps)
		}
	}
	return strings.Join(all, "; ")
}

func (r rota) steps(from int) string {
	var steps []string
	for _, l := range r.levels {
		if l.n < from {
			continue
		}
		if l.n > from && len(steps) == 0 {
			return "" // nobody is on call where it begins
		}
		var names []string
		for _, o := range l.now {
			if name := cmp.Or(o.Name, o.Email, "somebody"); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if len(names) > 0 && len(steps) < 3 {
			steps = append(steps, strings.Join(names, " and "))
		}
	}
	return strings.Join(steps, ", then ")
}

// NextLevel is the first level after one at which somebody is on call; 0: none.
func NextLevel(lines []integrations.OnCall, after int, now time.Time) int {
	for _, r := range rotas(lines, now) {
		for _, l := range r.levels {
			if l.n > after && len(l.now) > 0 {
				return l.n
			}
		}
	}
	return 0
}
