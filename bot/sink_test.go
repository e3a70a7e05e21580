package bot_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func said(who, id, text string) chat.Said {
	return chat.Said{
		Key: "e/" + id, User: chat.User{Platform: console.Platform, Workspace: console.Workspace, ID: who, Name: who},
		Place: chat.Place{Platform: console.Platform, Room: "warroom"}, ID: id, Text: text, At: time.Now(),
	}
}

// handled stands in for the router: it captures as the verb does.
func (w *premises) handled(ctx context.Context, r chat.Request) chat.Reply {
	w.asked = append(w.asked, r.Via+": "+r.Text)
	in, err := w.door.Asker(ctx, r)
	if err != nil {
		return chat.Reply{Kind: fault.KindOf(err).String()}
	}
	var id string
	if _, err := fmt.Sscanf(r.Text, "capture %s", &id); err != nil {
		w.t.Error(err)
	}
	m, found, err := w.details.Said(ctx, w.id, "warroom", id)
	if err != nil || !found {
		w.t.Errorf("message %s: %v, %v", id, found, err)
	}
	_, already, err := w.details.Mark(ctx, w.id, "capture/console/warroom/"+id)
	if err != nil {
		w.t.Error(err)
	}
	reply, err := w.desk.Change(ctx, in, w.id, capturing(in, m, already))
	if err != nil {
		return chat.Reply{Kind: fault.KindOf(err).String()}
	}
	return reply
}

func (w *premises) warroom() {
	w.t.Helper()
	w.id = w.declare(w.desk, "k0", "checkout is failing")
	w.opened(w.id, "warroom")
}

func (w *premises) timeline() []string {
	w.t.Helper()
	var out []string
	for _, r := range w.events(w.id)[2:] {
		out = append(out, fmt.Sprintf("%T by %s", r.Event, w.people.Person(w.t.Context(), r.Actor).Name))
	}
	return out
}

func TestWhatIsSaidIsKeptOnceAndScrubbed(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	m := said("bo", "m1", "the key is AKIAIOSFODNN7EXAMPLE\u202e and so on")
	m.Files = []chat.File{{Name: "graph.png", URL: "https://example.com/g"}}
	for range 3 {
		if err := w.sink.Said(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := m
	elsewhere.Place.Room = "general"
	if err := w.sink.Said(t.Context(), elsewhere); err != nil {
		t.Fatal(err)
	}
	all, err := w.store.Messages(t.Context(), w.id.Stream(), time.Time{}, 0)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d messages (%v)", len(all), err)
	}
	got := all[0]
	if !isScrubbed(got.Text.Words) {
		t.Errorf("kept: %q", got.Text.Words)
	}
	if len(got.Files) != 1 || got.Author == "" || got.Text.Author != got.Author {
		t.Errorf("kept: %+v", got)
	}
}

func TestAPinnedMessageIsCapturedOnceWhoeverRepeatsIt(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	for i, who := range []string{"ann", "cleo", "ann"} {
		for _, emoji := range []string{"pushpin", "pin"} {
			on := said("bo", "m1", "the primary is out of disk")
			r := chat.Reacted{Key: fmt.Sprint("r", i, emoji), User: said(who, "", "").User, Place: on.Place, On: on, Emoji: emoji, At: time.Now()}
			if err := w.sink.Reacted(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	recs := w.events(w.id)
	got, is := recs[len(recs)-1].Event.(incident.MessageCaptured)
	if len(recs) != 3 || !is {
		t.Fatalf("the timeline holds %v", w.timeline())
	}
	if by := w.people.Person(t.Context(), got.Text.Author).Name; by != "bo" || got.Text.Words != "the primary is out of disk" {
		t.Errorf("captured %q by %s", got.Text.Words, by)
	}
}

func TestOtherReactionsAreNothing(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	on := said("bo", "m1", "x")
	for _, r := range []chat.Reacted{
		{Emoji: "+1", User: on.User, Place: on.Place, On: on},
		{Emoji: "pushpin", Away: true, User: on.User, Place: on.Place, On: on},
		{Emoji: "pushpin", User: chat.User{Platform: "console", ID: "bot", Kind: chat.Machine}, Place: on.Place, On: on},
		{Emoji: "pushpin", User: on.User, Place: chat.Place{Platform: "console", Room: "general"}, On: on},
	} {
		if err := w.sink.Reacted(t.Context(), r); err != nil {
			t.Error(err)
		}
	}
	if len(w.asked) != 0 {
		t.Errorf("asked: %q", w.asked)
	}
}

func TestWhatWasCapturedIsFollowed(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	on := said("bo", "m1", "disk")
	if err := w.sink.Reacted(t.Context(), chat.Reacted{Key: "r", User: on.User, Place: on.Place, On: on, Emoji: "pushpin", At: on.At}); err != nil {
		t.Fatal(err)
	}
	edit := chat.Edited{Key: "e1", User: on.User, Place: on.Place, ID: "m1", Text: "the disk", At: on.At.Add(time.Second)}
	gone := chat.Deleted{Key: "d1", Place: on.Place, ID: "m1", At: on.At.Add(2 * time.Second)}
	for range 2 { // each report comes twice
		if err := w.sink.Edited(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := w.sink.Deleted(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
	}
	other := chat.Edited{Key: "e2", User: on.User, Place: on.Place, ID: "m2", Text: "never captured", At: on.At}
	if err := w.sink.Edited(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	want := []string{"incident.MessageCaptured by bo", "incident.CaptureFollowed by bo", "incident.CaptureFollowed by tocsin"}
	if got := w.timeline(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the timeline holds %v, want %v", got, want)
	}
}

func TestWhoComesInIsAMember(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	for range 2 {
		j := chat.Joined{Key: "j1", User: said("cleo", "", "").User, Place: said("cleo", "", "").Place, At: time.Now()}
		if err := w.sink.Joined(t.Context(), j); err != nil {
			t.Fatal(err)
		}
	}
	left := chat.Joined{Key: "j2", User: said("dana", "", "").User, Place: said("dana", "", "").Place, Left: true}
	if err := w.sink.Joined(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	if got := w.timeline(); fmt.Sprint(got) != "[incident.MemberAdded by cleo]" {
		t.Errorf("the timeline holds %v", got)
	}
}

func TestAReportThatCannotBeTakenComesAgain(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	refuse(w.office)
	m := said("bo", "m1", "x")
	for what, err := range map[string]error{
		"said":    w.sink.Said(t.Context(), m),
		"edited":  w.sink.Edited(t.Context(), chat.Edited{User: m.User, Place: m.Place, ID: "m1", Text: "y", At: m.At}),
		"deleted": w.sink.Deleted(t.Context(), chat.Deleted{Place: m.Place, ID: "m1", At: m.At}),
		"reacted": w.sink.Reacted(t.Context(), chat.Reacted{User: m.User, Place: m.Place, On: m, Emoji: "pin"}),
		"joined":  w.sink.Joined(t.Context(), chat.Joined{User: m.User, Place: m.Place, Key: "j"}),
	} {
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
}
