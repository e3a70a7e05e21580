package bot

import (
	"context"

	"tocsin/bot/web"
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

// SnippetOf cuts a text to what stands around words.
func SnippetOf(text string, words ...string) string { return snippetOf(text, words) }

// SearchReviews searches the reviews of a store.
func SearchReviews(ctx context.Context, s *store.Store, p *People, as incident.PersonID, words string) ([]web.ReviewHit, error) {
	r := &reviews{log: s, index: s, people: p, kept: map[incident.Stream]incident.Review{}}
	return r.Search(ctx, as, words, 50)
}
