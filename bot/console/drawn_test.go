package console_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// element is a piece of what the server drew. The console writes every
// attribute in double quotes and escapes "<" and ">" in words and attributes,
// so that a few lines can read it.
type element struct {
	name string
	attr map[string]string
	kids []*element
	word string // of a piece of text, which has no name
}

func parse(page string) *element {
	tag := regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*(/?)>`)
	attr := regexp.MustCompile(`([a-zA-Z:-]+)(?:="([^"]*)")?`)
	top := &element{name: "top"}
	open := []*element{top}
	at := 0
	for _, m := range tag.FindAllStringSubmatchIndex(page, -1) {
		now := open[len(open)-1]
		now.kids = append(now.kids, &element{word: html.UnescapeString(page[at:m[0]])})
		at = m[1]
		name := page[m[4]:m[5]]
		if m[2] != m[3] {
			for i := len(open) - 1; i > 0; i-- {
				if open[i].name == name {
					open = open[:i]
					break
				}
			}
			continue
		}
		e := &element{name: name, attr: map[string]string{}}
		for _, a := range attr.FindAllStringSubmatch(page[m[6]:m[7]], -1) {
			e.attr[a[1]] = html.UnescapeString(a[2])
		}
		now.kids = append(now.kids, e)
		if m[8] == m[9] && !slices.Contains([]string{"input", "link", "meta", "hr", "br", "img"}, name) {
			open = append(open, e)
		}
	}
	now := open[len(open)-1]
	now.kids = append(now.kids, &element{word: html.UnescapeString(page[at:])})
	return top
}

// all finds elements in their order on the page.
func (e *element) all(want func(*element) bool) []*element {
	var out []*element
	for _, k := range e.kids {
		if k.name != "" && want(k) {
			out = append(out, k)
		}
		out = append(out, k.all(want)...)
	}
	return out
}

func (e *element) has(class string) bool {
	return slices.Contains(strings.Fields(e.attr["class"]), class)
}

func (e *element) first(class string) *element {
	if all := e.all(func(e *element) bool { return e.has(class) }); len(all) > 0 {
		return all[0]
	}
	return nil
}

func byID(e *element, id string) *element {
	if all := e.all(func(e *element) bool { return e.attr["id"] == id }); len(all) > 0 {
		return all[0]
	}
	return &element{}
}

func messages(list *element) []*element {
	return list.all(func(e *element) bool { return e.has("msg") })
}

// text is what can be read, blocks on lines of their own.
func (e *element) text() string {
	var b strings.Builder
	e.write(&b)
	return strings.TrimSpace(b.String())
}

func (e *element) write(b *strings.Builder) {
	b.WriteString(e.word)
	for _, k := range e.kids {
		k.write(b)
		if slices.Contains([]string{"p", "li", "dd", "dt", "pre", "blockquote", "button", "div"}, k.name) {
			b.WriteString("\n")
		}
	}
}

// value is what a field of a form holds when it opens.
func (e *element) value() string {
	switch e.name {
	case "textarea":
		return e.text()
	case "select":
		for _, o := range e.all(func(e *element) bool { return e.name == "option" }) {
			if _, chosen := o.attr["selected"]; chosen {
				return o.attr["value"]
			}
		}
		return ""
	}
	if _, checked := e.attr["checked"]; e.attr["type"] == "checkbox" && !checked {
		return ""
	}
	return e.attr["value"]
}
