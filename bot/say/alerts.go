package say

import (
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/integrations"
)

// ChangesSpan is how far back changes of a service are told beside its alerts.
const ChangesSpan = 2 * time.Hour

// maxChanges is how many of them are told.
const maxChanges = 5

// AlertCard is the one message in the room about the incident's alerts, edited
// as they come and go.
func AlertCard(inc incident.Incident, changes []integrations.Change, v Voice) chat.Message {
	firing, over := 0, 0
	var last time.Time
	var list chat.List
	for _, a := range inc.Alerts {
		firing, over = firing+a.Firing, over+a.Recovered
		if a.Last.After(last) {
			last = a.Last
		}
		line := []chat.Span{
			chat.Plain(alertMark(a.Firing) + " "), said(a.Title), chat.Plain(": "), chat.Strong(alertCounts(a.Firing, a.Recovered)),
			chat.Plain(", last "), v.at(a.Last), chat.Plain(" · " + a.Source),
		}
		if a.Link != "" {
			line = append(line, chat.Plain(" · "), chat.Link{Label: "open", URL: a.Link})
		}
		list = append(list, line)
	}
	m := chat.Message{
		Title: []chat.Span{chat.Plain("🔔 Alerts: " + alertCounts(firing, over) + ", last "), v.at(last)}, Tone: chat.Bad, Parts: []chat.Part{list},
	}
	if firing == 0 {
		m.Tone = chat.Good
	}
	m.Summary = inc.Number.String() + " alerts: " + alertCounts(firing, over)
	if inc.AlertsMore > 0 {
		m.Parts = append(m.Parts, small(chat.Plain("and "+count(inc.AlertsMore, "more group")+" of alerts, which are not followed one by one")))
	}
	m.Parts = append(m.Parts, changed2h(changes, v)...)
	return m
}

// AlertsNew tells the room of a group of alerts that joined the incident.
func AlertsNew(_ incident.Incident, e incident.AlertsAttached, v Voice) chat.Message {
	line := text(chat.Plain("🔔 New alerts of "+e.Source+": "), said(e.Title), chat.Plain(", "), chat.Strong(alertCounts(e.Firing, e.Recovered)))
	for _, l := range []chat.Link{{Label: "open", URL: e.Link}, {Label: "runbook", URL: e.Runbook}, {Label: "dashboard", URL: e.Board}} {
		if l.URL != "" {
			line = append(line, chat.Plain(" · "), l)
		}
	}
	return chat.Message{Tone: chat.Bad, Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})}
}

// AlertsOver tells the room that nothing fires any more. It resolves nothing.
func AlertsOver(inc incident.Incident, e incident.AlertsChanged, v Voice) chat.Message {
	line := text(chat.Plain("🟢 "), chat.Strong("All alerts have recovered"), chat.Plain("; the last was "), said(e.Title), chat.Plain(", at "), v.at(e.Last), chat.Plain("."))
	m := chat.Message{Tone: chat.Good, Parts: []chat.Part{line}, Summary: "All alerts of " + inc.Number.String() + " have recovered"}
	if inc.Status.Open() {
		m.Parts = append(m.Parts, small(chat.Plain(inc.Number.String()+" stays open until somebody resolves it.")))
		m.Actions = []chat.Action{button(inc, "Monitoring", "status", string(incident.Monitoring)), button(inc, "Resolve", "resolve")}
	}
	return m
}

// AlertsBack is bad news: alerts of an incident that was resolved fire again.
func AlertsBack(inc incident.Incident, e incident.AlertsChanged, v Voice) chat.Message {
	line := text(chat.Plain("❗ "))
	line = append(line, v.commander(inc)...)
	line = append(line, chat.Strong("alerts fire again"), chat.Plain(": "), said(e.Title), chat.Plain(", "+alertCounts(e.Firing, e.Recovered)+"."))
	return chat.Message{
		Tone: chat.Bad, Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now}),
		Actions: []chat.Action{primary(button(inc, "Reopen", "reopen", "its alerts fire again"))},
	}
}

// Suggestion asks, where incidents are announced, what to make of a group of
// alerts; it is edited as they come and go. open says that people work on the
// incident that has them.
func Suggestion(g incident.AlertGroup, open bool, changes []integrations.Change, v Voice) chat.Message {
	firing, over := g.Firing(), g.Recovered()
	m := chat.Message{
		Title: []chat.Span{chat.Plain(alertMark(firing) + " "), chat.Plain(g.Head.Title)}, Tone: chat.Bad,
		Summary: g.Source + ": " + g.Head.Title + ": " + alertCounts(firing, over),
	}
	f := chat.Fields{{Label: "Alerts", Value: []chat.Span{chat.Strong(alertCounts(firing, over)), chat.Plain(", last "), v.at(g.Last)}}}
	if g.Head.Severity != "" {
		f = append(f, chat.Field{Label: "The monitor says", Value: plain(g.Head.Severity)})
	}
	if g.Decided.Service != "" {
		f = append(f, chat.Field{Label: "Service", Value: plain(g.Decided.Service)})
	}
	m.Parts = append(m.Parts, f)
	if g.Head.Summary != "" && g.Head.Summary != g.Head.Title {
		m.Parts = append(m.Parts, chat.Quote{chat.Plain(g.Head.Summary)})
	}
	m.Parts = append(m.Parts, changed2h(changes, v)...)
	m.Parts = append(m.Parts, suggestedBy(g, v))
	switch {
	case open:
		m.Tone = chat.Quiet
		where := "An incident has these alerts."
		if !g.Private {
			where = g.Number.String() + " has these alerts."
		}
		m.Parts = append(m.Parts, text(chat.Plain("✅ "+where)))
	case g.Muted(v.Now):
		m.Tone = chat.Quiet
		m.Parts = append(m.Parts, text(mutedWords(g, v)...))
		m.Actions = []chat.Action{alertButton("Unmute", g, "unmute")}
	case firing == 0:
		m.Tone = chat.Good
		m.Parts = append(m.Parts, text(chat.Plain("All of them have recovered; nothing was declared.")))
	default:
		m.Actions = []chat.Action{
			primary(alertButton("Declare", g, "declare")), alertButton("Attach", g, "attach"),
			alertButton("Mute 1 h", g, "mute", string(incident.MuteHour)), alertButton("Mute until recovered", g, "mute", string(incident.MuteRecovered)),
		}
		if g.Decided.Rule != "" {
			m.Actions = append(m.Actions, alertButton("Always mute this rule", g, "mute", string(incident.MuteRule)))
		}
	}
	return m
}

