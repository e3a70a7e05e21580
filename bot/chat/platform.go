package chat

import (
	"context"
	"net/http"
	"time"
)

// Limits says what a platform can carry and how long it waits.
type Limits struct {
	Text     int           // characters in a message, all parts together
	Parts    int           // parts in a message
	Actions  int           // buttons in a message
	Label    int           // characters on a button
	Topic    int           // characters in a topic
	Patience time.Duration // how long it waits for a reply; at least 3 s on every platform known
	Keyed    bool          // it recognises the key of a post it has seen, and answers with the first
}

// Ref finds a posted message again.
type Ref struct {
	Platform string
	Room     string
	ID       string
	Link     string
}

// Post is a message on its way to a room.
type Post struct {
	Key     string // opaque; one key is one message where Limits.Keyed
	Room    string
	Thread  string // id of the message to answer; empty: none
	Only    string // id of the one user who sees it; empty: everybody
	Message Message
}

// Platform is one chat system. Errors are faults: Unavailable when nothing was
// sent, Unknown when it may have been, Rejected when it never will be.
type Platform interface {
	// Name is the platform's name in keys, accounts and rooms: "slack".
	Name() string
	Limits() Limits
	Roles() Roles
	// Listen serves people until ctx ends. mux is the house's public server,
	// for platforms that are called over HTTP.
	Listen(ctx context.Context, mux *http.ServeMux, h House) error
	Post(ctx context.Context, p Post) (Ref, error)
	Edit(ctx context.Context, r Ref, m Message) error
	// Direct finds or opens the conversation with one user alone.
	Direct(ctx context.Context, user string) (room string, err error)
}

// Roles are what only some platforms can do; a nil field is a thing it cannot.
type Roles struct {
	Rooms     Rooms
	Locks     Locks
	Pins      Pins
	Reader    Reader
	Finder    Finder
	Places    Places
	Bookmarks Bookmarks
	Marks     Marks
	Groups    Groups
	Files     Files
	Forms     bool // replies with a Form open it
	Typing    bool // completion while typing
}

// Rooms opens and tends rooms.
type Rooms interface {
	// Open makes the room, or finds the one that was made for the same key.
	Open(ctx context.Context, s RoomSpec) (Place, error)
	Topic(ctx context.Context, room, topic string) error
	Invite(ctx context.Context, room string, users []string) error
	Remove(ctx context.Context, room, user string) error
	Archive(ctx context.Context, room string) error
	Members(ctx context.Context, room string) ([]User, error)
}

// Locks makes a room that is there private, or open to everybody again.
type Locks interface {
	Lock(ctx context.Context, room string, private bool) error
}

// RoomSpec asks for a room.
type RoomSpec struct {
	Key     string // made from the incident's id; recognises a repeat
	Name    string // wished; the platform may have to change it
	Topic   string
	Private bool
	Invite  []string // user ids
	Again   bool     // an earlier try may have made it, perhaps with another name
	Urgent  bool     // goes before others that wait to be opened
}

// Pins pins messages.
type Pins interface {
	Pin(ctx context.Context, r Ref) error
}

// Reader reads a room back, for back-fills.
type Reader interface {
	// Read reads a page of what was said at or after since in a room, or in
	// one thread of it when at has one; threads that were answered since are
	// part of their room. The first page is "", and next is "" after the last.
	// Messages carry what they say now; those of the bot itself are left out.
	Read(ctx context.Context, at Place, since time.Time, page string) (said []Said, next string, err error)
}

// Places looks rooms up.
type Places interface {
	// Place finds a room by its id, or by its name with or without "#".
	// A room that is not there, or that the bot cannot see, is NotFound.
	Place(ctx context.Context, room string) (Place, error)
}

// Bookmarks keeps links at the top of a room (Slack's bookmarks).
type Bookmarks interface {
	// Put adds the link, or changes the one that has this label.
	Put(ctx context.Context, room, label, url string) error
}

// Marks puts reactions of the bot's own on messages.
type Marks interface {
	// Mark reacts with an emoji by its short name ("pushpin"); a second time
	// does nothing.
	Mark(ctx context.Context, r Ref, emoji string) error
}

// Groups names the members of a group of users.
type Groups interface {
	// Group gives user ids of a group by its id, or by its handle with or without "@".
	Group(ctx context.Context, group string) ([]string, error)
}

// Files gives what is attached to messages.
type Files interface {
	// File reads an attachment of a message. One of more than most bytes, and
	// one that is not there any more, is Rejected or NotFound.
	File(ctx context.Context, f File, most int) ([]byte, error)
}

// Finder looks a post up by its key, to settle an unknown outcome.
type Finder interface {
	// Find looks for what was posted as p since a moment; of p its key, its
	// room and its thread are read.
	Find(ctx context.Context, p Post, since time.Time) (r Ref, found bool, err error)
}
