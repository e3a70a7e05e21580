package bottest

import (
	"context"
	"net"
	"net/http"

	"tocsin/bot/slack/slacktest"
	"tocsin/store"
)

// Line is what runs between one program and Slack.
type Line struct {
	Client *http.Client
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	Answer func(*http.Response) (*http.Response, error) // what the program answers to a signed POST
}

// InSlack puts the people of a story into a fake Slack, before the first start.
// Every program that starts gets a line of its own.
func (s *Stage) InSlack(overHTTP bool, line func(Line) Line) *slacktest.Fake {
	s.t.Helper()
	there := newSlackTown(s.t, overHTTP)
	there.line = line
	s.town, s.env = there, there.settings(s.env)
	return there.fake
}

// Types has somebody type words in a room, given by its id, and says whether
// the program took them.
func (s *Stage) Types(who, room, words string) bool {
	return s.town.say(who, room, words).Status == http.StatusOK
}

// Store is the program's view of its database.
func (s *Stage) Store() *store.Store { return s.store }
