package say

import (
	"strconv"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Tasks is what is to do now, with what is done.
func Tasks(inc incident.Incident, items []incident.Item, v Voice) chat.Message {
	m := chat.Message{Title: heading("Tasks of ", inc)}
	open, done := split(items, false)
	m.Parts = itemParts(open, done, v)
	if m.Parts == nil {
		m.Parts = []chat.Part{text(chat.Plain("No tasks yet. Add one: "), v.typed(command(inc.Number, "task")+" look at the database @who"))}
	}
	m.Actions = doneButtons(inc, open)
	return m
}

// Actions is what is to do later, and whose it is.
func Actions(inc incident.Incident, items []incident.Item, v Voice) chat.Message {
	m := chat.Message{Title: heading("Action items of ", inc)}
	open, done := split(items, true)
	m.Parts = itemParts(open, done, v)
	if m.Parts == nil {
		m.Parts = []chat.Part{text(chat.Plain("No action items yet. Add one: "), v.typed(command(inc.Number, "action")+" add an alert @owner due:friday"))}
	}
	m.Actions = doneButtons(inc, open)
	return m
}

func heading(words string, inc incident.Incident) []chat.Span {
	return []chat.Span{chat.Plain(words), chat.Strong(inc.Number.String())}
}

func split(items []incident.Item, actions bool) (open, done []incident.Item) {
	for _, it := range items {
		switch {
		case it.Action != actions:
		case it.Done:
			done = append(done, it)
		default:
			open = append(open, it)
		}
	}
	return open, done
}

func itemParts(open, done []incident.Item, v Voice) []chat.Part {
	var parts []chat.Part
	if len(open) > 0 {
		list := chat.List{}
		for _, it := range open {
			list = append(list, itemLine(it, v))
		}
		parts = append(parts, list)
	}
	if len(done) > 0 {
		list := chat.List{}
		for _, it := range done {
			list = append(list, doneLine(it, v))
		}
		parts = append(parts, list)
	}
	return parts
}

func itemLine(it incident.Item, v Voice) []chat.Span {
	line := taskLine(it.ID, it.Text.String(), it.Who, v)
	if it.Action && it.Who == "" {
		line = append(line, chat.Plain(" · no owner yet"))
	}
	if !it.Due.IsZero() {
		line = append(line, due(it.Due, v)...)
	}
	if it.List != "" {
		line = append(line, chat.Plain(" · "+it.List))
	}
	return line
}

func due(at time.Time, v Voice) []chat.Span {
	day := chat.When{At: at, Style: chat.DateTime, Zone: v.Zone}
	if at.Before(v.Now) {
		return []chat.Span{chat.Plain(" · "), chat.Strong("OVERDUE"), chat.Plain(" since "), day}
	}
	return []chat.Span{chat.Plain(" · due "), day}
}

func doneLine(it incident.Item, v Voice) []chat.Span {
	line := []chat.Span{chat.Plain("☑ " + itoa(int(it.ID)) + ". "), chat.Struck(it.Text.String())}
	if it.DoneBy != "" {
		line = append(line, chat.Plain(" · "), Person(it.DoneBy, v))
	}
	if !it.DoneAt.IsZero() {
		line = append(line, chat.Plain(" "), v.at(it.DoneAt))
	}
	return line
}

// doneButtons lets the first few be ticked off without typing.
func doneButtons(inc incident.Incident, open []incident.Item) []chat.Action {
	var out []chat.Action
	for _, it := range open[:min(len(open), 5)] {
		n := itoa(int(it.ID))
		out = append(out, button(inc, "Done "+n, "done", n))
	}
	return out
}
