package pagerdutytest

import (
	"net/http"
	"time"
)

// Options are what a [Fake] is made of. Zero values are good ones.
type Options struct {
	Now   func() time.Time                     // nil: time.Now
	After func(time.Duration) <-chan time.Time // nil: time.After
	Token string                               // of the REST API; empty: "token-of-the-fake"
	// Lag is the time between the answer of the Events API and the incident;
	// zero: it is there with the answer.
	Lag time.Duration
	// AlertKeys lets an incident that events made go by a key of PagerDuty's
	// own, as its document says: the event's key is on the alert alone.
	// Without it the incident shows the key of the event.
	AlertKeys bool
	// Documents is the folder of PagerDuty's own documents, which every
	// request and answer is then held to; empty: only what is written here is
	// checked. [Start] takes it from TOCSIN_SPECS.
	Documents string
	Patience  time.Duration // with a receiver of webhooks; 0: 5 s
	Limit     int           // REST calls a minute; 0: 960
}

// User is somebody with an account.
type User struct {
	ID, Name, Email string
	Phone           string // "+49 30 1234567"; a contact method, and the user has an e-mail one too
	TimeZone        string // empty: Etc/UTC
}

// Team is a group of people who own services and policies.
type Team struct {
	ID, Name string
	Members  []string // ids of users
}

// Policy is an escalation policy.
type Policy struct {
	ID, Name string
	Levels   []Level
	Repeat   int      // how often it begins again after its last level
	Teams    []string // ids
}

// Level is who is asked, and for how long.
type Level struct {
	Who   []string      // ids of users and schedules; empty: nobody
	Delay time.Duration // 0: 30 min
}

// Schedule says who of its people is on call when.
type Schedule struct {
	ID, Name string
	Shifts   []Shift
	V3       bool // shift-based: only /v3/schedules lists it
}

// Shift is one person's time; a zero time is open on that side.
type Shift struct {
	User        string // id
	From, Until time.Time
}

// Service is what pages are sent to.
type Service struct {
	ID, Name   string
	Policy     string // id
	RoutingKey string // of its Events API v2 integration; empty: one is made
	Teams      []string
	Disabled   bool // takes no incidents
}

// Incident is an incident of PagerDuty's, as it stands.
type Incident struct {
	ID, Key, Title    string
	Number            int
	Status            string // "triggered", "acknowledged", "resolved"
	Service, Policy   string // ids
	Urgency           string
	Priority          string // its name
	Details           string
	Level             int      // 0: assigned to people by hand
	Assigned          []string // ids of users
	Acknowledged      []string // ids of users, the newest last
	ResolvedBy        string
	Responders        []Responder
	Notes             []Note
	Created, Changed  time.Time
	Reopened          int // how often it was opened again after it was resolved
	ByEvents          bool
	OtherKey          string // shown instead of Key; empty: Key is
	Link              string
	Triggers, Dropped int // triggers that it took; acknowledge and resolve events that came too late
}

// Responder is somebody who was asked to help.
type Responder struct {
	User, Policy string // id of one of them
	By           string // id
	Message      string
	Asked        []string // ids of users: that one, or who was on call at the policy's first level
	At           time.Time
}

// Note is what somebody wrote on an incident.
type Note struct {
	ID, User, Text string
	At             time.Time
}

// Notification is one ring of one person's phone.
type Notification struct {
	Incident, Key string
	User          string // id
	Why           string // "triggered", "escalated", "reassigned", "reopened", "responder"
	Level         int
	At            time.Time
}

// Change is a change event that was taken.
type Change struct {
	Service, Summary string
	At               time.Time
}

// Call is a request that came, and what it got.
type Call struct {
	Op     string // "POST /incidents", "PUT /incidents/{id}", "POST /v2/enqueue"
	Path   string
	Query  string
	Header http.Header
	Body   []byte
	Status int // 0: no answer
	At     time.Time
}

// Subscription is a webhook subscription.
type Subscription struct {
	ID      string
	URL     string   // as PagerDuty lists it
	Secrets []string // each signs; two while they are exchanged; empty: "secret-of-the-fake"
	Events  []string // empty: every incident event
	Filter  string   // id of a service or a team; empty: the account
	Hook    Hook     // how it is delivered; nil: not at all, it is only listed
	Off     bool     // it is there and switched off
}

// Delivery is one attempt at a webhook.
type Delivery struct {
	Subscription string // its id
	ID           string // X-Webhook-Id: the same at every attempt
	Event        string // "incident.acknowledged"
	Incident     string // id
	Key          string // of the incident
	Attempt      int    // 0: the first
	Copy         bool   // it was sent once more than needed
	Status       int    // of the answer; 0: none
	Err          error
	Dropped      bool // it will not be sent again
	Body         []byte
	Header       http.Header
}

// Hook takes a webhook's request to who receives it.
type Hook func(*http.Request) (*http.Response, error)

// World names what [Fake.Furnish] made.
type World struct {
	Ann, Bob, Cy, Bot   User   // level 1, level 2, on no policy, and the user to fall back on (tocsin@acme.test)
	Service             string // id of the service "Checkout"
	ServiceName         string
	RoutingKey          string // of it
	Policy              string // id of "Checkout on-call": Ann by a schedule, then Bob
	PolicyName          string
	Team                string // id of "Payments"
	TeamName            string
	Schedule, Schedule3 string // layer-based with Ann, shift-based with Bob
	Empty               string // id of the service "Attic", with nobody on call at level 1 and Bob at level 2
	EmptyName           string
}
