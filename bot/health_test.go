package bot_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot"
	"tocsin/bot/policy"
	"tocsin/store"
)

// built is a house on a fussy store, and how to run it.
func built(t *testing.T, o *office, rules string) (h *bot.House, run func() (stop func())) {
	t.Helper()
	c, err := bot.ReadConfig([]string{"HOME=/nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := policy.Open(rules)
	if err != nil {
		t.Fatal(err)
	}
	h, err = bot.Build(t.Context(), bot.Parts{
		Practice: true,
		Config:   c, Store: o.store, Policy: kept, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Jitter: func() float64 { return 0.5 }, Owner: "one", Sole: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, func() func() {
		ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
		ready, ended := make(chan struct{}), make(chan error, 1)
		go func() { ended <- h.Run(ctx, bot.Doors{}, "token", nil, func() { close(ready) }) }()
		<-ready
		return func() {
			t.Helper()
			stop()
			if err := <-ended; err != nil {
				t.Errorf("it ended with %v", err)
			}
		}
	}
}

func TestReadySaysWhetherACommandCanBeTakenAndWhatIsBehind(t *testing.T) {
	t.Parallel()
	rules := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(rules, []byte("guests: false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		h, run := built(t, o, rules)
		is := func(when string, want bool, words ...string) {
			t.Helper()
			ok, lines := h.Ready(t.Context())
			if ok != want {
				t.Errorf("%s: ready is %v: %q", when, ok, lines)
			}
			for _, w := range words {
				if !strings.Contains(strings.Join(lines, "\n"), w) {
					t.Errorf("%s: the lines do not say %q: %q", when, w, lines)
				}
			}
			if len(words) == 0 && len(lines) > 0 {
				t.Errorf("%s: it says %q", when, lines)
			}
		}
		is("before it runs", false, "starting")
		stop := run()
		is("running", true)
		if !h.Alive() {
			t.Error("running, and not alive")
		}
		if err := os.WriteFile(rules, []byte("guests: perhaps not\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		park(t, o.store)
		<-time.After(time.Minute)
		is("with a wrong policy and a parked effect", true, "policy", "effects parked until somebody retries them: 1")
		o.fussy.away.Store(true)
		is("without its store", false, "store")
		o.fussy.away.Store(false)
		stop()
		is("stopped", false, "stopping")
	})
}

// park leaves an effect that waits for somebody to retry it.
func park(t *testing.T, s *store.Store) {
	t.Helper()
	now := time.Now()
	job := store.Job{Key: "incident/x/1/nobody/verb", Stream: "incident/x", Reactor: "nobody", Verb: "verb", Lane: store.EchoLane, Due: now}
	if err := s.Owe(t.Context(), now, job); err != nil {
		t.Fatal(err)
	}
	jobs, err := s.Claim(t.Context(), store.Claim{Now: now, Lanes: store.Lanes(), Owner: "somebody", Lease: time.Minute, Limit: 1})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("%d jobs were claimed (%v)", len(jobs), err)
	}
	if err := s.Settle(t.Context(), now, jobs[0], store.Settlement{Ending: store.Park, Why: "given up"}); err != nil {
		t.Fatal(err)
	}
}

func TestTheFiguresAreThereAndNameNobody(t *testing.T) {
	t.Parallel()
	p := started(t, "HOME="+t.TempDir(), "TOCSIN_LISTEN=127.0.0.1:0")
	defer p.end()
	_, body := get(t, p.url+"metrics")
	for _, want := range []string{"tocsin_effect_overdue_seconds", "tocsin_effects_parked 0", "tocsin_platforms_down 0", "go_goroutines"} {
		if !strings.Contains(body, want) {
			t.Errorf("there is no %s", want)
		}
	}
}
