package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
)

// reviewPage is the whole page: the review to read and edit, beside the talk
// that it rests on.
func (v view) page(assets, verb string) g.Node {
	title := chat.CleanLine(v.Number + " " + v.Title)
	return document(assets, "Review of "+title, el("script", attr("type", "module"), attr("src", assets+"/review.js")),
		el("body", attr("data-path", v.path), attr("data-head", strconv.FormatUint(v.Head, 10)), attr("data-shape", v.shape()), attr("data-number", v.Number),
			g.If(v.MayEdit, attr("data-may", "edit")), attr("data-verb", verb), attr("data-you", chat.CleanLine(v.You)),
			el("a", attr("class", "skip"), attr("href", "#draft"), text("Skip to the review")),
			v.top(),
			v.bar(),
			el("nav", attr("class", "tabs"), attr("aria-label", "Parts of the page"),
				el("button", attr("type", "button"), attr("data-show", "draft"), attr("aria-pressed", "true"), text("Review")),
				el("button", attr("type", "button"), attr("data-show", "talk"), attr("aria-pressed", "false"), text("Messages"))),
			el("div", attr("class", "desk"),
				el("main", attr("class", "draft"), attr("id", "draft"), attr("tabindex", "-1"),
					g.If(!v.MayEdit, el("p", attr("class", "banner quiet"), text("You can read this review. Those who took part in the incident edit it."))),
					g.Map(v.Sections, v.section)),
				v.talkPane(),
				v.notes()),
			question(),
			el("div", attr("class", "toast"), attr("id", "toast"), attr("role", "alert"), bare("hidden")),
			el("noscript", el("p", attr("class", "banner"), text("This page can be read and printed as it is; editing needs JavaScript.")))))
}

func (v view) top() g.Node {
	return el("header", attr("class", "top"),
		el("a", attr("class", "brand"), attr("href", reviewRoot), iconBell, el("b", text("Reviews"))),
		el("p", attr("class", "saved"), attr("id", "saved"), attr("role", "status"), attr("aria-live", "polite")),
		el("p", attr("class", "sr"), attr("id", "spoken"), attr("role", "log"), attr("aria-live", "polite")),
		g.If(v.You != "", el("p", attr("class", "you"), el("span", attr("class", "muted"), text("You are ")), el("bdi", oneLine(v.You)))))
}

// bar says what this is and where it stands.
func (v view) bar() g.Node {
	return el("section", attr("class", "bar"), attr("id", "bar"), attr("aria-label", "About this review"),
		el("div", attr("class", "what"),
			el("p", attr("class", "marks"),
				el("span", attr("class", "number"), oneLine(v.Number)),
				g.If(v.Severity != "", el("span", classes("tag", "sev", anchor("", v.Severity)), oneLine(v.Severity))),
				g.If(v.Status != "", el("span", attr("class", "muted"), oneLine(v.Status))),
				g.If(v.Private, el("span", attr("class", "tag private"), iconLock, text("private"))),
				g.If(v.Drill, el("span", attr("class", "tag"), text("drill"))),
				g.If(safeLink(v.Room), el("a", outward(v.Room), text("The room "), iconOut))),
			el("h1", attr("dir", "auto"), oneLine(v.Title)),
			v.whose()),
		el("div", attr("class", "life"), v.steps(), v.moves()),
		v.outline())
}

