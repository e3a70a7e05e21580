package say

import (
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// Spans turns a sentence of the timeline into words: names of persons in place
// of ids (nobody is notified), moments in the reader's zone.
func Spans(parts []incident.Part, v Voice) []chat.Span {
	out := make([]chat.Span, 0, len(parts))
	for _, p := range parts {
		switch p := p.(type) {
		case incident.Words:
			out = append(out, chat.Plain(p))
		case incident.Who:
			out = append(out, Person(incident.PersonID(p), v))
		case incident.Said:
			out = append(out, said(incident.Text(p)))
		case incident.Moment:
			out = append(out, v.at(time.Time(p)))
		case incident.Where:
			out = append(out, v.where(incident.Room(p)))
		case incident.Address:
			out = append(out, v.address(p))
		}
	}
	return out
}

// address is a link. A path of the house's own server leads to it when the
// voice knows where that is, and else is only named.
func (v Voice) address(a incident.Address) chat.Span {
	if !strings.HasPrefix(a.URL, "/") || strings.HasPrefix(a.URL, "//") {
		return chat.Link{Label: a.Label, URL: a.URL}
	}
	if v.Link == "" {
		return chat.Plain(a.Label)
	}
	return chat.Link{Label: a.Label, URL: v.Link + a.URL}
}

func (v Voice) where(r incident.Room) chat.Span {
	name := r.Name
	if name == "" {
		name = r.ID
	}
	if r.Platform != v.Platform {
		return chat.Plain("#" + name + " on " + r.Platform)
	}
	return chat.RoomLink{Room: r.ID, Name: name}
}

// struckOut draws a sentence as taken back.
func struckOut(spans []chat.Span, v Voice) []chat.Span {
	words := chat.SpansText(spans, chat.Paper{Zone: v.Zone, Now: v.Now})
	return []chat.Span{chat.Struck(words)}
}
