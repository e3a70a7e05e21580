package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/store"
)

// jobsOf are the effects of a review.
func jobsOf(id incident.ID) store.JobFilter {
	return store.JobFilter{Stream: id.ReviewStream(), Limit: 200}
}

// documentAt is where a job put the review; empty: it is not one that does.
func documentAt(j store.Job) string {
	if j.Reactor != "reviews" || j.Verb != "publish" || len(j.Ref) == 0 {
		return ""
	}
	var ref integrations.Ref
	if json.Unmarshal(j.Ref, &ref) != nil {
		return ""
	}
	return ref.URL
}

// address is where people reach the house, without a slash at its end.
func (c Config) address() string {
	return strings.TrimRight(cmp.Or(c.Address, "http://"+c.Listen), "/")
}

// link leads to a review; it lets nobody in by itself.
func (r *reviews) link(n incident.Number) string { return r.address + "/reviews/" + n.String() }

// passKey signs personal links to the reviews; the same for all replicas.
func passKey(ctx context.Context, shelf store.Shelf) (redact.Secret, error) {
	const key = "reviews/pass"
	for {
		raw, err := shelf.Fetch(ctx, key)
		if err != nil || raw != nil {
			return redact.Secret(raw), err
		}
		if err := shelf.Keep(ctx, key, nil, []byte(randomWord()+randomWord())); err != nil {
			if _, lost := asChanged(err); !lost {
				return "", err
			}
		}
	}
}

// talk is the history that tells when there is more to read in it.
type talk struct {
	store.History
	said func(incident.Stream)
}

// Hear implements [store.History].
func (t talk) Hear(ctx context.Context, s incident.Stream, said ...incident.Spoken) error {
	defer t.said(s)
	return t.History.Hear(ctx, s, said...)
}

// Amend implements [store.History].
func (t talk) Amend(ctx context.Context, s incident.Stream, m incident.Spoken) error {
	defer t.said(s)
	return t.History.Amend(ctx, s, m)
}
