package slacktest

import (
	"fmt"
	"slices"
	"time"
)

// What a view can carry.
const (
	viewLimit     = 250_000 // bytes
	titleMost     = 24
	privateLimit  = 3000
	callbackLimit = 255
	stackLimit    = 3
	triggerLife   = 3 * time.Second
)

// view is a modal or a home tab as the fake keeps it.
type view struct {
	id, user, hash, root, previous string
	body                           object // as the app gave it
	typed                          map[string]string
}

func (v *view) word(name string) string {
	s, _ := v.body[name].(string)
	return s
}

func (v *view) blocks() []any {
	all, _ := v.body["blocks"].([]any)
	return all
}

// trigger is what lets the app open a view.
type trigger struct {
	user string
	at   time.Time
	used bool
	over bool // it was given while a view was open, so one can be pushed
}

// newTrigger makes one for a gesture of a user's. f.mu is held.
func (f *Fake) newTrigger(user string) string {
	f.count["trigger"]++
	n := f.count["trigger"]
	id := fmt.Sprintf("%d.%d.%032x", 1000+n, seconds(f.now()), n)
	f.trigger[id] = &trigger{user: user, at: f.now(), over: len(f.modals[user]) > 0}
	return id
}

// pull uses a trigger up.
func (c *call) pull() (*trigger, *no) {
	t := c.f.trigger[c.args["trigger_id"]]
	switch {
	case t == nil:
		return nil, &no{err: "invalid_trigger_id"}
	case t.used:
		return nil, &no{err: "exchanged_trigger_id"}
	case c.f.now().Sub(t.at) > triggerLife:
		return nil, &no{err: "expired_trigger_id"}
	}
	return t, nil
}

// view reads the view of a call, and refuses what Slack refuses.
func (c *call) view(kind string) (object, *no) {
	if len(c.args["view"]) > viewLimit {
		return nil, &no{err: "view_too_large"}
	}
	v := parsed([]byte(c.args["view"]))
	if v == nil {
		return nil, invalid("failed to parse view")
	}
	if wrong := checkView(v, kind); len(wrong) > 0 {
		return nil, &no{err: "invalid_arguments", messages: wrong}
	}
	return v, nil
}

func checkView(v object, kind string) []string {
	where := inModal
	all := fields{
		"blocks": must(list(0, 100, anything)), "private_metadata": may(maybe(privateLimit)), "callback_id": may(maybe(callbackLimit)),
		"external_id": may(maybe(255)), "clear_on_close": may(boolean), "notify_on_close": may(boolean), "submit_disabled": may(boolean),
	}
	if kind == "modal" {
		all["title"], all["submit"], all["close"] = must(plain(titleMost)), may(plain(titleMost)), may(plain(titleMost))
	} else {
		where = inHome
	}
	k := &checker{inside: where}
	k.object(v, "/view", all)
	if v["type"] != kind {
		k.no("/view/type", "must be %s", kind)
	}
	blocks, _ := v["blocks"].([]any)
	wrong := append(k.wrong, checkBlocks(blocks, where)...)
	if kind == "modal" && v["submit"] == nil && slices.ContainsFunc(blocks, func(b any) bool {
		o, _ := b.(object)
		return o["type"] == "input"
	}) {
		wrong = append(wrong, "[ERROR] missing required field: submit, for there are input blocks [json-pointer:/view]")
	}
	return wrong
}

// makeView keeps a new view. f.mu is held.
func (f *Fake) makeView(user string, body object) *view {
	v := &view{id: f.id("V"), user: user, body: body}
	v.root = v.id
	f.touch(v)
	return v
}

// touch gives a view that changed another hash, and its blocks ids.
func (f *Fake) touch(v *view) {
	f.count["hash"]++
	v.hash = fmt.Sprintf("%d.%08x", seconds(f.now()), f.count["hash"])
	f.identified(v.blocks())
	for _, el := range elementsIn(v.blocks()) {
		f.actionID(el)
	}
}

// actionID gives an element that can do something an id, when it has none.
func (f *Fake) actionID(el object) {
	if id, _ := el["action_id"].(string); id == "" {
		f.count["action"]++
		el["action_id"] = fmt.Sprintf("a%d", f.count["action"])
	}
}

