package web

import (
	"net/url"
	"slices"
)

// view is a page with what is looked up while it is drawn.
type view struct {
	ReviewPage
	path    string                   // "/reviews/INC-7"
	days    bool                     // it went over more than one day
	said    map[string]ReviewMessage // by id
	users   map[string][]string      // keys of the lines that rest on a message
	where   map[string]string        // the title of a line's section, by its key
	offered map[string]bool          // messages that are candidates
	cited   []string                 // ids in the order in which lines name them
	notesAt map[string]int           // the number of a source's footnote
}

func newView(p ReviewPage) view {
	v := view{
		ReviewPage: p, path: reviewRoot + "/" + url.PathEscape(p.Number),
		said: make(map[string]ReviewMessage, len(p.Talk)), users: map[string][]string{}, where: map[string]string{},
		offered: map[string]bool{}, notesAt: map[string]int{},
	}
	for _, m := range p.Talk {
		v.said[m.ID] = m
	}
	if n := len(p.Talk); n > 0 {
		first, last := p.Talk[0].At.UTC(), p.Talk[n-1].At.UTC()
		v.days = first.YearDay() != last.YearDay() || first.Year() != last.Year()
	}
	for _, s := range p.Sections {
		for _, l := range s.Lines {
			v.where[l.Key] = s.Title
			if l.Removed {
				continue
			}
			for _, c := range l.Cites {
				v.rests(l.Key, c)
			}
		}
	}
	for _, c := range p.Candidates {
		v.offered[c.Message] = true
	}
	return v
}

func (v *view) rests(key, id string) {
	if _, ok := v.said[id]; !ok || slices.Contains(v.users[id], key) {
		return
	}
	v.users[id] = append(v.users[id], key)
	if v.notesAt[id] == 0 {
		v.cited = append(v.cited, id)
		v.notesAt[id] = len(v.cited)
	}
}

// block is one piece of the page that changes by itself.
type block struct {
	ID    string `json:"id"`
	In    string `json:"in,omitempty"`    // the list that it stands in; empty: it stands where it is
	After string `json:"after,omitempty"` // behind which of that list; empty: in front
	HTML  string `json:"html"`
}

// blocks are all pieces of a page that can change while it is open.
func (v view) blocks() []block {
	out := []block{{ID: "bar", HTML: drawn(v.bar())}, {ID: "notes", HTML: drawn(v.notes())}}
	for _, s := range v.Sections {
		in, after := sectionID(s)+"-lines", ""
		for _, l := range s.Lines {
			out = append(out, block{ID: lineID(l.Key), In: in, After: after, HTML: drawn(v.line(l))})
			after = lineID(l.Key)
		}
		if v.offers(s.Key) {
			out = append(out, block{ID: sectionID(s) + "-found", HTML: drawn(v.candidates(s))})
		}
	}
	return append(out, v.talkBlocks()...)
}

// news is what a page must take over to stand where the review stands.
type news struct {
	Head   uint64   `json:"head"`
	Shape  string   `json:"shape"`
	Blocks []block  `json:"blocks"`
	Gone   []string `json:"gone,omitempty"`
	Whole  bool     `json:"whole,omitempty"` // these are all: what else is there is gone
}

// since is what has changed from some blocks to these.
func since(old, fresh []block) (changed []block, gone []string) {
	before := make(map[string]block, len(old))
	for _, b := range old {
		before[b.ID] = b
	}
	for _, b := range fresh {
		if was, ok := before[b.ID]; !ok || was != b {
			changed = append(changed, b)
		}
		delete(before, b.ID)
	}
	for _, b := range old {
		if _, left := before[b.ID]; left {
			gone = append(gone, b.ID)
		}
	}
	return changed, gone
}
