package say

import (
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/integrations"
)

// Practice stands on every receipt of a page that woke nobody.
const Practice = "PRACTICE, NOBODY WOKEN"

// PageReceipt is a page's message in the room, edited in place as it comes
// further. It says what is known and no more.
func PageReceipt(inc incident.Incident, p incident.Page, v Voice) chat.Message {
	line := append([]chat.Span{chat.Plain("📟 ")}, pageLine(p, v)...)
	m := chat.Message{Tone: pageTone(p), Parts: []chat.Part{text(line...)}}
	if !p.Text.Empty() {
		m.Parts = append(m.Parts, chat.Quote{said(p.Text)})
	}
	foot := small(chat.Plain("Asked by "), Person(p.By, v), chat.Plain(" "), v.at(p.At))
	if p.Why != "" {
		foot = append(foot, chat.Plain(", "+p.Why))
	}
	if p.Link != "" {
		foot = append(foot, chat.Plain(" · "), chat.Link{Label: "open at " + pagerName(p), URL: p.Link})
	}
	m.Parts = append(m.Parts, foot)
	m.Actions = pageActions(inc, p)
	m.Summary = chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})
	return m
}

func pageTone(p incident.Page) chat.Tone {
	switch p.State {
	case incident.PageBroken:
		return chat.Bad
	case incident.PageAcked:
		return chat.Good
	case incident.PageOver:
		return chat.Quiet
	case incident.PageAsked, incident.PageTaken, incident.PageRungOut:
		return chat.Neutral
	}
	return chat.Neutral
}

func pageActions(inc incident.Incident, p incident.Page) []chat.Action {
	id := string(p.ID)
	ack, next := primary(button(inc, "I'm on it", "ack", id)), button(inc, "Ask the next level", "escalate", id)
	switch p.State {
	case incident.PageAsked:
		return []chat.Action{ack}
	case incident.PageTaken, incident.PageRungOut:
		return []chat.Action{ack, next}
	case incident.PageAcked, incident.PageBroken, incident.PageOver:
	}
	return nil
}

// pageLine is a page and how far it came.
func pageLine(p incident.Page, v Voice) []chat.Span {
	line := []chat.Span{chat.Plain("Page " + string(p.ID) + " to ")}
	line = append(line, target(p.Target, v)...)
	line = append(line, chat.Plain(": "))
	return append(append(line, pageState(p, v)...), pageMarks(p)...)
}

func target(t incident.Target, v Voice) []chat.Span {
	if t.Kind == incident.PersonTarget {
		id := t.Person
		if id == "" {
			id = incident.PersonID(t.Name)
		}
		return []chat.Span{Person(id, v)}
	}
	return []chat.Span{chat.Plain(string(t.Kind) + " "), chat.Strong(t.Name)}
}

func pageState(p incident.Page, v Voice) []chat.Span {
	switch p.State {
	case incident.PageAsked:
		return []chat.Span{chat.Strong("requested"), chat.Plain(", not yet taken by " + pagerName(p))}
	case incident.PageTaken:
		return append([]chat.Span{chat.Strong("accepted"), chat.Plain(" by " + pagerName(p))}, ringing(p)...)
	case incident.PageAcked:
		line := []chat.Span{chat.Strong("acknowledged"), chat.Plain(" by "), acker(p, v)}
		if !p.AckedAt.IsZero() {
			line = append(line, chat.Plain(" "), v.at(p.AckedAt))
		}
		return line
	case incident.PageRungOut:
		return append([]chat.Span{chat.Strong("escalated"), chat.Plain(" to level " + itoa(max(p.Level, 1)))}, ringing(p)...)
	case incident.PageBroken:
		return []chat.Span{chat.Strong("failed"), chat.Plain(": " + failure(p))}
	case incident.PageOver:
		return []chat.Span{chat.Strong("resolved")}
	}
	return []chat.Span{chat.Plain(string(p.State))}
}

func ringing(p incident.Page) []chat.Span {
	if p.Practice {
		return []chat.Span{chat.Plain(", not acknowledged yet")}
	}
	if p.Whom == "" {
		return []chat.Span{chat.Plain(", not acknowledged yet")}
	}
	return []chat.Span{chat.Plain(", it calls " + p.Whom + ", not acknowledged yet")}
}

func acker(p incident.Page, v Voice) chat.Span {
	if p.Acker != "" {
		return Person(p.Acker, v)
	}
	if p.AckedBy != "" {
		return chat.Plain(p.AckedBy)
	}
	return chat.Plain("somebody at " + pagerName(p))
}

func failure(p incident.Page) string {
	if p.Failure == "" {
		return "the reason is not known"
	}
	return strings.TrimSuffix(p.Failure, ".")
}

// pageMarks are what must be read with any state of a page.
func pageMarks(p incident.Page) []chat.Span {
	var out []chat.Span
	if p.Practice {
		out = append(out, chat.Plain(" · "), chat.Strong(Practice))
	}
	if p.MaybeTwo {
		out = append(out, chat.Plain(" · may be a duplicate"))
	}
	return out
}

func pagerName(p incident.Page) string {
	switch {
	case p.Pager != "":
		return p.Pager
	case p.Target.Pager != "":
		return p.Target.Pager
	}
	return "the pager"
}

