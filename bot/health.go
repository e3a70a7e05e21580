package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tocsin/integrations"
	"tocsin/store"
)

// Alive says that the process is not stuck.
func (h *House) Alive() bool {
	beat := h.beat.Load()
	return beat == 0 || h.clock.Now().Sub(time.Unix(beat, 0)) < stuckAfter
}

// Ready says whether a command can be taken now, and in lines what is behind.
func (h *House) Ready(ctx context.Context) (bool, []string) {
	if !h.ready.Load() {
		return false, []string{"starting or stopping"}
	}
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	if _, err := h.p.Store.NextNumber(within); err != nil {
		return false, []string{"the store does not answer"}
	}
	var lines []string
	if late := h.overdue(within); late > 10*time.Second {
		lines = append(lines, fmt.Sprintf("the oldest effect is %d s behind", int(late.Seconds())))
	}
	if n := h.parked(within); n > 0 {
		lines = append(lines, fmt.Sprintf("effects parked until somebody retries them: %d", n))
	}
	if n := h.down.Load(); n > 0 {
		lines = append(lines, fmt.Sprintf("chat platforms that are not connected: %d", n))
	}
	for _, p := range h.p.Platforms {
		if s, is := p.Platform.(outage); is {
			if why, since, down := s.Down(); down {
				lines = append(lines, fmt.Sprintf("since %s: %s", since.UTC().Format(time.RFC3339), why))
			}
		}
	}
	if why := h.p.Policy.Fault(); why != "" {
		lines = append(lines, "the policy file is wrong; the policy that stood before stands")
	}
	return true, lines
}

// outage is a platform that knows when it is shut out.
type outage interface {
	Down() (why string, since time.Time, down bool)
}

// overdue is how long the oldest effect has been due.
func (h *House) overdue(ctx context.Context) time.Duration {
	due, err := h.p.Store.NextDue(ctx, store.Lanes())
	if err != nil || due.IsZero() {
		return 0
	}
	return max(0, h.clock.Now().Sub(due))
}

// parked counts effects that wait for somebody to retry them, up to 100.
func (h *House) parked(ctx context.Context) int {
	jobs, err := h.p.Store.Jobs(ctx, store.JobFilter{State: store.OnHold, Limit: 100})
	if err != nil {
		return 0
	}
	return len(jobs)
}

// measure puts on /metrics what /readyz says in words.
func (h *House) measure(life context.Context) {
	bounded := func(read func(ctx context.Context) float64) func() float64 {
		return func() float64 {
			within, cancel := context.WithTimeout(life, openWithin)
			defer cancel()
			return read(within)
		}
	}
	h.metrics.gauge("tocsin_effect_overdue_seconds", "How long the oldest effect has been due.", bounded(func(ctx context.Context) float64 {
		return h.overdue(ctx).Seconds()
	}))
	h.metrics.gauge("tocsin_effects_parked", "Effects that wait for somebody to retry them, up to 100.", bounded(func(ctx context.Context) float64 {
		return float64(h.parked(ctx))
	}))
	h.metrics.gauge("tocsin_platforms_down", "Chat platforms that are not connected.", func() float64 { return float64(h.down.Load()) })
}

// health is the short self-check of the verb doctor.
func (h *House) health(ctx context.Context) []integrations.Finding {
	ok, lines := h.Ready(ctx)
	out := []integrations.Finding{{Level: "ok", What: "the store answers and commands are taken"}}
	if !ok {
		out = []integrations.Finding{{Level: "fail", What: "commands cannot be taken: " + lines[0], Why: "nothing is recorded then", Mend: "run `tocsin doctor` where the bot runs"}}
		lines = nil
	}
	for _, line := range lines {
		out = append(out, integrations.Finding{Level: "warn", What: line, Why: "what is outside may not be in step", Mend: "say `pending`, or run `tocsin doctor`"})
	}
	if c, is := h.p.Store.Driver().(store.Checker); is {
		for _, f := range c.Check(ctx) {
			out = append(out, integrations.Finding(f))
		}
	}
	if h.p.Config.Address == "" && len(h.p.Platforms) > 0 {
		out = append(out, integrations.Finding{
			Level: "warn", What: "links to reviews lead to " + h.p.Config.address() + ", which works on this machine only",
			Why: "TOCSIN_ADDRESS is not set", Mend: "set it to where people reach this house, such as https://tocsin.example.org",
		})
	}
	out = append(out, h.serviceFindings(ctx)...)
	return slices.Clip(append(out, h.platformFindings(ctx)...))
}
