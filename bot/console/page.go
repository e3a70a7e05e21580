package console

import (
	"net/http"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/store"
)

// pageSize is how many messages a page shows before it asks for older ones.
const pageSize = 60

// archivedShown is how many rooms that are over the list still shows.
const archivedShown = 30

// pageView is everything on a page.
type pageView struct {
	Title, Assets, Version string
	Command                string
	Me                     Person
	CanSpeak, SpeakAs      bool
	People                 []Person
	Rooms                  []roomView
	Room                   roomView
	Messages               []messageView
	Older                  string // id before which there may be more; empty: none
	Thread                 *threadView
	Panels                 []Panel
	Emojis                 [][2]string
}

type roomView struct {
	store.TalkRoom
	Here, Unread, Joined, CanSpeak bool
	ReadTo                         string
	People                         []Person
	Pins                           []messageView
	As                             string // whom links must name; empty: nobody
}

type threadView struct {
	Root    messageView
	Replies []messageView
	CanSay  bool
}

func (c *Console) reader(user string) reader {
	return reader{User: user, Command: c.verb(), names: c.person, people: c.people, title: c.o.Title}
}

// visit is the way into everything that is drawn: who looks, and at which room.
func (c *Console) visit(w http.ResponseWriter, r *http.Request, id string) (rd reader, room store.TalkRoom, ok bool) {
	rd = c.reader(c.speaker(r))
	room, err := c.readable(r, id, rd.User)
	if err != nil {
		c.refuseFault(w, r, err)
		return rd, room, false
	}
	return rd, room, true
}

func (c *Console) refuseFault(w http.ResponseWriter, r *http.Request, err error) {
	try := "Try again in a moment."
	if fault.KindOf(err) == fault.NotFound {
		try = "It may be private, or its address was mistyped."
	}
	c.refuse(w, r, fault.KindOf(err).Status(), fault.Sentence(err), try)
}

func (c *Console) page(w http.ResponseWriter, r *http.Request) {
	rd, room, ok := c.visit(w, r, r.PathValue("room"))
	if !ok {
		return
	}
	v := pageView{
		Title: c.o.Title, Assets: c.assets.prefix, Version: c.assets.version, Command: rd.Command, CanSpeak: rd.User != "" && !room.Archived,
		SpeakAs: c.o.SpeakAs, People: c.people, Panels: c.o.Panels, Emojis: emojis(), Me: c.person(rd.User),
	}
	var err error
	if v.Messages, v.Older, err = c.window(r, rd, room); err != nil {
		c.refuseFault(w, r, err)
		return
	}
	v.Room = c.roomView(r, rd, room, room.ID)
	v.Room.Pins = c.pinnedIn(r, rd, room)
	if v.Rooms, err = c.sidebar(r, rd, room.ID); err != nil {
		c.refuseFault(w, r, err)
		return
	}
	if id := r.URL.Query().Get("thread"); id != "" {
		v.Thread, err = c.threadView(r, rd, room, id)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			c.refuseFault(w, r, err)
			return
		}
	}
	if c.o.SpeakAs {
		http.SetCookie(w, &http.Cookie{Name: cookieAs, Value: rd.User, Path: root, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: 365 * 24 * 3600})
	}
	c.draw(w, http.StatusOK, roomPage(v))
}

func (c *Console) as(rd reader) string {
	if c.o.SpeakAs {
		return rd.User
	}
	return ""
}

// window is what a page shows of a room: its newest messages, or those back
// to the one that a link names.
func (c *Console) window(r *http.Request, rd reader, room store.TalkRoom) ([]messageView, string, error) {
	at, before := r.URL.Query().Get("at"), r.URL.Query().Get("before")
	var out []messageView
	for range 40 {
		page, err := c.talk.TalkMessages(r.Context(), room.ID, before, pageSize)
		if err != nil {
			return nil, "", err
		}
		views := rd.list(room, page)
		out = append(views, out...)
		if len(page) < pageSize {
			return out, "", nil
		}
		before = page[0].ID
		if len(out) >= pageSize/3 && (at == "" || before <= at) {
			break
		}
	}
	return out, before, nil
}

// list draws what a reader sees of a room's own messages; answers in threads
// stand in their threads.
func (rd reader) list(room store.TalkRoom, page []store.TalkMessage) []messageView {
	var out []messageView
	for _, m := range page {
		if m.Thread == "" && visible(m, rd.User) {
			out = append(out, rd.message(room, m))
		}
	}
	return out
}

func (c *Console) older(w http.ResponseWriter, r *http.Request) {
	rd, room, ok := c.visit(w, r, r.URL.Query().Get("room"))
	if !ok {
		return
	}
	views, before, err := c.window(r, rd, room)
	if err != nil {
		c.refuseFault(w, r, err)
		return
	}
	w.Header().Set("Tocsin-Older", before)
	c.draw(w, http.StatusOK, messages(views))
}

