package store

import (
	"context"
	"time"

	"tocsin/incident"
)

// Index answers from summaries. Private incidents are in indexes of their
// own, which are read only with a person in hand.
type Index interface {
	// Summary reads one by id, whoever asks; callers check VisibleTo.
	Summary(ctx context.Context, id incident.ID) (s incident.Summary, found bool, err error)
	ByNumber(ctx context.Context, n incident.Number) (s incident.Summary, found bool, err error)
	// ByRoom reads the one whose room this is; in a thread that is no
	// incident's own, the room counts.
	ByRoom(ctx context.Context, platform, room, thread string) (s incident.Summary, found bool, err error)
	// List yields newest first.
	List(ctx context.Context, f Filter) ([]incident.Summary, error)
	// Search finds incidents whose words hold every word asked for.
	Search(ctx context.Context, words string, f Filter) ([]incident.Summary, error)
	// PrivateCount is how many private incidents there are, and nothing else of them.
	PrivateCount(ctx context.Context) (int, error)
}

// Filter narrows a list.
type Filter struct {
	As       incident.PersonID // also private incidents that this person may know of; empty: none
	OnlyOpen bool
	Before   incident.Number // page on: numbers below this; 0: from the newest
	From, To time.Time       // declared in this span; zero: open-ended
	Limit    int             // 0: 100
}

// History keeps what was said in incident rooms.
type History interface {
	// Hear adds messages; one that is known (room, message) is left alone.
	Hear(ctx context.Context, s incident.Stream, said ...incident.Spoken) error
	// Amend follows an edit (new words) or a deletion (DeletedAt set). A
	// message never heard is kept as such an edit and applied when it comes.
	Amend(ctx context.Context, s incident.Stream, m incident.Spoken) error
	// Messages reads those said after a moment, oldest first.
	Messages(ctx context.Context, s incident.Stream, after time.Time, limit int) ([]incident.Spoken, error)
	// Message reads one.
	Message(ctx context.Context, s incident.Stream, room, message string) (m incident.Spoken, found bool, err error)
	// Forget removes messages of a stream said before a moment.
	Forget(ctx context.Context, s incident.Stream, before time.Time) (int, error)
}

// People maps accounts to persons.
type People interface {
	// Meet finds the person behind an account, or makes one at first sight.
	// Name and zone are refreshed; an e-mail links to a known person only
	// when vouched.
	Meet(ctx context.Context, a incident.Account, seen Seen) (incident.Person, error)
	// Person reads one, through aliases.
	Person(ctx context.Context, id incident.PersonID) (p incident.Person, found bool, err error)
	ByAccount(ctx context.Context, a incident.Account) (p incident.Person, found bool, err error)
	ByEmail(ctx context.Context, email string) (p incident.Person, found bool, err error)
	// Everybody lists persons, aliases and erased ones left out.
	Everybody(ctx context.Context) ([]incident.Person, error)
	// Link makes one person of two: from becomes an alias of to.
	Link(ctx context.Context, from, to incident.PersonID) error
	SetZone(ctx context.Context, id incident.PersonID, zone string) error
}

// Seen is what a platform says of an account.
type Seen struct {
	Name, Email, Zone string
	Vouched           bool // the platform vouches for the e-mail
}

// Inbox keeps what vendors and platforms delivered until it is worked off.
type Inbox interface {
	// Take records a delivery; fresh is false when the key was known.
	Take(ctx context.Context, now time.Time, d Delivery) (fresh bool, err error)
	// Finish marks deliveries as worked off; their keys stay known for 7 days.
	Finish(ctx context.Context, now time.Time, keys ...string) error
	// Unfinished lists deliveries taken before a moment, oldest first: those
	// whose keys begin as asked, or all. It may give fewer than there are when
	// their bodies are large.
	Unfinished(ctx context.Context, before time.Time, limit int, begin ...string) ([]Delivery, error)
}

// Delivery is one event or webhook, scrubbed.
type Delivery struct {
	Key    string    `json:"key"`
	Source string    `json:"source"`
	Body   []byte    `json:"body"`
	At     time.Time `json:"at"`
}
