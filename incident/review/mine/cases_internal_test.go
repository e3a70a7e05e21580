package mine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review/source"
)

// labelled is a case with what a person said is right.
type labelled struct {
	name  string
	more  bool   // one of the base cases with more or less noise
	of    string // the incident: s01 for s01-docs-disk-a
	in    source.Input
	truth truth
}

type truth struct {
	Events []struct {
		Importance string
		Messages   []string
	}
	Times map[string]*struct {
		Time   time.Time
		TolMin float64 `json:"tol_min"`
	}
	Noise []string
}

type rawCase struct {
	ID, Title string
	Channel   struct{ TZ string }
	Users     map[string]struct{ Name, TZ string }
	Messages  []struct {
		ID, User, Text, Thread string
		TS                     time.Time
		Bot, Deleted           bool
		Reactions              []struct {
			Name  string
			Users []string
		}
	}
	Labels truth
}

// readCases gives the labelled cases; TOCSIN_REVIEW_CASES says where they are.
func readCases(tb testing.TB, dirs ...string) []labelled {
	tb.Helper()
	root := os.Getenv("TOCSIN_REVIEW_CASES")
	if root == "" {
		tb.Skip("TOCSIN_REVIEW_CASES is not set: no labelled cases to look at")
	}
	var out []labelled
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.json"))
		if err != nil || len(files) == 0 {
			tb.Fatalf("no cases in %s: %v", dir, err)
		}
		slices.Sort(files)
		for _, f := range files {
			c := readCase(tb, f)
			c.more = dir != "cases"
			out = append(out, c)
		}
	}
	return out
}

func readCase(tb testing.TB, file string) labelled {
	tb.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var raw rawCase
	if err := json.Unmarshal(b, &raw); err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
	of, _, _ := strings.Cut(raw.ID, "-")
	c := labelled{name: raw.ID, of: of, truth: raw.Labels, in: source.Input{ID: raw.ID, Title: raw.Title, Zone: raw.Channel.TZ}}
	bots := map[string]bool{}
	for _, m := range raw.Messages {
		sm := source.Message{ID: m.ID, At: m.TS, Author: m.User, Text: m.Text, Thread: m.Thread, Bot: m.Bot, Deleted: m.Deleted}
		if m.Deleted {
			sm.Text = ""
		}
		for _, r := range m.Reactions {
			sm.Reactions = append(sm.Reactions, source.Reaction{Name: r.Name, By: r.Users})
		}
		bots[m.User] = bots[m.User] || m.Bot
		c.in.Messages = append(c.in.Messages, sm)
	}
	for id, u := range raw.Users {
		c.in.People = append(c.in.People, source.Person{ID: id, Name: u.Name, Zone: u.TZ, Bot: bots[id]})
	}
	slices.SortFunc(c.in.People, func(a, b source.Person) int { return strings.Compare(a.ID, b.ID) })
	return c
}

// labels says of every message of a talk whether it belongs on the timeline.
func (c labelled) labels(t *talk) []float64 {
	y := make([]float64, len(t.msgs))
	for _, e := range c.truth.Events {
		for _, id := range e.Messages {
			if i, ok := t.byID[id]; ok {
				y[i] = 1
			}
		}
	}
	return y
}

// timelineF1 judges entries as the scorer does: each entry may stand for one
// event, and each event for one entry.
func (c labelled) timelineF1(entries []Entry) (p, r, f float64) {
	events := c.truth.Events
	owner := make([]int, len(events))
	for j := range owner {
		owner[j] = -1
	}
	hits := func(i, j int) bool {
		return slices.ContainsFunc(entries[i].Cites, func(id string) bool { return slices.Contains(events[j].Messages, id) })
	}
	var place func(i int, key bool, seen []bool) bool
	place = func(i int, key bool, seen []bool) bool {
		for j := range events {
			if (events[j].Importance == "key") != key || seen[j] || !hits(i, j) {
				continue
			}
			seen[j] = true
			if owner[j] < 0 || place(owner[j], key, seen) {
				owner[j] = i
				return true
			}
		}
		return false
	}
	keys, right, found := 0.0, 0.0, 0.0
	used := make([]bool, len(entries))
	for i := range entries {
		used[i] = place(i, true, make([]bool, len(events)))
	}
	for j := range events {
		if events[j].Importance == "key" {
			keys++
			if owner[j] >= 0 {
				found++
			}
		}
	}
	for i := range entries {
		if used[i] || place(i, false, make([]bool, len(events))) {
			right++
		}
	}
	if len(entries) > 0 {
		p = right / float64(len(entries))
	}
	if keys > 0 {
		r = found / keys
	}
	if p+r > 0 {
		f = 2 * p * r / (p + r)
	}
	return p, r, f
}

// timesScore judges the five moments as the scorer does: 1 within what the
// label allows, half within three times that.
func (c labelled) timesScore(x Times) (score float64, errors map[string]string) {
	errors = map[string]string{}
	for name, got := range map[string]*Moment{"impact_start": x.ImpactStart, "detection": x.Detection, "ack": x.Ack, "mitigation": x.Mitigation, "resolution": x.Resolution} {
		want := c.truth.Times[name]
		switch {
		case want == nil && got == nil:
			score++
			errors[name] = "none"
		case want == nil:
			errors[name] = "INVENTED " + got.At.Format("02T15:04") + strings.Join(got.Cites, " ")
		case got == nil:
			errors[name] = "MISSING " + want.Time.Format("02T15:04")
		default:
			d := got.At.Sub(want.Time)
			errors[name] = d.Round(time.Minute).String()
			switch {
			case d.Abs().Minutes() <= max(want.TolMin, 1):
				score++
			case d.Abs().Minutes() <= max(3*want.TolMin, 15):
				score += 0.5
				errors[name] = "half " + errors[name]
			default:
				errors[name] = "WRONG " + errors[name] + " " + strings.Join(got.Cites, " ")
			}
		}
	}
	return score / 5, errors
}

// thinned is the case with a share of its noise left out.
func (c labelled) thinned(name string, keep uint64) labelled {
	out := c
	out.name, out.more = c.name+"-"+name, true
	out.in.Messages = nil
	gone := map[string]bool{}
	x := uint64(88172645463325252)
	for _, m := range c.in.Messages {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		if slices.Contains(c.truth.Noise, m.ID) && x%100 >= keep {
			gone[m.ID] = true
			continue
		}
		if gone[m.Thread] {
			m.Thread = ""
		}
		out.in.Messages = append(out.in.Messages, m)
	}
	return out
}
