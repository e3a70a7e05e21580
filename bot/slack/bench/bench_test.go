package bench_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/storetest"
)

var (
	lastsFor = flag.Duration("for", 10*time.Second, "how long each measurement lasts")
	warmFor  = flag.Duration("warm", 3*time.Second, "how long each program is warmed up")
	only     = flag.String("only", "", "which parts are measured, as an expression: load, slow, hang, room; empty: all")
	profile  = flag.String("profile", "", "file for a CPU profile of tocsin under load")
)

const incidents = 100

// BenchmarkSlack prints one table of all that is promised of the way of a
// command in Slack.
func BenchmarkSlack(b *testing.B) {
	s := &sheet{}
	r := storetest.StartRedis(b, true, "--maxmemory-policy", "noeviction")
	for _, part := range []struct {
		name    string
		measure func(b *testing.B, r *storetest.Redis, s *sheet)
	}{{"load", underLoad}, {"slow", slowStore}, {"hang", hangingStore}, {"room", untilRoom}} {
		if regexp.MustCompile(*only).MatchString(part.name) {
			part.measure(b, r, s)
		}
	}
	b.ReportMetric(0, "ns/op") // the table tells
	fmt.Fprintf(os.Stdout, "\n%s\n", s)
}

// underLoad measures tocsin beside Bolt, in turns, and then what is promised of
// it alone.
func underLoad(b *testing.B, r *storetest.Redis, s *sheet) {
	b.Helper()
	bolt := startBolt(b)
	w := startTocsin(b, r.URL()+"/1", *profile)
	defer w.stop()
	w.declare(b, incidents)
	ours := w.target(incidents)
	theirs := &target{program: bolt, typist: &typist{incidents: incidents, people: w.people, rooms: []string{w.room}, back: ours.typist.back}}
	theirs.crowd(b, 64, *warmFor)
	ours.crowd(b, 64, *warmFor)
	// The heaviest comes last: each note owes a line in its room, and Slack takes
	// few of those a second, so what a flood leaves behind is worked on for long.
	w.profiled(*profile != "", func() {
		o := ours.paced(b, 300, *lastsFor)
		s.ours("300/s offered: p99 ms", o.at(0.99), o.at(0.99) <= 50, "≤ 50")
		s.answered("300/s offered", o)
		t, o := theirs.paced(b, 3000, *lastsFor), ours.paced(b, 3000, *lastsFor)
		s.both("3,000/s offered: p50 ms", o.at(0.5), t.at(0.5), true, "")
		s.both("3,000/s offered: p99 ms", o.at(0.99), t.at(0.99), o.at(0.99) < t.at(0.99), "< Bolt's")
		s.answered("3,000/s offered", o)
		ours.typist.incidents = 1
		o = ours.crowd(b, 64, *lastsFor)
		s.ours("one incident, 64 at a time: commands/s", o.rate(), o.rate() >= 1500, "≥ 1,500")
		s.ours("one incident, 64 at a time: p99 ms", o.at(0.99), true, "")
		s.ours("one incident, 64 at a time: processor's µs a command", o.each(), true, "")
		s.answered("one incident", o)
		ours.typist.incidents = incidents
		for _, people := range []int{16, 64} {
			t, o := theirs.crowd(b, people, *lastsFor), ours.crowd(b, people, *lastsFor)
			what := fmt.Sprintf("%d at a time", people)
			s.both(what+": commands/s", o.rate(), t.rate(), o.rate()/t.rate() >= 0.5, "≥ 0.50 of Bolt's")
			s.both(what+": p50 ms", o.at(0.5), t.at(0.5), true, "")
			s.both(what+": p99 ms", o.at(0.99), t.at(0.99), true, "")
			s.both(what+": processor's µs a command", o.each(), t.each(), true, "")
			s.answered(what, o)
		}
	})

	k := openKept(b, r.URL()+"/1")
	s.ours("feed planned to its end after the last reply, s", k.drained(b).Seconds(), true, "")
	kept := len(k.notes(b))
	promised := int(ours.stated.Load())
	s.ours("notes on the timelines", float64(kept), kept == promised, fmt.Sprintf("= %d promised", promised))
}

