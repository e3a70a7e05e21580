package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/review"
	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

// reviewCases drafts every case of a folder, one JSON file a case, in the form
// that a scorer of drafts reads. A case is a channel without a store: who
// spoke, what was said, and in which zones. A folder of models holds, for the
// honest figure, one that never saw the case, named by what stands before the
// case's first "-"; without a folder it is the one in this program.
func reviewCases(ctx context.Context, out IO, dir, to, models string) int {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err == nil && len(paths) == 0 {
		err = fault.New(fault.NotFound, "The folder %s holds no case: no file ends in .json.", dir)
	}
	if err == nil {
		err = os.MkdirAll(to, 0o750)
	}
	for _, path := range paths {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = reviewCase(path, to, models)
		}
	}
	if err != nil {
		return complain(out, err)
	}
	fmt.Fprintf(out.Out, "%d drafts written to %s\n", len(paths), to)
	return exitOK
}

func reviewCase(path, to, models string) error {
	data, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
	if err != nil {
		return err
	}
	var c reviewedCase
	if err := json.Unmarshal(data, &c); err != nil {
		return fault.Wrap(fault.Invalid, err, fmt.Sprintf("The file %s is no case.", path))
	}
	if c.ID == "" || c.ID != filepath.Base(c.ID) {
		return fault.New(fault.Invalid, "The case in %s has no id that can name a file.", path)
	}
	model, err := modelFor(c.ID, models)
	if err != nil {
		return err
	}
	in := c.input()
	drawn, err := json.MarshalIndent(scoredDraft(c.ID, review.MakeFrom(in, model.Find(in))), "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, c.ID+".json"), drawn, 0o600)
}

// modelFor is what was learnt without a case.
func modelFor(id, models string) (mine.Model, error) {
	if models == "" {
		return mine.Shipped(), nil
	}
	incident, _, _ := strings.Cut(id, "-")
	path := filepath.Join(models, incident+".json")
	data, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
	if err != nil {
		return mine.Model{}, fault.Wrap(fault.NotFound, err, fmt.Sprintf("There is no model %s.", path))
	}
	m, err := mine.ReadModel(data)
	if err != nil {
		return m, fault.Wrap(fault.Invalid, err, fmt.Sprintf("The file %s is no model.", path))
	}
	return m, nil
}

// reviewedCase is a case as it lies on the disk.
type reviewedCase struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Channel struct {
		Name string `json:"name"`
		Zone string `json:"tz"`
	} `json:"channel"`
	Users map[string]struct {
		Name string `json:"name"`
		Zone string `json:"tz"`
	} `json:"users"`
	Messages []struct {
		ID        string     `json:"id"`
		At        time.Time  `json:"ts"`
		User      string     `json:"user"`
		Text      string     `json:"text"`
		Thread    string     `json:"thread"`
		Bot       bool       `json:"bot"`
		Deleted   bool       `json:"deleted"`
		Edited    *time.Time `json:"edited"`
		Reactions []struct {
			Name  string   `json:"name"`
			Users []string `json:"users"`
		} `json:"reactions"`
	} `json:"messages"`
}

func (c reviewedCase) input() source.Input {
	in := source.Input{ID: c.ID, Title: c.Title, Zone: c.Channel.Zone}
	known := map[string]bool{}
	for id, u := range c.Users {
		in.People = append(in.People, source.Person{ID: id, Name: u.Name, Zone: u.Zone})
		known[id] = true
	}
	for _, m := range c.Messages {
		if !known[m.User] {
			known[m.User] = true
			in.People = append(in.People, source.Person{ID: m.User, Name: m.User, Bot: m.Bot})
		}
		said := source.Message{
			ID: m.ID, At: m.At, Author: m.User, Text: m.Text, Thread: m.Thread,
			Bot: m.Bot, Edited: m.Edited != nil, Deleted: m.Deleted,
		}
		for _, r := range m.Reactions {
			said.Reactions = append(said.Reactions, source.Reaction{Name: r.Name, By: r.Users})
		}
		in.Messages = append(in.Messages, said)
	}
	slices.SortFunc(in.People, func(a, b source.Person) int { return strings.Compare(a.ID, b.ID) })
	in = source.Scrubbed(in) // deleted words too: what was taken out of them is told
	for i := range in.Messages {
		if in.Messages[i].Deleted {
			in.Messages[i].Text = ""
		}
	}
	return in
}

// The scorer's form of a draft.
type (
	scored struct {
		Case       string                 `json:"case"`
		Timeline   []scoredLine           `json:"timeline"`
		Times      map[string]*scoredTime `json:"times"`
		Decisions  []scoredLine           `json:"decisions"`
		Hypotheses []scoredLine           `json:"hypotheses"`
		Actions    []scoredLine           `json:"actions"`
		Factors    []scoredLine           `json:"factors"`
		Redactions []scoredRedaction      `json:"redactions"`
		Markdown   string                 `json:"markdown"`
	}
	scoredLine struct {
		Time   *time.Time `json:"time,omitempty"`
		Text   string     `json:"text"`
		Owner  string     `json:"owner,omitempty"`
		Status string     `json:"status,omitempty"`
		Cites  []string   `json:"cites"`
	}
	scoredTime struct {
		Time  *time.Time `json:"time"`
		Cites []string   `json:"cites"`
	}
	scoredRedaction struct {
		Message string `json:"message"`
		Kind    string `json:"kind"`
	}
)

func scoredDraft(id string, d review.Draft) scored {
	s := scored{
		Case: id, Times: map[string]*scoredTime{}, Redactions: []scoredRedaction{},
		Timeline:   scoredLines(d, review.Timeline),
		Decisions:  scoredLines(d, review.Decisions),
		Hypotheses: scoredLines(d, review.Hypotheses),
		Actions:    scoredLines(d, review.Actions),
		Factors:    scoredLines(d, review.Factors),
		Markdown:   review.Markdown(d, review.CiteIDs),
	}
	for key, m := range review.Moments(d.Times) {
		if m != nil {
			s.Times[key] = &scoredTime{Time: &m.At, Cites: m.Cites}
		} else {
			s.Times[key] = nil
		}
	}
	for _, r := range d.Redacted {
		s.Redactions = append(s.Redactions, scoredRedaction{Message: r.Message, Kind: r.Kind})
	}
	return s
}

// scoredLines are the lines of a section that state something, with what was
// said under them as further citations.
func scoredLines(d review.Draft, key review.SectionKey) []scoredLine {
	lines := []scoredLine{}
	at := map[string]int{}
	for _, l := range d.Section(key).Lines {
		if l.Kind == review.Note || l.Kind == review.Ask {
			continue
		}
		if i, under := at[l.Under]; under {
			if key == review.Hypotheses {
				lines[i].Cites = append(lines[i].Cites, l.Cites...)
			}
			continue
		}
		at[l.Key] = len(lines)
		x := scoredLine{Text: l.Text, Owner: l.Owner, Cites: slices.Clone(l.Cites)}
		if key == review.Hypotheses {
			x.Status = l.Mark
		}
		if !l.At.IsZero() {
			x.Time = &l.At
		}
		lines = append(lines, x)
	}
	return lines
}
