package say

import (
	"tocsin/bot/chat"
	"tocsin/incident"
)

// Line is the one line in the room for an event. ok is false for events that
// only edit the card or have a message of their own.
func Line(inc incident.Incident, r incident.Recorded, v Voice) (m chat.Message, ok bool) {
	if !inRoom(r.Event) {
		return chat.Message{}, false
	}
	line := append([]chat.Span{chat.Plain(mark(r.Event) + " ")}, Spans(incident.Sentence(r), v)...)
	return chat.Message{
		Tone:    lineTone(inc, r.Event),
		Parts:   []chat.Part{text(line...)},
		Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now}),
	}, true
}

// inRoom holds for events that people in the room want to read as they come.
// The others have a message of their own (updates' offers, pages, parked
// effects), change only the card, or matter to one person.
func inRoom(e incident.Event) bool {
	switch e := e.(type) {
	case incident.Renamed, incident.SeveritySet, incident.StatusSet, incident.ServiceAdded, incident.ServiceRemoved,
		incident.ImpactSet, incident.CauseSet, incident.MilestoneSet, incident.PrivacySet, incident.FieldSet, incident.CallSet,
		incident.RoleTaken, incident.RoleReleased, incident.HandoverAccepted, incident.HandoverDeclined, incident.MemberRemoved,
		incident.UpdatePosted, incident.UpdateFixed,
		incident.NoteAdded, incident.LinkAdded, incident.Undone,
		incident.TaskAdded, incident.ChecklistAdded, incident.ItemDone, incident.ItemReopened,
		incident.Resolution, incident.Reopened, incident.Cancellation, incident.MergedInto, incident.MergeReceived, incident.Closure:
		return true
	case incident.MemberAdded:
		return e.How == incident.Invited
	case incident.DecisionMade:
		return e.Message == (incident.MessageRef{}) // else the message itself is there, and gets a mark
	case incident.ActionAdded:
		return e.Message == (incident.MessageRef{})
	case incident.Declared, incident.RoomOpened, incident.RoomArchived, incident.AnnouncementPosted, incident.Adopted,
		incident.HandoverOffered, incident.PageRequested, incident.PageAccepted, incident.PageAcknowledged, incident.PageEscalated,
		incident.PageSeen, incident.PageReassigned, incident.ResponderAsked, incident.PageNoted,
		incident.PageFailed, incident.PageResolved, incident.Followed, incident.Unfollowed, incident.ReminderSet, incident.ReminderDone,
		incident.NudgeSnoozed, incident.MessageCaptured, incident.CaptureFollowed, incident.EntryEdited, incident.EntryStruck,
		incident.EntryRestored, incident.EffectParked, incident.EffectRetried, incident.ZoneSet, incident.Erased, incident.Unknown, incident.Dated,
		incident.AlertsHeard, incident.AlertsDecided, incident.AlertsPlaced, incident.AlertsMuted, incident.AlertsUnmuted,
		incident.AlertsAttached, incident.AlertsChanged,
		incident.ReviewProposed, incident.ReviewStarted, incident.ReviewAssigned, incident.ReviewDueSet, incident.ReviewMoved, incident.ReviewSkipped,
		incident.ReviewLineEdited, incident.ReviewLineAdded, incident.ReviewLineRemoved, incident.ReviewLineRestored,
		incident.ReviewPublished, incident.ReviewSuggestionTaken, incident.ReviewSuggestionDropped:
		return false
	}
	return false
}

// mark is a small picture, so that a room can be skimmed.
func mark(e incident.Event) string {
	switch e.(type) {
	case incident.NoteAdded, incident.LinkAdded:
		return "📝"
	case incident.DecisionMade:
		return "⚖️"
	case incident.UpdatePosted, incident.UpdateFixed:
		return "📣"
	case incident.Resolution, incident.Closure, incident.ItemDone:
		return "✅"
	case incident.Reopened, incident.ItemReopened, incident.Undone:
		return "↩️"
	case incident.PrivacySet:
		return "🔒"
	case incident.TaskAdded, incident.ActionAdded, incident.ChecklistAdded:
		return "☐"
	default:
		return "•"
	}
}

func lineTone(inc incident.Incident, e incident.Event) chat.Tone {
	switch e := e.(type) {
	case incident.SeveritySet:
		return toneOf(inc.Status, e.To, inc.Drill)
	case incident.Resolution:
		return chat.Good
	case incident.Reopened:
		return chat.Bad
	default:
		return chat.Neutral
	}
}
