package slack_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

func TestPinsMarksAndBookmarksMayBeAskedTwice(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		ref, roles := o.post(chat.Post{Room: o.room}, "the card"), o.Roles()
		for range 2 {
			o.must(roles.Pins.Pin(o.Context(), ref))
			o.must(roles.Marks.Mark(o.Context(), ref, ":white_check_mark:"))
			o.must(roles.Bookmarks.Put(o.Context(), o.room, "Runbook", "https://runbooks.example/1"))
		}
		o.must(roles.Bookmarks.Put(o.Context(), o.room, "Runbook", "https://runbooks.example/2"))
		o.must(roles.Bookmarks.Put(o.Context(), o.room, "Call", "https://meet.example/1"))
		want := []slacktest.Bookmark{{Title: "Runbook", Link: "https://runbooks.example/2"}, {Title: "Call", Link: "https://meet.example/1"}}
		got := o.far.Bookmarks(o.room)
		for i := range got {
			got[i].ID = ""
		}
		if !slices.Equal(got, want) || !slices.Equal(o.far.Pins(o.room), []string{ref.ID}) || len(o.far.Messages(o.room)[0].Reactions["white_check_mark"]) != 1 {
			o.Errorf("bookmarks %v, pins %v, message %+v", got, o.far.Pins(o.room), o.far.Messages(o.room)[0])
		}
		if n := len(o.far.Calls("bookmarks.list")); n != 1 {
			o.Errorf("the list was asked for %d times", n)
		}
		if err := roles.Bookmarks.Put(o.Context(), o.room, "Bad", "javascript:alert(1)"); fault.KindOf(err) != fault.Rejected {
			o.Errorf("a link that is none came to %v", err)
		}
		gone := chat.Ref{Room: o.room, ID: "1764122400.000100"}
		if err := roles.Marks.Mark(o.Context(), gone, "eyes"); fault.KindOf(err) != fault.NotFound {
			o.Errorf("a mark on nothing came to %v", err)
		}
	})
}

func TestALostBookmarkIsNotKeptTwice(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.Fail("bookmarks.add", 1, slacktest.Lost())
		put := func() error { return o.Roles().Bookmarks.Put(o.Context(), o.room, "Call", "https://meet.example/1") }
		if err := put(); fault.KindOf(err) != fault.Unknown {
			o.Errorf("a lost reply came to %v", err)
		}
		o.must(put())
		if n := len(o.far.Bookmarks(o.room)); n != 1 {
			o.Errorf("there are %d bookmarks", n)
		}
	})
}

func TestGroupsAreNamedByIdOrHandle(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		g := o.far.AddGroup(slacktest.Group{Handle: "oncall", Name: "On call", Members: []string{o.ann, o.bo}})
		for _, name := range []string{g.ID, "oncall", "@oncall", "@OnCall"} {
			users, err := o.Roles().Groups.Group(o.Context(), name)
			if err != nil || !slices.Equal(users, []string{o.ann, o.bo}) {
				o.Errorf("%s is %v, %v", name, users, err)
			}
		}
		if n := len(o.far.Calls("usergroups.list")); n != 1 {
			o.Errorf("the list was asked for %d times", n)
		}
		if _, err := o.Roles().Groups.Group(o.Context(), "nobody"); fault.KindOf(err) != fault.NotFound {
			o.Errorf("a group that is not there came to %v", err)
		}
		time.Sleep(time.Hour)
		o.far.Fail("usergroups.list", 1, slacktest.Answers("plan_upgrade_required"))
		if _, err := o.Roles().Groups.Group(o.Context(), "oncall"); fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), "paid plan") {
			o.Errorf("a plan without groups came to %v", err)
		}
	})
}

func TestPlacesAreFoundByIdOrName(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		shared := o.far.AddRoom(slacktest.Room{Name: "with-them", Shared: true, Members: []string{o.ann}}).ID
		for name, want := range map[string]chat.Place{
			o.room: {Room: o.room, Name: "ops"}, "#ops": {Room: o.room, Name: "ops"}, "OPS": {Room: o.room, Name: "ops"},
			"hush": {Room: o.secret, Name: "hush", Private: true}, "with-them": {Room: shared, Name: "with-them", Shared: true},
		} {
			want.Platform = "slack"
			got, err := o.Roles().Places.Place(o.Context(), name)
			if err != nil || got != want {
				o.Errorf("%s is %+v, %v; want %+v", name, got, err, want)
			}
		}
		for _, none := range []string{"#nowhere", "C0NOWHERE1"} {
			if _, err := o.Roles().Places.Place(o.Context(), none); fault.KindOf(err) != fault.NotFound {
				o.Errorf("%s came to %v", none, err)
			}
		}
	})
}

