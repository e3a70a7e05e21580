package slacktest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// place is a room as the fake keeps it.
type place struct {
	Room
	topicBy, purposeBy string
	topicAt, purposeAt int64
	previous           []string
	messages           []*message // oldest first
	pins               []pin
	bookmarks          []bookmark
}

type pin struct {
	ts, by string
	at     int64
}

type bookmark struct {
	id, title, link, emoji string
	created, updated       int64
}

// AddUser adds a user, and gives them with their id.
func (f *Fake) AddUser(u User) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u.ID == "" {
		u.ID = "U" + idWord(u.Name, 8)
		for f.user(u.ID) != nil {
			u.ID = f.id("U")
		}
	}
	if u.Name == "" {
		u.Name = strings.ToLower(u.ID)
	}
	if u.RealName == "" {
		u.RealName = strings.ToUpper(u.Name[:1]) + u.Name[1:]
	}
	if u.Team == "" {
		u.Team = f.o.Team
	}
	if u.Zone == "" {
		u.Zone = "Europe/Amsterdam"
	}
	u.Guest = u.Guest || u.OneRoom
	f.users = append(f.users, &u)
	return u
}

// SetUser changes one who is there, and tells the app.
func (f *Fake) SetUser(u User) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if have := f.user(u.ID); have != nil {
		*have = u
		f.later(f.event(nil, "user_change", object{"type": "user_change", "user": f.wireUser(have)}))
	}
}

// AddRoom adds a room, and gives it with its id.
func (f *Fake) AddRoom(r Room) Room {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.addRoom(r).Room
}

func (f *Fake) addRoom(r Room) *place {
	if r.Direct {
		if r.ID == "" {
			r.ID = "D" + strings.TrimPrefix(r.User, "U")
		}
		r.Members = []string{r.User, f.bot.ID}
	}
	if r.ID == "" {
		r.ID = f.id("C")
	}
	if r.Creator == "" && len(r.Members) > 0 {
		r.Creator = r.Members[0]
	}
	if r.Created.IsZero() {
		r.Created = f.now()
	}
	r.Members = slices.Clone(r.Members)
	kept := &place{Room: r}
	f.rooms = append(f.rooms, kept)
	return kept
}

// AddGroup adds a group of users, and gives it with its id.
func (f *Fake) AddGroup(g Group) Group {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g.ID == "" {
		g.ID = f.id("S")
	}
	if g.Name == "" {
		g.Name = g.Handle
	}
	g.Members = slices.Clone(g.Members)
	f.groups = append(f.groups, &g)
	return g
}

// id gives a new id of a kind: "C00000001".
func (f *Fake) id(kind string) string {
	f.count[kind]++
	return fmt.Sprintf("%s%08d", kind, f.count[kind])
}

// stamp gives a new ts, later than every other.
func (f *Fake) stamp() string {
	micros := f.now().UnixMicro()
	f.last = max(micros-micros%100, f.last+100)
	return stampOf(f.last)
}

func stampOf(micros int64) string { return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6) }

// readStamp reads a ts, or whole seconds.
func readStamp(s string) (micros int64, ok bool) {
	whole, part, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || len(part) > 6 || seconds < 0 || seconds > 1<<40 {
		return 0, false
	}
	if part = (part + "000000")[:6]; true {
		micros, err = strconv.ParseInt(part, 10, 64)
	}
	return seconds*1e6 + micros, err == nil
}

func (f *Fake) user(id string) *User {
	for _, u := range f.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (f *Fake) room(id string) *place {
	for _, r := range f.rooms {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (f *Fake) named(name string) *place {
	name = strings.TrimPrefix(name, "#")
	for _, r := range f.rooms {
		if !r.Direct && r.Name == name {
			return r
		}
	}
	return nil
}

// direct finds the conversation of a user with the bot, or makes it.
func (f *Fake) direct(user string) (r *place, made bool) {
	for _, r := range f.rooms {
		if r.Direct && r.User == user {
			return r, false
		}
	}
	return f.addRoom(Room{Direct: true, User: user}), true
}

func (r *place) has(user string) bool { return slices.Contains(r.Members, user) }

// kind is the word by which scopes and events know the room.
func (r *place) kind() string {
	switch {
	case r.Direct:
		return "im"
	case r.Private:
		return "groups"
	default:
		return "channels"
	}
}

// channelType is the same in events.
func (r *place) channelType() string {
	switch {
	case r.Direct:
		return "im"
	case r.Private:
		return "group"
	default:
		return "channel"
	}
}

// shownName is what interactions call it.
func (r *place) shownName() string {
	switch {
	case r.Direct:
		return "directmessage"
	case r.Private:
		return "privategroup"
	default:
		return r.Name
	}
}

func (r *place) find(ts string) *message {
	for _, m := range slices.Backward(r.messages) { // the newest are asked for most
		if m.ts == ts {
			return m
		}
	}
	return nil
}

// visible says whether a user can look into a room.
func (f *Fake) visible(user *User, r *place) bool {
	if r.has(user.ID) {
		return true
	}
	return !r.Private && !r.Direct && !user.Guest && user.Team == f.o.Team
}

func seconds(t time.Time) int64 { return t.Unix() }
