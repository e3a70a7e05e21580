package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
	"tocsin/incident/review"
)

// libraryMost is how many reviews one answer shows.
const libraryMost = 50

func sectionKey(s string) review.SectionKey { return review.SectionKey(s) }

// cleanText is a line as it is kept: on one line, without what only disturbs.
func cleanText(s string) string { return strings.TrimSpace(chat.CleanLine(s)) }

// library is the search over the reviews that a visitor may see.
func (p *reviewPages) library(w http.ResponseWriter, r *http.Request, who visitor) {
	words := shortened(cleanText(r.FormValue("q")), 200)
	hits, err := p.Reviews.Search(r.Context(), who.Person, words, libraryMost)
	if err != nil {
		p.failed(w, r, err)
		return
	}
	draw(w, http.StatusOK, libraryPage(p.assets.prefix, p.verb(), words, hits, p.Now()))
}

func libraryPage(assets, verb, words string, hits []ReviewHit, now time.Time) g.Node {
	return document(assets, "Reviews · tocsin", nil, el("body", attr("class", "library"),
		el("header", attr("class", "top"), el("a", attr("class", "brand"), attr("href", reviewRoot), iconBell, el("b", text("Reviews")))),
		el("main",
			el("h1", text("What was learned")),
			el("form", attr("class", "find"), attr("role", "search"), attr("action", reviewRoot), attr("method", "get"),
				el("label", attr("class", "sr"), attr("for", "q"), text("Search the reviews")),
				iconSearch, el("input", attr("id", "q"), attr("type", "search"), attr("name", "q"), attr("value", words), attr("placeholder", "Search: a service, an error, a cause"), attr("autocomplete", "off")),
				el("button", attr("class", "btn primary"), text("Search"))),
			el("p", attr("class", "muted"), attr("role", "status"), text(counted(len(hits), words))),
			g.If(len(hits) == 0 && words == "", el("p", text("A review begins with "), el("code", text("/"+verb+" review")), text(" in the room of an incident."))),
			g.If(len(hits) == 0 && words != "", el("p", text("Try fewer or other words, or "), el("a", attr("href", reviewRoot), text("see all reviews")), text("."))),
			el("ol", attr("class", "hits"), g.Map(hits, func(h ReviewHit) g.Node { return hit(h, now) })))))
}

func counted(n int, words string) string {
	say := strconv.Itoa(n) + " reviews"
	switch n {
	case 0:
		say = "No review"
	case 1:
		say = "1 review"
	case libraryMost:
		say = "The first " + say
	}
	if words != "" {
		return say + " with “" + words + "”."
	}
	if n == 0 {
		return say + " yet."
	}
	return say + ", the newest first."
}

func hit(h ReviewHit, now time.Time) g.Node {
	late := !h.Due.IsZero() && h.Due.Before(now) && h.State != "published"
	whose := g.Group{}
	if !h.Declared.IsZero() {
		whose = append(whose, el("span", text(h.Declared.UTC().Format("2 Jan 2006"))))
	}
	if h.Assignee != "" {
		whose = append(whose, el("span", text("with "), el("bdi", oneLine(h.Assignee))))
	}
	if !h.Due.IsZero() && h.State != "published" {
		whose = append(whose, el("span", classes(when(late, "late")), text(map[bool]string{true: "was due ", false: "due "}[late]+h.Due.UTC().Format("2 Jan"))))
	}
	for _, s := range h.Services {
		whose = append(whose, el("span", oneLine(s)))
	}
	return el("li", attr("class", "hit"),
		el("p", attr("class", "marks"), el("span", attr("class", "number"), oneLine(h.Number)),
			g.If(h.Severity != "", el("span", classes("tag", "sev", anchor("", h.Severity)), oneLine(h.Severity))),
			el("span", classes("tag", "state-"+anchor("", h.State)), text(stateWords(h.State))),
			g.If(h.Private, el("span", attr("class", "tag private"), iconLock, text("private"))),
			g.If(h.Drill, el("span", attr("class", "tag"), text("drill")))),
		el("h2", el("a", attr("href", reviewRoot+"/"+anchor("", h.Number)), attr("dir", "auto"), oneLine(h.Title))),
		g.If(h.Snippet != "", el("p", attr("class", "snippet"), attr("dir", "auto"), oneLine(h.Snippet))),
		el("p", attr("class", "whose muted"), whose))
}
