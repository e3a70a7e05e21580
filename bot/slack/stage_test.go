package slack_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/chat/chattest"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
)

func TestPlatformOverSockets(t *testing.T) {
	t.Parallel()
	chattest.Run(t, func(t *testing.T, h chat.House) chattest.Site {
		t.Helper()
		return newStage(t, slack.Config{AppToken: "xapp-fake"}, h).site()
	})
}

func TestPlatformOverHTTP(t *testing.T) {
	t.Parallel()
	chattest.Run(t, func(t *testing.T, h chat.House) chattest.Site {
		t.Helper()
		return newStage(t, slack.Config{SigningSecret: secret}, h).site()
	})
}

// stage is an adapter that serves people of a fake Slack.
type stage struct {
	far                    *slacktest.Fake
	slack                  *slack.Slack
	mux                    *http.ServeMux
	stop                   func()
	ann, bo, cy, ops, side string
	sockets                bool
	count                  func(string)
}

// newStage builds one. With an app token Slack is heard through sockets, with
// a signing secret at the hook.
func newStage(t *testing.T, c slack.Config, h chat.House) *stage {
	t.Helper()
	s := &stage{far: slacktest.New(slacktest.Options{}), mux: http.NewServeMux()}
	t.Cleanup(s.far.Close)
	user := func(name string) string {
		return s.far.AddUser(slacktest.User{Name: name, RealName: strings.ToUpper(name[:1]) + name[1:]}).ID
	}
	s.ann, s.bo, s.cy = user("ann"), user("bo"), user("cy")
	all := []string{s.ann, s.bo, s.cy, s.far.Bot()}
	s.ops = s.far.AddRoom(slacktest.Room{Name: "ops", Members: all}).ID
	s.side = s.far.AddRoom(slacktest.Room{Name: "side", Members: all}).ID
	c.APIUrl, c.BotToken, s.sockets = s.far.URL(), "xoxb-fake", c.AppToken != ""
	s.serve(t, c, h)
	return s
}

// serve starts an adapter, and returns once Slack reaches it.
func (s *stage) serve(t *testing.T, c slack.Config, h chat.House) {
	t.Helper()
	s.mux = http.NewServeMux()
	var err error
	s.slack, err = slack.New(slack.Options{
		Config: c, Now: time.Now, Jitter: func() float64 { return 0.5 }, Log: slog.New(slog.DiscardHandler), HTTP: s.far.Client(), Dial: s.far.Dial, Count: s.count,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.stop = listen(t, s.slack, s.mux, h)
	if !s.slack.Met(t.Context()) {
		t.Fatal("the adapter does not learn which bot it is")
	}
	if !s.sockets {
		s.far.SetHook(slacktest.ToHandler(s.mux))
	}
	for s.sockets && s.far.Sockets() == 0 {
		select {
		case <-t.Context().Done():
			t.Fatal("no socket was opened")
		case <-time.After(time.Millisecond):
		}
	}
}

func (s *stage) site() chattest.Site {
	return chattest.Site{Platform: s.slack, Stage: s, Ann: s.ann, Bo: s.bo, Cy: s.cy, Room: s.ops, Other: s.side}
}

// heard waits until a gesture, and all that came of it, is done with.
func (s *stage) heard(ctx context.Context, a slacktest.Answer, err error) error {
	if err != nil {
		return err
	}
	if !a.Acked {
		return fmt.Errorf("it was not acknowledged (%d): %w", a.Status, a.Err)
	}
	if err := s.slack.Settled(ctx); err != nil {
		return err
	}
	if err := s.far.Settle(ctx); err != nil {
		return err
	}
	return s.slack.Settled(ctx)
}

// Type says words in a room. Threads know no slash commands: there people say
// the bot's name.
func (s *stage) Type(ctx context.Context, user string, at chat.Place, words string) error {
	rest, slash := strings.CutPrefix(words, "/incident")
	rest = strings.TrimPrefix(rest, " ")
	switch {
	case slash && at.Thread == "":
		a, err := s.far.Slash(ctx, user, at.Room, rest)
		return s.heard(ctx, a, err)
	case slash:
		_, a, err := s.far.Mention(ctx, user, at.Room, slacktest.Words{Text: rest, Thread: at.Thread})
		return s.heard(ctx, a, err)
	}
	_, a, err := s.far.Say(ctx, user, at.Room, slacktest.Words{Text: words, Thread: at.Thread})
	return s.heard(ctx, a, err)
}

// Press presses a button.
func (s *stage) Press(ctx context.Context, user string, on chat.Ref, label string) error {
	a, err := s.far.Press(ctx, user, on.Room, on.ID, label)
	return s.heard(ctx, a, err)
}

// Submit sends the form that is open.
func (s *stage) Submit(ctx context.Context, user string, values map[string]string) error {
	a, err := s.far.Submit(ctx, user, values)
	return s.heard(ctx, a, err)
}

// React reacts, or pins.
func (s *stage) React(ctx context.Context, user string, on chat.Ref, emoji string, away bool) error {
	var a slacktest.Answer
	var err error
	switch {
	case emoji == "pin" && away:
		a, err = s.far.Unpin(ctx, user, on.Room, on.ID)
	case emoji == "pin":
		a, err = s.far.Pin(ctx, user, on.Room, on.ID)
	case away:
		a, err = s.far.Unreact(ctx, user, on.Room, on.ID, emoji)
	default:
		a, err = s.far.React(ctx, user, on.Room, on.ID, emoji)
	}
	return s.heard(ctx, a, err)
}

// Join comes into a room, or leaves it.
func (s *stage) Join(ctx context.Context, user, room string, left bool) error {
	act := s.far.Join
	if left {
		act = s.far.Leave
	}
	a, err := act(ctx, user, room)
	return s.heard(ctx, a, err)
}

// Again delivers the newest gesture once more.
func (s *stage) Again(ctx context.Context) error {
	a, err := s.far.Again(ctx)
	return s.heard(ctx, a, err)
}

// See gives what somebody sees, without what Slack itself notes.
func (s *stage) See(_ context.Context, user, room string) ([]chattest.Seen, error) {
	all, err := s.far.Seen(user, room)
	if err != nil {
		return nil, err
	}
	var out []chattest.Seen
	for _, m := range all {
		if m.Subtype != "" && m.Subtype != "bot_message" {
			continue
		}
		v := chattest.Seen{
			Ref: chat.Ref{Platform: slack.Name, Room: room, ID: m.TS}, Thread: m.Thread, User: m.User, Alone: m.Alone, Text: m.Text,
			Buttons: m.Buttons, Links: m.Links, Pinged: m.Pinged, Edited: m.Edited, Pinned: m.Pinned, Reactions: m.Reactions,
		}
		if m.Own {
			v.User = ""
		}
		out = append(out, v)
	}
	return out, nil
}
