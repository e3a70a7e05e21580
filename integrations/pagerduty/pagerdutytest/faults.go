package pagerdutytest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Fault is a way in which a call goes wrong.
type Fault struct {
	Status  int           // answered instead of doing anything; 429, 500…
	Reset   time.Duration // with 429: ratelimit-reset; zero: no such header
	Page    string        // the body instead of PagerDuty's error, as a gateway's page
	Lost    bool          // it is done, and the connection breaks before the answer
	Slow    time.Duration // it is done, after this time
	Hang    bool          // nothing is done, and no answer comes until the caller gives up
	HangOn  bool          // it is done, and no answer comes until the caller gives up
	Refused bool          // nothing is done: the connection cannot be opened (through Client and Transport), or breaks
	Garble  bool          // it is done, and the answer is no JSON
}

// RateLimited is 429 with ratelimit-reset.
func RateLimited(reset time.Duration) Fault {
	return Fault{Status: http.StatusTooManyRequests, Reset: reset}
}

// Status is an answer of a server that does not work: 500, 502, 503.
func Status(code int) Fault { return Fault{Status: code} }

// Lost is a call that was done and whose answer never came: the connection broke.
func Lost() Fault { return Fault{Lost: true} }

// Slow is a call that takes this long.
func Slow(d time.Duration) Fault { return Fault{Slow: d} }

// Hang is a call that never ends and was not done.
func Hang() Fault { return Fault{Hang: true} }

// HangOn is a call that never ends, and was done.
func HangOn() Fault { return Fault{HangOn: true} }

// Refused is a call that reaches nobody.
func Refused() Fault { return Fault{Refused: true} }

// Garble is a call that was done and whose answer cannot be read.
func Garble() Fault { return Fault{Garble: true} }

// order is a fault that waits for calls.
type order struct {
	op   string
	left int // negative: until healed
	how  Fault
}

// Fail lets the next n calls of an operation go wrong ("POST /incidents",
// "PUT /incidents/{id}", "POST /v2/enqueue"; "": any); a negative n: all of
// them, until [Fake.Heal].
func (f *Fake) Fail(op string, n int, how Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &order{op, n, how})
}

// Heal takes every fault back that was ordered and is not used up.
func (f *Fake) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults, f.latency = nil, 0
}

// Latency makes every call take this long.
func (f *Fake) Latency(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.latency = d
}

// takeFault takes the next fault of an operation when it fits; nil: it works.
func (f *Fake) takeFault(op string, fits func(Fault) bool) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, o := range f.faults {
		if o.op != "" && o.op != op {
			continue
		}
		if !fits(o.how) {
			return nil // another comes first
		}
		if o.left > 0 {
			if o.left--; o.left == 0 {
				f.faults = slices.Delete(f.faults, i, i+1)
			}
		}
		return &o.how
	}
	return nil
}

// before does what comes before a call; false: the call is over.
func (f *Fake) before(w http.ResponseWriter, r *http.Request, how Fault) bool {
	switch {
	case how.Refused:
		panic(http.ErrAbortHandler)
	case how.Hang:
		f.hang(r)
	case how.Status != 0:
		f.ail(w, how)
		return false
	case how.Slow > 0:
		if !f.wait(r.Context(), how.Slow) {
			panic(http.ErrAbortHandler)
		}
	}
	return true
}

// after does what happens to the answer of a call that was done; false: there is none.
func (f *Fake) after(w http.ResponseWriter, r *http.Request, how Fault) bool {
	switch {
	case how.Lost:
		panic(http.ErrAbortHandler)
	case how.HangOn:
		f.hang(r)
	case how.Garble:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte("<html>a page of the gateway</html>"))
		return false
	}
	return true
}

func (f *Fake) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-f.over:
	}
	panic(http.ErrAbortHandler)
}

// ail answers like a server that is not well.
func (f *Fake) ail(w http.ResponseWriter, how Fault) {
	if how.Status == http.StatusTooManyRequests && how.Reset > 0 {
		w.Header().Set("ratelimit-limit", strconv.Itoa(f.o.Limit))
		w.Header().Set("ratelimit-remaining", "0")
		w.Header().Set("ratelimit-reset", strconv.Itoa(int((how.Reset+time.Second-1)/time.Second)))
	}
	switch {
	case how.Page != "":
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(how.Status)
		_, _ = w.Write([]byte(how.Page))
	case how.Status == http.StatusTooManyRequests:
		reply(w, how.Status, object{"error": object{"message": "Rate Limit Exceeded", "code": 2020}})
	default:
		reply(w, how.Status, object{"error": object{"message": "Internal Server Error", "code": 2000}})
	}
}
