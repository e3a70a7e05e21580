package pagerdutytest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/integrations/pagerduty/pagerdutytest"
)

const post = "POST /incidents"

// try makes the call that pages, with so much patience.
func (s *stage) try(patience time.Duration) (*http.Response, bool, error) {
	s.t.Helper()
	sent := false
	ctx := httptrace.WithClientTrace(s.t.Context(), &httptrace.ClientTrace{WroteHeaders: func() { sent = true }})
	ctx, cancel := context.WithTimeout(ctx, patience)
	s.t.Cleanup(cancel)
	resp, err := s.client.Do(s.request("POST", "/incidents", s.creation("k", "")).WithContext(ctx))
	if err == nil {
		s.t.Cleanup(func() { resp.Body.Close() })
	}
	return resp, sent, err
}

func TestFaultsThatAreOrdered(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		how    pagerdutytest.Fault
		status int   // 0: no answer
		err    error // when there is none
		unsent bool
		done   int // incidents that it made
		took   time.Duration
	}{
		"too many":               {how: pagerdutytest.RateLimited(7 * time.Second), status: 429},
		"an error of its own":    {how: pagerdutytest.Status(500), status: 500},
		"a page of the gateway":  {how: pagerdutytest.Fault{Status: 502, Page: "<html>"}, status: 502},
		"the answer was lost":    {how: pagerdutytest.Lost(), done: 1},
		"slow":                   {how: pagerdutytest.Slow(3 * time.Second), status: 201, done: 1, took: 3 * time.Second},
		"slower than patience":   {how: pagerdutytest.Slow(time.Minute), err: context.DeadlineExceeded, took: 10 * time.Second},
		"hanging before":         {how: pagerdutytest.Hang(), err: context.DeadlineExceeded, took: 10 * time.Second},
		"hanging after":          {how: pagerdutytest.HangOn(), err: context.DeadlineExceeded, done: 1, took: 10 * time.Second},
		"nobody there":           {how: pagerdutytest.Refused(), err: syscall.ECONNREFUSED, unsent: true},
		"an answer that is none": {how: pagerdutytest.Garble(), status: 200, done: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := start(t, pagerdutytest.Options{})
				s.Fail("POST /v2/enqueue", 1, pagerdutytest.Status(500))
				s.Fail(post, 1, tt.how)
				began := time.Now()
				resp, sent, err := s.try(10 * time.Second)
				switch {
				case tt.status != 0 && (err != nil || resp.StatusCode != tt.status):
					t.Errorf("answered %v, %v; want status %d", resp, err, tt.status)
				case tt.status == 0 && err == nil:
					t.Errorf("answered %d, want none", resp.StatusCode)
				case tt.err != nil && !errors.Is(err, tt.err):
					t.Errorf("the error is %v, want %v", err, tt.err)
				}
				if sent == tt.unsent {
					t.Errorf("sent is %v", sent)
				}
				if s.Incidents("k") != tt.done {
					t.Errorf("it made %d incidents, want %d", s.Incidents("k"), tt.done)
				}
				if took := time.Since(began); took != tt.took {
					t.Errorf("it took %v, want %v", took, tt.took)
				}
				want := 201
				if tt.done == 1 {
					want = 400
				}
				s.want(want, "POST", "/incidents", s.creation("k", ""))
				if s.Incidents("k") != 1 {
					t.Errorf("sent again it made %d incidents, want one", s.Incidents("k"))
				}
			})
		})
	}
}

func TestTooManySaysHowLongToWait(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	s.Fail("", 2, pagerdutytest.RateLimited(6500*time.Millisecond))
	resp, _, err := s.try(time.Minute)
	must(t, err)
	if got := resp.Header.Get("ratelimit-reset"); got != "7" {
		t.Errorf("ratelimit-reset is %q, want 7", got)
	}
	s.Heal()
	if resp, _, err := s.try(time.Minute); err != nil || resp.StatusCode != http.StatusCreated {
		t.Errorf("healed, and answered %v, %v", resp, err)
	}
}

func TestFaultsLastUntilTheyAreHealed(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	s.Fail(post, -1, pagerdutytest.Status(503))
	for range 3 {
		s.want(503, "POST", "/incidents", s.creation("k", ""))
	}
	s.Heal()
	s.create("k")
	if got := s.Called(post); got != 4 {
		t.Errorf("%d calls are noted, want 4", got)
	}
	calls := s.Calls()
	if calls[0].Status != 503 || calls[3].Status != 201 || !strings.Contains(string(calls[0].Body), "INC-7") || calls[0].Header.Get("From") == "" {
		t.Errorf("the calls are noted as %+v", calls)
	}
}

func TestTheRateOfTheRESTAPIIsLimited(t *testing.T) {
	t.Parallel()
	now, pass := clock()
	s := start(t, pagerdutytest.Options{Now: now, Limit: 2})
	s.want(200, "GET", "/priorities", "")
	pass(10 * time.Second)
	s.want(200, "GET", "/priorities", "")
	if out := s.want(429, "GET", "/priorities", ""); s.code(out) != 2020 {
		t.Errorf("code %d, want 2020", s.code(out))
	}
	s.event(202, "trigger", "k")
	pass(51 * time.Second)
	s.want(200, "GET", "/priorities", "")
}

func TestEveryAnswerHasTheTimeOfTheFake(t *testing.T) {
	t.Parallel()
	now, _ := clock()
	s := start(t, pagerdutytest.Options{Now: now})
	resp, _, err := s.try(time.Minute)
	must(t, err)
	at, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil || !at.Equal(now()) {
		t.Errorf("the Date is %v (%v), want %v", at, err, now())
	}
}

func TestOverARealNetwork(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	s.Listen(t)
	s.client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	s.create("k")
	s.event(202, "resolve", "k")
	s.Fail(post, 1, pagerdutytest.Lost())
	if resp, _, err := s.try(10 * time.Second); err == nil {
		t.Errorf("the lost answer is %v", resp)
	}
	s.Fail(post, 1, pagerdutytest.Refused())
	if resp, _, err := s.try(10 * time.Second); err == nil {
		t.Errorf("nobody is reached, and the answer is %v", resp)
	}
	s.Fail(post, 1, pagerdutytest.Hang())
	_, _, err := s.try(50 * time.Millisecond)
	if timeout, ok := errors.AsType[net.Error](err); !ok || !timeout.Timeout() {
		t.Errorf("hanging gives %v, want a time-out", err)
	}
	if s.Incidents("k") != 1 {
		t.Errorf("%d incidents, want 1", s.Incidents("k"))
	}
}

func TestClosingEndsWhatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, pagerdutytest.Options{Lag: time.Hour})
		s.Subscribe(pagerdutytest.Subscription{Hook: func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }})
		s.create("k")
		s.event(202, "trigger", "later")
		s.Latency(time.Hour)
		done := make(chan error, 1)
		go func() {
			_, err := s.client.Do(s.request("GET", "/users", ""))
			done <- err
		}()
		synctest.Wait()
		s.Close()
		if err := <-done; err == nil {
			t.Error("a call that hung was answered")
		}
		s.Close()
	})
}

func TestDocumentsThatAreNotThere(t *testing.T) {
	t.Parallel()
	if _, err := pagerdutytest.New(pagerdutytest.Options{Documents: t.TempDir()}); err == nil {
		t.Error("it starts without the documents that it was to be held to")
	}
}