func TestPeopleAreKnownWithoutWaiting(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{Enterprise: "E0ACME"}, func(o office) {
		if _, err := o.Me(o.Context()); err != nil {
			o.Fatal(err)
		}
		o.far.Latency(2 * time.Second)
		hurried, stop := context.WithTimeout(o.Context(), 400*time.Millisecond)
		defer stop()
		began := time.Now()
		u := o.Who(hurried, o.ann, "T0TOCSIN")
		if u.ID != o.ann || u.Kind != chat.Member || u.Workspace != "T0TOCSIN" || u.Name != "" || time.Since(began) != 400*time.Millisecond {
			o.Errorf("within 400 ms she is %+v, after %s", u, time.Since(began))
		}
		time.Sleep(3 * time.Second)
		began = time.Now()
		u = o.Who(o.Context(), o.ann, "T0TOCSIN")
		if u.Name != "ann" || u.Zone != "Europe/Paris" || u.Email != "ann@acme.example" || time.Since(began) != 0 {
			o.Errorf("then she is %+v, after %s", u, time.Since(began))
		}
		if n := len(o.far.Calls("users.info")); n != 1 {
			o.Errorf("she was looked up %d times", n)
		}
		alien := o.far.AddUser(slacktest.User{Name: "al", Team: "T0OTHER"}).ID
		u = o.Who(o.Context(), alien, "T0OTHER")
		if u.Kind != chat.Outsider || u.Workspace != "T0OTHER" || u.Email != "" {
			o.Errorf("somebody of another team is %+v", u)
		}
		if u := o.Who(o.Context(), o.far.Bot(), "T0TOCSIN"); u.Kind != chat.Machine {
			o.Errorf("the bot is %+v", u)
		}
		if u := o.Who(o.Context(), "USLACKBOT", "T0TOCSIN"); u.Kind != chat.Machine {
			o.Errorf("Slack's own bot is %+v", u)
		}
		time.Sleep(time.Minute)
	})
}

func TestAChannelIsKnownWithoutWaiting(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		if p := o.PlaceOf(o.Context(), o.secret); p.Name != "hush" || !p.Private {
			o.Errorf("the private channel is %+v", p)
		}
		o.far.Fail("conversations.info", 1, slacktest.Status(500))
		if p := o.PlaceOf(o.Context(), o.room); p.Name != "" || p.Room != o.room {
			o.Errorf("what cannot be had is %+v", p)
		}
		calls := len(o.far.Calls("conversations.info"))
		o.PlaceOf(o.Context(), o.room)
		if n := len(o.far.Calls("conversations.info")); n != calls {
			o.Error("a look-up that failed was made again at once")
		}
		time.Sleep(time.Minute)
		if p := o.PlaceOf(o.Context(), o.room); p.Name != "ops" {
			o.Errorf("later it is %+v", p)
		}
		if p := o.PlaceOf(o.Context(), "D123"); !p.Direct {
			o.Errorf("a direct conversation is %+v", p)
		}
	})
}

// off lists what doctor says is off.
func (o office) off(s *slack.Slack) []string {
	var out []string
	for _, f := range s.Check(o.Context()) {
		if f.Level != "ok" {
			out = append(out, f.What)
		}
	}
	return out
}

