package chat

import (
	"context"
	"time"
)

// House is what the running bot hands to each platform.
type House struct {
	Command  string // the slash command's name, "incident"
	Verbs    []Verb
	Handle   Handler
	Sink     Sink
	Complete func(ctx context.Context, r Request) []Suggestion // r.Text is what was typed so far
	Home     func(ctx context.Context, u User) Message         // what waits for this user
	// Opens says, without looking anything up, whether a request would be
	// answered with a form, so that a platform whose forms must be opened at
	// once can open an empty one before it asks.
	Opens func(r Request) bool
	// Captures says whether a reaction puts its message on the timeline;
	// others need not be reported.
	Captures func(emoji string) bool
	// Inbox keeps deliveries that are acknowledged before they are done with.
	Inbox Inbox
	// Missed takes note of a gap in what was reported to Sink; the house reads
	// it back through [Reader]. It returns when that is on record.
	Missed func(ctx context.Context, m Missed) error
	// Listening is called by a platform, every time it listens, as soon as
	// whoever calls the house over HTTP is answered; nil: nobody waits for it.
	Listening func()
}

// Inbox is on record before a platform tells its servers that it has something.
// Its keys are those of requests; the house scrubs bodies before it writes them.
type Inbox interface {
	// Take writes a delivery down; fresh is false when its key is on record.
	Take(ctx context.Context, d Delivery) (fresh bool, err error)
	// Finish says that a delivery needs nothing more.
	Finish(ctx context.Context, key string) error
	// Unfinished lists deliveries of a platform that came before a moment and
	// are not finished, the oldest first: those of a life that ended in between.
	Unfinished(ctx context.Context, platform string, before time.Time) ([]Delivery, error)
}

// Delivery is one thing that a platform's servers handed over.
type Delivery struct {
	Key  string // "platform/workspace/id"
	Body []byte // as it came, at most 64 KiB
	At   time.Time
}

// Verb is one thing people can say, in the shape from which a platform makes
// its registration, completion and help.
type Verb struct {
	Name    string
	Group   string // heading in help
	Summary string // one line
	Args    []Arg
	Example string // "severity sev2 checkout is down for everyone"
	Hidden  bool   // works, but is not listed (an alias)
}

// Arg is one argument of a verb.
type Arg struct {
	Name     string
	Hint     string
	Required bool
	Choices  []string // fixed choices; live ones come from House.Complete
}

// Suggestion is one way to go on typing.
type Suggestion struct{ Text, Hint string }
