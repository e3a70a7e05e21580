package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// pressing is what Slack sends of buttons, forms and shortcuts.
type pressing struct {
	Type       word            `json:"type"`
	Callback   word            `json:"callback_id"`
	Trigger    word            `json:"trigger_id"`
	Response   word            `json:"response_url"`
	ActionTS   word            `json:"action_ts"`
	MessageTS  word            `json:"message_ts"`
	Team       word            `json:"team"`
	Enterprise word            `json:"enterprise"`
	User       presser         `json:"user"`
	Channel    named           `json:"channel"`
	App        word            `json:"api_app_id"`
	Message    *happening      `json:"message"`
	Container  container       `json:"container"`
	Actions    []pressedButton `json:"actions"`
	View       view            `json:"view"`
}

type presser struct {
	ID       word `json:"id"`
	Name     word `json:"name"`
	UserName word `json:"username"`
	Team     word `json:"team_id"`
}

type named struct {
	ID   word `json:"id"`
	Name word `json:"name"`
}

type container struct {
	Type     word `json:"type"`
	TS       word `json:"message_ts"`
	ThreadTS word `json:"thread_ts"`
	Channel  word `json:"channel_id"`
	View     word `json:"view_id"`
}

type pressedButton struct {
	ID    word `json:"action_id"`
	Block word `json:"block_id"`
	Type  word `json:"type"`
	Value word `json:"value"`
	TS    word `json:"action_ts"`
}

// view is a form as it comes back.
type view struct {
	ID       word            `json:"id"`
	Hash     word            `json:"hash"`
	Callback word            `json:"callback_id"`
	Metadata word            `json:"private_metadata"`
	Values   json.RawMessage `json:"state"`
	Title    struct {
		Text word `json:"text"`
	} `json:"title"`
	Blocks []struct {
		Type word `json:"type"`
		ID   word `json:"block_id"`
	} `json:"blocks"`
}

// interactionWork finds out what a button, a form or a shortcut asks for.
func (in *intake) interactionWork(e envelope) (work, bool) {
	var p pressing
	if err := lenient(json.Unmarshal(e.Raw, &p)); err != nil || p.Type == "" || p.User.ID == "" {
		return work{}, false
	}
	switch p.Type {
	case "block_actions":
		return in.buttonWork(e, p), true
	case "view_submission":
		return in.formWork(e, p)
	case "shortcut", "message_action":
		return in.shortcutWork(e, p), true
	}
	return in.ignored(countIgnored), true // a view that was closed, a list that asks for choices
}

// asker is who pressed. Their own team is told where it is not that of the app.
func (p pressing) asker() asker {
	a := asker{ID: string(p.User.ID), Name: string(p.User.Name), Team: string(p.User.Team), Enterprise: string(p.Enterprise)}
	if a.Name == "" {
		a.Name = string(p.User.UserName)
	}
	if a.Team == "" {
		a.Team = string(p.Team)
	}
	return a
}

// buttonWork runs the command of a button. Buttons that lead to a link are
// reported as well, and ask for nothing.
func (in *intake) buttonWork(e envelope, p pressing) work {
	for _, a := range p.Actions {
		words, seen, ok := readButton(string(a.Value))
		if !ok {
			continue
		}
		g := in.asked(p.asker(), p.place())
		at := a.TS
		if at == "" {
			at = p.Trigger
		}
		id := strings.Join([]string{string(p.Container.TS + p.Container.View), string(a.Block), string(a.ID), string(at), g.User.ID}, ":")
		g.Key, g.Text, g.Seen, g.At, g.Via = key(g.User.Workspace, "act", id), words, seen, e.Received, "button"
		g.back = back{Trigger: string(p.Trigger), URL: string(p.Response)}
		return work{do: func(ctx context.Context) (answer, after) { return in.pressed(ctx, g) }}
	}
	return in.ignored(countIgnored)
}

