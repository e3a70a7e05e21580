package slack_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

func (o office) open(s chat.RoomSpec) chat.Place {
	o.Helper()
	at, err := o.Roles().Rooms.Open(o.Context(), s)
	o.must(err)
	return at
}

// roomsNow counts the rooms whose name begins so.
func (o office) roomsNow(begins string) int {
	n := 0
	for _, r := range o.far.Rooms() {
		if strings.HasPrefix(r.Name, begins) {
			n++
		}
	}
	return n
}

func TestARoomIsOpenedWithItsPeopleAndItsTopic(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		at := o.open(chat.RoomSpec{Key: "inc-a", Name: "inc-7-Größe & Élan", Topic: "SEV1 checkout is down", Invite: []string{o.ann, o.bo, o.far.Bot()}})
		r, ok := o.far.Room(at.Room)
		if !ok || r.Name != "inc-7-groesse-elan" || at.Name != r.Name || r.Private || at.Private || r.Topic != "SEV1 checkout is down" {
			o.Fatalf("the room is %+v, told as %+v", r, at)
		}
		if !slices.Contains(r.Members, o.ann) || !slices.Contains(r.Members, o.bo) || strings.Contains(r.Purpose, "inc-a") {
			o.Errorf("it holds %v, its purpose is %q", r.Members, r.Purpose)
		}
		rooms := o.Roles().Rooms
		o.must(rooms.Topic(o.Context(), at.Room, "SEV1 checkout is down"))
		if n := len(o.far.Calls("conversations.setTopic")); n != 1 {
			o.Errorf("the same topic was set %d times", n)
		}
		o.must(rooms.Topic(o.Context(), at.Room, "resolved"))
		if r, _ := o.far.Room(at.Room); r.Topic != "resolved" {
			o.Errorf("the topic is %q", r.Topic)
		}
		o.must(rooms.Archive(o.Context(), at.Room))
		o.must(rooms.Archive(o.Context(), at.Room))
		if r, _ := o.far.Room(at.Room); !r.Archived {
			o.Error("it is not archived")
		}
	})
}

func TestOneKeyIsOneRoomWhateverGoesWrong(t *testing.T) {
	t.Parallel()
	lost := []string{"conversations.create", "conversations.setPurpose", "conversations.invite", "conversations.setTopic"}
	for _, method := range lost {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			outside(t, slacktest.Options{}, func(o office) {
				spec := chat.RoomSpec{Key: "inc-a", Name: "inc-7-checkout", Topic: "down", Invite: []string{o.ann}}
				o.far.Fail(method, 1, slacktest.Lost())
				first, err := o.Roles().Rooms.Open(o.Context(), spec)
				if method == "conversations.create" && fault.KindOf(err) != fault.Unknown {
					o.Fatalf("a lost reply came to %v", err)
				}
				o = o.again()
				spec.Again = true
				second := o.open(spec)
				third := o.open(spec)
				if o.roomsNow("inc-7") != 1 || second.Room != third.Room || first.Room != "" && first.Room != second.Room {
					o.Errorf("%d rooms: %v, %v, %v", o.roomsNow("inc-7"), first, second, third)
				}
				if r, _ := o.far.Room(second.Room); !slices.Contains(r.Members, o.ann) {
					o.Errorf("after all it holds %v", r.Members)
				}
			})
		})
	}
}

func TestARoomIsRecognisedThoughItsNameWouldBeAnotherNow(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		first := o.open(chat.RoomSpec{Key: "inc-a", Name: "inc-7-checkout", Private: true})
		o = o.again()
		if again := o.open(chat.RoomSpec{Key: "inc-a", Name: "inc-7-payments", Private: true, Again: true}); again.Room != first.Room || !again.Private {
			o.Errorf("the repeat opened %+v beside %+v", again, first)
		}
	})
}

func TestTakenNamesGetANumber(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.AddRoom(slacktest.Room{Name: "inc-7-checkout", Members: []string{o.ann}})
		o.far.AddRoom(slacktest.Room{Name: "inc-7-checkout-2", Archived: true, Creator: o.far.Bot(), Members: []string{o.far.Bot()}})
		if at := o.open(chat.RoomSpec{Key: "inc-a", Name: "inc-7-checkout"}); at.Name != "inc-7-checkout-3" {
			o.Errorf("the room is called %q", at.Name)
		}
		tried := len(o.far.Calls("conversations.create"))
		time.Sleep(time.Minute)
		if at := o.open(chat.RoomSpec{Key: "inc-b", Name: "inc-7-checkout"}); at.Name != "inc-7-checkout-4" {
			o.Errorf("another key with the same wish got %q", at.Name)
		}
		if n := len(o.far.Calls("conversations.create")) - tried; n > 1 {
			o.Errorf("names that are known to be taken were tried again: %d calls", n)
		}
		if at := o.open(chat.RoomSpec{Key: "inc-c", Name: "障害"}); !strings.HasPrefix(at.Name, "incident-") {
			o.Errorf("a name of which nothing is left became %q", at.Name)
		}
	})
}

