package console

import (
	"net/url"
	"strconv"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
)

func messages(all []messageView) g.Node { return g.Map(all, message) }

func message(m messageView) g.Node {
	return el("li",
		classes("msg", when(m.Bot, "from-bot"), when(m.Mine, "mine"), when(m.Alone, "alone"), when(m.Deleted, "deleted"), when(m.Working, "working"), when(m.Pinned, "pinned")),
		attr("id", m.Anchor+"-"+m.ID), attr("data-id", m.ID), attr("data-user", m.User), attr("data-at", iso(m.At)), attr("data-thread", m.Thread),
		attr("data-name", chat.CleanLine(m.Name)), attr("data-says", m.Summary), g.If(m.Mine, attr("data-source", m.Source)), flag(m.Alone, "data-alone"),
		messageFace(m),
		el("div", attr("class", "msg-body"),
			messageHead(m),
			messageBody(m),
			g.Iff(m.Replies > 0, func() g.Node { return replies(m.Replies) }),
		),
		g.Iff(m.CanSpeak && !m.Deleted, func() g.Node { return tools(m) }),
	)
}

func messageFace(m messageView) g.Node {
	if m.Bot {
		return botFace()
	}
	return face(m.User, m.Name)
}

func messageHead(m messageView) g.Node {
	return el("div", attr("class", "msg-head"),
		el("bdi", attr("class", "who"), oneLine(m.Name)),
		g.If(m.Bot, el("span", attr("class", "tag"), text("bot"))),
		el("a", attr("class", "at"), attr("href", messagePath(m)), moment(m.At, string(chat.Clock))),
		g.If(m.Pinned, el("span", attr("class", "tag pin"), iconPin, text(" pinned"))),
		g.If(m.Alone, el("span", attr("class", "tag only"), iconEye, text(" only you see this"))))
}

// messagePath is the address of a message: its room, from there on, and itself.
func messagePath(m messageView) string {
	return roomPath(m.Room) + "?at=" + url.QueryEscape(m.ID) + "#m-" + url.PathEscape(m.ID)
}

func messageBody(m messageView) g.Node {
	if m.Deleted {
		return el("p", attr("class", "muted"), text("This message was deleted."))
	}
	return g.Group{
		g.Iff(m.Asked != "", func() g.Node { return asked(m) }),
		g.Iff(len(m.Words) > 0, func() g.Node {
			return el("div", attr("class", "words"), attr("dir", "auto"), g.Map(m.Words, block), g.If(m.Edited, el("span", attr("class", "muted edited"), text("(edited)"))))
		}),
		g.Iff(m.Card != nil, func() g.Node { return card(*m.Card) }),
		g.Iff(len(m.Reactions) > 0, func() g.Node {
			return el("ul", attr("class", "reactions"), attr("aria-label", "Reactions"), g.Map(m.Reactions, func(r reactionView) g.Node { return el("li", reaction(r, m.CanSpeak)) }))
		}),
	}
}

// asked is what a reply of the bot answers.
func asked(m messageView) g.Node {
	who := m.Asker
	if m.Alone {
		who = "You"
	}
	did, words := " typed ", el("code", text(m.Asked))
	switch m.Via {
	case "button":
		did, words = " pressed ", el("b", text(m.Asked))
	case "form":
		did, words = " sent the form ", el("b", text(m.Asked))
	case "mention":
		did = " asked "
	}
	return el("p", attr("class", "asked"), el("bdi", text(who)), text(did), words)
}

func block(w wordsView) g.Node {
	if w.Pre != "" {
		return el("pre", attr("tabindex", "0"), text(w.Pre))
	}
	return el("p", spans(w.Spans))
}

func reaction(r reactionView, canSpeak bool) g.Node {
	count := strconv.Itoa(r.Count)
	return el("button", attr("type", "button"), classes("reaction", when(r.Mine, "on")), attr("data-react", r.Emoji),
		attr("aria-pressed", strconv.FormatBool(r.Mine)), attr("title", r.Who), attr("aria-label", r.Emoji+", "+count+": "+r.Who), flag(!canSpeak, "disabled"),
		el("span", attr("aria-hidden", "true"), text(r.Glyph)), text(" "+count))
}

func replies(n int) g.Node {
	word := "replies"
	if n == 1 {
		word = "reply"
	}
	return el("button", attr("type", "button"), attr("class", "replies"), attr("data-do", "thread"), iconThread, text(" "+strconv.Itoa(n)+" "+word))
}

func tools(m messageView) g.Node {
	if m.Alone {
		return el("div", attr("class", "tools"), tool("dismiss", "Dismiss", iconClose))
	}
	pin := "Pin"
	if m.Pinned {
		pin = "Unpin"
	}
	return el("div", attr("class", "tools"),
		tool("emoji", "Add a reaction", iconSmile),
		g.If(m.Thread == "", tool("thread", "Reply in a thread", iconThread)),
		tool("pin", pin, iconPin, attr("aria-pressed", strconv.FormatBool(m.Pinned))),
		g.If(m.Mine, g.Group{tool("edit", "Edit", iconEdit), tool("delete", "Delete", iconTrash)}))
}

func thread(t threadView) g.Node {
	return g.Group{
		el("div", attr("class", "side-head"), el("h2", text("Thread")), iconButton("close-thread", "Close the thread", iconClose)),
		el("ol", attr("class", "msgs"), attr("id", "thread-root"), attr("data-root", t.Root.ID), message(t.Root)),
		el("ol", attr("class", "msgs"), attr("id", "thread-list"), attr("aria-label", "Replies"), messages(t.Replies)),
		g.If(t.CanSay, el("form", attr("class", "composer"), attr("data-composer", "thread"), attr("autocomplete", "off"),
			el("div", attr("class", "hints"), attr("id", "hints-thread"), bare("hidden")),
			el("label", attr("class", "sr"), attr("for", "say-thread"), text("Reply in the thread")),
			el("div", attr("class", "box"), writing("say-thread", "hints-thread", "Reply…", nil), send()))),
	}
}

// writing is a box to write in, with the list that opens while one does.
func writing(id, hints, placeholder string, more g.Node) g.Node {
	return el("textarea", attr("id", id), attr("name", "text"), attr("rows", "1"), attr("placeholder", placeholder), attr("aria-autocomplete", "list"), attr("aria-controls", hints), more, attr("maxlength", "40000"))
}

func send() g.Node { return el("button", attr("class", "send"), attr("aria-label", "Send"), iconSend) }
