package pagertest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Run holds a pager to the suite. The harness is called once for each test.
func Run(t *testing.T, start Harness) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*testing.T, Bench)
	}{
		{"a page is taken, and the receipt says so", taken},
		{"a person can be paged", person},
		{"one key is one page", once},
		{"one key sent by many at once is one page", atOnce},
		{"a key that was never sent is not found", unknownKey},
		{"when nothing reaches it, nothing was sent", unreachable},
		{"a refusal is for good, and leaves no page", refused},
		{"a lost answer may have happened, and can be looked up", lostAnswer},
		{"acknowledging from chat", acknowledge},
		{"an answer at the far side is news", answered},
		{"escalating from chat asks the next level", escalate},
		{"a level that does not answer is news", passed},
		{"what is over cannot be escalated", over},
		{"acting on a page that is not there is refused", actUnknown},
		{"who is on call, and nobody is woken by asking", onCall},
		{"hostile words are only words", hostile},
		{"a check changes nothing", check},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(t, start(t))
		})
	}
}

const key = "incident/0123456789abcdef0123/7/pages/page"

func (b Bench) ask() integrations.Page {
	return integrations.Page{Key: key, Target: b.Target, Summary: "INC-7 sev1: checkout is failing", Severity: 1, Link: "https://tocsin.example/INC-7", Level: 1}
}

func (b Bench) page(t *testing.T) integrations.Receipt {
	t.Helper()
	r, err := b.Pager.Page(t.Context(), b.ask())
	if err != nil {
		t.Fatalf("the page was not taken: %v", err)
	}
	return r
}

func (b Bench) wantPages(t *testing.T, want int) {
	t.Helper()
	n, err := b.Far.Pages(t.Context(), key)
	if err != nil {
		t.Fatalf("asking the far side: %v", err)
	}
	if n != want {
		t.Errorf("the far side has %d pages for the key, want %d", n, want)
	}
}

func wantKind(t *testing.T, err error, want ...fault.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("it succeeded, want a fault of kind %v", want)
	}
	for _, k := range want {
		if fault.KindOf(err) == k {
			return
		}
	}
	t.Fatalf("the fault is %v (%v), want %v", fault.KindOf(err), err, want)
}

func (b Bench) wantState(t *testing.T, r integrations.Receipt, want integrations.ReceiptState) {
	t.Helper()
	if r.State != want {
		t.Errorf("the receipt says %q, want %q", r.State, want)
	}
	if r.Key != key {
		t.Errorf("the receipt is for key %q, want %q", r.Key, key)
	}
	if r.Practice != b.Practice {
		t.Errorf("the receipt says practice=%v, want %v", r.Practice, b.Practice)
	}
}

// wantTaken holds a receipt to a page that is there and that nobody answered:
// accepted, or seen where the far side shows it at once.
func (b Bench) wantTaken(t *testing.T, r integrations.Receipt) {
	t.Helper()
	want := integrations.Accepted
	if r.State == integrations.Seen {
		want = integrations.Seen
	}
	b.wantState(t, r, want)
}

func taken(t *testing.T, b Bench) {
	r := b.page(t)
	b.wantTaken(t, r)
	if r.ID == "" {
		t.Error("the receipt has no id of the far side")
	}
	if r.By != "" {
		t.Errorf("nobody has answered yet, but the receipt names %q", r.By)
	}
	b.wantPages(t, 1)
}

func person(t *testing.T, b Bench) {
	ask := b.ask()
	ask.Target, ask.Person = "", b.Person
	r, err := b.Pager.Page(t.Context(), ask)
	if err != nil {
		t.Fatalf("paging a person: %v", err)
	}
	b.wantTaken(t, r)
	b.wantPages(t, 1)
}

func once(t *testing.T, b Bench) {
	first, second := b.page(t), b.page(t)
	if first.ID != second.ID {
		t.Errorf("the key was sent twice and got pages %q and %q", first.ID, second.ID)
	}
	b.wantPages(t, 1)
}

