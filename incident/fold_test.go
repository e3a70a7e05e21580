package incident_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
)

// busy is an incident with something of everything, in the middle of its life.
func busy(t *testing.T) *stage {
	t.Helper()
	s := openAs(t, incident.Declaration{Title: "checkout is failing", Severity: incident.Sev2, Services: []string{"checkout"}})
	for _, chapter := range []func(*stage){storyOpens, storyTeam, storyPages, storyWords, storyWork} {
		s.wait(3 * time.Minute)
		chapter(s)
	}
	s.ok(s.inc.OfferHandover(s.as(dee), "", bo, ""))
	s.ok(s.inc.Remind(s.as(dee), s.now.Add(time.Hour), ""))
	s.wait(time.Minute)
	return s
}

// TestEachEventDoesToTheStateWhatItAlwaysDid holds the fold for ever: the
// golden file may grow, and a line of it changes only by mistake.
func TestEachEventDoesToTheStateWhatItAlwaysDid(t *testing.T) {
	t.Parallel()
	s := busy(t)
	before := fields(t, s.inc)
	var did strings.Builder
	for _, k := range incident.Kinds() {
		r := incident.Recorded{
			Stream: s.inc.ID.Stream(), Version: s.inc.Head + 1, Shape: k.Shape,
			Happened: s.now, Recorded: s.now, Actor: bo, Key: "fold", Event: filled(k.Zero),
		}
		after := fields(t, s.inc.Apply(r))
		fmt.Fprintf(&did, "%s: %s\n", k.Name, plain(incident.Sentence(r)))
		for _, name := range slices.Sorted(mapKeys(before, after)) {
			if before[name] != after[name] && name != "head" && name != "touched" && name != "changes" {
				fmt.Fprintf(&did, "\t%s: %s\n\t\t-> %s\n", name, before[name], after[name])
			}
		}
	}
	golden(t, "folds.txt", did.String())
}

func fields(t *testing.T, i incident.Incident) map[string]string {
	t.Helper()
	b, err := json.Marshal(i)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for name, v := range raw {
		all[name] = string(v)
	}
	return all
}

func mapKeys(maps ...map[string]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		met := map[string]bool{}
		for _, m := range maps {
			for k := range m {
				if !met[k] {
					met[k] = true
					if !yield(k) {
						return
					}
				}
			}
		}
	}
}

// FuzzNoEventBreaksTheFold feeds what a store may give back after years: any
// JSON that a kind of event accepts, on an empty state and on a busy one.
func FuzzNoEventBreaksTheFold(f *testing.F) {
	for k, kind := range incident.Kinds() {
		b, err := json.Marshal(filled(kind.Zero))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(k), b)
		f.Add(uint8(k), []byte(`{}`))
	}
	f.Add(uint8(0), []byte(`{"services":[{"name":""}],"number":-1}`))
	kinds := incident.Kinds()
	f.Fuzz(func(t *testing.T, which uint8, raw []byte) {
		kind := kinds[int(which)%len(kinds)]
		e, err := decode(kind.Name, raw)
		if err != nil {
			return
		}
		r := incident.Recorded{Stream: "incident/x", Version: 9, Happened: noon(), Recorded: noon(), Actor: bo, Key: "k", Event: e}
		started := incident.Incident{}.Fold([]incident.Recorded{
			{Stream: "incident/x", Version: 1, Recorded: noon(), Happened: noon(), Actor: ann, Event: filled(incident.Declared{})},
			{Stream: "incident/x", Version: 2, Recorded: noon(), Happened: noon(), Actor: ann, Event: filled(incident.TaskAdded{})},
		})
		for _, i := range []incident.Incident{{}, started} {
			after := i.Apply(r)
			if _, err := json.Marshal(after); err != nil {
				t.Fatalf("%s gives a state that cannot be written: %v", kind.Name, err)
			}
			_ = after.Summary()
			_ = after.Missing(house(), noon())
		}
		_ = plain(incident.Sentence(r))
		_ = incident.Marks(r)
		_ = incident.Entries([]incident.Recorded{r, r})
	})
}

func TestACommandCostsTheSameHoweverLongTheTimelineIs(t *testing.T) {
	t.Parallel()
	s := busy(t)
	short := len(fields(t, s.inc)) // how much there is to keep
	grown := s.inc
	for n := range 10000 {
		words := incident.Text{Author: bo, Words: "disk full", Ref: fmt.Sprintf("%d.0", n)}
		e := incident.Event(incident.NoteAdded{Text: words})
		switch n % 20 {
		case 0, 1, 2:
			e = incident.MessageCaptured{Message: incident.MessageRef{Platform: "console", Room: "r1", ID: fmt.Sprint(n)}, Text: words}
		case 3:
			e = incident.ActionAdded{Item: grown.Items%(incident.MaxItems-1) + 1, Text: words}
		}
		grown = grown.Apply(incident.Recorded{Version: grown.Head + 1, Recorded: s.now, Happened: s.now, Actor: bo, Key: fmt.Sprint(n), Event: e})
	}
	b, err := json.Marshal(grown)
	if err != nil {
		t.Fatal(err)
	}
	if len(fields(t, grown)) > short+1 || len(b) > 8<<10 {
		t.Errorf("after 10,000 events the state has %d fields (was %d) and %d bytes", len(fields(t, grown)), short, len(b))
	}
	if grown.Captures != s.inc.Captures+1500 || grown.ActionsN != s.inc.ActionsN+500 {
		t.Errorf("captures %d, actions %d", grown.Captures, grown.ActionsN)
	}
}

func BenchmarkApply(b *testing.B) {
	s := openAs(b, incident.Declaration{Title: "checkout is failing", Severity: incident.Sev2, Services: []string{"checkout"}})
	r := incident.Recorded{Version: 2, Recorded: s.now, Happened: s.now, Actor: bo, Key: "k", Event: incident.NoteAdded{Text: incident.Text{Words: "x"}}}
	for b.Loop() {
		_ = s.inc.Apply(r)
	}
}

func BenchmarkMarshalState(b *testing.B) {
	s := openAs(b, incident.Declaration{Title: "checkout is failing", Severity: incident.Sev2, Services: []string{"checkout"}})
	for b.Loop() {
		if _, err := json.Marshal(s.inc); err != nil {
			b.Fatal(err)
		}
	}
}
