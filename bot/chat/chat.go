// Package chat is talk without a platform: what people send (requests, forms,
// messages), what they get (messages, replies), and what a platform must do to
// carry both.
//
// It must not know incidents, commands, stores or any vendor: it imports the
// standard library and fault.
//
// The one idea: messages are trees of plain values, never markup. Words from
// outside stand in [Plain] spans, so no text can ping anybody, break a layout
// or forge a link; each platform escapes once, where it draws.
//
// Guarantees: a [Request]'s key is the same for every retry of the same
// gesture; [Platform] is small, and what only some platforms can do stands in
// [Roles], one value that a wrapper cannot hide.
package chat

import (
	"context"
	"net/http"
	"time"
)

// User is who sent something, as the platform that signed it knows them.
type User struct {
	Platform  string
	Workspace string
	ID        string
	Name      string // display name; may be empty
	Email     string // only when the platform vouches for it
	Zone      string // IANA; empty: not known
	Kind      UserKind
}

// UserKind is how a user stands to the workspace.
type UserKind int

// The kinds of user. What could not be looked up is a Member.
const (
	Member UserKind = iota
	Guest
	Outsider
	Machine
)

// Place is where something is said: a room, perhaps a thread in it. Direct
// says that it is a conversation with the bot alone.
type Place struct {
	Platform string
	Room     string // the platform's own id
	Name     string // without "#"; may be empty
	Thread   string
	Direct   bool
	Shared   bool // other organisations read it
}

// Request is one command as a person sent it: typed, mentioned, pressed as a
// button or submitted as a form.
type Request struct {
	Key   string // source/workspace/the platform's own id of the gesture
	User  User
	Place Place
	Text  string            // the words after the command's own name
	Form  map[string]string // values of a submitted form by field name; nil: no form
	Seen  uint64            // version of the incident the button or form was drawn from; 0: typed
	At    time.Time
	Via   string // "command", "mention", "button", "form", "reaction", "pin", "api"
}

// Reply answers the person who asked.
type Reply struct {
	Message  Message
	Public   bool   // everybody in the place sees it; else the asker alone
	Form     *Form  // open this form instead of, or beside, the message
	Kind     string // "" for an answer; else the name of a fault kind
	Incident string // "INC-142" when it is about one
	Repeat   bool   // it was given before, and nothing was done anew
}

// Handler runs a request to its reply. It never fails: an error is a reply
// with a kind. It gives an outcome only after the commit.
type Handler func(ctx context.Context, r Request) Reply

// Message is what to say, in parts that every platform can draw.
type Message struct {
	Title   []Span
	Tone    Tone
	Parts   []Part
	Actions []Action
	Summary string // one plain line for notifications and screen readers; empty: the first words
}

// Tone colours a message. Platforms without colours leave it out.
type Tone string

// The tones.
const (
	Neutral Tone = ""
	Sev1    Tone = "sev1"
	Sev2    Tone = "sev2"
	Sev3    Tone = "sev3"
	Sev4    Tone = "sev4"
	Sev5    Tone = "sev5"
	Good    Tone = "good"
	Bad     Tone = "bad"
	Quiet   Tone = "quiet" // done with, or a drill
)

// Part is one piece of a message. The set is closed.
//
//sumtype:decl
type Part interface{ isPart() }

// Text is a paragraph.
type Text []Span

// Fields are short pairs of a label and a value.
type Fields []Field

// Field is one pair.
type Field struct {
	Label string
	Value []Span
}

// List is a list of lines.
type List [][]Span

// Quote is what somebody said.
type Quote []Span

// Small is a line that may be small and grey.
type Small []Span

// Pre is text in fixed width, drawn as it is.
type Pre string

// Divider is a line between parts.
type Divider struct{}

// Buttons are actions that stand between parts, for one entry of a list.
type Buttons []Action

func (Text) isPart()    {}
func (Fields) isPart()  {}
func (List) isPart()    {}
func (Quote) isPart()   {}
func (Small) isPart()   {}
func (Pre) isPart()     {}
func (Divider) isPart() {}
func (Buttons) isPart() {}

// Span is a run of words. The set is closed.
//
//sumtype:decl
type Span interface{ isSpan() }

// Plain is words, drawn as they are; a platform escapes them.
type Plain string

