package redact

import (
	"math"
	"regexp"
	"strings"
)

// Strict is a scrubber that also takes out what may be private and often is
// none of a machine's business to judge: telephone numbers, and runs of
// characters that only chance writes. It is for texts that leave the room, such
// as a review. In the room, and in what machines send, such a run is mostly
// the name of something that somebody needs.
func (s Scrubber) Strict() Scrubber {
	s.strict = true
	return s
}

var phone = regexp.MustCompile(`(?:^|[^\w+/=.-])(\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4})(?:$|[^\w/=-])|(?i:\b(?:phone|call|tel|mobile|cell)\b[^\n\d]{0,30}?)(\(?\d{3,5}\)?[ .-]\d{3,4}[ .-]?\d{3,5})(?:$|[^\w/=-])`)

func doubtful(text string) []Finding {
	var found []Finding
	if mayHoldPhone(text) {
		for _, m := range phone.FindAllStringSubmatchIndex(text, -1) {
			for g := 2; g < len(m); g += 2 {
				if m[g] >= 0 {
					found = append(found, Finding{Rule: "phone", Start: m[g], End: m[g+1]})
				}
			}
		}
	}
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && mayBeKey(text[end]) {
			end++
		}
		if end-at >= shortestRun && !inAddress(text, at) && chance(text[at:end]) {
			found = append(found, Finding{Rule: "random", Start: at, End: end})
		}
		at = end + 1
	}
	return found
}

// shortestRun is how long a run of characters must be to be looked at.
const shortestRun = 24

func mayBeKey(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '_' || c == '=' || c == '-'
}

// mayHoldPhone spares most texts the search.
func mayHoldPhone(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] == '+' && text[i+1] >= '0' && text[i+1] <= '9' {
			return true
		}
	}
	lower := strings.ToLower(text)
	for _, word := range [...]string{"phone", "call", "tel", "mobile", "cell"} {
		if strings.Contains(lower, word) {
			return strings.ContainsAny(text, "0123456789")
		}
	}
	return false
}

// inAddress says that a place lies in an address or a path.
func inAddress(text string, at int) bool {
	from := strings.LastIndexAny(text[:at], " \t\n\"'`<>(") + 1
	word := text[from:at]
	return strings.Contains(word, "://") || strings.HasPrefix(word, "/") || strings.HasPrefix(word, "www.") || strings.HasSuffix(word, "@") || strings.HasSuffix(word, ":sha")
}

// Bits of chance in a character of a run: words have less, keys more.
const leastChance = 3.6

// chance says that a run of characters is none that a person or a convention
// wrote: a stretch of it without a join mixes capitals, small letters and
// digits and repeats little. Hashes and UUIDs are of digits and a to f.
func chance(run string) bool {
	if lower := strings.ToLower(run); strings.HasPrefix(lower, "sha256-") || strings.HasPrefix(lower, "sha384-") || strings.HasPrefix(lower, "sha512-") {
		return false
	}
	for piece := range strings.FieldsFuncSeq(run, func(r rune) bool { return strings.ContainsRune("-_=", r) }) {
		if len(piece) < 16 || strings.Trim(strings.ToLower(piece), "0123456789abcdef") == "" || strings.Count(piece, "/") > 2 {
			continue
		}
		if mixed(piece) && entropy(piece) >= leastChance {
			return true
		}
	}
	return false
}

// mixed says that capitals, small letters and digits stand in a piece together.
func mixed(piece string) bool {
	digits, upper, lower := 0, 0, 0
	for _, c := range []byte(piece) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z':
			lower++
		}
	}
	return digits >= 2 && upper >= 3 && lower >= 3
}

// entropy is how many bits a character of a text holds, by how often each occurs.
func entropy(s string) float64 {
	var n [256]int
	for _, c := range []byte(s) {
		n[c]++
	}
	bits := 0.0
	for _, k := range n {
		if k > 0 {
			p := float64(k) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