// slowStore measures tocsin with each call of the store slowed by 100 ms.
func slowStore(b *testing.B, r *storetest.Redis, s *sheet) {
	b.Helper()
	proxy := storetest.NewProxy(b, r.Addr())
	w := startTocsin(b, "redis://"+proxy.Addr()+"/2", "")
	defer w.stop()
	w.declare(b, incidents)
	t := w.target(incidents)
	t.paced(b, 300, *warmFor)
	proxy.Delay(100 * time.Millisecond)
	t.paced(b, 300, time.Second)
	o := t.paced(b, 300, *lastsFor)
	s.ours("store + 100 ms, 300/s: p50 ms", o.at(0.5), true, "")
	s.ours("store + 100 ms, 300/s: p99 ms", o.at(0.99), o.at(0.99) <= 600, "≤ 600")
	s.ours("store + 100 ms, 300/s: slowest ms", o.at(1), o.at(1) <= 3000, "≤ 3,000")
	s.answered("store + 100 ms", o)
}

// kept reads what tocsin wrote, beside it.
type kept struct{ st *store.Store }

func openKept(b *testing.B, url string) kept {
	b.Helper()
	d, err := redis.Open(b.Context(), url, redis.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	return kept{store.New(d, store.Options{Now: time.Now})}
}

// drained waits until the feed is planned to its end, and says how long that took.
func (k kept) drained(b *testing.B) time.Duration {
	b.Helper()
	began := time.Now()
	for {
		left, err := k.st.Unplanned(b.Context(), time.Now().Add(time.Hour), 1)
		if err != nil {
			b.Fatal(err)
		}
		if len(left) == 0 {
			return time.Since(began)
		}
		if time.Since(began) > time.Minute {
			b.Fatal("the feed is not planned to its end within a minute")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// notes are the words of every note on every timeline.
func (k kept) notes(b *testing.B) []string {
	b.Helper()
	all, err := k.st.List(b.Context(), store.Filter{Limit: 1000})
	if err != nil {
		b.Fatal(err)
	}
	var out []string
	for _, sum := range all {
		for at := incident.Version(0); at < sum.Head; {
			page, err := k.st.Load(b.Context(), sum.ID.Stream(), at, 1000)
			if err != nil || len(page) == 0 {
				b.Fatalf("%s ends at %d of %d: %v", sum.Number, at, sum.Head, err)
			}
			for _, r := range page {
				if note, is := r.Event.(incident.NoteAdded); is {
					out = append(out, note.Text.Words)
				}
			}
			at = page[len(page)-1].Version
		}
	}
	return out
}

// sheet is the table.
type sheet struct{ rows [][6]string }

func (s *sheet) row(what, ours, theirs, ratio, wanted string, holds bool) {
	verdict := ""
	if wanted != "" {
		verdict = "holds"
		if !holds {
			verdict = "DOES NOT HOLD"
		}
	}
	s.rows = append(s.rows, [6]string{what, ours, theirs, ratio, wanted, verdict})
}

// ours is a figure of tocsin alone.
func (s *sheet) ours(what string, ours float64, holds bool, wanted string) {
	s.row(what, figure(ours), "", "", wanted, holds)
}

// both is a figure beside Bolt's.
func (s *sheet) both(what string, ours, theirs float64, holds bool, wanted string) {
	s.row(what, figure(ours), figure(theirs), fmt.Sprintf("%.2f", ours/theirs), wanted, holds)
}

// answered tells of replies that did not state the note.
func (s *sheet) answered(what string, t tally) {
	s.ours(what+": not answered with the note", float64(t.refused), t.refused == 0, "0")
	if t.odd != "" {
		s.row("    such as "+t.odd, "", "", "", "", true)
	}
}

func figure(f float64) string {
	switch {
	case f == float64(int(f)) || f >= 1000:
		return fmt.Sprintf("%.0f", f)
	case f >= 100:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// String draws the table.
func (s *sheet) String() string {
	rows := slices.Concat([][6]string{{"", "tocsin", "Bolt", "ratio", "wanted", ""}}, s.rows)
	var wide [6]int
	for _, r := range rows {
		for i, cell := range r {
			if !strings.HasPrefix(r[0], "    ") {
				wide[i] = max(wide[i], len([]rune(cell)))
			}
		}
	}
	var out strings.Builder
	for _, r := range rows {
		line := ""
		for i, cell := range r {
			pad := strings.Repeat(" ", max(0, wide[i]-len([]rune(cell))))
			if i == 0 || i > 3 {
				line += cell + pad + "  "
			} else {
				line += pad + cell + "  "
			}
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return out.String()
}
