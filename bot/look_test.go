package bot_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// seen is everything that looking shows to somebody.
func (w *premises) seen(in commands.Input, id incident.ID) string {
	w.t.Helper()
	var out []string
	if s, found, err := w.look.Here(w.t.Context(), in); err != nil {
		w.t.Fatal(err)
	} else if found {
		out = append(out, "here "+s.Number.String())
	}
	if _, found, err := w.look.ByNumber(w.t.Context(), in, 1); err != nil {
		w.t.Fatal(err)
	} else if found {
		out = append(out, "number")
	}
	if all, err := w.look.List(w.t.Context(), in, store.Filter{}); err != nil {
		w.t.Fatal(err)
	} else if len(all) > 0 {
		out = append(out, "list")
	}
	if all, err := w.look.Search(w.t.Context(), in, "mail", 10); err != nil {
		w.t.Fatal(err)
	} else if len(all) > 0 {
		out = append(out, "search")
	}
	_, err := w.look.Incident(w.t.Context(), in, id)
	switch {
	case err == nil:
		out = append(out, "state")
	case fault.Sentence(err) != fault.Sentence(incident.NoSuch(1)):
		w.t.Errorf("it is refused with %q", fault.Sentence(err))
	}
	return strings.Join(out, ", ")
}

func TestWhoMayKnowOfWhat(t *testing.T) {
	t.Parallel()
	const all, none = "number, list, search, state", ""
	for name, one := range map[string]struct {
		private bool
		who     string
		kind    chat.UserKind
		room    string
		want    string
	}{
		"anybody of a public one":           {false, "bo", chat.Member, "general", all},
		"a member of a private one":         {true, "ann", chat.Member, "general", all},
		"nobody else of a private one":      {true, "bo", chat.Member, "general", none},
		"not even in its room":              {true, "bo", chat.Member, "warroom", none},
		"a member in its room":              {true, "ann", chat.Member, "warroom", "here INC-1, " + all},
		"a guest elsewhere":                 {false, "bo", chat.Guest, "general", none},
		"a guest in its room":               {false, "bo", chat.Guest, "warroom", "here INC-1, " + all},
		"an outsider elsewhere":             {false, "bo", chat.Outsider, "general", none},
		"an outsider in its room":           {false, "bo", chat.Outsider, "warroom", "here INC-1, " + all},
		"a guest in a private one's room":   {true, "bo", chat.Guest, "warroom", none},
		"anybody in the room of public one": {false, "bo", chat.Member, "warroom", "here INC-1, " + all},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newPremises(t)
			in := w.asker("ann", chat.Member, "general", "k0")
			if r, err := w.desk.Declare(t.Context(), in, declaring(in, incident.Declaration{Title: "somebody reads our mail", Private: one.private})); err != nil || r.Kind != "" {
				t.Fatal(told(t, r, err))
			}
			id := incident.IDFor("k0")
			w.opened(id, "warroom")
			planAll(t, w.store)
			if got := w.seen(w.asker(one.who, one.kind, one.room, "k1"), id); got != one.want {
				t.Errorf("sees %q, want %q", got, one.want)
			}
		})
	}
}

func TestItemsAreReadWithWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	id := w.declare(w.desk, "k0", "checkout is failing")
	for _, text := range []string{"look", "say", "mend"} {
		w.record(id, "task/"+text, func(inc incident.Incident) ([]incident.Event, error) {
			return inc.AddTask(incident.ByHouse(time.Now()), text, "")
		})
	}
	two, found, err := w.details.Item(t.Context(), id, 2)
	if err != nil || !found || two.Text.Words != "say" || two.Done {
		t.Fatalf("item 2 is %+v (%v, %v)", two, found, err)
	}
	w.record(id, "done/2", func(inc incident.Incident) ([]incident.Event, error) {
		return inc.Done(incident.ByHouse(time.Now()), two)
	})
	items, err := w.details.Items(t.Context(), id)
	if err != nil || len(items) != 3 {
		t.Fatalf("%d items (%v)", len(items), err)
	}
	for i, want := range []string{"look", "say", "mend"} {
		if items[i].Text.Words != want || items[i].Done != (i == 1) || items[i].ID != incident.ItemID(i+1) {
			t.Errorf("item %d is %+v", i+1, items[i])
		}
	}
	if _, found, err := w.details.Item(t.Context(), id, 9); found || err != nil {
		t.Errorf("an item that is not there: %v, %v", found, err)
	}
}

func TestLookingWhileTheStoreIsAwayChangesNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	in := w.asker("ann", chat.Member, "general", "k1")
	refuse(w.office)
	if _, err := w.look.List(t.Context(), in, store.Filter{}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("list: %v", err)
	}
	if _, _, err := w.look.ByNumber(t.Context(), in, 1); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("by number: %v", err)
	}
	if _, err := w.look.Incident(t.Context(), in, "x"); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("incident: %v", err)
	}
	if _, err := w.door.Asker(t.Context(), chat.Request{User: chat.User{Platform: console.Platform, ID: "new"}}); fault.Sentence(err) != "Not recorded: try again." {
		t.Errorf("a stranger at the door: %v", err)
	}
}
