package slacktest

import "context"

// Seen gives what a user sees of a room, oldest first, threads included.
func (f *Fake) Seen(user, room string) ([]Seen, error) { return nil, nil }

// Messages gives everything that stands in a room, oldest first, ephemeral
// messages and answers in threads included.
func (f *Fake) Messages(room string) []Message { return nil }

// Open gives the modal that is open for a user, the topmost of its stack.
func (f *Fake) Open(user string) (View, bool) { return View{}, false }

// Home gives the user's home tab as the app published it last.
func (f *Fake) Home(user string) (View, bool) { return View{}, false }

// Pins gives the ts of pinned messages, oldest pin first.
func (f *Fake) Pins(room string) []string { return nil }

// Bookmarks gives a room's bookmarks in their order.
func (f *Fake) Bookmarks(room string) []Bookmark { return nil }

// Rooms gives all rooms in the order in which they were made.
func (f *Fake) Rooms() []Room { return nil }

// Room gives one by id or name; direct conversations have no name.
func (f *Fake) Room(idOrName string) (Room, bool) { return Room{}, false }

// Users gives all users in the order in which they came.
func (f *Fake) Users() []User { return nil }

// Calls gives the calls of a method so far ("": of all), oldest first.
func (f *Fake) Calls(method string) []Call { return nil }

// Deliveries gives every attempt to deliver so far, oldest first.
func (f *Fake) Deliveries() []Delivered { return nil }

// Delivered is one attempt to deliver something.
type Delivered struct {
	Kind    string // "events_api", "slash_commands", "interactive"
	Event   string // type of the event, or of the interaction
	ID      string
	Attempt int // 0: the first
	Answer  Answer
}

// Settle waits until everything that the app's calls caused was delivered.
func (f *Fake) Settle(ctx context.Context) error { return nil }

// Due delivers again what was not acknowledged and whose time has come, and
// gives how many that were.
func (f *Fake) Due(ctx context.Context) int { return 0 }

// Run does what time brings: retries that are due, and pings through sockets.
// It returns when ctx ends.
func (f *Fake) Run(ctx context.Context) {}
