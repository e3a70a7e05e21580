package mine

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review/source"
)

// crowd is a long room: what people say in it, over and over, with other
// names, numbers and hosts.
func crowd(n int) source.Input {
	lines := []string{
		"checkout is failing with 503 for about 20 % of users since %d:%02d", "looking at the dashboards of shop-%d", "could be the deploy of cart-%d from this morning?",
		"restarted worker-%d, no change", "`kubectl get pods -n shop-%d` shows 14 of them in CrashLoopBackOff", "found it: the certificate of pay-%d expired, because nobody renewed it",
		"rolling back release %d", "checkout is back, error rate at zero in zone %d", "TODO: alert on certificates that expire within %d days", "lunch?", "thanks!", "can somebody review PR #%d? it's only docs",
		"[FIRING:1] HighLatency service=web-%d env=staging", "CI: app-%d#4711 passed in 5m", "I think the queue of mailer-%d is full again", "who has access to vault-%d", "let's wait for batch %d, then drain node-%d",
		"https://git.example.org/shop/web/pull/%d is merged", "same here, cannot log in to host-%d", "yes", "```\nERROR pool %d exhausted: 40 of 40 connections in use\n```",
	}
	in := source.Input{ID: "x", Title: "checkout fails for customers", Zone: "Europe/Berlin"}
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	for p := range 40 {
		in.People = append(in.People, source.Person{ID: fmt.Sprintf("p%d", p), Name: fmt.Sprintf("person%d", p), Zone: "Europe/Rome", Bot: p < 4})
	}
	x := uint64(7)
	next := func(n int) int {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		return int(x % uint64(n))
	}
	for i := range n {
		line := lines[next(len(lines))]
		args := make([]any, strings.Count(line, "%d")+strings.Count(line, "%02d"))
		for a := range args {
			args[a] = next(9000)
		}
		text := fmt.Sprintf(strings.ReplaceAll(line, " % ", " %% "), args...)
		for range next(12) {
			text += fmt.Sprintf(" w%d", next(max(400, n/4)))
		}
		p := next(40)
		m := source.Message{ID: fmt.Sprintf("m%06d", i), At: at, Author: in.People[p].ID, Text: text, Bot: p < 4}
		if i > 20 && next(5) == 0 {
			m.Thread = fmt.Sprintf("m%06d", i-1-next(18))
		}
		in.Messages = append(in.Messages, m)
		at = at.Add(time.Duration(next(180)) * time.Second)
	}
	return in
}

func TestLabSpeed(t *testing.T) {
	for _, n := range []int{10000, 100000} {
		in := crowd(n)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		step := func(what string) {
			t.Logf("%d %s %v", n, what, time.Since(start))
			start = time.Now()
		}
		tk := newTalk(in, theLexicon())
		step("talk")
		tk.countForms()
		step("forms")
		g := newGraph(tk)
		step("graph")
		g.walk(tk.seeds(g))
		step("walk")
		tk.bringNear()
		step("all near")
		m := Shipped()
		tk.rate(m.Timeline)
		step("rate")
		tk.times = tk.allTimes()
		step("times")
		tl := tk.timeline()
		step("timeline")
		runtime.ReadMemStats(&after)
		t.Logf("%d entries, %d MB allocated, %d words", len(tl), (after.TotalAlloc-before.TotalAlloc)>>20, len(tk.voc.words))
		runtime.GC()
		runtime.ReadMemStats(&after)
		t.Logf("held: %d MB %v", (after.HeapAlloc-before.HeapAlloc)>>20, slices.Max(g.tied) > 0)
		runtime.KeepAlive(tk)
	}
}
