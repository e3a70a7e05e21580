package slacktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Say writes a message and gives its ts. One that names the bot is also sent as
// a mention; the answer is that to the message.
func (f *Fake) Say(ctx context.Context, user, room string, w Words) (ts string, a Answer, err error) {
	return f.say(ctx, user, room, w, 0)
}

// Mention writes a message that begins with the bot's name; the answer is that
// to the mention.
func (f *Fake) Mention(ctx context.Context, user, room string, w Words) (ts string, a Answer, err error) {
	f.mu.Lock()
	if !w.Raw {
		w.Text, w.Raw = f.typed(w.Text), true
	}
	r := f.room(room)
	f.mu.Unlock()
	w.Text = "<@" + f.bot.ID + "> " + w.Text
	counts := 1
	if r != nil && r.Direct {
		counts = 0 // mentions are not told of there
	}
	return f.say(ctx, user, room, w, counts)
}

func (f *Fake) say(ctx context.Context, user, room string, w Words, counts int) (string, Answer, error) {
	f.mu.Lock()
	u, r, err := f.member(user, room)
	if err != nil {
		f.mu.Unlock()
		return "", Answer{}, err
	}
	text := w.Text
	if !w.Raw {
		text = f.typed(text)
	}
	m := &message{user: user, text: text, files: slices.Clone(w.Files)}
	f.count["client"]++
	m.client = cmp.Or(w.Client, fmt.Sprintf("%08x-0000-4000-8000-%012x", f.count["client"], f.count["client"]))
	if text != "" {
		m.blocks = f.identified([]any{object{"type": "rich_text", "elements": []any{object{
			"type": "rich_text_section", "elements": []any{object{"type": "text", "text": unescape(text)}},
		}}}})
	}
	if u.Bot {
		m.bot, m.client = "B"+u.ID[1:], ""
	}
	if len(w.Files) > 0 {
		m.subtype = "file_share"
	}
	if w.Thread != "" {
		top := r.find(w.Thread)
		if top == nil {
			f.mu.Unlock()
			return "", Answer{}, fmt.Errorf("there is no message %q to answer", w.Thread)
		}
		if m.thread = top.thread; m.thread == "" {
			m.thread = top.ts
		}
	}
	ps := f.put(r, m)
	var mention *parcel
	if strings.Contains(text, "<@"+f.bot.ID) && !r.Direct && r.has(f.bot.ID) {
		ev := f.wireMessage(r, m, false)
		delete(ev, "subtype")
		ev["type"], ev["channel"], ev["event_ts"] = "app_mention", r.ID, m.ts
		mention = f.event(r, "app_mention", ev)
	}
	f.mu.Unlock()
	return m.ts, f.carry(ctx, counts, append(ps, mention)...), nil
}

// EditMessage gives a message of the user's own other words.
func (f *Fake) EditMessage(ctx context.Context, user, room, ts, words string) (Answer, error) {
	f.mu.Lock()
	r, m, err := f.message(user, room, ts)
	if err == nil && m.user != user {
		err = errors.New("only one's own messages can be edited")
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	before := f.wireMessage(r, m, false)
	m.text = f.typed(words)
	m.blocks = f.identified([]any{object{"type": "rich_text", "elements": []any{object{
		"type": "rich_text_section", "elements": []any{object{"type": "text", "text": words}},
	}}}})
	p := f.changed(r, m, before, user)
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// DeleteMessage takes a message of the user's own away.
func (f *Fake) DeleteMessage(ctx context.Context, user, room, ts string) (Answer, error) {
	f.mu.Lock()
	r, m, err := f.message(user, room, ts)
	if err == nil && m.user != user {
		err = errors.New("only one's own messages can be deleted")
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	p := f.remove(r, m)
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// Unfurl makes Slack add a preview to a message: message_changed, with the same words.
func (f *Fake) Unfurl(ctx context.Context, room, ts string) (Answer, error) {
	f.mu.Lock()
	r := f.room(room)
	var m *message
	if r != nil {
		m = r.find(ts)
	}
	if m == nil {
		f.mu.Unlock()
		return Answer{}, errors.New("there is no such message")
	}
	before := f.wireMessage(r, m, false)
	m.attachments = append(slices.Clone(m.attachments), object{"from_url": "https://example.com/", "title": "Example", "id": 1})
	p := f.changeEvent(r, m, before)
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}
