package pagertest

import (
	"context"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// RunOneWay holds a pager that only sends to what is left of the suite: of its
// far side, Pages counts the different pages of a key, and Answer, Pass and
// News are never called.
func RunOneWay(t *testing.T, start Harness) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*testing.T, Bench)
	}{
		{"a page is taken, and the receipt says so", taken},
		{"a person can be paged", person},
		{"one key is one page", once},
		{"one key sent by many at once is one page", atOnce},
		{"when nothing reaches it, nothing was sent", unreachable},
		{"a refusal is for good, and leaves no page", refused},
		{"a lost answer may have happened, and the same key is the same page", lostForGood},
		{"it cannot be asked, told or looked up, and says so", mute},
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

func lostForGood(t *testing.T, b Bench) {
	b.breakLine(t, LoseAnswer)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err := b.Pager.Page(ctx, b.ask())
	wantKind(t, err, fault.Unknown)
	b.breakLine(t, None)
	b.page(t)
	b.wantPages(t, 1)
}

func mute(t *testing.T, b Bench) {
	if _, is := b.Pager.(integrations.OneWay); !is {
		t.Fatal("it does not say that it only sends")
	}
	b.page(t)
	_, found, err := b.Pager.Look(t.Context(), key)
	if found {
		t.Error("it found a page that it cannot know of")
	}
	wantKind(t, err, fault.Rejected)
	_, err = b.Pager.Act(t.Context(), key, integrations.PageAct{Verb: "acknowledge", By: "Ann Lee"})
	wantKind(t, err, fault.Rejected)
	if lines, err := b.Pager.OnCall(t.Context(), b.Target, time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC)); err != nil || len(lines) != 0 {
		t.Errorf("on call are %v, %v", lines, err)
	}
	b.wantPages(t, 1)
}
