package bottest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/slack/slacktest"
	"tocsin/incident"
)

// Storm declares many incidents within a minute in a Slack that keeps its
// limits: nothing may be lost, and the worst come first.
func Storm(t *testing.T, declares int) {
	t.Helper()
	base := Bases()["memory"](t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(dawn()))
		s := NewStage(t, base, "")
		town := slackTownOf(t, false, slacktest.Options{Now: time.Now, Limits: true})
		s.town = town
		s.Start()
		began := time.Now()
		general := town.roomID("general")
		for i := range declares {
			severity := "sev3"
			if i == declares-1 {
				severity = "sev1" // the last of the queue is the worst
			}
			h := town.say("ann", general, fmt.Sprintf("/incident declare %s number %d is failing", severity, i+1))
			if h.Status != 200 || !strings.Contains(town.only("ann"), fmt.Sprintf("INC-%d is declared", i+1)) {
				t.Fatalf("declare %d was answered %d: %s", i+1, h.Status, town.only("ann"))
			}
			s.Advance(time.Minute/time.Duration(declares) - time.Millisecond)
		}
		worst := incident.Number(declares)
		opened := map[incident.Number]time.Time{}
		for len(opened) < declares && time.Since(began) < time.Hour {
			s.Advance(5 * time.Second)
			for n := incident.Number(1); n <= worst; n++ {
				if _, known := opened[n]; !known && len(s.incident(n).Rooms) > 0 {
					opened[n] = time.Now()
				}
			}
		}
		if len(opened) != declares {
			t.Fatalf("after an hour %d of %d have a room\n%s", len(opened), declares, s.Log())
		}
		order := make([]incident.Number, 0, declares)
		for n := range opened {
			order = append(order, n)
		}
		slices.SortFunc(order, func(a, b incident.Number) int { return opened[a].Compare(opened[b]) })
		if late := opened[worst].Sub(began.Add(time.Minute)); late > 20*time.Second {
			t.Errorf("the sev1 got its room %s after it was declared", late)
		}
		s.Advance(10 * time.Minute)
		names := map[string]int{}
		for _, r := range town.fake.Rooms() {
			names[r.Name]++
		}
		for n := incident.Number(1); n <= worst; n++ {
			room := s.incident(n).Rooms[0].ID
			if cards := countCards(town, room); cards != 1 {
				t.Errorf("%s has %d cards", n, cards)
			}
		}
		if len(town.fake.Rooms()) < declares {
			t.Errorf("there are %d rooms", len(town.fake.Rooms()))
		}
		for name, n := range names {
			if n > 1 && name != "" {
				t.Errorf("%d rooms are called %q", n, name)
			}
		}
		t.Logf("the last room was there %s after the last declare", opened[order[len(order)-1]].Sub(began.Add(time.Minute)))
		s.Close()
	})
}

// countCards counts the pinned messages of a room.
func countCards(town *slackTown, room string) (n int) {
	for _, m := range town.fake.Messages(room) {
		if m.Pinned {
			n++
		}
	}
	return n
}
