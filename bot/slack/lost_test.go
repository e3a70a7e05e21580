package slack_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

// tries repeats a step until it is known to be done, each time as tocsin after
// a restart; unsure says that an earlier try may have done it.
func (o office) tries(what string, step func(o office, unsure bool) error) {
	o.Helper()
	unsure := false
	for range 8 {
		err := step(o.again(), unsure)
		if err == nil {
			return
		}
		switch fault.KindOf(err) {
		case fault.Unknown:
			unsure = true
		case fault.Unavailable:
		default:
			o.Fatalf("%s came to %v", what, err)
		}
		time.Sleep(20 * time.Second)
	}
	o.Fatalf("%s is not done after eight tries", what)
}

func TestWithEveryReplyLostOnceEachThingIsThereOnce(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.LoseEachAnswerOnce()
		var room string
		o.tries("opening the room", func(o office, unsure bool) error {
			at, err := o.Roles().Rooms.Open(o.Context(), chat.RoomSpec{Key: "a", Name: "inc-1-checkout", Topic: "down", Invite: []string{o.ann, o.bo}, Again: unsure})
			room = at.Room
			return err
		})
		o.tries("inviting", func(o office, _ bool) error {
			return o.Roles().Rooms.Invite(o.Context(), room, []string{o.ann, o.bo})
		})
		o.tries("the topic", func(o office, _ bool) error { return o.Roles().Rooms.Topic(o.Context(), room, "down") })
		began := time.Now()
		say := func(words string, p chat.Post) (ref chat.Ref) {
			p.Key, p.Message = words, text(words)
			o.tries(words, func(o office, unsure bool) error {
				var found bool
				var err error
				if unsure {
					if ref, found, err = o.Roles().Finder.Find(o.Context(), p, began.Add(-time.Minute)); err != nil || found {
						return err
					}
				}
				ref, err = o.Post(o.Context(), p)
				return err
			})
			return ref
		}
		card := say("the card", chat.Post{Room: room})
		announced := say("the announcement", chat.Post{Room: o.room})
		say("an update", chat.Post{Room: o.room, Thread: announced.ID})
		direct := ""
		o.tries("the conversation", func(o office, _ bool) (err error) {
			direct, err = o.Direct(o.Context(), o.bo)
			return err
		})
		say("to bo alone", chat.Post{Room: direct})
		o.tries("the pin", func(o office, _ bool) error { return o.Roles().Pins.Pin(o.Context(), card) })
		o.tries("the mark", func(o office, _ bool) error { return o.Roles().Marks.Mark(o.Context(), card, "eyes") })
		o.tries("the link", func(o office, _ bool) error {
			return o.Roles().Bookmarks.Put(o.Context(), room, "Call", "https://meet.example")
		})
		o.tries("the edit", func(o office, _ bool) error { return o.Edit(o.Context(), card, text("the newer card")) })

		if o.roomsNow("inc-1") != 1 || len(o.far.Bookmarks(room)) != 1 || !slices.Equal(o.far.Pins(room), []string{card.ID}) {
			o.Errorf("%d rooms, bookmarks %v, pins %v", o.roomsNow("inc-1"), o.far.Bookmarks(room), o.far.Pins(room))
		}
		for _, one := range []struct{ user, room, words string }{
			{o.bo, room, "the newer card"}, {o.bo, o.room, "the announcement"}, {o.bo, o.room, "an update"}, {o.bo, direct, "to bo alone"},
		} {
			if n := o.seen(one.user, one.room, one.words); n != 1 {
				o.Errorf("%q is there %d times", one.words, n)
			}
		}
		if r, _ := o.far.Room(room); r.Topic != "down" || !slices.Contains(r.Members, o.bo) || !strings.Contains(r.Purpose, "tocsin") {
			o.Errorf("the room is %+v", r)
		}
		o.tries("archiving", func(o office, _ bool) error { return o.Roles().Rooms.Archive(o.Context(), room) })
	})
}
