package incident

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"tocsin/incident/fault"
)

// Limits on what people write, in characters.
const (
	MaxTitle = 200
	MaxLine  = 500 // reasons, tasks, impact, the words of a page
	MaxNote  = 4000
	MaxURL   = 300
	MaxName  = 80 // of a service, a target, a nudge
)

// asked is what a decision wants of a text that somebody wrote.
type asked struct {
	what  string // "title"; begins a sentence after "The"
	limit int
	try   string // an example that works
	empty bool   // may be left out
	lines bool   // may have several lines
}

// text cleans what was written and refuses it when it is empty or too long.
func (a Actor) text(said string, want asked) (Text, error) {
	words := strings.TrimSpace(Clean(said))
	if !want.lines {
		words = oneLine(words)
	}
	n := utf8.RuneCountInString(words)
	switch {
	case n == 0 && want.empty:
		return Text{}, nil
	case n == 0:
		return Text{}, invalid(want.try, "The %s is empty. Say it after the command.", want.what)
	case n > want.limit:
		return Text{}, invalid(want.try, "The %s has %d characters; at most %d fit. Put the rest into a note.", want.what, n, want.limit)
	}
	return Text{Author: a.Person, Words: words}, nil
}

// name cleans a short name and refuses an empty or overlong one.
func name(said, what, try string) (string, error) {
	n := oneLine(said)
	if n == "" || utf8.RuneCountInString(n) > MaxName {
		return "", invalid(try, "The name of a %s has 1 to %d characters.", what, MaxName)
	}
	return n, nil
}

// address cleans a link and refuses what is none.
func address(said, try string) (string, error) {
	link := strings.TrimSpace(Clean(said))
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsAny(link, " \n\t<>\"") {
		return "", invalid(try, "That is not a web address that I can keep.")
	}
	if len(link) > MaxURL {
		return "", invalid(try, "A web address has at most %d characters.", MaxURL)
	}
	if u.User != nil {
		return "", invalid(try, "That address holds a user name or password. Give it without.")
	}
	return link, nil
}

// past refuses a moment that has not come yet; a minute is forgiven to clocks.
func past(a Actor, at time.Time, what, try string) error {
	if at.After(a.At.Add(time.Minute)) {
		return invalid(try, "The %s lies in the future.", what)
	}
	return nil
}

// coming refuses a moment that is over, and one more than a year away.
func coming(a Actor, at time.Time, what, try string) error {
	switch {
	case !at.After(a.At):
		return invalid(try, "The %s lies in the past.", what)
	case at.After(a.At.AddDate(1, 0, 1)):
		return invalid(try, "The %s is more than a year away.", what)
	}
	return nil
}

// someone refuses an empty person.
func someone(who PersonID, try string) error {
	if who == "" || who == House {
		return fault.New(fault.Invalid, "I do not know whom you mean. Name a person.").WithExample("/incident " + try)
	}
	return nil
}
