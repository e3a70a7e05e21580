package mine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// room makes an input of lines "10:24 ann: words"; names that end in "bot"
// are bots, "10:24 ann>m3: words" answers m3 in its thread.
func room(title string, lines ...string) source.Input {
	in := source.Input{ID: "x", Title: title}
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	people := map[string]bool{}
	for i, line := range lines {
		clock, rest, _ := strings.Cut(line, " ")
		who, text, _ := strings.Cut(rest, ": ")
		who, thread, _ := strings.Cut(who, ">")
		var h, m int
		if _, err := fmt.Sscanf(clock, "%d:%d", &h, &m); err != nil {
			panic(err)
		}
		at := day.Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(i)*time.Millisecond)
		if !people[who] {
			people[who] = true
			in.People = append(in.People, source.Person{ID: who, Name: who, Bot: strings.HasSuffix(who, "bot")})
		}
		in.Messages = append(in.Messages, source.Message{ID: fmt.Sprintf("m%d", i+1), At: at, Author: who, Text: text, Thread: thread, Bot: strings.HasSuffix(who, "bot")})
	}
	return in
}

// orders is a made-up incident with talk of other things around it.
func orders() source.Input {
	return room("orders cannot be placed",
		"9:41 carl: who has the key of the bike shed?",
		"9:58 dora: PR 812 is ready, only docs",
		"10:02 alertbot: [FIRING:1] OrderErrors severity=page service=orders: 40% of requests fail with 500",
		"10:03 ann: looking",
		"10:04 bob: customers cannot place orders, three tickets already",
		"10:06 ann: the orders log is full of `pq: too many connections`",
		"10:07 carl: lunch at 12?",
		"10:08 bob: could it be the deploy of orders at 9:55?",
		"10:09 ann: yes, 9:55 is when it starts. the new version opens a connection for each request",
		"10:10 bob: let's roll back orders then",
		"10:10 ann: agreed, rolling back",
		"10:16 ann: rolled back orders to 4.1, connections are dropping",
		"10:19 alertbot: [RESOLVED] OrderErrors service=orders",
		"10:20 bob: orders work again, customers confirm",
		"10:24 ann: all green for five minutes, resolved",
		"10:26 bob: TODO ann: a limit on connections for orders, and an alert on them",
		"10:30 carl: the printer on floor 2 jams",
	)
}

func clock(m *mine.Moment) string {
	if m == nil {
		return "none"
	}
	return m.At.UTC().Format("15:04") + " " + strings.Join(m.Cites, ",")
}

func TestAnIncidentIsTold(t *testing.T) {
	t.Parallel()
	f := mine.Find(orders())
	var cited []string
	for _, e := range f.Timeline {
		cited = append(cited, e.Cites...)
		if e.Sure {
			t.Errorf("%v is sure, though nobody recorded it", e)
		}
	}
	for _, id := range []string{"m3", "m6", "m9", "m12", "m13"} {
		if !slices.Contains(cited, id) {
			t.Errorf("the timeline lacks %s: it has %v", id, cited)
		}
	}
	for _, id := range []string{"m1", "m2", "m7", "m17"} {
		if slices.Contains(cited, id) {
			t.Errorf("the timeline has %s, which is of other things", id)
		}
	}
	got := []string{clock(f.Times.Detection), clock(f.Times.Ack), clock(f.Times.Resolution)}
	if diff := cmp.Diff([]string{"10:02 m3", "10:03 m4", "10:24 m15"}, got); diff != "" {
		t.Errorf("detection, ack, resolution (-want +got):\n%s", diff)
	}
	if m := f.Times.Mitigation; m == nil || m.At.Before(f.Timeline[0].At) || m.At.Hour() != 10 || m.At.Minute() < 16 || m.At.Minute() > 20 {
		t.Errorf("mitigation is %s, want 10:16 to 10:20", clock(f.Times.Mitigation))
	}
}

func TestScoresAreInTheOrderOfTheMessages(t *testing.T) {
	t.Parallel()
	in := orders()
	f := mine.Find(in)
	if len(f.Scores) != len(in.Messages) {
		t.Fatalf("%d scores for %d messages", len(f.Scores), len(in.Messages))
	}
	if f.Scores[2] < 0.8 || f.Scores[0] > 0.3 {
		t.Errorf("the alert scores %.2f and the bike shed %.2f", f.Scores[2], f.Scores[0])
	}
	for i, s := range f.Scores {
		if s < 0 || s > 1 {
			t.Errorf("score %d is %v", i, s)
		}
	}
}

