package slack_test

import (
	"slices"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
)

// feature is something that tocsin does in Slack: on says whether it works.
type feature struct {
	scope string // without which it does not
	name  string
	on    func(o office, f *features) bool
}

// features is what they are tried on.
type features struct {
	elsewhere string // a public channel that tocsin is not in
	top       chat.Ref
}

func did(err error) bool { return err == nil }

func allFeatures() []feature {
	ask := func(fn func(o office, r chat.Roles, f *features) bool) func(office, *features) bool {
		return func(o office, f *features) bool { return fn(o, o.Roles(), f) }
	}
	reads := func(o office, r chat.Roles, room string) bool {
		if r.Reader == nil {
			return false
		}
		_, _, err := r.Reader.Read(o.Context(), chat.Place{Room: room}, time.Now().Add(-time.Hour), "")
		return did(err)
	}
	finds := func(o office, r chat.Roles, room string) bool {
		if r.Finder == nil {
			return false
		}
		_, found, err := r.Finder.Find(o.Context(), chat.Post{Room: room, Key: "top"}, time.Now().Add(-time.Hour))
		return did(err) && found
	}
	opens := func(o office, r chat.Roles, private bool, key string) bool {
		if r.Rooms == nil {
			return false
		}
		_, err := r.Rooms.Open(o.Context(), chat.RoomSpec{Key: key, Name: key, Private: private})
		return did(err)
	}
	named := func(o office, r chat.Roles, room string) bool {
		if r.Places == nil {
			return false
		}
		p, err := r.Places.Place(o.Context(), room)
		return did(err) && p.Name != ""
	}
	return []feature{
		{"chat:write", "posting", func(o office, _ *features) bool {
			_, err := o.Post(o.Context(), chat.Post{Room: o.room, Message: text("x")})
			return did(err)
		}},
		{"channels:manage", "opening a public room", ask(func(o office, r chat.Roles, _ *features) bool { return opens(o, r, false, "inc-1") })},
		{"groups:write", "opening a private room", ask(func(o office, r chat.Roles, _ *features) bool { return opens(o, r, true, "inc-2") })},
		{"channels:read", "naming a public channel", ask(func(o office, r chat.Roles, _ *features) bool { return named(o, r, o.room) })},
		{"groups:read", "naming a private channel", ask(func(o office, r chat.Roles, _ *features) bool { return named(o, r, o.secret) })},
		{"channels:history", "reading a public room", ask(func(o office, r chat.Roles, _ *features) bool { return reads(o, r, o.room) })},
		{"channels:history", "finding a message in a public room", ask(func(o office, r chat.Roles, _ *features) bool { return finds(o, r, o.room) })},
		{"groups:history", "reading a private room", ask(func(o office, r chat.Roles, _ *features) bool { return reads(o, r, o.secret) })},
		{"groups:history", "finding a message in a private room", ask(func(o office, r chat.Roles, _ *features) bool { return finds(o, r, o.secret) })},
		{"im:write", "telling one person alone", func(o office, _ *features) bool {
			_, err := o.Direct(o.Context(), o.bo)
			return did(err)
		}},
		{"pins:write", "pinning", ask(func(o office, r chat.Roles, f *features) bool {
			return r.Pins != nil && did(r.Pins.Pin(o.Context(), f.top))
		})},
		{"reactions:write", "marking", ask(func(o office, r chat.Roles, f *features) bool {
			return r.Marks != nil && did(r.Marks.Mark(o.Context(), f.top, "eyes"))
		})},
		{"bookmarks:write", "keeping links", ask(func(o office, r chat.Roles, _ *features) bool {
			return r.Bookmarks != nil && did(r.Bookmarks.Put(o.Context(), o.room, "Call", "https://meet.example"))
		})},
		{"usergroups:read", "groups", ask(func(o office, r chat.Roles, _ *features) bool {
			if r.Groups == nil {
				return false
			}
			_, err := r.Groups.Group(o.Context(), "oncall")
			return did(err)
		})},
		{"files:read", "pictures", ask(func(o office, r chat.Roles, _ *features) bool {
			if r.Files == nil {
				return false
			}
			_, err := r.Files.File(o.Context(), o.picture("F0SCOPES", "x"), 100)
			return did(err)
		})},
		{"users:read", "names", func(o office, _ *features) bool { return o.Who(o.Context(), o.bo, "T0TOCSIN").Name != "" }},
		{"users:read.email", "e-mail", func(o office, _ *features) bool { return o.Who(o.Context(), o.ann, "T0TOCSIN").Email != "" }},
		{"channels:join", "joining a public channel to read it", ask(func(o office, r chat.Roles, f *features) bool { return reads(o, r, f.elsewhere) })},
		{"chat:write.public", "posting without joining", func(o office, f *features) bool {
			_, err := o.Post(o.Context(), chat.Post{Room: f.elsewhere, Message: text("x")})
			r, _ := o.far.Room(f.elsewhere)
			return did(err) && !slices.Contains(r.Members, o.far.Bot())
		}},
	}
}

// alsoOff holds for features that stand on a scope besides their own.
func alsoOff(scope, name string) bool {
	switch scope {
	case "bookmarks:read":
		return name == "keeping links"
	case "users:read":
		return name == "e-mail"
	case "channels:history":
		return name == "joining a public channel to read it"
	case "chat:write":
		return name == "posting without joining"
	}
	return false
}

func TestEachMissingScopeTurnsOffItsFeaturesAndNoOthers(t *testing.T) {
	t.Parallel()
	tried := append([]string{"nothing"}, slack.ScopeNames()...)
	for _, scope := range tried {
		t.Run("without "+scope, func(t *testing.T) {
			t.Parallel()
			outside(t, slacktest.Options{}, func(o office) {
				f := &features{elsewhere: o.far.AddRoom(slacktest.Room{Name: "elsewhere", Members: []string{o.ann}}).ID}
				o.far.AddGroup(slacktest.Group{Handle: "oncall", Members: []string{o.ann}})
				f.top = o.post(chat.Post{Key: "top", Room: o.room}, "top")
				o.post(chat.Post{Key: "top", Room: o.secret}, "top")
				o.far.RemoveScope(scope)
				o = o.again()
				_, err := o.Me(o.Context())
				o.must(err)
				all := allFeatures()
				slices.Reverse(all) // posting without joining before reading joins
				for _, one := range all {
					want := one.scope != scope && !alsoOff(scope, one.name)
					if on := one.on(o, f); on != want {
						o.Errorf("%s: works %v, want %v", one.name, on, want)
					}
				}
			})
		})
	}
}
