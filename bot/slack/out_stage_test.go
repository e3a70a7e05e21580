package slack_test

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
)

// office is an adapter that calls a fake Slack.
type office struct {
	*testing.T
	*slack.Slack
	far          *slacktest.Fake
	ann, bo, cy  string
	room, secret string // a public and a private channel; tocsin is in both
}

// outside runs a test in a bubble of time with an adapter and a fake.
func outside(t *testing.T, o slacktest.Options, fn func(o office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.Now = time.Now
		far := slacktest.New(o)
		defer far.Close()
		of := office{T: t, far: far, Slack: connect(t, far, slack.Config{})}
		of.ann = far.AddUser(slacktest.User{Name: "ann", RealName: "Ann Archer", Email: "ann@acme.example", Zone: "Europe/Paris"}).ID
		of.bo = far.AddUser(slacktest.User{Name: "bo"}).ID
		of.cy = far.AddUser(slacktest.User{Name: "cy"}).ID
		of.room = far.AddRoom(slacktest.Room{Name: "ops", Members: []string{of.ann, of.bo, far.Bot()}}).ID
		of.secret = far.AddRoom(slacktest.Room{Name: "hush", Private: true, Members: []string{of.ann, far.Bot()}}).ID
		fn(of)
	})
}

// connect makes an adapter for the fake, as a start of tocsin does.
func connect(t *testing.T, far *slacktest.Fake, c slack.Config) *slack.Slack {
	t.Helper()
	return connectAs(t, far, c, slack.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
}

// connectAs is connect with a clock and a log of its own.
func connectAs(t *testing.T, far *slacktest.Fake, c slack.Config, o slack.Options) *slack.Slack {
	t.Helper()
	c.APIUrl, c.BotToken, c.AppToken, c.SigningSecret = far.URL(), "xoxb-fake", "xapp-fake", "secret-of-the-fake"
	o.Config, o.Jitter, o.HTTP, o.Dial = c, func() float64 { return 0.5 }, far.Client(), far.Dial
	s, err := slack.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// again is tocsin after a restart: it remembers nothing.
func (o office) again() office {
	o.Slack = connect(o.T, o.far, slack.Config{})
	return o
}

func (o office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func text(s string) chat.Message { return chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(s)}}} }

func (o office) post(p chat.Post, words string) chat.Ref {
	o.Helper()
	p.Message = text(words)
	r, err := o.Post(o.Context(), p)
	o.must(err)
	return r
}

// seen counts messages of a room with these words, as a user sees it.
func (o office) seen(user, room, words string) int {
	o.Helper()
	all, err := o.far.Seen(user, room)
	o.must(err)
	n := 0
	for _, m := range all {
		if m.Text == words {
			n++
		}
	}
	return n
}
