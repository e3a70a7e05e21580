package exports

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"tocsin/incident/review/source"
)

// maxMessages bounds what one channel may hold.
const maxMessages = 1_000_000

// slackUser is a line of users.json.
type slackUser struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	Zone     string `json:"tz"`
	IsBot    bool   `json:"is_bot"`
	Profile  struct {
		Display string `json:"display_name"`
		Real    string `json:"real_name"`
	} `json:"profile"`
}

func (u slackUser) called() string {
	return firstOf(u.Profile.Display, u.RealName, u.Profile.Real, u.Name, u.ID)
}

// firstOf is the first that is not empty.
func firstOf(names ...string) string {
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" {
			return n
		}
	}
	return ""
}

// slackMessage is a message as Slack exports it.
type slackMessage struct {
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	TS       string `json:"ts"`
	Thread   string `json:"thread_ts"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	Username string `json:"username"`
	Text     string `json:"text"`
	Hidden   bool   `json:"hidden"`
	Profile  struct {
		Display string `json:"display_name"`
		Real    string `json:"real_name"`
		Name    string `json:"name"`
	} `json:"user_profile"`
	Bot struct {
		Name string `json:"name"`
	} `json:"bot_profile"`
	Edited    json.RawMessage   `json:"edited"`
	Permalink string            `json:"permalink"`
	Reactions []slackReaction   `json:"reactions"`
	Files     []slackFile       `json:"files"`
	Attached  []slackAttachment `json:"attachments"`
	Blocks    json.RawMessage   `json:"blocks"`
}

type slackReaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

type slackFile struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Kind  string `json:"mimetype"`
	Mode  string `json:"mode"`
}

type slackAttachment struct {
	Pretext  string `json:"pretext"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Fallback string `json:"fallback"`
}

// slackDay reads one file of messages by itself.
func (r *reader) slackDay(name string, b []byte) (source.Input, error) {
	var all []slackMessage
	err := json.Unmarshal(b, &all)
	if err != nil {
		var wrapped struct {
			Messages []slackMessage `json:"messages"`
		}
		if e := json.Unmarshal(b, &wrapped); e == nil {
			all, err = wrapped.Messages, nil
		}
	}
	if err != nil {
		return source.Input{}, wrong("The file %s is no list of Slack's messages: %s.", path.Base(name), jsonFault(err))
	}
	title := firstOf(r.Which, strings.TrimSuffix(path.Base(name), ".json"))
	return slackInput(title, all, nil), nil
}

// slack reads the day files of a channel, and who is who.
func (r *reader) slack(channels map[string][]string, names []string) (source.Input, error) {
	folder, err := r.channel(channels)
	if err != nil {
		return source.Input{}, err
	}
	users, err := r.users(folder, names)
	if err != nil {
		return source.Input{}, err
	}
	var all []slackMessage
	days := channels[folder]
	for n, day := range days {
		b, err := r.read(day)
		if err != nil {
			return source.Input{}, err
		}
		var some []slackMessage
		if err := json.Unmarshal(b, &some); err != nil {
			return source.Input{}, wrong("The file %s is no list of Slack's messages: %s.", day, jsonFault(err))
		}
		if all = append(all, some...); len(all) > maxMessages {
			return source.Input{}, wrong("This channel holds more than %d messages.", maxMessages)
		}
		if r.Progress != nil {
			r.Progress(n+1, len(days), len(all))
		}
	}
	return slackInput(firstOf(strings.TrimPrefix(path.Base(folder), "."), r.Which, "channel"), all, users), nil
}

// channel is the folder that is meant.
func (r *reader) channel(channels map[string][]string) (string, error) {
	var names []string
	for folder := range channels {
		if r.Which != "" && (folder == r.Which || strings.EqualFold(path.Base(folder), strings.TrimPrefix(r.Which, "#"))) {
			return folder, nil
		}
		names = append(names, path.Base(folder))
	}
	slices.Sort(names)
	switch {
	case r.Which != "" && len(names) > 1:
		return "", wrong("There is no channel %q in this export; it holds %s.", r.Which, some(names))
	case len(names) > 1:
		return "", wrong("This export holds %d channels (%s); name the one that is meant, as in `tocsin review --from export.zip %s`.", len(names), some(names), names[0])
	}
	for folder := range channels {
		return folder, nil
	}
	return "", wrong("This export holds no channel.")
}

