package say

import (
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/integrations"
)

// lately is how far back a newcomer is told what has changed.
const lately = time.Hour

// Welcome is for somebody who comes into the room, for them alone: the card,
// and what changed in the last hour of entries.
func Welcome(inc incident.Incident, entries []incident.Entry, v Voice) chat.Message {
	m := Card(inc, v)
	m.Title = append([]chat.Span{chat.Plain("Welcome to ")}, m.Title...)
	m.Actions = nil
	m.Parts = append(m.Parts, changed(entries, v)...)
	if inc.Status.Open() {
		m.Parts = append(m.Parts, small(chat.Plain("Say what you see in the room; put what matters on the timeline with "),
			v.typed("note the queue is empty again"), chat.Plain(" or the 📌 reaction.")))
		for _, role := range v.roles(inc) {
			if _, held := holder(inc, role); !held {
				m.Actions = append(m.Actions, button(inc, "Take "+RoleName(role, v), "take", string(role)))
				break
			}
		}
	}
	m.Actions = append(m.Actions, button(inc, "What happened", "catchup"))
	return m
}

// changed is what a newcomer reads of the last hour, the newest last.
func changed(entries []incident.Entry, v Voice) []chat.Part {
	var list chat.List
	for _, e := range entries {
		_, decided := e.Event.(incident.DecisionMade)
		_, updated := e.Event.(incident.UpdatePosted)
		if e.Struck || e.Deleted || v.Now.Sub(e.Recorded) > lately || !telling(e.Event) && !decided && !updated {
			continue
		}
		list = append(list, entryLine(e, v))
	}
	if len(list) == 0 {
		return []chat.Part{small(chat.Plain("Nothing changed in the last hour."))}
	}
	out := []chat.Part{text(chat.Strong("In the last hour")), list[max(0, len(list)-latest):]}
	if more := len(list) - latest; more > 0 {
		out = append(out, small(chat.Plain("and "+itoa(more)+" before")))
	}
	return out
}

// Installed is the first message to who set the bot up: what is set, what is
// off and why, and a way to try it that wakes nobody.
func Installed(found []integrations.Finding, v Voice) chat.Message {
	m := chat.Message{Title: plain("I am here, and listening"), Summary: "tocsin is here, and listening"}
	var set, off chat.List
	for _, f := range found {
		line := []chat.Span{chat.Strong(f.What)}
		if f.Why != "" {
			line = append(line, chat.Plain(": "+f.Why))
		}
		if f.Level == "ok" {
			set = append(set, line)
			continue
		}
		if f.Mend != "" {
			line = append(line, chat.Plain(" · to mend it: "+f.Mend))
		}
		off = append(off, line)
	}
	if set != nil {
		m.Parts = append(m.Parts, text(chat.Strong("Set")), set)
	}
	if off != nil {
		m.Parts = append(m.Parts, text(chat.Strong("Off, or wrong")), off)
	}
	m.Parts = append(m.Parts,
		text(chat.Plain("Anybody declares an incident with one line: "), v.typed("checkout is failing"), chat.Plain(". A drill is the same in every step, wakes nobody, and no figure counts it.")),
		small(chat.Plain("What is set and off, at any time: "), v.typed("doctor"), chat.Plain(" · everything that can be said: "), v.typed("help")))
	m.Actions = []chat.Action{
		primary(chat.Action{Label: "Declare a drill", Command: "declare drill:yes a drill to see how incidents run"}),
		{Label: "Help", Command: "help"},
	}
	return m
}

// WhereToAnnounce asks once where incidents shall be announced.
func WhereToAnnounce(v Voice) chat.Message {
	return chat.Message{
		Title: plain("Where shall incidents be announced?"),
		Parts: []chat.Part{
			text(chat.Plain("Each gets one message there, edited as things change, with updates in its thread; a private one gets none. In the room that shall have them, invite me and say: "), v.typed("announce here")),
			small(chat.Plain("Until somebody answers, incidents are announced nowhere, and everything else works. I ask this once.")),
		},
		Actions: []chat.Action{{Label: "Nowhere", Command: "announce off"}},
		Summary: "Where shall incidents be announced?",
	}
}
