package web

import (
	"strconv"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
	"tocsin/incident/review"
)

func sectionID(s ReviewSection) string { return anchor("s-", string(s.Key)) }

func lineID(key string) string { return anchor("l-", key) }

// section is one part of the review.
func (v view) section(s ReviewSection) g.Node {
	id := sectionID(s)
	return el("section", attr("class", "part"), attr("id", id), attr("aria-labelledby", id+"-h"),
		el("h2", attr("id", id+"-h"), oneLine(s.Title)),
		el("ol", classes("lines", when(s.Key == review.Timeline, "times")), attr("id", id+"-lines"), attr("data-section", string(s.Key)), g.Map(s.Lines, v.line)),
		g.Iff(v.offers(s.Key), func() g.Node { return v.candidates(s) }),
		g.If(v.MayEdit && editable(s.Key), el("p", attr("class", "more"), el("button", attr("type", "button"), attr("class", "linkish"), attr("data-do", "add"), attr("data-section", string(s.Key)),
			text("Add a line"), el("span", attr("class", "sr"), text(" to "), oneLine(s.Title))))))
}

// editable says whether people write in a section: what lists where the rest
// comes from is not theirs.
func editable(key review.SectionKey) bool { return key != review.Header && key != review.Sources }

// line is one sentence with what it rests on and who wrote it.
func (v view) line(l ReviewLine) g.Node {
	id := lineID(l.Key)
	edited := l.Version > 0 && !l.Own && l.By != "" && l.Text != l.Machine
	return el("li", classes("line", "is-"+anchor("", string(l.Kind)), when(l.Own || edited, "theirs"), when(l.Removed, "removed"), when(l.Under != "", "under"), when(l.Quote && !edited, "quote")),
		attr("id", id), attr("data-key", l.Key), attr("data-section", string(l.Section)), attr("data-version", strconv.FormatUint(l.Version, 10)),
		attr("data-by", chat.CleanLine(l.By)), attr("data-text", chat.CleanLine(l.Text)),
		g.If(!l.At.IsZero() && l.Class != "" && l.Section == review.Timeline, moment(l.At, v.days)),
		el("div", attr("class", "said"),
			g.If(l.Kind == review.Ask, el("p", attr("class", "asked"), attr("dir", "auto"), words(l.Machine))),
			front(l, edited),
			el("p", attr("class", "text"), attr("id", id+"-t"), attr("dir", "auto"), attr("tabindex", "0"), g.If(len(l.Cites) > 0, attr("aria-details", v.sourceIDs(l.Cites))), v.words(l, edited)),
			v.under(l),
			g.If(l.Image != "", el("img", attr("class", "picture"), attr("loading", "lazy"), attr("src", v.pictureAt(l.Image)), attr("alt", "Picture from the channel"))),
			v.wrote(l, edited),
			g.If(v.MayEdit && editable(l.Section), v.tools(l))))
}

func (v view) words(l ReviewLine, edited bool) g.Node {
	switch {
	case l.Kind == review.Ask && l.Text == "":
		return el("span", attr("class", "muted"), text("Not answered yet"))
	case l.Text == "":
		return el("span", attr("class", "muted"), text("(empty)"))
	case l.Quote && l.Who != "" && !edited: // what tocsin recorded is nobody's words
		return el("q", words(l.Text))
	}
	return words(l.Text)
}

// front is what stands before the words: what they are about, and whose they are.
func front(l ReviewLine, edited bool) g.Node {
	out := g.Group{}
	if l.Mark != "" && l.Section == review.Summary {
		out = append(out, oneLine(l.Mark+": "))
	}
	if l.Who != "" && !l.Quote && !edited && l.Kind != review.Own && l.Kind != review.Opinion {
		out = append(out, el("bdi", oneLine(l.Who)), text(": "))
	}
	if len(out) == 0 {
		return nil
	}
	return el("span", attr("class", "front"), out)
}

// under is what stands behind the words: whose they are, marks, and the sources.
func (v view) under(l ReviewLine) g.Node {
	out := tags(l)
	for _, c := range l.Cites {
		out = append(out, v.cite(c))
	}
	if l.Sure {
		out = append(out, el("span", attr("class", "sure"), attr("title", "A command, a page or a capture recorded this at the time."), text("recorded")))
	}
	if len(out) == 0 {
		return nil
	}
	return el("p", attr("class", "rests"), out)
}

