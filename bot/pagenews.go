package bot

import (
	"context"
	"strconv"
	"time"

	"tocsin/bot/reactors"
	"tocsin/integrations"
)

// pageNews puts on record what a pager reports by itself: somebody
// acknowledged a page, nobody did. A repeat of the news does nothing.
func (h *House) pageNews(pager string) integrations.PageNews {
	return func(ctx context.Context, r integrations.Receipt) error {
		stream, page, ours := reactors.PageOf(r.Key)
		if !ours {
			return nil // a page that somebody else made through this pager
		}
		if now := h.clock.Now(); r.At.After(now) {
			r.At = now // its clock goes ahead of ours
		}
		news, err := reactors.NewsOf(ctx, h.p.Store, pager, page, r)
		if err != nil {
			return err
		}
		key := keyOf("news", pager, r.Key, string(r.State), strconv.Itoa(r.Level), r.At.UTC().Format(time.RFC3339Nano), r.Whom, r.By, r.Note)
		return h.desk.Record(ctx, stream, key, news)
	}
}
