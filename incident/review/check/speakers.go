package check

import (
	"strings"

	"tocsin/incident/review/source"
)

// names finds the people of an input in a sentence.
type names struct {
	byFirst map[string][]called // by the first word
	people  map[string][]string // ids by a whole name in lower case
}

// called is one way to name somebody.
type called struct {
	words []string
	ids   []string
}

func namesOf(people []source.Person) names {
	n := names{byFirst: map[string][]called{}, people: map[string][]string{}}
	given := map[string][]string{} // by the first word of a name of several words
	for _, p := range people {
		for _, name := range [...]string{p.ID, p.Name} {
			if ws := scan(name); len(ws) > 0 {
				n.people[flat(ws)] = append(n.people[flat(ws)], p.ID)
				if len(ws) > 1 {
					given[ws[0].text] = append(given[ws[0].text], p.ID)
				}
			}
		}
	}
	for name, ids := range given {
		n.people[name] = append(n.people[name], ids...)
	}
	for name, ids := range n.people {
		ws := strings.Fields(name)
		n.byFirst[ws[0]] = append(n.byFirst[ws[0]], called{words: ws, ids: ids})
	}
	return n
}

func flat(ws []word) string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.text
	}
	return strings.Join(out, " ")
}

// at finds the longest name that begins at a word; n is how many words it has.
func (n names) at(said []word, i int) (ids []string, length int) {
	for _, c := range n.byFirst[strings.TrimSuffix(said[i].text, "'s")] {
		if len(c.words) > length && i+len(c.words) <= len(said) && c.matches(said[i:]) {
			ids, length = c.ids, len(c.words)
		}
	}
	return ids, length
}

func (c called) matches(said []word) bool {
	for k, w := range c.words {
		if strings.TrimSuffix(said[k].text, "'s") != w {
			return false
		}
	}
	return true
}

// speakers refuses a sentence that names somebody who neither wrote nor stands
// in what it cites. Whoever it gives the words to ("Ann: …") must have written
// them: it is not enough that they wrote something else that it cites.
func (c *Checker) speakers(sentence string, said []word, sources []*evidence) Refusal {
	if lead, is := c.lead(sentence); is {
		theirs := writtenBy(lead, sources)
		if len(theirs) == 0 || len(theirs) < len(sources) && share(c.body(said), theirs) < enough {
			return Speaker
		}
	}
	for i := 0; i < len(said); i++ {
		ids, n := c.names.at(said, i)
		if n == 0 {
			continue
		}
		if !wrote(ids, sources) && !mentioned(said[i:i+n], sources) {
			return Speaker
		}
		i += n - 1
	}
	return Stands
}

// lead finds who a sentence gives its words to: what stands before the first
// colon, after a clock and the labels of a template.
func (c *Checker) lead(sentence string) (ids []string, ok bool) {
	rest := sentence
	for range 4 {
		head, tail, found := strings.Cut(rest, ": ")
		if !found {
			return nil, false
		}
		ws := scan(head)
		for len(ws) > 0 && (isClock(ws[0].text) || ws[0].text == "utc") {
			ws = ws[1:]
		}
		if ids, known := c.names.people[flat(ws)]; known {
			return ids, true
		}
		for _, w := range ws {
			if !glue(w.text) {
				return nil, false
			}
		}
		rest = tail
	}
	return nil, false
}

func writtenBy(ids []string, sources []*evidence) []*evidence {
	var out []*evidence
	for _, s := range sources {
		if wrote(ids, []*evidence{s}) {
			out = append(out, s)
		}
	}
	return out
}

func wrote(ids []string, sources []*evidence) bool {
	for _, s := range sources {
		for _, id := range ids {
			if s.author == id {
				return true
			}
		}
	}
	return false
}

func mentioned(name []word, sources []*evidence) bool {
	for _, w := range name {
		if !supported(strings.TrimSuffix(w.text, "'s"), sources) {
			return false
		}
	}
	return true
}

// body is a sentence without a clock and a name before the words.
func (c *Checker) body(said []word) []word {
	for i := 0; i < len(said) && i < 8; i++ {
		if isClock(said[i].text) || glue(said[i].text) {
			continue
		}
		_, n := c.names.at(said, i)
		return said[i+n:]
	}
	return said
}
