package bot

import (
	"context"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/redact"
	"tocsin/store"
)

// maxUnfinished is how many deliveries of an earlier life are worked off at once.
const maxUnfinished = 1000

// inbox is the store's inbox as platforms see it. Credentials are taken out
// before anything is written.
type inbox struct {
	store store.Inbox
	now   func() time.Time
}

var _ chat.Inbox = inbox{}

// Take writes a delivery down.
func (i inbox) Take(ctx context.Context, d chat.Delivery) (fresh bool, err error) {
	return i.store.Take(ctx, i.now(), store.Delivery{
		Key: d.Key, Source: sourceOf(d.Key), Body: []byte(redact.Scrub(string(d.Body))), At: d.At,
	})
}

// Finish says that a delivery needs nothing more.
func (i inbox) Finish(ctx context.Context, key string) error {
	return i.store.Finish(ctx, i.now(), key)
}

// Unfinished lists what an earlier life took and did not finish.
func (i inbox) Unfinished(ctx context.Context, platform string, before time.Time) ([]chat.Delivery, error) {
	all, err := i.store.Unfinished(ctx, before, maxUnfinished, platform+"/")
	if err != nil {
		return nil, err
	}
	var out []chat.Delivery
	for _, d := range all {
		if d.Source == platform {
			out = append(out, chat.Delivery{Key: d.Key, Body: d.Body, At: d.At})
		}
	}
	return out, nil
}

// sourceOf is the platform in a delivery's key.
func sourceOf(key string) string {
	source, _, _ := strings.Cut(key, "/")
	return source
}
