package incident

import "time"

// Incident is the state folded from the events of one stream. It stays small
// (at most 8 KB as JSON): lists that grow with the incident are [Mark]s of
// the same commits, not fields here.
type Incident struct {
	ID         ID        `json:"id"`
	Head       Version   `json:"head"`
	Number     Number    `json:"number"`
	Title      Text      `json:"title"`
	Severity   Severity  `json:"severity,omitempty"`
	Status     Status    `json:"status"`
	Services   []Service `json:"services,omitempty"`
	Impact     Text      `json:"impact,omitzero"`
	Cause      string    `json:"cause,omitempty"`
	Fields     []Field   `json:"fields,omitempty"`
	Private    bool      `json:"private,omitempty"`
	Drill      bool      `json:"drill,omitempty"`
	RecordOnly bool      `json:"record_only,omitempty"`
	Declarer   PersonID  `json:"declarer"`
	DeclaredAt time.Time `json:"declared_at"`
	From       Room      `json:"from,omitzero"`
	EndedAt    time.Time `json:"ended_at,omitzero"` // resolved, cancelled, merged
	EndedBy    PersonID  `json:"ended_by,omitempty"`
	Outcome    Text      `json:"outcome,omitzero"` // how it was resolved
	Reason     Reason    `json:"reason,omitempty"` // why it was cancelled
	MergedInto Number    `json:"merged_into,omitempty"`
	MergedID   ID        `json:"merged_id,omitempty"`

	Rooms         []Room       `json:"rooms,omitempty"`
	Announcements []MessageRef `json:"announcements,omitempty"`
	Call          string       `json:"call,omitempty"`

	Holders []Holder   `json:"holders,omitempty"`
	Offers  []Offer    `json:"offers,omitempty"`
	Members []PersonID `json:"members,omitempty"` // at most MaxMembers
	Pages   []Page     `json:"pages,omitempty"`   // all that are open, and the newest ended ones
	PageN   int        `json:"page_n,omitempty"`  // how many were ever asked for

	Cadence    Cadence   `json:"cadence,omitzero"`
	Updates    int       `json:"updates,omitempty"`
	LastUpdate Text      `json:"last_update,omitzero"`
	UpdatedAt  time.Time `json:"updated_at,omitzero"`
	UpdatedBy  PersonID  `json:"updated_by,omitempty"`
	NextUpdate time.Time `json:"next_update,omitzero"`
	Followers  int       `json:"followers,omitempty"`

	Milestones Milestones `json:"milestones"`
	Measured   Milestones `json:"measured,omitzero"` // what events alone say, once one was corrected by command
	Items      ItemID     `json:"items,omitempty"`   // the newest item's number
	OpenTasks  []TaskLine `json:"open_tasks,omitempty"`
	TasksOpen  int        `json:"tasks_open,omitempty"`
	ActionsN   int        `json:"actions_n,omitempty"` // open action items
	Captures   int        `json:"captures,omitempty"`
	OpenItems  []byte     `json:"open_items,omitempty"` // one bit an item, from bit 1: still open
	Checklists []string   `json:"checklists,omitempty"`
	Reminders  int        `json:"reminders,omitempty"` // how many were ever set
	Waiting    []int      `json:"waiting,omitempty"`   // reminders that were not given yet
	Snoozes    []Snooze   `json:"snoozes,omitempty"`
	Parked     []Parked   `json:"parked,omitempty"`

	Alerts     []AlertsNow `json:"alerts,omitempty"`      // groups of alerts that are followed; at most MaxAlertGroups
	AlertsMore int         `json:"alerts_more,omitempty"` // groups attached beyond those

	Struck  []Version   `json:"struck,omitempty"`  // entries struck lately
	Edited  []EditedNow `json:"edited,omitempty"`  // entries edited lately, as they read now
	Changes []Change    `json:"changes,omitempty"` // each person's newest change that can be undone; at most MaxChanges
	Touched time.Time   `json:"touched"`           // when the newest event was recorded
	Active  time.Time   `json:"active"`            // newest update, capture, role or severity by a person: resets nudges
	Newer   bool        `json:"newer,omitempty"`   // holds an event that this tocsin cannot read: changes are refused
}

// Limits of the kept state.
const (
	MaxMembers   = 100 // more come into the room of a public incident, but a private one takes no more
	MaxChanges   = 16
	MaxServices  = 15
	MaxOpenTasks = 5    // shown on the card; the rest are marks
	MaxPagesKept = 10   // ended pages beyond this are forgotten by the state, not by the timeline
	MaxOpenPages = 8    // that nobody has answered; more are refused, except those that policy asks for
	MaxItems     = 4000 // tasks and action items of one incident
	MaxWaiting   = 25   // reminders not given yet
	MaxFields    = 8
	MaxRooms     = 5
)

