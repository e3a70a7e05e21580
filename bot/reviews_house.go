package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/store"
)

// documentAt is where a job put the review; is says that it is one that does.
func documentAt(j store.Job) (url string, is bool) {
	if j.Reactor != "reviews" || j.Verb != "publish" && j.Verb != "renew" || len(j.Ref) == 0 {
		return "", false
	}
	var ref integrations.Ref
	err := json.Unmarshal(j.Ref, &ref)
	return ref.URL, err == nil
}

// address is where people reach the house, without a slash at its end.
func (c Config) address() string {
	return strings.TrimRight(cmp.Or(c.Address, "http://"+c.Listen), "/")
}

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

// Reviews are where reviews are read and written.
func (h *House) Reviews() web.Reviews { return h.reviews }

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
