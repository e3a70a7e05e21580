package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/store"
)

// Sink takes what platforms report of rooms: it writes the history of
// incidents' rooms, turns a 📌 into a capture, follows edits and deletions of
// what was captured, and makes members of who comes in. Words are scrubbed
// before anything is written down.
type Sink struct {
	index    store.Index
	history  store.History
	people   *People
	door     *Door
	desk     *Desk
	log      store.Log
	ledger   store.Ledger
	handle   chat.Handler
	now      func() time.Time
	owed     func() // wakes the worker
	awake    *awake
	captures func(emoji string) bool
	// records says as what else a reaction puts its message on record: "decision"
	// or "action"; nil: as nothing.
	records func(emoji string) string
}

var _ chat.Sink = (*Sink)(nil)

// where finds the incident of a room. Rooms without one are nobody's business.
func (s *Sink) where(ctx context.Context, p chat.Place) (incident.Stream, bool, error) {
	sum, found, err := incidentOf(ctx, s.index, p.Platform, p.Room, p.Thread)
	if err != nil || !found {
		return "", false, missed(err)
	}
	return sum.ID.Stream(), true, nil
}

// missed says that a report was not taken and must come again.
func missed(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Unavailable, err, "Not recorded: try again.")
}

// Said keeps a message of an incident's room.
func (s *Sink) Said(ctx context.Context, m chat.Said) error {
	stream, found, err := s.where(ctx, m.Place)
	if err != nil || !found {
		return err
	}
	return s.hear(ctx, stream, m)
}

func (s *Sink) hear(ctx context.Context, stream incident.Stream, m chat.Said) error {
	spoken, err := s.spoken(ctx, m)
	if err != nil {
		return missed(err)
	}
	return missed(s.history.Hear(ctx, stream, spoken))
}

func (s *Sink) spoken(ctx context.Context, m chat.Said) (incident.Spoken, error) {
	author, err := s.people.Meet(ctx, m.User)
	if err != nil {
		return incident.Spoken{}, err
	}
	out := incident.Spoken{
		Room: roomOf(m.Place), Message: m.ID, Thread: m.Place.Thread, Author: author.ID, Bot: m.User.Kind == chat.Machine,
		Text: incident.Text{Author: author.ID, Words: cleaned(m.Text)}, At: m.At.UTC(), Link: m.Link,
	}
	for _, f := range m.Files {
		out.Files = append(out.Files, incident.File{Name: cleaned(f.Name), URL: f.URL, Type: f.Type})
	}
	return out, nil
}

// cleaned takes out what must not be kept: credentials, control characters,
// tricks with the direction of writing.
func cleaned(words string) string { return redact.Scrub(incident.Clean(words)) }

func roomOf(p chat.Place) incident.Room {
	return incident.Room{Platform: p.Platform, ID: p.Room, Name: p.Name}
}

// Edited follows new words, in the history and on the timeline.
func (s *Sink) Edited(ctx context.Context, m chat.Edited) error {
	author, err := s.people.Meet(ctx, m.User)
	if err != nil {
		return missed(err)
	}
	text := incident.Text{Author: author.ID, Words: cleaned(m.Text)}
	return s.amend(ctx, m.Place, incident.Spoken{
		Room: roomOf(m.Place), Message: m.ID, Author: author.ID, Text: text, EditedAt: m.At.UTC(),
	})
}

// Deleted follows a deletion, in the history and on the timeline.
func (s *Sink) Deleted(ctx context.Context, m chat.Deleted) error {
	return s.amend(ctx, m.Place, incident.Spoken{Room: roomOf(m.Place), Message: m.ID, DeletedAt: m.At.UTC()})
}

func (s *Sink) amend(ctx context.Context, p chat.Place, m incident.Spoken) error {
	stream, found, err := s.where(ctx, p)
	if err != nil || !found {
		return err
	}
	if err := s.history.Amend(ctx, stream, m); err != nil {
		return missed(err)
	}
	at := incident.MessageRef{Platform: m.Room.Platform, Room: m.Room.ID, ID: m.Message}
	for _, key := range []string{
		incident.CaptureMark(at.Platform, at.Room, at.ID), incident.TakenMark(incident.SuggestDecision, at), incident.TakenMark(incident.SuggestAction, at),
	} {
		mark, on, err := s.log.Mark(ctx, stream, key)
		if err != nil {
			return missed(err)
		}
		if !on {
			continue
		}
		if err := s.follow(ctx, stream, m, mark); err != nil {
			return err
		}
	}
	return nil
}

