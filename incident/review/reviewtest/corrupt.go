package reviewtest

import (
	"regexp"
	"strconv"
	"strings"

	"tocsin/incident/review/source"
)

// Sentence is a sentence of a draft, as a checker gets it.
type Sentence struct {
	Text  string
	Cites []string
}

// Corruption makes a true sentence false. It gives nothing when the sentence
// cannot be made false in its way.
type Corruption struct {
	Name string
	Make func(in source.Input, all []Sentence, i int) (Sentence, bool)
}

// Corruptions are the ways in which a draft can be wrong.
func Corruptions() []Corruption {
	return []Corruption{
		{"ids shuffled", shuffled},
		{"numbers changed", renumbered},
		{"sentences invented", invented},
		{"speakers swapped", swapped},
		{"negations turned", turned},
	}
}

// shuffled cites what another sentence cites.
func shuffled(_ source.Input, all []Sentence, i int) (Sentence, bool) {
	for step := 1; step < len(all); step++ {
		other := all[(i+step*7+i%5)%len(all)]
		if !sharesACite(other, all[i]) {
			return Sentence{all[i].Text, other.Cites}, true
		}
	}
	return Sentence{}, false
}

func sharesACite(a, b Sentence) bool {
	for _, x := range a.Cites {
		for _, y := range b.Cites {
			if x == y {
				return true
			}
		}
	}
	return false
}

var number = regexp.MustCompile(`\d+`)

// renumbered changes one number: of the words where they have one, else the clock.
func renumbered(_ source.Input, all []Sentence, i int) (Sentence, bool) {
	text := all[i].Text
	at := number.FindAllStringIndex(text, -1)
	if len(at) == 0 {
		return Sentence{}, false
	}
	span := at[(i*3)%len(at)]
	n, err := strconv.Atoi(text[span[0]:span[1]])
	if err != nil {
		return Sentence{}, false
	}
	return Sentence{text[:span[0]] + strconv.Itoa(n+3+i%11) + text[span[1]:], all[i].Cites}, true
}

// invented is a plausible sentence that nobody said.
func invented(in source.Input, all []Sentence, i int) (Sentence, bool) {
	made := [...]string{
		"The primary database was restarted by the platform team.",
		"A certificate had expired on the load balancer.",
		"The vendor confirmed an outage in their region and opened a ticket.",
		"Engineering agreed to freeze deployments until Monday.",
		"Customers were informed by mail about lost payments.",
		"A memory leak in the cache layer caused the crash loops.",
		"The firewall dropped packets between both data centres.",
		"Monitoring was silent since the exporter had been switched off.",
	}
	lead := ""
	if i%2 == 0 && len(in.People) > 0 {
		if at := strings.Index(all[i].Text, ": "); at > 0 && at < 30 {
			lead = all[i].Text[:at+2]
		}
	}
	return Sentence{lead + made[i%len(made)], all[i].Cites}, true
}

// swapped gives the words to somebody else.
func swapped(in source.Input, all []Sentence, i int) (Sentence, bool) {
	for _, p := range in.People {
		at := strings.Index(all[i].Text, p.Name+": ")
		if at < 0 || at > 12 {
			continue
		}
		for k := range in.People {
			other := in.People[(i+k)%len(in.People)]
			if other.Name != p.Name && other.Name != "" {
				return Sentence{all[i].Text[:at] + other.Name + all[i].Text[at+len(p.Name):], all[i].Cites}, true
			}
		}
	}
	return Sentence{}, false
}

var (
	not = regexp.MustCompile(`(?i)\b(?:not|never|no|cannot|without) |\b(?:is|are|was|were|does|do|did|has|have|ca|wo|could|should|would)n['’]t\b`)
	is  = regexp.MustCompile(`(?i) (?:is|are|was|were|has|have|can|will|should|could)\b`)
)

// turned takes a not out, or puts one in.
func turned(_ source.Input, all []Sentence, i int) (Sentence, bool) {
	text := all[i].Text
	if at := not.FindStringIndex(text); at != nil {
		word := text[at[0]:at[1]]
		positive := ""
		if n := strings.IndexAny(word, "nN"); strings.HasSuffix(word, "t") && n > 0 && !strings.HasSuffix(word, " ") {
			positive = strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(word), "n't"), "n’t")
		}
		return Sentence{text[:at[0]] + positive + text[at[1]:], all[i].Cites}, true
	}
	if at := is.FindStringIndex(text); at != nil {
		return Sentence{text[:at[1]] + " not" + text[at[1]:], all[i].Cites}, true
	}
	return Sentence{}, false
}