func TestAMissingScopeTurnsOffWhatDoctorSays(t *testing.T) {
	t.Parallel()
	there := map[string]func(chat.Roles) bool{
		"pins:write":      func(r chat.Roles) bool { return r.Pins != nil },
		"bookmarks:read":  func(r chat.Roles) bool { return r.Bookmarks != nil },
		"bookmarks:write": func(r chat.Roles) bool { return r.Bookmarks != nil },
		"reactions:write": func(r chat.Roles) bool { return r.Marks != nil },
		"usergroups:read": func(r chat.Roles) bool { return r.Groups != nil },
		"files:read":      func(r chat.Roles) bool { return r.Files != nil },
	}
	for scope, on := range there {
		t.Run(scope, func(t *testing.T) {
			t.Parallel()
			outside(t, slacktest.Options{}, func(o office) {
				if off := o.off(o.Slack); len(off) != 0 || !on(o.Roles()) {
					o.Fatalf("with every scope doctor says %v", off)
				}
				o.far.RemoveScope(scope)
				off := o.off(o.Slack)
				if len(off) != 1 || !strings.Contains(off[0], scope) {
					o.Errorf("doctor says %v", off)
				}
				if on(o.Roles()) {
					o.Error("it is still there")
				}
				all := map[string]bool{}
				for s, on := range there {
					all[s] = on(o.Roles())
				}
				for s, on := range all {
					if !on && s != scope && !strings.HasPrefix(scope, "bookmarks") {
						o.Errorf("%s went with it", s)
					}
				}
			})
		})
	}
}

func TestRoomsNeedTheScopeOfTheirKind(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.RemoveScope("groups:write")
		o.open(chat.RoomSpec{Key: "a", Name: "inc-1"})
		_, err := o.Roles().Rooms.Open(o.Context(), chat.RoomSpec{Key: "b", Name: "inc-2", Private: true})
		if fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), "groups:write") || o.roomsNow("inc-2") != 0 {
			o.Errorf("a private room came to %v", err)
		}
	})
}

func TestDoctorLooksAtTokenChannelSocketAndClock(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		shared := o.far.AddRoom(slacktest.Room{Name: "partners", Shared: true, Members: []string{o.ann, o.far.Bot()}}).Name
		closed := o.far.AddRoom(slacktest.Room{Name: "closed", Private: true, Members: []string{o.ann}}).Name
		for _, tt := range []struct {
			name  string
			c     slack.Config
			fault string
			says  string
		}{
			{"a channel that is there", slack.Config{Announce: "#ops"}, "", ""},
			{"a channel that is not there", slack.Config{Announce: "nowhere"}, "", "no channel #nowhere"},
			{"a private channel without tocsin", slack.Config{Announce: closed}, "", "no channel #closed"},
			{"a channel that others read", slack.Config{Announce: shared}, "", "other organisations read #partners"},
			{"the same, allowed", slack.Config{Announce: shared, AnnounceShared: true}, "", ""},
			{"a token for sockets that is worth nothing", slack.Config{}, "apps.connections.open", "app-level token"},
		} {
			if tt.fault != "" {
				o.far.Fail(tt.fault, 1, slacktest.Answers("invalid_auth"))
			}
			off := o.off(connect(o.T, o.far, tt.c))
			if tt.says == "" && len(off) != 0 || tt.says != "" && (len(off) != 1 || !strings.Contains(off[0], tt.says)) {
				o.Errorf("%s: doctor says %v, want %q", tt.name, off, tt.says)
			}
			time.Sleep(time.Minute)
		}
		o.far.RevokeToken()
		if off := o.off(connect(o.T, o.far, slack.Config{})); len(off) != 1 || !strings.Contains(off[0], "token_revoked") {
			o.Errorf("with a revoked token doctor says %v", off)
		}
	})
}

func TestAResponseURLIsAnsweredAndOnlyThere(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		for _, url := range []string{"https://evil.example/x", "http://hooks.slack.com/x", "://", "https://hooks.slack.com.evil.example/x"} {
			if err := o.Respond(o.Context(), url, text("secret")); fault.KindOf(err) != fault.Rejected {
				o.Errorf("%s came to %v", url, err)
			}
		}
	})
}

func TestDoctorTellsOfAClockThatIsOff(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		for off, level := range map[time.Duration]string{time.Second: "ok", -2 * time.Minute: "warn", 10 * time.Minute: "fail"} {
			s := connectAs(o.T, o.far, slack.Config{}, slack.Options{Now: func() time.Time { return time.Now().Add(off) }, Log: slog.New(slog.DiscardHandler)})
			found := s.Check(o.Context())
			i := slices.IndexFunc(found, func(f slack.Finding) bool { return strings.Contains(f.What, "clock") })
			if i < 0 || found[i].Level != level {
				o.Errorf("a clock that is %s off is told as %+v", off, found)
			}
		}
	})
}

