package bot

import (
	"context"

	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/store"
)

// Search finds reviews by words; without words, the newest first.
func (r *reviews) Search(ctx context.Context, as incident.PersonID, words string, limit int) ([]web.ReviewHit, error) {
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	f := store.Filter{As: as, Limit: limit}
	var found []incident.Summary
	var err error
	if words == "" {
		found, err = r.index.List(within, f)
	} else {
		found, err = r.index.Search(within, words, f)
	}
	if err != nil {
		return nil, readFault(err)
	}
	name := r.namer(ctx)
	var out []web.ReviewHit
	for _, s := range found {
		if !s.VisibleTo(as) {
			continue
		}
		v, err := r.read(within, s.ID)
		if err != nil {
			return nil, err
		}
		hit := web.ReviewHit{
			Number: s.Number.String(), Title: s.Title.String(), State: string(v.State), Private: s.Private, Drill: s.Drill,
			Services: s.Services, Declared: s.DeclaredAt, Assignee: name(v.Assignee), Due: v.Due,
		}
		if s.Severity != incident.SevUnset {
			hit.Severity = s.Severity.String()
		}
		out = append(out, hit)
	}
	return out, nil
}
