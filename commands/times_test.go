package commands_test

import (
	"testing"
	"time"

	"tocsin/commands"

	"pgregory.net/rapid"
)

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

const shape = "2006-01-02 15:04:05 MST"

func TestWordsForTime(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	now := time.Date(2026, 11, 25, 14, 30, 0, 0, berlin) // a Wednesday
	for _, tt := range []struct {
		words string
		dir   commands.Direction
		want  string
	}{
		{"20m", commands.Next, "2026-11-25 14:50:00 CET"},
		{"20m", commands.Past, "2026-11-25 14:10:00 CET"},
		{"20 min ago", commands.Past, "2026-11-25 14:10:00 CET"},
		{"in 20m", commands.Next, "2026-11-25 14:50:00 CET"},
		{"In 90 minutes", commands.Next, "2026-11-25 16:00:00 CET"},
		{"1h30", commands.Next, "2026-11-25 16:00:00 CET"},
		{"1h30m", commands.Next, "2026-11-25 16:00:00 CET"},
		{"2 hours", commands.Next, "2026-11-25 16:30:00 CET"},
		{"1h and 5m", commands.Next, "2026-11-25 15:35:00 CET"},
		{"2d", commands.Next, "2026-11-27 14:30:00 CET"},
		{"1w", commands.Due, "2026-12-02 14:30:00 CET"},
		{"now", commands.Past, "2026-11-25 14:30:00 CET"},
		{"14:05", commands.Past, "2026-11-25 14:05:00 CET"},
		{"14:30", commands.Past, "2026-11-25 14:30:00 CET"},
		{"14:31", commands.Past, "2026-11-24 14:31:00 CET"},
		{"at 14:05", commands.Past, "2026-11-25 14:05:00 CET"},
		{"14:05", commands.Next, "2026-11-26 14:05:00 CET"},
		{"14:30", commands.Next, "2026-11-26 14:30:00 CET"},
		{"15:00", commands.Next, "2026-11-25 15:00:00 CET"},
		{"2pm", commands.Past, "2026-11-25 14:00:00 CET"},
		{"2:30 pm", commands.Next, "2026-11-26 14:30:00 CET"},
		{"12am", commands.Next, "2026-11-26 00:00:00 CET"},
		{"noon", commands.Past, "2026-11-25 12:00:00 CET"},
		{"14:05:09", commands.Past, "2026-11-25 14:05:09 CET"},
		{"14:05 UTC", commands.Past, "2026-11-24 15:05:00 CET"},
		{"9:00 America/New_York", commands.Next, "2026-11-25 15:00:00 CET"},
		{"tomorrow", commands.Next, "2026-11-26 09:00:00 CET"},
		{"tomorrow", commands.Due, "2026-11-26 17:00:00 CET"},
		{"tomorrow 9:00", commands.Next, "2026-11-26 09:00:00 CET"},
		{"tomorrow at 2 pm", commands.Next, "2026-11-26 14:00:00 CET"},
		{"9:30 tomorrow", commands.Next, "2026-11-26 09:30:00 CET"},
		{"today 18:00", commands.Next, "2026-11-25 18:00:00 CET"},
		{"yesterday 23:10", commands.Past, "2026-11-24 23:10:00 CET"},
		{"yesterday", commands.Past, "2026-11-24 00:00:00 CET"},
		{"friday", commands.Next, "2026-11-27 09:00:00 CET"},
		{"friday", commands.Due, "2026-11-27 17:00:00 CET"},
		{"Fri 10:00", commands.Next, "2026-11-27 10:00:00 CET"},
		{"on friday at 10:00", commands.Next, "2026-11-27 10:00:00 CET"},
		{"wednesday", commands.Next, "2026-12-02 09:00:00 CET"},
		{"wednesday 18:00", commands.Next, "2026-12-02 18:00:00 CET"},
		{"wednesday 10:00", commands.Past, "2026-11-25 10:00:00 CET"},
		{"wednesday 18:00", commands.Past, "2026-11-18 18:00:00 CET"},
		{"monday 9:00", commands.Past, "2026-11-23 09:00:00 CET"},
		{"2026-11-25 14:05", commands.Past, "2026-11-25 14:05:00 CET"},
		{"2026-12-01", commands.Due, "2026-12-01 17:00:00 CET"},
		{"2026-11-25T13:05:00Z", commands.Past, "2026-11-25 14:05:00 CET"},
		{"25 Nov 14:05", commands.Past, "2026-11-25 14:05:00 CET"},
		{"25 Nov 14:05", commands.Next, "2027-11-25 14:05:00 CET"},
		{"Nov 25, 14:05", commands.Past, "2026-11-25 14:05:00 CET"},
		{"26th of", commands.Next, ""},
		{"26 November 2025 8:00", commands.Past, "2025-11-26 08:00:00 CET"},
		{"26 Nov", commands.Past, "2025-11-26 00:00:00 CET"},
		{"2nd dec", commands.Due, "2026-12-02 17:00:00 CET"},
		{"29 feb", commands.Next, "2028-02-29 09:00:00 CET"},
		// What cannot be read, or lies on the wrong side.
		{"", commands.Next, ""},
		{"soon", commands.Next, ""},
		{"45", commands.Next, ""},
		{"9", commands.Next, ""},
		{"25:00", commands.Next, ""},
		{"14:60", commands.Past, ""},
		{"13pm", commands.Past, ""},
		{"0m", commands.Next, ""},
		{"5m3h", commands.Next, ""},
		{"31 feb", commands.Next, ""},
		{"2026-02-30", commands.Past, ""},
		{"20m ago", commands.Next, ""},
		{"in 20m", commands.Past, ""},
		{"tomorrow 9:00", commands.Past, ""},
		{"yesterday 9:00", commands.Next, ""},
		{"2026-11-25 14:05", commands.Next, ""},
		{"2090-01-01 10:00", commands.Next, ""},
		{"9999999h", commands.Next, ""},
		{"the next 30m", commands.Next, ""},
	} {
		t.Run(tt.words, func(t *testing.T) {
			t.Parallel()
			got, err := commands.ReadTime(tt.words, now, berlin, tt.dir)
			if tt.want == "" {
				if err == nil {
					t.Fatalf("%q reads as %s; it should be refused", tt.words, got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s := got.In(berlin).Format(shape); s != tt.want {
				t.Errorf("%q is %s, want %s", tt.words, s, tt.want)
			}
		})
	}
}

func TestDoubledAndSkippedHours(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, zone, now, words, want string }{
		{"a doubled hour is the first", "Europe/Berlin", "2026-10-24 12:00:00", "tomorrow 2:30", "2026-10-25 02:30:00 CEST"},
		{"a skipped hour moves forward", "Europe/Berlin", "2026-03-28 12:00:00", "tomorrow 2:30", "2026-03-29 03:30:00 CEST"},
		{"in New York too", "America/New_York", "2026-10-31 12:00:00", "tomorrow 1:30", "2026-11-01 01:30:00 EDT"},
		{"and where half an hour is skipped", "Australia/Lord_Howe", "2026-10-03 12:00:00", "tomorrow 2:15", "2026-10-04 02:45:00 +11"},
		{"a day that an island left out", "Pacific/Apia", "2011-12-29 12:00:00", "tomorrow 9:00", "2011-12-31 09:00:00 +14"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			z := zone(t, tt.zone)
			now, err := time.ParseInLocation("2006-01-02 15:04:05", tt.now, z)
			if err != nil {
				t.Fatal(err)
			}
			got, err := commands.ReadTime(tt.words, now, z, commands.Next)
			if err != nil {
				t.Fatal(err)
			}
			if s := got.In(z).Format(shape); s != tt.want {
				t.Errorf("%q is %s, want %s", tt.words, s, tt.want)
			}
		})
	}
}

// A clock time is always on its side of now, less than two days away, and
// shows that time unless the zone skips it; and no earlier moment of its day
// shows it.
func TestClockTimesHoldInEveryZone(t *testing.T) {
	t.Parallel()
	zones := []string{
		"UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Asia/Kolkata",
		"Asia/Tehran", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia", "Pacific/Chatham", "Africa/Cairo", "Antarctica/Troll",
	}
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1e9, 2e9).Draw(t, "now"), 0)
		h, m := rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute")
		words := time.Date(2000, 1, 1, h, m, 0, 0, time.UTC).Format("15:04")
		dir := rapid.SampledFrom([]commands.Direction{commands.Past, commands.Next}).Draw(t, "direction")
		at, err := commands.ReadTime(words, now, z, dir)
		if err != nil {
			t.Fatal(err)
		}
		if (dir == commands.Past) == at.After(now) || at.Sub(now).Abs() > 50*time.Hour {
			t.Fatalf("%s in %s at %s is %s", words, z, now, at)
		}
		if got := at.In(z).Format("15:04"); got != words {
			if !skips(at, z) {
				t.Fatalf("%s in %s became %s", words, z, at.In(z))
			}
			return
		}
		for back := 15 * time.Minute; back <= 3*time.Hour; back += 15 * time.Minute {
			if earlier := at.Add(-back).In(z); earlier.Format("15:04") == words {
				t.Fatalf("%s in %s is the second such moment of %s", at.In(z), z, earlier)
			}
		}
	})
}

