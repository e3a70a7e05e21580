package mine

import (
	"strings"
	"unicode"
)

// class is what a cue tells of a message. The first ones are the kinds of a
// timeline's entries.
type class uint8

// The classes of cues.
const (
	detect     class = iota     // something is noticed to be wrong
	impact                      // who is hit, how badly
	evidence                    // what was looked at and seen
	cause                       // why
	hypothesis                  // a guess
	decision                    // a choice, or a proposal of one
	action                      // a step taken
	resolution                  // it works again
	reopen                      // it does not, after all
	handover                    // who goes, who comes
	comms                       // what others are told
	kinds                       // how many of them are kinds of entries
	broken     class = iota - 1 // words for what is observed when things are down
	notYet                      // a recovery that is denied, hoped or asked for
	follow                      // what is for after the incident
	starts                      // since when it has been so
	looking                     // somebody takes it up
	chat                        // small talk, and thanks
	joke                        // laughter
	aside                       // private matters, and what is about other things
	finding                     // something was found out, looked up, measured
	severe                      // a machine says that it is serious
	mild                        // a machine says so of something that is not production
	firstPerson
	negation
	asking
	named        // the incident is called one
	allClear     // a machine says that it is well again
	hoped        // a recovery that is hoped for
	declaredOver // somebody says that it is over
	lastOwn
	answerClasses class = 32 // the classes of decisions, hypotheses, actions and factors begin here
	classes             = 64
)

// cue is a pattern of words that speaks for a class.
//
// A pattern is words with spaces between them. "a|b" is a choice, "fail*" a
// beginning, "*n't" an end, "@group" a choice of the language's named groups,
// "..3" a gap of up to three words within the sentence, "^" the beginning of a
// sentence, "$" its end. The words in angle brackets of text.go stand for
// numbers, code, links and names.
type cue struct {
	class   class
	weight  float32
	pattern string
}

// language is all that the mine knows of one language. Another language is
// another table.
type language struct {
	name   string
	groups map[string]string // "broken": "down broken fail*"
	cues   []cue
	plain  string // words that carry no matter: articles, pronouns, auxiliaries
	filler string // words that may stand before the beginning: "ok", "so"
	frame  string // words without which a sentence of some length is not of it
}

// step is one place of a pattern: which atoms may stand there, and after how
// many words at most.
type step struct {
	atoms      []int32
	gap        int
	begin, end bool
}

type pattern struct {
	class  class
	weight float32
	steps  []step
}

// lexicon is the tables of some languages, ready to be matched.
type lexicon struct {
	exact    map[string]int32   // word -> atom
	prefixes map[string][]int32 // by the first two letters
	suffixes []int32
	atoms    []string
	patterns []pattern
	first    [][]int32 // atom -> patterns that begin with it
	plain    map[string]bool
	filler   map[string]bool
	frame    map[string]bool
}

func newLexicon(languages ...language) *lexicon {
	l := &lexicon{exact: map[string]int32{}, prefixes: map[string][]int32{}, plain: map[string]bool{}, filler: map[string]bool{nameWord: true}, frame: map[string]bool{}}
	for _, lang := range languages {
		for w := range strings.FieldsSeq(lang.plain) {
			l.plain[w] = true
		}
		for w := range strings.FieldsSeq(lang.filler) {
			l.filler[w] = true
		}
		for w := range strings.FieldsSeq(lang.frame) {
			l.frame[w] = true
		}
		for _, c := range lang.cues {
			l.add(c, lang.groups)
		}
	}
	return l
}

func (l *lexicon) add(c cue, groups map[string]string) {
	p := pattern{class: c.class, weight: c.weight}
	var next step
	for f := range strings.FieldsSeq(c.pattern) {
		switch {
		case f == "^":
			next.begin = true
		case f == "$":
			p.steps[len(p.steps)-1].end = true
		case strings.HasPrefix(f, "..") && len(f) == 3:
			next.gap = int(f[2] - '0')
		default:
			next.atoms = l.choice(f, groups)
			p.steps = append(p.steps, next)
			next = step{}
		}
	}
	n := int32(len(l.patterns))
	l.patterns = append(l.patterns, p)
	for _, a := range p.steps[0].atoms {
		l.first[a] = append(l.first[a], n)
	}
}

func (l *lexicon) choice(words string, groups map[string]string) []int32 {
	var atoms []int32
	for w := range strings.SplitSeq(words, "|") {
		if name, ok := strings.CutPrefix(w, "@"); ok && groups[name] != "" {
			for g := range strings.FieldsSeq(groups[name]) {
				atoms = append(atoms, l.choice(g, groups)...)
			}
			continue
		}
		atoms = append(atoms, l.atom(w))
	}
	return atoms
}

func (l *lexicon) atom(w string) int32 {
	if a, ok := l.exact[w]; ok {
		return a
	}
	a := int32(len(l.atoms))
	l.atoms = append(l.atoms, w)
	l.first = append(l.first, nil)
	l.exact[w] = a
	switch {
	case len(w) > 2 && strings.HasSuffix(w, "*"):
		l.prefixes[w[:2]] = append(l.prefixes[w[:2]], a)
	case len(w) > 2 && strings.HasPrefix(w, "*"):
		l.suffixes = append(l.suffixes, a)
	}
	return a
}

