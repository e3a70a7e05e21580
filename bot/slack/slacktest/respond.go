package slacktest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// What a response URL is good for.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// response is one response URL.
type response struct {
	user, room, thread string
	original           string // ts of the message of the gesture, if there is one
	at                 time.Time
	used               int
}

// newResponse makes a response URL for a gesture. f.mu is held.
func (f *Fake) newResponse(user, room, thread, original string) string {
	f.count["response"]++
	id := fmt.Sprintf("%s/%d/%032x", f.o.Team, f.count["response"], f.count["response"])
	f.respond[id] = &response{user: user, room: room, thread: thread, original: original, at: f.now()}
	return f.base + "response/" + id
}

// serveResponse takes what is posted to a response URL.
func (f *Fake) serveResponse(w http.ResponseWriter, r *http.Request, id string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyLimit))
	args := map[string]string{}
	ok := err == nil && readJSON(body, args)
	noted := f.note("response_url", args)
	how := f.fault("response_url")
	if how == nil {
		how = &Fault{}
	}
	f.mu.Lock()
	latency := f.latency
	f.mu.Unlock()
	if !f.wait(r.Context(), latency) {
		panic(http.ErrAbortHandler)
	}
	if !f.suffer(w, r, how) {
		f.noted(noted, how.Status, how.Error)
		return
	}
	status, word := http.StatusBadRequest, "invalid_payload"
	if ok {
		status, word = f.responded(id, args)
	}
	if how.Lost {
		f.noted(noted, 0, word)
		panic(http.ErrAbortHandler)
	}
	f.noted(noted, status, word)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	out := object{"ok": word == ""}
	if word != "" {
		out["error"] = word
	}
	_, _ = w.Write(raw(out))
}

func (f *Fake) responded(id string, args map[string]string) (status int, word string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := f.respond[id]
	switch {
	case at == nil:
		return http.StatusNotFound, "invalid_url"
	case f.now().Sub(at.at) > responseLife:
		return http.StatusNotFound, "expired_url"
	case at.used >= responseUses:
		return http.StatusNotFound, "used_url"
	}
	if err := f.reply(at, args); err != nil {
		return http.StatusBadRequest, err.Error()
	}
	at.used++
	return http.StatusOK, ""
}

// reply does what an answer to a gesture says: through a response URL, or in
// the acknowledgement of a command. f.mu is held.
func (f *Fake) reply(at *response, args map[string]string) error {
	c := &call{f: f, args: args}
	said, refused := c.content("msg_blocks_too_long")
	if refused != nil {
		return errors.New(refused.err)
	}
	r := f.room(at.room)
	if r == nil {
		return errors.New("channel_not_found")
	}
	original := r.find(at.original)
	if c.flag("delete_original") {
		if original == nil {
			return errors.New("message_not_found")
		}
		f.later(f.remove(r, original))
		return nil
	}
	if said.empty() {
		return errors.New("no_text")
	}
	if c.flag("replace_original") && original != nil {
		before := f.wireMessage(r, original, false)
		original.text, original.blocks, original.attachments = said.text, f.identified(said.blocks), said.attachments
		f.later(f.changed(r, original, before, f.bot.ID))
		return nil
	}
	m := &message{
		user: f.bot.ID, bot: f.botID(), text: said.text, blocks: f.identified(said.blocks), attachments: said.attachments,
		thread: args["thread_ts"], only: at.user,
	}
	if args["response_type"] == "in_channel" {
		m.only, m.subtype, m.user = "", "bot_message", ""
	}
	f.later(f.put(r, m)...)
	if at.original == "" {
		at.original = m.ts // what replaces "the original" of a command is its answer
	}
	return nil
}