func tags(l ReviewLine) g.Group {
	out := g.Group{}
	tag := func(class string, inside ...g.Node) {
		out = append(out, el("span", classes("tag", class), g.Group(inside)))
	}
	if l.Who != "" && (l.Quote || l.Kind == review.Opinion) {
		out = append(out, el("span", attr("class", "who"), text("– "), el("bdi", oneLine(l.Who))))
	}
	if l.Class != "" && l.Section == review.Timeline {
		tag("class-"+anchor("", l.Class), oneLine(l.Class))
	}
	if l.Mark != "" && l.Section != review.Summary {
		tag("mark-"+anchor("", l.Mark), oneLine(l.Mark))
	}
	switch {
	case l.Owner != "":
		tag("", text("owner: "), el("bdi", oneLine(l.Owner)))
	case l.Section == review.Actions && (l.Kind == review.Fact || l.Kind == review.Opinion):
		tag("nobody", text("nobody owns it"))
	}
	if !l.Due.IsZero() {
		tag("", text("due "+l.Due.UTC().Format("Mon 2 Jan")))
	}
	return out
}

// cite leads to one source. It shows when that was said, and on paper the
// number of its footnote.
func (v view) cite(id string) g.Node {
	m, ok := v.said[id]
	if !ok {
		return nil
	}
	who := m.Author
	if who == "" {
		who = "tocsin"
	}
	return el("a", classes("cite", when(m.Fact, "fact")), attr("href", "#"+talkID(id)), attr("data-cite", id),
		el("span", attr("class", "sr"), text("Source: "), oneLine(who), text(", ")), moment(m.At, v.days),
		el("span", attr("class", "foot"), attr("aria-hidden", "true"), text(strconv.Itoa(v.notesAt[id]))))
}

func (v view) sourceIDs(cites []string) string {
	out := ""
	for _, c := range cites {
		if _, ok := v.said[c]; ok {
			out += " " + talkID(c)
		}
	}
	if out == "" {
		return out
	}
	return out[1:]
}

// wrote says who wrote a line when it was not the machine, and what the
// machine had written.
func (v view) wrote(l ReviewLine, edited bool) g.Node {
	if l.By == "" {
		return nil
	}
	var did string
	switch {
	case l.Removed:
		did = "taken out by "
	case l.Own:
		did = "written by "
	case l.Kind == review.Ask && l.Text != "":
		did = "answered by "
	case edited:
		did = "edited by "
	default:
		return nil
	}
	at := g.Group{}
	if !l.Changed.IsZero() {
		at = append(at, text(", "), moment(l.Changed, true))
	}
	said := g.Group{text(did), el("bdi", oneLine(l.By)), at}
	if !edited || l.Removed || l.Kind == review.Ask {
		return el("p", attr("class", "wrote"), said)
	}
	return el("details", attr("class", "wrote"), el("summary", said, el("span", attr("class", "see"), text(" · what the machine wrote"))),
		el("p", attr("class", "machine"), attr("dir", "auto"), words(l.Machine)),
		g.If(v.MayEdit, el("button", attr("type", "button"), attr("class", "linkish"), attr("data-do", "revert"), text("Use these words again"))))
}

func (v view) tools(l ReviewLine) g.Node {
	if l.Removed {
		return el("p", attr("class", "tools always"), tool("restore", "Put back", l))
	}
	edit, take := "Edit", tool("remove", "Take out", l)
	if l.Kind == review.Ask {
		edit, take = "Answer", nil
		if l.Text != "" {
			edit = "Edit the answer"
		}
	}
	return el("p", classes("tools", when(l.Kind == review.Ask && l.Text == "", "always")), tool("edit", edit, l), g.If(l.Kind != review.Ask, tool("below", "Add below", l)), take)
}

func tool(do, label string, l ReviewLine) g.Node {
	return el("button", attr("type", "button"), attr("class", "linkish"), attr("data-do", do), attr("aria-describedby", lineID(l.Key)+"-t"), text(label))
}

func (v view) offers(key review.SectionKey) bool {
	return key == review.Decisions || key == review.Actions
}

// candidates are what may belong into a section, for people to take or drop.
// The element always stands there, so that it can be filled later.
func (v view) candidates(s ReviewSection) g.Node {
	as := "decision"
	if s.Key == review.Actions {
		as = "action"
	}
	items := g.Group{}
	for _, c := range v.Candidates {
		if c.As != as {
			continue
		}
		items = append(items, el("li", attr("class", "candidate"), attr("data-message", c.Message), attr("data-as", as),
			el("p", attr("class", "text"), attr("dir", "auto"), el("q", words(c.Text)), text(" "), el("span", attr("class", "who"), text("– "), el("bdi", oneLine(c.Author)))),
			el("p", attr("class", "rests"), v.cite(c.Message)),
			g.If(v.MayEdit, el("p", attr("class", "tools always"),
				el("button", attr("type", "button"), attr("class", "btn small"), attr("data-do", "take"), text("It is "+map[string]string{"decision": "a decision", "action": "an action item"}[as])),
				el("button", attr("type", "button"), attr("class", "btn small"), attr("data-do", "drop"), text("It is not"))))))
	}
	id := sectionID(s) + "-found"
	return el("div", attr("class", "found"), attr("id", id), g.If(len(items) == 0, bare("hidden")),
		el("h3", text("Found in the talk, and taken down by nobody")), el("ul", items))
}
