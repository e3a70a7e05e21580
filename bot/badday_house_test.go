package bot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/bottest"
)

// onEveryStore plays over every database, in a bubble of time.
func onEveryStore(t *testing.T, play func(t *testing.T, base bottest.Base)) {
	t.Helper()
	for name, open := range bottest.Bases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := open(t)
			synctest.Test(t, func(t *testing.T) { play(t, base) })
		})
	}
}

// script is what a script got back.
type script struct {
	Status int
	Kind   string `json:"kind"`
	Text   string `json:"text"`
	Body   string
	Repeat bool
}

// tells has somebody say something through the API.
func tells(s *bottest.Stage, who, room, words, key string) script {
	h := s.API(who, room, words, key)
	a := script{Status: h.Status, Body: h.Body, Repeat: h.Repeat}
	if json.Unmarshal([]byte(h.Body), &a) != nil {
		a.Text = h.Body
	}
	return a
}

// times counts how often words stand in what can be seen.
func times(seen []string, words string) int { return strings.Count(strings.Join(seen, "\n"), words) }

// houses are one house, or two where the database takes two.
func houses(t *testing.T, base bottest.Base) (first, second *bottest.Stage, over func()) {
	t.Helper()
	first = bottest.NewStage(t, base, "")
	first.Start()
	if base.Sole() {
		return first, first, first.Close
	}
	second = first.Twin()
	second.Start()
	return first, second, func() {
		second.Stop()
		first.Close()
	}
}

func TestTheSameRequestThreeTimesAtOnceHasOneOutcome(t *testing.T) {
	t.Parallel()
	onEveryStore(t, func(t *testing.T, base bottest.Base) {
		one, two, over := houses(t, base)
		defer over()
		for i, c := range []struct {
			words  string
			status int
		}{
			{"declare sev2 checkout is failing", 200},
			{"note INC-1 the queue is full", 200},
			{"severity INC-1 sev1 everybody feels it", 200},
			{"resolve INC-1 rolled back", 200},
			{"resolve INC-1 rolled back", 409},
		} {
			var told [3]script
			var all sync.WaitGroup
			for k, s := range []*bottest.Stage{one, two, one} {
				all.Go(func() { told[k] = tells(s, "ann", "general", c.words, fmt.Sprintf("key-%d", i)) })
			}
			all.Wait()
			repeats := 0
			for _, a := range told {
				if a.Body != told[0].Body || a.Status != c.status {
					t.Errorf("%q three times at once: %d %s\nand %d %s", c.words, told[0].Status, told[0].Body, a.Status, a.Body)
				}
				if a.Repeat {
					repeats++
				}
			}
			if repeats != 2 {
				t.Errorf("%q three times at once: %d say that they are repeats, want 2", c.words, repeats)
			}
			one.Rest()
		}
		line := one.Timeline(1)
		for _, words := range []string{"noted: the queue is full", "the severity from", "resolved it"} {
			if n := times(line, words); n != 1 {
				t.Errorf("%q stands %d times on the timeline:\n%s", words, n, strings.Join(line, "\n"))
			}
		}
		if n := times(one.Public("incidents"), "INC-1 checkout is failing"); n != 1 {
			t.Errorf("it is announced %d times:\n%s", n, strings.Join(one.Public("incidents"), "\n---\n"))
		}
		if got := one.Get("/api/v1/incidents/INC-2"); got.Status != 404 {
			t.Errorf("there is a second incident: %s", got.Body)
		}
	})
}

func TestOfTwoWhoResolveAtOnceOneWinsAndTheOtherIsToldWhoAndWhen(t *testing.T) {
	t.Parallel()
	onEveryStore(t, func(t *testing.T, base bottest.Base) {
		one, two, over := houses(t, base)
		defer over()
		tells(one, "cleo", "general", "declare sev3 search is slow", "k0")
		one.Rest()
		var ann, bo script
		var both sync.WaitGroup
		both.Go(func() { ann = tells(one, "ann", "general", "resolve INC-1 restarted", "k1") })
		both.Go(func() { bo = tells(two, "bo", "general", "resolve INC-1 restarted", "k2") })
		both.Wait()
		winner, loser := "Ann Okafor", bo
		if ann.Status != 200 {
			winner, loser = "Bo Lindqvist", ann
		}
		if ann.Status+bo.Status != 200+409 {
			t.Fatalf("ann: %d %s\nbo: %d %s", ann.Status, ann.Text, bo.Status, bo.Text)
		}
		if !strings.Contains(loser.Text, winner) || !strings.Contains(loser.Text, "ago") && !strings.Contains(loser.Text, "just now") {
			t.Errorf("the other is told %q, want that %s did, and when", loser.Text, winner)
		}
		if n := times(one.Timeline(1), "resolved it"); n != 1 {
			t.Errorf("it is resolved %d times", n)
		}
	})
}

func TestTwoHousesOnOneStoreDoEachThingOnce(t *testing.T) {
	t.Parallel()
	onEveryStore(t, func(t *testing.T, base bottest.Base) {
		one, two, over := houses(t, base)
		defer over()
		hear := two.Listen("/console/stream?room=incidents&as=dana")
		tells(one, "ann", "general", "declare sev2 checkout is failing", "k0")
		one.Rest()
		room := one.Room("INC-1")
		tells(two, "bo", room, "follow", "k1")
		tells(one, "ann", room, "page checkout", "k2")
		tells(two, "ann", room, "update half of all payments fail next 40m", "k3")
		tells(one, "bo", room, "remind 10m look at the queue", "k4")
		tells(two, "ann", room, "severity sev1 it is everybody", "k5")
		one.Advance(41 * time.Minute)
		for words, n := range map[string]int{
			"look at the queue": 1, "raised the severity from sev2 to sev1": 1, "posted update 1": 1,
		} {
			if got := times(one.Public(room), words); got != n {
				t.Errorf("%q stands %d times in the room, want %d:\n%s", words, got, n, strings.Join(one.Public(room), "\n---\n"))
			}
		}
		if got := times(one.Timeline(1), "p1 to team checkout was taken by"); got > 1 {
			t.Errorf("one page was taken %d times:\n%s", got, strings.Join(one.Timeline(1), "\n"))
		}
		if got := times(two.Public("dm-bo"), "half of all payments fail"); got != 1 {
			t.Errorf("bo is told %d times of the update:\n%s", got, strings.Join(two.Public("dm-bo"), "\n---\n"))
		}
		if !strings.Contains(hear(), "checkout is failing") {
			t.Error("who looks through the other program does not see the announcement come")
		}
	})
}