func atOnce(t *testing.T, b Bench) {
	var all sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		all.Go(func() { _, errs[i] = b.Pager.Page(t.Context(), b.ask()) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil && fault.KindOf(err) != fault.Unavailable {
			t.Errorf("one of the senders was told: %v", err)
		}
	}
	b.wantPages(t, 1)
}

func unknownKey(t *testing.T, b Bench) {
	_, found, err := b.Pager.Look(t.Context(), "incident/never/1/pages/page")
	if err != nil || found {
		t.Errorf("looking for a key never sent: found=%v, err=%v", found, err)
	}
}

func (b Bench) breakLine(t *testing.T, how Failure) {
	t.Helper()
	if err := b.Far.Break(t.Context(), how); err != nil {
		t.Fatalf("breaking the line: %v", err)
	}
}

func unreachable(t *testing.T, b Bench) {
	b.breakLine(t, Away)
	_, err := b.Pager.Page(t.Context(), b.ask())
	wantKind(t, err, fault.Unavailable)
	b.breakLine(t, None)
	b.wantPages(t, 0)
	b.page(t)
	b.wantPages(t, 1)
}

func refused(t *testing.T, b Bench) {
	b.breakLine(t, Refuse)
	_, err := b.Pager.Page(t.Context(), b.ask())
	wantKind(t, err, fault.Rejected)
	b.breakLine(t, None)
	b.wantPages(t, 0)
}

func lostAnswer(t *testing.T, b Bench) {
	b.breakLine(t, LoseAnswer)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := b.Pager.Page(ctx, b.ask())
	wantKind(t, err, fault.Unknown)
	b.breakLine(t, None)
	r, found, err := b.Pager.Look(t.Context(), key)
	if err != nil || !found {
		t.Fatalf("the page cannot be looked up: found=%v, err=%v", found, err)
	}
	b.wantTaken(t, r)
	b.page(t)
	b.wantPages(t, 1)
}

func acknowledge(t *testing.T, b Bench) {
	b.page(t)
	act := integrations.PageAct{Verb: "acknowledge", By: "Ann Lee", Email: "ann@example.com"}
	r, err := b.Pager.Act(t.Context(), key, act)
	if err != nil {
		t.Fatalf("acknowledging: %v", err)
	}
	b.wantState(t, r, integrations.Acknowledged)
	if r.By == "" {
		t.Error("the receipt does not say who acknowledged")
	}
	if _, err := b.Pager.Act(t.Context(), key, act); err != nil {
		t.Errorf("acknowledging what is acknowledged is no fault, but: %v", err)
	}
	r, found, err := b.Pager.Look(t.Context(), key)
	if err != nil || !found {
		t.Fatalf("looking it up: found=%v, err=%v", found, err)
	}
	b.wantState(t, r, integrations.Acknowledged)
}

func (b Bench) lastNews(t *testing.T) integrations.Receipt {
	t.Helper()
	news, err := b.Far.News(t.Context())
	if err != nil {
		t.Fatalf("waiting for news: %v", err)
	}
	if len(news) == 0 {
		t.Fatal("there was no news")
	}
	return news[len(news)-1]
}

func answered(t *testing.T, b Bench) {
	b.page(t)
	if err := b.Far.Answer(t.Context(), key, "mara@example.com"); err != nil {
		t.Fatalf("answering: %v", err)
	}
	r := b.lastNews(t)
	b.wantState(t, r, integrations.Acknowledged)
	if !strings.Contains(r.By, "mara") {
		t.Errorf("the news names %q, want mara", r.By)
	}
}

func escalate(t *testing.T, b Bench) {
	first := b.page(t)
	r, err := b.Pager.Act(t.Context(), key, integrations.PageAct{Verb: "escalate", By: "Ann Lee"})
	if err != nil {
		t.Fatalf("escalating: %v", err)
	}
	b.wantState(t, r, integrations.Escalated)
	if r.Level <= first.Level {
		t.Errorf("the level went from %d to %d", first.Level, r.Level)
	}
}

func passed(t *testing.T, b Bench) {
	b.page(t)
	if err := b.Far.Pass(t.Context(), key); err != nil {
		t.Fatalf("letting it ring: %v", err)
	}
	r := b.lastNews(t)
	b.wantState(t, r, integrations.Escalated)
	if r.Level != 2 {
		t.Errorf("the news is of level %d, want 2", r.Level)
	}
}

func over(t *testing.T, b Bench) {
	b.page(t)
	r, err := b.Pager.Act(t.Context(), key, integrations.PageAct{Verb: "resolve", By: "Ann Lee"})
	if err != nil {
		t.Fatalf("resolving: %v", err)
	}
	b.wantState(t, r, integrations.Over)
	_, err = b.Pager.Act(t.Context(), key, integrations.PageAct{Verb: "escalate", By: "Ann Lee"})
	wantKind(t, err, fault.Rejected, fault.Conflict)
}

func actUnknown(t *testing.T, b Bench) {
	_, err := b.Pager.Act(t.Context(), "incident/never/1/pages/page", integrations.PageAct{Verb: "escalate", By: "Ann Lee"})
	wantKind(t, err, fault.Rejected, fault.NotFound)
}

func onCall(t *testing.T, b Bench) {
	now := time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC)
	lines, err := b.Pager.OnCall(t.Context(), b.Target, now)
	if err != nil {
		t.Fatalf("asking who is on call: %v", err)
	}
	levels := map[int]bool{}
	for _, l := range lines {
		levels[l.Level] = true
		if l.Name == "" || l.Target != b.Target {
			t.Errorf("a line without a name or of another team: %+v", l)
		}
	}
	if !levels[1] || !levels[2] {
		t.Errorf("levels 1 and 2 are wanted, got %v", lines)
	}
	all, err := b.Pager.OnCall(t.Context(), "", now)
	if err != nil || len(all) < len(lines) {
		t.Errorf("everything that the pager knows: %d lines, err=%v", len(all), err)
	}
	b.wantPages(t, 0)
}

func hostile(t *testing.T, b Bench) {
	ask := b.ask()
	ask.Summary = "<script>alert(1)</script> <!channel> @everyone \u202egnp.exe \x00\x1b[31m " + strings.Repeat("é", 5000)
	if _, err := b.Pager.Page(t.Context(), ask); err != nil {
		t.Fatalf("hostile words: %v", err)
	}
	b.wantPages(t, 1)
}

func check(t *testing.T, b Bench) {
	for _, f := range b.Pager.Check(t.Context()) {
		if f.Level == "fail" {
			t.Errorf("a pager that is well says %+v", f)
		}
		if f.Level != "ok" && f.Level != "warn" && f.Level != "fail" {
			t.Errorf("the finding's level is %q", f.Level)
		}
	}
	b.wantPages(t, 0)
}
