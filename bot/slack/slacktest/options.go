package slacktest

import (
	"net/http"
	"time"
)

// Options is what a fake Slack is made of. The zero value is a workspace with
// an app that has every scope and hears every event.
type Options struct {
	Now   func() time.Time                     // nil: the machine's clock
	After func(time.Duration) <-chan time.Time // waits; nil: time.After

	Team       string // id; default T0TOCSIN
	TeamName   string // default Acme
	Domain     string // default acme
	Enterprise string // id of the organisation; empty: none
	OrgWide    bool   // the app is installed for the whole organisation: methods want team_id

	BotToken      string // default xoxb-fake
	AppToken      string // default xapp-fake
	SigningSecret string // default secret-of-the-fake
	Command       string // default /incident
	BotName       string // default tocsin

	Scopes []string // granted to the bot; nil: AllScopes()
	Events []string // subscribed, as a manifest names them ("message.channels"); nil: AllEvents()

	// Hook takes deliveries as signed POSTs; nil: they go through sockets.
	// See [Fake.SetHook], [ToHandler] and [ToURL].
	Hook Hook
	// Limits switches Slack's rate limits on.
	Limits bool
	// Patience is how long an acknowledgement is waited for; default 3 s.
	Patience time.Duration
}

// Hook carries one signed POST to the app and gives its answer.
type Hook func(*http.Request) (*http.Response, error)

// User is a person or a bot. The zero value of all but Name is made up.
type User struct {
	ID       string
	Name     string // handle: "ann"
	RealName string
	Display  string // the name that they chose; default Name
	Email    string
	Zone     string // IANA; default Europe/Amsterdam
	Team     string // default the workspace; another: a user of that team
	Guest    bool   // is_restricted
	OneRoom  bool   // is_ultra_restricted as well
	Bot      bool
	Deleted  bool
}

// Room is a channel, or a conversation between the bot and one user.
type Room struct {
	ID       string
	Name     string
	Topic    string
	Purpose  string
	Private  bool
	Direct   bool   // with User
	User     string // of a direct conversation
	Shared   bool   // with another organisation
	Archived bool
	Creator  string   // user id; default the first member
	Members  []string // user ids; the bot is one only when it is named
	Created  time.Time
}

// Group is a group of users.
type Group struct {
	ID       string
	Handle   string // without "@"
	Name     string
	Members  []string
	Disabled bool
}

// Call is one call of the Web API that reached the fake.
type Call struct {
	Method string
	Args   map[string]string // without the token; values of JSON bodies in their JSON
	Status int               // 0: no answer was given
	Error  string            // empty: ok
	At     time.Time
}

// Answer is what the app answered to one delivery.
type Answer struct {
	ID      string // event id of events; else the gesture's own (trigger id)
	Acked   bool
	Status  int               // over HTTP
	Body    []byte            // the payload of the acknowledgement
	Err     error             // why nothing was answered
	Errors  map[string]string // a refused form: what is wrong, by block
	Retries int               // how many of the attempts before this one failed

	reason  string // why there is no answer, as Slack names it
	noRetry bool
}

// Words is a message as somebody writes it.
type Words struct {
	Text   string // as typed; "<", ">" and "&" are escaped as Slack does
	Thread string // ts of the message that it answers
	Raw    bool   // Text is Slack's markup already
	Files  []File
	Client string // client_msg_id; default made up. One gesture can come as two messages with one.
}

// File is something uploaded with a message.
type File struct {
	ID, Name, Type, URL string
	Bytes               []byte // what is in it, for those who fetch it
}

// Seen is one message as a reader sees it.
type Seen struct {
	TS        string
	Thread    string
	User      string // who said it
	Own       bool   // the app said it
	Subtype   string // of a system message
	Alone     bool   // only this reader sees it
	Text      string // its words as read; parts and buttons on lines of their own
	Buttons   []string
	Links     []string
	Pinged    []string // user ids, group ids, or "everyone"
	Color     string
	Edited    bool
	Pinned    bool
	Reactions map[string][]string // emoji -> user ids
}

// Message is one message as it stands in a room.
type Message struct {
	TS, Thread, User, BotID, Subtype, Text string
	Only                                   string // the one user who sees it
	Blocks, Attachments, Metadata          []byte // JSON; nil: none
	Edited                                 bool
	Pinned                                 bool
	Reactions                              map[string][]string
}

// View is a modal or a home tab that is open.
type View struct {
	ID, User, Type, Callback, External, Title, Submit string
	PrivateMetadata, Hash                             string
	Blocks                                            []byte
	Text                                              string // as read
	Buttons                                           []string
	Fields                                            []Field
}

// Field is one input of a view.
type Field struct {
	Block, Action, Label, Kind, Value string
	Options                           []string // values
	Required                          bool
	Max                               int
}

// Bookmark is a link at the top of a room.
type Bookmark struct{ ID, Title, Link string }