// skips says that clocks were put forward in the hours before a moment.
func skips(at time.Time, z *time.Location) bool {
	_, before := at.Add(-25 * time.Hour).In(z).Zone()
	_, now := at.In(z).Zone()
	return now > before
}

func FuzzReadTime(f *testing.F) {
	for _, s := range []string{"20m", "tomorrow at 2 pm", "25 Nov 14:05", "2026-11-25 14:05", "friday", "1h30", "٢٠m", "9999999999999h", "at at at", "\x00"} {
		f.Add(s, int64(1795609800), true)
	}
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, words string, unix int64, past bool) {
		now := time.Unix(unix%4e9, 0)
		dir := commands.Next
		if past {
			dir = commands.Past
		}
		at, err := commands.ReadTime(words, now, berlin, dir)
		if err == nil && past == at.After(now) {
			t.Errorf("%q at %s is %s", words, now, at)
		}
	})
}

func TestZonesByName(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Europe/Berlin": "Europe/Berlin", "europe/berlin": "Europe/Berlin", "berlin": "Europe/Berlin", "New York": "America/New_York",
		"utc": "UTC", "tokyo": "Asia/Tokyo", "local": "", "nowhere": "", "": "", "../etc/passwd": "", "transfer fails": "",
	} {
		got, ok := commands.ReadZone(words)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("ReadZone(%q) is %v, %v; want %q", words, got, ok, want)
		}
	}
}
