package web_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/review"
)

// shelf keeps one review in memory and behaves as the house does: each line
// has a version, a key counts once, a change over an older text is refused.
type shelf struct {
	mu      sync.Mutex
	page    web.ReviewPage
	version uint64
	done    map[string]web.ReviewLine
	moved   chan struct{} // closed when something changed
	edits   []web.ReviewEdit
	fail    error // of the next change, once it was made
	hits    []web.ReviewHit
	barred  incident.PersonID
	race    string // what Bo writes over the next edit before its answer is read
}

func (s *shelf) bar(who incident.PersonID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.barred = who
}

var _ web.Reviews = (*shelf)(nil)

func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-11-26 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

func newShelf() *shelf {
	s := &shelf{done: map[string]web.ReviewLine{}, moved: make(chan struct{}), version: 10}
	line := func(section review.SectionKey, key, text string, cites ...string) web.ReviewLine {
		return web.ReviewLine{Key: string(section) + "/" + key, Section: section, Kind: review.Fact, Text: text, Machine: text, Cites: cites}
	}
	timeline := func(clock, key, class, text string, cites ...string) web.ReviewLine {
		l := line(review.Timeline, key, text, cites...)
		l.At, l.Class = at(clock), class
		return l
	}
	quote := line(review.Factors, "m12", "the pool has been at 20 since we moved to the new proxy", "m12")
	quote.Quote, quote.Who, quote.Kind = true, "Cleo Marsh", review.Opinion
	confirmed := line(review.Hypotheses, "m05", "Bo Lindqvist suggested that the connection pool is exhausted.", "m05", "m12")
	confirmed.Mark = "confirmed"
	refuted := line(review.Hypotheses, "m06", "Ann Okafor suggested that it is the release of 14:02.", "m06", "m08")
	refuted.Mark = "refuted"
	action := line(review.Actions, "m15", "raise the pool and put an alert on its use", "m15")
	action.Owner, action.Due = "Bo Lindqvist", at("00:00").AddDate(0, 0, 7)
	unowned := line(review.Actions, "m16", "write down how to drain the proxy", "m16")
	ask := web.ReviewLine{Key: "asked/paging", Section: review.Asked, Kind: review.Ask, Machine: "Should the paging rules change? The page went to payments first, and was passed on."}
	recorded := timeline("14:02", "e1", "detect", "Ann Okafor declared the incident.", "e1")
	recorded.Sure = true
	s.page = web.ReviewPage{
		ID: "aa", Number: "INC-7", Title: "checkout is failing", Severity: "sev2", Status: "resolved", State: "drafted",
		Assignee: "Ann Okafor", Due: at("12:00").AddDate(0, 0, 5), Room: "https://chat.example.org/inc-7",
		Sections: []web.ReviewSection{
			{Key: review.Header, Title: "About", Lines: []web.ReviewLine{note(review.Header, "made", "Made by machine from 18 messages and 2 records. People decide what it means.")}},
			{Key: review.Summary, Title: "Summary", Lines: []web.ReviewLine{
				line(review.Summary, "what", "Checkout failed for about 40 minutes because the connection pool was exhausted.", "m02", "m05", "m12"),
				line(review.Summary, "end", "It was mitigated by raising the pool to 80 at 14:41.", "m13"),
			}},
			{Key: review.Impact, Title: "Impact", Lines: []web.ReviewLine{line(review.Impact, "m02", "About a third of the payments failed.", "m02")}},
			{Key: review.Timeline, Title: "Timeline", Lines: []web.ReviewLine{
				recorded,
				timeline("14:04", "m02", "impact", "Ann Okafor saw that about a third of the payments fail.", "m02"),
				timeline("14:09", "m05", "hypothesis", "Bo Lindqvist suggested that the connection pool is exhausted.", "m05"),
				timeline("14:38", "m12", "evidence", "Cleo Marsh found the pool at its limit of 20.", "m12"),
				timeline("14:41", "m13", "action", "Bo Lindqvist raised the pool to 80.", "m13"),
				timeline("14:46", "m14", "resolution", "Ann Okafor said that checkout is back.", "m14"),
			}},
			{Key: review.Hypotheses, Title: "Hypotheses", Lines: []web.ReviewLine{confirmed, refuted}},
			{Key: review.Decisions, Title: "Decisions", Lines: []web.ReviewLine{line(review.Decisions, "m13", "Raise the pool to 80 instead of restarting the proxy.", "m13")}},
			{Key: review.Factors, Title: "Contributing factors", Lines: []web.ReviewLine{quote}},
			{Key: review.Actions, Title: "Action items", Lines: []web.ReviewLine{action, unowned}},
			{Key: review.Asked, Title: "For people to answer", Lines: []web.ReviewLine{ask}},
			{Key: review.Sources, Title: "Where this comes from", Lines: []web.ReviewLine{note(review.Sources, "used", "9 of 18 messages are used.")}},
		},
		Candidates: []web.ReviewCandidate{
			{Message: "m09", As: "decision", Text: "let's leave the release in place", Author: "Ann Okafor", At: at("14:20")},
			{Message: "m17", As: "action", Text: "I'll tell the proxy team on Monday", Author: "Cleo Marsh", At: at("14:58")},
		},
	}
	s.page.Talk = talk()
	s.page.Draft = review.Draft{Number: "INC-7", Title: "checkout is failing", Sections: []review.Section{
		{Key: review.Summary, Title: "Summary", Lines: []review.Line{{Key: "summary/what", Kind: review.Fact, Text: "Checkout failed.", Cites: []string{"m02"}}}},
	}, Sources: map[string]review.Source{"m02": {ID: "m02", At: at("14:04"), Author: "Ann Okafor", Text: "payments fail"}}}
	s.hits = []web.ReviewHit{
		{Number: "INC-7", Title: "checkout is failing", Severity: "sev2", State: "drafted", Services: []string{"checkout"}, Declared: at("14:02"), Assignee: "Ann Okafor", Due: at("12:00").AddDate(0, 0, -2), Snippet: "… the connection pool was exhausted …"},
		{Number: "INC-4", Title: "search is slow", Severity: "sev3", State: "published", Services: []string{"search"}, Declared: at("09:00").AddDate(0, 0, -9), Assignee: "Bo Lindqvist", Due: at("12:00").AddDate(0, 0, -4)},
	}
	return s
}