// place is where a button stands. The first message of a thread stands in its
// room; on a home there is no place.
func (p pressing) place() chat.Place {
	at := chat.Place{Room: string(p.Channel.ID), Name: toldName(string(p.Channel.Name))}
	if at.Room == "" {
		at.Room = string(p.Container.Channel)
	}
	ts, threadTS := p.Container.TS, p.Container.ThreadTS
	if p.Message != nil && threadTS == "" {
		threadTS = p.Message.ThreadTS
	}
	at.Thread = thread(string(ts), string(threadTS))
	return at
}

// formWork runs the command of a form with what was filled in.
func (in *intake) formWork(e envelope, p pressing) (work, bool) {
	k, ok := readKeepsake(string(p.View.Metadata))
	if !ok {
		return in.ignored(countIgnored), true
	}
	var state slackapi.ViewState
	if len(p.View.Values) > 0 {
		if err := lenient(json.Unmarshal(p.View.Values, &state)); err != nil {
			return work{}, false
		}
	}
	g := in.asked(p.asker(), chat.Place{Room: k.Room, Name: k.Name, Thread: k.Thread, Direct: k.Direct, Shared: k.Shared})
	// A form that was sent back with a complaint keeps its id and hash: the
	// values tell one submission from the next.
	id := strings.Join([]string{string(p.View.ID), string(p.View.Hash), digest(p.View.Values)}, ":")
	g.Key, g.Text, g.Seen, g.At, g.Via = key(g.User.Workspace, "view", id), k.Command, k.Seen, e.Received, "form"
	g.Form, g.about = readForm(&state), k.About
	return work{do: func(ctx context.Context) (answer, after) { return in.submitted(ctx, g, p.View) }}, true
}

// typed is what stands in a field of a form.
func (v view) typed(block string) string {
	var state slackapi.ViewState
	if err := lenient(json.Unmarshal(v.Values, &state)); err != nil {
		return ""
	}
	return filledIn(state.Values[block][formAction])
}

// shortcutWork runs what a shortcut stands for: on a message, with that
// message; from the menu, in no place.
func (in *intake) shortcutWork(e envelope, p pressing) work {
	words, ok := shortcutText(string(p.Callback))
	if !ok {
		return in.ignored(countIgnored)
	}
	g := in.asked(p.asker(), p.shortcutPlace())
	id := p.Trigger
	if id == "" {
		id = p.ActionTS
	}
	g.Key, g.Text, g.At, g.Via = key(g.User.Workspace, "trigger", string(id)), words, e.Received, "shortcut"
	g.back = back{Trigger: string(p.Trigger), URL: string(p.Response)}
	if p.Type != "message_action" || p.Message == nil {
		return work{do: func(ctx context.Context) (answer, after) { return in.pressed(ctx, g) }}
	}
	m := *p.Message
	if m.TS == "" {
		m.TS = p.MessageTS
	}
	if words == captureWord {
		g.Text += " " + string(m.TS)
	}
	c := callback{Team: p.Team, Enterprise: p.Enterprise, App: p.App}
	return work{do: func(ctx context.Context) (answer, after) {
		within, cancel := context.WithTimeout(ctx, aboutLimit)
		about := in.saidOf(within, c, g.Place.Room, m)
		cancel()
		g.About = &about
		return in.pressed(ctx, g)
	}}
}

// aboutLimit is how long it may take to learn who wrote the message that a
// shortcut was used on.
const aboutLimit = 100 * time.Millisecond

func (p pressing) shortcutPlace() chat.Place {
	if p.Type != "message_action" {
		return chat.Place{}
	}
	at := chat.Place{Room: string(p.Channel.ID), Name: toldName(string(p.Channel.Name))}
	if p.Message != nil {
		at.Thread = thread(string(p.MessageTS), string(p.Message.ThreadTS))
	}
	return at
}

// captureWord is the command that puts a message on the timeline.
const captureWord = "capture"

// shortcutText is the command that a shortcut stands for.
func shortcutText(callback string) (string, bool) {
	switch callback {
	case shortcutDeclare, shortcutDeclareFrom:
		return "declare", true
	case shortcutCapture:
		return captureWord, true
	case shortcutAction:
		return "action", true
	}
	return "", false
}
