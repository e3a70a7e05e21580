package store

import (
	"context"
	"io"
	"iter"
	"time"

	"tocsin/incident"
)

// Talk keeps the console's rooms and messages, so that every replica serves
// the same console.
type Talk interface {
	// PutRoom makes or changes a room by its id.
	PutRoom(ctx context.Context, r TalkRoom) (TalkRoom, error)
	TalkRooms(ctx context.Context) ([]TalkRoom, error)
	// ChangeRoom rewrites a room through fn, which may run again; a room that
	// is not there is NotFound.
	ChangeRoom(ctx context.Context, id string, fn func(*TalkRoom)) (TalkRoom, error)
	// Say adds a message. A Key that the room has seen gives the first
	// message and made=false. It gives the message its id.
	Say(ctx context.Context, m TalkMessage) (said TalkMessage, made bool, err error)
	// Change rewrites a message by room and id through fn (edit, react, pin, delete).
	Change(ctx context.Context, room, id string, fn func(*TalkMessage)) (TalkMessage, error)
	// Messages reads a room's newest messages with ids below before (empty:
	// from the newest), oldest first.
	TalkMessages(ctx context.Context, room, before string, limit int) ([]TalkMessage, error)
	// Changes reads what changed after a position, in order, and the new
	// position. After -1 it reads nothing and gives the newest position.
	Changes(ctx context.Context, after int64, limit int) (c []TalkChange, position int64, err error)
}

// TalkRoom is a room of the console.
type TalkRoom struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Topic    string            `json:"topic,omitempty"`
	Key      string            `json:"key,omitempty"` // the key it was opened with
	Private  bool              `json:"private,omitempty"`
	Direct   bool              `json:"direct,omitempty"`
	Archived bool              `json:"archived,omitempty"`
	Members  []string          `json:"members,omitempty"`
	Pinned   []string          `json:"pinned,omitempty"` // message ids
	Read     map[string]string `json:"read,omitempty"`   // user -> newest message id read
	Newest   string            `json:"newest,omitempty"` // id of the newest message
	Made     time.Time         `json:"made"`
}

// TalkMessage is a message of the console. Its ids rise within a room and
// sort as strings.
type TalkMessage struct {
	Room      string              `json:"room"`
	ID        string              `json:"id"`
	Key       string              `json:"key,omitempty"`
	Thread    string              `json:"thread,omitempty"`
	User      string              `json:"user"` // "" for the bot
	Only      string              `json:"only,omitempty"`
	Text      string              `json:"text,omitempty"`
	Body      []byte              `json:"body,omitempty"` // a drawn message, as the console encodes it
	At        time.Time           `json:"at"`
	EditedAt  time.Time           `json:"edited_at,omitzero"`
	Deleted   bool                `json:"deleted,omitempty"`
	Reactions map[string][]string `json:"reactions,omitempty"` // emoji -> users
	Replies   int                 `json:"replies,omitempty"`   // messages in its thread
	Replied   string              `json:"replied,omitempty"`   // id of the newest of them
}

// TalkChange is one thing that changed in the console.
type TalkChange struct {
	Position int64
	Room     *TalkRoom
	Message  *TalkMessage
}

// Shelf keeps small facts of the installation that are no events: a practice
// pager's pages, a reactor's first start, the last policy seen.
type Shelf interface {
	Fetch(ctx context.Context, key string) ([]byte, error) // nil: not there
	// Keep sets a value; old must be what stands there (nil: nothing), else *Changed.
	Keep(ctx context.Context, key string, old, value []byte) error
	// Listed reads keys that start with prefix, in order.
	Listed(ctx context.Context, prefix string) ([]string, error)
}

// Changed says that a shelf's value was not what the caller thought.
type Changed struct{ Key string }

// Error implements error.
func (c *Changed) Error() string { return "value of " + c.Key + " has changed" }

// Vault is what operators need of a store.
type Vault interface {
	// Dump writes everything as a logical dump, one JSON line a row, closed by a hash.
	Dump(ctx context.Context, w io.Writer) (rows int, err error)
	// Restore reads a dump into an empty store; the hash is verified before
	// the first row is written. Pages older than 15 min are parked, not sent,
	// and the moment is kept on the shelf under [RestoredKey].
	Restore(ctx context.Context, now time.Time, r io.ReadSeeker) (rows int, err error)
	// Rows yields everything kept, for copies.
	Rows(ctx context.Context) iter.Seq2[Row, error]
	// Erase removes words, their search words, history and outcomes: of a
	// person everywhere, or of one incident.
	Erase(ctx context.Context, now time.Time, e Erasure) (texts int, err error)
	// Sweep removes outcomes, inbox keys and edits of messages that never came,
	// past their time. How long history is kept is policy: see History.Forget.
	Sweep(ctx context.Context, now time.Time) (removed int, err error)
	// Verify walks a stream's hash chain and says at which version it breaks; 0: whole.
	Verify(ctx context.Context, s incident.Stream) (broken incident.Version, err error)
}

// Erasure says whose words go.
type Erasure struct {
	Person incident.PersonID // everywhere
	Stream incident.Stream   // everybody's, in one stream
}
