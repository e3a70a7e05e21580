package check

import "slices"

// reach is how many words beside the place in a source that a sentence rests
// on may hold a not that belongs to it.
const reach = 4

// turned says that a sentence has a not where its sources have none, or none
// where they have one. Each of its sentences and clauses is held against the
// place in the sources that is most like it.
func turned(said []word, sources []*evidence) bool {
	for len(said) > 0 {
		end := 1
		for end < len(said) && said[end].sentence == said[0].sentence {
			end++
		}
		if clauseTurned(said[:end], sources) {
			return true
		}
		said = said[end:]
	}
	return false
}

func clauseTurned(clause []word, sources []*evidence) bool {
	if wordForWord(clause, sources) {
		return false
	}
	l := likenessOf(clause)
	_, want := overlap(clause, l.content, l.carries)
	best, most, same := 0, 0, true
	for _, s := range sources {
		for from := 0; from < len(s.words); {
			to := from + 1
			for to < len(s.words) && s.words[to].sentence == s.words[from].sentence {
				to++
			}
			hits, nots := overlap(s.words[from:to], l.content, l.carries)
			alike := hits*len(clause) + count(s.words[from:to], l.small)
			switch agrees := nots == want; {
			case hits > 0 && alike > most:
				best, most, same = hits, alike, agrees
			case hits > 0 && alike == most:
				same = same || agrees
			}
			from = to
		}
	}
	return best > 0 && !same && (best >= 2 || len(l.content) <= 2)
}

// likeness is what a clause is known by: the words that carry something, and,
// where as many of those stand in two sentences of a source, the small ones.
type likeness struct {
	content, small map[string]bool
	carries        func(string) bool
}

func likenessOf(clause []word) likeness {
	l := likeness{content: map[string]bool{}, small: map[string]bool{}, carries: func(w string) bool { return !bare(w) }}
	if !slices.ContainsFunc(clause, func(w word) bool { return !bare(w.text) }) {
		l.carries = func(w string) bool { return !negates(w) } // "yes, do it"
	}
	for _, w := range clause {
		switch {
		case l.carries(w.text):
			l.content[stem(w.text)] = true
		case !negates(w.text):
			l.small[w.text] = true
		}
	}
	return l
}

// overlap counts how many of the words stand in one sentence of a source, and
// the nots in and beside the stretch from the first of them to the last.
func overlap(sentence []word, content map[string]bool, carries func(string) bool) (hits, nots int) {
	first, last, seen := -1, -1, map[string]bool{}
	for i, w := range sentence {
		if s := stem(w.text); content[s] && carries(w.text) {
			if first < 0 {
				first = i
			}
			last = i
			if !seen[s] {
				seen[s] = true
				hits++
			}
		}
	}
	if first < 0 {
		return 0, 0
	}
	for i := max(0, first-reach); i < min(len(sentence), last+reach+1); i++ {
		if negates(sentence[i].text) {
			nots++
		}
	}
	return hits, nots
}

// wordForWord says that a source has these words as they are, with no not just
// outside of what was taken from its sentence.
func wordForWord(clause []word, sources []*evidence) bool {
	for _, s := range sources {
		for i := 0; i+len(clause) <= len(s.words); i++ {
			if sameWords(s.words[i:i+len(clause)], clause) && !notBeside(s.words, i, i+len(clause)) {
				return true
			}
		}
	}
	return false
}

func sameWords(a, b []word) bool {
	for i := range a {
		if a[i].text != b[i].text {
			return false
		}
	}
	return true
}

func notBeside(words []word, from, to int) bool {
	for i := from - 1; i >= 0 && i >= from-reach && words[i].sentence == words[from].sentence; i-- {
		if negates(words[i].text) {
			return true
		}
	}
	for i := to; i < len(words) && i < to+reach && words[i].sentence == words[to-1].sentence; i++ {
		if negates(words[i].text) {
			return true
		}
	}
	return false
}

func count(sentence []word, of map[string]bool) int {
	seen := map[string]bool{}
	for _, w := range sentence {
		if of[w.text] {
			seen[w.text] = true
		}
	}
	return len(seen)
}
