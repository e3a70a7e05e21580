package slacktest

import (
	"cmp"
	"slices"
	"strings"
)

// wireRoom draws a room as the bot sees it.
func (f *Fake) wireRoom(r *place) object {
	if r.Direct {
		return object{
			"id": r.ID, "created": seconds(r.Created), "is_im": true, "is_channel": false, "is_group": false, "is_org_shared": false,
			"user": r.User, "is_archived": r.Archived, "is_open": true, "context_team_id": f.o.Team,
		}
	}
	previous := append([]string{}, r.previous...)
	return object{
		"id": r.ID, "name": r.Name, "name_normalized": r.Name, "created": seconds(r.Created), "creator": r.Creator,
		"is_channel": !r.Private, "is_group": r.Private, "is_im": false, "is_mpim": false, "is_private": r.Private,
		"is_archived": r.Archived, "is_general": r.Name == "general", "is_member": r.has(f.bot.ID),
		"is_shared": r.Shared, "is_ext_shared": r.Shared, "is_org_shared": false, "is_pending_ext_shared": false,
		"pending_shared": []string{}, "unlinked": 0, "context_team_id": f.o.Team, "previous_names": previous,
		"topic":   object{"value": r.Topic, "creator": r.topicBy, "last_set": r.topicAt},
		"purpose": object{"value": r.Purpose, "creator": r.purposeBy, "last_set": r.purposeAt},
	}
}

func roomInfo(c *call) (object, *no) {
	r, refused := c.room("channel")
	if refused != nil {
		return nil, refused
	}
	out := c.f.wireRoom(r)
	if c.flag("include_num_members") {
		out["num_members"] = len(r.Members)
	}
	return object{"channel": out}, nil
}

