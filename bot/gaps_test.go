package bot_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/storetest"
)

// owedGaps are the back-fills that are owed for the incident.
func (w *premises) owedGaps() (out []store.Job) {
	w.t.Helper()
	jobs, err := w.store.Jobs(w.t.Context(), store.JobFilter{Stream: w.id.Stream()})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, j := range jobs {
		if j.Reactor == "backfills" {
			out = append(out, j)
		}
	}
	return out
}

func TestAGapIsReadBack(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	for name, one := range map[string]struct {
		gap  chat.Missed
		owed int
	}{
		"of the room":             {chat.Missed{Platform: console.Platform, Room: "warroom", Since: since}, 1},
		"of the platform":         {chat.Missed{Platform: console.Platform, Since: since}, 1},
		"of another room":         {chat.Missed{Platform: console.Platform, Room: "general", Since: since}, 0},
		"of another platform":     {chat.Missed{Platform: "slack", Since: since}, 0},
		"in the first life":       {chat.Missed{Platform: console.Platform}, 0},
		"of the room, since when": {chat.Missed{Platform: console.Platform, Room: "warroom"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newPremises(t)
			w.warroom()
			for range 2 {
				if err := bot.MissedBy(t.Context(), w.sink, one.gap); err != nil {
					t.Fatal(err)
				}
			}
			if got := w.owedGaps(); len(got) != one.owed && (one.owed == 0 || len(got) != 2*one.owed) {
				t.Errorf("%d back-fills are owed, want %d", len(got), one.owed)
			}
		})
	}
}

func TestANewLifeKnowsWhatItMissed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newPremises(t)
		w.warroom()
		ctx, stop := context.WithCancel(t.Context())
		go bot.KeepAwake(ctx, w.store, time.Now)
		time.Sleep(5 * time.Minute)
		stop()
		synctest.Wait()
		heard := time.Now()
		time.Sleep(time.Hour)
		if err := bot.MissedBy(t.Context(), w.sink, chat.Missed{Platform: console.Platform}); err != nil {
			t.Fatal(err)
		}
		owed := w.owedGaps()
		if len(owed) != 1 {
			t.Fatalf("%d back-fills are owed", len(owed))
		}
		_, after, _ := strings.Cut(string(owed[0].Body), `"since":"`)
		stamp, _, _ := strings.Cut(after, `"`)
		at, err := time.Parse(time.RFC3339, stamp)
		if early := heard.Sub(at); err != nil || early < time.Minute || early > 2*time.Minute {
			t.Errorf("it is read from %s before the end of the last life (%v)", early, err)
		}
	})
}

func TestWhatIsReadBackIsKeptWithItsEdits(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	heard := said("bo", "m1", "the primary is out of disk")
	if err := w.sink.Said(t.Context(), heard); err != nil {
		t.Fatal(err)
	}
	edited := said("bo", "m1", "the replica is out of disk")
	edited.EditedAt = time.Now()
	back := []chat.Said{edited, said("cleo", "m2", "adding one")}
	for range 2 {
		if err := w.sink.Hear(t.Context(), w.id.Stream(), back); err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.store.Messages(t.Context(), w.id.Stream(), time.Time{}, 0)
	if err != nil || len(all) != 2 || all[0].Text.Words != "the replica is out of disk" || all[1].Text.Words != "adding one" {
		t.Errorf("kept is %+v (%v)", all, err)
	}
}

func TestDeliveriesAreKeptScrubbedUntilTheyAreDone(t *testing.T) {
	t.Parallel()
	s := store.New(storetest.NewMemory(time.Now), store.Options{})
	in := bot.NewInbox(s, time.Now)
	take := func(key string) bool {
		fresh, err := in.Take(t.Context(), chat.Delivery{Key: key, Body: []byte("page AKIAIOSFODNN7EXAMPLE"), At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return fresh
	}
	if !take("slack/T1/1") || take("slack/T1/1") || !take("slack/T1/2") || !take("discord/G1/1") {
		t.Error("a delivery is not known by its key")
	}
	if err := in.Finish(t.Context(), "slack/T1/1"); err != nil {
		t.Fatal(err)
	}
	left, err := in.Unfinished(t.Context(), "slack", time.Now().Add(time.Second))
	if err != nil || len(left) != 1 || left[0].Key != "slack/T1/2" {
		t.Fatalf("unfinished: %+v (%v)", left, err)
	}
	if !isScrubbed(string(left[0].Body)) {
		t.Errorf("kept is %q", left[0].Body)
	}
	if take("slack/T1/1") {
		t.Error("a delivery that is done was taken again")
	}
}

func TestWhereIncidentsAreAnnounced(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s := store.New(storetest.NewMemory(clock), store.Options{})
	set := bot.NewAnnouncer(s, clock, "TOCSIN_SLACK_ANNOUNCE", "incidents")
	mine, other := bot.NewAnnouncer(s, clock, "TOCSIN_SLACK_ANNOUNCE", ""), bot.NewAnnouncer(s, clock, "TOCSIN_SLACK_ANNOUNCE", "")
	begins := bot.NewAnnouncer(s, clock, "", "general")
	chosen := func(a bot.Announcer) commands.Announced {
		got, err := a.Announced(t.Context(), "slack")
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := chosen(mine); got.Chosen || other.RoomNow(t.Context(), "slack") != "" {
		t.Errorf("before anything is chosen: %+v", got)
	}
	if got := chosen(begins); !got.Chosen || got.Fixed != "" || got.Room.ID != "general" {
		t.Errorf("where it begins: %+v", got)
	}
	for range 2 {
		if err := mine.Announce(t.Context(), commands.Input{}, incident.Room{Platform: "slack", ID: "C1", Name: "inc"}); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(time.Minute) // another replica looks again after a while
	for name, a := range map[string]bot.Announcer{"mine": mine, "another replica": other, "where it began elsewhere": begins} {
		if got := chosen(a); !got.Chosen || got.Room.ID != "C1" || a.RoomNow(t.Context(), "slack") != "C1" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := chosen(set); got.Fixed != "TOCSIN_SLACK_ANNOUNCE" || got.Room.ID != "incidents" {
		t.Errorf("the setting does not come first: %+v", got)
	}
	if err := other.Announce(t.Context(), commands.Input{}, incident.Room{Platform: "slack"}); err != nil {
		t.Fatal(err)
	}
	if got := chosen(other); !got.Chosen || got.Room.ID != "" || begins.RoomNow(t.Context(), "slack") == "" {
		t.Errorf("nowhere: %+v", got)
	}
}

func TestWhichReactionsCapture(t *testing.T) {
	t.Parallel()
	for set, one := range map[string]struct{ does, not []string }{
		"":                            {[]string{"pushpin", "📌", "pin"}, []string{"eyes", "", "round_pushpin"}},
		"TOCSIN_CAPTURE=eyes, :memo:": {[]string{"eyes", "memo", "pin"}, []string{"pushpin", "📌", ":memo:x"}},
	} {
		c, err := bot.ReadConfig([]string{"HOME=/h", set})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range one.does {
			if !bot.Captures(c, e) {
				t.Errorf("with %q, %q captures nothing", set, e)
			}
		}
		for _, e := range one.not {
			if bot.Captures(c, e) {
				t.Errorf("with %q, %q captures", set, e)
			}
		}
	}
}
