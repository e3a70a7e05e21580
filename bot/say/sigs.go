package say

import (
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/store"
)

// Card is the incident's own message in its room, edited in place and pinned.
// It draws all states, from declare to close, and what is missing.
func Card(inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// Announcement is the one message in the announcement room, edited in place.
func Announcement(inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// Withdrawn stands where an announcement stood before the incident became
// private; it tells nothing.
func Withdrawn(v Voice) chat.Message { return chat.Message{} }

// Withdrawal tells the room that the announcement was withdrawn and who had
// already seen it; seen is nil when that cannot be known.
func Withdrawal(inc incident.Incident, seen []incident.PersonID, v Voice) chat.Message {
	return chat.Message{}
}

// Topic is the room's topic in one plain line.
func Topic(inc incident.Incident, v Voice) string { return "" }

// Update is an UpdatePosted as stakeholders read it, threaded under the announcement.
func Update(inc incident.Incident, r incident.Recorded, v Voice) chat.Message { return chat.Message{} }

// FollowerUpdate is the same for a follower, alone with the bot.
func FollowerUpdate(inc incident.Incident, r incident.Recorded, v Voice) chat.Message {
	return chat.Message{}
}

// FollowerNews is a headline for a follower, alone with the bot.
func FollowerNews(h Headline, inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// News is a headline in the announcement room: a message of its own.
func News(h Headline, inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// HeadlineOf says whether an event is news that gets a message of its own in
// the announcement room.
func HeadlineOf(r incident.Recorded) (h Headline, ok bool) { return "", false }

// Line is the one line in the room for an event. ok is false for events that
// only edit the card or have a message of their own.
func Line(inc incident.Incident, r incident.Recorded, v Voice) (m chat.Message, ok bool) {
	return chat.Message{}, false
}

// Declared is the reply to a declare, in four lines.
func Declared(inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// Show is the incident in full, for the asker alone.
func Show(inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// Roles says who holds what, and what is open.
func Roles(inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// List is incidents, one line each.
func List(heading string, sums []incident.Summary, more More, v Voice) chat.Message {
	return chat.Message{}
}

// ListLine is an incident in one line.
func ListLine(s incident.Summary, v Voice) []chat.Span { return nil }

// Tasks is what is to do now, with what is done.
func Tasks(inc incident.Incident, items []incident.Item, v Voice) chat.Message {
	return chat.Message{}
}

// Actions is what is to do later, and whose it is.
func Actions(inc incident.Incident, items []incident.Item, v Voice) chat.Message {
	return chat.Message{}
}

// PageReceipt is a page's message in the room, edited in place as it comes further.
func PageReceipt(inc incident.Incident, p incident.Page, v Voice) chat.Message {
	return chat.Message{}
}

// PageFailed is bad news: a new message that mentions the commander and says
// whom to call. onCall may be empty.
func PageFailed(inc incident.Incident, p incident.Page, onCall []integrations.OnCall, v Voice) chat.Message {
	return chat.Message{}
}

// PageUnanswered is bad news: the pager took the page and nobody has
// acknowledged it for a while.
func PageUnanswered(inc incident.Incident, p incident.Page, onCall []integrations.OnCall, v Voice) chat.Message {
	return chat.Message{}
}

// PageDirect is a page as a direct message to the person it calls, where no
// pager is set up. It keeps an incident private that is.
func PageDirect(inc incident.Incident, p incident.Page, v Voice) chat.Message { return chat.Message{} }

// PageText is what leaves the house for a pager or a phone: of a private
// incident the id alone, unless open says that policy names the target private.
func PageText(inc incident.Incident, p incident.Page, open bool, v Voice) string { return "" }

// Parked tells the room that an effect was given up, and what to do instead.
func Parked(inc incident.Incident, p incident.Parked, v Voice) chat.Message { return chat.Message{} }

// Nudge is the room's one nudge; it names one person and what is missing.
func Nudge(kind NudgeKind, inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// NudgeDone is what a nudge turns into when what it asked for is there.
func NudgeDone(kind NudgeKind, inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// NudgeAlone goes to the declarer alone when still nobody commands.
func NudgeAlone(inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// Reminder is a reminder that somebody asked for; late is how long after its
// moment it is given.
func Reminder(inc incident.Incident, r incident.ReminderSet, late time.Duration, v Voice) chat.Message {
	return chat.Message{}
}

// Welcome is for somebody who comes into the room, for them alone.
func Welcome(inc incident.Incident, v Voice) chat.Message { return chat.Message{} }

// Duties is what a role asks of who took it, for them alone.
func Duties(inc incident.Incident, role incident.Role, v Voice) chat.Message { return chat.Message{} }

// HandoverOffer asks one person to take a role over; it mentions them.
func HandoverOffer(inc incident.Incident, o incident.Offer, v Voice) chat.Message {
	return chat.Message{}
}

// Owed lists what is owed to the outside world for an incident, what failed,
// and how to retry it.
func Owed(inc incident.Incident, jobs []store.Job, v Voice) chat.Message { return chat.Message{} }

// OnCall says who would be woken; it pings nobody.
func OnCall(lines []integrations.OnCall, v Voice) chat.Message { return chat.Message{} }

// Problem is an error for the person who asked: what was wrong, that nothing
// changed, and an example that works.
func Problem(err error, v Voice) chat.Message { return chat.Message{} }

// Home is what waits for one person: their incidents, roles and open work.
func Home(sums []incident.Summary, v Voice) chat.Message { return chat.Message{} }

// Person names somebody without notifying them.
func Person(id incident.PersonID, v Voice) chat.Span { return chat.Plain("") }

// Ping names somebody and notifies them.
func Ping(id incident.PersonID, v Voice) chat.Span { return chat.Plain("") }

// RoleName is what people call a role.
func RoleName(role incident.Role, v Voice) string { return "" }

// Moment is a moment in the asker's zone: date, time and zone, as a reply
// repeats what it read.
func Moment(t time.Time, v Voice) string { return "" }
