package practice

import (
	"strconv"

	g "maragu.dev/gomponents"

	"tocsin/integrations"
)

// The words that the panel is drawn with; text and values are escaped. They
// are not inlined: each use would be a copy of the library's code.

//go:noinline
func el(name string, inside ...g.Node) g.Node { return g.El(name, inside...) }

//go:noinline
func attr(name, value string) g.Node { return g.Attr(name, value) }

//go:noinline
func text(s string) g.Node { return g.Text(s) }

// panel draws the fragment. Whatever is written in it is text: nothing in
// this file is markup but the elements themselves.
func panel(v view) g.Node {
	return el("section", attr("class", "panel practice"), attr("aria-labelledby", "practice-title"),
		el("header", attr("class", "row"), el("h2", attr("id", "practice-title"), text("Practice pager")), el("p", attr("class", "muted"), text("PRACTICE, NOBODY WOKEN"))),
		el("form", attr("class", "row"), attr("method", "post"), attr("action", Path+"fail"),
			el("label", attr("for", "practice-how"), text("The pager should")),
			el("select", attr("id", "practice-how"), attr("name", "how"), g.Map(v.Faults, func(c choice) g.Node {
				return el("option", attr("value", c.Name), g.If(c.On, g.Attr("selected")), text(c.Label))
			})),
			el("button", attr("class", "btn"), attr("type", "submit"), text("Switch"))),
		g.If(v.Failed, el("p", attr("class", "warn"), attr("role", "status"), text("It is switched to fail. New pages will show what tocsin does then."))),
		el("h3", text("Pages")),
		g.Map(v.Pages, pageCard),
		g.If(len(v.Pages) == 0, el("p", attr("class", "muted"), text("No page yet. In an incident's room, type "), el("code", text("page checkout")), text(" after the command."))),
		el("h3", text("On call")),
		el("ul", attr("class", "list"), g.Map(v.Teams, func(o integrations.OnCall) g.Node {
			return el("li", el("strong", text(o.Target)), text(" "), muted("level "+strconv.Itoa(o.Level)), text(" "+o.Name))
		})))
}

func muted(words string) g.Node { return el("span", attr("class", "muted"), text(words)) }

func pageCard(p pageView) g.Node {
	return el("article", attr("class", "card"), attr("aria-label", "Page "+p.ID+" to "+p.To),
		el("p", attr("class", "row"), el("strong", text(p.To)), text(" "), el("span", attr("class", "state state-"+p.State), text(p.State)),
			g.If(p.Drill, g.Group{text(" "), muted("drill")})),
		el("p", text(p.Summary)),
		el("p", attr("class", "muted"), text(p.story())),
		g.Iff(!p.Over, func() g.Node { return gestures(p) }))
}

// story is how a page went so far, in one line.
func (p pageView) story() string {
	said := p.State
	switch {
	case p.Ringing:
		said = "rings at " + p.Who + ", level " + strconv.Itoa(p.Level)
		if p.Silent {
			said += ", and will go on ringing"
		}
	case p.By != "":
		said += " by " + p.By
	}
	said += " · asked " + p.At
	if p.Times > 1 {
		said += " · its key came " + strconv.Itoa(p.Times) + " times, it is one page"
	}
	return said
}

func gestures(p pageView) g.Node {
	gesture := func(do, label, words string) g.Node {
		class := "btn"
		if do == "acknowledge" {
			class = "btn btn-primary"
		}
		return el("button", attr("class", class), attr("type", "submit"), attr("name", "do"), attr("value", do), attr("aria-label", label), text(words))
	}
	return el("form", attr("class", "row"), attr("method", "post"), attr("action", Path+"page"),
		el("input", attr("type", "hidden"), attr("name", "key"), attr("value", p.Key)),
		g.If(p.Ringing, g.Group{
			gesture("acknowledge", "Acknowledge "+p.ID+" as "+p.Who, "Acknowledge as "+p.Who),
			g.If(!p.Last, gesture("escalate", "Do not answer "+p.ID+": ask the next level", "Ask the next level")),
			g.If(!p.Silent, gesture("ring", "Let "+p.ID+" ring on", "Let it ring")),
		}),
		gesture("resolve", "Resolve "+p.ID, "Resolve"))
}
