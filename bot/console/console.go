package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"tocsin/bot/chat"
	"tocsin/store"
)

// Platform and Workspace are what accounts of the console are called by.
const (
	Platform  = "console"
	Workspace = "console"
)

// The rooms that are there at the start.
const (
	General   = "general"
	Incidents = "incidents"
)

// browserWaits is how long a page waits for an answer before it asks again
// with the same key.
const browserWaits = 10 * time.Second

// Options are what a [Console] is made of.
type Options struct {
	Talk store.Talk
	Now  func() time.Time
	Log  *slog.Logger // nil: nothing is logged
	// SpeakAs lets every browser speak as any of People.
	SpeakAs bool
	People  []Person // nil: a handful of invented ones
	// User is who every browser speaks as when SpeakAs is off; empty: read-only.
	User string
	// Token opens the console: the opened URL carries it, a cookie keeps it.
	// Empty: whoever reaches the address is let in.
	Token string
	// Origin is the address that people open, "https://tocsin.example".
	// Empty: any address of the loopback.
	Origin string
	Panels []Panel
	Title  string // empty: "tocsin"
}

// Person is somebody to speak as.
type Person struct {
	ID    string // "ann": lower-case letters, digits, "-", "_" and "."
	Name  string
	About string // one line, such as "on call for checkout"
	Zone  string // IANA; empty: the browser's
	Kind  chat.UserKind
}

// Panel is a piece of HTML at Path of the same server, shown on the right
// hand and kept fresh. Its forms are sent in place.
type Panel struct{ Title, Path string }

// Console is the platform. Make it with [New].
type Console struct {
	o       Options
	talk    store.Talk
	now     func() time.Time
	log     *slog.Logger
	people  []Person
	house   atomic.Pointer[chat.House]
	ready   atomic.Bool // the rooms of the start are there
	hub     *hub
	flights *flights
	pinned  pinned
	known   known
	assets  assets
	cookie  string
}

// New makes a console. Nothing is read or written before [Console.Listen] or
// the first request.
func New(o Options) (*Console, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Title = cmp.Or(o.Title, "tocsin")
	a, err := loadAssets()
	if err != nil {
		return nil, err
	}
	c := &Console{o: o, talk: o.Talk, now: o.Now, log: o.Log, people: o.cast(), assets: a, flights: newFlights(), cookie: seal(o.Token)}
	c.hub = newHub(o.Talk, o.Log)
	return c, nil
}

func (o Options) check() error {
	var faults []error
	if o.Talk == nil || o.Now == nil {
		faults = append(faults, errors.New("the console needs Talk and Now"))
	}
	if o.Origin != "" {
		if u, err := url.Parse(o.Origin); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" {
			faults = append(faults, fmt.Errorf("the console's address %q is not like https://tocsin.example", o.Origin))
		}
	}
	for _, p := range append([]Person{{ID: cmp.Or(o.User, "nobody")}}, o.People...) {
		if !validID(p.ID) {
			faults = append(faults, fmt.Errorf("the console's person %q is not named like ann", p.ID))
		}
	}
	for _, p := range o.Panels {
		if !strings.HasPrefix(p.Path, "/") || strings.HasPrefix(p.Path, "//") {
			faults = append(faults, fmt.Errorf("the panel %q must lie on this server, its path is %q", p.Title, p.Path))
		}
	}
	return errors.Join(faults...)
}

// cast is everybody whom the console knows by name.
func (o Options) cast() []Person {
	people := o.People
	if people == nil && o.SpeakAs {
		people = invented()
	}
	known := slices.ContainsFunc(people, func(p Person) bool { return p.ID == o.User })
	if o.User != "" && !o.SpeakAs && !known {
		people = append([]Person{{ID: o.User, Name: o.User}}, people...)
	}
	return people
}

func invented() []Person {
	return []Person{
		{ID: "ann", Name: "Ann Okafor", About: "on call, checkout"},
		{ID: "bo", Name: "Bo Lindqvist", About: "on call, database"},
		{ID: "cleo", Name: "Cleo Marsh", About: "customer support"},
		{ID: "dana", Name: "Dana Reyes", About: "engineering manager"},
		{ID: "responder", Name: "Robin Tan", About: "whoever speaks from the command line"},
		{ID: "gus", Name: "Gus (guest)", About: "partner, looks and follows", Kind: chat.Guest},
	}
}

func validID(id string) bool {
	return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`).MatchString(id)
}

// Name is the platform's name.
func (c *Console) Name() string { return Platform }

// Limits says what the console carries.
func (c *Console) Limits() chat.Limits {
	return chat.Limits{Text: 40_000, Parts: 100, Actions: 25, Label: 75, Topic: 250, Patience: browserWaits, Keyed: true}
}

// Roles says that the console can do everything.
func (c *Console) Roles() chat.Roles {
	return chat.Roles{Rooms: c, Locks: c, Pins: c, Reader: c, Finder: c, Places: c, Marks: c, Forms: true, Typing: true}
}

// Listen keeps the house and what is new in the store flowing to browsers,
// until ctx ends; then it ends every stream. The console is served by
// [Console.Handler], not by mux: the caller says on which address.
func (c *Console) Listen(ctx context.Context, _ *http.ServeMux, h chat.House) error {
	c.house.Store(&h)
	c.hub.run(ctx, func() error { return c.ensureRooms(ctx) })
	return nil
}

// User is the account behind a console name, known or not.
func (c *Console) User(id string) chat.User {
	p := c.person(id)
	return chat.User{Platform: Platform, Workspace: Workspace, ID: id, Name: p.Name, Zone: p.Zone, Kind: p.Kind}
}

// Account is [Console.User], and whether the console knows somebody by that name.
func (c *Console) Account(id string) (u chat.User, known bool) {
	return c.User(id), slices.ContainsFunc(c.people, func(p Person) bool { return p.ID == id })
}

// Cast is everybody whom the console knows by name.
func (c *Console) Cast() []chat.User {
	users := make([]chat.User, len(c.people))
	for i, p := range c.people {
		users[i] = c.User(p.ID)
	}
	return users
}

func (c *Console) person(id string) Person {
	if i := slices.IndexFunc(c.people, func(p Person) bool { return p.ID == id }); i >= 0 {
		return c.people[i]
	}
	return Person{ID: id, Name: id}
}
