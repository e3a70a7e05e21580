package mine_test

import (
	"slices"
	"testing"
	"time"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

// spoken makes an input of lines "author: text", a minute apart.
func spoken(title string, lines ...[2]string) source.Input {
	in := source.Input{ID: "room", Title: title}
	for i, l := range lines {
		who := l[0]
		if !slices.ContainsFunc(in.People, func(p source.Person) bool { return p.ID == who }) {
			in.People = append(in.People, source.Person{ID: who, Name: who, Bot: who == "monitor"})
		}
		in.Messages = append(in.Messages, source.Message{
			ID: "m" + string(rune('a'+i/26)) + string(rune('a'+i%26)), At: time.Date(2026, 3, 2, 9, i, 0, 0, time.UTC),
			Author: who, Text: l[1], Bot: who == "monitor",
		})
	}
	return in
}

// outage is a small incident with everything in it.
func outage() source.Input {
	return spoken("the shop is down",
		[2]string{"monitor", "[FIRING] ShopDown service=shop env=prod severity=critical"},                       // maa
		[2]string{"ana", "ack, looking. the shop answers 503 on every page"},                                    // mab
		[2]string{"ben", "could it be the database?"},                                                           // mac
		[2]string{"ana", "no, the database is healthy, cpu 10%"},                                                // mad
		[2]string{"ben", "maybe the new release of the shop from 08:55 then"},                                   // mae
		[2]string{"ana", "confirmed, the error log of the shop starts with the release"},                        // maf
		[2]string{"cem", "do we roll back the release or ship a fix?"},                                          // mag
		[2]string{"ana", "roll back, a fix takes an hour"},                                                      // mah
		[2]string{"cem", "agreed, go"},                                                                          // mai
		[2]string{"ana", "rolling back the shop release"},                                                       // maj
		[2]string{"ana", "rolled back, pages load again"},                                                       // mak
		[2]string{"monitor", "[RESOLVED] ShopDown service=shop"},                                                // mal
		[2]string{"cem", "resolved, thanks all"},                                                                // mam
		[2]string{"cem", "actions: ana - add a smoke test for every page. ben - write a runbook for rollbacks"}, // man
		[2]string{"ben", "ok, will do by friday"},                                                               // mao
		[2]string{"ben", "we had no alert on the error rate, nobody noticed for ten minutes"},                   // map
		[2]string{"cem", "someone should document how releases are cut"},                                        // maq
	)
}

func TestAProposalAndItsAssentAreOneDecision(t *testing.T) {
	t.Parallel()
	f := mine.Find(outage())
	if !slices.ContainsFunc(f.Decisions, func(d mine.Decision) bool { return slices.Contains(d.Cites, "mah") && slices.Contains(d.Cites, "mai") }) {
		t.Errorf("no decision holds both the choice and the assent: %v", f.Decisions)
	}
}

func TestWhatWasRecordedIsSureAndFoundOnce(t *testing.T) {
	t.Parallel()
	in := outage()
	at := in.Messages[7].At
	in.Facts = []source.Fact{
		{ID: "e1", At: at, By: "ana", Kind: source.Decision, Words: "roll back", About: "mah"},
		{ID: "e2", At: at.Add(time.Hour), By: "cem", Kind: source.Action, Words: "alert on the error rate", Owner: "ben", Due: at.AddDate(0, 0, 7)},
		{ID: "e3", At: at.Add(time.Hour), By: "cem", Kind: source.Decision, Words: "a struck one", Struck: true},
		{ID: "e4", At: at.Add(time.Hour), By: "cem", Kind: source.Task, Words: "done long ago", Done: true},
	}
	f := mine.Find(in)
	n := 0
	for _, d := range f.Decisions {
		if slices.Contains(d.Cites, "mah") {
			n++
			if !d.Sure || d.Cites[0] != "e1" {
				t.Errorf("the recorded decision is %+v", d)
			}
		}
		if slices.Contains(d.Cites, "e3") {
			t.Error("a struck decision was found")
		}
	}
	if n != 1 {
		t.Errorf("the recorded decision was found %d times", n)
	}
	sure := slices.IndexFunc(f.Actions, func(a mine.Action) bool { return a.Sure })
	if sure < 0 || f.Actions[sure].Text != "alert on the error rate" || f.Actions[sure].Owner != "ben" || f.Actions[sure].Due.IsZero() {
		t.Errorf("the recorded action is not among %+v", f.Actions)
	}
	if slices.ContainsFunc(f.Actions, func(a mine.Action) bool { return slices.Contains(a.Cites, "e4") }) {
		t.Error("a task that is done was found as an action")
	}
}

func TestGuessesAndWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	f := mine.Find(outage())
	for id, want := range map[string]mine.Verdict{"mac": mine.Refuted, "mae": mine.Confirmed} {
		at := slices.IndexFunc(f.Hypotheses, func(h mine.Hypothesis) bool { return h.Propose[0] == id })
		if at < 0 {
			t.Errorf("the guess of %s was not found in %+v", id, f.Hypotheses)
			continue
		}
		if h := f.Hypotheses[at]; h.Verdict != want || len(h.Decide) == 0 {
			t.Errorf("the guess of %s is %+v, want %s", id, h, want)
		}
	}
}

func TestActionsAreCutWordForWordAndOwned(t *testing.T) {
	t.Parallel()
	in := outage()
	f := mine.Find(in)
	want := map[string]string{"add a smoke test for every page": "ana", "write a runbook for rollbacks": "ben", "someone should document how releases are cut": ""}
	for _, a := range f.Actions {
		if owner, ok := want[a.Text]; ok && owner == a.Owner {
			delete(want, a.Text)
		}
	}
	if len(want) > 0 {
		t.Errorf("not found, or with another owner: %v in %+v", want, f.Actions)
	}
}

func TestAPersonIsNoFactor(t *testing.T) {
	t.Parallel()
	in := outage()
	for _, text := range []string{"ben forgot to run the tests, that broke it", "sorry, my fault", "i broke it because i deleted the config"} {
		in.Messages = append(in.Messages, source.Message{ID: "x" + text[:3], At: in.Messages[len(in.Messages)-1].At.Add(time.Minute), Author: "ana", Text: text})
	}
	f := mine.Find(in)
	if !slices.ContainsFunc(f.Factors, func(q mine.Quote) bool { return slices.Contains(q.Cites, "map") }) {
		t.Errorf("the missing alert is no factor: %+v", f.Factors)
	}
	for _, q := range f.Factors {
		for _, c := range q.Cites {
			if c[0] == 'x' {
				t.Errorf("%s blames a person", c)
			}
		}
	}
}

func TestASilentRoomHasNoAnswers(t *testing.T) {
	t.Parallel()
	for _, in := range []source.Input{{}, spoken("x", [2]string{"ana", "hello"})} {
		f := mine.Find(in)
		if len(f.Actions)+len(f.Decisions)+len(f.Questions)+len(f.Handovers)+len(f.Reopenings) > 0 {
			t.Errorf("found in nothing: %+v", f)
		}
	}
}
