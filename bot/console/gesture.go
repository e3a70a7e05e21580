package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/store"
)

// gesture is one thing that somebody did in the browser. Key is made there,
// and is the same for each try.
type gesture struct {
	Key     string
	User    chat.User
	Room    store.TalkRoom
	Thread  string
	Message string // id of the message it is about
	Text    string
	Via     string
	Label   string // of the button that was pressed
	Seen    uint64
	Form    map[string]string
	Away    bool
	Again   bool // not the first try
	At      time.Time
}

// print tells gestures apart that wrongly carry one key.
func (g gesture) print() string {
	fields, err := json.Marshal(g.Form)
	if err != nil {
		fields = nil
	}
	return strings.Join([]string{g.Key, g.User.ID, g.Room.ID, g.Thread, g.Via, g.Text, strconv.FormatUint(g.Seen, 10), string(fields)}, "\x00")
}

// asked is what the reply shows as its question.
func (g gesture) asked() string {
	if g.Label != "" {
		return chat.Shorten(chat.CleanLine(g.Label), 100)
	}
	return chat.Shorten(chat.CleanLine(g.Text), 300)
}

func (c *Console) request(g gesture, text string) chat.Request {
	return chat.Request{
		Key: accountKey(g.Key), User: g.User, Place: place(g.Room, g.Thread), Text: text, Form: g.Form, Seen: g.Seen, At: g.At, Via: g.Via,
	}
}

// answer is what a gesture gets back.
type answer struct {
	Done bool   `json:"done"`           // there is an outcome; else the same key is to be sent again
	HTML string `json:"html,omitempty"` // the message that came of it
	Form string `json:"form,omitempty"` // a form to open
	Say  string `json:"say,omitempty"`  // what was wrong, for the person
	Kind string `json:"kind,omitempty"` // the kind of fault
}

func answerJSON(w http.ResponseWriter, status int, a answer) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(a)
}

func answerFault(w http.ResponseWriter, err error) {
	say := fault.Sentence(err)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Try != "" {
		say += " Try: " + f.Try
	}
	answerJSON(w, fault.KindOf(err).Status(), answer{Say: say, Kind: fault.KindOf(err).String()})
}

// gesture reads what a page sent, and answers itself when that cannot be.
func (c *Console) gesture(w http.ResponseWriter, r *http.Request) (gesture, bool) {
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			answerJSON(w, http.StatusRequestEntityTooLarge, answer{Say: "That is more than one message can hold (1 MiB). Nothing was sent.", Kind: fault.Invalid.String()})
			return gesture{}, false
		}
		answerFault(w, fault.New(fault.Invalid, "The page sent something that cannot be read. Reload it."))
		return gesture{}, false
	}
	g, err := c.read(r)
	if err != nil {
		answerFault(w, err)
		return gesture{}, false
	}
	return g, true
}

func (c *Console) read(r *http.Request) (gesture, error) {
	g := gesture{Key: r.PostForm.Get("key"), Thread: r.PostForm.Get("thread"), Message: r.PostForm.Get("message"), Text: chat.Clean(r.PostForm.Get("text")), Label: r.PostForm.Get("label"), Away: r.PostForm.Get("away") != "", Again: r.PostForm.Get("again") != "", At: c.now()}
	if !regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`).MatchString(g.Key) {
		return g, fault.New(fault.Invalid, "The page sent no key for this. Reload it and try again.")
	}
	if n := utf8.RuneCountInString(g.Text); n > c.Limits().Text {
		return g, fault.New(fault.Invalid, "That is %d characters; a message holds %d. Nothing was sent.", n, c.Limits().Text)
	}
	user := c.speaker(r)
	if user == "" {
		return g, fault.New(fault.Forbidden, "This console is read-only. Whoever runs tocsin sets TOCSIN_CONSOLE_USER to speak here.")
	}
	g.User = c.User(user)
	if zone := r.PostForm.Get("zone"); g.User.Zone == "" && zone != "Local" {
		if _, err := time.LoadLocation(zone); err == nil {
			g.User.Zone = zone
		}
	}
	g.Seen, _ = strconv.ParseUint(r.PostForm.Get("seen"), 10, 64)
	for name, values := range r.PostForm {
		if field, ok := trimPrefix(name, "f."); ok {
			if g.Form == nil {
				g.Form = map[string]string{}
			}
			g.Form[field] = chat.Clean(values[0])
		}
	}
	room, err := c.readable(r, r.PostForm.Get("room"), user)
	g.Room = room
	return g, err
}

// readable finds a room that somebody may see; any other is not there.
func (c *Console) readable(r *http.Request, id, user string) (store.TalkRoom, error) {
	room, found, err := c.room(r.Context(), id)
	if err != nil {
		return room, err
	}
	if !found || !mayRead(room, user) {
		return store.TalkRoom{}, fault.New(fault.NotFound, "There is no such room.")
	}
	return room, nil
}

// speaker is who this browser speaks as; empty: nobody.
func (c *Console) speaker(r *http.Request) string {
	if !c.o.SpeakAs {
		return c.o.User
	}
	chosen := []string{r.URL.Query().Get("as")}
	if r.PostForm != nil {
		chosen = append(chosen, r.PostForm.Get("as"))
	}
	if k, err := r.Cookie(cookieAs); err == nil {
		chosen = append(chosen, k.Value)
	}
	for _, id := range chosen {
		for _, p := range c.people {
			if p.ID == id {
				return id
			}
		}
	}
	return c.people[0].ID
}

// cookieAs remembers whom a browser spoke as last.
const cookieAs = "tocsin_console_as"
