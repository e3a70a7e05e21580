package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tocsin/incident/fault"
)

// read gives the review of the path as a visitor may see it; when it cannot,
// it has answered.
func (p *reviewPages) read(w http.ResponseWriter, r *http.Request, v visitor) (view, bool) {
	page, found, err := p.Reviews.Read(r.Context(), v.Person, r.PathValue("id"))
	switch {
	case err != nil && fault.KindOf(err) != fault.NotFound:
		p.failed(w, r, err)
		return view{}, false
	case err != nil || !found:
		p.absent(w, r)
		return view{}, false
	}
	return newView(page), true
}

func (p *reviewPages) page(w http.ResponseWriter, r *http.Request, who visitor) {
	v, ok := p.read(w, r, who)
	if !ok {
		return
	}
	if r.PathValue("id") != v.Number { // one address for one review, however it was named
		to := v.path
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	draw(w, http.StatusOK, v.page(p.assets.prefix, p.verb()))
}

// talk hands out a run of messages that the page had folded.
func (p *reviewPages) talk(w http.ResponseWriter, r *http.Request, who visitor) {
	v, ok := p.read(w, r, who)
	if !ok {
		return
	}
	const most = 200
	count, err := strconv.Atoi(r.FormValue("count"))
	from := slices.IndexFunc(v.Talk, func(m ReviewMessage) bool { return m.ID == r.FormValue("from") })
	if err != nil || count < 1 || from < 0 {
		p.refuse(w, r, http.StatusBadRequest, "Which messages? Load the page again.", "")
		return
	}
	count = min(count, len(v.Talk)-from)
	var out strings.Builder
	for _, m := range v.Talk[from : from+min(count, most)] {
		out.WriteString(drawn(v.message(m)))
	}
	if rest := count - most; rest > 0 {
		out.WriteString(drawn(v.gap(from+most, from+count)))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, out.String()) // the reader has gone; nobody is left to tell
}

func (p *reviewPages) picture(w http.ResponseWriter, r *http.Request, who visitor) {
	pic, found, err := p.Reviews.Picture(r.Context(), who.Person, r.PathValue("id"), r.PathValue("name"))
	if err != nil && fault.KindOf(err) != fault.NotFound {
		p.failed(w, r, err)
		return
	}
	if err != nil || !found || !slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, pic.Kind) {
		p.absent(w, r)
		return
	}
	w.Header().Set("Content-Type", pic.Kind)
	w.Header().Set("Content-Disposition", "inline")
	_, _ = w.Write(pic.Bytes) // the reader has gone; nobody is left to tell
}

// changeAsked is one change as the page sends it.
type changeAsked struct {
	Key     string `json:"key"`
	Do      string `json:"do"`
	Line    string `json:"line"`
	Section string `json:"section"`
	After   string `json:"after"`
	Text    string `json:"text"`
	Before  uint64 `json:"before"`
	State   string `json:"state"`
	Message string `json:"message"`
	As      string `json:"as"`
}

// changeTold is what the page hears of a change.
type changeTold struct {
	Line     *block `json:"line,omitempty"` // the line as it reads after it
	Version  uint64 `json:"version,omitempty"`
	Conflict *clash `json:"conflict,omitempty"`
}

// clash is the other text of a change that came too late.
type clash struct {
	Text    string `json:"text"`
	By      string `json:"by"`
	Version uint64 `json:"version"`
	Removed bool   `json:"removed,omitempty"`
}

// maxLine is the most letters of one line.
const maxLine = 4000

func (p *reviewPages) change(w http.ResponseWriter, r *http.Request, who visitor) {
	e, key, err := readChange(r)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	line, err := p.Reviews.Change(r.Context(), who.Person, r.PathValue("id"), key, e)
	if c, is := errors.AsType[*ReviewConflict](err); is {
		write(w, http.StatusConflict, changeTold{Conflict: &clash{Text: c.Line.Text, By: c.Line.By, Version: c.Line.Version, Removed: c.Line.Removed}})
		return
	}
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			p.absent(w, r)
			return
		}
		p.fail(w, r, err)
		return
	}
	if line.Key == "" {
		write(w, http.StatusOK, changeTold{})
		return
	}
	b, err := p.drawnLine(r, who, line)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	write(w, http.StatusOK, changeTold{Line: &b, Version: line.Version})
}

// drawnLine draws a line as the whole page would, which knows the sources.
func (p *reviewPages) drawnLine(r *http.Request, who visitor, line ReviewLine) (block, error) {
	page, _, err := p.Reviews.Read(r.Context(), who.Person, r.PathValue("id"))
	if err != nil {
		return block{}, err
	}
	v := newView(page)
	id := lineID(line.Key)
	for _, b := range v.blocks() {
		if b.ID == id {
			b.HTML = drawn(v.line(line)) // as it read after this change, whatever came since
			return b, nil
		}
	}
	return block{ID: id, In: sectionID(ReviewSection{Key: line.Section}) + "-lines", HTML: drawn(v.line(line))}, nil
}

// readChange reads one change; its faults are Invalid.
func readChange(r *http.Request) (ReviewEdit, string, error) {
	body, err := io.ReadAll(r.Body)
	var a changeAsked
	if err != nil || json.Unmarshal(body, &a) != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return ReviewEdit{}, "", fault.New(fault.Invalid, "This change could not be read. Nothing was changed; load the page again.")
	}
	if a.Key == "" || len(a.Key) > 120 {
		return ReviewEdit{}, "", fault.New(fault.Invalid, "A change needs a key of its own. Nothing was changed.")
	}
	if n := len([]rune(a.Text)); n > maxLine {
		return ReviewEdit{}, "", fault.New(fault.Invalid, "A line may have %d letters; this one has %d. It was not saved.", maxLine, n)
	}
	do := ReviewDo(a.Do)
	if !slices.Contains([]ReviewDo{EditLine, AddLine, RemoveLine, RestoreLine, RevertLine, TakeCandidate, DropCandidate, MoveReview}, do) {
		return ReviewEdit{}, "", fault.New(fault.Invalid, "This tocsin does not know the change %q. Load the page again.", a.Do)
	}
	return ReviewEdit{
		Do: do, Line: a.Line, Section: sectionKey(a.Section), After: a.After, Text: cleanText(a.Text),
		Before: a.Before, State: a.State, Message: a.Message, As: a.As,
	}, a.Key, nil
}
