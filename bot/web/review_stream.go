package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"tocsin/incident/fault"
)

// The stream's rhythm: a beat tells a browser that we are there, and a write
// that takes longer than streamWrite ends the stream.
const (
	streamBeat  = 15 * time.Second
	streamWrite = 20 * time.Second
)

// stream sends what changes of a review, as long as the browser listens. It
// begins with the whole page, unless the browser stands there already.
func (p *reviewPages) stream(w http.ResponseWriter, r *http.Request, who visitor) {
	v, ok := p.read(w, r, who)
	if !ok {
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	l := &reviewLine{p: p, r: r, who: who, w: w, out: http.NewResponseController(w), head: v.Head, blocks: v.blocks()}
	_ = l.out.SetWriteDeadline(time.Time{}) // a stream outlives the server's limit on writing
	first := news{Head: v.Head, Shape: v.shape()}
	if r.URL.Query().Get("head") != strconv.FormatUint(v.Head, 10) {
		first.Blocks, first.Whole = l.blocks, true
	}
	err := l.send("hello", p.assets.version)
	if err == nil {
		err = l.send("news", first)
	}
	for err == nil {
		err = l.next() // a browser that was cut off asks again
	}
}

// reviewLine is one open stream: where its reader stands.
type reviewLine struct {
	p      *reviewPages
	r      *http.Request
	who    visitor
	w      http.ResponseWriter
	out    *http.ResponseController
	head   uint64
	blocks []block
}

// errLost ends a stream whose review is not there any more for its reader: it
// became private, or was erased.
var errLost = errors.New("the review is not there any more")

// next waits for one change, or one beat, and sends it.
func (l *reviewLine) next() error {
	ctx, cancel := context.WithTimeout(l.r.Context(), streamBeat)
	defer cancel()
	next, err := l.p.Reviews.After(ctx, l.who.Person, l.r.PathValue("id"), l.head)
	switch {
	case l.r.Context().Err() != nil:
		return l.r.Context().Err()
	case ctx.Err() != nil && err != nil, err == nil && next == l.head:
		return l.send("beat", "")
	case err != nil && fault.KindOf(err) == fault.NotFound:
		return errors.Join(l.send("lost", ""), errLost)
	case err != nil:
		return err
	}
	page, found, err := l.p.Reviews.Read(l.r.Context(), l.who.Person, l.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !found {
		return errors.Join(l.send("lost", ""), errLost)
	}
	v := newView(page)
	fresh := v.blocks()
	n := news{Head: v.Head, Shape: v.shape()}
	n.Blocks, n.Gone = since(l.blocks, fresh)
	l.blocks, l.head = fresh, max(v.Head, next)
	return l.send("news", n)
}

// send writes one event, its data as JSON on one line.
func (l *reviewLine) send(event string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("write an event: %w", err)
	}
	tooLong := time.AfterFunc(streamWrite, func() { _ = l.out.SetWriteDeadline(time.Unix(1, 0)) }) // ends the write
	defer tooLong.Stop()
	if _, err := fmt.Fprintf(l.w, "event: %s\ndata: %s\n\n", event, b); err != nil {
		return fmt.Errorf("write to a browser: %w", err)
	}
	return l.out.Flush()
}
