package store

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// NumberStream is the stream that [Moved] names when another declare took the
// number: read the next one and decide again.
const NumberStream incident.Stream = "number"

// Commit implements [Log]. It is one batch, whatever the length of the
// streams. A declare that finds its stream there (its key was swept, or it was
// declared under another key of the same words) gives *Moved: the desk then
// opens the stream and answers from it.
func (s *Store) Commit(ctx context.Context, c Commit) (Committed, error) {
	c.Print = strings.ToValidUTF8(c.Print, "?") // as JSON will give it back
	d := draft{store: s, c: &c, score: millis(c.At)}
	if err := d.draw(); err != nil {
		return Committed{}, err
	}
	err := s.d.Apply(ctx, d.batch)
	if m, moved := errors.AsType[*Mismatch](err); moved {
		return s.refused(&c, m)
	}
	if err != nil {
		return Committed{}, err
	}
	return Committed{Outcome: c.Outcome, Tokens: d.tokens}, nil
}

// refused says what the check that failed means. The key's is the first, so a
// repeat is never taken for a conflict.
func (s *Store) refused(c *Commit, m *Mismatch) (Committed, error) {
	switch {
	case m.Index == 0:
		met, err := readOutcome(m.Found)
		if err != nil {
			return Committed{}, damaged(m.Key, err)
		}
		if met.Print != c.Print && !c.Job {
			return Committed{}, &Reused{Key: c.Key}
		}
		return Committed{Outcome: Outcome{Reply: met.reply, At: met.At, Repeat: true}}, nil
	case m.Index <= len(c.Writes):
		return Committed{}, &Moved{Stream: c.Writes[m.Index-1].Stream}
	case m.Key == numberKey:
		return Committed{}, &Moved{Stream: NumberStream}
	case len(c.Writes) > 0: // the room is another's, or a key that goes along was met
		return Committed{}, &Moved{Stream: c.Writes[0].Stream}
	default:
		return Committed{}, &Moved{}
	}
}

// draft is the batch of a commit as it is drawn up.
type draft struct {
	store  *Store
	c      *Commit
	score  int64 // of the commit's moment
	batch  Batch
	tokens []string
}

func (d *draft) check(key string, want []byte) {
	d.batch.Checks = append(d.batch.Checks, Check{Key: key, Want: want})
}

func (d *draft) put(key string, value []byte) {
	d.batch.Ops = append(d.batch.Ops, Op{Kind: OpPut, Key: key, Value: value})
}

func (d *draft) add(set, member string, score int64) {
	d.batch.Ops = append(d.batch.Ops, Op{Kind: OpAdd, Key: set, Member: member, Score: score})
}

func (d *draft) draw() error {
	d.batch.Checks = make([]Check, 0, 2+len(d.c.Writes)+len(d.c.Along))
	d.batch.Ops = make([]Op, 0, 16+2*len(d.c.Along))
	if err := d.outcome(d.c); err != nil {
		return err
	}
	for i := range d.c.Writes {
		w := &d.c.Writes[i]
		v, prev := readHead(w.Token)
		if v != w.Head {
			return fault.New(fault.Internal, "Head %d of %s is not what its token says.", w.Head, w.Stream)
		}
		var token []byte
		if w.Token != "" {
			token = []byte(w.Token)
		}
		d.check(headKey(w.Stream), token)
		next := w.Token
		if len(w.Events) > 0 {
			hash, err := d.events(w, prev)
			if err != nil {
				return err
			}
			next = writeHead(w.Head+incident.Version(len(w.Events)), hash)
			d.put(headKey(w.Stream), []byte(next))
			if err := d.derived(w); err != nil {
				return err
			}
		}
		d.tokens = append(d.tokens, next)
	}
	d.number()
	d.room()
	return d.along()
}

// along settles the requests that share this commit. Their keys are checked
// last: one that was met is told from the commit's own by its place.
func (d *draft) along() error {
	met := map[string]bool{d.c.Key: true}
	for _, a := range d.c.Along {
		if met[a.Key] {
			return fault.New(fault.Internal, "One key stands twice in a commit; nothing was recorded.")
		}
		met[a.Key] = true
		one := Commit{Key: a.Key, Print: strings.ToValidUTF8(a.Print, "?"), Asker: a.Asker, Writes: d.c.Writes, Outcome: a.Outcome}
		if err := d.outcome(&one); err != nil {
			return err
		}
	}
	return nil
}

