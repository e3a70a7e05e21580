package incident

import "time"

// Declared opens an incident.
type Declared struct {
	Number     Number    `json:"number"`
	Title      Text      `json:"title"`
	Severity   Severity  `json:"severity,omitempty"`
	Services   []Service `json:"services,omitempty"`
	Private    bool      `json:"private,omitempty"`
	Drill      bool      `json:"drill,omitempty"`
	RecordOnly bool      `json:"record_only,omitempty"` // past: no room, no page, no reminder
	Started    time.Time `json:"started,omitzero"`      // impact began, when the declarer said so
	Commander  PersonID  `json:"commander,omitempty"`   // acting; empty when record-only
	Cadence    Cadence   `json:"cadence,omitzero"`      // what policy promised for this severity
	Next       time.Time `json:"next,omitzero"`         // when the first update is promised
	From       Room      `json:"from,omitzero"`         // where it was declared
}

// Service is a service as it stood in the policy when it was added.
type Service struct {
	Name      string `json:"name"`
	Known     bool   `json:"known,omitempty"` // the policy has it
	Owner     string `json:"owner,omitempty"`
	Runbook   string `json:"runbook,omitempty"`
	Dashboard string `json:"dashboard,omitempty"`
	Logs      string `json:"logs,omitempty"`
	Contact   string `json:"contact,omitempty"`
}

// Cadence is the promise of updates that a severity carries.
type Cadence struct {
	Every   time.Duration `json:"every,omitempty"` // zero: none promised
	Working bool          `json:"working,omitempty"`
}

// RoomOpened says that the incident has a room.
type RoomOpened struct {
	Room Room `json:"room"`
}

// RoomArchived says that a room was archived after the close.
type RoomArchived struct {
	Room Room `json:"room"`
}

// AnnouncementPosted says that the announcement was first posted.
type AnnouncementPosted struct {
	Message MessageRef `json:"message"`
}

// Adopted says that an existing room or thread became the incident's room.
type Adopted struct {
	Room Room `json:"room"`
}

// Renamed gives the incident another title.
type Renamed struct {
	Title  Text `json:"title"`
	Before Text `json:"before,omitzero"`
}

// SeveritySet changes the severity, and with it the cadence.
type SeveritySet struct {
	From          Severity  `json:"from,omitempty"`
	To            Severity  `json:"to,omitempty"`
	Why           Text      `json:"why,omitzero"`
	Cadence       Cadence   `json:"cadence,omitzero"`
	Next          time.Time `json:"next,omitzero"` // when the next update is promised now
	CadenceBefore Cadence   `json:"cadence_before,omitzero"`
	NextBefore    time.Time `json:"next_before,omitzero"`
}

// StatusSet moves the incident between the open statuses.
type StatusSet struct {
	From Status `json:"from"`
	To   Status `json:"to"`
	Note Text   `json:"note,omitzero"`
	// Mitigated is, when monitoring is left, the milestone that this takes
	// away; when a change is taken back, the one that returns.
	Mitigated time.Time `json:"mitigated,omitzero"`
}

// ServiceAdded says that a service is touched.
type ServiceAdded struct {
	Service Service `json:"service"`
}

// ServiceRemoved says that a service is not touched after all.
type ServiceRemoved struct {
	Name   string  `json:"name"`
	Before Service `json:"before,omitzero"`
}

// ImpactSet says who feels what.
type ImpactSet struct {
	Impact Text `json:"impact"`
	Before Text `json:"before,omitzero"`
}

// CauseSet tags the incident with a cause from policy; an empty tag takes it away.
type CauseSet struct {
	Tag    string `json:"tag,omitempty"`
	Note   Text   `json:"note,omitzero"`
	Before string `json:"before,omitempty"`
}

// Milestone names a moment that metrics are made of.
type Milestone string

// The milestones.
const (
	Started      Milestone = "started"
	Detected     Milestone = "detected"
	Acknowledged Milestone = "acknowledged"
	Mitigated    Milestone = "mitigated"
	ResolvedAt   Milestone = "resolved"
)

// MilestoneSet corrects a milestone by command; a zero At takes the correction away.
type MilestoneSet struct {
	Milestone Milestone `json:"milestone"`
	At        time.Time `json:"at,omitzero"`
	Before    time.Time `json:"before,omitzero"`
}

// PrivacySet makes the incident private or public.
type PrivacySet struct {
	Private bool       `json:"private"`
	Why     Text       `json:"why"`
	Members []PersonID `json:"members,omitempty"` // members at that moment
}

// FieldSet fills a custom field of the policy; an empty value clears it.
type FieldSet struct {
	Field  string `json:"field"`
	Value  Text   `json:"value,omitzero"`
	Before Text   `json:"before,omitzero"`
}

// CallSet gives the conference link; empty takes it away.
type CallSet struct {
	URL    string `json:"url,omitempty"`
	Before string `json:"before,omitempty"`
}

// stateEvents are what an incident is and where it stands.
func stateEvents() []Event {
	return []Event{
		Declared{},
		RoomOpened{},
		RoomArchived{},
		AnnouncementPosted{},
		Adopted{},
		Renamed{},
		SeveritySet{},
		StatusSet{},
		ServiceAdded{},
		ServiceRemoved{},
		ImpactSet{},
		CauseSet{},
		MilestoneSet{},
		PrivacySet{},
		FieldSet{},
		CallSet{},
	}
}
