package bot

import (
	"context"

	"tocsin/bot/reactors"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/review"
	"tocsin/integrations"
)

var _ reactors.Reviews = (*reviews)(nil)

// Stands reads a review with its incident.
func (r *reviews) Stands(ctx context.Context, id incident.ID) (inc incident.Incident, v incident.Review, err error) {
	if inc, err = r.desk.State(ctx, id.Stream()); err != nil {
		return inc, v, err
	}
	v, err = r.read(ctx, id)
	return inc, v, err
}

// Propose asks for a review as policy wants it: once for a key.
func (r *reviews) Propose(ctx context.Context, key string, id incident.ID) error {
	return r.record(ctx, keyOf("review-propose", key), id, func(inc incident.Incident, v incident.Review) []incident.Event {
		return inc.ProposeReview(v, r.policy(), r.now())
	})
}

// Finds are what somebody may be asked about, oldest first.
func (r *reviews) Finds(ctx context.Context, as incident.PersonID, id incident.ID) ([]say.ReviewFound, error) {
	inc, err := r.desk.State(ctx, id.Stream())
	if err != nil {
		return nil, err
	}
	w, err := r.look(ctx, as, inc)
	if err != nil {
		return nil, err
	}
	var out []say.ReviewFound
	for _, c := range w.candidates() {
		out = append(out, say.ReviewFound{
			Message: c.message.ID, As: c.as, Words: cutAt(c.words, 200), Author: incident.PersonID(c.message.Author), At: c.message.At,
		})
	}
	return out, nil
}

// Out is the newest version that was published.
func (r *reviews) Out(ctx context.Context, id incident.ID) (out reactors.ReviewOut, found bool, err error) {
	inc, v, err := r.Stands(ctx, id)
	if err != nil || len(v.Versions) == 0 {
		return out, false, err
	}
	newest := v.Versions[len(v.Versions)-1]
	draft, found, err := r.Published(ctx, inc, v, newest.Number)
	if err != nil || !found {
		return out, false, err
	}
	out.Lines = summaryOf(draft)
	out.Document = integrations.Document{
		Key: string(id) + "-review", Version: newest.Number, Name: inc.Number.String(), Title: draft.Title,
		Markdown: review.Markdown(draft, review.CiteLinks), HTML: review.HTML(draft), Link: r.Link(inc.Number), Private: inc.Private, At: newest.At,
	}
	return out, true, nil
}

// Link leads to a review; it lets nobody in by itself.
func (r *reviews) Link(n incident.Number) string { return r.address + "/reviews/" + n.String() }