// Holder holds a role.
type Holder struct {
	Role   Role      `json:"role"`
	Person PersonID  `json:"person"`
	Acting bool      `json:"acting,omitempty"`
	Since  time.Time `json:"since"`
}

// Offer is a handover that was not answered yet.
type Offer struct {
	Role Role      `json:"role"`
	From PersonID  `json:"from"`
	To   PersonID  `json:"to"`
	Note Text      `json:"note,omitzero"`
	At   time.Time `json:"at"`
}

// Field is a filled custom field.
type Field struct {
	Name  string `json:"name"`
	Value Text   `json:"value"`
}

// TaskLine is an open task on the card.
type TaskLine struct {
	Item ItemID   `json:"item"`
	Text Text     `json:"text,omitzero"`
	Line string   `json:"line,omitempty"` // words of a checklist of the policy, in place of Text
	Who  PersonID `json:"who,omitempty"`
}

// Words are what the line says.
func (t TaskLine) Words() string {
	if t.Line != "" {
		return t.Line
	}
	return t.Text.String()
}

// EditedNow is an entry of the timeline as it reads after its newest edit.
type EditedNow struct {
	Entry Version `json:"entry"`
	Text  Text    `json:"text"`
}

// Snooze silences a nudge.
type Snooze struct {
	Nudge string    `json:"nudge,omitempty"`
	Until time.Time `json:"until,omitzero"` // zero: stopped
}

// Parked is an outside effect that was given up until somebody retries it.
type Parked struct {
	Job    string `json:"job"`
	What   string `json:"what"`
	Why    string `json:"why"`
	Buried bool   `json:"buried,omitempty"` // refused for good: only an admin may retry it
}

// Change is what undo would take back for one person: the versions First to
// Last of one commit.
type Change struct {
	Person PersonID  `json:"person"`
	First  Version   `json:"first"`
	Last   Version   `json:"last"`
	At     time.Time `json:"at"`
	Key    string    `json:"key,omitempty"` // short hash of the commit's key: one commit is one change
}

// Milestones are the moments metrics are made of. Zero: not reached, or not known.
type Milestones struct {
	Started      time.Time   `json:"started,omitzero"`
	Detected     time.Time   `json:"detected,omitzero"`
	Acknowledged time.Time   `json:"acknowledged,omitzero"`
	Mitigated    time.Time   `json:"mitigated,omitzero"`
	Resolved     time.Time   `json:"resolved,omitzero"`
	Corrected    []Milestone `json:"corrected,omitempty"` // set by command; events no longer move them
}

// Item is a task or an action item, as its marks and events tell.
type Item struct {
	ID     ItemID
	Action bool // for later, with an owner; else a task for now
	Text   Text
	Who    PersonID  // does it, or owns it
	Due    time.Time // zero: none
	Added  Version
	At     time.Time
	By     PersonID
	List   string // the checklist it came from; empty: none
	Done   bool
	DoneAt time.Time
	DoneBy PersonID
}

// Summary is the row that lists and look-ups read. It is derived from the
// state by [Incident.Summary] in the commit that changes it.
type Summary struct {
	ID         ID         `json:"id"`
	Head       Version    `json:"head"`
	Number     Number     `json:"number"`
	Title      Text       `json:"title"`
	Severity   Severity   `json:"severity,omitempty"`
	Status     Status     `json:"status"`
	Private    bool       `json:"private,omitempty"`
	Drill      bool       `json:"drill,omitempty"`
	RecordOnly bool       `json:"record_only,omitempty"`
	Services   []string   `json:"services,omitempty"`
	Commander  PersonID   `json:"commander,omitempty"`
	Acting     bool       `json:"acting,omitempty"`
	Declarer   PersonID   `json:"declarer"`
	Rooms      []Room     `json:"rooms,omitempty"`
	Members    []PersonID `json:"members,omitempty"` // private incidents only: who may know of it
	DeclaredAt time.Time  `json:"declared_at"`
	EndedAt    time.Time  `json:"ended_at,omitzero"`
	NextUpdate time.Time  `json:"next_update,omitzero"`
	UpdatedAt  time.Time  `json:"updated_at,omitzero"`
	Touched    time.Time  `json:"touched"`
	MergedInto Number     `json:"merged_into,omitempty"`
}

// VisibleTo says whether a person may know of the incident. Everybody may
// know of one that is not private; the empty person knows of no private one.
func (s Summary) VisibleTo(p PersonID) bool {
	if !s.Private {
		return true
	}
	for _, m := range s.Members {
		if m == p && p != "" {
			return true
		}
	}
	return false
}

// Mark is a small fact about a stream that grows too long for the state: a
// captured message, an item, a follower. The store keeps the newest value of
// each key in the same commit.
type Mark struct {
	Key    string // "capture/<platform>/<room>/<message>", "item/000012", "done/000012", "follower/<person>", "update/000003", "reminder/000002"
	Value  string // "": none needed; else the version or moment that it points to
	Delete bool
}
