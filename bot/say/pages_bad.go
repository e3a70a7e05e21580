package say

import (
	"slices"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/integrations"
)

// PageFailed is bad news: a new message that mentions the commander and says
// whom to call. onCall may be empty.
func PageFailed(inc incident.Incident, p incident.Page, onCall []integrations.OnCall, v Voice) chat.Message {
	line := text(chat.Plain("❗ "))
	line = append(line, v.commander(inc)...)
	if p.Unsure {
		line = append(line, chat.Strong("I could not confirm"), chat.Plain(" the page to "))
		line = append(line, target(p.Target, v)...)
		line = append(line, chat.Plain(" ("+failure(p)+"). It may ring all the same; do not count on it."))
		return badNews(inc, p, line, onCall, v)
	}
	line = append(line, chat.Strong("nobody was woken"), chat.Plain(" by the page to "))
	line = append(line, target(p.Target, v)...)
	line = append(line, chat.Plain(" ("+failure(p)+")."))
	return badNews(inc, p, line, onCall, v)
}

// PageUnanswered is bad news: the pager took the page and nobody has
// acknowledged it for a while.
func PageUnanswered(inc incident.Incident, p incident.Page, onCall []integrations.OnCall, v Voice) chat.Message {
	line := text(chat.Plain("❗ "))
	line = append(line, v.commander(inc)...)
	line = append(line, chat.Strong("nobody has acknowledged"), chat.Plain(" the page to "))
	line = append(line, target(p.Target, v)...)
	line = append(line, chat.Plain(", asked "), v.ago(p.At), chat.Plain("."))
	return badNews(inc, p, line, onCall, v)
}

func badNews(inc incident.Incident, p incident.Page, line chat.Text, onCall []integrations.OnCall, v Voice) chat.Message {
	m := chat.Message{Tone: chat.Bad, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})}
	m.Parts = append(m.Parts, append(line, pageMarks(p)...), whomToCall(p, onCall))
	if p.Ringing() && p.State != incident.PageAsked && !p.OneWay() {
		m.Actions = append(m.Actions, button(inc, "Ask the next level", "escalate", string(p.ID)))
	}
	if p.State == incident.PageBroken {
		m.Actions = append([]chat.Action{primary(again(inc, p))}, m.Actions...)
	}
	return m
}

// PageOverAsks says that a page was resolved at the pager. That never resolves
// the incident: somebody is asked.
func PageOverAsks(inc incident.Incident, p incident.Page, v Voice) chat.Message {
	line := text(chat.Plain("📟 "))
	switch {
	case p.Ender != "" && p.Ender != incident.House:
		line = append(line, Person(p.Ender, v), chat.Plain(" resolved page "+string(p.ID)+" to "))
	case p.EndedBy != "":
		line = append(line, chat.Plain(p.EndedBy+" resolved page "+string(p.ID)+" to "))
	default:
		line = append(line, chat.Plain("Somebody resolved page "+string(p.ID)+" to "))
	}
	line = append(line, target(p.Target, v)...)
	line = append(line, chat.Plain(" at "+pagerName(p)+". "), chat.Strong(inc.Number.String()+" is still "+string(inc.Status)),
		chat.Plain(": is it over, or is somebody still needed?"))
	line = append(line, pageMarks(p)...)
	return chat.Message{
		Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now}),
		Actions: []chat.Action{
			button(inc, "Resolve "+inc.Number.String(), "resolve"),
			button(inc, "Page again", "page", "again", string(p.ID)),
		},
	}
}

// ReopenOffers offers to page those who were on it before the incident was
// re-opened; ok is false when nobody was.
func ReopenOffers(inc incident.Incident, v Voice) (m chat.Message, ok bool) {
	line := text(chat.Plain("📟 Re-opening pages nobody by itself. On it before: "))
	var met []string
	for _, p := range slices.Backward(inc.Pages) {
		if p.State != incident.PageOver || p.Acker == "" && p.AckedBy == "" {
			continue
		}
		who := chat.SpansText([]chat.Span{acker(p, v)}, chat.Paper{})
		if slices.Contains(met, who) || len(met) == maxOffers {
			continue
		}
		if len(met) > 0 {
			line = append(line, chat.Plain(", "))
		}
		met = append(met, who)
		line = append(line, acker(p, v), chat.Plain(" (page "+string(p.ID)+" to "))
		line = append(append(line, target(p.Target, v)...), chat.Plain(")"))
		m.Actions = append(m.Actions, button(inc, "Page "+who, "page", "back", string(p.ID)))
	}
	if len(met) == 0 || !inc.Status.Open() {
		return chat.Message{}, false
	}
	m.Parts = []chat.Part{append(line, chat.Plain("."))}
	m.Summary = chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})
	return m, true
}

// maxOffers is how many people a re-open offers to page.
const maxOffers = 3

// commander mentions who commands, or the declarer while nobody does.
func (v Voice) commander(inc incident.Incident) []chat.Span {
	who := inc.Declarer
	if h, ok := holder(inc, incident.Commander); ok {
		who = h.Person
	}
	if who == "" || who == incident.House {
		return nil
	}
	return []chat.Span{Ping(who, v), chat.Plain(": ")}
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
	if p.State == incident.PageBroken && p.Next > 0 {
		return text(chat.Plain("Somebody is on call at level " + itoa(p.Next) + "."))
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
