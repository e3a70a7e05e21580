package console

import (
	"strconv"
	"strings"
	"time"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
)

// The words that everything is drawn with: an element, an attribute with a
// value and one without, and text. Text and values are escaped by the library;
// raw markup is in icons.go and in the first line of [document] alone.
//
// They are not inlined: the library's functions make closures, and a copy of
// each at every place that calls it would be most of the console's code.

//go:noinline
func el(name string, inside ...g.Node) g.Node { return g.El(name, inside...) }

//go:noinline
func attr(name, value string) g.Node { return g.Attr(name, value) }

//go:noinline
func bare(name string) g.Node { return g.Attr(name) }

//go:noinline
func text(s string) g.Node { return g.Text(s) }

// drawn is a piece of HTML as text.
func drawn(n g.Node) string {
	var b strings.Builder
	_ = n.Render(&b) // a builder takes everything
	return b.String()
}

// oneLine is text on one line, whatever was in it.
func oneLine(s string) g.Node { return text(chat.CleanLine(s)) }

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

// when is a word under a condition, for [classes].
func when(is bool, word string) string {
	if is {
		return word
	}
	return ""
}

// flag is an attribute without a value, there or not.
func flag(is bool, name string) g.Node { return g.If(is, bare(name)) }

// out is the address of a link that leaves the console; one that cannot be
// followed safely leads nowhere.
func out(url string) g.Node {
	if !chat.SafeURL(url) {
		url = "#"
	}
	return g.Group{attr("href", url), attr("target", "_blank"), attr("rel", "noopener noreferrer")}
}

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// moment is a time that the browser shows in its own zone.
func moment(t time.Time, style string) g.Node {
	return el("time", attr("datetime", iso(t)), attr("data-style", style), text(t.UTC().Format("2 Jan 15:04 UTC")))
}

// face is somebody's picture.
func face(id, name string) g.Node {
	return el("span", attr("class", "avatar hue-"+strconv.Itoa(hue(id))), attr("aria-hidden", "true"), text(initials(name)))
}

func avatar(p Person) g.Node { return face(p.ID, p.Name) }

func botFace() g.Node {
	return el("span", attr("class", "avatar bot"), attr("aria-hidden", "true"), iconBell)
}

// personLines is who somebody is, in two lines.
func personLines(p Person) g.Node {
	return el("span", el("bdi", oneLine(p.Name)), el("small", text(p.About)))
}

// key is a key of the keyboard.
func key(name string) g.Node { return el("kbd", text(name)) }

// sign stands before the name of a room.
func sign(r roomView) g.Node {
	what := text("#")
	switch {
	case r.Direct:
		what = iconBell
	case r.Private:
		what = iconLock
	}
	return el("span", attr("class", "sign"), attr("aria-hidden", "true"), what)
}

// iconButton is a button that shows a picture alone; do is what the scripts
// know it by.
func iconButton(do, label string, i icon) g.Node {
	return el("button", attr("type", "button"), attr("class", "icon"), attr("data-do", do), attr("aria-label", label), i)
}

// tool is one of the buttons that a message shows when it is pointed at.
func tool(do, label string, i icon, more ...g.Node) g.Node {
	return el("button", attr("type", "button"), attr("data-do", do), g.Group(more), attr("aria-label", label), attr("title", label), i)
}
