package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"time"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
)

// The words that every page is drawn with. Text and values are escaped by the
// library; raw markup is in the first line of [document] and in the pictures
// of [icon] alone.
//
// They are not inlined: the library's functions make closures, and a copy of
// each at every place that calls it would be most of the code.

//go:noinline
func el(name string, inside ...g.Node) g.Node { return g.El(name, inside...) }

//go:noinline
func attr(name, value string) g.Node { return g.Attr(name, value) }

//go:noinline
func bare(name string) g.Node { return g.Attr(name) }

//go:noinline
func text(s string) g.Node { return g.Text(s) }

// oneLine is text on one line, whatever was in it.
func oneLine(s string) g.Node { return text(chat.CleanLine(s)) }

// words is text that may have several lines.
func words(s string) g.Node { return text(chat.Clean(s)) }

// drawn is a piece of HTML as text.
func drawn(n g.Node) string {
	var b strings.Builder
	_ = n.Render(&b) // a builder takes everything
	return b.String()
}

// draw answers with a page.
func draw(w http.ResponseWriter, status int, page g.Node) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, drawn(page)) // the reader has gone; nobody is left to tell
}

// classes is a class attribute of the names that are not empty.
func classes(names ...string) g.Node {
	kept := names[:0]
	for _, n := range names {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return attr("class", strings.Join(kept, " "))
}

// when is a word under a condition.
func when(is bool, word string) string {
	if is {
		return word
	}
	return ""
}

// icon is what is inside one small picture, as SVG: markup that is written as
// it is. Every one stands here.
type icon string

const (
	iconBell   icon = `<path d="M6 9a6 6 0 0 1 12 0c0 6 2.5 7.5 2.5 7.5h-17S6 15 6 9Z"/><path d="M10 20a2.2 2.2 0 0 0 4 0"/>`
	iconLock   icon = `<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`
	iconSearch icon = `<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`
	iconSave   icon = `<path d="M12 4v11M7 10l5 5 5-5M5 20h14"/>`
	iconOut    icon = `<path d="M9 5H5v14h14v-4M13 4h7v7M20 4l-9 9"/>`
)

// Render implements [g.Node].
func (i icon) Render(w io.Writer) error {
	return g.Raw(`<svg class="i" viewBox="0 0 24 24" aria-hidden="true">` + string(i) + `</svg>`).Render(w)
}

// document is a page of its own: what every page's head holds, then more,
// then the body.
func document(assets, title string, more, body g.Node) g.Node {
	return g.Group{g.Raw("<!doctype html>"), el("html", attr("lang", "en"),
		el("head",
			el("meta", attr("charset", "utf-8")),
			el("meta", attr("name", "viewport"), attr("content", "width=device-width, initial-scale=1, interactive-widget=resizes-content")),
			el("meta", attr("name", "color-scheme"), attr("content", "light dark")),
			el("meta", attr("name", "robots"), attr("content", "noindex")),
			el("link", attr("rel", "icon"), attr("href", assets+"/bell.svg"), attr("type", "image/svg+xml")),
			el("link", attr("rel", "stylesheet"), attr("href", assets+"/review.css")),
			el("link", attr("rel", "stylesheet"), attr("href", assets+"/talk.css")),
			el("link", attr("rel", "stylesheet"), attr("href", assets+"/print.css"), attr("media", "print")),
			el("title", oneLine(title)),
			more),
		body)}
}

// noticePage says one thing. A stranger is not sent on to what they may not see.
func noticePage(assets, say, try string, known bool) g.Node {
	return document(assets, "Reviews · tocsin", nil, el("body", attr("class", "notice"), el("main",
		iconBell, el("h1", oneLine(say)), g.If(try != "", el("p", oneLine(try))),
		g.If(known, el("p", el("a", attr("class", "btn"), attr("href", reviewRoot), text("All reviews")))))))
}

// anchor makes an element's name of words that come from elsewhere.
func anchor(front, s string) string {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			sum := sha256.Sum256([]byte(s))
			return front + "x" + hex.EncodeToString(sum[:8])
		}
	}
	return front + s
}

// moment is a time as the page shows it: in UTC, as the draft's sentences are.
func moment(at time.Time, days bool) g.Node {
	at = at.UTC()
	layout := "15:04"
	if days {
		layout = "2 Jan 15:04"
	}
	return el("time", attr("datetime", at.Format(time.RFC3339)), attr("title", at.Format("Monday, 2 January 2006, 15:04:05 UTC")), text(at.Format(layout)))
}

// safeLink holds for addresses that a page may link to.
func safeLink(url string) bool {
	web := strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
	return web && url == chat.CleanLine(url) && !strings.ContainsAny(url, " \"'<>")
}

// outward opens an address elsewhere, telling it nothing of this page.
func outward(url string) g.Node {
	return g.Group{attr("href", url), attr("rel", "noopener noreferrer"), attr("target", "_blank")}
}

// stateWords are the states as people read them.
func stateWords(state string) string {
	switch state {
	case "drafted":
		return "Draft"
	case "in_review":
		return "In review"
	case "published":
		return "Published"
	case "skipped":
		return "Not needed"
	case "not started":
		return "Not started"
	case "proposed":
		return "Proposed"
	}
	return strings.ReplaceAll(state, "_", " ")
}
