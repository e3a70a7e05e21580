package incident

import "time"

// Policy is what a house decided about its incidents, as plain values; bot
// reads it from the policy file. Folds never read it: a decision writes into
// its event what it took from here.
type Policy struct {
	Hash       string // short hash of the file; "default" without one
	Severities []SeverityRule
	Roles      []RoleRule
	Services   []ServiceRule
	Teams      []Team
	Causes     []Cause
	Checklists []Checklist
	Fields     []FieldRule
	Rights     []Right
	Sources    []SourceRule // formats of senders of alerts and changes
	Fallback   []string     // tried one after the other when a page fails, for teams that name none
	Alerts     []AlertRule  // the first that matches decides
	Storm      Storm
	Review     ReviewRule
	Hours      Hours
	RoomName   string        // template: "inc-{number}-{title}"
	Archive    time.Duration // after close; zero: never
	KeepTalk   time.Duration // how long history is kept after close
	Guests     bool          // guests may run commands that change something
}

// SeverityRule is what a severity means in this house.
type SeverityRule struct {
	Level   Severity
	Name    string // shown beside "sev1"; may be empty
	Meaning string // one line
	Off     bool   // not used in this house
	Cadence Cadence
	Page    []Target // paged when an incident gets this severity
	Invite  []string // teams invited
	Tell    []string // rooms told besides the announcement room
}

// RoleRule is a role of this house.
type RoleRule struct {
	Role    Role
	Name    string // "Incident commander"
	Aliases []string
	Duties  []string // shown to who takes it
}

// ServiceRule is a service of this house.
type ServiceRule struct {
	Service
	Aliases []string
	Team    string // who is paged for it
}

// Team is a group that can be paged.
type Team struct {
	Name     string
	Aliases  []string
	Pager    string   // which pager; empty: the first that is configured
	Target   string   // what the pager calls it
	People   []string // e-mails or platform:id, to name whom to call
	Private  bool     // private incidents may be sent to its pager in full
	Fallback []string // tried when its page fails or nobody answers; empty: the policy's
}

// Cause is a tag that reports count.
type Cause struct{ Tag, Meaning string }

// Checklist is a list of lines for a kind of incident.
type Checklist struct {
	Name     string
	Severity Severity // put on by itself at this severity or worse; 0: by hand
	Service  string   // only for this service; empty: any
	Lines    []string
}

// FieldKind is what a custom field holds.
type FieldKind string

// The kinds of field.
const (
	TextField   FieldKind = "text"
	ChoiceField FieldKind = "choice"
	NumberField FieldKind = "number"
)

// FieldRule is a custom field.
type FieldRule struct {
	Name    string
	Kind    FieldKind
	Choices []string
	Ask     string // "declare", "resolve", "review"
	Help    string
}

// Right names who may run a verb; verbs not named follow the defaults.
type Right struct {
	Verb  string
	Roles []Role   // holders of these roles
	Who   []string // people, as in TOCSIN_ADMINS
}

// Hours are the working hours of the house, for cadences that rest at night.
type Hours struct {
	Zone     string // IANA
	From, To int    // minutes after midnight; From < To
	Days     []time.Weekday
}
