package slacktest

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// button is something that can be pressed, and where it stands.
type button struct {
	block string
	el    object
}

// buttonsIn gives the buttons of blocks.
func buttonsIn(blocks []any) []button {
	var out []button
	for _, b := range blocks {
		o, _ := b.(object)
		id, _ := o["block_id"].(string)
		for _, el := range elementsIn([]any{b}) {
			if el["type"] == "button" {
				out = append(out, button{id, el})
			}
		}
	}
	return out
}

// allBlocks are a message's blocks, those of its attachments included.
func (m *message) allBlocks() []any {
	out := append([]any{}, m.blocks...)
	for _, a := range m.attachments {
		one, _ := a.(object)
		more, _ := one["blocks"].([]any)
		out = append(out, more...)
	}
	return out
}

func labelled(all []button, label string) (button, error) {
	for _, b := range all {
		if textOf(b.el["text"]) == label {
			return b, nil
		}
	}
	return button{}, fmt.Errorf("there is no button %q", label)
}

// action draws what was done with an element. f.mu is held.
func (f *Fake) action(b button) object {
	f.actionID(b.el)
	out := object{"action_ts": f.stamp(), "block_id": b.block}
	for _, name := range []string{"type", "action_id", "text", "value", "style"} {
		if v, ok := b.el[name]; ok {
			out[name] = v
		}
	}
	return out
}

// Press presses a button of a message by its label; a question is answered with yes.
func (f *Fake) Press(ctx context.Context, user, room, ts, label string) (Answer, error) {
	f.mu.Lock()
	r, m, err := f.message(user, room, ts)
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	b, err := labelled(buttonsIn(m.allBlocks()), label)
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	trigger := f.newTrigger(user)
	container := object{"type": "message", "message_ts": m.ts, "channel_id": r.ID, "is_ephemeral": m.only != ""}
	more := object{
		"container": container, "trigger_id": trigger, "channel": object{"id": r.ID, "name": r.shownName()},
		"response_url": f.newResponse(user, r.ID, m.thread, m.ts), "state": object{"values": object{}}, "actions": []object{f.action(b)},
	}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	}
	if m.only == "" { // what only one sees is not told again
		more["message"] = f.wireMessage(r, m, false)
	}
	p := interactive(trigger, f.interaction("block_actions", f.user(user), more))
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// PressView presses a button in the modal that is open for the user, or else in
// their home.
func (f *Fake) PressView(ctx context.Context, user, label string) (Answer, error) {
	f.mu.Lock()
	u, v, err := f.viewer(user)
	if err == nil && v == nil {
		v = f.homes[user]
	}
	if err == nil && v == nil {
		err = errors.New("nothing is open for " + u.Name)
	}
	var b button
	if err == nil {
		b, err = labelled(buttonsIn(v.blocks()), label)
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	trigger := f.newTrigger(user)
	state, err := v.fill(nil)
	if err != nil {
		state = object{} // required fields may be empty still
	}
	p := interactive(trigger, f.interaction("block_actions", u, object{
		"container": object{"type": "view", "view_id": v.id}, "trigger_id": trigger, "view": f.wireView(v, state),
		"actions": []object{f.action(b)},
	}))
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// viewer finds a user and the modal that they look at, if there is one.
func (f *Fake) viewer(user string) (*User, *view, error) {
	u, _, err := f.actor(user, "")
	return u, f.top(user), err
}

// Shortcut runs a global shortcut.
func (f *Fake) Shortcut(ctx context.Context, user, callback string) (Answer, error) {
	f.mu.Lock()
	u, _, err := f.actor(user, "")
	if err == nil && !f.scopes["commands"] {
		err = errors.New("the app has no shortcuts")
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	trigger := f.newTrigger(user)
	p := interactive(trigger, f.interaction("shortcut", u, object{"callback_id": callback, "trigger_id": trigger, "action_ts": f.stamp()}))
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// ShortcutOn runs a shortcut on a message.
func (f *Fake) ShortcutOn(ctx context.Context, user, room, ts, callback string) (Answer, error) {
	f.mu.Lock()
	r, m, err := f.message(user, room, ts)
	if err == nil && (!f.scopes["commands"] || m.only != "") {
		err = errors.New("there are no shortcuts on that")
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	trigger := f.newTrigger(user)
	p := interactive(trigger, f.interaction("message_action", f.user(user), object{
		"callback_id": callback, "trigger_id": trigger, "action_ts": f.stamp(), "message_ts": m.ts,
		"channel": object{"id": r.ID, "name": r.shownName()}, "message": f.wireMessage(r, m, false),
		"response_url": f.newResponse(user, r.ID, m.thread, ""),
	}))
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// Submit fills the modal that is open for the user and sends it: values by
// block id, action id or label; others keep what stood there. What the app
// answers with response_action is done.
func (f *Fake) Submit(ctx context.Context, user string, values map[string]string) (Answer, error) {
	f.mu.Lock()
	u, v, err := f.viewer(user)
	switch {
	case err != nil:
	case v == nil:
		err = errors.New("no form is open for " + u.Name)
	case v.body["submit"] == nil:
		err = errors.New("the open view has no button to submit it")
	}
	var state object
	if err == nil {
		state, err = v.fill(values)
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	trigger := f.newTrigger(user)
	p := interactive(trigger, f.interaction("view_submission", u, object{
		"trigger_id": trigger, "view": f.wireView(v, state), "response_urls": []object{},
	}))
	f.mu.Unlock()
	a := f.carry(ctx, 0, p)
	if a.Acked {
		f.submitted(user, v, &a)
	}
	return a, nil
}

// submitted does what the app answered to a form.
func (f *Fake) submitted(user string, v *view, a *Answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	stack := f.modals[user]
	if noBody(a.Body) {
		if len(stack) > 0 && stack[len(stack)-1] == v {
			f.modals[user] = stack[:len(stack)-1]
		}
		return
	}
	action, body, wrong, err := readAck(a.Body)
	if err == nil && (action == "update" || action == "push") {
		if bad := checkView(body, "modal"); len(bad) > 0 {
			err = errors.New(strings.Join(bad, "; "))
		}
	}
	switch {
	case err != nil:
		a.Err = fmt.Errorf("the answer to the form is not understood: %w", err)
	case action == "errors":
		a.Errors = wrong
		for block := range wrong {
			if !v.hasInput(block) {
				a.Err = fmt.Errorf("the form has no field in block %q", block)
			}
		}
	case action == "clear":
		delete(f.modals, user)
	case action == "update":
		v.replace(body)
		f.touch(v)
	case action == "push" && len(stack) < stackLimit:
		next := f.makeView(user, body)
		next.root, next.previous = v.root, v.id
		f.modals[user] = append(stack, next)
	default:
		a.Err = fmt.Errorf("there is no response_action %q", action)
	}
}

func (v *view) hasInput(block string) bool {
	for _, in := range v.inputs() {
		if in.block == block {
			return true
		}
	}
	return false
}

// CloseView closes the modal that is open for the user, and those under it.
func (f *Fake) CloseView(ctx context.Context, user string) (Answer, error) {
	f.mu.Lock()
	u, v, err := f.viewer(user)
	if err == nil && v == nil {
		err = errors.New("nothing is open for " + u.Name)
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	delete(f.modals, user)
	notify, _ := v.body["notify_on_close"].(bool)
	p := interactive(v.id, f.interaction("view_closed", u, object{"view": f.wireView(v, nil), "is_cleared": false}))
	f.mu.Unlock()
	if !notify {
		return Answer{}, nil
	}
	return f.carry(ctx, 0, p), nil
}