// PageFailed is bad news: a new message that mentions the commander and says
// whom to call. onCall may be empty.
func PageFailed(inc incident.Incident, p incident.Page, onCall []integrations.OnCall, v Voice) chat.Message {
	line := text(chat.Plain("❗ "))
	line = append(line, v.commander(inc, ": ")...)
	line = append(line, chat.Strong("nobody was woken"), chat.Plain(" by the page to "))
	line = append(line, target(p.Target, v)...)
	line = append(line, chat.Plain(" ("+failure(p)+")."))
	return badNews(inc, p, line, onCall, v)
}

// PageUnanswered is bad news: the pager took the page and nobody has
// acknowledged it for a while.
func PageUnanswered(inc incident.Incident, p incident.Page, onCall []integrations.OnCall, v Voice) chat.Message {
	line := text(chat.Plain("❗ "))
	line = append(line, v.commander(inc, ": ")...)
	line = append(line, chat.Strong("nobody has acknowledged"), chat.Plain(" the page to "))
	line = append(line, target(p.Target, v)...)
	line = append(line, chat.Plain(", asked "), v.ago(p.At), chat.Plain("."))
	return badNews(inc, p, line, onCall, v)
}

func badNews(inc incident.Incident, p incident.Page, line chat.Text, onCall []integrations.OnCall, v Voice) chat.Message {
	m := chat.Message{Tone: chat.Bad, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})}
	m.Parts = append(m.Parts, append(line, pageMarks(p)...), whomToCall(p, onCall))
	again := []string{string(p.Target.Kind), p.Target.Name}[1:]
	if p.State == incident.PageBroken && p.Target.Kind != incident.PersonTarget {
		m.Actions = append(m.Actions, primary(button(inc, "Page again", "page", again...)))
	}
	if p.State == incident.PageTaken || p.State == incident.PageRungOut {
		m.Actions = append(m.Actions, button(inc, "Ask the next level", "escalate", string(p.ID)))
	}
	return m
}

// commander mentions who commands, or the declarer while nobody does.
func (v Voice) commander(inc incident.Incident, after string) []chat.Span {
	who := inc.Declarer
	if h, ok := holder(inc, incident.Commander); ok {
		who = h.Person
	}
	if who == "" || who == incident.House {
		return nil
	}
	return []chat.Span{Ping(who, v), chat.Plain(after)}
}

// whomToCall names people and numbers, so that bad news has a way on.
func whomToCall(p incident.Page, onCall []integrations.OnCall) chat.Part {
	if len(onCall) > 0 {
		list := chat.List{}
		for _, o := range onCall {
			list = append(list, append(plain("Call "), caller(o)...))
		}
		return list
	}
	if p.Call != "" {
		return text(chat.Plain("Call instead: " + p.Call))
	}
	return text(chat.Plain("tocsin knows no number to call. Reach somebody by phone, or page another team or person."))
}

func caller(o integrations.OnCall) []chat.Span {
	out := []chat.Span{chat.Strong(o.Name)}
	if o.Phone != "" {
		out = append(out, chat.Plain(" "+o.Phone))
	}
	if o.Email != "" {
		out = append(out, chat.Plain(" "), chat.Link{Label: o.Email, URL: "mailto:" + o.Email})
	}
	if o.Target != "" {
		out = append(out, chat.Plain(" ("+o.Target+", level "+itoa(max(o.Level, 1))+")"))
	}
	return out
}

// PageDirect is a page as a direct message to the person it calls, where no
// pager is set up. Of a private incident it holds the number alone.
func PageDirect(inc incident.Incident, p incident.Page, v Voice) chat.Message {
	id := p.Target.Person
	m := chat.Message{
		Title: []chat.Span{chat.Plain("📟 You are needed in "), chat.Strong(inc.Number.String())},
		Tone:  tone(inc), Summary: PageText(inc, p, false, v),
		Actions: []chat.Action{primary(button(inc, "I'm on it", "ack", string(p.ID)))},
	}
	if inc.Private {
		m.Title = append([]chat.Span{}, chat.Plain("📟 You are needed in a private incident, "), chat.Strong(inc.Number.String()))
		m.Tone = chat.Neutral
		return m
	}
	m.Parts = append(m.Parts, text(chat.Strong(v.severity(inc.Severity)), chat.Plain(" · "), said(inc.Title)))
	if !p.Text.Empty() {
		m.Parts = append(m.Parts, chat.Quote{said(p.Text)})
	}
	foot := small(chat.Plain("Asked by "), Person(p.By, v))
	if room, ok := v.room(inc); ok {
		foot = append(foot, chat.Plain(" · "), room)
	}
	if inc.Drill {
		foot = append(foot, chat.Plain(" · a drill"))
	}
	m.Parts = append(m.Parts, foot)
	if id != "" && v.face(id).Account == "" {
		m.Actions = nil // it cannot be answered from here
	}
	return m
}

// PageText is what leaves the house for a pager or a phone: of a private
// incident the number alone, unless open says that policy names the target
// private.
func PageText(inc incident.Incident, p incident.Page, open bool, v Voice) string {
	if inc.Private && !open {
		return "You are needed in a private incident, " + inc.Number.String() + "."
	}
	t := inc.Number.String()
	if inc.Drill {
		t = "DRILL " + t
	}
	if inc.Severity != incident.SevUnset {
		t += " " + v.severity(inc.Severity)
	}
	t += ": " + inc.Title.String()
	if !p.Text.Empty() {
		t += ". " + p.Text.String()
	}
	return chat.CleanLine(t)
}