// atomsOf gives all the atoms that a word can stand for.
func (l *lexicon) atomsOf(w string) []int32 {
	var out []int32
	if a, ok := l.exact[w]; ok {
		out = append(out, a)
	}
	if len(w) >= 2 {
		for _, a := range l.prefixes[w[:2]] {
			if p := l.atoms[a]; strings.HasPrefix(w, p[:len(p)-1]) {
				out = append(out, a)
			}
		}
	}
	for _, a := range l.suffixes {
		if strings.HasSuffix(w, l.atoms[a][1:]) {
			out = append(out, a)
		}
	}
	if w[0] >= '0' && w[0] <= '9' {
		if a, ok := l.exact[numWord]; ok {
			out = append(out, a)
		}
	}
	return out
}

// vocabulary gives every distinct word of a talk a number, and knows what it
// can stand for.
type vocabulary struct {
	lex   *lexicon
	ids   map[string]int32
	words []string
	atoms [][]int32
	marks []mark
	plain []bool
}

// mark is what a word is, whatever it says.
type mark struct{ ends, filler, frame, word, alien bool }

func newVocabulary(lex *lexicon) *vocabulary {
	return &vocabulary{lex: lex, ids: map[string]int32{}}
}

func (v *vocabulary) id(w string) int32 {
	if id, ok := v.ids[w]; ok {
		return id
	}
	w = strings.Clone(w)
	id := int32(len(v.words))
	v.ids[w] = id
	v.words = append(v.words, w)
	v.atoms = append(v.atoms, v.lex.atomsOf(w))
	v.plain = append(v.plain, v.lex.plain[w])
	v.marks = append(v.marks, mark{
		ends: w == pause || w == asked || w == cried, filler: v.lex.filler[w], frame: v.lex.frame[w],
		word: isWord(w), alien: isAlien(w),
	})
	return id
}

// cues adds up what speaks for each class in a prose. A pattern counts once.
func (v *vocabulary) cues(prose []int32, hit []int32, now int32) [classes]float32 {
	var sum [classes]float32
	for at, w := range prose {
		for _, a := range v.atoms[w] {
			for _, n := range v.lex.first[a] {
				p := &v.lex.patterns[n]
				if hit[n] == now || p.steps[0].begin && !v.begins(prose, at) {
					continue
				}
				if v.matches(p.steps[1:], p.steps[0].end, prose, at) {
					hit[n] = now
					sum[p.class] += p.weight
				}
			}
		}
	}
	for c := range sum {
		sum[c] = max(sum[c], 0)
	}
	return sum
}

// matches says whether the rest of a pattern follows the word at a place.
func (v *vocabulary) matches(rest []step, end bool, prose []int32, at int) bool {
	if end && at+1 < len(prose) && !v.marks[prose[at+1]].ends {
		return false
	}
	if len(rest) == 0 {
		return true
	}
	s := rest[0]
	for next := at + 1; next < len(prose) && next <= at+1+s.gap; next++ {
		if v.stands(s.atoms, prose[next]) && v.matches(rest[1:], s.end, prose, next) {
			return true
		}
		if v.marks[prose[next]].ends {
			return false
		}
	}
	return false
}

func (v *vocabulary) stands(atoms []int32, w int32) bool {
	for _, a := range v.atoms[w] {
		for _, b := range atoms {
			if a == b {
				return true
			}
		}
	}
	return false
}

// begins says whether a sentence begins at a place; names and fillers before
// it do not count.
func (v *vocabulary) begins(prose []int32, at int) bool {
	for ; at > 0; at-- {
		w := prose[at-1]
		if v.marks[w].ends || v.words[w] == colon {
			return true
		}
		if !v.marks[w].filler {
			return false
		}
	}
	return true
}

// length counts the words of a prose; code, a link or a name is one.
func (v *vocabulary) length(prose []int32) int {
	n := 0
	for _, w := range prose {
		if !v.marks[w].ends && v.words[w] != colon {
			n++
		}
	}
	return n
}

// foreign says whether a prose of some length is in none of the languages.
func (v *vocabulary) foreign(prose []int32) bool {
	words, frame, alien := 0, 0, 0
	for _, w := range prose {
		m := v.marks[w]
		if m.word {
			words++
		}
		if m.frame {
			frame++
		}
		if m.alien {
			alien++
		}
	}
	return words >= 4 && (frame == 0 && alien > 0 || alien*2 > words) || words >= 9 && frame == 0
}

func isWord(w string) bool {
	return strings.IndexFunc(w, func(c rune) bool { return !unicode.IsLetter(c) && c != '\'' }) < 0
}

// isAlien says that a word has letters that English lacks, or is one of the
// words that hold the sentences of its neighbours together.
func isAlien(w string) bool {
	if strings.IndexFunc(w, func(c rune) bool { return c > unicode.MaxASCII && unicode.IsLetter(c) }) >= 0 {
		return true
	}
	switch w {
	case "und", "der", "das", "ist", "nicht", "ich", "wir", "ein", "eine", "auf", "mit", "sich", "auch", "noch", "kann",
		"le", "la", "les", "des", "est", "pas", "une", "pour", "dans", "sur", "vous", "nous", "merci", "tous", "que", "qui",
		"el", "los", "las", "por", "para", "una", "con", "esta", "pero", "como", "il", "che", "non", "sono", "per", "della",
		"het", "een", "niet", "voor", "och", "inte", "att", "det", "som", "ikke", "og", "nao", "uma", "isso", "jest", "nie":
		return true
	}
	return false
}
