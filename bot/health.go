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
	if due, err := h.p.Store.NextDue(within, store.Lanes()); err == nil && !due.IsZero() {
		if late := h.clock.Now().Sub(due); late > 10*time.Second {
			lines = append(lines, fmt.Sprintf("the oldest effect is %d s behind", int(late.Seconds())))
		}
	}
	if parked, err := h.p.Store.Jobs(within, store.JobFilter{State: store.OnHold, Limit: 100}); err == nil && len(parked) > 0 {
		lines = append(lines, fmt.Sprintf("%d effects are parked until somebody retries them", len(parked)))
	}
	if why := h.p.Policy.Fault(); why != "" {
		lines = append(lines, "the policy file is wrong; the policy that stood before stands")
	}
	return true, lines
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
	for _, p := range h.world.pagers {
		out = append(out, p.Check(ctx)...)
	}
	return slices.Clip(out)
}
