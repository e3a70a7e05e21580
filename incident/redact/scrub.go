package redact

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Finding is where a credential stands in a text, and of what kind it is. It
// never holds the credential.
type Finding struct {
	Rule       string // "github", "pem", "password"; [OwnRule] for the house's own
	Start, End int    // bytes of the text
}

// OwnRule is the rule of findings that are secrets of the house itself.
const OwnRule = "own"

// shortestOwn is how long a secret of the house must be to be looked for;
// shorter ones would be found in ordinary words.
const shortestOwn = 6

// Scrubber takes credentials out of texts. Its zero value knows the rules;
// [NewScrubber] makes one that knows the house's own secrets too, and is quicker.
type Scrubber struct {
	own    []string
	ready  []readyRule
	strict bool
}

// NewScrubber makes a scrubber that also finds these secrets, wherever and in
// whatever form they stand: as they are, or escaped for an address.
func NewScrubber(own ...Secret) Scrubber {
	s := Scrubber{ready: readyRules()}
	for _, secret := range own {
		for _, form := range []string{secret.Reveal(), url.QueryEscape(secret.Reveal()), url.PathEscape(secret.Reveal())} {
			if len(form) >= shortestOwn && !slices.Contains(s.own, form) {
				s.own = append(s.own, form)
			}
		}
	}
	return s
}

// Scrub replaces every credential in a text by "[redacted:<rule>]". What is
// scrubbed already stays as it is.
func Scrub(text string) string { return Scrubber{}.Scrub(text) }

// Scrub replaces every credential in a text by "[redacted:<rule>]", the
// secrets of the house included.
func (s Scrubber) Scrub(text string) string {
	found := s.Find(text)
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, f := range found {
		b.WriteString(text[at:f.Start])
		b.WriteString(mask(f.Rule))
		at = f.End
	}
	b.WriteString(text[at:])
	return b.String()
}

func mask(rule string) string { return "[redacted:" + rule + "]" }

// Find says where credentials stand in a text, from its start to its end,
// without overlaps.
func (s Scrubber) Find(text string) []Finding {
	var found []Finding
	for _, secret := range s.own {
		found = append(found, exact(text, secret)...)
	}
	ready := s.ready
	if ready == nil {
		ready = readyRules()
	}
	lower := strings.ToLower(text)
	letters := lettersOf(lower)
	for _, r := range ready {
		if r.mayStandIn(lower, letters) {
			found = append(found, r.find(text)...)
		}
	}
	if s.strict {
		found = append(found, doubtful(text)...)
	}
	return joined(found)
}

func exact(text, secret string) []Finding {
	var found []Finding
	for from := 0; ; {
		at := strings.Index(text[from:], secret)
		if at < 0 {
			return found
		}
		found = append(found, Finding{Rule: OwnRule, Start: from + at, End: from + at + len(secret)})
		from += at + len(secret)
	}
}

// joined sorts findings and makes one of those that overlap. The one that
// begins first, and among those the longest, gives the name.
func joined(found []Finding) []Finding {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var out []Finding
	for _, f := range found {
		if n := len(out); n > 0 && f.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, f.End)
			continue
		}
		out = append(out, f)
	}
	return out
}
