package commands

import (
	"strings"

	"tocsin/bot/chat"
)

// Opens says, without looking anything up, whether a request would be answered
// with a form. Where that turns on what an incident is, it says yes, and the
// answer may be a message instead.
func (ro *Router) Opens(r chat.Request) bool {
	switch r.Via {
	case "command", "button", "shortcut":
	default:
		return false
	}
	if _, long := tooLong(r); long || r.Form != nil {
		return false
	}
	r = cleaned(r)
	h := ro.hear(r.Text, "")
	if h.verb == nil {
		return h.all == "" && h.number == 0 && !namedAfterOne(r.Place)
	}
	c := &Call{Input: Input{Request: r}, Ports: ro.p, Verb: h.verb, After: h.after}
	c.readWords()
	return c.asksForm()
}

// namedAfterOne says that a room has an incident's number in its name: there,
// nothing said shows the incident.
func namedAfterOne(p chat.Place) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(p.Name), func(r rune) bool { return r == ' ' || r == '_' }) {
		if n := strings.SplitN(w, "-", 3); len(n) > 1 {
			if _, ok := numberOf(n[0] + "-" + n[1]); ok {
				return true
			}
		}
	}
	return false
}
