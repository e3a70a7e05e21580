package bot_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/incident"
)

func user(id, name, email string) chat.User {
	return chat.User{Platform: "slack", Workspace: "T1", ID: id, Name: name, Email: email}
}

func TestFindingPeople(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := bot.NewPeople(o.store, time.Now)
	for _, u := range []chat.User{
		user("U1", "Ann Okafor", "ann@example.com"), user("U2", "Ann Berg", ""), user("U3", "Bo Lindqvist", "bo@example.com"),
		{Platform: "console", Workspace: "console", ID: "bo", Name: "Bo (console)"},
	} {
		if _, err := p.Meet(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	for words, want := range map[string][]string{
		"<@U1>":            {"Ann Okafor"},
		"<@U1|ann>":        {"Ann Okafor"},
		"<@!U3>":           {"Bo Lindqvist"},
		"<@U9>":            nil,
		"@u3":              {"Bo Lindqvist"},
		"slack:U2":         {"Ann Berg"},
		"console:bo":       {"Bo (console)"},
		"ANN@example.com":  {"Ann Okafor"},
		"ann okafor":       {"Ann Okafor"},
		"@Ann":             {"Ann Berg", "Ann Okafor"},
		"Lind":             nil, // not the beginning of a name
		"bo lin":           {"Bo Lindqvist"},
		"b":                nil, // too short to guess from
		"":                 nil,
		"@":                nil,
		"nobody-like-this": nil,
	} {
		found, err := p.Find(t.Context(), "slack", words)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, one := range found {
			names = append(names, one.Name)
		}
		slices.Sort(names)
		if !slices.Equal(names, want) {
			t.Errorf("%q finds %q, want %q", words, names, want)
		}
	}
}

func TestPeopleAreReadOnceForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		p := bot.NewPeople(o.store, time.Now)
		ann, err := p.Meet(t.Context(), user("U1", "Ann", ""))
		if err != nil {
			t.Fatal(err)
		}
		reads := o.fussy.reads.Load()
		for range 5 {
			if again, err := p.Meet(t.Context(), user("U1", "Ann", "")); err != nil || again.ID != ann.ID {
				t.Errorf("met %+v (%v)", again, err)
			}
			if p.Person(t.Context(), ann.ID).Name != "Ann" {
				t.Error("Ann has lost her name")
			}
		}
		if n := o.fussy.reads.Load() - reads; n != 0 {
			t.Errorf("%d reads", n)
		}
		if err := o.store.SetZone(t.Context(), ann.ID, "Europe/Berlin"); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Minute)
		if again, err := p.Meet(t.Context(), user("U1", "Ann", "")); err != nil || again.Zone != "Europe/Berlin" {
			t.Errorf("a minute later the zone is %q (%v)", again.Zone, err)
		}
		if again, err := p.Meet(t.Context(), user("U1", "Ann Okafor", "")); err != nil || again.Name != "Ann Okafor" {
			t.Errorf("a new name is seen at once, not %q (%v)", again.Name, err)
		}
	})
}

func TestWhoIsNotKnownIsCalledByTheirID(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := bot.NewPeople(o.store, time.Now)
	for id, want := range map[incident.PersonID]string{"p123": "p123", incident.House: "tocsin", "": "somebody"} {
		if got := p.Person(t.Context(), id).Name; got != want {
			t.Errorf("%q is called %q, want %q", id, got, want)
		}
	}
}

func TestAStoreThatIsAwayDoesNotTakeNamesAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		p := bot.NewPeople(o.store, time.Now)
		ann, err := p.Meet(t.Context(), user("U1", "Ann", ""))
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Hour)
		refuse(o)
		if got := p.Person(t.Context(), ann.ID).Name; got != "Ann" {
			t.Errorf("Ann is called %q", got)
		}
	})
}
