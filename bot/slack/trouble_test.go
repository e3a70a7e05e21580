package slack_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

func TestAnOutcomeThatComesLateMayBeAnotherForm(t *testing.T) {
	late := func(h *house) {
		h.answers(func(r chat.Request) chat.Reply {
			if r.Form == nil {
				return chat.Reply{Form: updateForm()}
			}
			time.Sleep(10 * time.Second)
			f := updateForm()
			f.Title, f.Seen = "Once more", 12
			return chat.Reply{Kind: fault.Conflict.String(), Form: f}
		})
	}
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		late(h)
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "x"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if v, open := s.far.Open(s.ann); !open || v.Title != "Once more" || v.Submit == "" {
			t.Errorf("Ann sees %+v", v)
		}
		if _, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "y"}); err != nil {
			t.Fatal(err)
		}
		if all := of(h, &h.requests); all[len(all)-1].Seen != 12 {
			t.Errorf("the second form was drawn from version %d, want 12", all[len(all)-1].Seen)
		}
		if _, err := s.far.CloseView(t.Context(), s.ann); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if !s.sees(t, s.ann, s.ops, "Once more") {
			t.Error("the form that nobody can be shown any more is not offered as a button")
		}
	})
}

func TestAReplyWaitsAsLongAsSlackAsks(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply { time.Sleep(5 * time.Second); return replied("done at last") })
		s.far.Fail("response_url", 1, slacktest.RateLimited(7*time.Second))
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "list"); err != nil {
			t.Fatal(err)
		}
		from := time.Now()
		s.settle(t)
		if n := s.times(t, s.ann, s.ops, "done at last"); n != 1 || time.Since(from) < 7*time.Second {
			t.Errorf("after %s Ann sees the outcome %d times, want once, not before Slack allows", time.Since(from), n)
		}
	})
}

func TestAReplyWhoseAnswerWasLostIsNotGivenAnotherWay(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply { time.Sleep(5 * time.Second); return replied("done at last") })
		s.far.Fail("response_url", 1, slacktest.Lost())
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "list"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if n := s.times(t, s.ann, s.ops, "done at last"); n != 1 {
			t.Errorf("Ann sees the outcome %d times", n)
		}
	})
}

func TestAHomeThatCannotBeDrawnIsCounted(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	d.event(t, `{"type":"app_home_opened","user":"U1","tab":"home","channel":"D1"}`)
	if d.counted("lost_reply") != 1 {
		t.Errorf("counted %v", d.counts)
	}
}

func TestTheLastTryToRecordWordsIsSaidToBeTheLast(t *testing.T) {
	ways(t, boxed, func(t *testing.T, h *house, s *stage) {
		h.box.broken(fault.New(fault.Unavailable, "The store does not answer."), 0)
		if _, a, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "take"}); err != nil || a.Acked {
			t.Fatal("it was acknowledged", err)
		}
		for range 4 {
			time.Sleep(6 * time.Minute)
			s.far.Due(t.Context())
		}
		s.settle(t)
		if s.times(t, s.ann, s.ops, "Not recorded yet") == 0 || s.times(t, s.ann, s.ops, "Send it once more") == 0 {
			t.Error("Ann is not told at the first try, and at the last")
		}
		if n := len(of(h, &h.requests)); n != 0 {
			t.Errorf("the house heard %d requests", n)
		}
	})
}

func TestWordsThatTheInboxNeverTakesAreAcknowledged(t *testing.T) {
	ways(t, boxed, func(t *testing.T, h *house, s *stage) {
		h.box.broken(fault.New(fault.Invalid, "That is too long."), 0)
		if _, a, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "take"}); err != nil || !a.Acked {
			t.Errorf("they were not acknowledged (%v, %v)", a.Err, err)
		}
		if n := len(of(h, &h.requests)); n != 0 {
			t.Errorf("the house heard %d requests", n)
		}
	})
}

// slowBox is an inbox that cannot be read at first.
type slowBox struct {
	*inbox
	mu    sync.Mutex
	fails int
}

func (b *slowBox) Unfinished(ctx context.Context, platform string, before time.Time) ([]chat.Delivery, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails--; b.fails >= 0 {
		return nil, errors.New("the store is not there yet")
	}
	return b.inbox.Unfinished(ctx, platform, before)
}

func TestWhatTheInboxLeftIsWorkedOffOnceItCanBeRead(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		box := &slowBox{inbox: newInbox(), fails: 3}
		at := time.Now().Add(-time.Hour)
		keep := func(id, body string) {
			box.taken["slack/T0TOCSIN/message/"+id] = chat.Delivery{Key: "slack/T0TOCSIN/message/" + id, Body: []byte(body), At: at}
		}
		keep("C1:1.1", `{"type":"event_callback","team_id":"T0TOCSIN","event":{"type":"app_mention","user":"`+s.ann+`","text":"declare disk &amp; queue","ts":"1.1","channel":"`+s.ops+`"}}`)
		keep("C1:2.2", `{"type":"event_callback","event":`)
		keep("C1:3.3", `{"type":"event_callback","event":{"type":"app_mention","text":"nobody"}}`)
		own := h.House()
		own.Inbox = box
		s.restart(t, own)
		time.Sleep(time.Minute)
		s.settle(t)
		all := of(h, &h.requests)
		if len(all) != 1 || all[0].Key != "slack/T0TOCSIN/message/C1:1.1" || all[0].Text != "declare disk & queue" || all[0].User.ID != s.ann {
			t.Errorf("the house heard %+v", all)
		}
		if n := box.left(); n != 0 {
			t.Errorf("%d deliveries are unfinished; what cannot be read must not come back for ever", n)
		}
	})
}

