package reviewtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review/source"
)

// Long is a room with so many messages: the project's own transcripts again
// and again, each time with other figures and other names of things, an hour
// of other talk between them.
func Long(tb testing.TB, messages int) source.Input {
	tb.Helper()
	own := Own(tb)
	in := source.Input{ID: "long", Title: own[0].Title, Zone: "UTC"}
	for _, o := range own {
		for _, p := range o.People {
			if !slices.ContainsFunc(in.People, func(q source.Person) bool { return q.ID == p.ID }) {
				in.People = append(in.People, p)
			}
		}
	}
	at := own[0].Messages[0].At
	for round := 0; ; round++ {
		from := own[round%len(own)].Messages
		for i, m := range from {
			if len(in.Messages) == messages {
				return in
			}
			if i > 0 {
				at = at.Add(m.At.Sub(from[i-1].At))
			}
			m.ID, m.At, m.Text = fmt.Sprintf("m%06d", len(in.Messages)+1), at, other(m.Text, round)
			in.Messages = append(in.Messages, m)
		}
		at = at.Add(time.Hour)
	}
}

// other gives the names of things in a text another number, and every fifth
// long word another ending.
func other(text string, round int) string {
	if round == 0 {
		return text
	}
	words := strings.Split(text, " ")
	for i, w := range words {
		if len(w) > 7 && (i+round)%5 == 0 {
			words[i] = w + strconv.Itoa(round%97)
		}
	}
	return strings.Join(words, " ")
}
