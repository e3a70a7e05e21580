package say

import (
	"slices"
	"strconv"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// Announcement is the one message in the announcement room, edited in place.
// Of a private incident it is [Withdrawn].
func Announcement(inc incident.Incident, v Voice) chat.Message {
	if inc.Private {
		return Withdrawn(v)
	}
	m := chat.Message{Title: title(inc), Tone: tone(inc), Summary: summary(inc, v)}
	f := chat.Fields{
		{Label: "Severity", Value: []chat.Span{chat.Strong(severityForAll(inc, v))}},
		{Label: "Status", Value: []chat.Span{chat.Strong(inc.Status)}},
	}
	if h, ok := holder(inc, incident.Commander); ok {
		f = append(f, chat.Field{Label: label(RoleName(incident.Commander, v)), Value: v.holder(h)})
	}
	if room, ok := v.room(inc); ok {
		f = append(f, chat.Field{Label: "Room", Value: []chat.Span{room}})
	}
	if !inc.Impact.Empty() {
		f = append(f, chat.Field{Label: "Impact", Value: []chat.Span{said(inc.Impact)}})
	}
	m.Parts = append(m.Parts, f)
	for _, p := range []chat.Part{outcome(inc, v), updates(inc, v), announced(inc, v)} {
		if p != nil {
			m.Parts = append(m.Parts, p)
		}
	}
	if inc.Status.Open() {
		m.Actions = []chat.Action{button(inc, "Join", "join"), button(inc, "Follow", "follow"), button(inc, "Catch me up", "catchup")}
	}
	return m
}

// severityForAll is what outsiders read while none is set.
func severityForAll(inc incident.Incident, v Voice) string {
	if inc.Severity == incident.SevUnset && inc.Status.Open() {
		return "not set yet, it is being looked at"
	}
	return v.severity(inc.Severity)
}

func announced(inc incident.Incident, v Voice) chat.Part {
	line := small(chat.Plain("Declared "), v.at(inc.DeclaredAt), chat.Plain(" by "), Person(inc.Declarer, v))
	if inc.Drill {
		line = append(line, chat.Plain(" · a drill, nothing is broken"))
	}
	if inc.Updates > 0 {
		line = append(line, chat.Plain(" · "+count(inc.Updates, "update")+" in the thread"))
	}
	return line
}

// Withdrawn stands where an announcement stood before the incident became
// private; it tells nothing.
func Withdrawn(Voice) chat.Message {
	return chat.Message{
		Tone:    chat.Quiet,
		Parts:   []chat.Part{small(chat.Plain("This message was withdrawn."))},
		Summary: "This message was withdrawn.",
	}
}

// Withdrawal tells the room that the announcement was withdrawn and who had
// already seen it; seen is nil when that cannot be known.
func Withdrawal(inc incident.Incident, seen []incident.PersonID, v Voice) chat.Message {
	line := text(chat.Plain("🔒 " + inc.Number.String() + " is private now, and its announcement is withdrawn. "))
	switch {
	case seen == nil:
		line = append(line, chat.Plain("Whoever was in the announcement room may have read it before."))
	case len(seen) == 0:
		line = append(line, chat.Plain("Nobody had been in the announcement room to read it."))
	default:
		line = append(line, chat.Plain("These people could read it before: "))
		line = append(append(line, v.names(seen, 20)...), chat.Plain("."))
	}
	return chat.Message{Parts: []chat.Part{line}, Summary: inc.Number.String() + " is private now"}
}

// StaysOpen warns a room that its incident is private now and the room is not.
func StaysOpen(inc incident.Incident, _ Voice) chat.Message {
	line := "⚠️ " + inc.Number.String() + " is private now, but this room is not: whoever can see it reads on. Make it private in the chat's own settings, or go on elsewhere."
	return chat.Message{Parts: []chat.Part{text(chat.Plain(line))}, Summary: inc.Number.String() + " is private, this room is not"}
}

// Topic is the room's topic in one plain line. A topic is seldom set anew, and
// each time tells the whole room, so it holds nothing that goes stale before
// the severity changes or the incident ends.
func Topic(inc incident.Incident, v Voice) string {
	parts := []string{inc.Number.String(), v.severity(inc.Severity), inc.Title.String()}
	if inc.Severity == incident.SevUnset {
		parts[1] = "severity not set"
	}
	if !inc.Status.Open() {
		end := string(inc.Status)
		if inc.Status == incident.Merged {
			end += " into " + inc.MergedInto.String()
		}
		parts = slices.Insert(parts, 2, end)
	}
	if inc.Drill {
		parts = slices.Insert(parts, 0, "DRILL")
	}
	return chat.CleanLine(strings.Join(parts, " · "))
}

// Update is an UpdatePosted as stakeholders read it, threaded under the
// announcement. Of a private incident it is [Withdrawn]. An event that is no
// update gives a message without words.
func Update(inc incident.Incident, r incident.Recorded, v Voice) chat.Message {
	if inc.Private {
		return Withdrawn(v)
	}
	return update(inc, r, v)
}

func update(inc incident.Incident, r incident.Recorded, v Voice) chat.Message {
	u, ok := r.Event.(incident.UpdatePosted)
	if !ok {
		return chat.Message{}
	}
	heading := []chat.Span{chat.Plain("Update " + strconv.Itoa(u.Update) + " on "), chat.Strong(inc.Number.String())}
	foot := small(Person(r.Actor, v), chat.Plain(", "), v.at(r.Happened))
	if u.Next.IsZero() {
		foot = append(foot, chat.Plain(" · no next update is promised"))
	} else {
		foot = append(foot, chat.Plain(" · next update by "), v.at(u.Next))
	}
	return chat.Message{
		Title: heading, Tone: tone(inc),
		Parts:   []chat.Part{text(said(u.Text)), foot},
		Summary: "Update on " + inc.Number.String() + ": " + u.Text.String(),
	}
}

// FollowerUpdate is the same for a follower, alone with the bot. Of a private
// incident only members may get it.
func FollowerUpdate(inc incident.Incident, r incident.Recorded, v Voice) chat.Message {
	m := update(inc, r, v)
	if len(m.Title) == 0 {
		return m
	}
	m.Title = append(m.Title, chat.Plain(": "), said(inc.Title))
	m.Parts = append([]chat.Part{standing(inc, v)}, m.Parts...)
	m.Actions = []chat.Action{button(inc, "Catch me up", "catchup"), button(inc, "Unfollow", "unfollow")}
	return m
}

// standing is where an incident stands, in one line.
func standing(inc incident.Incident, v Voice) chat.Part {
	line := small(chat.Plain(string(inc.Status) + " · severity " + v.severity(inc.Severity)))
	if room, ok := v.room(inc); ok {
		line = append(line, chat.Plain(" · "), room)
	}
	return line
}

// HeadlineOf says whether an event is news that gets a message of its own in
// the announcement room.
func HeadlineOf(r incident.Recorded) (h Headline, ok bool) {
	switch e := r.Event.(type) {
	case incident.SeveritySet:
		graver := e.From == incident.SevUnset || e.To < e.From
		if graver && (e.To == incident.Sev1 || e.To == incident.Sev2) {
			return Raised, true
		}
	case incident.Resolution:
		return Solved, true
	case incident.Reopened:
		return Reopened, true
	default:
	}
	return "", false
}

// News is a headline in the announcement room: a message of its own. Of a
// private incident it is [Withdrawn].
func News(h Headline, inc incident.Incident, v Voice) chat.Message {
	if inc.Private {
		return Withdrawn(v)
	}
	return news(h, inc, v)
}

// FollowerNews is a headline for a follower, alone with the bot. Of a private
// incident only members may get it.
func FollowerNews(h Headline, inc incident.Incident, v Voice) chat.Message {
	m := news(h, inc, v)
	m.Actions = []chat.Action{button(inc, "Catch me up", "catchup"), button(inc, "Unfollow", "unfollow")}
	return m
}

func news(h Headline, inc incident.Incident, v Voice) chat.Message {
	said := chat.Plain(inc.Title.String())
	m := chat.Message{Tone: tone(inc)}
	switch h {
	case Raised:
		m.Title = []chat.Span{chat.Strong(inc.Number.String()), chat.Plain(" is raised to " + v.severity(inc.Severity) + ": "), said}
		if !inc.Impact.Empty() {
			m.Parts = append(m.Parts, text(chat.Plain("Impact: "+inc.Impact.String())))
		}
	case Solved:
		m.Title = []chat.Span{chat.Strong(inc.Number.String()), chat.Plain(" is resolved: "), said}
		if !inc.Outcome.Empty() {
			m.Parts = append(m.Parts, text(chat.Plain(inc.Outcome.String())))
		}
		if !inc.EndedAt.IsZero() {
			m.Parts = append(m.Parts, small(chat.Plain("It took "+chat.Lasting(inc.EndedAt.Sub(inc.DeclaredAt))+" from the declare.")))
		}
	case Reopened:
		m.Title = []chat.Span{chat.Strong(inc.Number.String()), chat.Plain(" is open again: "), said}
	}
	m.Parts = append(m.Parts, standing(inc, v))
	m.Summary = chat.SpansText(m.Title, chat.Paper{})
	return m
}
