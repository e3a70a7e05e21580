package slacktest

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// What a message can carry.
const (
	textLimit        = 12_000 // characters in all blocks together
	wordsLimit       = 40_000 // characters of text; the rest is cut off
	splitAt          = 4_000  // longer text without blocks becomes several messages
	metadataLimit    = 8_000
	attachmentsLimit = 100
)

// content is what a message says.
type content struct {
	text                string
	blocks, attachments []any
	metadata            object
	hasBlocks, hasMore  bool // the arguments were there
	hasMetadata         bool
	hasText             bool
}

func (c content) empty() bool { return c.text == "" && len(c.blocks) == 0 && len(c.attachments) == 0 }

// content reads text, blocks, attachments and metadata of a call, and refuses
// what Slack refuses; tooLong is the method's word for too many characters.
func (c *call) content(tooLong string) (out content, refused *no) {
	_, out.hasText = c.args["text"]
	out.text = c.args["text"]
	if runes := []rune(out.text); len(runes) > wordsLimit {
		out.text = string(runes[:wordsLimit])
	}
	if s := c.args["blocks"]; s != "" {
		out.hasBlocks = true
		if json.Unmarshal([]byte(s), &out.blocks) != nil {
			return out, &no{err: "invalid_blocks_format"}
		}
	}
	if s := c.args["attachments"]; s != "" {
		out.hasMore = true
		if json.Unmarshal([]byte(s), &out.attachments) != nil {
			return out, invalid("attachments are not a list")
		}
	}
	if refused = checkContent(out, tooLong); refused != nil {
		return out, refused
	}
	out.metadata, out.hasMetadata, refused = readMetadata(c.args["metadata"])
	return out, refused
}

func checkContent(c content, tooLong string) *no {
	if len(c.attachments) > attachmentsLimit {
		return &no{err: "too_many_attachments"}
	}
	wrong := checkBlocks(c.blocks, inMessage)
	runes := countText(c.blocks)
	for _, a := range c.attachments {
		one, ok := a.(object)
		if !ok {
			return &no{err: "invalid_blocks", messages: []string{"an attachment is no object"}}
		}
		blocks, _ := one["blocks"].([]any)
		wrong = append(wrong, checkBlocks(blocks, inMessage)...)
		runes += countText(blocks)
	}
	if len(wrong) > 0 {
		return &no{err: "invalid_blocks", messages: wrong}
	}
	if runes > textLimit {
		return &no{err: tooLong}
	}
	return nil
}

func readMetadata(s string) (out object, has bool, refused *no) {
	if s == "" {
		return nil, false, nil
	}
	if len(s) > metadataLimit {
		return nil, true, &no{err: "metadata_too_large"}
	}
	if out = parsed([]byte(s)); out == nil {
		return nil, true, &no{err: "invalid_metadata_format"}
	}
	if len(out) == 0 {
		return nil, true, nil
	}
	kind, _ := out["event_type"].(string)
	_, payload := out["event_payload"].(object)
	_, entities := out["entities"]
	if !entities && (kind == "" || !payload) {
		return nil, true, &no{err: "invalid_metadata_format"}
	}
	return out, true, nil
}

// target finds the room of a message: an id, a name, or a user to talk to.
func (c *call) target() (*place, *no) {
	id := c.args["channel"]
	r := c.f.room(id)
	if r == nil {
		r = c.f.named(id)
	}
	if u := c.f.user(id); r == nil && u != nil && u != c.f.bot && !u.Deleted {
		r, _ = c.f.direct(id)
	}
	if r == nil || (r.Private || r.Direct) && !r.has(c.f.bot.ID) {
		return nil, &no{err: "channel_not_found"}
	}
	if r.Archived {
		return nil, &no{err: "is_archived"}
	}
	return r, nil
}

// thread finds the message that an answer goes under.
func (c *call) thread(r *place) (ts string, refused *no) {
	ts = c.args["thread_ts"]
	if ts == "" {
		return "", nil
	}
	m := r.find(ts)
	if m == nil || m.only != "" {
		return "", &no{err: "cannot_reply_to_message"}
	}
	if m.thread != "" {
		return m.thread, nil
	}
	return ts, nil
}

func postMessage(c *call) (object, *no) {
	f := c.f
	r, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	if !r.has(f.bot.ID) && !f.scopes["chat:write.public"] {
		return refuse("not_in_channel")
	}
	said, refused := c.content("msg_blocks_too_long")
	if refused != nil {
		return nil, refused
	}
	if said.empty() {
		return refuse("no_text")
	}
	thread, refused := c.thread(r)
	if refused != nil {
		return nil, refused
	}
	var first *message
	for _, text := range split(said) {
		m := &message{
			user: f.bot.ID, bot: f.botID(), text: text, thread: thread, broadcast: c.flag("reply_broadcast"),
			blocks: f.identified(said.blocks), attachments: said.attachments, metadata: said.metadata,
		}
		if m.broadcast && thread != "" {
			m.subtype = "thread_broadcast"
		}
		f.later(f.put(r, m)...)
		if first == nil {
			first = m
		}
	}
	return object{"channel": r.ID, "ts": first.ts, "message": f.wireMessage(r, first, true)}, nil
}

// split cuts text without blocks into the messages that Slack makes of it.
func split(said content) []string {
	if len(said.blocks) > 0 || len(said.attachments) > 0 || utf8.RuneCountInString(said.text) <= splitAt {
		return []string{said.text}
	}
	var out []string
	for part := range slices.Chunk([]rune(said.text), splitAt) {
		out = append(out, string(part))
	}
	return out
}

