package say

import (
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// Practice stands on every receipt of a page that woke nobody.
const Practice = "PRACTICE, NOBODY WOKEN"

// PageReceipt is a page's message in the room, edited in place as it comes
// further. It says what is known and no more. What was tried after it stands
// beneath it.
func PageReceipt(inc incident.Incident, p incident.Page, v Voice) chat.Message {
	line := append([]chat.Span{chat.Plain("📟 ")}, pageLine(p, v)...)
	m := chat.Message{Tone: pageTone(inc, p), Parts: []chat.Part{text(line...)}}
	if !p.Text.Empty() {
		m.Parts = append(m.Parts, chat.Quote{said(p.Text)})
	}
	m.Parts = append(m.Parts, pageExtras(inc, p, v)...)
	foot := small(chat.Plain("Asked by "), Person(p.By, v), chat.Plain(" "), v.at(p.At))
	if p.Why != "" && p.Why != incident.ByHand { // who asked stands there
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

// pageExtras are what else is known of a page: who else was asked, the newest
// note, and the pages that followed it.
func pageExtras(inc incident.Incident, p incident.Page, v Voice) []chat.Part {
	var out []chat.Part
	if p.To != (incident.Target{}) {
		out = append(out, append(append(text(chat.Plain("Asked to hand it to ")), target(p.To, v)...), chat.Plain("; "+pagerName(p)+" has not confirmed that yet.")))
	}
	if len(p.Also) > 0 {
		line := text(chat.Plain("Asked to help: "))
		for k, t := range p.Also {
			if k > 0 {
				line = append(line, chat.Plain(", "))
			}
			line = append(line, target(t, v)...)
		}
		out = append(out, line)
	}
	if !p.Note.Empty() {
		out = append(out, noteLine(p, v))
	}
	var list chat.List
	for _, next := range inc.PagesAfter(p.ID) {
		line := append(pageLine(next, v), chat.Plain(" ("+next.Why+")"))
		if next.Link != "" {
			line = append(line, chat.Plain(" "), chat.Link{Label: "open at " + pagerName(next), URL: next.Link})
		}
		list = append(list, line)
	}
	if list != nil {
		out = append(out, list)
	}
	return out
}

func noteLine(p incident.Page, v Voice) chat.Text {
	who := []chat.Span{chat.Plain("Note at " + pagerName(p))}
	switch {
	case p.Note.Author != "" && p.Note.Author != incident.House:
		who = []chat.Span{chat.Plain("Note by "), Person(p.Note.Author, v)}
	case p.NotedBy != "":
		who = []chat.Span{chat.Plain("Note by " + p.NotedBy)}
	}
	return append(text(who...), chat.Plain(": "), said(p.Note))
}

func pageTone(inc incident.Incident, p incident.Page) chat.Tone {
	switch {
	case p.State == incident.PageOver:
		return chat.Quiet
	case inc.Answered(p):
		return chat.Good
	case p.State == incident.PageBroken:
		return chat.Bad
	}
	return chat.Neutral
}

// ringer is the page of a call for help that can still be answered: the page
// itself, or one that followed it.
func ringer(inc incident.Incident, p incident.Page) (incident.Page, bool) {
	for _, q := range append([]incident.Page{p}, inc.PagesAfter(p.ID)...) {
		if q.MayRing() {
			return q, true
		}
	}
	return incident.Page{}, false
}

func pageActions(inc incident.Incident, p incident.Page) []chat.Action {
	if !inc.Status.Open() {
		return nil
	}
	q, rings := ringer(inc, p)
	if !rings || inc.Answered(p) {
		return settledActions(inc, p)
	}
	actions := []chat.Action{primary(button(inc, "I'm on it", "ack", string(q.ID)))}
	if q.Ringing() && q.State != incident.PageAsked && !q.OneWay() {
		actions = append(actions, button(inc, "Ask the next level", "escalate", string(q.ID)))
	}
	if q.There() && twoWay(q) {
		actions = append(actions, button(inc, "Hand it over", "page", "hand", string(q.ID)))
	}
	if p.State == incident.PageBroken {
		actions = append(actions, again(inc, p))
	}
	return actions
}

// settledActions are for a page that nobody is asked to answer any more.
func settledActions(inc incident.Incident, p incident.Page) []chat.Action {
	switch {
	case p.State == incident.PageAcked && twoWay(p):
		return []chat.Action{
			button(inc, "Hand it over", "page", "hand", string(p.ID)),
			button(inc, "Get more help", "page", "add", string(p.ID)),
		}
	case p.State == incident.PageBroken && !inc.Answered(p):
		return []chat.Action{again(inc, p)}
	}
	return nil
}

// again is how a page that reached nobody is repeated: at the level where
// somebody is on call, if that is known.
func again(inc incident.Incident, p incident.Page) chat.Action {
	if p.Next > 0 {
		return button(inc, "Ask level "+itoa(p.Next), "escalate", string(p.ID))
	}
	return button(inc, "Page again", "page", "again", string(p.ID))
}

// twoWay says that the pager can be told more than that a page is wanted.
func twoWay(p incident.Page) bool { return p.Pager != "" && !p.Blind && !p.Practice && !p.OneWay() }

func pageLine(p incident.Page, v Voice) []chat.Span {
	line := []chat.Span{chat.Plain("Page " + string(p.ID) + " to ")}
	line = append(line, target(p.Target, v)...)
	if p.Level > 1 && p.State != incident.PageRungOut {
		line = append(line, chat.Plain(" (level "+itoa(p.Level)+")"))
	}
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

const unanswered = ", not acknowledged yet"

func pageState(p incident.Page, v Voice) []chat.Span {
	switch p.State {
	case incident.PageAsked:
		if p.OneWay() {
			return []chat.Span{chat.Strong("requested"), chat.Plain(", not sent yet")}
		}
		return []chat.Span{chat.Strong("requested"), chat.Plain(", not yet taken by " + pagerName(p))}
	case incident.PageTaken, incident.PageFound:
		return arrived(p)
	case incident.PageAcked:
		line := []chat.Span{chat.Strong("acknowledged"), chat.Plain(" by "), acker(p, v)}
		if !p.AckedAt.IsZero() {
			line = append(line, chat.Plain(" "), v.at(p.AckedAt))
		}
		return line
	case incident.PageRungOut:
		level := itoa(max(p.Level, 1))
		if p.Rising {
			return []chat.Span{chat.Strong("level " + level + " asked for"), chat.Plain(", " + pagerName(p) + " has not confirmed it yet; not acknowledged yet")}
		}
		return []chat.Span{chat.Strong("escalated"), chat.Plain(" to level " + level + calls(p) + unanswered)}
	case incident.PageBroken:
		if p.Unsure {
			return []chat.Span{chat.Strong("not confirmed"), chat.Plain(": " + failure(p) + "; it may ring all the same")}
		}
		return []chat.Span{chat.Strong("failed"), chat.Plain(": " + failure(p))}
	case incident.PageOver:
		return append([]chat.Span{chat.Strong("resolved")}, ender(p, v)...)
	}
	return []chat.Span{chat.Plain(string(p.State))}
}

// arrived says how far a page came that nobody has answered. "Paged" is said
// when it was seen at the pager, or when a pager that cannot be asked took it.
func arrived(p incident.Page) []chat.Span {
	to := ""
	if p.Whom != "" {
		to = " to " + p.Whom
	}
	switch {
	case pagerKey(p) == "direct message":
		return []chat.Span{chat.Strong("sent"), chat.Plain(" as a direct message" + to + unanswered)}
	case p.OneWay():
		return []chat.Span{chat.Strong("sent"), chat.Plain(" by " + pagerName(p) + to + unanswered)}
	case p.Practice && p.Seen:
		return []chat.Span{chat.Strong("rings"), chat.Plain(" at " + pagerName(p) + unanswered)}
	case p.Practice:
		return []chat.Span{chat.Strong("accepted"), chat.Plain(" by " + pagerName(p) + unanswered)}
	case p.There() && p.Seen && p.Whom != "":
		return []chat.Span{chat.Strong("paged"), chat.Plain(" " + p.Whom + " through " + pagerName(p) + unanswered)}
	case p.There() && p.Seen:
		return []chat.Span{chat.Strong("paged"), chat.Plain(" through " + pagerName(p) + unanswered)}
	case p.There():
		return []chat.Span{chat.Strong("paged"), chat.Plain(": " + pagerName(p) + " took it" + calls(p) + unanswered)}
	}
	return []chat.Span{chat.Strong("accepted"), chat.Plain(" by " + pagerName(p) + calls(p) + ", not seen there yet" + unanswered)}
}

// calls says whom the pager calls, when it said so and calls anybody.
func calls(p incident.Page) string {
	if p.Practice || p.Whom == "" {
		return ""
	}
	return ", it calls " + p.Whom
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

func ender(p incident.Page, v Voice) []chat.Span {
	switch {
	case p.Ender != "" && p.Ender != incident.House:
		return []chat.Span{chat.Plain(" by "), Person(p.Ender, v)}
	case p.EndedBy != "":
		return plain(" by " + p.EndedBy)
	}
	return nil
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

// pagerKey is the name of the pager that has a page, or should take it.
func pagerKey(p incident.Page) string {
	if p.Pager != "" {
		return p.Pager
	}
	return p.Target.Pager
}

func pagerName(p incident.Page) string { return incident.PagerName(pagerKey(p)) }
