package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/store"
)

// How far back a declare looks for what it is like, and for how long.
const (
	likeAmong  = 100
	likeWithin = 300 * time.Millisecond
)

// resembling finds up to two open incidents that a declare may be about, and
// where there are none, the newest one that is over and looks like it. A store
// that cannot answer, or not at once, must not keep anybody from declaring.
func (c *Call) resembling(ctx context.Context, d incident.Declaration) (alike, like []incident.Summary) {
	if d.Past || d.Drill {
		return nil, nil
	}
	open, err := c.Ports.Look.List(ctx, c.Input, store.Filter{As: c.Actor.Person, OnlyOpen: true, Limit: 50})
	if err != nil {
		return nil, nil
	}
	for _, s := range open {
		if len(alike) < 2 && s.Private == d.Private && !s.RecordOnly && len(incident.Alike([]incident.Summary{s}, d.Title, d.Services, 1)) > 0 {
			alike = append(alike, s)
		}
	}
	if len(alike) > 0 {
		return alike, nil
	}
	return nil, c.over(ctx, d)
}

// over finds the newest incident that is over and looks like a declare.
func (c *Call) over(ctx context.Context, d incident.Declaration) []incident.Summary {
	within, cancel := context.WithTimeout(ctx, likeWithin)
	defer cancel()
	all, err := c.Ports.Look.List(within, c.Input, store.Filter{As: c.Actor.Person, Limit: likeAmong})
	if err != nil {
		return nil
	}
	all = slices.DeleteFunc(slices.Clone(all), func(s incident.Summary) bool { return s.Status.Open() || s.Private && !d.Private })
	for _, l := range incident.Alike(all, d.Title, d.Services, likeAmong) {
		if l.Strong {
			return []incident.Summary{l.Summary}
		}
	}
	return nil
}

// lookedLike adds one quiet line to the reply to a declare.
func (*Call) lookedLike(r chat.Reply, v say.Voice, like []incident.Summary) chat.Reply {
	for _, s := range like {
		r.Message.Parts = append(r.Message.Parts, chat.Small(append([]chat.Span{chat.Plain("Looks like ")}, say.ListLine(s, v)...)))
	}
	return r
}

// sharesService says that two incidents touch the same service.
func sharesService(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return strings.EqualFold(x, y) })
	})
}