func TestWhatWasRecordedIsSureAndAlwaysIn(t *testing.T) {
	t.Parallel()
	in := orders()
	at := func(i int) time.Time { return in.Messages[i-1].At }
	in.Facts = []source.Fact{
		{ID: "e1", At: at(5), By: "bob", Kind: source.Declared, Words: "bob declared orders cannot be placed"},
		{ID: "e2", At: at(2), By: "dora", Kind: source.Captured, About: "m2"},
		{ID: "e3", At: at(10), By: "bob", Kind: source.Decision, Words: "roll back orders", About: "m10"},
		{ID: "e4", At: at(7), By: "carl", Kind: source.Note, Words: "a note that was taken back", Struck: true},
		{ID: "e5", At: at(15), By: "ann", Kind: source.Note, Words: "all green for five minutes, resolved"},
		{ID: "e6", At: at(16), By: "ann", Kind: source.Captured, About: "gone"},
	}
	f := mine.Find(in)
	sure := map[string][]string{}
	for _, e := range f.Timeline {
		if e.Sure {
			sure[e.Cites[0]] = e.Cites
		}
	}
	want := map[string][]string{
		"e1": {"e1"}, "m2": {"m2", "e2"}, "e3": {"e3", "m10"}, "e5": {"e5", "m15"}, "e6": {"e6"},
	}
	if diff := cmp.Diff(want, sure); diff != "" {
		t.Errorf("sure entries (-want +got):\n%s", diff)
	}
	if f.Scores[1] != 1 {
		t.Errorf("a captured message scores %v", f.Scores[1])
	}
	count := map[string]int{}
	for _, e := range f.Timeline {
		for _, c := range e.Cites {
			count[c]++
		}
	}
	for _, id := range []string{"m2", "m10", "m15"} {
		if count[id] != 1 {
			t.Errorf("%s is on the timeline %d times", id, count[id])
		}
	}
}

func TestRecordedTimesOutrankInferredOnes(t *testing.T) {
	t.Parallel()
	in := orders()
	at := in.Messages[0].At
	in.Facts = []source.Fact{
		{ID: "e1", At: at, Kind: source.Milestone, Words: "detection"},
		{ID: "e2", At: in.Messages[3].At, Kind: source.Acknowledged, By: "ann", Words: "ann acknowledged the page"},
		{ID: "e3", At: in.Messages[14].At.Add(30 * time.Minute), Kind: source.Resolved, Words: "ann resolved it"},
		{ID: "e4", At: in.Messages[14].At.Add(40 * time.Minute), Kind: source.Reopened},
		{ID: "e5", At: in.Messages[14].At.Add(50 * time.Minute), Kind: source.Resolved, Words: "ann resolved it"},
	}
	f := mine.Find(in)
	if d := f.Times.Detection; d == nil || !d.Sure || !d.At.Equal(at) || d.Other == nil || clock(d.Other) != "10:02 m3" || d.Other.Other != nil {
		t.Errorf("detection is %s (%+v)", clock(d), d)
	}
	if a := f.Times.Ack; a == nil || !a.Sure || a.Other != nil || clock(a) != "10:03 e2" {
		t.Errorf("ack is %s (%+v)", clock(a), a)
	}
	if r := f.Times.Resolution; r == nil || clock(r) != "11:14 e5" || r.Other == nil || clock(r.Other) != "10:24 m15" {
		t.Errorf("resolution is %s", clock(r))
	}
}

func TestSmallRooms(t *testing.T) {
	t.Parallel()
	empty := mine.Find(source.Input{})
	if len(empty.Timeline) != 0 || empty.Times != (mine.Times{}) || len(empty.Scores) != 0 {
		t.Errorf("nothing was found as %+v", empty)
	}
	one := mine.Find(room("wiki is down", "9:00 ann: the wiki is down"))
	if len(one.Timeline) != 1 || one.Timeline[0].Cites[0] != "m1" {
		t.Errorf("one message gives %+v", one.Timeline)
	}
	alone := mine.Find(room("wiki is down", "9:00 ann: the wiki is down", "9:05 ann: restarting the wiki", "9:09 ann: the wiki is back, all works again"))
	if clock(alone.Times.Detection) != "09:00 m1" || alone.Times.Resolution == nil {
		t.Errorf("one person's incident: detection %s, resolution %s", clock(alone.Times.Detection), clock(alone.Times.Resolution))
	}
	gone := room("wiki is down", "9:00 ann: the wiki is down", "9:05 bob: same here")
	for i := range gone.Messages {
		gone.Messages[i].Deleted, gone.Messages[i].Text = true, ""
	}
	if f := mine.Find(gone); len(f.Timeline) != 0 || len(f.Scores) != 2 {
		t.Errorf("deleted messages give %+v", f.Timeline)
	}
}

