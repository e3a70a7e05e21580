package mine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

// transcripts are made-up incidents with their labels: lines of
// "15:04 name | text || D1 H2? H3! A1=owner F1" after a title and what became
// of each hypothesis; a "*" behind a name marks a machine.
func transcripts(t testing.TB) []*labelled {
	t.Helper()
	paths, err := filepath.Glob("testdata/answers/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	var out []*labelled
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		c, in := transcript(t, strings.TrimSuffix(filepath.Base(p), ".txt"), string(text))
		c.heard = mine.HearOne(in)
		out = append(out, c)
	}
	return out
}

func transcript(t testing.TB, id, text string) (*labelled, source.Input) {
	t.Helper()
	c := &labelled{ID: id}
	in := source.Input{ID: id}
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	status := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		head, rest, spoken := strings.Cut(line, " | ")
		if !spoken {
			name, value, _ := strings.Cut(line, ": ")
			if name == "title" {
				in.Title = value
			} else if name != "" {
				status[name] = value
			}
			continue
		}
		clock, who, _ := strings.Cut(head, " ")
		said, labels, _ := strings.Cut(rest, " || ")
		of, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		day := at.Truncate(24 * time.Hour)
		next := day.Add(time.Duration(of.Hour())*time.Hour + time.Duration(of.Minute())*time.Minute)
		if next.Before(at) {
			next = next.Add(24 * time.Hour)
		}
		at = next
		who, bot := strings.CutSuffix(who, "*")
		if !slices.ContainsFunc(in.People, func(p source.Person) bool { return p.ID == who }) {
			in.People = append(in.People, source.Person{ID: who, Name: who, Bot: bot})
		}
		m := source.Message{ID: fmt.Sprintf("m%03d", len(in.Messages)+1), At: at, Author: who, Text: said, Bot: bot}
		in.Messages = append(in.Messages, m)
		c.Messages = append(c.Messages, struct{ ID, User, Text string }{m.ID, who, said})
		for _, l := range strings.Fields(labels) {
			c.label(l, m.ID, status)
		}
	}
	return c, in
}

// label adds one label of a message.
func (c *labelled) label(l, id string, status map[string]string) {
	name, owner, _ := strings.Cut(l, "=")
	name, proposes := strings.CutSuffix(name, "?")
	name, decides := strings.CutSuffix(name, "!")
	if proposes || decides {
		at := slices.IndexFunc(c.Labels.Hypotheses, func(h labelledGuess) bool { return h.ID == name })
		if at < 0 {
			at = len(c.Labels.Hypotheses)
			c.Labels.Hypotheses = append(c.Labels.Hypotheses, labelledGuess{ID: name, Status: status[name]})
		}
		h := &c.Labels.Hypotheses[at]
		if proposes {
			h.Propose = append(h.Propose, id)
		} else {
			h.Verdict = append(h.Verdict, id)
		}
		return
	}
	list := map[byte]*[]labelledItem{'D': &c.Labels.Decisions, 'A': &c.Labels.Actions, 'F': &c.Labels.Factors}[name[0]]
	at := slices.IndexFunc(*list, func(x labelledItem) bool { return x.ID == name })
	if at < 0 {
		at = len(*list)
		*list = append(*list, labelledItem{ID: name})
	}
	(*list)[at].Messages = append((*list)[at].Messages, id)
	if owner != "" {
		(*list)[at].Owner = owner
	}
}
