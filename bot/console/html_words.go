package console

import (
	"cmp"
	"strconv"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
)

func spans(all []spanView) g.Node { return g.Map(all, span) }

func span(s spanView) g.Node {
	switch s.Kind {
	case "plain":
		return text(chat.Clean(s.Text))
	case "strong":
		return el("strong", text(chat.Clean(s.Text)))
	case "struck":
		return el("s", text(chat.Clean(s.Text)))
	case "code":
		return el("code", oneLine(s.Text))
	case "try":
		return el("button", attr("type", "button"), attr("class", "try"), attr("data-do", "try"), attr("title", "Put it into the box"), el("code", oneLine(s.Text)))
	case "link":
		return el("a", attr("class", "out"), out(s.URL), el("bdi", oneLine(s.Text)))
	case "name":
		return el("bdi", attr("class", "name"), oneLine(s.Text))
	case "mention":
		return el("bdi", classes("mention", when(s.Me, "me")), attr("data-mention", s.URL), text("@"), oneLine(s.Text))
	case "room":
		return el("a", attr("class", "roomlink"), attr("href", roomPath(s.URL)), text("#"), oneLine(s.Text))
	case "when":
		if s.At.IsZero() {
			return text("at no known time")
		}
		return moment(s.At, s.Style)
	}
	return nil
}

func buttons(all []actionView) g.Node {
	return el("div", attr("class", "actions"), g.Map(all, button))
}

func button(a actionView) g.Node {
	switch {
	case a.URL != "" && a.Safe:
		return el("a", classes("btn", string(a.Style)), out(a.URL), oneLine(a.Label), text(" "), iconOut)
	case a.URL != "":
		return el("span", attr("class", "muted"), oneLine(a.Label), text(" ("), oneLine(a.URL), text(")"))
	}
	return el("button", attr("type", "button"), classes("btn", string(a.Style)), attr("data-command", a.Command), attr("data-seen", strconv.FormatUint(a.Seen, 10)),
		g.If(a.Confirm != "", attr("data-confirm", chat.CleanLine(a.Confirm))), oneLine(a.Label))
}

func card(c cardView) g.Node {
	return el("div", classes("card", "tone-"+cmp.Or(c.Tone, "plain"), when(len(c.Title) == 0, "bare")), attr("dir", "auto"),
		g.If(len(c.Title) > 0, el("p", attr("class", "card-title"), spans(c.Title))),
		g.Map(c.Parts, part),
		g.If(len(c.Actions) > 0, buttons(c.Actions)))
}

func part(p partView) g.Node {
	switch p.Kind {
	case "text":
		return el("p", spans(p.Spans))
	case "fields":
		return el("dl", g.Map(p.Fields, func(f fieldView) g.Node {
			return el("div", el("dt", oneLine(f.Label)), el("dd", spans(f.Value)))
		}))
	case "list":
		return el("ul", g.Map(p.Lines, func(l []spanView) g.Node { return el("li", spans(l)) }))
	case "quote":
		return el("blockquote", spans(p.Spans))
	case "small":
		return el("p", attr("class", "small"), spans(p.Spans))
	case "pre":
		return el("pre", attr("tabindex", "0"), text(chat.Clean(p.Pre)))
	case "divider":
		return el("hr")
	case "buttons":
		return buttons(p.Actions)
	}
	return nil
}
