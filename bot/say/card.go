package say

import (
	"strconv"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// Card is the incident's own message in its room, edited in place and pinned.
// It draws all states, from declare to close, and what is missing.
func Card(inc incident.Incident, v Voice) chat.Message {
	m := chat.Message{Title: title(inc), Tone: tone(inc), Summary: summary(inc, v)}
	add := func(parts ...chat.Part) {
		for _, p := range parts {
			if p != nil {
				m.Parts = append(m.Parts, p)
			}
		}
	}
	add(cardFields(inc, v), outcome(inc, v), services(inc), openTasks(inc, v), openPages(inc, v), updates(inc, v))
	add(missing(inc, v), born(inc, v))
	m.Actions = cardActions(inc)
	return m
}

func summary(inc incident.Incident, v Voice) string {
	return inc.Number.String() + " " + inc.Title.String() + ": " + string(inc.Status) + ", severity " + v.severity(inc.Severity)
}

func cardFields(inc incident.Incident, v Voice) chat.Part {
	f := chat.Fields{
		{Label: "Severity", Value: []chat.Span{chat.Strong(v.severity(inc.Severity))}},
		{Label: "Status", Value: []chat.Span{chat.Strong(inc.Status)}},
	}
	if !inc.Impact.Empty() {
		f = append(f, chat.Field{Label: "Impact", Value: []chat.Span{said(inc.Impact)}})
	}
	f = append(f, roleFields(inc, v)...)
	if inc.Call != "" {
		f = append(f, chat.Field{Label: "Call", Value: []chat.Span{chat.Link{Label: "join the call", URL: inc.Call}}})
	}
	if inc.Cause != "" {
		f = append(f, chat.Field{Label: "Cause", Value: plain(inc.Cause)})
	}
	for _, x := range inc.Fields {
		f = append(f, chat.Field{Label: x.Name, Value: []chat.Span{said(x.Value)}})
	}
	return f
}

// roleFields names who holds what; the commander always, others when held.
func roleFields(inc incident.Incident, v Voice) chat.Fields {
	var f chat.Fields
	for _, role := range v.roles(inc) {
		if h, ok := holder(inc, role); ok {
			f = append(f, chat.Field{Label: label(RoleName(role, v)), Value: v.holder(h)})
		} else if role == incident.Commander && !inc.RecordOnly {
			f = append(f, chat.Field{Label: label(RoleName(role, v)), Value: plain("nobody yet")})
		}
	}
	return f
}

func holder(inc incident.Incident, role incident.Role) (incident.Holder, bool) {
	for _, h := range inc.Holders {
		if h.Role == role {
			return h, true
		}
	}
	return incident.Holder{}, false
}

func (v Voice) holder(h incident.Holder) []chat.Span {
	out := []chat.Span{Person(h.Person, v)}
	if h.Acting {
		out = append(out, chat.Plain(" (acting)"))
	}
	return out
}

// outcome says how it ended, or where it went.
func outcome(inc incident.Incident, v Voice) chat.Part {
	switch {
	case inc.Status == incident.Merged:
		return text(chat.Plain("Merged into "), chat.Strong(inc.MergedInto.String()), chat.Plain("; the work goes on there."))
	case inc.EndedAt.IsZero():
		return nil
	}
	line := text(chat.Plain(ended(inc)), v.at(inc.EndedAt))
	if inc.EndedBy != "" {
		line = append(line, chat.Plain(" by "), Person(inc.EndedBy, v))
	}
	if !inc.Outcome.Empty() {
		line = append(line, chat.Plain(": "), said(inc.Outcome))
	}
	return line
}

func ended(inc incident.Incident) string {
	switch {
	case inc.Status != incident.Cancelled:
		return "Resolved "
	case inc.Reason == "":
		return "Cancelled "
	}
	return "Cancelled (" + string(inc.Reason) + ") "
}

func services(inc incident.Incident) chat.Part {
	if len(inc.Services) == 0 {
		return nil
	}
	list := make(chat.List, len(inc.Services))
	for i, s := range inc.Services {
		list[i] = service(s)
	}
	return list
}

// service is a service in one line, with its links.
func service(s incident.Service) []chat.Span {
	line := []chat.Span{chat.Strong(s.Name)}
	if !s.Known {
		line = append(line, chat.Plain(" (not in the policy)"))
	}
	if s.Owner != "" {
		line = append(line, chat.Plain(" · owner "+s.Owner))
	}
	for _, l := range []chat.Link{{Label: "runbook", URL: s.Runbook}, {Label: "dashboard", URL: s.Dashboard}, {Label: "logs", URL: s.Logs}} {
		if l.URL != "" {
			line = append(line, chat.Plain(" · "), l)
		}
	}
	if s.Contact != "" {
		line = append(line, chat.Plain(" · contact "), contact(s.Contact))
	}
	return line
}

func contact(c string) chat.Span {
	if chat.SafeURL(c) {
		return chat.Link{Label: c, URL: c}
	}
	return chat.Plain(c)
}

func openTasks(inc incident.Incident, v Voice) chat.Part {
	if inc.TasksOpen == 0 && inc.ActionsN == 0 {
		return nil
	}
	var list chat.List
	for _, t := range inc.OpenTasks {
		list = append(list, taskLine(t.Item, t.Words(), t.Who, v))
	}
	if more := inc.TasksOpen - len(inc.OpenTasks); more > 0 {
		list = append(list, []chat.Span{chat.Plain(count(more, "more task") + ": "), v.typed(command(inc.Number, "tasks"))})
	}
	if inc.ActionsN > 0 {
		list = append(list, []chat.Span{chat.Plain(count(inc.ActionsN, "action item") + " for later: "), v.typed(command(inc.Number, "actions"))})
	}
	return list
}

func taskLine(n incident.ItemID, words string, who incident.PersonID, v Voice) []chat.Span {
	line := []chat.Span{chat.Plain("☐ " + strconv.Itoa(int(n)) + ". " + words)}
	if who != "" {
		line = append(line, chat.Plain(" · "), Person(who, v))
	}
	return line
}

func openPages(inc incident.Incident, v Voice) chat.Part {
	var list chat.List
	for _, p := range inc.Pages {
		if inc.Status.Open() && p.State != incident.PageOver {
			list = append(list, append([]chat.Span{chat.Plain("📟 ")}, pageLine(p, v)...))
		}
	}
	if list == nil {
		return nil
	}
	return list
}

// updates says what stakeholders heard last, and what they were promised.
func updates(inc incident.Incident, v Voice) chat.Part {
	var line chat.Text
	if inc.Updates > 0 {
		line = append(line, chat.Strong("Last update "), v.at(inc.UpdatedAt), chat.Plain(" by "), Person(inc.UpdatedBy, v),
			chat.Plain(": "), said(inc.LastUpdate))
	}
	if next := nextUpdate(inc, v); next != nil {
		if line != nil {
			line = append(line, chat.Plain("\n"))
		}
		line = append(line, next...)
	}
	if line == nil {
		return nil
	}
	return line
}

func nextUpdate(inc incident.Incident, v Voice) []chat.Span {
	switch {
	case inc.NextUpdate.IsZero() || !inc.Status.Open():
		return nil
	case inc.NextUpdate.Before(v.Now):
		return []chat.Span{chat.Strong("Update OVERDUE"), chat.Plain(" since "), v.at(inc.NextUpdate)}
	}
	return []chat.Span{chat.Plain("Next update due "), v.at(inc.NextUpdate)}
}

// missing lists what the incident lacks and what mends it. That an update is
// overdue stands where the next one is promised, that a page rings at the page.
func missing(inc incident.Incident, v Voice) chat.Part {
	list := chat.List{}
	for _, l := range inc.Missing(v.Policy, v.Now) {
		if l.Kind != incident.NoUpdate && !rings(inc, l.Page) {
			list = append(list, lack(l, v))
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

func rings(inc incident.Incident, id incident.PageID) bool {
	for _, p := range inc.Pages {
		if p.ID == id {
			return p.Ringing()
		}
	}
	return false
}

func lack(l incident.Missing, v Voice) []chat.Span {
	line := []chat.Span{chat.Plain("⚠ " + v.withNames(l.Say))}
	if l.Try != "" {
		line = append(line, chat.Plain(": "), v.typed(l.Try))
	}
	return line
}

func born(inc incident.Incident, v Voice) chat.Part {
	line := small(chat.Plain("Declared "), v.at(inc.DeclaredAt), chat.Plain(" by "), Person(inc.Declarer, v))
	if inc.RecordOnly {
		line = append(line, chat.Plain(" · for the record only"))
	}
	if inc.Drill {
		line = append(line, chat.Plain(" · a drill: nobody is woken, and no figure counts it"))
	}
	if inc.Private {
		line = append(line, chat.Plain(" · private: only its members know of it"))
	}
	if inc.Newer {
		line = append(line, chat.Plain(" · holds something written by a newer tocsin, and cannot be changed by this one"))
	}
	return line
}

func cardActions(inc incident.Incident) []chat.Action {
	switch {
	case inc.Newer || inc.RecordOnly:
		return []chat.Action{button(inc, "Timeline", "timeline")}
	case inc.Status == incident.Resolved:
		return []chat.Action{primary(button(inc, "Close", "close")), button(inc, "Re-open", "reopen"), button(inc, "Timeline", "timeline")}
	case !inc.Status.Open():
		return []chat.Action{button(inc, "Timeline", "timeline"), button(inc, "Re-open", "reopen")}
	}
	var out []chat.Action
	if h, ok := holder(inc, incident.Commander); !ok || h.Acting {
		out = append(out, primary(button(inc, "Take command", "take", string(incident.Commander))))
	}
	return append(out,
		button(inc, "Assign a role", "assign"),
		button(inc, "Page", "page"),
		button(inc, "Post update", "update"),
		danger(button(inc, "Resolve", "resolve")), // its form asks again
	)
}
