package slack

import (
	"context"
	"net/http"
	"time"

	"tocsin/bot/chat"
)

// Pace is the pace of calls, for tests.
type Pace struct{ p *pace }

// NewPace makes one.
func NewPace(now func() time.Time) Pace { return Pace{newPace(now)} }

// Admit asks for a call's turn.
func (p Pace) Admit(ctx context.Context, method, room, subject string) error {
	return p.p.admit(ctx, call{method: method, what: "do it", room: room, subject: subject})
}

// Pause holds a method back, or the messages of one room.
func (p Pace) Pause(method, room string, d time.Duration) {
	p.p.pause(call{method: method, room: room}, d)
}

// Wire is what went over the wire in a call, for tests of its judgement.
type Wire struct {
	Status int
	Header http.Header
	Body   string
	Err    error
	Sent   bool // the request was written
	Traced bool // a connection was asked for
}

// Judge says what a call of a method came to.
func Judge(method string, w Wire, now time.Time) error {
	c := &caller{o: Options{Now: func() time.Time { return now }}}
	t := &trip{asked: true, status: w.Status, header: w.Header, body: []byte(w.Body), err: w.Err}
	if t.header == nil {
		t.header = http.Header{}
	}
	t.sent.Store(w.Sent)
	t.traced.Store(w.Traced)
	if f := c.outcome(call{method: method, what: "do it"}, t, w.Err, nil); f != nil {
		return f
	}
	return nil
}

// Code is the code that Slack gave.
func Code(err error) string { return codeOf(err) }

// RoomName is a wished name as Slack takes one.
func RoomName(wish string) string { return roomName(wish, "incident-x") }

// Nth is the nth name to try.
func Nth(name string, n int) string { return nth(name, n) }

// Who says who somebody is.
func (s *Slack) Who(ctx context.Context, id, team string) chat.User { return s.out.who(ctx, id, team) }

// PlaceOf tells of a channel.
func (s *Slack) PlaceOf(ctx context.Context, room string) chat.Place { return s.out.place(ctx, room) }

// SaidAt reads one message.
func (s *Slack) SaidAt(ctx context.Context, room, thread, ts string) (chat.Said, error) {
	return s.out.said(ctx, room, thread, ts)
}

// Me has Slack say who tocsin is.
func (s *Slack) Me(ctx context.Context) (identity, error) { return s.out.me(ctx) }

// Respond answers through a response_url.
func (s *Slack) Respond(ctx context.Context, url string, m chat.Message) error {
	return s.out.respond(ctx, url, draw(m), responding{})
}

// ScopeNames are the scopes that the app asks for.
func ScopeNames() []string {
	var out []string
	for _, s := range scopes() {
		out = append(out, s.Name)
	}
	return out
}

// PrivateRooms are the private channels that tocsin is in.
func (s *Slack) PrivateRooms(ctx context.Context) ([]string, error) { return s.out.privateRooms(ctx) }

// Warm reads the workspace's people.
func (s *Slack) Warm(ctx context.Context) error { return s.out.warm(ctx) }
