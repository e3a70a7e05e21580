package incident

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Likeness is an incident that looks like another, and why.
type Likeness struct {
	Summary Summary
	Why     string // "same service: checkout", "similar title"
	Strong  bool   // the titles say so; else they share a service alone
	weight  int
}

// Alike finds those that look like an incident of this title and these
// services, the most alike first, and among equals the newest. Drills are
// like nothing.
func Alike(all []Summary, title string, services []string, most int) []Likeness {
	var out []Likeness
	words := telling(title)
	for _, s := range all {
		if s.Drill {
			continue
		}
		shared, similar := likeTitles(telling(s.Title.Words), words)
		service := sharedService(s.Services, services)
		l := Likeness{Summary: s, Strong: similar || service != "" && shared > 0, weight: 2 * shared}
		switch {
		case service != "" && similar:
			l.Why = "similar title, same service: " + service
		case service != "":
			l.Why = "same service: " + service
		case similar:
			l.Why = "similar title"
		default:
			continue
		}
		if service != "" {
			l.weight += 3
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b Likeness) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.Summary.Number, a.Summary.Number))
	})
	return out[:min(len(out), most)]
}

func sharedService(a, b []string) string {
	for _, x := range a {
		if slices.ContainsFunc(b, func(y string) bool { return strings.EqualFold(x, y) }) {
			return x
		}
	}
	return ""
}

// likeTitles says how many telling words two titles share, and whether those
// are at least half of the shorter one's.
func likeTitles(x, y map[string]bool) (shared int, similar bool) {
	for w := range x {
		if y[w] {
			shared++
		}
	}
	if len(x) == 0 || len(y) == 0 {
		return shared, false
	}
	return shared, 2*shared >= min(len(x), len(y)) && (shared > 1 || len(x) == 1 || len(y) == 1 || shared*2 >= max(len(x), len(y)))
}

// telling are the words of a title that say what it is about.
func telling(title string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		switch w {
		case "is", "are", "was", "the", "a", "an", "in", "on", "of", "for", "to", "and", "or", "not", "with", "from", "at", "all", "our", "some", "we", "be", "it",
			"down", "failing", "fails", "failed", "broken", "slow", "error", "errors", "issue", "issues", "problem", "problems", "outage", "high", "incident", "since", "out", "again":
		default:
			out[w] = true
		}
	}
	return out
}
