package bottest

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"testing"

	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
	"tocsin/commands"
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

// Installed gives the app the scopes and events that the manifest asks for, and
// no others.
func Installed(t testing.TB, o slacktest.Options) slacktest.Options {
	t.Helper()
	var m struct {
		OAuth struct {
			Scopes struct {
				Bot      []string `json:"bot"`
				Optional []string `json:"bot_optional"`
			} `json:"scopes"`
		} `json:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `json:"bot_events"`
			} `json:"event_subscriptions"`
		} `json:"settings"`
	}
	if err := json.Unmarshal(slack.Manifest("incident", commands.Verbs(), ""), &m); err != nil {
		t.Fatal(err)
	}
	o.Scopes, o.Events = append(m.OAuth.Scopes.Bot, m.OAuth.Scopes.Optional...), m.Settings.Events.Bot
	return o
}
