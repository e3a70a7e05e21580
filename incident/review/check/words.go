package check

import "strings"

// bare says that a word carries nothing that a source would have to say.
func bare(w string) bool {
	switch w {
	case "a", "an", "the", "and", "or", "but", "if", "so", "to", "of", "in", "on", "at", "by", "for", "with", "from", "as", "is", "are", "was", "were",
		"be", "been", "being", "am", "it", "its", "it's", "this", "that", "that's", "these", "those", "there", "there's", "i", "i'm", "i'll", "i've", "you",
		"he", "she", "we", "we're", "they", "me", "him", "her", "us", "them", "my", "your", "our", "their", "what", "which", "who", "whom", "whose", "when",
		"where", "why", "how", "yes", "do", "does", "did", "done", "has", "have", "had", "will", "would", "can", "could", "should", "may", "might",
		"must", "just", "then", "than", "too", "very", "into", "out", "up", "down", "over", "under", "again", "now", "here", "any", "some",
		"all", "more", "most", "other", "only", "own", "same", "such", "about", "after", "before", "because", "until", "while", "during", "between",
		"both", "each", "few", "off", "once", "through", "per", "via", "vs", "etc", "s", "t", "ll", "re", "ve", "m", "d":
		return true
	}
	return negates(w)
}

// glue says that a word is a label that a template may add: it says how the
// draft is built, not what happened.
func glue(w string) bool {
	switch w {
	case "utc", "time", "start", "detection", "detected", "acknowledged", "mitigation", "resolution", "impact", "confirmed", "refuted", "open",
		"unassigned", "first", "last", "second", "candidate", "set", "aside", "owner", "unowned", "due", "until", "local", "minutes", "minute", "hours", "hour", "days", "day",
		"said", "says", "wrote", "recorded", "incident", "channel", "stated", "bot", "role", "message", "messages", "cause", "also", "proposed", "suggested":
		return true
	}
	return false
}

// negates says that a word is a not.
func negates(w string) bool {
	switch w {
	case "not", "no", "never", "none", "nothing", "nobody", "nowhere", "neither", "without", "cannot", "nor", "nope", "unable",
		"dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "cant", "wont", "hasnt", "havent", "couldnt", "shouldnt", "wouldnt", "aint":
		return true
	}
	return strings.HasSuffix(w, "n't")
}

// Negated says that a text has a not in it.
func Negated(text string) bool {
	for _, w := range scan(text) {
		if negates(w.text) {
			return true
		}
	}
	return false
}
