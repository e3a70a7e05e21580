package reactors

import (
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/integrations"
)

// How long what is known of who is on call may stand.
const (
	onCallFresh = 5 * time.Minute  // then it is asked for again, while the pager works
	onCallGood  = 15 * time.Minute // until then nobody asks before naming whom to call
	onCallNow   = time.Minute      // until then it is good enough to say that nobody is
	onCallAsk   = 2 * time.Second  // how long an answer is waited for in a hurry
)

// onCallKept is who was on call at a moment.
type onCallKept struct {
	At    time.Time             `json:"at"`
	Lines []integrations.OnCall `json:"lines"`
}

func onCallKey(g integrations.Pager, target string) string {
	return "oncall/" + g.Name() + "/" + target
}

// onCallBefore is what was kept of who is on call, and as it lies there.
func (o Outside) onCallBefore(ctx context.Context, g integrations.Pager, target string) (onCallKept, []byte) {
	raw, err := o.Shelf.Fetch(ctx, onCallKey(g, target))
	if err != nil {
		return onCallKept{}, nil
	}
	kept, _ := decode[onCallKept](raw)
	return kept, raw
}

// askOnCall asks the pager, and keeps the answer, so that names and numbers
// are at hand when the pager is not. ok is false when it does not answer.
func (o Outside) askOnCall(ctx context.Context, g integrations.Pager, target string, now time.Time) (lines []integrations.OnCall, ok bool) {
	_, raw := o.onCallBefore(ctx, g, target)
	lines, err := g.OnCall(ctx, target, now)
	if err != nil {
		return nil, false
	}
	// Somebody else may keep theirs first; both are as good.
	_ = o.Shelf.Keep(ctx, onCallKey(g, target), raw, encode(onCallKept{At: now, Lines: lines}))
	return lines, true
}

// onCall is who could be called: as it was kept while that is good, else as
// the pager says in a moment, else as it was kept, however long ago.
func (o Outside) onCall(ctx context.Context, g integrations.Pager, target string, good time.Duration, now time.Time) (lines []integrations.OnCall, known bool) {
	kept, _ := o.onCallBefore(ctx, g, target)
	if !kept.At.IsZero() && now.Sub(kept.At) <= good {
		return onNow(kept.Lines, now), true
	}
	ctx, cancel := context.WithTimeout(ctx, onCallAsk)
	defer cancel()
	if lines, ok := o.askOnCall(ctx, g, target, now); ok {
		return onNow(lines, now), true
	}
	return onNow(kept.Lines, now), false
}

// onNow leaves out whose turn comes later, or is over. When nobody would be
// left, what was known last is better than nothing.
func onNow(lines []integrations.OnCall, now time.Time) []integrations.OnCall {
	var on, last []integrations.OnCall
	for _, l := range lines {
		if l.From.After(now) {
			continue
		}
		last = append(last, l)
		if l.Until.IsZero() || l.Until.After(now) {
			on = append(on, l)
		}
	}
	if len(on) == 0 {
		return last
	}
	return on
}

// FreshenOnCall asks every pager that policy names who is on call, where that
// was not asked for a while, so that it is known when the pager is away.
func (o Outside) FreshenOnCall(ctx context.Context, now time.Time) {
	away := map[string]bool{}
	for _, team := range o.Policy().Teams {
		t := incident.Target{Kind: incident.TeamTarget, Name: team.Name, Pager: team.Pager}
		g, ok := o.Pagers.For(t, false)
		if !ok || OneWay(g) || away[g.Name()] {
			continue
		}
		target := o.pagerTarget(t)
		if kept, _ := o.onCallBefore(ctx, g, target); now.Sub(kept.At) < onCallFresh {
			continue
		}
		asking, cancel := context.WithTimeout(ctx, 5*onCallAsk)
		_, answered := o.askOnCall(asking, g, target, now)
		away[g.Name()] = !answered && asking.Err() != nil
		cancel()
	}
}

// regular is the pager of a target when no fallback is meant.
func (o Outside) regular(t incident.Target) (integrations.Pager, bool) {
	t.Pager = ""
	if team, ok := o.teamOf(t); ok {
		t.Pager = team.Pager
	}
	return o.Pagers.For(t, false)
}

// callInstead names in one line whom to call when a page did not get through.
func (o Outside) callInstead(ctx context.Context, t incident.Target, lines []integrations.OnCall) string {
	var names []string
	for _, l := range lines {
		name := l.Name
		if l.Phone != "" {
			name += " " + l.Phone
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return strings.Join(names, ", ")
	}
	for _, c := range o.listed(ctx, t) {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// teamOf is the team behind a target, as policy has it now.
func (o Outside) teamOf(t incident.Target) (incident.Team, bool) {
	p := o.Policy()
	if t.Kind == incident.ServiceTarget {
		s, ok := p.ServiceFor(t.Name)
		if !ok || s.Team == "" {
			return incident.Team{}, false
		}
		return p.TeamFor(s.Team)
	}
	if t.Kind == incident.TeamTarget {
		return p.TeamFor(t.Name)
	}
	return incident.Team{}, false
}

// pagerTarget is what the pager calls a target.
func (o Outside) pagerTarget(t incident.Target) string {
	if team, ok := o.teamOf(t); ok && team.Target != "" {
		return team.Target
	}
	return t.Name
}
