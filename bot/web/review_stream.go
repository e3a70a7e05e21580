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
	l := &reviewLine{w: w, out: http.NewResponseController(w)}
	_ = l.out.SetWriteDeadline(time.Time{}) // a stream outlives the server's limit on writing
	blocks := v.blocks()
	first := news{Head: v.Head, Shape: v.shape()}
	if r.URL.Query().Get("head") != strconv.FormatUint(v.Head, 10) {
		first.Blocks, first.Whole = blocks, true
	}
	if l.send("hello", p.assets.version) != nil || l.send("news", first) != nil {
		return
	}
	for head := v.Head; ; {
		next, err := p.after(r, who, head)
		if r.Context().Err() != nil {
			return
		}
		switch {
		case errors.Is(err, context.DeadlineExceeded) || err == nil && next == head:
			if l.send("beat", "") != nil {
				return
			}
			continue
		case err != nil && fault.KindOf(err) == fault.NotFound:
			_ = l.send("lost", "") // it became private, or was erased
			return
		case err != nil:
			return // the browser asks again
		}
		page, found, err := p.Reviews.Read(r.Context(), who.Person, r.PathValue("id"))
		if err != nil {
			return
		}
		if !found {
			_ = l.send("lost", "") // it became private, or was erased
			return
		}
		v := newView(page)
		fresh := v.blocks()
		n := news{Head: v.Head, Shape: v.shape()}
		n.Blocks, n.Gone = since(blocks, fresh)
		blocks, head = fresh, max(v.Head, next)
		if l.send("news", n) != nil {
			return
		}
	}
}

// after waits for a change, for one beat at most.
func (p *reviewPages) after(r *http.Request, who visitor, head uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(r.Context(), streamBeat)
	defer cancel()
	next, err := p.Reviews.After(ctx, who.Person, r.PathValue("id"), head)
	if err != nil && ctx.Err() != nil {
		return head, context.DeadlineExceeded
	}
	return next, err
}

// reviewLine is one open stream.
type reviewLine struct {
	w   http.ResponseWriter
	out *http.ResponseController
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
