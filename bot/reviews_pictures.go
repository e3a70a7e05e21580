package bot

import (
	"context"

	"tocsin/bot/web"
	"tocsin/incident"
)

// Picture is a kept picture of the review.
func (r *reviews) Picture(ctx context.Context, as incident.PersonID, words, _ string) (web.ReviewPicture, bool, error) {
	_, found, err := r.find(ctx, as, words)
	if err != nil || !found {
		return web.ReviewPicture{}, false, err
	}
	return web.ReviewPicture{}, false, nil
}
