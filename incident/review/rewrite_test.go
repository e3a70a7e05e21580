package review_test

import (
	"context"
	"errors"
	"testing"

	"tocsin/incident/review"
	"tocsin/incident/review/check"

	"github.com/google/go-cmp/cmp"
)

// liar is a rewriter that says what it was told to say.
type liar struct {
	says []review.Rewritten
	err  error
	got  *[]review.Source
}

func (l liar) Rewrite(_ context.Context, _ review.Section, sources []review.Source) ([]review.Rewritten, error) {
	if l.got != nil {
		*l.got = sources
	}
	return l.says, l.err
}

func TestARewrittenSentenceStandsOnlyWhenItsSourcesSayIt(t *testing.T) {
	t.Parallel()
	in := talk()
	d := review.MakeFrom(in, finds())
	const key = "timeline/m6"
	for name, c := range map[string]struct {
		says review.Rewritten
		why  check.Refusal
	}{
		"the truth in fewer words":     {review.Rewritten{Line: key, Text: "Ben rolled back to v411.", Cites: []string{"m6"}}, check.Stands},
		"nothing is cited":             {review.Rewritten{Line: key, Text: "Ben rolled back to v411."}, check.Uncited},
		"a message that was not given": {review.Rewritten{Line: key, Text: "roll back, decided", Cites: []string{"m5"}}, check.UnknownID},
		"a message that is not there":  {review.Rewritten{Line: key, Text: "Ben rolled back", Cites: []string{"m999"}}, check.UnknownID},
		"another number":               {review.Rewritten{Line: key, Text: "Ben rolled back to v410.", Cites: []string{"m6"}}, check.Number},
		"another person":               {review.Rewritten{Line: key, Text: "Ann rolled back to v411.", Cites: []string{"m6"}}, check.Speaker},
		"a not":                        {review.Rewritten{Line: key, Text: "Ben has not rolled back to v411.", Cites: []string{"m6"}}, check.Negation},
		"an invention":                 {review.Rewritten{Line: key, Text: "The database team restarted the primary.", Cites: []string{"m6"}}, check.Unsupported},
		"a line that is not there":     {review.Rewritten{Line: "timeline/none", Text: "Ben rolled back", Cites: []string{"m6"}}, check.UnknownID},
	} {
		got, refused := review.Rewrite(t.Context(), d, in, liar{says: []review.Rewritten{c.says}}, review.Timeline)
		if c.why == check.Stands {
			if l := line(t, got, key); l.Text != c.says.Text || l.Quote || len(refused) > 0 {
				t.Errorf("%s: the line is %+v, refused %v", name, l, refused)
			}
			continue
		}
		if len(refused) != 1 || refused[0].Why != c.why {
			t.Errorf("%s: refused %+v, want because it %s", name, refused, c.why)
		}
		if diff := cmp.Diff(d, got); diff != "" {
			t.Errorf("%s: the draft changed (-before +after):\n%s", name, diff)
		}
	}
}

func TestARewriterThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	in := talk()
	d := review.MakeFrom(in, finds())
	var saw []review.Source
	got, refused := review.Rewrite(t.Context(), d, in, liar{err: errors.New("the model is asleep"), got: &saw}, review.Timeline)
	if diff := cmp.Diff(d, got); diff != "" || len(refused) > 0 {
		t.Errorf("the draft changed (-before +after):\n%s", diff)
	}
	if len(saw) != 3 || saw[0].ID != "m1" {
		t.Errorf("the rewriter was given %+v, want what the timeline cites", saw)
	}
}