// elementsIn gives the elements of blocks that people can use.
func elementsIn(blocks []any) []object {
	var out []object
	for _, b := range blocks {
		o, _ := b.(object)
		many, _ := o["elements"].([]any)
		if o["type"] != "actions" {
			many = nil
		}
		for _, one := range append([]any{o["accessory"], o["element"]}, many...) {
			if el, ok := one.(object); ok && el["type"] != "image" {
				out = append(out, el)
			}
		}
	}
	return out
}

// wireView draws a view as the app gets it back.
func (f *Fake) wireView(v *view, state object) object {
	out := copied(v.body)
	for _, name := range []string{"private_metadata", "callback_id", "external_id"} {
		if out[name] == nil {
			out[name] = ""
		}
	}
	for _, name := range []string{"clear_on_close", "notify_on_close"} {
		if out[name] == nil {
			out[name] = false
		}
	}
	for _, name := range []string{"title", "submit", "close"} {
		if out[name] == nil {
			out[name] = nil
		}
	}
	if state == nil {
		state = object{}
	}
	out["id"], out["team_id"], out["hash"], out["root_view_id"] = v.id, f.o.Team, v.hash, v.root
	out["app_id"], out["bot_id"], out["app_installed_team_id"] = f.appID(), f.botID(), f.o.Team
	out["state"] = object{"values": state}
	out["previous_view_id"] = nil
	if v.previous != "" {
		out["previous_view_id"] = v.previous
	}
	return out
}

func (f *Fake) allViews() []*view {
	var out []*view
	for _, stack := range f.modals {
		out = append(out, stack...)
	}
	for _, v := range f.homes {
		out = append(out, v)
	}
	return out
}

// taken says whether an external id belongs to another view.
func (f *Fake) taken(external string, except *view) bool {
	return external != "" && slices.ContainsFunc(f.allViews(), func(v *view) bool { return v != except && v.word("external_id") == external })
}

func viewOpen(c *call) (object, *no) { return c.show(false) }

func viewPush(c *call) (object, *no) { return c.show(true) }

// show opens a view for the user of a trigger, alone or over the one that is open.
func (c *call) show(over bool) (object, *no) {
	f := c.f
	body, refused := c.view("modal")
	if refused != nil {
		return nil, refused
	}
	t, refused := c.pull()
	if refused != nil {
		return nil, refused
	}
	stack := f.modals[t.user]
	external, _ := body["external_id"].(string)
	switch {
	case f.taken(external, nil):
		return refuse("duplicate_external_id")
	case over && (!t.over || len(stack) == 0):
		return refuse("not_found")
	case over && len(stack) >= stackLimit:
		return refuse("push_limit_reached")
	}
	t.used = true
	v := f.makeView(t.user, body)
	if over {
		v.root, v.previous = stack[0].id, stack[len(stack)-1].id
		f.modals[t.user] = append(stack, v)
	} else {
		f.modals[t.user] = []*view{v}
	}
	return object{"view": f.wireView(v, nil)}, nil
}

func viewUpdate(c *call) (object, *no) {
	f := c.f
	body, refused := c.view("modal")
	if refused != nil {
		return nil, refused
	}
	var v *view
	for _, one := range f.allViews() {
		if one.id == c.args["view_id"] || c.args["external_id"] != "" && one.word("external_id") == c.args["external_id"] {
			v = one
		}
	}
	external, _ := body["external_id"].(string)
	switch {
	case v == nil || v.word("type") != "modal":
		return refuse("not_found")
	case c.args["hash"] != "" && c.args["hash"] != v.hash:
		return refuse("hash_conflict")
	case f.taken(external, v):
		return refuse("duplicate_external_id")
	}
	v.replace(body)
	f.touch(v)
	return object{"view": f.wireView(v, nil)}, nil
}

func viewPublish(c *call) (object, *no) {
	f := c.f
	body, refused := c.view("home")
	if refused != nil {
		return nil, refused
	}
	user := f.user(c.args["user_id"])
	if user == nil || user == f.bot {
		return nil, invalid("invalid user_id")
	}
	v := f.homes[user.ID]
	if c.args["hash"] != "" && v != nil && c.args["hash"] != v.hash {
		return refuse("hash_conflict")
	}
	if v == nil {
		v = f.makeView(user.ID, body)
		f.homes[user.ID] = v
	} else {
		v.body = body
		f.touch(v)
	}
	return object{"view": f.wireView(v, nil)}, nil
}

// top is the modal that a user looks at.
func (f *Fake) top(user string) *view {
	if stack := f.modals[user]; len(stack) > 0 {
		return stack[len(stack)-1]
	}
	return nil
}