func alertButton(label string, g incident.AlertGroup, what string, more ...string) chat.Action {
	return chat.Action{Label: label, Command: strings.Join(append([]string{"alert-group", what, g.ID}, more...), " ")}
}

// suggestedBy says why the card is there.
func suggestedBy(g incident.AlertGroup, v Voice) chat.Part {
	why := "no rule of the policy matches"
	if g.Decided.Rule != "" {
		why = "rule " + g.Decided.Rule
	}
	if g.Decided.Why != "" {
		why += ", " + g.Decided.Why
	}
	line := small(chat.Plain(g.Source+" · since "), v.at(g.Since), chat.Plain(" · "+why))
	if g.Cut {
		line = append(line, chat.Plain(" · there are more alerts than were told one by one"))
	}
	for _, l := range []chat.Link{{Label: "open", URL: g.Head.Link}, {Label: "runbook", URL: g.Head.Runbook}, {Label: "dashboard", URL: g.Head.Board}} {
		if l.URL != "" {
			line = append(line, chat.Plain(" · "), l)
		}
	}
	return line
}

// AlertsMuted answers whoever muted a group of alerts, or lifted that.
func AlertsMuted(g incident.AlertGroup, v Voice) chat.Message {
	line := text(chat.Plain("The alerts "), chat.Strong(g.Head.Title), chat.Plain(" are not muted any more."))
	m := chat.Message{Summary: "Alerts are not muted any more"}
	if g.Mute.How != "" {
		line = text(append([]chat.Span{chat.Strong(g.Head.Title), chat.Plain(": ")}, mutedWords(g, v)...)...)
		m.Summary = "Alerts are muted"
		m.Actions = []chat.Action{alertButton("Unmute", g, "unmute")}
	}
	m.Parts = []chat.Part{line}
	return m
}

func mutedWords(g incident.AlertGroup, v Voice) []chat.Span {
	by := []chat.Span{chat.Plain(" by "), Person(g.MutedBy, v), chat.Plain(".")}
	switch g.Mute.How {
	case incident.MuteHour:
		return append([]chat.Span{chat.Plain("🔕 Muted until "), v.at(g.Mute.Until)}, by...)
	case incident.MuteRecovered:
		return append([]chat.Span{chat.Plain("🔕 Muted until they have recovered")}, by...)
	case incident.MuteRule:
		return append([]chat.Span{chat.Plain("🔕 All alerts of rule "), chat.Strong(g.Mute.Rule), chat.Plain(" are muted, until somebody lifts it,")}, by...)
	}
	return plain("Not muted.")
}

// changed2h says what changed on the services in the last two hours.
func changed2h(changes []integrations.Change, v Voice) []chat.Part {
	if len(changes) == 0 {
		return nil
	}
	var list chat.List
	for _, c := range changes[:min(len(changes), maxChanges)] {
		line := []chat.Span{v.at(c.At), chat.Plain(" "), chat.Strong(changeKind(c)), chat.Plain(" " + c.Service)}
		if c.Environment != "" {
			line = append(line, chat.Plain(" in "+c.Environment))
		}
		if c.Title != "" {
			line = append(line, chat.Plain(": "+c.Title))
		}
		if c.By != "" {
			line = append(line, chat.Plain(", by "+c.By))
		}
		if !c.Until.IsZero() {
			line = append(line, chat.Plain(", until "), v.at(c.Until))
		}
		if c.Link != "" {
			line = append(line, chat.Plain(" · "), chat.Link{Label: "open", URL: c.Link})
		}
		list = append(list, line)
	}
	out := []chat.Part{text(chat.Strong("Changed in the 2 h before")), list}
	if more := len(changes) - maxChanges; more > 0 {
		out = append(out, small(chat.Plain("and "+count(more, "more change"))))
	}
	return out
}

func changeKind(c integrations.Change) string {
	if c.Kind == "" {
		return "change"
	}
	return c.Kind
}

func alertMark(firing int) string {
	if firing == 0 {
		return "🟢"
	}
	return "🔴"
}

func alertCounts(firing, recovered int) string {
	out := itoa(firing) + " firing"
	if recovered > 0 {
		out += ", " + itoa(recovered) + " recovered"
	}
	return out
}