// identified gives blocks that have no id one, as Slack does.
func (f *Fake) identified(blocks []any) []any {
	for _, b := range blocks {
		block, ok := b.(object)
		if !ok {
			continue
		}
		if id, _ := block["block_id"].(string); id == "" {
			f.count["block"]++
			block["block_id"] = "b" + stampOf(int64(f.count["block"]))[2:]
		}
	}
	return blocks
}

// put puts a message into a room, and tells the app.
func (f *Fake) put(r *place, m *message) []*parcel {
	m.ts = f.stamp()
	r.messages = append(r.messages, m)
	return []*parcel{f.messageEvent(r, m)}
}

// messageEvent tells the app of a message, if the bot is in the room.
func (f *Fake) messageEvent(r *place, m *message) *parcel {
	if m.only != "" || !r.has(f.bot.ID) {
		return nil
	}
	ev := f.wireMessage(r, m, false)
	delete(ev, "reply_count")
	ev["channel"], ev["channel_type"], ev["event_ts"] = r.ID, r.channelType(), m.ts
	return f.event(r, "message."+r.kind(), ev)
}

func postEphemeral(c *call) (object, *no) {
	f := c.f
	r, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	said, refused := c.content("msg_too_long")
	switch {
	case refused != nil:
		return nil, refused
	case said.empty():
		return refuse("no_text")
	case !r.has(f.bot.ID):
		return refuse("not_in_channel")
	case !r.has(c.args["user"]):
		return refuse("user_not_in_channel")
	}
	thread, refused := c.thread(r)
	if refused != nil {
		return nil, refused
	}
	m := &message{user: f.bot.ID, bot: f.botID(), text: said.text, thread: thread, only: c.args["user"], blocks: f.identified(said.blocks), attachments: said.attachments}
	f.put(r, m)
	return object{"message_ts": m.ts}, nil
}

// own finds a message that the bot may change; word is the method's refusal.
func (c *call) own(word string) (*place, *message, *no) {
	r := c.f.room(c.args["channel"])
	if r == nil || (r.Private || r.Direct) && !r.has(c.f.bot.ID) {
		return nil, nil, &no{err: "channel_not_found"}
	}
	m := r.find(c.args["ts"])
	if m == nil || m.only != "" {
		return nil, nil, &no{err: "message_not_found"}
	}
	if m.bot != c.f.botID() || system(m.subtype) || r.Archived {
		return nil, nil, &no{err: word}
	}
	return r, m, nil
}

func updateMessage(c *call) (object, *no) {
	f := c.f
	r, m, refused := c.own("cant_update_message")
	if refused != nil {
		return nil, refused
	}
	said, refused := c.content("msg_too_long")
	if refused != nil {
		return nil, refused
	}
	if !said.hasText && !said.hasBlocks && !said.hasMore {
		return refuse("no_text")
	}
	before := f.wireMessage(r, m, false)
	if said.hasText || said.hasBlocks {
		m.text = said.text
	}
	if said.hasBlocks { // else what stood there stays
		m.blocks = f.identified(said.blocks)
	}
	if said.hasMore {
		m.attachments = said.attachments
	}
	if said.hasMetadata {
		m.metadata = said.metadata
	}
	f.later(f.changed(r, m, before, f.bot.ID))
	return object{"channel": r.ID, "ts": m.ts, "text": m.text, "message": f.wireMessage(r, m, true)}, nil
}

// changed marks a message as edited, and tells the app.
func (f *Fake) changed(r *place, m *message, before object, by string) *parcel {
	m.editedBy, m.editedAt = by, f.stamp()
	return f.changeEvent(r, m, before)
}

func (f *Fake) changeEvent(r *place, m *message, before object) *parcel {
	if m.only != "" || !r.has(f.bot.ID) {
		return nil
	}
	at := f.stamp()
	return f.event(r, "message."+r.kind(), object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": r.ID, "channel_type": r.channelType(),
		"ts": at, "event_ts": at, "message": f.wireMessage(r, m, false), "previous_message": before,
	})
}

func deleteMessage(c *call) (object, *no) {
	r, m, refused := c.own("cant_delete_message")
	if refused != nil {
		return nil, refused
	}
	c.f.later(c.f.remove(r, m))
	return object{"channel": r.ID, "ts": m.ts}, nil
}

// remove takes a message away; one that was answered leaves a stone.
func (f *Fake) remove(r *place, m *message) *parcel {
	before := f.wireMessage(r, m, false)
	r.pins = slices.DeleteFunc(r.pins, func(p pin) bool { return p.ts == m.ts })
	if len(r.replies(m.ts)) > 0 {
		*m = message{ts: m.ts, thread: m.thread, user: "USLACKBOT", subtype: "tombstone", text: "This message was deleted."}
	} else {
		r.messages = slices.DeleteFunc(r.messages, func(x *message) bool { return x == m })
	}
	if m.only != "" || !r.has(f.bot.ID) {
		return nil
	}
	at := f.stamp()
	return f.event(r, "message."+r.kind(), object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": r.ID, "channel_type": r.channelType(),
		"ts": at, "event_ts": at, "deleted_ts": m.ts, "previous_message": before,
	})
}

func getPermalink(c *call) (object, *no) {
	r := c.f.room(c.args["channel"])
	if r == nil || (r.Private || r.Direct) && !r.has(c.f.bot.ID) {
		return refuse("channel_not_found")
	}
	m := r.find(c.args["message_ts"])
	if m == nil || m.only != "" {
		return refuse("message_not_found")
	}
	return object{"channel": r.ID, "permalink": c.f.permalink(r, m)}, nil
}
