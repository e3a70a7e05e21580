package rest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations/rest"
)

func moment() time.Time { return time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC) }

func client(t *testing.T, o rest.Options) *rest.Client {
	t.Helper()
	o.Vendor, o.Now = "Vendor", moment
	c, err := rest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func server(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func post(url string) rest.Request {
	return rest.Request{Method: http.MethodPost, URL: url, Body: []byte(`{"a":1}`), What: "page team checkout"}
}

func get(url string) rest.Request {
	return rest.Request{Method: http.MethodGet, URL: url, What: "look up a page"}
}

func TestStatusesAndWhatTheyMean(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status      int
		write, read fault.Kind
	}{
		{400, fault.Rejected, fault.Rejected},
		{401, fault.Rejected, fault.Rejected},
		{403, fault.Rejected, fault.Rejected},
		{404, fault.NotFound, fault.NotFound},
		{409, fault.Conflict, fault.Conflict},
		{422, fault.Rejected, fault.Rejected},
		{429, fault.Unavailable, fault.Unavailable},
		{500, fault.Unknown, fault.Unavailable},
		{502, fault.Unknown, fault.Unavailable},
		{503, fault.Unavailable, fault.Unavailable},
		{504, fault.Unknown, fault.Unavailable},
		{302, fault.Rejected, fault.Rejected},
	}
	for _, tt := range tests {
		t.Run(http.StatusText(tt.status), func(t *testing.T) {
			t.Parallel()
			url := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, "why not")
			})
			for _, r := range []struct {
				rest.Request
				want fault.Kind
			}{{post(url), tt.write}, {get(url), tt.read}} {
				a, err := client(t, rest.Options{}).Send(t.Context(), r.Request)
				if got := fault.KindOf(err); err == nil || got != r.want {
					t.Errorf("%s answered %d: %v (%v), want %v", r.Method, tt.status, got, err, r.want)
				}
				if a.Status != tt.status || string(a.Body) != "why not" {
					t.Errorf("the answer is %d %q", a.Status, a.Body)
				}
			}
		})
	}
}

func TestSuccess(t *testing.T) {
	t.Parallel()
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Authorization") != "Token t" || r.Header.Get("User-Agent") != "tocsin" || string(body) != `{"a":1}` {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"ok":true}`)
	})
	r := post(url)
	r.Header = http.Header{"Authorization": {"Token t"}}
	a, err := client(t, rest.Options{}).Send(t.Context(), r)
	if err != nil || a.Status != http.StatusAccepted || string(a.Body) != `{"ok":true}` {
		t.Errorf("got %d %q, err %v", a.Status, a.Body, err)
	}
}

func TestWhenNobodyListensNothingWasSent(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String() + "/?token=very-secret"
	_ = l.Close()
	_, err = client(t, rest.Options{}).Send(t.Context(), post(url))
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v, want unavailable", err)
	}
	if strings.Contains(err.Error(), "very-secret") {
		t.Errorf("the error holds the URL: %v", err)
	}
}

func TestWhenTheAnswerNeverComesItMayHaveHappened(t *testing.T) {
	t.Parallel()
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	_, err := client(t, rest.Options{}).Send(t.Context(), post(url+"/?token=very-secret"))
	if fault.KindOf(err) != fault.Unknown || strings.Contains(err.Error(), "very-secret") {
		t.Errorf("a write without an answer is %v, want unknown", err)
	}
	_, err = client(t, rest.Options{}).Send(t.Context(), get(url))
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a read without an answer is %v, want unavailable", err)
	}
}

func TestTimeIsBounded(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	url := server(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		<-release
	})
	defer close(release)
	_, err := client(t, rest.Options{Timeout: 30 * time.Millisecond}).Send(t.Context(), post(url))
	if fault.KindOf(err) != fault.Unknown {
		t.Errorf("got %v, want unknown", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client(t, rest.Options{}).Send(ended, post(url))
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("with an ended context: %v, want unavailable", err)
	}
}

func TestSizeIsBounded(t *testing.T) {
	t.Parallel()
	url := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 1000)) })
	a, err := client(t, rest.Options{Limit: 100}).Send(t.Context(), get(url))
	if fault.KindOf(err) != fault.Unavailable || len(a.Body) != 100 {
		t.Errorf("read %d bytes, err %v", len(a.Body), err)
	}
	if _, err := client(t, rest.Options{Limit: 1000}).Send(t.Context(), get(url)); err != nil {
		t.Errorf("an answer that just fits: %v", err)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	other := server(t, func(http.ResponseWriter, *http.Request) { t.Error("the other host was asked") })
	var url string
	hits := 0
	url = server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/elsewhere":
			http.Redirect(w, r, other, http.StatusTemporaryRedirect)
		case "/here":
			http.Redirect(w, r, url+"/end", http.StatusTemporaryRedirect)
		case "/end":
			hits++
		}
	})
	c := client(t, rest.Options{})
	if _, err := c.Send(t.Context(), get(url+"/here")); err != nil || hits != 1 {
		t.Errorf("a read on the same host: %v, %d hits", err, hits)
	}
	if a, err := c.Send(t.Context(), post(url+"/here")); err == nil || a.Status != http.StatusTemporaryRedirect || hits != 1 {
		t.Errorf("a write was redirected: %v, %d hits", err, hits)
	}
	if _, err := c.Send(t.Context(), get(url+"/elsewhere")); err == nil {
		t.Error("a read was redirected to another host")
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		want        time.Duration
	}{
		{"nothing", "", 0},
		{"seconds", "30", 30 * time.Second},
		{"parts of a second", "0.5", 500 * time.Millisecond},
		{"a date", moment().Add(time.Minute).Format(http.TimeFormat), time.Minute},
		{"a date that is past", moment().Add(-time.Minute).Format(http.TimeFormat), 0},
		{"too long", "999999999", time.Hour},
		{"below nothing", "-5", 0},
		{"no number", "NaN", 0},
		{"infinity", "Inf", time.Hour},
		{"nonsense", "soon", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := rest.RetryAfter(http.Header{"Retry-After": {tt.value}}, moment()); got != tt.want {
				t.Errorf("%q is %v, want %v", tt.value, got, tt.want)
			}
		})
	}
}

func TestAnswersDoNotLeakIntoErrors(t *testing.T) {
	t.Parallel()
	token := "ghp_" + strings.Repeat("a1B2", 9)
	url := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, "bad token "+token+"\nsecond line "+strings.Repeat("x", 5000))
	})
	_, err := client(t, rest.Options{}).Send(t.Context(), post(url))
	if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 400 {
		t.Errorf("the error is %q", err)
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.After != 7*time.Second {
		t.Errorf("the wait asked for is lost: %+v", f)
	}
	if strings.Contains(f.Say, "bad token") {
		t.Errorf("the vendor's words are in the sentence for people: %q", f.Say)
	}
}

func TestNewNeedsAVendorAndAClock(t *testing.T) {
	t.Parallel()
	if _, err := rest.New(rest.Options{}); err == nil {
		t.Error("a client without a vendor was made")
	}
}

func TestARequestThatCannotBeMade(t *testing.T) {
	t.Parallel()
	_, err := client(t, rest.Options{}).Send(t.Context(), post("http://bad host/?key=very-secret"))
	if fault.KindOf(err) != fault.Internal || strings.Contains(err.Error(), "very-secret") {
		t.Errorf("got %v", err)
	}
}
