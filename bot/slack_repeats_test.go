package bot_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/bottest"
	"tocsin/bot/slack/slacktest"
)

// mute is a line on which acknowledgements get lost while it is on: Slack hears
// nothing, and brings every event again, at once, after a minute and after five.
type mute struct{ on atomic.Bool }

func (m *mute) line(l bottest.Line) bottest.Line {
	dial := l.Dial
	l.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return mutedConn{c, m}, nil
	}
	l.Answer = func(r *http.Response) (*http.Response, error) {
		if m.on.Load() {
			_ = r.Body.Close()
			return nil, errors.New("the answer was lost")
		}
		return r, nil
	}
	return l
}

type mutedConn struct {
	net.Conn
	m *mute
}

// textFrame is how a message of a WebSocket begins.
const textFrame = 0x81

// Write implements net.Conn.
func (c mutedConn) Write(b []byte) (int, error) {
	if len(b) > 0 && b[0] == textFrame && c.m.on.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// repeats is one way in which Slack delivers more than once.
type repeats struct {
	newIDs, reversed, unheard bool
}

func (r repeats) String() string {
	words := []string{"equal ids"}
	if r.newIDs {
		words[0] = "new ids"
	}
	if r.reversed {
		words = append(words, "the newest first")
	}
	if r.unheard {
		words = append(words, "acknowledgements lost, over two restarts")
	}
	return strings.Join(words, ", ")
}

func TestEachEventSeveralTimesIsOneEffectOnTheTimeline(t *testing.T) {
	t.Parallel()
	for _, overHTTP := range []bool{false, true} {
		for n := range 8 {
			r := repeats{n&1 > 0, n&2 > 0, n&4 > 0}
			t.Run(fmt.Sprintf("http %v, %s", overHTTP, r), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { repeated(t, overHTTP, r) })
			})
		}
	}
}

func repeated(t *testing.T, overHTTP bool, r repeats) {
	var m mute
	s := bottest.NewStage(t, bottest.Bases()["memory"](t), "")
	far := s.InSlack(overHTTP, m.line)
	s.Start()
	defer s.Close()
	twist := slacktest.Twist{Copies: 3, NewIDs: r.newIDs}
	if r.unheard {
		twist.Copies = 1
	}
	far.TwistNext(1000, twist)
	l := &killLife{t: t, stage: s, slack: far}
	ann, bo := l.user("ann"), l.user("bo")
	restart := func() {
		m.on.Store(false)
		s.Stop()
		s.Start()
		m.on.Store(r.unheard)
	}

	m.on.Store(r.unheard)
	if _, _, err := far.Mention(t.Context(), ann, s.Room("general"), slacktest.Words{Text: "declare sev3 the lift is stuck"}); err != nil {
		t.Fatal(err)
	}
	s.Advance(20 * time.Second)
	room := s.Room("INC-1")
	if _, err := far.Join(t.Context(), bo, room); err != nil {
		t.Fatal(err)
	}
	restart()
	s.Advance(5 * time.Second)
	if r.reversed {
		far.Hold()
	}
	captured, _, err := far.Say(t.Context(), ann, room, slacktest.Words{Text: "they are out"})
	do := func(_ any, e error) { err = errors.Join(err, e) }
	do(far.EditMessage(t.Context(), ann, room, captured, "they are all out"))
	do(far.React(t.Context(), bo, room, captured, "pushpin"))
	pinned, _, e := far.Say(t.Context(), bo, room, slacktest.Words{Text: "the brake held"})
	do(nil, e)
	do(far.Pin(t.Context(), ann, room, pinned))
	_, _, e = far.Mention(t.Context(), bo, room, slacktest.Words{Text: "note the doors are open"})
	do(nil, e)
	gone, _, e := far.Say(t.Context(), ann, room, slacktest.Words{Text: "wrong room"})
	do(nil, e)
	do(far.DeleteMessage(t.Context(), ann, room, gone))
	if err != nil {
		t.Fatal(err)
	}
	if r.reversed {
		far.Release(true)
	}
	s.Advance(30 * time.Second)
	restart()
	s.Advance(2 * time.Minute)
	m.on.Store(false)
	s.Advance(6 * time.Minute)

	checkOnce(l, r, room)
}

// checkOnce sees that everything is on the timeline, in the history and in the
// room once, and that it was delivered more than once.
func checkOnce(l *killLife, r repeats, room string) {
	l.t.Helper()
	if l.number() != 2 {
		l.t.Errorf("the next number is %s: more than one incident was declared", l.number())
	}
	want := map[string]int{
		"declared": 1, "announcement_posted": 1, "room_opened": 1, "member_added": 1,
		"message_captured": 2, "capture_followed": 1, "note_added": 1,
	}
	if got := l.events(); !maps.Equal(got, want) {
		l.t.Errorf("the timeline has %v, want %v", got, want)
	}
	all, err := l.stage.Store().Messages(l.t.Context(), l.stage.Number(1).ID.Stream(), time.Time{}, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	said, told := map[string]int{"to tocsin": 1}, 0
	for _, m := range all {
		switch {
		case !m.DeletedAt.IsZero():
			said["deleted"]++
		case strings.Contains(m.Text.String(), "note the doors are open"): // what was said to tocsin is there when it was read back
			told++
		case !m.Bot:
			said[m.Text.String()]++
		}
	}
	if want := map[string]int{"they are all out": 1, "the brake held": 1, "deleted": 1, "to tocsin": 1}; !maps.Equal(said, want) || told > 1 {
		l.t.Errorf("the history has %v, want %v", said, want)
	}
	lines := 0
	for _, m := range l.slack.Messages(room) {
		if m.Only == "" && strings.Contains(m.Text, "noted: the doors are open") {
			lines++
		}
	}
	if lines != 1 {
		l.t.Errorf("the room reads %d times what was noted", lines)
	}
	attempts, arrived := map[int]int{}, map[string]int{}
	for _, d := range l.slack.Deliveries() {
		attempts[d.Attempt]++
		arrived[d.Event]++
	}
	if r.unheard && (attempts[1] < 5 || attempts[2] < 5) || arrived["reaction_added"] < 3 || arrived["message"] < 12 {
		l.t.Errorf("there were too few repeats to prove anything: %v, %v", attempts, arrived)
	}
}
