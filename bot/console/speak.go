package console

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/store"
)

// typed takes what somebody typed: a command, a mention of the bot, or words
// for the room.
func (c *Console) typed(w http.ResponseWriter, r *http.Request) {
	g, ok := c.gesture(w, r)
	if !ok {
		return
	}
	words, slash := c.command(g.Text)
	switch {
	case slash == "command":
		g.Via = slash
		c.runs(w, r, g, words)
	case slash == "mention":
		g.Via = slash
		if _, ok := c.says(w, r, g, "/said"); ok {
			c.runs(w, r, g, words)
		}
	case slash != "":
		answerFault(w, fault.New(fault.Invalid, "There is no command %s here. Nothing was sent.", slash).WithExample("/"+c.verb()+" help"))
	default:
		if m, ok := c.says(w, r, g, ""); ok {
			answerJSON(w, http.StatusOK, answer{Done: true, HTML: c.reader(g.User.ID).li(g.Room, m)})
		}
	}
}

func (c *Console) verb() string {
	if h := c.house.Load(); h != nil && h.Command != "" {
		return h.Command
	}
	return "incident"
}

// command splits a command from its words. how is "command", "mention", the
// unknown command itself, or empty for words that are none.
func (c *Console) command(text string) (words, how string) {
	text = strings.TrimSpace(text)
	first, rest := text, ""
	if i := strings.IndexAny(text, " \n\t"); i > 0 {
		first, rest = text[:i], strings.TrimSpace(text[i:])
	}
	switch {
	case strings.EqualFold(first, "/"+c.verb()):
		return rest, "command"
	case strings.EqualFold(strings.TrimRight(first, ",:"), "@tocsin"):
		return rest, "mention"
	case len(first) > 1 && first[0] == '/' && !strings.Contains(first[1:], "/"):
		return "", chat.Shorten(first, 40)
	}
	return "", ""
}

// says puts words into the room, then reports them.
func (c *Console) says(w http.ResponseWriter, r *http.Request, g gesture, suffix string) (store.TalkMessage, bool) {
	switch {
	case strings.TrimSpace(g.Text) == "":
		answerFault(w, fault.New(fault.Invalid, "There is nothing to send yet."))
		return store.TalkMessage{}, false
	case g.Room.Archived:
		answerFault(w, fault.New(fault.Conflict, "This room is archived, so nothing more is said here. Use #general."))
		return store.TalkMessage{}, false
	}
	ctx := r.Context()
	m, err := c.say(ctx, store.TalkMessage{Room: g.Room.ID, Key: "said/" + g.User.ID + "/" + g.Key, Thread: g.Thread, User: g.User.ID, Text: strings.Trim(g.Text, "\n"), At: g.At})
	if err != nil {
		answerFault(w, err)
		return m, false
	}
	if err := c.report(ctx, g, m, suffix); err != nil {
		answerJSON(w, http.StatusAccepted, answer{Kind: fault.KindOf(err).String(), HTML: c.reader(g.User.ID).li(g.Room, m)})
		return m, false
	}
	return m, true
}

// report tells the sink what was said; whoever speaks in a room has come into it.
func (c *Console) report(ctx context.Context, g gesture, m store.TalkMessage, suffix string) error {
	h := c.house.Load()
	if h == nil || h.Sink == nil {
		return fault.New(fault.Unavailable, "tocsin is still starting.")
	}
	if !g.Room.Direct && !slices.Contains(g.Room.Members, g.User.ID) {
		g := g
		g.Key += "/joined"
		told, err := c.joined(ctx, g)
		if err == nil {
			err = told(h.Sink)
		}
		if err != nil {
			return err
		}
	}
	said := c.said(g.Room, m)
	said.Key, said.User = accountKey(g.Key+suffix), g.User
	return h.Sink.Said(ctx, said)
}

// runs hands a command to the house and answers within the person's patience.
func (c *Console) runs(w http.ResponseWriter, r *http.Request, g gesture, words string) {
	if h := c.house.Load(); h == nil || h.Handle == nil {
		answerFault(w, fault.New(fault.Unavailable, "tocsin is still starting. Nothing was sent; it is tried again in a moment."))
		return
	}
	f, ok := c.ask(r.Context(), g, c.request(g, words))
	if !ok {
		answerJSON(w, http.StatusAccepted, answer{Say: "Working on it, not recorded yet."})
		return
	}
	a := answer{Done: true, Kind: f.reply.Kind}
	if f.said != nil {
		a.HTML = c.reader(g.User.ID).li(g.Room, *f.said)
	}
	if f.reply.Form != nil {
		a.Form = c.form(g, *f.reply.Form)
	}
	if f.reply.Kind != "" {
		a.Say = chat.Plaintext(f.reply.Message, chat.Paper{Now: c.now(), Zone: g.User.Zone, Command: "/" + c.verb()})
	}
	answerJSON(w, http.StatusOK, a)
}

// pressed takes a button.
func (c *Console) pressed(w http.ResponseWriter, r *http.Request) { c.sent(w, r, "button") }

// submitted takes a form.
func (c *Console) submitted(w http.ResponseWriter, r *http.Request) {
	c.sent(w, r, "form")
}

func (c *Console) sent(w http.ResponseWriter, r *http.Request, via string) {
	g, ok := c.gesture(w, r)
	if !ok {
		return
	}
	g.Via = via
	if via == "form" && g.Form == nil {
		g.Form = map[string]string{}
	}
	if strings.TrimSpace(g.Text) == "" {
		answerFault(w, fault.New(fault.Invalid, "That button does nothing any more. Reload the page."))
		return
	}
	c.runs(w, r, g, g.Text)
}