func (v view) whose() g.Node {
	parts := g.Group{}
	if v.Assignee != "" {
		parts = append(parts, el("span", text("With "), el("bdi", oneLine(v.Assignee))))
	} else {
		parts = append(parts, el("span", text("Nobody has this review yet")))
	}
	if !v.Due.IsZero() && v.State != "published" && v.State != "skipped" {
		parts = append(parts, el("span", text("Due "+v.Due.UTC().Format("Mon 2 Jan 15:04")+" UTC")))
	}
	for _, version := range v.Versions {
		said := "Version " + strconv.Itoa(version.Number) + " published " + version.At.UTC().Format("2 Jan 15:04") + " UTC by " + chat.CleanLine(version.By)
		parts = append(parts, el("span", text(said), g.Map(version.Where, func(at string) g.Node {
			if !safeLink(at) {
				return g.Group{text(" · "), oneLine(at)}
			}
			u, err := url.Parse(at)
			if err != nil {
				return nil
			}
			return g.Group{text(" · "), el("a", outward(at), oneLine(u.Host))}
		})))
	}
	return el("p", attr("class", "whose muted"), parts)
}

// steps say where the review stands, and what is still to come.
func (v view) steps() g.Node {
	steps := []string{"drafted", "in_review", "published"}
	if !slices.Contains(steps, v.State) { // not begun, or not needed
		steps = append([]string{v.State}, steps...)
	}
	return el("ol", attr("class", "steps"), attr("aria-label", "Where the review stands"), g.Map(steps, func(s string) g.Node {
		return el("li", g.If(s == v.State, attr("aria-current", "step")), text(stateWords(s)))
	}))
}

// move is the button that moves a review to a state.
func (v view) move(to string) g.Node {
	label, confirm, next := "Move to "+stateWords(to), "", ""
	switch to {
	case "drafted":
		label, next = "Back to draft", ""
		if v.State != "in_review" && v.State != "published" {
			label, next = "Start the review", "primary"
		}
	case "in_review":
		label = "Ask for review"
		if v.State == "drafted" {
			next = "primary"
		}
	case "published":
		label = "Publish"
		confirm = "Publish this review? It is kept as a version, and the room gets a summary with a link."
		switch v.State {
		case "in_review":
			next = "primary"
		case "published":
			label = "Publish a new version"
		}
	case "skipped":
		label, confirm = "Not needed", "Say that this incident needs no review? Nobody is reminded of it any more."
	}
	return el("button", attr("type", "button"), classes("btn", next), attr("data-do", "move"), attr("data-state", to), g.If(confirm != "", attr("data-confirm", confirm)), text(label))
}

func (v view) moves() g.Node {
	return el("div", attr("class", "actions"),
		g.Map(v.Moves, v.move),
		el("details", attr("class", "drop"), el("summary", attr("class", "btn"), iconSave, text("Save as")),
			el("ul",
				el("li", el("a", attr("href", v.path+"/file/md"), bare("download"), text("Markdown (.md)"))),
				el("li", el("a", attr("href", v.path+"/file/html"), bare("download"), text("Web page (.html)"))),
				el("li", el("a", attr("href", v.path+"/file/json"), bare("download"), text("Data (.json)"))),
				el("li", el("button", attr("type", "button"), attr("data-do", "print"), text("Print, or PDF"))))))
}

// outline leads to the parts of the review.
func (v view) outline() g.Node {
	return el("nav", attr("class", "outline"), attr("aria-label", "Sections"), el("ul", g.Map(v.Sections, func(s ReviewSection) g.Node {
		return el("li", el("a", attr("href", "#"+sectionID(s)), oneLine(s.Title)))
	})))
}

// shape names the parts of the page. A page of another shape is loaded anew.
func (v view) shape() string {
	var b strings.Builder
	for _, s := range v.Sections {
		b.WriteString(string(s.Key) + " ")
	}
	return anchor("", b.String()+when(v.MayEdit, "edit"))
}

func question() g.Node {
	return el("dialog", attr("class", "ask"), attr("id", "ask"), attr("aria-labelledby", "ask-words"), el("form", attr("method", "dialog"),
		el("p", attr("id", "ask-words")),
		el("div", attr("class", "actions end"),
			el("button", attr("class", "btn"), attr("value", "no"), text("Cancel")),
			el("button", attr("class", "btn primary"), attr("value", "yes"), attr("id", "ask-yes"), text("Yes")))))
}
