package mine_test

import (
	"testing"
	"time"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

func TestARecordedMilestoneCitesWhatWasRecordedInItsSecond(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	finds := mine.Find(source.Input{
		Title:  "checkout is down",
		People: []source.Person{{ID: "ann", Name: "ann"}},
		Facts: []source.Fact{
			{ID: "e1", At: at, By: "ann", Kind: source.Declared, Words: "Ann declared INC-1"},
			{ID: "e9", At: at.Add(time.Hour), By: "ann", Kind: source.Resolved, Words: "Ann resolved it: rolled back"},
			{ID: "e9000001", At: at, Kind: source.Milestone, Words: "detection"},
			{ID: "e9000004", At: at.Add(time.Hour), Kind: source.Milestone, Words: "resolution"},
			{ID: "e9000003", At: at.Add(20 * time.Minute), Kind: source.Milestone, Words: "mitigation"},
		},
	})
	for name, m := range map[string]*mine.Moment{"e1": finds.Times.Detection, "e9": finds.Times.Resolution, "e9000003": finds.Times.Mitigation} {
		if m == nil || m.Cites[0] != name || !m.Sure {
			t.Errorf("the moment of %s is %+v", name, m)
		}
	}
}
