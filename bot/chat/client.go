package chat

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"tocsin/incident/fault"
)

// CallLimit is how long one call of a platform may take.
const CallLimit = 10 * time.Second

// Client is a platform with manners, and is one itself: it fits messages to
// the platform's limits, bounds each call in time, makes a fault of every
// error, and knows which requests still run.
type Client struct {
	platform Platform
	limits   Limits
	running  sync.WaitGroup
}

var _ Platform = (*Client)(nil)

// NewClient wraps a platform.
func NewClient(p Platform) *Client { return &Client{platform: p, limits: p.Limits()} }

// Name is the platform's own.
func (c *Client) Name() string { return c.platform.Name() }

// Limits are the platform's own.
func (c *Client) Limits() Limits { return c.limits }

// Roles are the platform's own, with the client's manners.
func (c *Client) Roles() Roles {
	r := c.platform.Roles()
	if r.Rooms != nil {
		r.Rooms = rooms{c: c, to: r.Rooms}
	}
	if r.Locks != nil {
		r.Locks = locks{c: c, to: r.Locks}
	}
	if r.Pins != nil {
		r.Pins = pins{c: c, to: r.Pins}
	}
	if r.Reader != nil {
		r.Reader = reader{c: c, to: r.Reader}
	}
	if r.Finder != nil {
		r.Finder = finder{c: c, to: r.Finder}
	}
	if r.Places != nil {
		r.Places = places{c: c, to: r.Places}
	}
	if r.Bookmarks != nil {
		r.Bookmarks = bookmarks{c: c, to: r.Bookmarks}
	}
	if r.Marks != nil {
		r.Marks = marks{c: c, to: r.Marks}
	}
	if r.Groups != nil {
		r.Groups = groups{c: c, to: r.Groups}
	}
	if r.Files != nil {
		r.Files = files{c: c, to: r.Files}
	}
	return r
}

// Listen serves people with replies, forms and homes that fit.
func (c *Client) Listen(ctx context.Context, mux *http.ServeMux, h House) error {
	handle, home := h.Handle, h.Home
	h.Handle = func(ctx context.Context, r Request) Reply {
		c.running.Add(1)
		defer c.running.Done()
		return c.FitReply(handle(ctx, r))
	}
	if home != nil {
		h.Home = func(ctx context.Context, u User) Message { return Fit(home(ctx, u), c.limits) }
	}
	return c.platform.Listen(ctx, mux, h)
}

// Wait returns when no request runs any more, or with the context's error.
func (c *Client) Wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		c.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// FitReply gives the reply as the platform can carry it.
func (c *Client) FitReply(r Reply) Reply {
	r.Message = Fit(r.Message, c.limits)
	if r.Form != nil {
		f := FitForm(*r.Form)
		r.Form = &f
	}
	return r
}

// Post says something. Its error is a fault.
func (c *Client) Post(ctx context.Context, p Post) (Ref, error) {
	p.Message = Fit(p.Message, c.limits)
	return call(ctx, c, "post a message", writes, func(ctx context.Context) (Ref, error) {
		return c.platform.Post(ctx, p)
	})
}

// Edit gives a message other words. Its error is a fault.
func (c *Client) Edit(ctx context.Context, r Ref, m Message) error {
	m = Fit(m, c.limits)
	return do(ctx, c, "edit a message", func(ctx context.Context) error {
		return c.platform.Edit(ctx, r, m)
	})
}

// Direct finds or opens the conversation with one user. Its error is a fault.
func (c *Client) Direct(ctx context.Context, user string) (string, error) {
	return call(ctx, c, "open a conversation", writes, func(ctx context.Context) (string, error) {
		return c.platform.Direct(ctx, user)
	})
}

// effect says whether a call changes something at the far side.
type effect bool

const (
	reads  effect = false
	writes effect = true
)

// call bounds a call in time and makes a fault of its error: what is not one
// may have happened when it writes, and has not when it reads.
func call[T any](ctx context.Context, c *Client, what string, e effect, fn func(context.Context) (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		return none, fault.Wrap(fault.Unavailable, err, "There was no time left to "+what+" on "+c.Name()+".")
	}
	ctx, cancel := context.WithTimeout(ctx, CallLimit)
	defer cancel()
	v, err := fn(ctx)
	if err == nil {
		return v, nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return none, err
	}
	if e == writes {
		return none, fault.Wrap(fault.Unknown, err, "Asked "+c.Name()+" to "+what+" and got no answer: it may have happened.")
	}
	return none, fault.Wrap(fault.Unavailable, err, "Could not "+what+" on "+c.Name()+".")
}

// do is a call that changes something and gives nothing.
func do(ctx context.Context, c *Client, what string, fn func(context.Context) error) error {
	_, err := call(ctx, c, what, writes, func(ctx context.Context) (struct{}, error) { return struct{}{}, fn(ctx) })
	return err
}