func note(section review.SectionKey, key, text string) web.ReviewLine {
	return web.ReviewLine{Key: string(section) + "/" + key, Section: section, Kind: review.Note, Text: text, Machine: text}
}

func talk() []web.ReviewMessage {
	said := []string{
		"14:03 ann hello, is anybody on this?", "14:04 ann I see <b>500s</b> & about a third of the payments fail",
		"14:06 bo on it", "14:07 bo looking at the graphs of the proxy", "14:09 bo I think the connection pool is exhausted",
		"14:10 ann or is it the release of 14:02?", "14:12 cleo joining", "14:15 cleo the release only touched texts, it is not that",
		"14:20 ann let's leave the release in place then", "14:25 bo still digging", "14:30 bo ```pool=20 used=20 waiting=311\nerror: timed out\n```",
		"14:38 cleo the pool has been at 20 since we moved to the new proxy", "14:41 bo raised it to 80, let's not restart the proxy",
		"14:46 ann checkout is back", "14:50 ann action: raise the pool and put an alert on its use, Bo until next week",
		"14:52 cleo somebody should write down how to drain the proxy", "14:58 cleo I'll tell the proxy team on Monday", "15:00 ann thanks all",
	}
	names := map[string]string{"ann": "Ann Okafor", "bo": "Bo Lindqvist", "cleo": "Cleo Marsh"}
	out := []web.ReviewMessage{{ID: "e1", At: at("14:02"), Author: "Ann Okafor", Text: "declared: checkout is failing", Fact: true}}
	for i, one := range said {
		clock, rest, _ := strings.Cut(one, " ")
		who, words, _ := strings.Cut(rest, " ")
		id := strconv.Itoa(i + 1)
		if i < 9 {
			id = "0" + id
		}
		out = append(out, web.ReviewMessage{ID: "m" + id, At: at(clock), Author: names[who], Text: words, Link: "https://chat.example.org/m/" + id})
	}
	out[13].Captured, out[3].Edited = true, true
	return out
}