// Strong is words that matter.
type Strong string

// Struck is words that were struck out.
type Struck string

// Code is a short piece in fixed width, such as a command to type.
type Code string

// Link is a link with a label; an unsafe URL (not http, https or mailto) is drawn as text.
type Link struct{ Label, URL string }

// Mention names a person. With Ping they are notified; without, or without an
// account on the platform, the name alone is drawn.
type Mention struct {
	User string // the platform's id; empty: not on this platform
	Name string
	Ping bool
}

// RoomLink names a room.
type RoomLink struct{ Room, Name string }

// When is a moment, drawn in each reader's own zone.
type When struct {
	At    time.Time
	Style TimeStyle
	Zone  string // IANA zone of the asker, for platforms and places that draw one text for all
}

// TimeStyle says how much of a moment is drawn.
type TimeStyle string

// The styles.
const (
	Clock    TimeStyle = "clock" // 14:05
	DateTime TimeStyle = "date"  // Wed 25 Nov 14:05
	Relative TimeStyle = "ago"   // 4 min ago, in 20 min
)

func (Plain) isSpan()    {}
func (Strong) isSpan()   {}
func (Struck) isSpan()   {}
func (Code) isSpan()     {}
func (Link) isSpan()     {}
func (Mention) isSpan()  {}
func (RoomLink) isSpan() {}
func (When) isSpan()     {}

// Action is a button. Pressing it sends Command as a [Request] with the
// presser as user; its rights are those of the command.
type Action struct {
	Label   string
	Command string // e.g. "take INC-142 commander"
	Seen    uint64 // goes into Request.Seen
	Style   Style
	Confirm string // asked before it is sent; empty: sent at once
	URL     string // opens a link instead; Command is empty then
}

// Style is how loud a button is.
type Style string

// The styles.
const (
	Normal  Style = ""
	Primary Style = "primary"
	Danger  Style = "danger"
)

// Form asks for several values at once. Submitting it sends Command as a
// [Request] with the values in Form.
type Form struct {
	Title   string
	Intro   []Span
	Fields  []Input
	Submit  string // label of the button
	Command string
	Seen    uint64
}

// Input is one field of a form.
type Input struct {
	Name        string
	Label       string
	Hint        string
	Kind        InputKind
	Value       string // what stands there when it opens
	Choices     []Choice
	Required    bool
	MaxLength   int
	Placeholder string
}

// InputKind is what a field of a form takes.
type InputKind string

// The kinds of field.
const (
	Line    InputKind = "line"
	Area    InputKind = "area"
	Select  InputKind = "select"
	Person  InputKind = "person"
	Checked InputKind = "checked" // "yes" or ""
)

// Choice is one value of a select.
type Choice struct{ Value, Label string }

// Sink is where a platform reports what people do. Each call returns when the
// matter is on record, or with the fault that kept it from being.
type Sink interface {
	Said(ctx context.Context, m Said) error
	Edited(ctx context.Context, m Edited) error
	Deleted(ctx context.Context, m Deleted) error
	Reacted(ctx context.Context, r Reacted) error
	Joined(ctx context.Context, j Joined) error
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

// House is what the running bot hands to each platform.
type House struct {
	Command  string // the slash command's name, "incident"
	Verbs    []Verb
	Handle   Handler
	Sink     Sink
	Complete func(ctx context.Context, r Request) []Suggestion // r.Text is what was typed so far
	Home     func(ctx context.Context, u User) Message         // what waits for this user
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
	Rooms  Rooms
	Pins   Pins
	Reader Reader
	Finder Finder
	Forms  bool // replies with a Form open it
	Typing bool // completion while typing
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

// RoomSpec asks for a room.
type RoomSpec struct {
	Key     string // made from the incident's id; recognises a repeat
	Name    string // wished; the platform may have to change it
	Topic   string
	Private bool
	Invite  []string // user ids
}

// Pins pins messages.
type Pins interface {
	Pin(ctx context.Context, r Ref) error
}

// Reader reads a room back, oldest first, for back-fills.
type Reader interface {
	Read(ctx context.Context, room, after string, limit int) ([]Said, error)
}

// Finder looks a post up by its key, to settle an unknown outcome.
type Finder interface {
	Find(ctx context.Context, room, key string, since time.Time) (r Ref, found bool, err error)
}
