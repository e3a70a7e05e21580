package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tocsin/incident/fault"
)

func TestKindsAndSentencesAreFoundThroughWrapping(t *testing.T) {
	t.Parallel()
	under := errors.New("dial tcp: connection refused, password=hunter2")
	err := fmt.Errorf("page team checkout: %w", fault.Wrap(fault.Unavailable, under, "The pager cannot be reached."))
	if k := fault.KindOf(err); k != fault.Unavailable {
		t.Errorf("kind %s", k)
	}
	if s := fault.Sentence(err); s != "The pager cannot be reached." {
		t.Errorf("people are told %q", s)
	}
	if !errors.Is(err, under) {
		t.Error("what was underneath is lost")
	}
}

func TestWhatIsNotOursGivesNothingAway(t *testing.T) {
	t.Parallel()
	err := errors.New("token xoxb-1 is wrong")
	if fault.KindOf(err) != fault.Internal || strings.Contains(fault.Sentence(err), "xoxb") {
		t.Errorf("%s: %q", fault.KindOf(err), fault.Sentence(err))
	}
}

func TestAnExampleIsPutOnACopy(t *testing.T) {
	t.Parallel()
	plain := fault.New(fault.Invalid, "There is no severity %q.", "sev9")
	if with := plain.WithExample("/incident severity sev2"); with.Try == "" || plain.Try != "" {
		t.Errorf("with %q, plain %q", with.Try, plain.Try)
	}
}

func TestEveryKindHasAName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range fault.Kinds() {
		if seen[k.String()] {
			t.Errorf("two kinds are called %s", k)
		}
		seen[k.String()] = true
	}
}