// may says who may do what: Ann and Bo edit, Cleo reads, a stranger knows of nothing.
func (s *shelf) may(as incident.PersonID) (name string, edits, knows bool) {
	switch as {
	case "p-ann":
		return "Ann Okafor", true, true
	case "p-bo":
		return "Bo Lindqvist", true, true
	case "p-cleo":
		return "Cleo Marsh", false, true
	default:
	}
	return "", false, !s.page.Private
}

func (s *shelf) knows(as incident.PersonID, words string) (string, bool, bool) {
	name, edits, knows := s.may(as)
	return name, edits && as != s.barred, knows && (words == s.page.Number || words == "7" || words == "aa")
}

func (s *shelf) Read(_ context.Context, as incident.PersonID, words string) (web.ReviewPage, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, edits, found := s.knows(as, words)
	if !found {
		return web.ReviewPage{}, false, nil
	}
	p := s.page
	p.Head, p.You, p.MayEdit = s.version, name, edits
	p.Sections = slices.Clone(p.Sections)
	for i := range p.Sections {
		p.Sections[i].Lines = slices.Clone(p.Sections[i].Lines)
	}
	if edits {
		p.Moves = map[string][]string{"drafted": {"in_review"}, "in_review": {"drafted", "published"}, "published": nil}[p.State]
	}
	return p, true, nil
}

func (s *shelf) Change(_ context.Context, as incident.PersonID, words, key string, e web.ReviewEdit) (web.ReviewLine, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, edits, found := s.knows(as, words)
	if !found {
		return web.ReviewLine{}, fault.New(fault.NotFound, "There is no such incident.")
	}
	if !edits {
		return web.ReviewLine{}, fault.New(fault.Forbidden, "Those who took part in the incident edit its review.")
	}
	if l, is := s.done[key]; is {
		return l, nil
	}
	l, err := s.apply(name, key, e)
	if err != nil {
		return web.ReviewLine{}, err
	}
	s.version++
	if s.race != "" {
		l, _ = s.apply("Bo Lindqvist", "", web.ReviewEdit{Do: web.EditLine, Line: l.Key, Text: s.race, Before: l.Version})
		s.version++
		s.race = ""
	}
	s.done[key] = l
	s.edits = append(s.edits, e)
	close(s.moved)
	s.moved = make(chan struct{})
	err, s.fail = s.fail, nil
	return l, err
}

