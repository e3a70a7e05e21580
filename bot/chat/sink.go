package chat

import (
	"context"
	"time"
)

// Sink is where a platform reports what people do. Each call returns when the
// matter is on record, or with the fault that kept it from being.
type Sink interface {
	Said(ctx context.Context, m Said) error
	Edited(ctx context.Context, m Edited) error
	Deleted(ctx context.Context, m Deleted) error
	Reacted(ctx context.Context, r Reacted) error
	Joined(ctx context.Context, j Joined) error
}

// Missed is a gap in what a platform reported.
type Missed struct {
	Platform string
	Room     string    // empty: every room of the house on this platform
	Since    time.Time // nothing is missing before
}

// Said is a message that somebody wrote in a room (not a command).
type Said struct {
	Key   string // as in Request
	User  User
	Place Place
	ID    string // the platform's own id of the message
	Text  string
	At    time.Time
	Link  string
	Files []File
	// EditedAt is when its words were last changed; only messages that were
	// read back carry it. Zero: never, or not known.
	EditedAt time.Time
}

// File is an attachment, kept as a link.
type File struct{ Name, URL, Type string }

// Edited is a message that got other words.
type Edited struct {
	Key   string
	User  User
	Place Place
	ID    string
	Text  string
	At    time.Time
}

// Deleted is a message that was taken away.
type Deleted struct {
	Key   string
	Place Place
	ID    string
	At    time.Time
}

// Reacted is a reaction or a pin that was put on a message or taken away.
type Reacted struct {
	Key   string
	User  User
	Place Place
	On    Said   // the message, as the platform has it now
	Emoji string // "pushpin"; a pin of the platform is "pin"
	Away  bool
	At    time.Time
}

// Joined is somebody who came into a room or left it.
type Joined struct {
	Key   string
	User  User
	Place Place
	Left  bool
	At    time.Time
}
