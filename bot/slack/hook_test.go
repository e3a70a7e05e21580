package slack_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
)

func TestOnlySlackIsHeard(t *testing.T) {
	t.Parallel()
	form := "command=%2Fincident&text=list&user_id=U1&team_id=T1&trigger_id=1.1"
	tests := []struct {
		name   string
		change func(r *http.Request)
		code   int
	}{
		{"a right signature", func(*http.Request) {}, http.StatusOK},
		{"no signature", func(r *http.Request) { r.Header.Del("X-Slack-Signature") }, http.StatusUnauthorized},
		{"another signature", func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("ab", 32)) }, http.StatusUnauthorized},
		{"half a signature", func(r *http.Request) { r.Header.Set("X-Slack-Signature", r.Header.Get("X-Slack-Signature")[:40]) }, http.StatusUnauthorized},
		{"more than a signature", func(r *http.Request) { r.Header.Set("X-Slack-Signature", r.Header.Get("X-Slack-Signature")+"00") }, http.StatusUnauthorized},
		{"a signature that is no hex", func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("zz", 32)) }, http.StatusUnauthorized},
		{"another version of signature", func(r *http.Request) {
			r.Header.Set("X-Slack-Signature", "v1"+strings.TrimPrefix(r.Header.Get("X-Slack-Signature"), "v0"))
		}, http.StatusUnauthorized},
		{"another time", func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", strconv.Itoa(began+1)) }, http.StatusUnauthorized},
		{"no time", func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, http.StatusUnauthorized},
		{"a time that is none", func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "soon") }, http.StatusUnauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			if code := d.postChanged(t, form, tt.change); code != tt.code {
				t.Errorf("it was answered %d, want %d", code, tt.code)
			}
			if heard := len(of(d.house, &d.requests)); (heard == 1) != (tt.code == http.StatusOK) {
				t.Errorf("the house heard %d requests", heard)
			}
		})
	}
}

func (d *door) postChanged(t *testing.T, body string, change func(r *http.Request)) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, slack.Hook, strings.NewReader(body))
	r.Header.Set("Content-Type", formKind)
	f := slacktest.New(slacktest.Options{Now: func() time.Time { return time.Unix(began, 0) }})
	defer f.Close()
	f.Sign(r, []byte(body))
	change(r)
	w := httptest.NewRecorder()
	d.mux.ServeHTTP(w, r)
	return w.Code
}

func TestASignatureAges(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		age  time.Duration
		code int
	}{
		"almost five minutes old":   {5 * time.Minute, http.StatusOK},
		"more than five":            {5*time.Minute + time.Second, http.StatusUnauthorized},
		"five minutes ahead":        {-5 * time.Minute, http.StatusOK},
		"more than five of it":      {-5*time.Minute - time.Second, http.StatusUnauthorized},
		"of another decade":         {10 * 365 * 24 * time.Hour, http.StatusUnauthorized},
		"of the next, and overflow": {-1 << 62, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			d.late.Store(int64(tt.age))
			if code := d.postChanged(t, "command=x&user_id=U1", func(*http.Request) {}); code != tt.code {
				t.Errorf("it was answered %d, want %d", code, tt.code)
			}
		})
	}
}

func TestSlackTriesTheAddress(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	w := d.post(t, jsonKind, `{"token":"x","challenge":"3eZbrw1aB","type":"url_verification"}`)
	if got := body(t, w); w.Code != http.StatusOK || got != "3eZbrw1aB" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Errorf("the challenge is answered %d %q", w.Code, got)
	}
	if w := d.post(t, formKind, "token=x&ssl_check=1"); w.Code != http.StatusOK || body(t, w) != "" {
		t.Errorf("the look at the certificate is answered %d", w.Code)
	}
	for path, code := range map[string]int{"?ssl_check=1": http.StatusOK, "": http.StatusMethodNotAllowed} {
		w := httptest.NewRecorder()
		d.mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, slack.Hook+path, nil))
		if w.Code != code {
			t.Errorf("GET %s is answered %d, want %d", path, w.Code, code)
		}
	}
	if d.counted("unreadable") != 0 {
		t.Error("it was counted as unreadable")
	}
}

func TestWhatCannotBeReadIsAcknowledgedAndCounted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ kind, body string }{
		"an event that is no JSON":       {jsonKind, `{"type":"event_callback","event":{`},
		"an empty body":                  {jsonKind, ``},
		"a form without anything":        {formKind, `a=b&&=&%zz=%zz`},
		"an interaction that is no JSON": {formKind, `payload=%7B`},
		"a command without a user":       {formKind, `command=%2Fincident&text=list`},
		"something else":                 {"text/plain", "hello"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDoor(t, nil)
			w := d.post(t, tt.kind, tt.body)
			if w.Code != http.StatusOK || w.Header().Get("X-Slack-No-Retry") != "1" {
				t.Errorf("it was answered %d, and Slack was not told to leave it", w.Code)
			}
			if d.counted("unreadable") != 1 {
				t.Error("it was not counted")
			}
			if d.slash(t, "list"); len(of(d.house, &d.requests)) != 1 {
				t.Error("nothing works afterwards")
			}
		})
	}
}

func TestABodyIsBounded(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	if w := d.post(t, formKind, "command=x&user_id=U1&text="+strings.Repeat("x", 1<<20)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("more than 1 MiB is answered %d", w.Code)
	}
	if w := d.post(t, formKind, "command=x&user_id=U1&trigger_id=1&text="+strings.Repeat("x", 1<<19)); w.Code != http.StatusOK {
		t.Errorf("half of it is answered %d", w.Code)
	}
}

func TestTheDoorIsOpenedOncePerServer(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	d.stop()
	listen(t, d.slack, d.mux, d.House()) // a second time on the same server
	if d.slash(t, "list"); len(of(d.house, &d.requests)) != 1 {
		t.Error("nothing works after it listened again")
	}
}

func TestARepeatThatTellsOfLossIsAGapOnce(t *testing.T) {
	t.Parallel()
	d := openDoor(t, nil)
	d.waitMissed(t, 1)
	for i := range 20 {
		d.event(t, strings.Replace(spoken("words"), stamp(0), stamp(i), 2), "X-Slack-Retry-Num", "1", "X-Slack-Retry-Reason", "connection_failed")
		d.event(t, strings.Replace(spoken("words"), stamp(0), stamp(100+i), 2), "X-Slack-Retry-Num", "2", "X-Slack-Retry-Reason", "connection_failed")
	}
	d.late.Store(int64(11 * time.Minute))
	d.event(t, spoken("words"), "X-Slack-Retry-Num", "3", "X-Slack-Retry-Reason", "connection_failed")
	d.waitMissed(t, 3)
	want := []time.Time{{}, time.Unix(began-600, 0).UTC(), time.Unix(began+60, 0).UTC()}
	for i, m := range of(d.house, &d.missed) {
		if i >= len(want) || m.Room != "" || !m.Since.Equal(want[i]) {
			t.Errorf("gap %d is %+v", i, m)
		}
	}
}