// types reads which kinds of room are asked for, and whether the app may ask.
func (c *call) types() (map[string]bool, *no) {
	kinds := map[string]string{"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
	asked := c.args["types"]
	if asked == "" {
		asked = "public_channel"
	}
	out := map[string]bool{}
	for one := range strings.SplitSeq(asked, ",") {
		kind := kinds[strings.TrimSpace(one)]
		if kind == "" {
			return nil, &no{err: "invalid_types"}
		}
		if missing := c.allowed(kind); missing != nil {
			return nil, missing
		}
		out[kind] = true
	}
	return out, nil
}

func (c *call) rooms(fits func(*place) bool) (object, *no) {
	kinds, refused := c.types()
	if refused != nil {
		return nil, refused
	}
	all := []object{}
	for _, r := range c.f.rooms {
		if kinds[r.kind()] && fits(r) && (!r.Archived || !c.flag("exclude_archived")) {
			one := c.f.wireRoom(r)
			one["num_members"] = len(r.Members)
			all = append(all, one)
		}
	}
	out, next, refused := page(c, all, 100, 999)
	if refused != nil {
		return nil, refused
	}
	return object{"channels": out, "response_metadata": cursor(next)}, nil
}

func roomList(c *call) (object, *no) {
	return c.rooms(func(r *place) bool { return !r.Private && !r.Direct || r.has(c.f.bot.ID) })
}

func userRooms(c *call) (object, *no) {
	user := cmp.Or(c.args["user"], c.f.bot.ID)
	return c.rooms(func(r *place) bool { return r.has(user) && (!r.Private && !r.Direct || r.has(c.f.bot.ID)) })
}

func roomMembers(c *call) (object, *no) {
	r, refused := c.room("channel")
	if refused != nil {
		return nil, refused
	}
	out, next, refused := page(c, r.Members, 100, 1000)
	if refused != nil {
		return nil, refused
	}
	return object{"members": append([]string{}, out...), "response_metadata": cursor(next)}, nil
}

// readable finds a room whose messages the bot may read.
func (c *call) readable() (*place, *no) {
	r, refused := c.room("channel")
	if refused == nil && !r.has(c.f.bot.ID) {
		if slices.Contains(c.method.errors, "not_in_channel") {
			return nil, &no{err: "not_in_channel"}
		}
		return nil, &no{err: "channel_not_found"}
	}
	return r, refused
}

// endless is a moment after all others.
const endless = 1 << 62

// span is the part of a room's time that a call asks for.
type span struct {
	oldest, latest int64
	inclusive      bool
}

func (c *call) span() (s span, refused *no) {
	s = span{oldest: -1, latest: endless, inclusive: c.flag("inclusive")}
	if v := c.args["oldest"]; v != "" && v != "0" {
		n, ok := readStamp(v)
		if !ok {
			return s, &no{err: "invalid_ts_oldest"}
		}
		s.oldest = n
	}
	if v := c.args["latest"]; v != "" && v != "now" {
		n, ok := readStamp(v)
		if !ok {
			return s, &no{err: "invalid_ts_latest"}
		}
		s.latest = n
	}
	return s, nil
}

func (s span) holds(m *message) bool {
	at, _ := readStamp(m.ts)
	return at > s.oldest && at < s.latest || s.inclusive && (at == s.oldest || at == s.latest)
}

// pageOf cuts messages into pages that begin after the message of the cursor,
// so that new ones move nothing.
func (c *call) pageOf(all []*message, most int) (out []*message, next string, refused *no) {
	if s := c.args["cursor"]; s != "" {
		after, found := strings.CutPrefix(s, "after:")
		i := slices.IndexFunc(all, func(m *message) bool { return m.ts == after })
		if !found || i < 0 {
			return nil, "", &no{err: "invalid_cursor"}
		}
		all = all[i+1:]
	}
	rest := *c
	rest.args = map[string]string{"limit": c.args["limit"]}
	out, more, refused := page(&rest, all, min(100, most), most)
	if more != "" {
		next = "after:" + out[len(out)-1].ts
	}
	return out, next, refused
}

func (c *call) wireAll(r *place, all []*message) []object {
	out := []object{}
	for _, m := range all {
		out = append(out, c.f.wireMessage(r, m, c.flag("include_all_metadata")))
	}
	return out
}

func roomHistory(c *call) (object, *no) {
	r, refused := c.readable()
	if refused != nil {
		return nil, refused
	}
	within, refused := c.span()
	if refused != nil {
		return nil, refused
	}
	var all []*message
	for _, m := range r.messages {
		if m.only == "" && (m.thread == "" || m.thread == m.ts || m.broadcast) && within.holds(m) {
			all = append(all, m)
		}
	}
	// Pages go back from the newest; with an oldest and no latest they go on
	// from the oldest. In a page the newest stands first either way.
	forward := within.oldest >= 0 && within.latest == endless
	if !forward {
		slices.Reverse(all)
	}
	out, next, refused := c.pageOf(all, 999)
	if refused != nil {
		return nil, refused
	}
	if out = slices.Clone(out); forward {
		slices.Reverse(out)
	}
	return object{"messages": c.wireAll(r, out), "has_more": next != "", "pin_count": len(r.pins), "response_metadata": cursor(next)}, nil
}

func roomReplies(c *call) (object, *no) {
	r, refused := c.readable()
	if refused != nil {
		return nil, refused
	}
	within, refused := c.span()
	if refused != nil {
		return nil, refused
	}
	top := r.find(c.args["ts"])
	if top != nil && top.thread != "" {
		top = r.find(top.thread)
	}
	if top == nil || top.only != "" {
		return refuse("thread_not_found")
	}
	var all []*message
	for _, m := range r.replies(top.ts) {
		if within.holds(m) {
			all = append(all, m)
		}
	}
	out, next, refused := c.pageOf(all, 1000)
	if refused != nil {
		return nil, refused
	}
	// The message that was answered stands first on every page.
	return object{"messages": c.wireAll(r, append([]*message{top}, out...)), "has_more": next != "", "response_metadata": cursor(next)}, nil
}
