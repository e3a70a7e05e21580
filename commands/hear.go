package commands

import (
	"strings"

	"tocsin/incident"
)

// heard is what a text says before anything is looked up.
type heard struct {
	number incident.Number // the incident that it names; 0: none
	verb   *Command        // nil: none that is known
	first  string          // the first word, in lower case
	all    string          // the text without the number
	after  string          // what follows the verb, without the number
}

// hear finds the verb and the incident's number, which stands before or
// after it.
func (ro *Router) hear(said, slash string) heard {
	w := &Words{list: split(said)}
	if first := w.At(0); first != "" && (first == strings.ToLower(slash) || first == "/incident" || first == "@tocsin") {
		w.Drop(1)
	}
	var h heard
	if n, ok := numberOf(w.At(0)); ok {
		h.number = n
		w.Drop(1)
	}
	h.first = w.At(0)
	h.verb, _ = find(ro.commands, h.first)
	if h.verb == nil || w.list[0].quoted {
		h.verb = nil
		h.all = w.Rest()
		return h
	}
	rest := &Words{list: append([]word(nil), w.list[1:]...)}
	if h.number == 0 && (h.verb.Name != "merge" || rest.At(1) == "into") {
		h.number = takeNumber(rest, h.verb.Text || h.verb.Name == "merge")
	}
	h.all = (&Words{list: append(w.list[:1:1], rest.list...)}).Rest()
	h.after = joinRaw(rest.list)
	return h
}

// takeNumber takes an incident's number out of the words after a verb:
// directly after it, or anywhere when the verb does not end in text.
func takeNumber(w *Words, text bool) incident.Number {
	for i := range w.list {
		if text && i > 0 {
			return 0
		}
		if n, ok := numberOf(w.At(i)); ok && !w.list[i].quoted {
			w.list = append(w.list[:i], w.list[i+1:]...)
			return n
		}
	}
	return 0
}

// numberOf reads "INC-142", "inc142", "#INC-142".
func numberOf(s string) (incident.Number, bool) {
	s = strings.TrimPrefix(strings.ToLower(bare(s)), "#")
	digits, ok := strings.CutPrefix(s, "inc")
	if !ok {
		return 0, false
	}
	n, ok := number(strings.TrimPrefix(digits, "-"), 9)
	return incident.Number(n), ok && n > 0
}
