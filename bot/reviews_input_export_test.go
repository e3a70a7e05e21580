package bot

import (
	"context"

	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/incident/review/source"
	"tocsin/store"
)

// ReviewInputs shows what drafts are made from to the tests.
type ReviewInputs struct{ r *reviewInputs }

// NewReviewInputs makes it.
func NewReviewInputs(s *store.Store, p *People) ReviewInputs {
	return ReviewInputs{newReviewInputs(s, p, incident.DefaultPolicy, "UTC", redact.NewScrubber())}
}

// Input reads one.
func (r ReviewInputs) Input(ctx context.Context, as incident.PersonID, id incident.ID) (source.Input, error) {
	return r.r.Input(ctx, as, id)
}
