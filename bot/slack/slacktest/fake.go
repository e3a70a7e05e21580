package slacktest

import (
	"context"
	"net"
	"net/http"
)

// Fake is a fake Slack. It is an http.Handler that serves the Web API under
// /api/, sockets under /socket and response URLs under /response/.
type Fake struct{ o Options }

// New makes a workspace with the bot in it, and nobody and nothing else.
func New(o Options) *Fake { return &Fake{o: o} }

// Close ends everything that goes on; calls that hang are broken off.
func (f *Fake) Close() {}

// ServeHTTP serves the app.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

// URL is where the Web API is called, with the slash at its end that slack-go
// needs. Before [Fake.Serve] it is an address that only [Fake.Dial] and
// [Fake.Client] reach.
func (f *Fake) URL() string { return "" }

// Serve serves on a listener until [Fake.Close]; it returns at once.
func (f *Fake) Serve(l net.Listener) {}

// Dial opens a connection to the fake in memory, whatever the address.
func (f *Fake) Dial(ctx context.Context, network, address string) (net.Conn, error) { return nil, nil }

// Client makes calls in memory, through [Fake.Dial].
func (f *Fake) Client() *http.Client { return nil }

// SetHook says where deliveries go from now on; nil: through sockets.
func (f *Fake) SetHook(h Hook) {}

// ToHandler is a hook that calls a handler in this process.
func ToHandler(h http.Handler) Hook { return nil }

// ToURL is a hook that posts to an address.
func ToURL(c *http.Client, url string) Hook { return nil }

// Sign puts Slack's signature and time on a request with this body.
func (f *Fake) Sign(r *http.Request, body []byte) {}

// Bot is the user id of the app's bot.
func (f *Fake) Bot() string { return "" }

// AddUser adds a user, and gives them with their id.
func (f *Fake) AddUser(u User) User { return u }

// SetUser changes one who is there.
func (f *Fake) SetUser(u User) {}

// AddRoom adds a room, and gives it with its id.
func (f *Fake) AddRoom(r Room) Room { return r }

// AddGroup adds a group of users, and gives it with its id.
func (f *Fake) AddGroup(g Group) Group { return g }

// AllScopes are the bot scopes that the fake knows.
func AllScopes() []string { return nil }

// AllEvents are the events that the fake can deliver.
func AllEvents() []string { return nil }
