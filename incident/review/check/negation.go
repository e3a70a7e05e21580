package check

import (
	"regexp"
	"strings"
)

var negation = regexp.MustCompile(`(?i)\b(?:not|no|never|none|nothing|nobody|nowhere|neither|without|cannot|nor|nope|unable|failed to|\w+n['’]t|dont|doesnt|didnt|isnt|arent|wasnt|werent|cant|wont|hasnt|havent|couldnt|shouldnt|wouldnt)\b`)

// Negated says that a text has a not in it.
func Negated(text string) bool {
	return strings.ContainsAny(text, "nNuUfF") && negation.MatchString(text)
}
