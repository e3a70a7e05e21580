package console

import (
	"net/url"
	"strconv"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
)

func roomsList(all []roomView) g.Node {
	var open, over []roomView
	for _, r := range all {
		if r.Archived {
			over = append(over, r)
		} else {
			open = append(open, r)
		}
	}
	return g.Group{
		el("ul", attr("class", "rooms"), attr("id", "room-list"), g.Map(open, roomItem)),
		el("details", attr("class", "over"), attr("id", "rooms-over"), flag(len(over) == 0, "hidden"),
			el("summary", text("Archived")), el("ul", attr("class", "rooms"), attr("id", "room-list-over"), g.Map(over, roomItem))),
	}
}

func roomItem(r roomView) g.Node {
	at := roomPath(r.ID)
	if r.As != "" {
		at += "?as=" + url.QueryEscape(r.As)
	}
	return el("li", classes("room", when(r.Unread, "unread")), attr("id", "r-"+r.ID), attr("data-room", r.ID), attr("data-name", chat.CleanLine(r.Name)),
		flag(r.Archived, "data-over"), flag(r.Direct, "data-direct"),
		el("a", attr("href", at), g.If(r.Here, attr("aria-current", "page")),
			sign(r),
			el("bdi", attr("class", "room-name"), oneLine(r.Name)),
			g.If(r.Unread, el("span", attr("class", "dot"), el("span", attr("class", "sr"), text("unread"))))))
}

// head is what stands over a room.
func head(r roomView) g.Node {
	return el("header", attr("class", "head"), attr("id", "head"),
		el("button", attr("type", "button"), attr("class", "icon phone"), attr("popovertarget", "nav"), attr("aria-label", "Rooms"), iconMenu),
		el("div", attr("class", "head-words"),
			el("h1", sign(r), el("bdi", oneLine(r.Name)),
				g.If(r.Archived, el("span", attr("class", "tag"), text("archived"))),
				g.If(r.Private && !r.Direct, el("span", attr("class", "tag"), text("private")))),
			el("p", attr("class", "topic"), attr("dir", "auto"), oneLine(r.Topic))),
		el("div", attr("class", "head-tools"),
			g.Iff(!r.Direct, func() g.Node { return peopleHere(r) }),
			pinsHere(r.Pins),
			el("button", attr("type", "button"), attr("class", "icon side-open"), attr("popovertarget", "side"), attr("aria-label", "Panels"), iconPanel)))
}

func peopleHere(r roomView) g.Node {
	count := strconv.Itoa(len(r.People))
	return el("details", attr("class", "drop"), attr("id", "people-here"), attr("name", "head"),
		el("summary", attr("class", "chip"), attr("aria-label", count+" in this room"),
			el("span", attr("class", "faces"), g.Map(r.People[:min(3, len(r.People))], avatar)), iconPeople, text(" "+count)),
		el("div", attr("class", "drop-body"), el("h2", text("In this room")),
			el("ul", attr("class", "people"),
				g.Map(r.People, func(p Person) g.Node { return el("li", avatar(p), personLines(p)) }),
				g.If(len(r.People) == 0, el("li", attr("class", "muted"), text("Nobody yet.")))),
			g.Iff(r.CanSpeak && !r.Archived, func() g.Node { return comeOrGo(r.Joined) })))
}

func comeOrGo(joined bool) g.Node {
	if joined {
		return el("button", attr("type", "button"), attr("class", "btn"), attr("data-do", "leave"), text("Leave this room"))
	}
	return el("button", attr("type", "button"), attr("class", "btn primary"), attr("data-do", "join"), text("Join this room"))
}

func pinsHere(pins []messageView) g.Node {
	count := strconv.Itoa(len(pins))
	return el("details", attr("class", "drop"), attr("id", "pins-here"), attr("name", "head"),
		el("summary", attr("class", "chip"), attr("aria-label", count+" pinned"), iconPin, text(" "+count)),
		el("div", attr("class", "drop-body wide"), el("h2", text("Pinned")),
			el("ul", attr("class", "pins"),
				g.Map(pins, func(m messageView) g.Node {
					return el("li", el("a", attr("href", messagePath(m)), el("b", oneLine(m.Name)), text(" "), el("span", text(m.Summary))))
				}),
				g.If(len(pins) == 0, el("li", attr("class", "muted"), text("Nothing is pinned. Pin what others must find at once."))))))
}