// users reads users.json, beside the channel's folder or in it.
func (r *reader) users(folder string, names []string) ([]slackUser, error) {
	for _, at := range []string{path.Join(folder, "users.json"), path.Join(path.Dir(folder), "users.json"), "users.json"} {
		if !slices.Contains(names, at) {
			continue
		}
		b, err := r.read(at)
		if err != nil {
			return nil, err
		}
		var users []slackUser
		if err := json.Unmarshal(b, &users); err != nil {
			return nil, wrong("The file %s is no list of Slack's users: %s.", at, jsonFault(err))
		}
		return users, nil
	}
	return nil, nil
}

// channelIn makes an input of what was said in one channel.
type channelIn struct {
	people *people
	names  map[string]string // of users, by id
	bots   map[string]bool
	zones  map[string]string
}

func slackInput(channel string, all []slackMessage, users []slackUser) source.Input {
	c := channelIn{people: newPeople(), names: map[string]string{}, bots: map[string]bool{}, zones: map[string]string{}}
	for _, u := range users {
		c.names[u.ID], c.bots[u.ID], c.zones[u.ID] = u.called(), u.IsBot, u.Zone
	}
	for _, m := range all {
		if name := firstOf(m.Profile.Display, m.Profile.Real, m.Profile.Name); name != "" && c.names[m.User] == "" && m.User != "" {
			c.names[m.User] = name
		}
	}
	all = slices.DeleteFunc(slices.Clone(all), dropped)
	slices.SortStableFunc(all, func(a, b slackMessage) int { return at(a.TS).Compare(at(b.TS)) })
	all = slices.CompactFunc(all, func(a, b slackMessage) bool { return a.TS == b.TS })
	in := source.Input{ID: channel, Title: titleOf(channel)}
	width := max(3, len(strconv.Itoa(len(all))))
	ids := make(map[string]string, len(all))
	for n, m := range all {
		ids[m.TS] = fmt.Sprintf("m%0*d", width, n+1)
	}
	for _, m := range all {
		in.Messages = append(in.Messages, c.message(m, ids))
	}
	in.People = c.people.sorted()
	return finished(in)
}

// dropped says that a message is only the channel's own bookkeeping.
func dropped(m slackMessage) bool {
	if at(m.TS).IsZero() || m.Hidden || m.Type != "" && m.Type != "message" {
		return true
	}
	switch strings.TrimPrefix(strings.TrimPrefix(m.Subtype, "channel_"), "group_") {
	case "join", "leave", "name", "archive", "unarchive", "posting_permissions", "convert_to_private", "canvas_updated",
		"bot_add", "bot_remove", "bot_enable", "bot_disable", "reminder_add", "reminder_delete", "pinned_item", "unpinned_item", "huddle_thread":
		return true
	}
	return false
}

// at reads Slack's moments, "1712345678.123456"; zero: it is none.
func at(ts string) time.Time {
	secs, micros, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(secs, 10, 64)
	if err != nil || s <= 0 || s > 1<<33 {
		return time.Time{}
	}
	us, err := strconv.ParseInt((micros + "000000")[:6], 10, 64)
	if err != nil || us < 0 {
		return time.Time{}
	}
	return time.Unix(s, us*1000).UTC()
}

func (c channelIn) message(m slackMessage, ids map[string]string) source.Message {
	bot := m.Subtype == "bot_message" || m.BotID != "" || c.bots[m.User]
	who := firstOf(m.User, m.BotID, m.Username)
	name := firstOf(c.names[m.User], m.Username, m.Bot.Name, who)
	out := source.Message{
		ID: ids[m.TS], At: at(m.TS), Author: c.met(who, name, bot), Bot: bot, Link: m.Permalink,
		Edited: len(m.Edited) > 2, Deleted: m.Subtype == "tombstone",
	}
	if m.Thread != m.TS {
		out.Thread = ids[m.Thread]
	}
	if out.Deleted {
		return out
	}
	out.Text = c.words(m)
	for _, r := range m.Reactions {
		one := source.Reaction{Name: strings.Trim(r.Name, ":")}
		for _, u := range r.Users {
			one.By = append(one.By, c.met(u, c.names[u], c.bots[u]))
		}
		out.Reactions = append(out.Reactions, one)
	}
	for _, f := range m.Files {
		if f.Mode != "tombstone" && f.Mode != "hidden_by_limit" {
			out.Files = append(out.Files, source.File{Name: firstOf(f.Name, f.Title, "a file"), Kind: f.Kind})
		}
	}
	return out
}

func (c channelIn) met(id, name string, bot bool) string {
	if id = c.people.met(id, name, bot); id != "" {
		p := &c.people.list[c.people.at[id]]
		p.Zone = firstOf(p.Zone, c.zones[id])
	}
	return id
}
