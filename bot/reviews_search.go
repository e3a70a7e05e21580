package bot

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/store"
)

// Bounds of the library: how many incidents are looked through at a time and
// in all, and how long a snippet is.
const (
	searchPage  = 100
	searchMost  = 1000
	snippetSize = 160 // runes
)

// Search finds reviews by words, in what people wrote of the incident and of
// its review; without words it lists them. The newest incident comes first.
func (r *reviews) Search(ctx context.Context, as incident.PersonID, words string, limit int) ([]web.ReviewHit, error) {
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	var out []web.ReviewHit
	f := store.Filter{As: as, Limit: searchPage}
	for seen := 0; seen < searchMost && len(out) < limit; {
		var page []incident.Summary
		var err error
		if words == "" {
			page, err = r.index.List(within, f)
		} else {
			page, err = r.index.Search(within, words, f)
		}
		if err != nil {
			return nil, readFault(err)
		}
		for _, s := range page {
			hit, is, err := r.hit(within, as, s, words)
			if err != nil {
				return nil, readFault(err)
			}
			if is && len(out) < limit {
				out = append(out, hit)
			}
			f.Before = s.Number
		}
		seen += len(page)
		if len(page) < searchPage {
			break
		}
	}
	return out, nil
}

// hit is an incident as the library shows it; is is false when nobody was ever
// asked for a review of it.
func (r *reviews) hit(ctx context.Context, as incident.PersonID, s incident.Summary, words string) (hit web.ReviewHit, is bool, err error) {
	if !s.VisibleTo(as) {
		return hit, false, nil
	}
	v, err := r.read(ctx, s.ID)
	if err != nil || v.State == "" {
		return hit, false, err
	}
	hit = web.ReviewHit{
		Number: s.Number.String(), Title: s.Title.String(), State: string(v.State), Private: s.Private, Drill: s.Drill,
		Services: s.Services, Declared: s.DeclaredAt, Assignee: r.namer(ctx)(v.Assignee), Due: v.Due,
	}
	if s.Severity != incident.SevUnset {
		hit.Severity = s.Severity.String()
	}
	if words != "" {
		hit.Snippet, err = r.snippet(ctx, v, store.Words(words))
	}
	return hit, true, err
}

// snippet is what a review says around the words: in what people wrote, else
// in its newest version. Empty: they stand on the incident's timeline alone.
func (r *reviews) snippet(ctx context.Context, v incident.Review, words []string) (string, error) {
	for _, l := range v.Lines {
		if s := snippetOf(l.Text.Words, words); s != "" && !l.Removed {
			return s, nil
		}
	}
	if len(v.Versions) == 0 {
		return "", nil
	}
	newest := v.Versions[len(v.Versions)-1].Version
	recs, err := r.log.Load(ctx, v.Incident.ReviewStream(), newest-1, 1)
	if err != nil || len(recs) == 0 {
		return "", err
	}
	p, _ := recs[0].Event.(incident.ReviewPublished)
	for _, l := range p.Lines {
		if s := snippetOf(l.Text.Words, words); s != "" {
			return s, nil
		}
	}
	return "", nil
}

// snippetOf cuts a text to what stands around the first of some words; empty:
// none is in it.
func snippetOf(text string, words []string) string {
	if !slices.ContainsFunc(store.Words(text), func(w string) bool { return slices.Contains(words, w) }) {
		return ""
	}
	text = strings.Join(strings.Fields(text), " ")
	at := len(text)
	for _, w := range words {
		if found := strings.Index(strings.ToLower(text), w); found >= 0 {
			at = min(at, found)
		}
	}
	runes := []rune(text)
	if len(runes) <= snippetSize {
		return text
	}
	from := 0
	if at < len(text) {
		from = max(0, min(utf8.RuneCountInString(text[:at])-snippetSize/4, len(runes)-snippetSize))
	}
	cut := string(runes[from:min(len(runes), from+snippetSize)])
	if from > 0 {
		cut = "… " + cut
	}
	if from+snippetSize < len(runes) {
		cut += " …"
	}
	return cut
}
