package web

import (
	"net/url"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
)

func talkID(id string) string { return anchor("t-", id) }

// foldFrom is how many messages in a row that no line rests on are folded.
const foldFrom = 4

// talkPane is what was said and recorded.
func (v view) talkPane() g.Node {
	items := g.Group{}
	for _, b := range v.talkBlocks() {
		items = append(items, g.Raw(b.HTML)) // drawn by [view.message] and [view.gap]
	}
	return el("aside", attr("class", "talk"), attr("id", "talk"), attr("aria-label", "What was said"), attr("tabindex", "-1"),
		el("h2", text("What was said"), el("span", attr("class", "muted"), text(" · times in UTC"))),
		g.If(len(v.Talk) == 0, el("p", attr("class", "muted"), text("Nothing was said in the room."))),
		el("ol", attr("class", "messages"), attr("id", "talk-list"), items))
}

// talkBlocks are the messages in their order. Runs of messages that nothing
// rests on are folded into one.
func (v view) talkBlocks() []block {
	var out []block
	put := func(id string, n g.Node) {
		b := block{ID: id, In: "talk-list", HTML: drawn(n)}
		if len(out) > 0 {
			b.After = out[len(out)-1].ID
		}
		out = append(out, b)
	}
	for from := 0; from < len(v.Talk); {
		to := from
		for to < len(v.Talk) && !v.counts(v.Talk[to]) {
			to++
		}
		if to-from >= foldFrom {
			put(talkID(v.Talk[from].ID)+"-gap", v.gap(from, to))
		} else {
			for ; from < to; from++ {
				put(talkID(v.Talk[from].ID), v.message(v.Talk[from]))
			}
		}
		if to < len(v.Talk) {
			put(talkID(v.Talk[to].ID), v.message(v.Talk[to]))
			to++
		}
		from = to
	}
	return out
}

// counts says whether a message is shown by itself.
func (v view) counts(m ReviewMessage) bool {
	return m.Captured || v.offered[m.ID] || len(v.users[m.ID]) > 0
}

func (v view) gap(from, to int) g.Node {
	n := strconv.Itoa(to - from)
	at := v.path + "/talk?" + url.Values{"from": {v.Talk[from].ID}, "count": {n}}.Encode()
	return el("li", attr("class", "gap"), attr("id", talkID(v.Talk[from].ID)+"-gap"),
		el("button", attr("type", "button"), attr("class", "linkish"), attr("data-do", "unfold"), attr("data-from", at), text("Show "+n+" more")))
}

// message is one thing that was said, or recorded.
func (v view) message(m ReviewMessage) g.Node {
	author := m.Author
	if author == "" {
		author = "tocsin"
	}
	users := v.users[m.ID]
	return el("li", classes("message", when(m.Fact, "fact"), when(m.Bot, "bot"), when(len(users) > 0, "used"), when(m.Thread != "", "answer"), when(m.Deleted, "deleted")),
		attr("id", talkID(m.ID)), attr("data-id", m.ID), g.If(len(users) > 0, attr("tabindex", "0")),
		el("p", attr("class", "by"), el("bdi", attr("class", "author"), oneLine(author)), text(" "), moment(m.At, v.days),
			g.If(m.Edited, el("span", attr("class", "muted"), text("edited"))),
			g.If(m.Captured, el("span", attr("class", "tag"), text("captured"))),
			g.If(safeLink(m.Link), el("a", attr("class", "there"), outward(m.Link), attr("aria-label", "Open in the room"), attr("title", "Open in the room"), iconOut))),
		el("div", attr("class", "body"), attr("dir", "auto"), v.body(m)),
		g.Map(m.Pictures, func(name string) g.Node {
			return el("img", attr("class", "picture"), attr("loading", "lazy"), attr("src", v.pictureAt(name)), attr("alt", "Picture from the channel"))
		}),
		v.usedBy(users))
}

// usedBy leads from a message to the lines that rest on it, one of each section.
func (v view) usedBy(users []string) g.Node {
	if len(users) == 0 {
		return nil
	}
	named := map[string]bool{}
	return el("p", attr("class", "uses"), g.Map(users, func(key string) g.Node {
		if named[v.where[key]] {
			return nil
		}
		named[v.where[key]] = true
		return el("a", attr("class", "use"), attr("href", "#"+lineID(key)), attr("data-use", lineID(key)), el("span", attr("class", "sr"), text("Used in ")), oneLine(v.where[key]))
	}))
}

// body is the words, with code between fences in a box of its own.
func (v view) body(m ReviewMessage) g.Node {
	if m.Deleted {
		return el("p", attr("class", "muted"), text("This message was deleted."))
	}
	out := g.Group{}
	for i, part := range strings.Split(m.Text, "```") {
		part = strings.Trim(part, "\n")
		switch {
		case strings.TrimSpace(part) == "":
		case i%2 == 1:
			out = append(out, el("pre", attr("tabindex", "0"), words(part)))
		default:
			out = append(out, el("p", words(part)))
		}
	}
	return out
}

func (v view) pictureAt(name string) string {
	return v.path + "/pictures/" + url.PathEscape(name)
}

// notes are the sources as footnotes, for paper.
func (v view) notes() g.Node {
	return el("section", attr("class", "notes"), attr("id", "notes"), attr("aria-hidden", "true"),
		el("h2", text("Sources")), el("p", text("Times in UTC.")),
		el("ol", g.Map(v.cited, func(id string) g.Node {
			m := v.said[id]
			author := m.Author
			if author == "" {
				author = "tocsin"
			}
			return el("li", el("b", oneLine(author)), text(", "), moment(m.At, true), text(": "), oneLine(shortened(m.Text, 280)),
				g.If(safeLink(m.Link), el("span", attr("class", "at"), text(" "), oneLine(m.Link))))
		})))
}

// shortened is at most so many letters.
func shortened(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}