func (c *Console) thread(w http.ResponseWriter, r *http.Request) {
	rd, room, ok := c.visit(w, r, r.URL.Query().Get("room"))
	if !ok {
		return
	}
	t, err := c.threadView(r, rd, room, r.URL.Query().Get("thread"))
	if err != nil {
		c.refuseFault(w, r, err)
		return
	}
	c.draw(w, http.StatusOK, thread(*t))
}

func (c *Console) threadView(r *http.Request, rd reader, room store.TalkRoom, id string) (*threadView, error) {
	t := &threadView{CanSay: rd.User != "" && !room.Archived}
	found := false
	err := c.back(r.Context(), room.ID, func(m store.TalkMessage) bool {
		switch {
		case m.ID == id && m.Thread == "" && visible(m, rd.User):
			t.Root, found = rd.message(room, m), true
			t.Root.Anchor = "t"
		case m.Thread == id && visible(m, rd.User):
			t.Replies = append(t.Replies, rd.message(room, m))
		}
		return m.ID > id
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.New(fault.NotFound, "That message is not there any more.")
	}
	slices.Reverse(t.Replies)
	return t, nil
}

// sidebar lists the rooms that somebody may see: those of the start, open
// ones newest first, conversations, then those that are over.
func (c *Console) sidebar(r *http.Request, rd reader, here string) ([]roomView, error) {
	rooms, err := c.rooms(r.Context())
	if err != nil {
		return nil, err
	}
	rooms = slices.DeleteFunc(rooms, func(t store.TalkRoom) bool { return !mayRead(t, rd.User) })
	slices.SortStableFunc(rooms, func(a, b store.TalkRoom) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if d := b.Made.Compare(a.Made); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	over := slices.IndexFunc(rooms, func(t store.TalkRoom) bool { return t.Archived })
	if over >= 0 && len(rooms) > over+archivedShown {
		rooms = rooms[:over+archivedShown]
	}
	out := make([]roomView, len(rooms))
	for i, t := range rooms {
		out[i] = c.roomView(r, rd, t, here)
	}
	return out, nil
}

func rank(r store.TalkRoom) int {
	switch {
	case r.ID == General:
		return 0
	case r.ID == Incidents:
		return 1
	case r.Archived:
		return 4
	case r.Direct:
		return 3
	}
	return 2
}

func (c *Console) roomView(r *http.Request, rd reader, room store.TalkRoom, here string) roomView {
	v := roomView{
		TalkRoom: room, Here: room.ID == here, Joined: slices.Contains(room.Members, rd.User), CanSpeak: rd.User != "",
		ReadTo: room.Read[rd.User], As: c.as(rd),
	}
	v.Unread = !v.Here && rd.User != "" && c.unread(r, rd, room)
	for _, m := range room.Members {
		v.People = append(v.People, c.person(m))
	}
	return v
}

// unread says whether something stands in a room that a reader has not seen,
// may see, and did not say.
func (c *Console) unread(r *http.Request, rd reader, room store.TalkRoom) bool {
	read := room.Read[rd.User]
	if room.Newest == "" || room.Newest <= read || room.Archived {
		return false
	}
	page, err := c.talk.TalkMessages(r.Context(), room.ID, "", 30)
	return err == nil && slices.ContainsFunc(page, func(m store.TalkMessage) bool {
		return m.ID > read && m.User != rd.User && visible(m, rd.User) && !m.Deleted
	})
}

// waiting draws what waits for the reader.
func (c *Console) waiting(w http.ResponseWriter, r *http.Request) {
	rd := c.reader(c.speaker(r))
	h := c.house.Load()
	if rd.User == "" || h == nil || h.Home == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	m := h.Home(r.Context(), c.User(rd.User))
	if len(m.Title)+len(m.Parts)+len(m.Actions) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	c.draw(w, http.StatusOK, waitingPanel(rd.card(m)))
}

func (c *Console) roomList(w http.ResponseWriter, r *http.Request) {
	rd := c.reader(c.speaker(r))
	rooms, err := c.sidebar(r, rd, r.URL.Query().Get("room"))
	if err != nil {
		c.refuseFault(w, r, err)
		return
	}
	c.draw(w, http.StatusOK, roomsList(rooms))
}

// li draws one message for one reader.
func (rd reader) li(room store.TalkRoom, m store.TalkMessage) string {
	return drawn(message(rd.message(room, m)))
}

// form draws a form to open.
func (c *Console) form(g gesture, f chat.Form) string {
	rd := c.reader(g.User.ID)
	return drawn(formDialog(formView{f, rd.spans(f.Intro), c.people, g.Thread}))
}
