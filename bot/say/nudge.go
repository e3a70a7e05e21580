package say

import (
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// NudgeKind is what a nudge asks for; the names are those of incident.Snooze.
type NudgeKind string

// The kinds of nudge.
const (
	NudgeCommander NudgeKind = "commander" // nobody commands, or only acting
	NudgeSeverity  NudgeKind = "severity"  // none is set
	NudgeUpdate    NudgeKind = "update"    // due soon, or overdue
	NudgeStale     NudgeKind = "stale"     // nothing happened for a day
)

// Nudge is the room's one nudge; it names one person and what is missing.
func Nudge(kind NudgeKind, inc incident.Incident, v Voice) chat.Message {
	who, words, do := nudge(kind, inc, v)
	line := text(chat.Plain("⏰ "))
	if who != "" && who != incident.House {
		line = append(line, Ping(who, v), chat.Plain(": "))
	}
	line = append(line, words...)
	m := chat.Message{Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})}
	m.Actions = append(m.Actions, primary(do),
		button(inc, "Snooze 30 min", "snooze", string(kind), "30m"), button(inc, "Stop", "snooze", string(kind), "stop"))
	return m
}

// nudge says whom to ask for what, and which button does it.
func nudge(kind NudgeKind, inc incident.Incident, v Voice) (incident.PersonID, []chat.Span, chat.Action) {
	switch kind {
	case NudgeCommander:
		take := button(inc, "Take command", "take", string(incident.Commander))
		if h, ok := holder(inc, incident.Commander); ok {
			return h.Person, plain("you only stand in as commander of " + inc.Number.String() + ". Take command, or hand it over."), take
		}
		return inc.Declarer, plain("nobody commands " + inc.Number.String() + ". Take command, or assign somebody."), take
	case NudgeSeverity:
		return lead(inc), plain(inc.Number.String() + " has no severity. How bad is it?"), button(inc, "Set severity", "severity")
	case NudgeUpdate:
		return updater(inc), dueWords(inc, v), button(inc, "Post update", "update")
	case NudgeStale:
		words := []chat.Span{
			chat.Plain("nothing was recorded on " + inc.Number.String() + " since "), v.at(inc.Touched),
			chat.Plain(". Is it over?"),
		}
		return lead(inc), words, button(inc, "Resolve", "resolve")
	}
	return lead(inc), plain(inc.Number.String() + " needs somebody."), button(inc, "Show", "show")
}

func dueWords(inc incident.Incident, v Voice) []chat.Span {
	words := []chat.Span{chat.Plain("the next update on " + inc.Number.String() + " is due "), v.at(inc.NextUpdate), chat.Plain(".")}
	if !inc.NextUpdate.After(v.Now) {
		words = []chat.Span{
			chat.Plain("the update on " + inc.Number.String() + " is "), chat.Strong("overdue"),
			chat.Plain(" since "), v.at(inc.NextUpdate), chat.Plain(". Stakeholders were promised one."),
		}
	}
	return words
}

// lead is who commands, else who declared.
func lead(inc incident.Incident) incident.PersonID {
	if h, ok := holder(inc, incident.Commander); ok {
		return h.Person
	}
	return inc.Declarer
}

// updater is who speaks to stakeholders.
func updater(inc incident.Incident) incident.PersonID {
	if h, ok := holder(inc, incident.Communications); ok {
		return h.Person
	}
	return lead(inc)
}

// NudgeDone is what a nudge turns into when what it asked for is there.
func NudgeDone(kind NudgeKind, inc incident.Incident, v Voice) chat.Message {
	words := small(chat.Plain("✓ "))
	switch kind {
	case NudgeCommander:
		words = append(words, chat.Plain("The question of who commands is settled."))
		if h, ok := holder(inc, incident.Commander); ok && !h.Acting {
			words = small(chat.Plain("✓ "), Person(h.Person, v), chat.Plain(" commands."))
		}
	case NudgeSeverity:
		words = append(words, chat.Plain("The severity is "+v.severity(inc.Severity)+"."))
	case NudgeUpdate:
		words = append(words, chat.Plain("No update is waited for now."))
	case NudgeStale:
		words = append(words, chat.Plain("It moves again."))
	}
	return chat.Message{Tone: chat.Quiet, Parts: []chat.Part{words}, Summary: chat.SpansText(words, chat.Paper{})}
}

// NudgeAlone goes to the declarer alone when still nobody commands.
func NudgeAlone(inc incident.Incident, v Voice) chat.Message {
	words := "Nobody has taken command of " + inc.Number.String() + " since you declared it. Take it, or ask somebody by name."
	m := chat.Message{
		Title:   title(inc),
		Parts:   []chat.Part{text(chat.Plain(words)), small(chat.Plain("To ask somebody: "), v.typed(command(inc.Number, "assign")+" commander @who"))},
		Actions: []chat.Action{primary(button(inc, "Take command", "take", string(incident.Commander)))},
		Summary: words,
	}
	if room, ok := v.room(inc); ok {
		m.Parts = append(m.Parts, small(chat.Plain("Its room: "), room))
	}
	return m
}

// Reminder is a reminder that somebody asked for; late is how long after its
// moment it is given.
func Reminder(inc incident.Incident, r incident.ReminderSet, late time.Duration, v Voice) chat.Message {
	line := text(chat.Plain("⏰ "), Ping(r.Person, v), chat.Plain(": "))
	if r.What.Empty() {
		line = append(line, chat.Plain("you asked to be reminded of "+inc.Number.String()))
	} else {
		line = append(line, said(r.What))
	}
	m := chat.Message{Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{})}
	foot := small(chat.Plain(inc.Number.String()+", for "), v.at(r.At))
	if late >= time.Minute {
		foot = append(foot, chat.Plain(" · this comes "+chat.Lasting(late)+" late"))
	}
	m.Parts = append(m.Parts, foot)
	m.Actions = []chat.Action{button(inc, "Again in 20 min", "remind", "20m")}
	return m
}
