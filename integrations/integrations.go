// Package integrations names the roles that an outside service can play for
// an incident, and nothing else.
//
// It must not know chat, commands or stores. One folder beside it is one
// vendor: code, configuration and tests; package all lists them.
//
// The one idea: an adapter is told what to do with a key that is the same at
// every repeat, and answers with what the far side said, in a fault's kind:
// Unavailable (nothing was sent), Unknown (it may have happened), Rejected.
package integrations

import (
	"context"
	"net/http"
	"time"
)

// Integration is one outside service.
type Integration interface {
	// Name is a lower-case noun, the vendor's: "pagerduty".
	Name() string
	// Check says whether it is set up and welcome; it changes nothing.
	Check(ctx context.Context) []Finding
}

// Finding is one thing that a check found, for doctor.
type Finding struct {
	Level string // "ok", "warn", "fail"
	What  string
	Why   string
	Mend  string
}

// Pager wakes people. One key is one page, however often it is sent.
type Pager interface {
	Integration
	// Page asks for help. What is in p leaves the house: it is already
	// reduced for private incidents.
	Page(ctx context.Context, p Page) (Receipt, error)
	// Look finds out what became of a key; found is false when the far side
	// knows nothing of it.
	Look(ctx context.Context, key string) (r Receipt, found bool, err error)
	// Act acknowledges, escalates or resolves a page for a person.
	Act(ctx context.Context, key string, a PageAct) (Receipt, error)
	// OnCall says who would be woken, level by level; it wakes nobody.
	// An empty target: everything the pager knows.
	OnCall(ctx context.Context, target string, at time.Time) ([]OnCall, error)
}

// OneWay is a pager that only sends: it cannot be asked what became of a page,
// nor told that somebody is on it, and nobody is on call there. It takes pages
// that policy names it for, and the house asks the next in its stead.
type OneWay interface {
	Pager
	OneWay()
}

// Blind is asked of a pager that may be set up so that it cannot be asked what
// became of a page, although it can be told things: Look is then Rejected.
type Blind interface{ Blind() bool }

// Page is a call for help.
type Page struct {
	Key      string // the effect's key
	Target   string // what the pager calls the team or service
	Person   string // set instead of Target: one person, by e-mail or name
	Summary  string
	Severity int // 1–5; 0 unset
	Link     string
	Level    int // escalation level to start at, from 1
	Drill    bool
}

// Receipt is what the far side says of a page.
type Receipt struct {
	Key      string
	State    ReceiptState
	ID       string // the far side's id
	Whom     string // who is woken, in words
	By       string // who acknowledged, in words; an e-mail where known
	Level    int
	Note     string // words that By wrote at the far side, or what changed there ("priority P1")
	Link     string
	Practice bool // nobody was woken
	At       time.Time
}

// ReceiptState is how far a page came.
type ReceiptState string

// The states.
const (
	Accepted     ReceiptState = "accepted" // the far side took it; not yet seen there
	Seen         ReceiptState = "seen"     // it was looked up, or reported back: it exists
	Acknowledged ReceiptState = "acknowledged"
	Reassigned   ReceiptState = "reassigned" // Whom has it now
	Noted        ReceiptState = "noted"      // By wrote Note there; the page stands as it stood
	Escalated    ReceiptState = "escalated"
	Failed       ReceiptState = "failed" // taken, and then nobody could be reached
	Over         ReceiptState = "resolved"
)

// PageAct is what somebody does to a page from chat.
type PageAct struct {
	Verb  string // "acknowledge", "escalate", "resolve", "reassign", "add" (responders), "note"
	By    string // display name
	Email string // empty: not known
	To    string // reassign, add: a target as the pager calls it, or an e-mail
	Text  string // note: what was written
	Level int    // escalate: the level to reach, so that a repeat goes no further; 0: the next one
}

// OnCall is one line of who is on call.
type OnCall struct {
	Target string
	Level  int
	Name   string
	Email  string
	Phone  string    // empty: not known or not to be shown
	From   time.Time // when their turn begins; zero, or not after the moment asked about: they are on call
	Until  time.Time // when it ends; zero: not known
}

// PageNews is where a pager reports what happened to a page by itself:
// somebody acknowledged it, nobody did. It returns when that is on record.
type PageNews func(ctx context.Context, r Receipt) error

// Panel is an integration with a page of its own for the console.
type Panel interface {
	Integration
	Handler() http.Handler
}

// Tracker keeps follow-up work. One key is one ticket.
type Tracker interface {
	Integration
	Open(ctx context.Context, t Ticket) (Ref, error)
	Close(ctx context.Context, key string) error
}

// Ticket is a piece of follow-up work.
type Ticket struct {
	Key, Title, Body, Owner, Link string
	Due                           time.Time
}

// Ref finds a thing that was made at the far side.
type Ref struct{ ID, URL string }
