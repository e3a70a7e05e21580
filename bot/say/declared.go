package say

import (
	"tocsin/bot/chat"
	"tocsin/incident"
)

// Declared is the reply to a declare, in four lines: the number and its room,
// who commands, whom it is paging, and the one thing to do next.
func Declared(inc incident.Incident, v Voice) chat.Message {
	m := chat.Message{Tone: tone(inc)}
	m.Parts = []chat.Part{
		text(declaredRoom(inc, v)...),
		text(declaredCommander(inc, v)...),
		text(declaredPages(inc, v)...),
		text(declaredNext(inc, v)...),
	}
	m.Summary = inc.Number.String() + " is declared"
	return m
}

func declaredRoom(inc incident.Incident, v Voice) []chat.Span {
	how := " is declared"
	switch {
	case inc.RecordOnly:
		how = " is on record"
	case inc.Drill && inc.Private:
		how = " is declared as a private drill"
	case inc.Drill:
		how = " is declared as a drill"
	case inc.Private:
		how = " is declared as private"
	}
	line := []chat.Span{chat.Strong(inc.Number.String()), chat.Plain(how + ": "), said(inc.Title), chat.Plain(" · ")}
	if inc.RecordOnly {
		return append(line, chat.Plain("it gets no room"))
	}
	if room, ok := v.room(inc); ok {
		return append(line, chat.Plain("its room is "), room)
	}
	return append(line, chat.Plain("its room is opening"))
}

func declaredCommander(inc incident.Incident, v Voice) []chat.Span {
	h, ok := holder(inc, incident.Commander)
	switch {
	case inc.RecordOnly:
		return plain("For the record only: nobody is asked to do anything.")
	case !ok:
		return []chat.Span{chat.Plain("Nobody commands yet: "), v.typed(command(inc.Number, "take"))}
	case h.Acting:
		return []chat.Span{Person(h.Person, v), chat.Plain(" commands for now (acting), until somebody takes it.")}
	}
	return []chat.Span{Person(h.Person, v), chat.Plain(" commands.")}
}

// declaredPages never says "paged": at this moment it is only asked for.
func declaredPages(inc incident.Incident, v Voice) []chat.Span {
	if len(inc.Pages) == 0 {
		return plain("Nobody is paged.")
	}
	line := plain("Is paging ")
	for i, p := range inc.Pages {
		if i > 0 {
			line = append(line, chat.Plain(", "))
		}
		line = append(line, target(p.Target, v)...)
		if p.Why != "" {
			line = append(line, chat.Plain(" ("+p.Why+")"))
		}
	}
	if inc.Drill {
		return append(line, chat.Plain(". A drill: "), chat.Strong(Practice), chat.Plain("."))
	}
	return append(line, chat.Plain(". Whether anybody answers is told in the room."))
}

func declaredNext(inc incident.Incident, v Voice) []chat.Span {
	next := func(words, typed string) []chat.Span {
		return []chat.Span{chat.Plain("Next: " + words + ": "), v.typed(typed)}
	}
	switch {
	case inc.RecordOnly:
		return next("add what you remember", command(inc.Number, "note")+" at:14:05 the database was restarted")
	case inc.Severity == incident.SevUnset:
		return next("say how bad it is", command(inc.Number, "severity")+" sev2")
	case inc.Impact.Empty():
		return next("say who feels it", command(inc.Number, "impact")+" nobody can pay")
	case len(inc.Pages) == 0:
		return next("get help", command(inc.Number, "page")+" @who")
	}
	return next("tell stakeholders", command(inc.Number, "update")+" we are looking at it")
}
