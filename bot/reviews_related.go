package bot

import (
	"context"

	"tocsin/incident"
	"tocsin/incident/review/source"
	"tocsin/store"
)

// How far related incidents are looked for, and how many are named.
const (
	relatedAmong = 300
	relatedNamed = 5
)

// related finds earlier incidents that look like this one. Only public ones
// are named, whoever reads: a review is published, and goes further than its
// first reader.
func (r *reviewInputs) related(ctx context.Context, inc incident.Incident) ([]source.Related, error) {
	earlier, err := r.store.List(ctx, store.Filter{Before: inc.Number, Limit: relatedAmong})
	if err != nil {
		return nil, err
	}
	var services []string
	for _, s := range inc.Services {
		services = append(services, s.Name)
	}
	var out []source.Related
	for _, l := range incident.Alike(earlier, inc.Title.Words, services, relatedNamed) {
		out = append(out, source.Related{Number: l.Summary.Number.String(), Title: r.scrubber.Scrub(l.Summary.Title.String()), Why: l.Why})
	}
	return out, nil
}
