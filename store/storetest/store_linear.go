package storetest

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/anishathalye/porcupine"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// asked and answered are one commit or one reading, as a client saw it.
type asked struct {
	read bool
	key  string
	head int // expected by the commit
}

type answered struct {
	what string // "done", "moved", "repeat", "lost"; of a reading: the keys
}

// streamModel is what a stream must look like to everybody at once: a list of
// keys that grows by a commit at its very head, once for each key.
func streamModel() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return "" },
		Step: func(state, input, output any) (bool, any) {
			keys, in, out := state.(string), input.(asked), output.(answered)
			if in.read {
				return out.what == keys, keys
			}
			known := strings.Contains(keys+" ", " "+in.key+" ")
			at := strings.Count(keys, " ") == in.head
			switch out.what {
			case "repeat":
				return known, keys
			case "moved":
				return !known && !at, keys
			case "done":
				return !known && at, keys + " " + in.key
			default: // lost: it happened or it did not
				if known || !at {
					return true, keys
				}
				return true, keys + " " + in.key
			}
		},
	}
}

func linearTests() []storeTest {
	return []storeTest{
		{"commits look as if one came after the other", func(t *testing.T, h *house) { linear(t, h, 0) }},
		{"also when replies are lost", func(t *testing.T, h *house) { linear(t, h, 12) }},
	}
}

// client is one of those who write and read at the same time.
type client struct {
	n     int
	s     *store.Store
	clock *atomic.Int64
	ops   []porcupine.Operation
}

func linear(t *testing.T, h *house, losses int32) {
	d := &lossy{Driver: h.Driver()}
	d.lose.Store(losses)
	var clock atomic.Int64
	clients := make([]*client, 6)
	var crowd sync.WaitGroup
	for i := range clients {
		clients[i] = &client{n: i, s: store.New(d, store.Options{}), clock: &clock}
		crowd.Go(func() { clients[i].live(t, h) })
	}
	crowd.Wait()
	var history []porcupine.Operation
	for _, c := range clients {
		history = append(history, c.ops...)
	}
	if !porcupine.CheckOperations(streamModel(), history) {
		t.Errorf("no order of these explains what everybody saw:\n%+v", history)
	}
}

const contested = incident.Stream("audience/everybody")

func (c *client) live(t *testing.T, h *house) {
	for i := range 12 {
		o, err := c.s.Open(t.Context(), "", contested)
		if err != nil {
			t.Error(err)
			return
		}
		key := fmt.Sprintf("c%d-%d", c.n, i/2) // each key is tried twice
		c.do(asked{key: key, head: int(o.Head)}, func() answered {
			meta := incident.Meta{Recorded: h.at, Actor: ann, Key: key}
			done, err := c.s.Commit(t.Context(), store.Commit{Key: key, At: h.at, Writes: []store.Write{{
				Stream: contested, Head: o.Head, Token: o.Token,
				Events: incident.Record(contested, o.Head, meta, []incident.Event{incident.ZoneSet{Zone: key}}),
			}}})
			if err == nil && done.Outcome.Repeat {
				return answered{what: "repeat"}
			}
			return answerTo(t, err)
		})
		c.do(asked{read: true}, func() answered {
			recs, err := c.s.Load(t.Context(), contested, 0, 0)
			if err != nil {
				t.Error(err)
			}
			keys := ""
			for _, r := range recs {
				keys += " " + r.Key
			}
			return answered{what: keys}
		})
	}
}

func answerTo(t *testing.T, err error) answered {
	_, moved := errors.AsType[*store.Moved](err)
	switch {
	case err == nil:
		return answered{what: "done"}
	case moved:
		return answered{what: "moved"}
	case fault.KindOf(err) == fault.Unknown:
		return answered{what: "lost"}
	}
	t.Error(err)
	return answered{what: "lost"}
}

func (c *client) do(in asked, call func() answered) {
	op := porcupine.Operation{ClientId: c.n, Input: in, Call: c.clock.Add(1)}
	out := call()
	op.Output, op.Return = out, c.clock.Add(1)
	if out.what == "lost" {
		op.Return = math.MaxInt64
	}
	c.ops = append(c.ops, op)
}
