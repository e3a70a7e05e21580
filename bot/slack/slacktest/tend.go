package slacktest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What a room can carry.
const (
	nameLimit   = 80
	topicLimit  = 250
	inviteLimit = 100
)

// checkName refuses what cannot be a room's name; except is the room that has it.
func (f *Fake) checkName(name string, except *place) *no {
	odd := strings.IndexFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
	switch {
	case name == "":
		return &no{err: "invalid_name_required"}
	case utf8.RuneCountInString(name) > nameLimit:
		return &no{err: "invalid_name_maxlength"}
	case odd >= 0:
		return &no{err: "invalid_name_specials"}
	case strings.Trim(name, "-_") == "":
		return &no{err: "invalid_name_punctuation"}
	}
	if have := f.named(name); have != nil && have != except { // archived ones keep their names
		return &no{err: "name_taken"}
	}
	return nil
}

func roomCreate(c *call) (object, *no) {
	f := c.f
	private := c.flag("is_private")
	kind := "channels"
	if private {
		kind = "groups"
	}
	if missing := c.allowed(kind); missing != nil {
		return nil, missing
	}
	if refused := f.checkName(c.args["name"], nil); refused != nil {
		return nil, refused
	}
	r := f.addRoom(Room{Name: c.args["name"], Private: private, Creator: f.bot.ID, Members: []string{f.bot.ID}})
	if !private {
		f.later(f.event(r, "channel_created", object{"type": "channel_created", "channel": object{
			"id": r.ID, "name": r.Name, "created": seconds(r.Created), "creator": r.Creator, "is_channel": true,
		}}))
	}
	return object{"channel": f.wireRoom(r)}, nil
}

// tended finds a room that the bot is in and that is open.
func (c *call) tended() (*place, *no) {
	r, refused := c.room("channel")
	switch {
	case refused != nil:
		return nil, refused
	case r.Direct && slices.Contains(c.method.errors, "method_not_supported_for_channel_type"):
		return nil, &no{err: "method_not_supported_for_channel_type"}
	case r.Archived:
		return r, &no{err: "is_archived"}
	case !r.has(c.f.bot.ID):
		return r, &no{err: "not_in_channel"}
	}
	return r, nil
}

// system puts a message of Slack's own into a room: somebody did something.
// Rooms that are private have words of their own for it.
func (f *Fake) system(r *place, user, what, text string, more object) *parcel {
	if r.Private && what != "pinned_item" {
		what = "group_" + what
	} else if what != "pinned_item" {
		what = "channel_" + what
	}
	m := &message{user: user, subtype: what, text: text, more: more}
	return f.put(r, m)[0]
}

func roomTopic(c *call) (object, *no) { return c.describe("topic") }

func roomPurpose(c *call) (object, *no) { return c.describe("purpose") }

func (c *call) describe(what string) (object, *no) {
	f := c.f
	text := c.args[what]
	r, refused := c.tended()
	if refused != nil {
		return nil, refused
	}
	if utf8.RuneCountInString(text) > topicLimit {
		return refuse("too_long")
	}
	f.later(f.described(r, what, text, f.bot.ID)...)
	return object{"channel": f.wireRoom(r), what: text}, nil
}

// described sets a topic or a purpose; the same words again are no change.
func (f *Fake) described(r *place, what, text, by string) []*parcel {
	words, who, when := &r.Topic, &r.topicBy, &r.topicAt
	if what == "purpose" {
		words, who, when = &r.Purpose, &r.purposeBy, &r.purposeAt
	}
	if *words == text {
		return nil
	}
	*words, *who, *when = text, by, seconds(f.now())
	return []*parcel{f.system(r, by, what, "<@"+by+"> set the channel "+what+": "+text, object{what: text})}
}

func roomRename(c *call) (object, *no) {
	r, refused := c.tended()
	if refused != nil {
		return nil, refused
	}
	if refused = c.f.checkName(c.args["name"], r); refused != nil {
		return nil, refused
	}
	c.f.later(c.f.renamedRoom(r, c.args["name"], c.f.bot.ID)...)
	return object{"channel": c.f.wireRoom(r)}, nil
}

