package bot

import (
	"context"

	"tocsin/bot/web"
	"tocsin/incident"
)

// Picture is a kept picture of the review.
func (r *reviews) Picture(ctx context.Context, as incident.PersonID, words, name string) (web.ReviewPicture, bool, error) {
	inc, found, err := r.find(ctx, as, words)
	if err != nil || !found {
		return web.ReviewPicture{}, false, err
	}
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	p, found, err := r.inputs.Picture(within, inc.ID, name)
	if err != nil || !found {
		return web.ReviewPicture{}, false, err
	}
	return web.ReviewPicture{Kind: p.Kind, Bytes: p.Bytes}, true, nil
}