func (s *shelf) apply(name, key string, e web.ReviewEdit) (web.ReviewLine, error) {
	switch e.Do {
	case web.MoveReview:
		s.page.State = e.State
		if e.State == "published" {
			s.page.Versions = append(s.page.Versions, web.ReviewVersion{Number: 1, At: at("16:00"), By: name, Where: []string{"https://wiki.example.org/inc-7"}})
		}
		return web.ReviewLine{}, nil
	case web.TakeCandidate, web.DropCandidate:
		i := slices.IndexFunc(s.page.Candidates, func(c web.ReviewCandidate) bool { return c.Message == e.Message })
		if i < 0 {
			return web.ReviewLine{}, fault.New(fault.Conflict, "Somebody did that already.")
		}
		c := s.page.Candidates[i]
		s.page.Candidates = slices.Delete(slices.Clone(s.page.Candidates), i, i+1)
		if e.Do == web.DropCandidate {
			return web.ReviewLine{}, nil
		}
		section := map[string]review.SectionKey{"decision": review.Decisions, "action": review.Actions}[e.As]
		l := web.ReviewLine{Key: string(section) + "/" + c.Message, Section: section, Kind: review.Fact, Text: c.Text, Machine: c.Text, Cites: []string{c.Message}, Sure: true}
		s.insert(l, "")
		return l, nil
	case web.AddLine:
		l := web.ReviewLine{Key: "own/" + key, Section: e.Section, Kind: review.Note, Text: e.Text, Own: true, Version: s.version + 1, By: name, Changed: at("16:00")}
		s.insert(l, e.After)
		return l, nil
	default:
	}
	l := s.find(e.Line)
	if l == nil {
		return web.ReviewLine{}, fault.New(fault.NotFound, "There is no such line.")
	}
	if l.Version != e.Before && (e.Do == web.EditLine || e.Do == web.RevertLine) {
		return web.ReviewLine{}, &web.ReviewConflict{Line: *l}
	}
	l.Version, l.By, l.Changed = s.version+1, name, at("16:00")
	switch e.Do {
	case web.EditLine:
		l.Text, l.Removed = e.Text, false
	case web.RevertLine:
		l.Text = l.Machine
	case web.RemoveLine, web.RestoreLine:
		l.Removed = e.Do == web.RemoveLine
	default:
	}
	return *l, nil
}

func (s *shelf) find(key string) *web.ReviewLine {
	for i := range s.page.Sections {
		for j := range s.page.Sections[i].Lines {
			if l := &s.page.Sections[i].Lines[j]; l.Key == key {
				return l
			}
		}
	}
	return nil
}

func (s *shelf) insert(l web.ReviewLine, after string) {
	for i := range s.page.Sections {
		if lines := s.page.Sections[i].Lines; s.page.Sections[i].Key == l.Section {
			j := slices.IndexFunc(lines, func(one web.ReviewLine) bool { return one.Key == after }) + 1
			if j == 0 {
				j = len(lines)
			}
			s.page.Sections[i].Lines = slices.Insert(slices.Clone(lines), j, l)
		}
	}
}

// stir changes what is not a line: a message was captured, say.
func (s *shelf) stir(change func(p *web.ReviewPage)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.page)
	s.version++
	close(s.moved)
	s.moved = make(chan struct{})
}

func (s *shelf) After(ctx context.Context, as incident.PersonID, words string, head uint64) (uint64, error) {
	for {
		s.mu.Lock()
		if _, _, found := s.knows(as, words); !found {
			s.mu.Unlock()
			return 0, fault.New(fault.NotFound, "There is no such incident.")
		}
		now, moved := s.version, s.moved
		s.mu.Unlock()
		if now > head {
			return now, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return head, ctx.Err()
		}
	}
}

func (s *shelf) Search(_ context.Context, as incident.PersonID, words string, limit int) ([]web.ReviewHit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []web.ReviewHit
	for _, h := range s.hits {
		_, _, knows := s.may(as)
		if (knows || !h.Private) && len(out) < limit && strings.Contains(h.Title+h.Snippet, words) {
			out = append(out, h)
		}
	}
	return out, nil
}

func (s *shelf) Picture(_ context.Context, as incident.PersonID, words, name string) (web.ReviewPicture, bool, error) {
	if _, _, found := s.knows(as, words); !found || name == "nothing" {
		return web.ReviewPicture{}, false, nil
	}
	if name == "page" {
		return web.ReviewPicture{Kind: "text/html", Bytes: []byte("<script>")}, true, nil
	}
	return web.ReviewPicture{Kind: "image/png", Bytes: []byte("\x89PNG")}, true, nil
}

// line is how a line reads now.
func (s *shelf) line(t *testing.T, key string) web.ReviewLine {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.find(key)
	if l == nil {
		t.Fatalf("there is no line %s", key)
	}
	return *l
}