func TestAFirstFixThatDidNotHold(t *testing.T) {
	t.Parallel()
	f := mine.Find(room("builds are stuck",
		"8:00 ann: builds are stuck, nothing is merging",
		"8:02 bob: looking at the build queue",
		"8:10 bob: restarted the build queue",
		"8:12 bob: builds are moving again, queue works",
		"8:50 ann: builds are stuck again, the queue does not move",
		"8:55 bob: the queue is full of retries of one broken build",
		"9:05 bob: removed the broken build and restarted the queue",
		"9:07 ann: builds work again, queue is empty",
	))
	if got := clock(f.Times.Mitigation); got != "08:12 m4" {
		t.Errorf("mitigation is %s, want the first recovery, 08:12", got)
	}
	if got := clock(f.Times.Resolution); got != "09:07 m8" {
		t.Errorf("resolution is %s, want the last recovery, 09:07", got)
	}
}

func TestTwoCandidatesAreTwo(t *testing.T) {
	t.Parallel()
	r := mine.Find(orders()).Times.Resolution
	if clock(r) != "10:24 m15" || r.Other == nil || clock(r.Other) != "10:19 m13" || r.Other.Other != nil {
		t.Errorf("resolution is %s, and else %s; want the person's word, and else the monitor's", clock(r), clock(r.Other))
	}
}

func TestAnAlertThatNobodySawIsTheStartAndNoDetection(t *testing.T) {
	t.Parallel()
	f := mine.Find(room("search returns nothing",
		"6:00 alertbot: [FIRING:1] SearchEmpty severity=page: search returns no results",
		"8:10 ann: search returns nothing for me, anyone else?",
		"8:11 bob: same here, search is broken. looking",
		"8:20 bob: the search index was deleted by the nightly job",
		"8:40 bob: search is back, index restored",
	))
	if got := clock(f.Times.ImpactStart); got != "06:00 m1" {
		t.Errorf("impact starts %s, want the alert at 06:00", got)
	}
	if got := clock(f.Times.Detection); got != "08:10 m2" {
		t.Errorf("detected %s, want the first person at 08:10", got)
	}
}

func TestAMirroredMessageIsToldOnce(t *testing.T) {
	t.Parallel()
	in := room("wiki is down",
		"9:00 ann: the wiki is currently down for all of us", "9:00 mirrorbot: the wiki is currently down for all of us",
		"9:02 bob: looking at the wiki", "9:10 bob: restarted the wiki, it works again")
	for _, e := range mine.Find(in).Timeline {
		if slices.Contains(e.Cites, "m2") {
			t.Errorf("the copy is cited: %v", e)
		}
	}
}

func TestForeignMessagesAreNamed(t *testing.T) {
	t.Parallel()
	in := room("wiki is down", "9:00 ann: the wiki is down for all of us", "9:01 bob: merci à tous, vous êtes rapides")
	if diff := cmp.Diff([]string{"m2"}, mine.Find(in).Foreign); diff != "" {
		t.Errorf("foreign messages (-want +got):\n%s", diff)
	}
}

