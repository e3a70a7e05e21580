package console

import (
	"net/url"
	"strconv"

	g "maragu.dev/gomponents"

	"tocsin/bot/chat"
)

// document is a page of its own: what every page's head holds, then more,
// then the body.
func document(assets, title string, more, body g.Node) g.Node {
	return g.Group{g.Raw("<!doctype html>"), el("html", attr("lang", "en"),
		el("head",
			el("meta", attr("charset", "utf-8")),
			el("meta", attr("name", "viewport"), attr("content", "width=device-width, initial-scale=1, interactive-widget=resizes-content")),
			el("meta", attr("name", "color-scheme"), attr("content", "light dark")),
			el("link", attr("rel", "icon"), attr("href", assets+"/bell.svg"), attr("type", "image/svg+xml")),
			el("link", attr("rel", "stylesheet"), attr("href", assets+"/console.css")),
			el("link", attr("rel", "stylesheet"), attr("href", assets+"/messages.css")),
			el("title", text(title)),
			more),
		body)}
}

// enterPage sends the browser on to a path of this server.
func enterPage(assets, title, to string) g.Node {
	title = chat.CleanLine(title)
	return document(assets, title, el("meta", attr("http-equiv", "refresh"), attr("content", "0;url="+to)),
		el("body", attr("class", "notice"), el("main", el("h1", text(title)), el("p", el("a", attr("href", to), text("Open the console"))))))
}

func noticePage(n notice) g.Node {
	return document(n.Assets, chat.CleanLine(n.Title), nil,
		el("body", attr("class", "notice"), el("main", iconBell, el("h1", text(n.Say)), el("p", text(n.Try)), el("p", el("a", attr("class", "btn"), attr("href", root), text("Go to the rooms"))))))
}

func roomPage(v pageView) g.Node {
	as := when(v.SpeakAs, v.Me.ID)
	name, title := chat.CleanLine(v.Room.Name), chat.CleanLine(v.Title)
	return document(v.Assets, "#"+name+" · "+title, el("script", attr("type", "module"), attr("src", v.Assets+"/console.js")),
		el("body", attr("data-room", v.Room.ID), attr("data-name", name), attr("data-as", as), attr("data-me", v.Me.ID), attr("data-version", v.Version),
			attr("data-read", v.Room.ReadTo), attr("data-older", v.Older), attr("data-command", v.Command),
			el("a", attr("class", "skip"), attr("href", "#say"), text("Skip to what you write")),
			el("div", attr("class", "house"), navigation(v), talking(v), aside(v)),
			el("div", attr("class", "emoji"), attr("id", "emoji"), bare("popover"), attr("role", "menu"), attr("aria-label", "Reactions"), g.Map(v.Emojis, func(e [2]string) g.Node {
				return el("button", attr("type", "button"), attr("role", "menuitem"), attr("data-emoji", e[0]), attr("aria-label", e[0]), attr("title", e[0]), text(e[1]))
			})),
			switcher(),
			question(),
			el("div", attr("id", "forms")),
			el("div", attr("class", "toast"), attr("id", "toast"), attr("role", "alert"), bare("hidden")),
			el("div", attr("class", "sr"), attr("id", "announcer"), attr("role", "log"), attr("aria-live", "polite")),
			el("noscript", el("p", attr("class", "banner"), text("The console is drawn by the server, but it needs JavaScript to send and to stay fresh.")))))
}

func switcher() g.Node {
	return el("dialog", attr("class", "switcher"), attr("id", "switcher"), attr("aria-label", "Go to a room"), el("form", attr("method", "dialog"),
		el("label", attr("class", "sr"), attr("for", "switch-to"), text("Go to a room")),
		el("input", attr("id", "switch-to"), attr("type", "search"), attr("placeholder", "Go to a room…"), attr("autocomplete", "off"), attr("role", "combobox"),
			attr("aria-expanded", "true"), attr("aria-controls", "switch-list"), attr("aria-autocomplete", "list")),
		el("ul", attr("id", "switch-list"), attr("role", "listbox"), attr("aria-label", "Rooms"))))
}

func question() g.Node {
	return el("dialog", attr("class", "ask"), attr("id", "ask"), attr("aria-labelledby", "ask-words"), el("form", attr("method", "dialog"),
		el("p", attr("id", "ask-words")),
		el("div", attr("class", "actions end"),
			el("button", attr("class", "btn"), attr("value", "no"), text("Cancel")),
			el("button", attr("class", "btn primary"), attr("value", "yes"), attr("id", "ask-yes"), text("Yes")))))
}

func navigation(v pageView) g.Node {
	find := "Find a room (Ctrl+K)"
	return el("nav", attr("class", "nav"), attr("id", "nav"), bare("popover"), attr("aria-label", "Rooms"),
		el("div", attr("class", "brand"), iconBell, el("b", oneLine(v.Title)),
			el("button", attr("type", "button"), attr("class", "icon"), attr("data-do", "switcher"), attr("aria-label", find), attr("title", find), iconSearch)),
		el("div", attr("class", "nav-rooms"), attr("id", "rooms"), roomsList(v.Rooms)),
		whoSpeaks(v))
}

