package incident

import (
	"slices"
	"time"
	"unicode/utf8"

	"tocsin/incident/fault"
)

// Note puts a sentence on the timeline, at a moment of the past if one is given.
func (i Incident) Note(a Actor, text string, at time.Time) ([]Event, error) {
	const try = "note at:14:05 restarted the queue"
	if err := i.may(a, "note", anyTime); err != nil {
		return nil, err
	}
	words, err := a.text(text, asked{what: "note", limit: MaxNote, try: try, lines: true})
	if err != nil {
		return nil, err
	}
	if at.IsZero() {
		return []Event{NoteAdded{Text: words}}, nil
	}
	if err := past(a, at, "moment of the note", try); err != nil {
		return nil, err
	}
	return []Event{Dated{At: at.UTC(), Event: NoteAdded{Text: words}}}, nil
}

// Capture puts a message of the room on the timeline, with the words, author
// and time it had. already says that it is there.
func (i Incident) Capture(a Actor, m Spoken, how string, already bool) ([]Event, error) {
	if err := i.may(a, "capture", anyTime); err != nil {
		return nil, err
	}
	m.Text.Words = Clean(m.Text.Words)
	if n := utf8.RuneCountInString(m.Text.Words); n > MaxNote {
		m.Text.Words = string([]rune(m.Text.Words)[:MaxNote-1]) + "…"
	}
	switch {
	case already:
		return nil, unchanged("That message is on the timeline already.")
	case m.Message == "" || m.Room.ID == "":
		return nil, fault.New(fault.NotFound, "I cannot find that message.").WithExample("/incident note what was said")
	case !m.DeletedAt.IsZero():
		return nil, fault.New(fault.Conflict, "That message was deleted, so it was not captured.").WithExample("/incident note what was said")
	case m.Text.Words == "" && len(m.Files) == 0:
		return nil, invalid("note what the picture shows", "That message has neither words nor files that could be captured.")
	}
	if m.Text.Author == "" {
		m.Text.Author = m.Author
	}
	e := MessageCaptured{
		Message: m.ref(),
		Text:    Text{Author: m.Text.Author, Words: m.Text.Words}, How: short(how, MaxName), Files: m.Files,
	}
	return m.dated(e), nil
}

// FollowCapture records that a captured message was edited or deleted at the
// platform.
func (i Incident) FollowCapture(entry Version, text Text, deleted bool) ([]Event, error) {
	if i.Newer || entry < 1 || entry > i.Head {
		return nil, nil
	}
	text.Words = Clean(text.Words)
	if deleted {
		text = Text{}
	}
	return []Event{CaptureFollowed{Entry: entry, Text: text, Deleted: deleted}}, nil
}

// Decide records what was decided.
func (i Incident) Decide(a Actor, text string) ([]Event, error) {
	if err := i.may(a, "decide", anyTime); err != nil {
		return nil, err
	}
	words, err := a.text(text, asked{what: "decision", limit: MaxNote, try: "decide we roll back to build 41", lines: true})
	if err != nil {
		return nil, err
	}
	return []Event{DecisionMade{Text: words}}, nil
}

// Link keeps a link that matters.
func (i Incident) Link(a Actor, link, label string) ([]Event, error) {
	const try = "link https://dash.example.com/checkout"
	if err := i.may(a, "link", anyTime); err != nil {
		return nil, err
	}
	to, err := address(link, try)
	if err != nil {
		return nil, err
	}
	words, err := a.text(label, asked{what: "label", limit: MaxTitle, try: try, empty: true})
	if err != nil {
		return nil, err
	}
	return []Event{LinkAdded{URL: to, Label: words}}, nil
}

// Edit gives a note, a decision or the label of a link other words. entry is
// the event as it was recorded.
func (i Incident) Edit(a Actor, entry Recorded, text string) ([]Event, error) {
	if err := i.may(a, "edit", anyTime); err != nil {
		return nil, err
	}
	before, ok := editable(entry.Event)
	if !ok {
		return nil, invalid("strike 12", "Only notes, decisions and links can be edited. Strike the entry, or add a note.")
	}
	if slices.Contains(i.Struck, entry.Version) {
		return nil, fault.New(fault.Conflict, "Entry %d is struck out. Add a new note instead.", entry.Version).WithExample("/incident note what is right")
	}
	for _, e := range i.Edited {
		if e.Entry == entry.Version {
			before = e.Text
		}
	}
	words, err := a.text(text, asked{what: "text", limit: MaxNote, try: "edit 12 restarted the queue at 14:05", lines: true})
	if err != nil {
		return nil, err
	}
	if words.Words == before.Words {
		return nil, unchanged("Entry %d says that already.", entry.Version)
	}
	return []Event{EntryEdited{Entry: entry.Version, Text: words, Before: before}}, nil
}

func editable(e Event) (Text, bool) {
	switch e := e.(type) {
	case NoteAdded:
		return e.Text, true
	case DecisionMade:
		return e.Text, true
	case LinkAdded:
		return e.Label, true
	default:
		return Text{}, false
	}
}

// Strike strikes an entry out. It stays on the timeline, struck out; a struck
// task or action item is off the list.
func (i Incident) Strike(a Actor, entry Recorded) ([]Event, error) {
	if err := i.may(a, "strike", anyTime); err != nil {
		return nil, err
	}
	e, ok := i.strike(entry)
	if !ok {
		return nil, invalid("undo", "Only notes, captures, decisions, links, tasks and action items can be struck. A change of yours can be undone.")
	}
	if slices.Contains(i.Struck, entry.Version) {
		return nil, unchanged("Entry %d is struck out already.", entry.Version)
	}
	return []Event{e}, nil
}

// strike is what striking an entry does; ok is false for what states a fact.
func (i Incident) strike(entry Recorded) (EntryStruck, bool) {
	s := EntryStruck{Entry: entry.Version}
	switch e := entry.Event.(type) {
	case NoteAdded, DecisionMade, LinkAdded:
	case MessageCaptured:
		s.Message = e.Message
	case TaskAdded:
		s.Items, s.Lines = []ItemID{e.Item}, []TaskLine{{Item: e.Item, Text: e.Text, Who: e.Who}}
	case ActionAdded:
		s.Items, s.Lines, s.Action = []ItemID{e.Item}, []TaskLine{{Item: e.Item}}, true
	case ChecklistAdded:
		s.List = e.Name
		for k, words := range e.Lines {
			s.Items = append(s.Items, e.First+ItemID(k))
			s.Lines = append(s.Lines, TaskLine{Item: e.First + ItemID(k), Line: words})
		}
	default:
		return s, false
	}
	s.Lines = without(s.Lines, func(l TaskLine) bool { return !i.IsOpenItem(l.Item) })
	return s, true
}