func (f *Fake) renamedRoom(r *place, name, by string) []*parcel {
	old := r.Name
	r.Name, r.previous = name, append(r.previous, old)
	said := f.system(r, by, "name", "<@"+by+"> has renamed the channel from \""+old+"\" to \""+name+"\"", object{"old_name": old, "name": name})
	return []*parcel{said, f.roomEvent(r, "rename", object{"channel": object{"id": r.ID, "name": name, "created": seconds(r.Created)}})}
}

// roomEvent tells the app what became of a room, when the bot can see it.
func (f *Fake) roomEvent(r *place, what string, inner object) *parcel {
	name := "channel_" + what
	if r.Private {
		name = "group_" + what
		if !r.has(f.bot.ID) {
			return nil
		}
	}
	inner["type"] = name
	return f.event(r, name, inner)
}

func roomArchive(c *call) (object, *no) {
	r, refused := c.tended()
	switch {
	case refused != nil && refused.err == "is_archived":
		return refuse("already_archived")
	case refused != nil:
		return nil, refused
	case r.Name == "general":
		return refuse("cant_archive_general")
	}
	c.f.later(c.f.archived(r, c.f.bot.ID, true)...)
	return nil, nil
}

func roomUnarchive(c *call) (object, *no) {
	r, refused := c.room("channel")
	switch {
	case refused != nil:
		return nil, refused
	case r.Direct:
		return refuse("method_not_supported_for_channel_type")
	case !r.Archived:
		return refuse("not_archived")
	}
	c.f.later(c.f.archived(r, c.f.bot.ID, false)...)
	return nil, nil
}

func (f *Fake) archived(r *place, by string, closed bool) []*parcel {
	what := "archive"
	if !closed {
		what = "unarchive"
	}
	r.Archived = closed
	said := f.system(r, by, what, "<@"+by+"> "+what+"d the channel", object{"members": slices.Clone(r.Members)})
	return []*parcel{said, f.roomEvent(r, what, object{"channel": r.ID, "user": by})}
}

func roomInvite(c *call) (object, *no) {
	f := c.f
	if c.args["users"] == "" {
		return refuse("no_user")
	}
	r, refused := c.tended()
	if refused != nil {
		return nil, refused
	}
	users := strings.Split(c.args["users"], ",")
	if len(users) > inviteLimit {
		return nil, invalid("no more than 100 users")
	}
	var wrong []object
	var good []string
	for _, id := range users {
		id = strings.TrimSpace(id)
		if err := f.invitable(r, id); err != "" {
			wrong = append(wrong, object{"user": id, "ok": false, "error": err})
			continue
		}
		good = append(good, id)
	}
	if len(wrong) > 0 && (!c.flag("force") || len(good) == 0) {
		first, _ := wrong[0]["error"].(string)
		return nil, &no{err: first, extra: object{"errors": wrong}}
	}
	for _, id := range good {
		f.later(f.joined(r, id, f.bot.ID)...)
	}
	out := object{"channel": f.wireRoom(r)}
	if len(wrong) > 0 {
		out["errors"] = wrong
	}
	return out, nil
}

// invitable gives the reason why a user cannot be brought into a room.
func (f *Fake) invitable(r *place, id string) string {
	u := f.user(id)
	switch {
	case u == nil || u.Deleted:
		return "user_not_found"
	case u == f.bot:
		return "cant_invite_self"
	case r.has(id):
		return "already_in_channel"
	case u.Team != f.o.Team && !r.Shared:
		return "no_external_invite_permission"
	case u.OneRoom && slices.ContainsFunc(f.rooms, func(x *place) bool { return !x.Direct && x.has(id) }):
		return "ura_max_channels"
	}
	return ""
}

// joined brings somebody in; inviter is empty when they came by themselves.
func (f *Fake) joined(r *place, user, inviter string) []*parcel {
	r.Members = append(r.Members, user)
	more := object{}
	ev := object{"type": "member_joined_channel", "user": user, "channel": r.ID, "channel_type": strings.ToUpper(r.channelType()[:1]), "team": f.teamOf(user)}
	if inviter != "" {
		more["inviter"], ev["inviter"] = inviter, inviter
	}
	var told *parcel
	if r.has(f.bot.ID) {
		told = f.event(r, "member_joined_channel", ev)
	}
	return []*parcel{told, f.system(r, user, "join", "<@"+user+"> has joined the channel", more)}
}

