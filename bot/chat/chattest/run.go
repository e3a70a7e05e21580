package chattest

import (
	"slices"
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// Run holds a platform to the suite. The harness is called once for each test.
func Run(t *testing.T, start Harness) {
	t.Helper()
	groups := []struct {
		name  string
		tests []test
	}{
		{"posts", posts()},
		{"gestures", gestures()},
		{"rooms", rooms()},
		{"hostile", hostile()},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			for _, tt := range g.tests {
				t.Run(tt.name, func(t *testing.T) {
					t.Parallel()
					h := newHouse()
					site := start(t, h.House())
					tt.run(t, play{Site: site, Client: chat.NewClient(site.Platform), house: h})
				})
			}
		})
	}
}

type test struct {
	name string
	run  func(*testing.T, play)
}

// play is a site with a client and the house that listens.
type play struct {
	Site
	*chat.Client
	house *house
}

// without ends a test about something that the platform says it cannot do.
func (p play) without(t *testing.T, what string, has bool) bool {
	t.Helper()
	if !has {
		t.Logf("%s says that it has no %s", p.Name(), what)
	}
	return !has
}

func words(s string) chat.Message { return chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(s)}}} }

func (p play) post(t *testing.T, post chat.Post) chat.Ref {
	t.Helper()
	if post.Room == "" {
		post.Room = p.Room
	}
	if post.Key == "" {
		post.Key = "suite/" + t.Name()
	}
	ref, err := p.Post(t.Context(), post)
	if err != nil {
		t.Fatalf("posting: %v", err)
	}
	if ref.ID == "" || ref.Room != post.Room || ref.Platform != p.Name() {
		t.Fatalf("the post is found again by %+v, want an id, room %q and platform %q", ref, post.Room, p.Name())
	}
	return ref
}

// seen is the one message with these words as a user sees it.
func (p play) seen(t *testing.T, user, room, words string) Seen {
	t.Helper()
	all := p.all(t, user, room)
	i := slices.IndexFunc(all, func(s Seen) bool { return strings.Contains(s.Text, words) })
	if i < 0 {
		t.Fatalf("%s does not see %q in %s; they see %q", user, words, room, texts(all))
	}
	return all[i]
}

func (p play) notSeen(t *testing.T, user, room, words string) {
	t.Helper()
	for _, s := range p.all(t, user, room) {
		if strings.Contains(s.Text, words) {
			t.Errorf("%s sees %q in %s and must not", user, words, room)
		}
	}
}

func (p play) all(t *testing.T, user, room string) []Seen {
	t.Helper()
	all, err := p.Stage.See(t.Context(), user, room)
	if err != nil {
		t.Fatalf("looking into %s as %s: %v", room, user, err)
	}
	return all
}

func (p play) count(t *testing.T, user, room, words string) int {
	t.Helper()
	n := 0
	for _, s := range p.all(t, user, room) {
		n += strings.Count(s.Text, words)
	}
	return n
}

func texts(all []Seen) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.Text
	}
	return out
}

// must ends the test when a gesture could not be made.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("the gesture could not be made: %v", err)
	}
}

func wantFault(t *testing.T, err error, want ...fault.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("it succeeded, want a fault of kind %v", want)
	}
	if !slices.Contains(want, fault.KindOf(err)) {
		t.Fatalf("the fault is %v (%v), want %v", fault.KindOf(err), err, want)
	}
}

func (p play) here() chat.Place { return chat.Place{Platform: p.Name(), Room: p.Room} }
