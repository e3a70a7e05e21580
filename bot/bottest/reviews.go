package bottest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// reviewLine plays what somebody does on the page of a review, or looks at:
//
//	review ann INC-1: open
//	review ann INC-1: edit "words that it says" to "other words"
//	review ann INC-1: add summary "words of one's own"
//	review ann INC-1: remove "words" (or restore, revert)
//	review ann INC-1: take decision "words" (or drop)
//	review ann INC-1: move published
//	review ann INC-1: has "words"
//
// What somebody does is done on the page as they opened it last; a change of
// their own opens it anew.
func (p *player) reviewLine(head, rest string) error {
	who, number, ok := strings.Cut(head, " ")
	verb, more, _ := strings.Cut(rest, " ")
	if !ok {
		return errors.New("say: review ann INC-1: has \"words\"")
	}
	if verb == "has" || verb == "hasn't" || len(verb) > 0 && verb[0] >= '0' && verb[0] <= '9' {
		return judge([]string{p.reviewSeen(who, number)}, rest)
	}
	as := p.personCalled(who)
	if p.opened == nil {
		p.opened = map[string]web.ReviewPage{}
	}
	page, is := p.opened[who+number]
	if !is || verb == "open" {
		page = p.reviewOpen(as, number)
		p.opened[who+number] = page
	}
	if verb == "open" {
		return nil
	}
	e, err := editOf(page, verb, more, quotes(more))
	if err != nil {
		return err
	}
	p.keys++
	_, err = p.house.Reviews().Change(context.Background(), as, number, fmt.Sprintf("story-%d", p.keys), e)
	p.last = changedTo(err)
	p.Rest()
	if err == nil {
		p.opened[who+number] = p.reviewOpen(as, number)
	}
	return nil
}

// erases has the operator erase what somebody wrote, or what was written of an
// incident.
func (s *Stage) erases(what, who string) heard {
	s.t.Helper()
	body := strings.NewReader(fmt.Sprintf(`{%q: %q}`, what, who))
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://127.0.0.1:8080/api/v1/erase", body)
	s.must(err, "make a request")
	req.Header.Set("Authorization", "Bearer "+token)
	return s.send(req)
}

func changedTo(err error) heard {
	if err == nil {
		return heard{Status: http.StatusOK}
	}
	if c, is := errors.AsType[*web.ReviewConflict](err); is {
		return heard{Status: http.StatusConflict, Body: c.Error() + " It reads: " + c.Line.Text}
	}
	return heard{Status: fault.KindOf(err).Status(), Body: fault.Sentence(err)}
}

func editOf(page web.ReviewPage, verb, more string, quoted []string) (web.ReviewEdit, error) {
	first, _, _ := strings.Cut(more, " ")
	do := map[string]web.ReviewDo{"edit": web.EditLine, "remove": web.RemoveLine, "restore": web.RestoreLine, "revert": web.RevertLine}[verb]
	switch {
	case verb == "move":
		return web.ReviewEdit{Do: web.MoveReview, State: more}, nil
	case len(quoted) == 0:
	case verb == "add":
		for _, s := range page.Sections {
			if string(s.Key) == first {
				return web.ReviewEdit{Do: web.AddLine, Section: s.Key, Text: quoted[0]}, nil
			}
		}
	case verb == "take" || verb == "drop":
		for _, c := range page.Candidates {
			if c.As == first && strings.Contains(c.Text, quoted[0]) {
				return web.ReviewEdit{Do: web.ReviewDo(verb), Message: c.Message, As: c.As}, nil
			}
		}
	case do != "":
		for _, s := range page.Sections {
			for _, l := range s.Lines {
				if strings.Contains(l.Text, quoted[0]) || l.Text == "" && strings.Contains(l.Machine, quoted[0]) {
					return web.ReviewEdit{Do: do, Line: l.Key, Section: s.Key, Text: quoted[len(quoted)-1], Before: l.Version}, nil
				}
			}
		}
	}
	return web.ReviewEdit{}, fmt.Errorf("the page has nothing to %s so:\n%s", verb, reviewText(page))
}

func (p *player) personCalled(name string) incident.PersonID { return p.known(name).ID }

// mailOf is somebody's e-mail, or their name where they have none.
func (p *player) mailOf(name string) string {
	if mail := p.known(name).Email; mail != "" {
		return mail
	}
	return name
}

// known is somebody by the first of their names.
func (p *player) known(name string) incident.Person {
	p.t.Helper()
	all, err := p.store.Everybody(context.Background())
	p.must(err, "read who there is")
	for _, one := range all {
		if first, _, _ := strings.Cut(one.Name, " "); strings.EqualFold(first, name) {
			return one
		}
	}
	p.t.Fatalf("nobody is called %s", name)
	return incident.Person{}
}

func (p *player) reviewOpen(as incident.PersonID, number string) web.ReviewPage {
	p.t.Helper()
	page, found, err := p.house.Reviews().Read(context.Background(), as, number)
	p.must(err, "read the review of "+number)
	if !found {
		p.t.Fatalf("the review of %s is not found", number)
	}
	return page
}

func (p *player) reviewSeen(who, number string) string {
	p.t.Helper()
	page, found, err := p.house.Reviews().Read(context.Background(), p.personCalled(who), number)
	p.must(err, "read the review of "+number)
	if !found {
		return "404"
	}
	return reviewText(page)
}

// reviewText is a page in words, a line each.
func reviewText(page web.ReviewPage) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s, %s's, due %s, may be moved to %s\n", page.Number, page.Title, page.State, page.Assignee, page.Due.Format(time.RFC3339), strings.Join(page.Moves, " "))
	for _, s := range page.Sections {
		fmt.Fprintf(&b, "== %s (%s)\n", s.Title, s.Key)
		for _, l := range s.Lines {
			mark := ""
			if l.Removed {
				mark = "[removed] "
			}
			fmt.Fprintf(&b, "%s%s", mark, l.Text)
			if l.Kind == "ask" {
				fmt.Fprintf(&b, " (asked: %s)", l.Machine)
			}
			if l.By != "" {
				fmt.Fprintf(&b, " (written by %s)", l.By)
			}
			b.WriteString("\n")
		}
	}
	for _, c := range page.Candidates {
		fmt.Fprintf(&b, "%s? %s: %s\n", c.As, c.Author, c.Text)
	}
	for _, m := range page.Talk {
		fmt.Fprintf(&b, "%s %s: %s\n", m.At.Format("15:04"), m.Author, m.Text)
	}
	for _, v := range page.Versions {
		fmt.Fprintf(&b, "version %d by %s %s\n", v.Number, v.By, strings.Join(v.Where, " "))
	}
	return b.String()
}