func (f *Fake) teamOf(user string) string {
	if u := f.user(user); u != nil {
		return u.Team
	}
	return f.o.Team
}

// left takes somebody out.
func (f *Fake) left(r *place, user string) []*parcel {
	heard := r.has(f.bot.ID)
	r.Members = slices.DeleteFunc(r.Members, func(m string) bool { return m == user })
	var told *parcel
	if heard {
		told = f.event(r, "member_left_channel", object{
			"type": "member_left_channel", "user": user, "channel": r.ID,
			"channel_type": strings.ToUpper(r.channelType()[:1]), "team": f.teamOf(user),
		})
	}
	if heard && user == f.bot.ID {
		name := "channel_left"
		if r.Private {
			name = "group_left"
		}
		f.system(r, user, "leave", "<@"+user+"> has left the channel", nil)
		return []*parcel{told, f.event(r, name, object{"type": name, "channel": r.ID})}
	}
	return []*parcel{told, f.system(r, user, "leave", "<@"+user+"> has left the channel", nil)}
}

func roomKick(c *call) (object, *no) {
	r, refused := c.tended()
	user := c.args["user"]
	switch {
	case refused != nil && refused.err != "is_archived":
		return nil, refused
	case user == c.f.bot.ID:
		return refuse("cant_kick_self")
	case c.f.user(user) == nil:
		return refuse("user_not_found")
	case r.Name == "general":
		return refuse("cant_kick_from_general")
	case !r.has(user):
		return refuse("not_in_channel")
	}
	c.f.later(c.f.left(r, user)...)
	return object{"errors": object{}}, nil // an empty object here, a list elsewhere: so does Slack
}

func roomJoin(c *call) (object, *no) {
	f := c.f
	r := f.room(c.args["channel"])
	switch {
	case r == nil || r.Private && !r.has(f.bot.ID):
		return refuse("channel_not_found")
	case r.Private || r.Direct:
		return refuse("method_not_supported_for_channel_type")
	case r.Archived:
		return refuse("is_archived")
	case r.has(f.bot.ID):
		return object{"channel": f.wireRoom(r), "warning": "already_in_channel", "response_metadata": object{"warnings": []string{"already_in_channel"}}}, nil
	}
	f.later(f.joined(r, f.bot.ID, "")...)
	return object{"channel": f.wireRoom(r)}, nil
}

func roomLeave(c *call) (object, *no) {
	r, refused := c.room("channel")
	switch {
	case refused != nil:
		return nil, refused
	case r.Direct:
		return refuse("method_not_supported_for_channel_type")
	case r.Archived:
		return refuse("is_archived")
	case r.Name == "general":
		return refuse("cant_leave_general")
	case !r.has(c.f.bot.ID):
		return object{"not_in_channel": true}, nil
	}
	c.f.later(c.f.left(r, c.f.bot.ID)...)
	return nil, nil
}

func roomOpen(c *call) (object, *no) {
	f := c.f
	if id := c.args["channel"]; id != "" {
		if r := f.room(id); r != nil && r.Direct {
			return object{"channel": object{"id": r.ID}, "already_open": true, "no_op": true}, nil
		}
		return refuse("channel_not_found")
	}
	if missing := c.allowed("im"); missing != nil {
		return nil, missing
	}
	users := strings.Split(c.args["users"], ",")
	u := f.user(strings.TrimSpace(users[0]))
	switch {
	case c.args["users"] == "":
		return refuse("users_list_not_supplied")
	case len(users) > 8:
		return refuse("too_many_users")
	case u == nil:
		return refuse("user_not_found")
	case u.Deleted:
		return refuse("user_disabled")
	case u == f.bot || len(users) > 1: // groups of people are not played
		return refuse("invalid_user_combination")
	}
	r, made := f.direct(u.ID)
	out := object{"channel": object{"id": r.ID}}
	if c.flag("return_im") {
		out["channel"] = f.wireRoom(r)
	}
	if !made {
		out["already_open"], out["no_op"] = true, true
	}
	return out, nil
}
