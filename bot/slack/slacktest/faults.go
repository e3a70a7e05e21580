package slacktest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is a way in which a call goes wrong.
type Fault struct {
	Status     int           // answered instead of doing anything; 429, 500…
	RetryAfter time.Duration // with 429
	Error      string        // answered as 200 {"ok":false} instead of doing anything
	Lost       bool          // it is done, and the connection breaks before the answer
	Slow       time.Duration // it is done, after this time
	Hang       bool          // nothing is done, and no answer comes until the caller gives up
	Refused    bool          // nothing is done: the connection cannot be opened (through Client), or breaks
}

// RateLimited is 429 with Retry-After.
func RateLimited(after time.Duration) Fault { return Fault{Status: 429, RetryAfter: after} }

// RatelimitedOK is 200 with the error "ratelimited".
func RatelimitedOK() Fault { return Fault{Error: "ratelimited"} }

// Status is an answer of a server that does not work: 500, 503.
func Status(code int) Fault { return Fault{Status: code} }

// Answers is a call refused with an error of Slack's.
func Answers(err string) Fault { return Fault{Error: err} }

// Lost is a call that was done and whose answer never came.
func Lost() Fault { return Fault{Lost: true} }

// Slow is a call that takes this long.
func Slow(d time.Duration) Fault { return Fault{Slow: d} }

// Hang is a call that never ends.
func Hang() Fault { return Fault{Hang: true} }

// Refused is a call that reaches nobody.
func Refused() Fault { return Fault{Refused: true} }

// order is a fault that waits for calls.
type order struct {
	method string
	left   int
	how    Fault
}

// Fail lets the next n calls of a method go wrong ("": of any method).
// "response_url" is a method here, and so is "socket".
func (f *Fake) Fail(method string, n int, how Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, &order{method, n, how})
}

// LoseEachAnswerOnce lets every call that changes something be done and its
// first answer be lost; the same call again (by its arguments) is answered.
func (f *Fake) LoseEachAnswerOnce() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.once = map[string]bool{}
}

// losesOnce says whether the answer to a call that was done gets lost.
func (f *Fake) losesOnce(name string, args map[string]string) bool {
	_, verb, _ := strings.Cut(name, ".")
	for _, reads := range []string{"info", "list", "history", "replies", "members", "test", "conversations", "get", "connections.open", "lookupByEmail", "getPermalink"} {
		if verb == reads || strings.HasSuffix(verb, "."+reads) {
			return false
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key := name + string(raw(args))
	if f.once == nil || f.once[key] {
		return false
	}
	f.once[key] = true
	return true
}

// Heal takes every fault back that was ordered and is not used up.
func (f *Fake) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults, f.latency, f.mail.twists, f.hub.refuse, f.once = nil, 0, nil, nil, nil
}

// fault takes the next fault of a method; nil: it works.
func (f *Fake) fault(method string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.takeFault(method, func(Fault) bool { return true })
}

// refuses takes the next fault of a method when it is that nobody is reached.
func (f *Fake) refuses(method string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.takeFault(method, func(how Fault) bool { return how.Refused }) != nil
}

func (f *Fake) takeFault(method string, fits func(Fault) bool) *Fault {
	for i, o := range f.faults {
		if o.method != "" && o.method != method {
			continue
		}
		if !fits(o.how) {
			return nil // another comes first
		}
		if o.left--; o.left <= 0 {
			f.faults = slices.Delete(f.faults, i, i+1)
		}
		return &o.how
	}
	return nil
}

// suffer does what comes before a call; false: the call is over.
func (f *Fake) suffer(w http.ResponseWriter, r *http.Request, how *Fault) bool {
	switch {
	case how.Refused:
		panic(http.ErrAbortHandler)
	case how.Hang:
		select {
		case <-r.Context().Done():
		case <-f.over:
		}
		panic(http.ErrAbortHandler)
	case how.Status != 0:
		if how.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int((how.RetryAfter+time.Second-1)/time.Second)))
		}
		w.WriteHeader(how.Status)
		return false
	case how.Error != "":
		answer(w, object{"ok": false, "error": how.Error})
		return false
	case how.Slow > 0:
		if !f.wait(r.Context(), how.Slow) {
			panic(http.ErrAbortHandler)
		}
	}
	return true
}

// Latency makes every call of the Web API take this long.
func (f *Fake) Latency(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.latency = d
}

// RevokeToken makes the bot's token, and the app's, worthless.
func (f *Fake) RevokeToken() {
	f.mu.Lock()
	f.revoked = true
	f.mu.Unlock()
	f.Disconnect("link_disabled")
}

// RestoreToken makes them good again.
func (f *Fake) RestoreToken() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revoked = false
}

// RemoveScope takes a scope from the app, and with it what needs it.
func (f *Fake) RemoveScope(scope string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.scopes, scope)
}

// AddScope grants it again.
func (f *Fake) AddScope(scope string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.scopes[scope] = true
}
