package mine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// What the timeline and the times must reach on incidents that the model has
// not seen, on the mean of the incidents as they were given.
const (
	leastTimeline = 0.68
	leastTimes    = 0.70
)

// TestIncidentsTheModelHasNotSeen judges every incident with weights that were
// learnt without it, in all its variants.
func TestIncidentsTheModelHasNotSeen(t *testing.T) {
	t.Parallel()
	all := readForLearning(readCases(t, "cases", "cases_more"))
	timeline, times, n := map[bool]float64{}, map[bool]float64{}, map[bool]float64{}
	weights := map[string]Weights{}
	for _, of := range incidentsOf(all) {
		weights[of] = weightsWithout(all, of)
	}
	for k := range all {
		s := &all[k]
		s.t.loud = nil
		s.t.rate(weights[s.of])
		p, r, f := s.timelineF1(s.t.timeline())
		score, off := s.timesScore(s.t.findTimes())
		timeline[s.more] += f
		times[s.more] += score
		n[s.more]++
		t.Logf("%-20s timeline P %.2f R %.2f F1 %.2f, times %.2f: %s", s.name, p, r, f, score, list(off))
	}
	t.Logf("as given: timeline F1 %.3f, times %.3f; with more and less noise: %.3f, %.3f",
		timeline[false]/n[false], times[false]/n[false], timeline[true]/n[true], times[true]/n[true])
	if got := timeline[false] / n[false]; got < leastTimeline {
		t.Errorf("timeline F1 is %.3f on incidents that were not learnt from, want %.2f", got, leastTimeline)
	}
	if got := times[false] / n[false]; got < leastTimes {
		t.Errorf("times score %.3f on incidents that were not learnt from, want %.2f", got, leastTimes)
	}
}

func list(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %s", k, m[k]))
	}
	return strings.Join(out, ", ")
}
