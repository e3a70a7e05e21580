package bot

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"sync"
	"unicode/utf8"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// unconfirmed is the answer when a change may have happened.
const unconfirmed = "I could not confirm this yet; do not repeat it, I am checking."

// notRecorded is the answer when nothing was sent to the store.
func notRecorded(err error) error {
	return fault.Wrap(fault.Unavailable, err, "Not recorded: try again.")
}

// commitFault says what a failed commit means for the request.
func commitFault(err error) error {
	if _, moved := errors.AsType[*store.Moved](err); moved {
		return err
	}
	if _, reused := errors.AsType[*store.Reused](err); reused {
		return reusedFault(err)
	}
	switch fault.KindOf(err) {
	case fault.Unavailable:
		return notRecorded(err)
	case fault.Unknown:
		return fault.Wrap(fault.Unknown, err, unconfirmed)
	case fault.Internal, fault.Invalid, fault.NotFound, fault.Conflict, fault.Forbidden, fault.Rejected:
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fault.Wrap(fault.Unknown, err, unconfirmed)
	}
	return err
}

func reusedFault(err error) error {
	return fault.Wrap(fault.Conflict, err, "This key was used for another request before; nothing was changed. Send a new request with a key of its own.")
}

// asChanged finds a lost race for a value on the shelf.
func asChanged(err error) (*store.Changed, bool) { return errors.AsType[*store.Changed](err) }

// checkPrint compares the fingerprint kept with an outcome with this request's.
func checkPrint(kept, mine string) error {
	if kept != "" && !hmac.Equal([]byte(kept), []byte(mine)) {
		return reusedFault(&store.Reused{})
	}
	return nil
}

// repeated is the reply of an outcome that was there before; the zero reply
// when there was none or it is another request's.
func repeated(met *store.Opened, mine string) chat.Reply {
	if met == nil || checkPrint(met.Print, mine) != nil {
		return chat.Reply{}
	}
	o := *met.Outcome
	o.Repeat = true
	reply, err := replyOf(o)
	if err != nil {
		return chat.Reply{Kind: fault.Internal.String()}
	}
	return reply
}

// given is the reply of a request that was settled now. It is the one that was
// decided on unless its bytes, which every repeat is answered from, say it in
// other letters: broken UTF-8 is mended as they are written.
func given(decided chat.Reply, o store.Outcome) (chat.Reply, error) {
	if o.Repeat || bytes.ContainsRune(o.Reply, utf8.RuneError) {
		return replyOf(o)
	}
	decided.Repeat = false
	return decided, nil
}

// replyOf reads a kept reply back.
func replyOf(o store.Outcome) (chat.Reply, error) {
	if len(o.Reply) == 0 {
		words := "This request was settled before, and its answer has been erased since. Nothing was done anew."
		return chat.Reply{Message: chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(words)}}}, Repeat: true}, nil
	}
	reply, err := chat.DecodeReply(o.Reply)
	if err != nil {
		return chat.Reply{}, fault.Wrap(fault.Internal, err, "It was recorded, but the reply cannot be read back.")
	}
	reply.Repeat = o.Repeat
	return reply, nil
}

// fingerprint is what a repeat must agree with: who, where and what.
func (d *Desk) fingerprint(r chat.Request) string {
	said := make([]byte, 0, 256)
	for _, s := range [...]string{r.User.Platform, r.User.Workspace, r.User.ID, r.Place.Platform, r.Place.Room, r.Place.Thread, r.Text} {
		said = append(append(said, s...), 0)
	}
	if len(r.Form) > 0 {
		for _, name := range slices.Sorted(maps.Keys(r.Form)) {
			said = append(append(said, name...), 0)
			said = append(append(said, r.Form[name]...), 0)
		}
	}
	h := hmac.New(sha256.New, d.salt)
	h.Write(said)
	return base64.RawURLEncoding.EncodeToString(h.Sum(said[:0])[:18])
}

// Met gives the stored reply when the request's key was settled before.
func (d *Desk) Met(ctx context.Context, in commands.Input) (reply chat.Reply, found bool, err error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	o, err := d.o.Log.Open(within, in.Request.Key, personStream(in.Person.ID))
	if err != nil {
		return chat.Reply{}, false, notRecorded(err)
	}
	if o.Outcome == nil {
		return chat.Reply{}, false, nil
	}
	mine := d.fingerprint(in.Request)
	return repeated(&o, mine), true, checkPrint(o.Print, mine)
}

// personStream is the stream of what a person decided about themselves.
func personStream(id incident.PersonID) incident.Stream {
	return incident.Stream("person/" + string(id))
}

// nextNumber is the number that the next declare will try; zero: ask the store.
type nextNumber struct {
	mu sync.Mutex
	n  incident.Number
}

func (n *nextNumber) get() incident.Number {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.n
}

func (n *nextNumber) set(to incident.Number) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.n = to
}

func (n *nextNumber) forget() { n.set(0) }
