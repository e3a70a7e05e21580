// Package reviewtest reads transcripts of incidents for tests of the review:
// its own, and the labelled cases that stay outside of the project.
//
// It must not be in the binary.
//
// The one idea: a check on drafts is worth what it finds on talk that nobody
// wrote for it, so every such test also runs on the cases when it is told
// where they are.
//
// Guarantees: the cases are read, never written.
package reviewtest

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review/source"
)

//go:embed testdata/*.txt
var own embed.FS

// CasesVariable names the environment's word for the folder that holds
// "cases" and "cases_more".
const CasesVariable = "TOCSIN_REVIEW_CASES"

// Own gives the transcripts of the project.
func Own(tb testing.TB) []source.Input {
	tb.Helper()
	names, err := fs.Glob(own, "testdata/*.txt")
	if err != nil || len(names) == 0 {
		tb.Fatalf("no transcripts: %v", err)
	}
	var out []source.Input
	for _, name := range names {
		data, err := own.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		in, err := Parse(strings.TrimSuffix(filepath.Base(name), ".txt"), data)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, in)
	}
	return out
}

// Parse reads a transcript: "title:", "zone:", "person: id, name, zone",
// "bot: id" and "day:" lines, then "15:04 who: words" in the order it was said.
func Parse(id string, data []byte) (source.Input, error) {
	in := source.Input{ID: id}
	day := time.Time{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		key, rest, _ := strings.Cut(lines.Text(), ": ")
		switch key {
		case "":
		case "title":
			in.Title = rest
		case "zone":
			in.Zone = rest
		case "person":
			f := strings.SplitN(rest, ", ", 3)
			in.People = append(in.People, source.Person{ID: f[0], Name: f[1], Zone: f[2]})
		case "bot":
			in.People = append(in.People, source.Person{ID: rest, Name: rest, Bot: true})
		case "day":
			var err error
			if day, err = time.Parse(time.DateOnly, rest); err != nil {
				return in, err
			}
		default:
			clock, who, _ := strings.Cut(key, " ")
			at, err := time.Parse("15:04", clock)
			if err != nil {
				return in, fmt.Errorf("%s: %q: %w", id, lines.Text(), err)
			}
			in.Messages = append(in.Messages, source.Message{
				ID: fmt.Sprintf("m%03d", len(in.Messages)+1), Author: who, Text: rest,
				At:  day.Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute),
				Bot: slices.ContainsFunc(in.People, func(p source.Person) bool { return p.ID == who && p.Bot }),
			})
		}
	}
	return source.Scrubbed(in), lines.Err()
}

// Cases gives the labelled cases, without their labels. Where the environment
// does not say where they are the test is skipped; CI says it.
func Cases(tb testing.TB) []source.Input {
	tb.Helper()
	dir := os.Getenv(CasesVariable)
	if dir == "" {
		tb.Skipf("%s is not set: the cases stay outside of the project", CasesVariable)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "cases*", "*.json"))
	if err != nil || len(paths) == 0 {
		tb.Fatalf("%s=%s holds no cases (%v)", CasesVariable, dir, err)
	}
	var out []source.Input
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		var c labelled
		if err := json.Unmarshal(data, &c); err != nil {
			tb.Fatalf("%s: %v", path, err)
		}
		out = append(out, c.input())
	}
	return out
}

// labelled is a case as it lies on the disk.
type labelled struct {
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
}

func (c labelled) input() source.Input {
	in := source.Input{ID: c.ID, Title: c.Title, Zone: c.Channel.TZ}
	for id, u := range c.Users {
		in.People = append(in.People, source.Person{ID: id, Name: u.Name, Zone: u.TZ})
	}
	for _, m := range c.Messages {
		if !slices.ContainsFunc(in.People, func(p source.Person) bool { return p.ID == m.User }) {
			in.People = append(in.People, source.Person{ID: m.User, Name: m.User, Bot: m.Bot})
		}
		said := source.Message{ID: m.ID, At: m.TS, Author: m.User, Text: m.Text, Thread: m.Thread, Bot: m.Bot, Deleted: m.Deleted}
		if m.Deleted {
			said.Text = ""
		}
		for _, r := range m.Reactions {
			said.Reactions = append(said.Reactions, source.Reaction{Name: r.Name, By: r.Users})
		}
		in.Messages = append(in.Messages, said)
	}
	slices.SortFunc(in.People, func(a, b source.Person) int { return strings.Compare(a.ID, b.ID) })
	return source.Scrubbed(in)
}
