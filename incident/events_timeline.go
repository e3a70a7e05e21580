package incident

import "time"

// NoteAdded puts a sentence on the timeline.
type NoteAdded struct {
	Text Text `json:"text"`
}

// MessageCaptured puts a message of the room on the timeline. Happened is
// when the message was said, not when it was captured.
type MessageCaptured struct {
	Message MessageRef `json:"message"`
	Text    Text       `json:"text"` // Author is who said it
	How     string     `json:"how"`  // "reaction", "pin", "command", "action"
	Files   []File     `json:"files,omitempty"`
}

// CaptureFollowed says that a captured message was edited or deleted.
type CaptureFollowed struct {
	Entry   Version `json:"entry"` // the MessageCaptured
	Text    Text    `json:"text,omitzero"`
	Deleted bool    `json:"deleted,omitempty"`
}

// DecisionMade records what was decided. With a message, that says it, and
// Happened is when it was said; since shape 2.
type DecisionMade struct {
	Text    Text       `json:"text"`
	Message MessageRef `json:"message,omitzero"`
}

// LinkAdded keeps a link that matters.
type LinkAdded struct {
	URL   string `json:"url"`
	Label Text   `json:"label,omitzero"`
}

// EntryEdited gives an entry of the timeline other words.
type EntryEdited struct {
	Entry  Version `json:"entry"`
	Text   Text    `json:"text"`
	Before Text    `json:"before,omitzero"`
}

// EntryStruck strikes an entry out; it stays, struck out. A struck task or
// action item is off the list.
type EntryStruck struct {
	Entry   Version    `json:"entry"`
	Message MessageRef `json:"message,omitzero"`
	Items   []ItemID   `json:"items,omitempty"`
	List    string     `json:"list,omitempty"`
	Action  bool       `json:"action,omitempty"`
	Lines   []TaskLine `json:"lines,omitempty"`
}

// EntryRestored takes a strike back; its fields are those of the strike.
type EntryRestored struct {
	Entry   Version    `json:"entry"`
	Message MessageRef `json:"message,omitzero"` // the entry captured this message
	Items   []ItemID   `json:"items,omitempty"`  // the entry added these
	List    string     `json:"list,omitempty"`   // as this checklist
	Action  bool       `json:"action,omitempty"` // they are action items
	Lines   []TaskLine `json:"lines,omitempty"`  // those that were open then, as they come back
}

// Undone says that a change was taken back; the events that do it stand
// beside it in the same commit.
type Undone struct {
	Change Version `json:"change"` // the version that was taken back
	What   string  `json:"what"`   // its kind, for the sentence
	// Unacknowledged says that the milestone went with it: nobody else had answered.
	Unacknowledged bool `json:"unacknowledged,omitempty"`
}

// ItemID counts tasks and action items of one incident together, from 1.
type ItemID int

// TaskAdded is something to do now.
type TaskAdded struct {
	Item ItemID   `json:"item"`
	Text Text     `json:"text"`
	Who  PersonID `json:"who,omitempty"`
}

// ActionAdded is something to do later, with an owner. With a message, that
// says it, and Happened is when it was said; since shape 2.
type ActionAdded struct {
	Item    ItemID     `json:"item"`
	Text    Text       `json:"text"`
	Owner   PersonID   `json:"owner,omitempty"`
	Due     time.Time  `json:"due,omitzero"`
	Message MessageRef `json:"message,omitzero"`
}

// ChecklistAdded puts a checklist of the policy on the incident: its lines
// become tasks numbered from First.
type ChecklistAdded struct {
	Name  string   `json:"name"`
	First ItemID   `json:"first"`
	Lines []string `json:"lines"` // words of the policy, not of a person
}

// ItemDone says that a task or action item is done.
type ItemDone struct {
	Item   ItemID   `json:"item"`
	Action bool     `json:"action,omitempty"`
	Line   TaskLine `json:"line,omitzero"` // what it said
}

// ItemReopened says that it is not.
type ItemReopened struct {
	Item   ItemID   `json:"item"`
	Action bool     `json:"action,omitempty"`
	Line   TaskLine `json:"line,omitzero"` // what it says
}

// timelineEvents are what was seen and said, and what is to be done.
func timelineEvents() []Event {
	return []Event{
		NoteAdded{},
		MessageCaptured{},
		CaptureFollowed{},
		DecisionMade{},
		LinkAdded{},
		EntryEdited{},
		EntryStruck{},
		EntryRestored{},
		Undone{},
		TaskAdded{},
		ActionAdded{},
		ChecklistAdded{},
		ItemDone{},
		ItemReopened{},
	}
}
