package exports

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"tocsin/incident"
	"tocsin/incident/review/source"
)

// people are those who took part, each once.
type people struct {
	at   map[string]int
	list []source.Person
}

func newPeople() *people { return &people{at: map[string]int{}} }

// add makes somebody one of them; what is known already stays.
func (p *people) add(one source.Person) {
	if one.ID == "" {
		return
	}
	if _, known := p.at[one.ID]; known {
		return
	}
	p.at[one.ID] = len(p.list)
	p.list = append(p.list, one)
}

// met is somebody's id, once they are among them.
func (p *people) met(id, name string, bot bool) string {
	if id == "" {
		return ""
	}
	if name == "" {
		name = id
	}
	p.add(source.Person{ID: id, Name: name})
	n := p.at[id]
	p.list[n].Bot = p.list[n].Bot || bot
	return id
}

func (p *people) sorted() []source.Person {
	slices.SortFunc(p.list, func(a, b source.Person) int { return strings.Compare(a.ID, b.ID) })
	return p.list
}

// finished takes out what must not be kept: what deceives, and credentials.
func finished(in source.Input) source.Input {
	in.Title = line(in.Title)
	for i := range in.People {
		in.People[i].Name = line(in.People[i].Name)
	}
	for i := range in.Messages {
		in.Messages[i].Text = incident.Clean(in.Messages[i].Text)
		for k := range in.Messages[i].Files {
			in.Messages[i].Files[k].Name = line(in.Messages[i].Files[k].Name)
		}
	}
	for i := range in.Facts {
		in.Facts[i].Words = incident.Clean(in.Facts[i].Words)
	}
	return source.Scrubbed(in)
}

// line is words that stand on one line.
func line(words string) string { return strings.Join(strings.Fields(incident.Clean(words)), " ") }

// jsonFault says what is wrong with a file, and where.
func jsonFault(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return "at byte " + strconv.FormatInt(syntax.Offset, 10) + " it is no JSON"
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return "at byte " + strconv.FormatInt(kind.Offset, 10) + " it holds a " + kind.Value + " where none belongs"
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "it ends too early"
	}
	return "it is no JSON"
}
