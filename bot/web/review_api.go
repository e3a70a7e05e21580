package web

import (
	"net/http"
	"time"

	"tocsin/incident/fault"
)

// written is a review in an answer of the API.
type written struct {
	Incident string           `json:"incident"`
	Title    string           `json:"title"`
	State    string           `json:"state"`
	Private  bool             `json:"private"`
	Drill    bool             `json:"drill"`
	Head     uint64           `json:"head"`
	Assignee string           `json:"assignee,omitempty"`
	Due      time.Time        `json:"due,omitzero"`
	Versions []writtenVersion `json:"versions"`
	Sections []writtenSection `json:"sections"`
	Sources  []writtenSource  `json:"sources"`
}

type writtenVersion struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Where  []string  `json:"where"`
}

type writtenSection struct {
	Key   string        `json:"key"`
	Title string        `json:"title"`
	Lines []writtenLine `json:"lines"`
}

type writtenLine struct {
	Key     string    `json:"key"`
	Kind    string    `json:"kind"`
	Text    string    `json:"text"`
	Machine string    `json:"machine,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Who     string    `json:"who,omitempty"`
	Sources []string  `json:"sources"`
	Quote   bool      `json:"quote,omitempty"`
	Sure    bool      `json:"sure,omitempty"`
	Mark    string    `json:"mark,omitempty"`
	Owner   string    `json:"owner,omitempty"`
	Due     time.Time `json:"due,omitzero"`
	Version uint64    `json:"version"`
	By      string    `json:"by,omitempty"`
	Changed time.Time `json:"changed_at,omitzero"`
	Removed bool      `json:"removed,omitempty"`
	Own     bool      `json:"own,omitempty"`
}

type writtenSource struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Author string    `json:"author,omitempty"`
	Text   string    `json:"text"`
	Link   string    `json:"link,omitempty"`
	Fact   bool      `json:"fact,omitempty"`
}

// review answers with a review: the draft with what people wrote, and the
// messages that it rests on.
func (a *api) review(w http.ResponseWriter, r *http.Request) {
	as, err := a.People.As(r.Context(), r.FormValue("as"))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	found := false
	var page ReviewPage
	if a.Reviews != nil {
		page, found, err = a.Reviews.Read(r.Context(), as, r.PathValue("id"))
	}
	if err != nil && fault.KindOf(err) != fault.NotFound {
		a.fail(w, r, err)
		return
	}
	if err != nil || !found {
		a.fail(w, r, fault.New(fault.NotFound, "There is no such incident, or no review of it yet.").WithExample("/api/v1/incidents"))
		return
	}
	write(w, http.StatusOK, writtenOf(newView(page)))
}

func writtenOf(v view) written {
	out := written{
		Incident: v.Number, Title: v.Title, State: v.State, Private: v.Private, Drill: v.Drill, Head: v.Head,
		Assignee: v.Assignee, Due: v.Due, Versions: []writtenVersion{}, Sections: []writtenSection{}, Sources: []writtenSource{},
	}
	for _, one := range v.Versions {
		out.Versions = append(out.Versions, writtenVersion{Number: one.Number, At: one.At, By: one.By, Where: append([]string{}, one.Where...)})
	}
	for _, s := range v.Sections {
		part := writtenSection{Key: string(s.Key), Title: s.Title, Lines: []writtenLine{}}
		for _, l := range s.Lines {
			part.Lines = append(part.Lines, writtenLine{
				Key: l.Key, Kind: string(l.Kind), Text: l.Text, Machine: l.Machine, At: l.At, Who: l.Who, Sources: append([]string{}, l.Cites...),
				Quote: l.Quote, Sure: l.Sure, Mark: l.Mark, Owner: l.Owner, Due: l.Due, Version: l.Version, By: l.By, Changed: l.Changed, Removed: l.Removed, Own: l.Own,
			})
		}
		out.Sections = append(out.Sections, part)
	}
	for _, id := range v.cited {
		m := v.said[id]
		out.Sources = append(out.Sources, writtenSource{ID: m.ID, At: m.At, Author: m.Author, Text: m.Text, Link: m.Link, Fact: m.Fact})
	}
	return out
}
