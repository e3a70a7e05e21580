package console

import (
	"cmp"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
)

// formView is a form as it is drawn for somebody.
type formView struct {
	chat.Form
	Intro  []spanView
	People []Person
	Thread string
}

func formDialog(f formView) g.Node {
	title := chat.CleanLine(f.Title)
	fields := make(g.Group, len(f.Fields))
	for i, in := range f.Fields {
		fields[i] = field(i, in, f.People)
	}
	return el("dialog", attr("class", "form"), attr("aria-labelledby", "form-title"),
		el("form", attr("method", "post"), attr("data-command", f.Command), attr("data-seen", strconv.FormatUint(f.Seen, 10)), attr("data-label", title),
			attr("data-thread", f.Thread), attr("autocomplete", "off"),
			el("h2", attr("id", "form-title"), text(title)),
			g.If(len(f.Intro) > 0, el("p", attr("class", "muted"), spans(f.Intro))),
			el("p", attr("class", "form-fault"), attr("role", "alert"), bare("hidden")),
			fields,
			el("div", attr("class", "actions end"),
				el("button", attr("type", "button"), attr("class", "btn"), attr("data-do", "close-form"), text("Cancel")),
				el("button", attr("class", "btn primary"), text(cmp.Or(f.Submit, "Send"))))))
}

func field(i int, in chat.Input, people []Person) g.Node {
	n := strconv.Itoa(i)
	hint := g.If(in.Hint != "", el("small", attr("class", "muted"), attr("id", "h-"+n), oneLine(in.Hint)))
	if in.Kind == chat.Checked {
		return el("div", attr("class", "field"), el("label", attr("class", "check"),
			el("input", attr("type", "checkbox"), attr("name", "f."+in.Name), attr("value", "yes"), flag(in.Value != "", "checked")), text(" "), el("span", oneLine(in.Label))), hint)
	}
	return el("div", attr("class", "field"),
		el("label", attr("for", "f-"+n), oneLine(in.Label), g.If(in.Required, g.Group{text(" "), el("span", attr("class", "must"), attr("aria-hidden", "true"), text("*"))})),
		entry(n, in, people), hint)
}

// entry is where the value of a field goes.
func entry(n string, in chat.Input, people []Person) g.Node {
	named := g.Group{attr("id", "f-"+n), attr("name", "f."+in.Name)}
	required := flag(in.Required, "required")
	described := g.If(in.Hint != "", attr("aria-describedby", "h-"+n))
	longest := g.If(in.MaxLength > 0, attr("maxlength", strconv.Itoa(in.MaxLength)))
	none := el("option", attr("value", ""), text(cmp.Or(in.Placeholder, "–")))
	switch in.Kind {
	case chat.Area: // a line's end before the words is not theirs
		return el("textarea", named, attr("rows", "4"), required, longest, attr("placeholder", in.Placeholder), described, text("\n"+in.Value))
	case chat.Select:
		return el("select", named, required, described, none, g.Map(in.Choices, func(c chat.Choice) g.Node {
			return el("option", attr("value", c.Value), flag(c.Value == in.Value, "selected"), text(cmp.Or(c.Label, c.Value)))
		}))
	case chat.Person:
		return el("select", named, required, described, none, g.Map(people, func(p Person) g.Node {
			return el("option", attr("value", "<@"+p.ID+">"), flag(strings.Trim(in.Value, "<@>") == p.ID, "selected"), oneLine(p.Name))
		}))
	default: // a line; what is checked is drawn by [field]
		return el("input", named, attr("value", in.Value), required, longest, attr("placeholder", in.Placeholder), described)
	}
}

// hintsList is what opens over the box while a command is typed.
func hintsList(v hints) g.Node {
	return g.Group{
		g.Iff(v.Verb.Name != "", func() g.Node { return usage(v) }),
		g.If(len(v.Offers) > 0, el("ul", attr("role", "listbox"), attr("aria-label", "Ways to go on"), g.Map(v.Offers, offer))),
	}
}

func usage(v hints) g.Node {
	said := ""
	args := make(g.Group, 0, 2*len(v.Args))
	for _, a := range v.Args {
		name := "[" + a.Name + "]"
		if a.Required {
			name = "<" + a.Name + ">"
		}
		args = append(args, text(" "), el("span", classes("arg", when(a.Now, "now")), text(name)))
		said += when(a.Now, a.Hint)
	}
	return el("p", attr("class", "usage"), el("code", text(v.Command+" "), el("b", text(v.Verb.Name)), args), text(" "),
		el("span", attr("class", "muted"), text(cmp.Or(said, v.Verb.Summary))))
}

func offer(o offered) g.Node {
	return el("li", attr("role", "option"), attr("aria-selected", "false"), attr("data-insert", o.Insert),
		g.Iff(o.User != "", func() g.Node { return face(o.User, o.Shown) }),
		el("bdi", attr("class", "offer"), oneLine(o.Shown)), text(" "), el("span", attr("class", "muted"), oneLine(o.Hint)))
}

// waitingPanel is what waits for somebody.
func waitingPanel(c cardView) g.Node {
	return g.Group{el("h2", text("Waiting for you")), card(c)}
}
