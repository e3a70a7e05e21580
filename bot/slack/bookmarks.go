package slack

import (
	"context"
	"slices"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// bookmarks keeps links at the top of channels. Slack knows no key for them:
// one is recognised by its title.
type bookmarks struct{ c *caller }

// Limits of a bookmark.
const (
	bookmarkTitle = 256
	bookmarkLink  = 2048
	linksFresh    = time.Minute // how long the list of a room is taken for true
)

// shelves lets one at a time change the bookmarks of a channel: Slack refuses
// two at once, and two at once would both find that the title is not there.
type shelves struct {
	mu   sync.Mutex
	busy map[string]*shelf
}

// shelf holds one token; used counts who has it or waits for it.
type shelf struct {
	turn chan struct{}
	used int
}

// take waits for the shelf of a room.
func (s *shelves) take(ctx context.Context, room string) (leave func(), err error) {
	s.mu.Lock()
	if s.busy == nil {
		s.busy = make(map[string]*shelf)
	}
	b := s.busy[room]
	if b == nil {
		b = &shelf{turn: make(chan struct{}, 1)}
		s.busy[room] = b
	}
	b.used++
	s.mu.Unlock()
	done := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if b.used--; b.used == 0 {
			delete(s.busy, room)
		}
	}
	select {
	case b.turn <- struct{}{}:
		return func() { <-b.turn; done() }, nil
	case <-ctx.Done():
		done()
		return nil, fault.Wrap(fault.Unavailable, ctx.Err(), "Other links of the room were being changed; this one was not.")
	}
}

type bookmark struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Link  string `json:"link"`
}

// Put adds a link, or changes the one with this label.
func (b bookmarks) Put(ctx context.Context, room, label, url string) error {
	label = chat.Shorten(chat.CleanLine(label), bookmarkTitle)
	if label == "" || !chat.SafeURL(url) || len(url) > bookmarkLink {
		return fault.New(fault.Rejected, "The link %q is none that Slack keeps at the top of a room.", label)
	}
	leave, err := b.c.shelves.take(ctx, room)
	if err != nil {
		return err
	}
	defer leave()
	err = b.put(ctx, room, label, url)
	if err != nil {
		b.c.links.drop(room)
	}
	return err
}

func (b bookmarks) put(ctx context.Context, room, label, url string) error {
	have, fresh := b.c.links.peekFresh(room)
	if !fresh {
		var err error
		if have, err = b.list(ctx, room); err != nil {
			return err
		}
	}
	i := slices.IndexFunc(have, func(h bookmark) bool { return h.Title == label })
	if i >= 0 && have[i].Link == url {
		b.c.links.put(room, have)
		return nil
	}
	if i >= 0 {
		err := b.edit(ctx, room, have[i].ID, slackapi.EditBookmarkParameters{Title: &label, Link: url})
		if codeOf(err) != "not_found" {
			have = slices.Clone(have)
			have[i].Link = url
			b.c.links.put(room, have)
			return err
		}
		have = slices.Delete(slices.Clone(have), i, i+1) // somebody took it away meanwhile
	}
	added, err := b.add(ctx, room, label, url)
	if err == nil {
		b.c.links.put(room, append(slices.Clone(have), added))
	}
	return err
}

func (b bookmarks) add(ctx context.Context, room, label, url string) (bookmark, error) {
	var out struct {
		Bookmark bookmark `json:"bookmark"`
	}
	k := call{method: "bookmarks.add", what: "keep a link at the top of the room", subject: room + label}
	err := b.c.do(ctx, k, func(ctx context.Context) error {
		_, err := b.c.api.AddBookmarkContext(ctx, room, slackapi.AddBookmarkParameters{Title: label, Type: "link", Link: url})
		return err
	}, &out)
	out.Bookmark.Title, out.Bookmark.Link = label, url
	return out.Bookmark, err
}

func (b bookmarks) list(ctx context.Context, room string) ([]bookmark, error) {
	var out struct {
		Bookmarks []bookmark `json:"bookmarks"`
	}
	k := call{method: "bookmarks.list", what: "list the links of the room", subject: room}
	err := b.c.do(ctx, k, func(ctx context.Context) error {
		_, err := b.c.api.ListBookmarksContext(ctx, room)
		return err
	}, &out)
	return out.Bookmarks, err
}

func (b bookmarks) edit(ctx context.Context, room, id string, p slackapi.EditBookmarkParameters) error {
	k := call{method: "bookmarks.edit", what: "change a link of the room", subject: room + id}
	return b.c.do(ctx, k, func(ctx context.Context) error {
		_, err := b.c.api.EditBookmarkContext(ctx, room, id, p)
		return err
	}, nil)
}
