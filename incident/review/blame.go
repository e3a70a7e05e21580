package review

import (
	"slices"
	"strings"
	"unicode"
)

// blames says that words lay something at a person's door: a name, "I" or
// "you" beside a word of fault. Such words are no factor: a review asks for
// conditions, and what somebody did stands in the timeline.
func (m *maker) blames(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
	for i, w := range words {
		if m.person(w) && slices.ContainsFunc(words[i+1:min(len(words), i+4)], fault) {
			return true
		}
		if isBlame(words, i) && (i > 0 && m.person(strings.TrimSuffix(words[i-1], "'s")) || i+1 < len(words) && m.person(words[i+1])) {
			return true
		}
	}
	return false
}

// isBlame says that a word lays something at the door of the person beside it.
func isBlame(words []string, i int) bool {
	return words[i] == "fault" || words[i] == "blame" || words[i] == "bad" && i > 0 && words[i-1] == "my"
}

// person says that a word stands for a person: a name of those who took part,
// or a pronoun for one.
func (m *maker) person(w string) bool {
	switch w {
	case "i", "my", "me", "you", "your", "he", "his", "she", "her", "somebody", "someone":
		return true
	}
	return m.called[w]
}

func fault(w string) bool {
	switch w {
	case "forgot", "forgotten", "broke", "broken", "messed", "screwed", "botched", "fumbled", "neglected", "ignored", "overlooked", "careless",
		"carelessly", "mistakenly", "mistyped", "typo", "typoed", "blundered", "caused":
		return true
	}
	return false
}

// callNames notes the words that the people of the input are called by.
func (m *maker) callNames() {
	for _, p := range m.in.People {
		if p.Bot {
			continue
		}
		for _, w := range append(strings.Fields(p.Name), p.ID) {
			if w = strings.ToLower(w); len(w) > 1 {
				m.called[w] = true
			}
		}
	}
}
