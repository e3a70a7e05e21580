package reactors_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/integrations"
)

// world is the far side: what is there after everything that was done to it.
// It outlives any house that acts on it; with a path it outlives the process.
type world struct {
	mu       sync.Mutex
	path     string
	now      func() time.Time // nil: times are not kept
	At       time.Time        // when something was last done to it
	Messages []*farMessage
	Rooms    []*farRoom
	Pages    []*farPage
	Acts     []string // "resolve <key>"
}

type farMessage struct {
	ID, Key, Room, Thread, Only, Text string
	Pings                             []string
	Buttons                           []string
	Edits                             int
	Pinned                            bool
	Gone                              bool
}

type farRoom struct {
	ID, Key, Name, Topic string
	Private, Archived    bool
	Members              []string
}

type farPage struct {
	Key, Target, Person, Summary, Link string
	Severity                           int
	Drill                              bool
	State                              integrations.ReceiptState // empty: it was taken
	By, Note, To                       string
	Level                              int
	Added                              []string
}

// load reads the world that an earlier process left.
func load(path string) (*world, error) {
	w := &world{path: path}
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return w, nil
	}
	if err != nil {
		return nil, err
	}
	return w, json.Unmarshal(b, w)
}

// keep writes the world down, as a far side does before it answers.
func (w *world) keep() {
	if w.path == "" {
		return
	}
	if w.now != nil {
		w.At = w.now()
	}
	b, err := json.Marshal(w)
	if err == nil {
		err = os.WriteFile(w.path+".new", b, 0o600)
	}
	if err == nil {
		err = os.Rename(w.path+".new", w.path)
	}
	if err != nil {
		panic(err)
	}
}

// in lists what stands in a room, threads included.
func (w *world) in(room string) []farMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []farMessage
	for _, m := range w.Messages {
		if m.Room == room && !m.Gone {
			out = append(out, *m)
		}
	}
	return out
}

// with lists the messages anywhere that hold some words.
func (w *world) with(words string) []farMessage {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []farMessage
	for _, m := range w.Messages {
		if strings.Contains(m.Text, words) && !m.Gone {
			out = append(out, *m)
		}
	}
	return out
}

