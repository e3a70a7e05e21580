package review

import (
	"encoding/json"
	"time"
)

// The form of a draft as JSON: names are given once and never again; an empty
// value is left out.
type (
	draftJSON struct {
		Number   string                 `json:"number,omitempty"`
		Title    string                 `json:"title"`
		Severity string                 `json:"severity,omitempty"`
		Status   string                 `json:"status,omitempty"`
		Private  bool                   `json:"private,omitempty"`
		Drill    bool                   `json:"drill,omitempty"`
		Link     string                 `json:"link,omitempty"`
		Times    map[string]*momentJSON `json:"times"`
		Sections []sectionJSON          `json:"sections"`
		Redacted []redactedJSON         `json:"redacted"`
		Sources  map[string]sourceJSON  `json:"sources"`
		People   map[string]string      `json:"people"`
	}
	momentJSON struct {
		At    time.Time   `json:"at"`
		Cites []string    `json:"cites"`
		Sure  bool        `json:"sure,omitempty"`
		Other *momentJSON `json:"other,omitempty"`
	}
	sectionJSON struct {
		Key   SectionKey `json:"key"`
		Title string     `json:"title"`
		Lines []lineJSON `json:"lines"`
	}
	lineJSON struct {
		Key     string     `json:"key"`
		Kind    LineKind   `json:"kind"`
		At      *time.Time `json:"at,omitempty"`
		Who     string     `json:"who,omitempty"`
		Text    string     `json:"text"`
		Cites   []string   `json:"cites,omitempty"`
		Quote   bool       `json:"quote,omitempty"`
		Sure    bool       `json:"sure,omitempty"`
		Mark    string     `json:"mark,omitempty"`
		Foreign bool       `json:"foreign,omitempty"`
		Owner   string     `json:"owner,omitempty"`
		Due     string     `json:"due,omitempty"`
		Under   string     `json:"under,omitempty"`
		Class   string     `json:"class,omitempty"`
		Link    string     `json:"link,omitempty"`
		Image   string     `json:"image,omitempty"`
	}
	redactedJSON struct {
		Message string `json:"message"`
		Kind    string `json:"kind"`
	}
	sourceJSON struct {
		At     time.Time `json:"at"`
		Author string    `json:"author,omitempty"`
		Text   string    `json:"text"`
		Link   string    `json:"link,omitempty"`
		Fact   bool      `json:"recorded,omitempty"`
	}
)

// JSON draws a draft as JSON.
func JSON(d Draft) []byte {
	out := draftJSON{
		Number: d.Number, Title: d.Title, Severity: d.Severity, Status: d.Status, Private: d.Private, Drill: d.Drill, Link: d.Link,
		Times: map[string]*momentJSON{}, Sections: []sectionJSON{}, Redacted: []redactedJSON{}, Sources: map[string]sourceJSON{}, People: d.Names,
	}
	for _, t := range moments(d.Times) {
		var m *momentJSON
		if t.Moment != nil {
			m = &momentJSON{At: t.At.UTC(), Cites: t.Cites, Sure: t.Sure}
			if o := t.Other; o != nil {
				m.Other = &momentJSON{At: o.At.UTC(), Cites: o.Cites, Sure: o.Sure}
			}
		}
		out.Times[t.key] = m
	}
	for _, s := range d.Sections {
		x := sectionJSON{Key: s.Key, Title: s.Title, Lines: []lineJSON{}}
		for _, l := range s.Lines {
			x.Lines = append(x.Lines, jsonLine(l))
		}
		out.Sections = append(out.Sections, x)
	}
	for _, r := range d.Redacted {
		out.Redacted = append(out.Redacted, redactedJSON(r))
	}
	for id, s := range d.Sources {
		out.Sources[id] = sourceJSON{At: s.At.UTC(), Author: s.Author, Text: s.Text, Link: s.Link, Fact: s.Fact}
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil // strings, times and numbers can be written; a year beyond 9999 cannot
	}
	return append(data, '\n')
}

func jsonLine(l Line) lineJSON {
	x := lineJSON{
		Key: l.Key, Kind: l.Kind, Who: l.Who, Text: l.Text, Cites: l.Cites, Quote: l.Quote, Sure: l.Sure, Mark: l.Mark,
		Foreign: l.Foreign, Owner: l.Owner, Under: l.Under, Class: l.Class, Link: l.Link, Image: l.Image,
	}
	if !l.At.IsZero() {
		at := l.At.UTC()
		x.At = &at
	}
	if !l.Due.IsZero() {
		x.Due = l.Due.UTC().Format(time.DateOnly)
	}
	return x
}
