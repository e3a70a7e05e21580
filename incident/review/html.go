package review

import (
	_ "embed" // the look of the page
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	g "maragu.dev/gomponents"
)

//go:embed page.css
var pageCSS string

// Pictures gives a kept picture by where it lies; no bytes when there is none
// or the reader may not see it.
type Pictures func(kept string) (mediaType string, data []byte)

// HTML draws a draft as one page that stands alone: nothing is loaded from
// elsewhere, no script runs, and it prints well. No word becomes markup.
func HTML(d Draft) string { return HTMLWith(d, nil) }

// HTMLWith is [HTML] with the kept pictures in it.
func HTMLWith(d Draft, pictures Pictures) string {
	var b strings.Builder
	order, number := d.references()
	p := page{d: d, number: number, pictures: pictures}
	_ = p.document(order).Render(&b) // a builder takes everything
	return b.String()
}

type page struct {
	d        Draft
	number   map[string]int
	pictures Pictures
}

func el(name string, children ...g.Node) g.Node { return g.El(name, children...) }
func class(names string) g.Node                 { return g.Attr("class", names) }
func span(names, text string) g.Node            { return el("span", class(names), g.Text(text)) }

func (p page) document(order []string) g.Node {
	const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
	return g.Group{g.Raw("<!doctype html>\n"), el(
		"html", g.Attr("lang", "en"),
		el("head",
			el("meta", g.Attr("charset", "utf-8")),
			el("meta", g.Attr("http-equiv", "Content-Security-Policy"), g.Attr("content", policy)),
			el("meta", g.Attr("name", "viewport"), g.Attr("content", "width=device-width, initial-scale=1")),
			el("meta", g.Attr("name", "referrer"), g.Attr("content", "no-referrer")),
			el("title", g.Text(p.d.heading())),
			el("style", g.Raw(pageCSS))),
		el("body",
			p.head(),
			el("main", g.Map(p.d.Sections, p.section), p.messages(order))),
	), g.Raw("\n")}
}

func (p page) head() g.Node {
	d := p.d
	return el("header",
		el("p", class("marks"),
			g.If(d.Number != "", span("number", d.Number)),
			g.If(d.Severity != "", span("tag", d.Severity)),
			g.If(d.Status != "", span("status", d.Status)),
			g.If(d.Drill, span("tag", "drill")),
			g.If(d.Private, span("tag", "private")),
			g.If(safeLink(d.Link), el("a", g.Attr("href", d.Link), g.Attr("rel", "noopener noreferrer"), g.Text("The room")))),
		el("h1", g.Attr("dir", "auto"), g.Text(d.heading())),
		el("p", class("made"), g.Text(machineMade)),
		el("nav", g.Attr("aria-label", "Sections"), g.Map(d.Sections, func(s Section) g.Node {
			return el("a", g.Attr("href", "#"+anchor(s.Key)), g.Text(s.Title))
		})))
}

// anchor is a section's place on the page.
func anchor(k SectionKey) string { return "part-" + slug(string(k)) }

func (p page) section(s Section) g.Node {
	var parts []g.Node
	var items []g.Node
	day := ""
	flush := func() {
		if len(items) > 0 {
			parts = append(parts, el("ul", items...))
			items = nil
		}
	}
	for i, l := range s.Lines {
		if s.Key == Timeline && l.Class != "" && !l.At.IsZero() {
			if d := l.At.UTC().Format(time.DateOnly); d != day {
				flush()
				parts = append(parts, el("h3", g.Text(d+", times in UTC")))
				day = d
			}
		}
		answered := i+1 < len(s.Lines) && s.Lines[i+1].Under == l.Key
		items = append(items, p.line(l, answered))
	}
	flush()
	return el("section", g.Attr("id", anchor(s.Key)), el("h2", g.Attr("dir", "auto"), g.Text(s.Title)), g.Group(parts))
}