func whoSpeaks(v pageView) g.Node {
	me := g.Group{avatar(v.Me), el("span", attr("class", "me-words"), el("small", text("You speak as")), el("bdi", oneLine(v.Me.Name)))}
	switch {
	case v.SpeakAs:
		return el("details", attr("class", "drop me up"), attr("id", "speak-as"), el("summary", me, iconUpDown),
			el("div", attr("class", "drop-body"), el("h2", text("Speak as")),
				el("ul", attr("class", "people"), g.Map(v.People, func(p Person) g.Node {
					return el("li", el("a", attr("href", "?as="+url.QueryEscape(p.ID)), g.If(p.ID == v.Me.ID, attr("aria-current", "true")), avatar(p), personLines(p)))
				})),
				el("p", attr("class", "small muted"), text("Each tab remembers its own. Open a second tab to be two people at once."))))
	case v.Me.ID != "":
		return el("div", attr("class", "me"), el("div", attr("class", "me-row"), me))
	}
	return el("p", attr("class", "me muted"), text("You are reading only."))
}

func talking(v pageView) g.Node {
	return el("main", attr("class", "main"),
		head(v.Room),
		el("p", attr("class", "banner"), attr("id", "offline"), attr("role", "status"), bare("hidden"), el("b", text("tocsin is not answering.")), text(" "),
			el("span", text("What you send is kept here and goes out when it is back."))),
		el("p", attr("class", "banner quiet"), attr("id", "newer"), attr("role", "status"), bare("hidden"), text("tocsin was updated. "), el("a", attr("href", ""), text("Load the new console"))),
		el("div", attr("class", "scroll"), attr("id", "scroll"), attr("tabindex", "-1"),
			el("div", attr("class", "older"), attr("id", "older"), flag(v.Older == "", "hidden"),
				el("button", attr("type", "button"), attr("class", "btn"), attr("data-do", "older"), text("Show older messages"))),
			welcome(v),
			el("ol", attr("class", "msgs"), attr("id", "list"), attr("aria-label", "Messages"), messages(v.Messages)),
			el("ol", attr("class", "msgs"), attr("id", "outbox"), attr("aria-label", "Not sent yet"))),
		el("button", attr("type", "button"), attr("class", "btn jump"), attr("id", "jump"), attr("data-do", "jump"), bare("hidden"), text("New messages "), iconDown),
		composer(v))
}

func welcome(v pageView) g.Node {
	var words g.Node
	switch {
	case v.Room.ID == General:
		words = g.Group{
			text("Something is broken? Type "), el("code", text("/"+v.Command+" checkout is failing")), text(" and press Enter. "),
			el("code", text("/"+v.Command+" help")), text(" shows what else can be said."),
		}
	case v.Room.ID == Incidents:
		words = text("Each incident has one message here, kept up to date while it runs.")
	case v.Room.Direct:
		words = text("What " + chat.CleanLine(v.Title) + " has to tell you alone.")
	default:
		words = g.Group{
			text("This is where the room begins. In an incident's room, commands need no number: "),
			el("code", text("/"+v.Command+" update we are rolling back")), text("."),
		}
	}
	return el("div", attr("class", "welcome"), flag(v.Older != "", "hidden"), attr("id", "welcome"),
		el("h2", el("span", attr("aria-hidden", "true"), text("#")), oneLine(v.Room.Name)), el("p", attr("class", "muted"), words))
}

func composer(v pageView) g.Node {
	switch {
	case !v.CanSpeak && v.Room.Archived:
		return el("p", attr("class", "composer muted closed"), attr("id", "say"), text("This room is archived. Nothing more is said here."))
	case !v.CanSpeak:
		return el("p", attr("class", "composer muted closed"), attr("id", "say"), text("This console is read-only. Whoever runs tocsin sets TOCSIN_CONSOLE_USER to speak here."))
	}
	return el("form", attr("class", "composer"), attr("data-composer", "room"), attr("autocomplete", "off"),
		el("div", attr("class", "hints"), attr("id", "hints-room"), bare("hidden")),
		el("p", attr("class", "editing"), bare("hidden"), text("Editing your message · "),
			el("button", attr("type", "button"), attr("class", "linkish"), attr("data-do", "edit-off"), text("Cancel")), text(" "), key("Esc")),
		el("label", attr("class", "sr"), attr("for", "say"), text("Message #"), oneLine(v.Room.Name)),
		el("div", attr("class", "box"), writing("say", "hints-room", "Message, or /"+v.Command+"…", attr("aria-describedby", "keys")), send()),
		el("p", attr("class", "keys"), attr("id", "keys"), key("Enter"), text(" sends · "), key("Shift"), text("+"), key("Enter"), text(" new line · "),
			key("↑"), text(" edits or recalls · "), key("Ctrl"), text("+"), key("K"), text(" rooms")))
}

func aside(v pageView) g.Node {
	return el("aside", attr("class", "side"), attr("id", "side"), bare("popover"), attr("aria-label", "Panels"),
		el("div", attr("class", "thread"), attr("id", "thread"), flag(v.Thread == nil, "hidden"), g.Iff(v.Thread != nil, func() g.Node { return thread(*v.Thread) })),
		el("div", attr("class", "panels"), attr("id", "panels"),
			el("div", attr("class", "side-head phone"), el("h2", text("Panels")),
				el("button", attr("type", "button"), attr("class", "icon"), attr("popovertarget", "side"), attr("popovertargetaction", "hide"), attr("aria-label", "Close"), iconClose)),
			el("section", attr("class", "waiting"), attr("id", "waiting"), attr("aria-label", "Waiting for you"), bare("hidden")),
			panels(v.Panels)))
}

func panels(all []Panel) g.Node {
	var out g.Group
	for i, p := range all {
		id := "panel-" + strconv.Itoa(i)
		out = append(out, el("section", attr("class", "outer"), attr("aria-labelledby", id), el("h2", attr("id", id), oneLine(p.Title)),
			el("div", attr("class", "panel-in"), attr("data-panel", p.Path), el("p", attr("class", "muted"), text("Loading…")))))
	}
	return out
}
