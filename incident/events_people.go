package incident

import "time"

// RoleTaken says that somebody holds a role: by taking it, by being assigned,
// or by accepting a handover.
type RoleTaken struct {
	Role    Role     `json:"role"`
	Person  PersonID `json:"person"`
	Before  PersonID `json:"before,omitempty"`     // who held it
	Acting  bool     `json:"acting,omitempty"`     // holds it until somebody takes it
	Was     bool     `json:"was_acting,omitempty"` // Before was only acting
	New     bool     `json:"new,omitempty"`        // became a member of the incident by this
	Offered PersonID `json:"offered,omitempty"`    // had been offered the role by Before
}

// RoleReleased says that a role has no holder any more.
type RoleReleased struct {
	Role    Role     `json:"role"`
	Person  PersonID `json:"person"`
	Acting  bool     `json:"acting,omitempty"`  // was only acting
	Offered PersonID `json:"offered,omitempty"` // had been offered the role
}

// HandoverOffered offers a role; the old holder stays until it is accepted.
type HandoverOffered struct {
	Role   Role     `json:"role"`
	From   PersonID `json:"from"`
	To     PersonID `json:"to"`
	Note   Text     `json:"note,omitzero"`
	Before PersonID `json:"before,omitempty"` // had the offer until now
}

// HandoverAccepted passes the role.
type HandoverAccepted struct {
	Role Role     `json:"role"`
	From PersonID `json:"from"`
	To   PersonID `json:"to"`
}

// HandoverDeclined leaves the role where it was.
type HandoverDeclined struct {
	Role      Role     `json:"role"`
	From      PersonID `json:"from"`
	To        PersonID `json:"to"`
	Withdrawn bool     `json:"withdrawn,omitempty"` // taken back by who offered it
}

// Joined says how a member came to be one.
type Joined string

// The ways of becoming a member.
const (
	Invited  Joined = "invited"
	Came     Joined = "came" // joined the room
	ByPage   Joined = "page" // accepted a page
	ByPolicy Joined = "policy"
)

// MemberAdded says that somebody takes part. In a private incident only
// members may know of it.
type MemberAdded struct {
	Person PersonID `json:"person"`
	How    Joined   `json:"how"`
}

// MemberRemoved says that somebody takes part no more.
type MemberRemoved struct {
	Person PersonID `json:"person"`
}

// UpdatePosted tells stakeholders something, and promises the next.
type UpdatePosted struct {
	Update int       `json:"update"` // counted from 1
	Text   Text      `json:"text"`
	Next   time.Time `json:"next,omitzero"` // zero: none promised
	Public bool      `json:"public,omitempty"`
}

// UpdateFixed corrects the words of an update.
type UpdateFixed struct {
	Update int  `json:"update"`
	Text   Text `json:"text"`
	Before Text `json:"before,omitzero"`
}

// Followed says that somebody wants the updates without joining.
type Followed struct {
	Person PersonID `json:"person"`
}

// Unfollowed takes that back.
type Unfollowed struct {
	Person PersonID `json:"person"`
}

// ReminderSet asks to be reminded.
type ReminderSet struct {
	Reminder int       `json:"reminder"` // counted from 1
	At       time.Time `json:"at"`
	What     Text      `json:"what,omitzero"`
	Person   PersonID  `json:"person"`
}

// ReminderDone says that a reminder was given.
type ReminderDone struct {
	Reminder int           `json:"reminder"`
	Late     time.Duration `json:"late,omitempty"`
	Off      bool          `json:"off,omitempty"` // taken back before it was given
}

// NudgeSnoozed silences the room's nudge until a moment; a zero Until stops
// nudges of this kind for good.
type NudgeSnoozed struct {
	Nudge string    `json:"nudge"` // "commander", "severity", "update", "stale"; empty: all
	Until time.Time `json:"until,omitzero"`
	// Lifted says that it is no longer silenced.
	Lifted bool      `json:"lifted,omitempty"`
	Had    bool      `json:"had,omitempty"` // it was silenced before, until Before
	Before time.Time `json:"before,omitzero"`
}

// peopleEvents are who does what and who is told.
func peopleEvents() []Event {
	return []Event{
		RoleTaken{},
		RoleReleased{},
		HandoverOffered{},
		HandoverAccepted{},
		HandoverDeclined{},
		MemberAdded{},
		MemberRemoved{},
		UpdatePosted{},
		UpdateFixed{},
		Followed{},
		Unfollowed{},
		ReminderSet{},
		ReminderDone{},
		NudgeSnoozed{},
	}
}