func TestAnInstallationForAnOrganisationNamesItsWorkspace(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{Enterprise: "E0ACME", OrgWide: true}, func(o office) {
		o.far.AddGroup(slacktest.Group{Handle: "oncall", Members: []string{o.ann}})
		if _, err := o.Roles().Places.Place(o.Context(), "#ops"); err != nil {
			o.Error(err)
		}
		if _, err := o.Roles().Groups.Group(o.Context(), "oncall"); err != nil {
			o.Error(err)
		}
		var many []string
		for range 30 {
			many = append(many, o.far.AddUser(slacktest.User{Name: "x"}).ID)
		}
		at := o.open(chat.RoomSpec{Key: "a", Name: "inc-1", Invite: many})
		o.open(chat.RoomSpec{Key: "a", Name: "inc-2", Again: true})
		users, err := o.again().Roles().Rooms.Members(o.Context(), at.Room)
		if err != nil || len(users) != 31 {
			o.Errorf("%d members, %v", len(users), err)
		}
		for _, c := range o.far.Calls("") {
			if c.Error != "" {
				o.Errorf("%s came to %s", c.Method, c.Error)
			}
		}
	})
}

func TestNoTokenAndNoSecretAddressReachesAnErrorOrALog(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		var log bytes.Buffer
		s := connectAs(o.T, o.far, slack.Config{}, slack.Options{Now: time.Now, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		secret := strings.TrimSuffix(o.far.URL(), "api/") + "response/very-secret"
		for _, how := range []slacktest.Fault{slacktest.Refused(), slacktest.Lost(), slacktest.Hang(), slacktest.Status(500), slacktest.RateLimited(time.Second), slacktest.Answers("invalid_auth")} {
			o.far.Fail("", 100, how)
			_, posted := s.Post(o.Context(), chat.Post{Room: o.room, Message: text("x")})
			_, opened := s.Roles().Rooms.Open(o.Context(), chat.RoomSpec{Key: "a", Name: "inc-1", Invite: []string{o.ann}})
			for _, err := range []error{posted, opened, s.Respond(o.Context(), secret, text("x"))} {
				if err == nil || strings.Contains(err.Error(), "xoxb") || strings.Contains(err.Error(), "very-secret") || strings.Contains(err.Error(), "/api/") {
					o.Errorf("the error is %v", err)
				}
			}
			o.far.Heal()
			time.Sleep(2 * time.Minute)
		}
		if s := log.String(); strings.Contains(s, "xoxb") || strings.Contains(s, "very-secret") {
			o.Errorf("the log holds %s", s)
		}
	})
}

func TestPrivateChannelsOfTocsinAreListed(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.AddRoom(slacktest.Room{Name: "not-there", Private: true, Members: []string{o.ann}})
		o.far.AddRoom(slacktest.Room{Name: "over", Private: true, Archived: true, Members: []string{o.ann, o.far.Bot()}})
		rooms, err := o.PrivateRooms(o.Context())
		if err != nil || !slices.Equal(rooms, []string{o.secret}) {
			o.Errorf("they are %v, %v; want %s", rooms, err, o.secret)
		}
	})
}

func TestACrowdIsReadAtOnce(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		_, err := o.Me(o.Context())
		o.must(err)
		o.must(o.Warm(o.Context()))
		for id, name := range map[string]string{o.ann: "ann", o.bo: "bo"} {
			if u := o.Who(o.Context(), id, ""); u.Name != name || u.Workspace != "T0TOCSIN" {
				o.Errorf("%s is %+v", name, u)
			}
		}
		if n := len(o.far.Calls("users.info")); n != 0 {
			o.Errorf("%d people were looked up one by one", n)
		}
	})
}

func TestWhatIsKnownOfPeopleIsRenewedBesideTheGesture(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.Who(o.Context(), o.bo, "")
		o.far.SetUser(slacktest.User{ID: o.bo, Name: "bo", Guest: true})
		time.Sleep(2 * time.Hour)
		o.far.Latency(time.Second)
		began := time.Now()
		if u := o.Who(o.Context(), o.bo, ""); u.Kind != chat.Member || time.Since(began) != 0 {
			o.Errorf("at once bo is %+v, after %s", u, time.Since(began))
		}
		time.Sleep(2 * time.Second)
		if u := o.Who(o.Context(), o.bo, ""); u.Kind != chat.Guest {
			o.Errorf("then bo is %+v", u)
		}
	})
}
