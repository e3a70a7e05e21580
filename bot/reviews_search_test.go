package bot_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/incident"
	"tocsin/store"

	"github.com/google/go-cmp/cmp"
)

// reviewed puts events into the stream of a review.
func (w *premises) reviewed(id incident.ID, events ...incident.Event) {
	w.t.Helper()
	s := id.ReviewStream()
	o, err := w.store.Open(w.t.Context(), "", s)
	if err != nil {
		w.t.Fatal(err)
	}
	recs := incident.Record(s, o.Head, incident.Meta{Recorded: time.Now(), Actor: "bo"}, events)
	c := store.Commit{Key: string(s) + o.Token, Job: true, At: time.Now(), Writes: []store.Write{{Stream: s, Head: o.Head, Token: o.Token, Events: recs}}}
	if _, err := w.store.Commit(w.t.Context(), c); err != nil {
		w.t.Fatal(err)
	}
	planAll(w.t, w.store)
}

func (w *premises) finds(as incident.PersonID, words string) []string {
	w.t.Helper()
	hits, err := bot.SearchReviews(w.t.Context(), w.store, w.people, as, words)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, h := range hits {
		out = append(out, strings.TrimSuffix(h.Number+" "+h.State+": "+h.Snippet, ": "))
	}
	return out
}

func TestTheLibraryFindsReviewsByTheirWords(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	a, b, c := w.declare(w.desk, "ka", "docs are down"), w.declare(w.desk, "kb", "carts are empty"), w.declare(w.desk, "kc", "secrets leak")
	w.declare(w.desk, "kd", "never reviewed, docs too")
	w.record(c, "kp", func(inc incident.Incident) ([]incident.Event, error) {
		return inc.SetPrivate(incident.Actor{Person: "ann", Account: "console", At: time.Now(), Zone: time.UTC, Reader: true}, true, "names")
	})
	frozen := incident.ReviewPublished{Version: 1, Lines: []incident.ReviewFrozen{{Section: "factors", Key: "factors/1", Text: incident.Text{Author: "bo", Words: "The purge job had an axolotl in it"}}}}
	w.reviewed(a, incident.ReviewStarted{Incident: a, Number: 1}, frozen)
	w.reviewed(b, incident.ReviewStarted{Incident: b, Number: 2}, incident.ReviewLineAdded{Line: "own/1", Section: "factors", Text: incident.Text{Author: "bo", Words: "no axolotl alarm"}})
	w.reviewed(c, incident.ReviewStarted{Incident: c, Number: 3}, frozen)
	for _, q := range []struct {
		as    incident.PersonID
		words string
		want  []string
	}{
		{"bo", "axolotl", []string{"INC-2 drafted: no axolotl alarm", "INC-1 published: The purge job had an axolotl in it"}},
		{"ann", "axolotl", []string{"INC-3 published: The purge job had an axolotl in it", "INC-2 drafted: no axolotl alarm", "INC-1 published: The purge job had an axolotl in it"}},
		{"bo", "docs", []string{"INC-1 published"}},
		{"bo", "elephant", nil},
		{"bo", "", []string{"INC-2 drafted", "INC-1 published"}},
		{"", "secrets", nil},
	} {
		if diff := cmp.Diff(q.want, w.finds(q.as, q.words)); diff != "" {
			t.Errorf("%q as %q: %s", q.words, q.as, diff)
		}
	}
}

func TestASnippetStandsAroundTheWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("before ünd ", 40) + "the axolotl " + strings.Repeat("after ", 60)
	got := bot.SnippetOf(long, "axolotl")
	if !strings.Contains(got, "the axolotl") || !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || len([]rune(got)) > 170 {
		t.Errorf("cut to %q", got)
	}
	for text, want := range map[string]string{
		"short and  with\nan Axolotl": "short and with an Axolotl", "nothing of it": "", "axolotls are others": "", "": "",
	} {
		if got := bot.SnippetOf(text, "axolotl"); got != want {
			t.Errorf("%q is cut to %q", text, got)
		}
	}
}
