package incident

import "time"

// PersonID names a person opaquely. Events carry it and never a name.
type PersonID string

// House is the actor of what the house does by itself (timers, effects).
const House PersonID = "tocsin"

// Account is one person's account on one platform.
type Account struct {
	Platform  string `json:"platform"`
	Workspace string `json:"workspace,omitempty"`
	ID        string `json:"id"`
}

// String is "platform:workspace:id".
func (a Account) String() string { return a.Platform + ":" + a.Workspace + ":" + a.ID }

// Person is somebody with accounts on platforms.
type Person struct {
	ID       PersonID  `json:"id"`
	Name     string    `json:"name"`
	Email    string    `json:"email,omitempty"`
	Zone     string    `json:"zone,omitempty"` // IANA name; empty: not known
	Accounts []Account `json:"accounts"`
	Alias    PersonID  `json:"alias,omitempty"` // set: this id was linked to that one
	Erased   bool      `json:"erased,omitempty"`
}

// Standing is how an account stands to the workspace that signed the request.
type Standing int

// The standings. What could not be looked up counts as a full member.
const (
	Member Standing = iota
	Guest
	Outsider // of another workspace
	Machine  // a bot or an app
)

// Actor is who decides something: the person, how they came in, what they
// may do, and the moment they asked. Decisions take rights and time from it.
type Actor struct {
	Person   PersonID
	Account  string // Account.String(), or "api" with the token's owner; kept in the envelope
	Standing Standing
	Admin    bool      // named in TOCSIN_ADMINS
	Reader   bool      // could see the room they spoke in (guests may look there)
	At       time.Time // the request's own time
	Zone     *time.Location
	// Names are the e-mail and accounts by which a policy may name this person
	// ("ann@example.com", "slack:U123").
	Names []string
	// Rules are the policy's rights; see [Actor.Under].
	Rules []Right
	// Guests says that the policy lets guests change incidents.
	Guests bool
}

// Under is the actor with the rights that a policy gives and takes. Whoever
// makes an actor of a request calls it; decisions that are handed a policy
// call it themselves.
func (a Actor) Under(p Policy) Actor {
	a.Rules, a.Guests = p.Rights, p.Guests
	return a
}

// ByHouse is the house acting by itself at a moment.
func ByHouse(at time.Time) Actor {
	return Actor{Person: House, Account: "tocsin", At: at, Admin: true, Reader: true, Zone: time.UTC}
}
