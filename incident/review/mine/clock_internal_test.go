package mine

import (
	"testing"
	"time"

	"tocsin/incident/review/source"
)

func TestTimesThatPeopleState(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said, zone, room, text string
		want                   []string
	}{
		"the author's zone":                {"2026-03-02T03:10:00Z", "Asia/Kolkata", "Europe/Rome", "down since 02:30", []string{"2026-03-01T21:00:00Z"}},
		"the room's zone":                  {"2026-03-02T03:10:00Z", "", "Europe/Rome", "down since 02:30", []string{"2026-03-02T01:30:00Z"}},
		"the room's offset":                {"2026-03-02T03:10:00Z", "", "+02:00", "down since 02:30", []string{"2026-03-02T00:30:00Z"}},
		"no zone is UTC":                   {"2026-03-02T03:10:00Z", "", "", "down since 02:30", []string{"2026-03-02T02:30:00Z"}},
		"a zone that nobody knows is UTC":  {"2026-03-02T03:10:00Z", "Mars/Base", "nowhere", "since 02:30", []string{"2026-03-02T02:30:00Z"}},
		"UTC outranks the author's zone":   {"2026-03-02T22:00:00Z", "America/New_York", "", "published at 21:17 UTC", []string{"2026-03-02T21:17:00Z"}},
		"summer time by its letters":       {"2026-07-02T12:00:00Z", "", "", "site unresolvable since ~12:05 BST", []string{"2026-07-02T11:05:00Z"}},
		"half an hour's zone":              {"2026-07-02T12:00:00Z", "", "", "since 16:00 IST", []string{"2026-07-02T10:30:00Z"}},
		"over midnight":                    {"2026-03-02T00:20:00Z", "", "", "it began at 23:50", []string{"2026-03-01T23:50:00Z"}},
		"over midnight and the new year":   {"2026-01-01T00:20:00Z", "", "", "it began at 23:50", []string{"2025-12-31T23:50:00Z"}},
		"clocks differ by a minute":        {"2026-03-02T12:00:00Z", "", "", "since 12:01", []string{"2026-03-02T12:01:00Z"}},
		"a stamp with an offset":           {"2021-05-15T00:54:00Z", "", "", "broken at 2021-05-14T18:07:00.843-04:00 error: local changes", []string{"2021-05-14T22:07:00Z"}},
		"a stamp without one":              {"2020-12-16T13:59:00Z", "", "", "[ERROR nag:394 2020-12-16 11:31:57] 403", []string{"2020-12-16T11:31:57Z"}},
		"twelve hours":                     {"2026-03-02T18:00:00Z", "", "", "since 4:15 pm", []string{"2026-03-02T16:15:00Z"}},
		"twelve hours without minutes":     {"2026-03-02T18:00:00Z", "", "", "since 4pm or so", []string{"2026-03-02T16:00:00Z"}},
		"midnight by twelve":               {"2026-03-02T18:00:00Z", "", "", "since 12:10am", []string{"2026-03-02T00:10:00Z"}},
		"the afternoon is nearer":          {"2026-03-02T14:50:00Z", "", "", "since 2:30", []string{"2026-03-02T14:30:00Z"}},
		"the Pacific":                      {"2026-03-02T20:00:00Z", "", "", "restarted at 11:40 PT", []string{"2026-03-02T19:40:00Z"}},
		"the clock goes forward":           {"2026-03-29T08:00:00Z", "Europe/Rome", "", "since 03:30", []string{"2026-03-29T01:30:00Z"}},
		"minutes ago":                      {"2026-03-02T12:00:00Z", "", "", "it started 20 minutes ago", []string{"2026-03-02T11:40:00Z"}},
		"for an hour":                      {"2026-03-02T12:00:00Z", "", "", "success rate at zero for an hour", []string{"2026-03-02T11:00:00Z"}},
		"half an hour ago":                 {"2026-03-02T12:00:00Z", "", "", "began half an hour ago", []string{"2026-03-02T11:30:00Z"}},
		"two of them":                      {"2026-03-02T12:00:00Z", "", "", "between 10:05 and 10:20 UTC", []string{"2026-03-02T10:05:00Z", "2026-03-02T10:20:00Z"}},
		"an address is no time":            {"2026-03-02T12:00:00Z", "", "", "connect to 10.0.0.1:8080 or host:12:30", nil},
		"neither is a ratio or a version":  {"2026-03-02T12:00:00Z", "", "", "v1.2:30-rc, 3:1, id=12:30", nil},
		"no such time of day":              {"2026-03-02T12:00:00Z", "", "", "at 25:10 and 12:75", nil},
		"no time at all":                   {"2026-03-02T12:00:00Z", "", "", "nothing answers", nil},
		"how long it takes is no time ago": {"2026-03-02T12:00:00Z", "", "", "the pipeline takes 15 min", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said, err := time.Parse(time.RFC3339, c.said)
			if err != nil {
				t.Fatal(err)
			}
			talk := newTalk(source.Input{
				Zone: c.room, People: []source.Person{{ID: "ann", Name: "ann", Zone: c.zone}},
				Messages: []source.Message{{ID: "m1", At: said, Author: "ann", Text: c.text}},
			}, theLexicon())
			got := talk.clock().reads(&talk.msgs[0])
			if len(got) != len(c.want) {
				t.Fatalf("%q states %d times, want %d: %v", c.text, len(got), len(c.want), got)
			}
			for i, s := range got {
				if at := s.at.UTC().Format(time.RFC3339); at != c.want[i] {
					t.Errorf("%q means %s, want %s", c.text, at, c.want[i])
				}
				if at := c.text[s.from:s.to]; at == "" {
					t.Errorf("%q: a time stands nowhere", c.text)
				}
			}
		})
	}
}

func TestZonesByLetters(t *testing.T) {
	t.Parallel()
	for zone, minutes := range map[string]int{"UTC": 0, "z": 0, "CEST": 120, "ist": 330, "PDT": -420, "NZDT": 780} {
		got, ok := offset(zone)
		if !ok || got != time.Duration(minutes)*time.Minute {
			t.Errorf("%s is %v ahead, want %d minutes", zone, got, minutes)
		}
	}
	for _, zone := range []string{"", "XYZ", "0", "60"} {
		if _, ok := offset(zone); ok && zone != "0" && zone != "60" {
			t.Errorf("%q is taken for a zone", zone)
		}
	}
	for _, zone := range []string{"", "+2", "-x", "Mars/Base"} {
		if zoneOf(zone) != nil {
			t.Errorf("%q is taken for a zone", zone)
		}
	}
}
