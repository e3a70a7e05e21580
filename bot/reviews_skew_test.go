package bot_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/incident/review"
)

// The platform's clock runs ninety seconds behind the house's: people answer a
// declare before it happened, and the answers are theirs all the same.
func TestADraftBearsAPlatformWhoseClockRunsBehind(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	ann, bo := w.met("ann"), w.met("bo")
	w.hears(w.id, "warroom", -90*time.Second, spokenBy(ann, "1", "checkout is down, customers cannot pay"))
	w.hears(w.id, "warroom", -60*time.Second, spokenBy(bo, "2", "on it, restarting the payment workers"))
	w.hears(w.id, "warroom", 10*time.Minute, spokenBy(bo, "3", "checkout is back, payments work again"))
	in := w.input(ann, w.id)
	if got, want := strings.Join(wordsOf(in), "|"), "checkout is down, customers cannot pay|on it, restarting the payment workers|checkout is back, payments work again"; got != want {
		t.Fatalf("the draft is made from %q", got)
	}
	d := review.Make(in)
	said := review.Markdown(d, review.CiteLinks)
	for _, words := range []string{"customers cannot pay", "payments work again"} {
		if !strings.Contains(said, words) {
			t.Errorf("the draft lacks %q:\n%s", words, said)
		}
	}
	times := review.Moments(d.Times)
	for _, pair := range [][2]string{{"impact_start", "detection"}, {"detection", "mitigation"}, {"detection", "resolution"}} {
		if from, to := times[pair[0]], times[pair[1]]; from != nil && to != nil && to.At.Before(from.At.Add(-2*time.Minute)) {
			t.Errorf("%s at %s lies long after %s at %s", pair[0], from.At, pair[1], to.At)
		}
	}
	for _, l := range d.Section(review.Times).Lines {
		if strings.Contains(l.Text, "-") && strings.Contains(l.Text, "minutes") {
			t.Errorf("a span runs backwards: %q", l.Text)
		}
	}
}