func TestInvitingSkipsWhoCannotComeAndIsNoFaultTwice(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		rooms := o.Roles().Rooms
		many := []string{o.ann, o.cy, "U0NOBODY"}
		for i := range 120 {
			many = append(many, o.far.AddUser(slacktest.User{Name: "u" + strconv.Itoa(i)}).ID)
		}
		o.must(rooms.Invite(o.Context(), o.room, many))
		r, _ := o.far.Room(o.room)
		if len(r.Members) != 124 {
			o.Errorf("%d are in the room, want 124", len(r.Members))
		}
		o.must(rooms.Invite(o.Context(), o.room, []string{o.ann}))
		o.must(rooms.Invite(o.Context(), o.room, nil))
		err := rooms.Invite(o.Context(), o.room, []string{"U0NOBODY"})
		if fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), "no active account") {
			o.Errorf("somebody who is not there came to %v", err)
		}
		alien, robot := o.far.AddUser(slacktest.User{Name: "al", Team: "T0OTHER"}).ID, o.far.AddUser(slacktest.User{Name: "robot", Bot: true}).ID
		_, err = o.Me(o.Context())
		o.must(err)
		o.Who(o.Context(), alien, "")
		o.Who(o.Context(), robot, "")
		calls := len(o.far.Calls("conversations.invite"))
		o.must(rooms.Invite(o.Context(), o.room, []string{alien, robot, "USLACKBOT"}))
		if len(o.far.Calls("conversations.invite")) != calls {
			o.Error("a bot or somebody of another organisation was invited")
		}
		for range 2 {
			o.must(rooms.Remove(o.Context(), o.room, o.cy))
		}
		if r, _ := o.far.Room(o.room); slices.Contains(r.Members, o.cy) {
			o.Error("cy is still there")
		}
	})
}

func TestMembersAreToldWithWhoTheyAre(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		guest := o.far.AddUser(slacktest.User{Name: "gus", Guest: true}).ID
		alien := o.far.AddUser(slacktest.User{Name: "al", Team: "T0OTHER"}).ID
		room := o.far.AddRoom(slacktest.Room{Name: "mixed", Shared: true, Members: []string{o.ann, guest, alien, o.far.Bot()}}).ID
		users, err := o.Roles().Rooms.Members(o.Context(), room)
		o.must(err)
		kinds := map[string]chat.UserKind{}
		for _, u := range users {
			kinds[u.ID] = u.Kind
		}
		want := map[string]chat.UserKind{o.ann: chat.Member, guest: chat.Guest, alien: chat.Outsider, o.far.Bot(): chat.Machine}
		for id, k := range want {
			if got, ok := kinds[id]; !ok || got != k {
				o.Errorf("%s is %d (there: %v), want %d", id, got, ok, k)
			}
		}
	})
}

// Sixty rooms through the real calls, at Slack's own limits.
func TestSixtyDeclaresLoseNothing(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{Limits: true}, func(o office) {
		began := time.Now()
		var mu sync.Mutex
		opened := map[int]time.Duration{}
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				for {
					ctx, stop := context.WithTimeout(chat.WithLane(o.Context(), chat.StateLane), 10*time.Second)
					_, err := o.Roles().Rooms.Open(ctx, chat.RoomSpec{Key: "inc-" + strconv.Itoa(i), Name: "inc-" + strconv.Itoa(i), Topic: "down", Invite: []string{o.ann}, Urgent: i >= 58})
					stop()
					if err == nil {
						break
					}
					time.Sleep(max(after(o.T, err), 100*time.Millisecond))
				}
				mu.Lock()
				opened[i] = time.Since(began)
				mu.Unlock()
			})
		}
		all.Wait()
		if o.roomsNow("inc-") != 60 {
			o.Errorf("there are %d rooms, want 60", o.roomsNow("inc-"))
		}
		if opened[58] > time.Second || opened[59] > time.Second {
			o.Errorf("the rooms of two sev1 came after %s and %s", opened[58], opened[59])
		}
		for i, d := range opened {
			if d > 5*time.Minute {
				o.Errorf("room %d came after %s", i, d)
			}
		}
		for _, c := range o.far.Calls("") {
			if c.Status == 429 || c.Error == "ratelimited" {
				o.Fatalf("%s ran into Slack's limit", c.Method)
			}
		}
	})
}

func TestNamesOfRooms(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"inc-142-checkout":      "inc-142-checkout",
		"INC 142: Checkout!!":   "inc-142-checkout",
		"inc-1-Übergröße":       "inc-1-uebergroesse",
		"inc-1-Ångström-naïve":  "inc-1-angstroem-naive",
		"inc-1-e\u0301lan":      "inc-1-elan",
		"inc-1-платёж не идёт":  "inc-1-platyozh-ne-idyot",
		"inc-1-Ελλάδα":          "inc-1-ellada",
		"inc-1-支払い":             "inc-1",
		"--a__b--":              "a__b",
		"a.b.c":                 "a-b-c",
		"":                      "incident-x",
		"🔥🔥":                    "incident-x",
		strings.Repeat("ä", 60): strings.Repeat("ae", 40),
	}
	for wish, want := range tests {
		if got := slack.RoomName(wish); got != want || len(got) > 80 {
			t.Errorf("%q became %q, want %q", wish, got, want)
		}
	}
	if got := slack.Nth(strings.Repeat("a", 80), 12); len(got) != 80 || !strings.HasSuffix(got, "a-12") {
		t.Errorf("the twelfth of a long name is %q", got)
	}
}