// room holds a commit to the room by which its incident was found.
func (d *draft) room() {
	if r := d.c.Room; r.ID != "" && len(d.c.Writes) > 0 {
		id, _ := d.c.Writes[0].Stream.Incident()
		d.check(roomKey(r.Platform, r.ID, r.Thread), []byte(id))
	}
}

// outcome keeps a key, and with it the reply.
func (d *draft) outcome(c *Commit) error {
	if c.Key == "" {
		return fault.New(fault.Internal, "A commit without a key cannot be told from its repeat; nothing was recorded.")
	}
	row := outcomeRow{Print: c.Print, At: c.Outcome.At, Asker: c.Asker, Job: c.Job}
	if !c.Job {
		row.reply = c.Outcome.Reply
		for _, w := range c.Writes {
			row.Streams = append(row.Streams, w.Stream)
		}
	}
	raw, err := row.bytes()
	if err != nil {
		return err
	}
	key := outcomeKey(c)
	d.check(key, nil)
	d.put(key, raw)
	if !c.Job {
		d.add(expireSet, key, d.score+keepOutcome.Milliseconds())
	}
	return nil
}

// events appends the entries, their words and their places on the feed.
func (d *draft) events(w *Write, prev string) (hash string, err error) {
	for i, r := range w.Events {
		if r.Version != w.Head+incident.Version(i)+1 || r.Stream != w.Stream {
			return "", fault.New(fault.Internal, "Event %d of %s does not follow head %d.", r.Version, r.Stream, w.Head)
		}
		var rows []besides
		if r.Event, rows, err = d.store.setAside(w.Stream, r.Event); err != nil {
			return "", err
		}
		r.Prev = prev
		entry, err := d.store.codec.Encode(r)
		if err != nil {
			return "", err
		}
		prev = link(entry)
		d.batch.Ops = append(d.batch.Ops, Op{Kind: OpAppend, Key: string(w.Stream), Score: int64(r.Version), Value: entry})
		d.add(feedSet, feedMember(w.Stream, r.Version), millis(r.Recorded))
		if err := d.words(rows); err != nil {
			return "", err
		}
	}
	return prev, nil
}

func (d *draft) words(rows []besides) error {
	for _, b := range rows {
		raw, err := json.Marshal(b.row)
		if err != nil {
			return damaged(b.key, err)
		}
		d.put(b.key, raw)
		if b.row.Author != "" && b.row.Author != incident.House {
			d.add(authorSet(b.row.Author), b.key, d.score)
		}
	}
	return nil
}

// derived is what follows from the events: state, summary, look-ups, marks,
// and the jobs that waited for this stream to grow.
func (d *draft) derived(w *Write) error {
	for _, m := range w.Marks {
		d.mark(w.Stream, m)
	}
	d.batch.Ops = append(d.batch.Ops, Op{Kind: OpMove, Key: waitsSet(w.Stream), Member: wokenSet, Score: d.score})
	id, ok := w.Stream.Incident()
	if !ok {
		return nil
	}
	if w.After.ID != id || (w.Head > 0) != (w.Before.ID == id) {
		return fault.New(fault.Internal, "The states handed in are not those of %s; nothing was recorded.", w.Stream)
	}
	state, err := kept(&w.After)
	if err != nil {
		return err
	}
	d.put(stateKey(w.Stream), state)
	sum := w.After.Summary()
	row, err := kept(&sum)
	if err != nil {
		return err
	}
	d.put(summaryKey(id), row)
	d.batch.Ops = indexOps(d.batch.Ops, &w.Before, &w.After, &sum)
	return nil
}

func (d *draft) mark(stream incident.Stream, m incident.Mark) {
	kind := kindOf(m.Key)
	key := markKey(stream, m.Key)
	member := key[len("mk/"+string(stream)+"/"):]
	if m.Delete {
		d.batch.Ops = append(d.batch.Ops, Op{Kind: OpDelete, Key: key},
			Op{Kind: OpRemove, Key: markSet(stream, kind), Member: member})
		return
	}
	d.put(key, markRow(m))
	d.add(markSet(stream, kind), member, 0)
	d.add(kindSet(stream), part(kind), 0)
}

// number takes the number that a declare expects.
func (d *draft) number() {
	if d.c.Number <= 0 {
		return
	}
	var before []byte
	if d.c.Number > 1 {
		before = []byte(strconv.Itoa(int(d.c.Number) - 1))
	}
	d.check(numberKey, before)
	d.put(numberKey, []byte(strconv.Itoa(int(d.c.Number))))
}