func (w *world) message(id string) *farMessage {
	for _, m := range w.Messages {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func (w *world) room(id string) *farRoom {
	for _, r := range w.Rooms {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// trap counts the steps of a run, and springs at one of them. From then on
// whoever stands on it is dead: nothing that they do reaches anybody.
type trap struct {
	mu     sync.Mutex
	n, at  int
	dear   []int // steps before and after calls that may not be doubled
	dead   bool
	spring func() // nil: stay, dead
}

// mind says that the next two steps lie before and after a dear call.
func (p *trap) mind() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dear = append(p.dear, p.n+1, p.n+2)
}

func (p *trap) step() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return fault.New(fault.Unavailable, "This process is dead.")
	}
	if p.n++; p.n == p.at {
		p.dead = true
		if p.spring != nil {
			p.spring()
		}
		return fault.New(fault.Unknown, "This process has just died.")
	}
	return nil
}

// talk is a chat platform that behaves.
type talk struct {
	files  chat.Files // nil: the platform gives none
	name   string
	world  *world
	trap   *trap
	keyed  bool                               // it recognises keys by itself
	finder bool                               // it can be asked for a key
	fail   func(call, room string) error      // before it is done; nil: never
	lose   func(call, room string) error      // the reply, after it was done; nil: never
	people map[string]map[string]bool         // room -> members, beside Rooms
	hear   func(call, room string, p farPost) // what was asked for
	back   map[string][][]chat.Said           // room -> pages of what can be read back; nil: nothing can be
	groups map[string][]string                // group -> members; nil: it knows no groups
	shelf  map[string]map[string]string       // room -> label -> address; nil: it keeps no links
	marked map[string][]string                // message -> emojis of the bot; nil: it does not react
	since  []time.Time                        // from when on it was read back
}

type farPost struct{ Key, Thread, Text string }

func (p *talk) Name() string { return p.name }

func (p *talk) Limits() chat.Limits {
	return chat.Limits{Text: 4000, Parts: 50, Actions: 20, Label: 75, Topic: 250, Patience: 3 * time.Second, Keyed: p.keyed}
}

func (p *talk) Roles() chat.Roles {
	r := chat.Roles{Rooms: farRooms{p}, Pins: farPins{p}}
	if p.finder {
		r.Finder = farFinder{p}
	}
	if p.back != nil {
		r.Reader = p
	}
	if p.groups != nil {
		r.Groups = p
	}
	if p.shelf != nil {
		r.Bookmarks = p
	}
	if p.marked != nil {
		r.Marks = p
	}
	if p.files != nil {
		r.Files = p.files
	}
	return r
}

func (p *talk) Listen(context.Context, *http.ServeMux, chat.House) error { return nil }

// do makes one call: it may fail before, it is done, its reply may be lost.
func (p *talk) do(call, room string, fn func() error) error {
	if p.fail != nil {
		if err := p.fail(call, room); err != nil {
			return err
		}
	}
	if call == "open" {
		p.trap.mind()
	}
	if err := p.trap.step(); err != nil {
		return err
	}
	p.world.mu.Lock()
	err := fn()
	p.world.keep()
	p.world.mu.Unlock()
	if err != nil {
		return err
	}
	if err := p.trap.step(); err != nil {
		return err
	}
	if p.lose != nil {
		return p.lose(call, room)
	}
	return nil
}

func (p *talk) Post(_ context.Context, post chat.Post) (ref chat.Ref, err error) {
	err = p.do("post", post.Room, func() error {
		if p.keyed {
			for _, m := range p.world.Messages {
				if m.Key == post.Key && m.Room == post.Room {
					ref = p.ref(m)
					return nil
				}
			}
		}
		m := &farMessage{ID: fmt.Sprintf("m%d", len(p.world.Messages)+1), Key: post.Key, Room: post.Room, Thread: post.Thread, Only: post.Only}
		m.draw(post.Message)
		p.world.Messages = append(p.world.Messages, m)
		ref = p.ref(m)
		return nil
	})
	if p.hear != nil {
		p.hear("post", post.Room, farPost{post.Key, post.Thread, chat.Plaintext(post.Message, chat.Paper{Zone: "UTC"})})
	}
	return ref, err
}

func (m *farMessage) draw(words chat.Message) {
	m.Text, m.Pings, m.Buttons = chat.Plaintext(words, chat.Paper{Zone: "UTC"}), pings(words), nil
	for _, a := range words.Actions {
		m.Buttons = append(m.Buttons, a.Label)
	}
}

func (p *talk) ref(m *farMessage) chat.Ref {
	return chat.Ref{Platform: p.name, Room: m.Room, ID: m.ID, Link: "https://talk.example/" + m.ID}
}

// pings lists whom a message notifies.
func pings(m chat.Message) []string {
	var out []string
	spans := func(all []chat.Span) {
		for _, s := range all {
			if who, ok := s.(chat.Mention); ok && who.Ping {
				out = append(out, who.User)
			}
		}
	}
	spans(m.Title)
	for _, part := range m.Parts {
		switch part := part.(type) {
		case chat.Text:
			spans(part)
		case chat.Quote:
			spans(part)
		case chat.Small:
			spans(part)
		case chat.List:
			for _, line := range part {
				spans(line)
			}
		case chat.Fields:
			for _, f := range part {
				spans(f.Value)
			}
		case chat.Pre, chat.Divider, chat.Buttons:
		}
	}
	return out
}

func (p *talk) Edit(_ context.Context, r chat.Ref, words chat.Message) error {
	return p.do("edit", r.Room, func() error {
		m := p.world.message(r.ID)
		if m == nil || m.Gone {
			return fault.New(fault.NotFound, "That message is gone.")
		}
		m.draw(words)
		m.Edits++
		return nil
	})
}

func (p *talk) Direct(_ context.Context, user string) (string, error) {
	return "alone-" + user, p.do("direct", user, func() error { return nil })
}

type farRooms struct{ *talk }

func (p farRooms) Open(_ context.Context, s chat.RoomSpec) (at chat.Place, err error) {
	err = p.do("open", s.Name, func() error {
		for _, r := range p.world.Rooms {
			if r.Key == s.Key {
				at = chat.Place{Platform: p.name, Room: r.ID, Name: r.Name}
				return nil
			}
		}
		r := &farRoom{ID: fmt.Sprintf("r%d", len(p.world.Rooms)+1), Key: s.Key, Name: s.Name, Topic: s.Topic, Private: s.Private, Members: s.Invite}
		p.world.Rooms = append(p.world.Rooms, r)
		at = chat.Place{Platform: p.name, Room: r.ID, Name: r.Name}
		return nil
	})
	return at, err
}

func (p farRooms) Topic(_ context.Context, room, topic string) error {
	return p.do("topic", room, func() error {
		if r := p.world.room(room); r != nil {
			r.Topic = topic
			return nil
		}
		return fault.New(fault.NotFound, "That room is gone.")
	})
}

func (p farRooms) Invite(_ context.Context, room string, users []string) error {
	return p.do("invite", room, func() error {
		r := p.world.room(room)
		if r == nil {
			return fault.New(fault.NotFound, "That room is gone.")
		}
		for _, u := range users {
			r.Members = with(r.Members, u)
		}
		return nil
	})
}

func with(all []string, one string) []string {
	for _, u := range all {
		if u == one {
			return all
		}
	}
	return append(all, one)
}

func (p farRooms) Remove(_ context.Context, room, user string) error {
	return p.do("remove", room, func() error {
		r := p.world.room(room)
		for i, u := range r.Members {
			if u == user {
				r.Members = append(r.Members[:i:i], r.Members[i+1:]...)
				return nil
			}
		}
		return nil
	})
}

func (p farRooms) Archive(_ context.Context, room string) error {
	return p.do("archive", room, func() error { p.world.room(room).Archived = true; return nil })
}

func (p farRooms) Members(_ context.Context, room string) (users []chat.User, err error) {
	err = p.do("members", room, func() error {
		for u := range p.people[room] {
			users = append(users, chat.User{Platform: p.name, Workspace: "w", ID: u})
		}
		return nil
	})
	return users, err
}

type farPins struct{ *talk }

func (p farPins) Pin(_ context.Context, r chat.Ref) error {
	return p.do("pin", r.Room, func() error { p.world.message(r.ID).Pinned = true; return nil })
}

type farFinder struct{ *talk }

func (p farFinder) Find(_ context.Context, post chat.Post, _ time.Time) (ref chat.Ref, found bool, err error) {
	room, key := post.Room, post.Key
	err = p.do("find", room, func() error {
		for _, m := range p.world.Messages {
			if m.Room == room && m.Key == key && !m.Gone {
				ref, found = p.ref(m), true
			}
		}
		return nil
	})
	return ref, found, err
}