func TestTooMuchAtOnceIsLeftToSlack(t *testing.T) {
	bubble(t, slack.Config{SigningSecret: secret}, nil, func(t *testing.T, h *house, s *stage) {
		hold := make(chan struct{})
		h.answers(func(chat.Request) chat.Reply { <-hold; return replied("done") })
		var taken, refused atomic.Int64
		for range 5 {
			var wave sync.WaitGroup
			for range 500 {
				wave.Go(func() {
					switch a, err := s.far.Slash(t.Context(), s.ann, s.ops, "list"); {
					case err == nil && a.Acked:
						taken.Add(1)
					case err == nil && a.Status == http.StatusServiceUnavailable:
						refused.Add(1)
					default:
						t.Errorf("it was answered %d (%v, %v)", a.Status, a.Err, err)
					}
				})
			}
			wave.Wait()
		}
		if n := taken.Load(); n < 1000 || n > 2100 || refused.Load() == 0 {
			t.Errorf("%d commands that do not end were taken and %d refused", n, refused.Load())
		}
		close(hold)
		s.settle(t)
		if a, err := s.far.Slash(t.Context(), s.ann, s.ops, "list"); err != nil || !a.Acked {
			t.Errorf("afterwards a command is answered %d (%v, %v)", a.Status, a.Err, err)
		}
	})
}

func TestAKeyIsNeverTooLong(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	long := strings.Repeat("1.", 500)
	d.slash(t, "list", "trigger_id", long)
	d.slash(t, "list", "trigger_id", long)
	d.slash(t, "list", "trigger_id", long+"2")
	d.slash(t, "list", "trigger_id", "")
	all := of(d.house, &d.requests)
	if len(all) != 4 || all[0].Key != all[1].Key || all[0].Key == all[2].Key || all[3].Key == "" {
		t.Fatalf("the house heard %d requests: %+v", len(all), all)
	}
	for _, r := range all {
		if len(r.Key) > 200 || !strings.HasPrefix(r.Key, "slack/T1/trigger/") {
			t.Errorf("a key is %q", r.Key)
		}
	}
}

func TestWhatIsCountedIsListed(t *testing.T) {
	t.Parallel()
	listed := slack.Counters()
	if len(listed) != len(slices.Compact(slices.Sorted(slices.Values(listed)))) {
		t.Errorf("a counter is listed twice: %q", listed)
	}
	d := openDoor(t, nil)
	d.slash(t, "list")
	d.event(t, `{"type":"brand_new_event"}`)
	d.event(t, spoken("words"), "X-Slack-Retry-Num", "1")
	d.event(t, spoken("words"))
	d.post(t, jsonKind, "{")
	d.postChanged(t, "x", func(r *http.Request) { r.Header.Del("X-Slack-Signature") })
	if len(d.counts) < 5 {
		t.Errorf("counted %v", d.counts)
	}
	for what := range d.counts {
		if !slices.Contains(listed, what) {
			t.Errorf("%q is counted and not listed", what)
		}
	}
}

func TestSocketsThatCannotBeReachedAreTriedAgain(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]struct {
		method string
		fault  slacktest.Fault
	}{
		"the socket answers with an error":           {"socket", slacktest.Status(500)},
		"nobody is there":                            {"socket", slacktest.Refused()},
		"Slack asks to come later":                   {"apps.connections.open", slacktest.RateLimited(40 * time.Second)},
		"Slack does not work":                        {"apps.connections.open", slacktest.Status(503)},
		"Slack never answers":                        {"apps.connections.open", slacktest.Hang()},
		"the answer with the address is lost on way": {"apps.connections.open", slacktest.Lost()},
	} {
		t.Run(name, func(t *testing.T) {
			wired(t, func(w *wire) {
				w.far.Fail(how.method, 4, how.fault)
				w.start(nil)
				if n := w.far.Sockets(); n != 0 {
					w.Fatalf("%d sockets are open, want none yet", n)
				}
				w.wait(5 * time.Minute)
				if n := w.far.Sockets(); n != 2 {
					w.Fatalf("%d sockets are open, want 2", n)
				}
				if n := len(w.opens()); n > 12 {
					w.Errorf("%d sockets were asked for", n)
				}
				if a := w.say("here at last"); !a.Acked {
					w.Errorf("it was not acknowledged: %v", a.Err)
				}
			})
		})
	}
}

func TestTheEndIsSoonWhateverIsGoingOn(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		w.answers(func(chat.Request) chat.Reply { time.Sleep(time.Hour); return replied("done") })
		a, err := w.far.Slash(w.Context(), w.ann, w.room, "list")
		if err != nil || !a.Acked {
			w.Fatal(a.Err, err)
		}
		from := time.Now()
		w.end()
		if err := <-w.ended; err != nil {
			w.Errorf("it ended with %v", err)
		}
		if took := time.Since(from); took > 4*time.Second {
			w.Errorf("it ended after %s", took)
		}
		w.end = nil
		w.wait(2 * time.Hour)
	})
}
