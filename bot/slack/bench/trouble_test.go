package bench_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/slack/slacktest"
	"tocsin/store/storetest"
)

// hangingStore asks for notes while the store stops amid them and hangs: Slack
// is answered in time, and once the store is back the outcome comes, and is true.
func hangingStore(b *testing.B, r *storetest.Redis, s *sheet) {
	b.Helper()
	const people = 20
	proxy := storetest.NewProxy(b, r.Addr())
	w := startTocsin(b, "redis://"+proxy.Addr()+"/3", "")
	defer w.stop()
	w.declare(b, people)
	w.target(people).paced(b, 300, *warmFor)
	took, pending := make([]time.Duration, people), make([]bool, people)
	words := func(i int) string { return fmt.Sprintf("the store hangs for person %d, who goes on", i) }
	var all sync.WaitGroup
	for i := range people {
		if i == 0 {
			proxy.Delay(30 * time.Millisecond) // so that some are amid their commit when it stops
		}
		if i == people/2 {
			proxy.Suffer(storetest.BlackHole)
		}
		time.Sleep(5 * time.Millisecond)
		all.Go(func() {
			began := time.Now()
			a, err := w.fake.Slash(b.Context(), w.people[i], w.room, fmt.Sprintf("note INC-%d %s", i+1, words(i)))
			took[i] = time.Since(began)
			if err != nil || a.Status != 200 {
				b.Errorf("while the store hangs: %d %s: %v", a.Status, a.Body, err)
			}
			pending[i] = open(string(a.Body))
		})
	}
	all.Wait()
	slices.Sort(took)
	s.ours("store hangs: Slack is answered after ms, at most", took[people-1].Seconds()*1e3, took[people-1] <= 2600*time.Millisecond, "≤ 2,600")
	promised := 0
	for _, p := range pending {
		if p {
			promised++
		}
	}
	s.ours(fmt.Sprintf("store hangs: of %d, told that the outcome follows", people), float64(promised), true, "")

	began := time.Now()
	proxy.Delay(0)
	proxy.Suffer(storetest.Healthy)
	proxy.Cut()
	var outcomes []string
	for i := range people {
		outcomes = append(outcomes, outcome(b, w, w.people[i]))
	}
	s.ours("store hangs: all outcomes followed after it was back, s", time.Since(began).Seconds(), true, "")
	k := openKept(b, r.URL()+"/3")
	notes := k.notes(b)
	untrue, done := 0, 0
	for i, said := range outcomes {
		stands, claimed := slices.Contains(notes, words(i)), strings.Contains(said, "On the timeline of")
		if claimed {
			done++
		}
		if claimed != stands {
			untrue++
			s.row("    untrue: "+said, "", "", "", "", true)
		}
	}
	s.ours("store hangs: outcomes that are untrue", float64(untrue), untrue == 0, "0")
	s.ours(fmt.Sprintf("store hangs: of %d, on the timeline in the end", people), float64(done), true, "")
}

// open says that words promise an outcome and are none.
func open(words string) bool {
	return strings.Contains(words, "Working on it") || strings.Contains(words, "could not confirm this yet")
}

// outcome waits for what somebody sees in the end.
func outcome(b *testing.B, w *workspace, who string) string {
	b.Helper()
	for began := time.Now(); time.Since(began) < 30*time.Second; time.Sleep(10 * time.Millisecond) {
		seen, err := w.fake.Seen(who, w.room)
		if err != nil {
			b.Fatal(err)
		}
		if n := len(seen); n > 0 && !open(seen[n-1].Text) {
			return seen[n-1].Text
		}
	}
	b.Error("no outcome followed within 30 s")
	return ""
}

// untilRoom measures from a declare to the room that its declarer can use: they
// are in it and the card stands there. Slack answers every call after 100 ms.
// It allows 20 rooms a minute, so the declares come in several workspaces.
func untilRoom(b *testing.B, r *storetest.Redis, s *sheet) {
	b.Helper()
	const workspaces, each = 5, 10
	var replied, usable []time.Duration
	for n := range workspaces {
		w := startTocsin(b, fmt.Sprintf("%s/%d", r.URL(), 4+n), "")
		w.fake.Latency(100 * time.Millisecond)
		for i := range each {
			who, began := w.people[i], time.Now()
			a, err := w.fake.Slash(b.Context(), who, w.room, fmt.Sprintf("declare sev2 payments fail in region %d", i))
			replied = append(replied, time.Since(began))
			if err != nil || a.Status != 200 {
				b.Fatalf("declaring was answered %d %s: %v", a.Status, a.Body, err)
			}
			waitRoom(b, w, who, 2+i)
			usable = append(usable, time.Since(began))
		}
		w.stop()
	}
	slices.Sort(replied)
	slices.Sort(usable)
	at := func(t []time.Duration, q int) float64 { return t[len(t)*q/100].Seconds() * 1e3 }
	s.ours("Slack answers after 100 ms: declare → reply: p95 ms", at(replied, 95), true, "")
	s.ours("Slack answers after 100 ms: declare → room usable: p50 ms", at(usable, 50), true, "")
	s.ours("Slack answers after 100 ms: declare → room usable: p95 ms", at(usable, 95), at(usable, 95) <= 1000, "≤ 1,000")
}

// waitRoom waits until somebody can use the n-th room of a workspace.
func waitRoom(b *testing.B, w *workspace, who string, n int) {
	b.Helper()
	for began := time.Now(); time.Since(began) < 30*time.Second; time.Sleep(2 * time.Millisecond) {
		var rooms []slacktest.Room
		for _, r := range w.fake.Rooms() {
			if !r.Direct {
				rooms = append(rooms, r)
			}
		}
		if len(rooms) <= n || !slices.Contains(rooms[n].Members, who) {
			continue
		}
		for _, m := range w.fake.Messages(rooms[n].ID) {
			if m.User == w.fake.Bot() && m.Subtype == "" {
				return
			}
		}
	}
	b.Fatal("no room became usable within 30 s")
}