func (p page) line(l Line, answered bool) g.Node {
	names := string(l.Kind)
	if l.Under != "" {
		names += " under"
	}
	if answered {
		names += " answered"
	}
	words := g.Group{p.words(l), p.refs(l.Cites), p.figure(l)}
	if l.Class != "" && !l.At.IsZero() {
		at := el("time", g.Attr("datetime", l.At.UTC().Format(time.RFC3339)), g.Text(l.At.UTC().Format("15:04")))
		return el("li", class(names+" moment"), at, el("div", words))
	}
	return el("li", class(names), words)
}

// words are a line's words with what the draft says of them.
func (p page) words(l Line) g.Node {
	if safeLink(l.Link) {
		return el("a", g.Attr("href", l.Link), g.Attr("rel", "noopener noreferrer"), g.Text(oneLine(l.Text)))
	}
	var parts g.Group
	add := func(n g.Node) { parts = append(parts, n, g.Text(" ")) }
	if l.Mark != "" && l.Kind != Note {
		add(span("label "+slug(l.Mark), sentence(l.Mark)+":"))
	}
	switch {
	case l.isAction() && l.Owner == "":
		add(span("who unassigned", p.d.owner(l)+":"))
	case l.isAction():
		add(span("who", p.d.owner(l)+":"))
	case l.Who != "" && l.Kind != Own:
		add(span("who", p.d.name(l.Who)+":"))
	}
	if l.Kind == Own {
		add(el("span", class("said"), g.Attr("dir", "auto"), g.Text(strings.TrimSpace(printable(l.Text)))))
	} else {
		add(el("span", class("said"), g.Attr("dir", "auto"), g.Text(oneLine(l.Text))))
	}
	if a := l.aside(); a != "" {
		add(span("label", a))
	}
	if l.Kind == Own && l.Who != "" {
		add(span("by", p.d.name(l.Who)))
	}
	return parts
}

func (p page) refs(ids []string) g.Node {
	var links []g.Node
	for _, id := range ids {
		if n := p.number[id]; n > 0 {
			links = append(links, el("a", g.Attr("href", "#s"+strconv.Itoa(n)), g.Text("["+strconv.Itoa(n)+"]")))
		}
	}
	if len(links) == 0 {
		return nil
	}
	return g.Group{g.Text(" "), el("span", class("refs"), g.Group(links))}
}

func (p page) figure(l Line) g.Node {
	if l.Image == "" || p.pictures == nil {
		return nil
	}
	kind, data := p.pictures(l.Image)
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
	default:
		return nil
	}
	if len(data) == 0 {
		return nil
	}
	src := "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
	return el("figure", el("img", g.Attr("src", src), g.Attr("alt", "Picture of "+l.At.UTC().Format("15:04")+" UTC")))
}

// messages are what the lines rest on, word for word.
func (p page) messages(order []string) g.Node {
	if len(order) == 0 {
		return nil
	}
	var items []g.Node
	for i, id := range order {
		s := p.d.Sources[id]
		who := s.Author
		if s.Fact {
			who = strings.TrimSpace(who + " (recorded)")
		}
		at := el("time", g.Attr("datetime", s.At.UTC().Format(time.RFC3339)), g.Text(s.At.UTC().Format("2006-01-02 15:04")+" UTC"))
		where := at
		if safeLink(s.Link) {
			where = el("a", g.Attr("href", s.Link), g.Attr("rel", "noopener noreferrer"), at)
		}
		items = append(items, el("li", g.Attr("id", "s"+strconv.Itoa(i+1)),
			span("n", strconv.Itoa(i+1)),
			el("div", el("span", class("by"), el("bdi", g.Text(oneLine(who))), g.Text(" · "), where), g.Text(" "),
				el("div", class("words"), g.Attr("dir", "auto"), g.Text(printable(s.Text))))))
	}
	return el("section", g.Attr("id", "messages"), el("h2", g.Text("Messages and records")), el("ol", class("messages"), g.Group(items)))
}
