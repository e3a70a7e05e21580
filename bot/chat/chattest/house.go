package chattest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"tocsin/bot/chat"
)

// command is what the suite's house listens to.
const command = "incident"

// house answers as it is told and remembers what it heard.
type house struct {
	mu       sync.Mutex
	answer   func(chat.Request) chat.Reply
	requests []chat.Request
	said     []chat.Said
	edited   []chat.Edited
	deleted  []chat.Deleted
	reacted  []chat.Reacted
	joined   []chat.Joined
}

func newHouse() *house {
	return &house{answer: func(r chat.Request) chat.Reply {
		return chat.Reply{Message: words("heard " + chat.Shorten(r.Text, 40))}
	}}
}

// House is what the platform is handed.
func (h *house) House() chat.House {
	return chat.House{
		Command: command,
		Verbs:   []chat.Verb{{Name: "take", Group: "People", Summary: "Take a role.", Args: []chat.Arg{{Name: "role"}}, Example: "take commander"}},
		Handle:  h.handle,
		Sink:    h,
		Complete: func(context.Context, chat.Request) []chat.Suggestion {
			return []chat.Suggestion{{Text: "take", Hint: "Take a role."}}
		},
		Home: func(context.Context, chat.User) chat.Message { return words("nothing waits for you") },
	}
}

func (h *house) handle(_ context.Context, r chat.Request) chat.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = append(h.requests, r)
	return h.answer(r)
}

func (h *house) answers(fn func(chat.Request) chat.Reply) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = fn
}

// last is the newest request that was heard.
func (h *house) last(t *testing.T) chat.Request {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.requests) == 0 {
		t.Fatal("the house heard no request")
	}
	return h.requests[len(h.requests)-1]
}

func (h *house) heard() []chat.Request { return copied(h, &h.requests) }

func copied[T any](h *house, from *[]T) []T {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(*from)
}

func heard[T any](h *house, to *[]T, what T) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	*to = append(*to, what)
	return nil
}

// Said, Edited, Deleted, Reacted and Joined are the house's sink.
func (h *house) Said(_ context.Context, m chat.Said) error { return heard(h, &h.said, m) }

// Edited is heard.
func (h *house) Edited(_ context.Context, m chat.Edited) error { return heard(h, &h.edited, m) }

// Deleted is heard.
func (h *house) Deleted(_ context.Context, m chat.Deleted) error { return heard(h, &h.deleted, m) }

// Reacted is heard.
func (h *house) Reacted(_ context.Context, r chat.Reacted) error { return heard(h, &h.reacted, r) }

// Joined is heard.
func (h *house) Joined(_ context.Context, j chat.Joined) error { return heard(h, &h.joined, j) }
