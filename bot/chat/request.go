package chat

import (
	"context"
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
	Private  bool
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
	Via   string // "command", "mention", "button", "form", "shortcut", "reaction", "pin", "api"
	About *Said  // the message on which the gesture was made; nil: none
}

// Reply answers the person who asked.
type Reply struct {
	Message  Message `json:"message"`
	Public   bool    `json:"public,omitempty"`   // everybody in the place sees it; else the asker alone
	Form     *Form   `json:"form,omitempty"`     // open this form instead of, or beside, the message
	Kind     string  `json:"kind,omitempty"`     // "" for an answer; else the name of a fault kind
	Incident string  `json:"incident,omitempty"` // "INC-142" when it is about one
	Repeat   bool    `json:"repeat,omitempty"`   // it was given before, and nothing was done anew
}

// Handler runs a request to its reply. It never fails: an error is a reply
// with a kind. It gives an outcome only after the commit.
type Handler func(ctx context.Context, r Request) Reply