// follow has an entry of the timeline follow what became of its message.
func (s *Sink) follow(ctx context.Context, stream incident.Stream, m incident.Spoken, mark incident.Mark) error {
	entry, _ := strconv.ParseUint(mark.Value, 10, 64)
	if entry == 0 {
		return nil // a mark without a version points nowhere
	}
	gone := !m.DeletedAt.IsZero()
	at := m.EditedAt
	if gone {
		at = m.DeletedAt
	}
	kind, _, _ := strings.Cut(mark.Key, "/")
	if kind == "capture" { // as it was keyed when there was nothing else to follow
		kind = ""
	}
	meta := incident.Meta{
		Actor: incident.House, Account: "tocsin",
		Key: keyOf("followed", m.Room.Platform, m.Room.ID, m.Message, strconv.FormatBool(gone), at.Format(time.RFC3339Nano)+kind),
	}
	if m.Author != "" {
		meta.Actor = m.Author
	}
	return missed(s.desk.record(ctx, stream, meta, func(inc incident.Incident) ([]incident.Event, error) {
		return inc.FollowCapture(incident.Version(entry), m.Text, gone)
	}))
}

// keyOf makes a short key of parts of any length.
func keyOf(kind string, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = io.WriteString(h, p+"\x00")
	}
	return kind + "/" + hex.EncodeToString(h.Sum(nil)[:16])
}

// pinned is what a platform's own pin is called among the reactions.
const pinned = "pin"

// captures says whether a reaction or a pin puts its message on the timeline.
func (c Config) captures(emoji string) bool {
	if emoji == "📌" {
		emoji = "pushpin"
	}
	return emoji == pinned || slices.ContainsFunc(c.Capture, func(set string) bool { return strings.Trim(set, ":") == emoji })
}

// Reacted captures a message when a 📌 or a pin is put on it, and records it as
// a decision or an action item when it gets the reaction that policy names for
// that. It works once, whoever repeats it, so the key is made from the message
// alone.
func (s *Sink) Reacted(ctx context.Context, r chat.Reacted) error {
	as := ""
	if s.records != nil {
		as = s.records(r.Emoji)
	}
	if as == "" && !s.captures(r.Emoji) || r.Away || r.User.Kind == chat.Machine {
		return nil
	}
	via := "reaction"
	if r.Emoji == pinned {
		via = "pin"
	}
	stream, found, err := s.where(ctx, r.Place)
	if err != nil || !found {
		return err
	}
	on := r.On
	if on.Place.Room == "" {
		on.Place = r.Place
	}
	if err := s.hear(ctx, stream, on); err != nil {
		return err
	}
	key, text := keyOf("capture", r.Place.Platform, r.Place.Room, on.ID), "capture "+on.ID
	if as != "" {
		key, text = keyOf("capture-"+as, r.Place.Platform, r.Place.Room, on.ID), "capture-as "+as+" "+on.ID
	}
	reply := s.handle(ctx, chat.Request{Key: key, User: r.User, Place: r.Place, Text: text, At: r.At, Via: via})
	switch reply.Kind {
	case fault.Unavailable.String(), fault.Unknown.String():
		return fault.New(fault.Unavailable, "Not recorded: try again.")
	}
	return nil // captured, or refused for good: a second person's 📌 changes nothing
}

// Joined makes a member of who comes into an incident's room.
func (s *Sink) Joined(ctx context.Context, j chat.Joined) error {
	if j.Left || j.User.Kind == chat.Machine {
		return nil
	}
	stream, found, err := s.where(ctx, j.Place)
	if err != nil || !found {
		return err
	}
	who, err := s.people.Meet(ctx, j.User)
	if err != nil {
		return missed(err)
	}
	actor := s.door.actor(who, chat.Request{User: j.User, Place: j.Place, At: j.At})
	err = s.desk.record(ctx, stream, incident.Meta{Actor: who.ID, Account: actor.Account, Key: keyOf("joined", j.Key)},
		func(inc incident.Incident) ([]incident.Event, error) { return inc.Join(actor) })
	switch {
	case err == nil:
		return nil
	case fault.KindOf(err) == fault.Unavailable, fault.KindOf(err) == fault.Unknown, fault.KindOf(err) == fault.Internal:
		return missed(err)
	}
	return nil // refused: an ended incident takes no more members
}