// inputs draws rooms in which anything may be odd: equal times, clocks that go
// backwards, threads of what is not there, facts about nothing.
func inputs(t *rapid.T) source.Input {
	in := source.Input{
		ID: "x", Title: rapid.SampledFrom([]string{"", "orders cannot be placed", "wiki is down"}).Draw(t, "title"),
		Zone: rapid.SampledFrom([]string{"", "Europe/Rome", "+05:30", "nowhere"}).Draw(t, "zone"),
	}
	lines := []string{
		"", "looking", "the wiki is down since 10:30", "orders fail with 500 for 20% of users", "restarted orders", "it works again", "still failing",
		"could be the deploy?", "yes", "no, not it", "let's roll back", "do it", "TODO bob: an alert", "thanks!", "```\nERROR 2026-03-02 09:12:01 panic\n```",
		"> quoted\nmine", "[FIRING:1] X severity=page", "bob: can you take that?", "handing over to ann", "\xff\xfe", "`", "@", ":", "<@", "#", "merci à tous les amis",
	}
	for i, name := range []string{"ann", "bob", "bot"} {
		in.People = append(in.People, source.Person{ID: name, Name: name, Bot: i == 2, Zone: rapid.SampledFrom([]string{"", "Asia/Kolkata"}).Draw(t, "of")})
	}
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	n := rapid.IntRange(0, 40).Draw(t, "messages")
	for i := range n {
		at = at.Add(time.Duration(rapid.SampledFrom([]int{0, 20, 200, -300, 4000, 400000}).Draw(t, "gap")) * time.Second)
		m := source.Message{ID: fmt.Sprintf("m%d", i), At: at, Author: rapid.SampledFrom([]string{"ann", "bob", "bot", "", "stranger"}).Draw(t, "who")}
		m.Text = rapid.SampledFrom(lines).Draw(t, "a") + " " + rapid.SampledFrom(lines).Draw(t, "b")
		if rapid.IntRange(0, 3).Draw(t, "threaded") == 0 {
			m.Thread = fmt.Sprintf("m%d", rapid.IntRange(0, n+2).Draw(t, "root"))
		}
		if rapid.IntRange(0, 9).Draw(t, "deleted") == 0 {
			m.Deleted, m.Text = true, ""
		}
		m.Bot = m.Author == "bot"
		in.Messages = append(in.Messages, m)
	}
	kinds := []source.Kind{source.Declared, source.Resolved, source.Captured, source.Decision, source.Action, source.Milestone, source.Note, source.Acknowledged}
	for i := range rapid.IntRange(0, 6).Draw(t, "facts") {
		in.Facts = append(in.Facts, source.Fact{
			ID: fmt.Sprintf("e%d", i), At: at.Add(-time.Duration(rapid.IntRange(0, 90).Draw(t, "before")) * time.Minute),
			Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Words: rapid.SampledFrom(append(lines, "impact_start", "resolution")).Draw(t, "words"),
			About: rapid.SampledFrom([]string{"", "m0", "m5", "m99"}).Draw(t, "about"), Struck: rapid.IntRange(0, 5).Draw(t, "struck") == 0,
		})
	}
	return in
}

// cites gives every id that finds rest on.
func cites(f mine.Finds) []string {
	var out []string
	for _, e := range f.Timeline {
		out = append(out, e.Cites...)
	}
	for _, m := range []*mine.Moment{f.Times.ImpactStart, f.Times.Detection, f.Times.Ack, f.Times.Mitigation, f.Times.Resolution} {
		for ; m != nil; m = m.Other {
			out = append(out, m.Cites...)
		}
	}
	for _, d := range f.Decisions {
		out = append(append(out, d.Cites...), d.Aside...)
	}
	for _, h := range f.Hypotheses {
		out = append(append(out, h.Propose...), h.Decide...)
	}
	for _, a := range f.Actions {
		out = append(out, a.Cites...)
	}
	for _, list := range [][]mine.Quote{f.Factors, f.Mitigations, f.Handovers, f.Reopenings, f.Questions, f.Impact, f.Detection, f.Opinions} {
		for _, q := range list {
			out = append(out, q.Cites...)
		}
	}
	return append(out, f.Foreign...)
}

func TestEverythingThatIsCitedCanBeRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := inputs(t)
		can := map[string]bool{}
		for _, m := range in.Messages {
			can[m.ID] = !m.Deleted
		}
		for _, f := range in.Facts {
			can[f.ID] = !f.Struck
		}
		f := mine.Find(in)
		for _, id := range cites(f) {
			if !can[id] {
				t.Fatalf("%q is cited, and cannot be read", id)
			}
		}
		for _, e := range f.Timeline {
			if len(e.Cites) == 0 || len(e.Cites) > 4 || e.Kind == "" {
				t.Fatalf("an entry is %+v", e)
			}
		}
		if !slices.IsSortedFunc(f.Timeline, func(a, b mine.Entry) int { return a.At.Compare(b.At) }) {
			t.Fatal("the timeline is out of order")
		}
	})
}

func TestEqualInputsGiveEqualFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := inputs(t)
		first := mine.Find(in)
		for range 2 {
			if diff := cmp.Diff(first, mine.Find(in)); diff != "" {
				t.Fatalf("found otherwise the second time:\n%s", diff)
			}
		}
	})
}
