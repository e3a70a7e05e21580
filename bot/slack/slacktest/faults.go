package slacktest

import "time"

// Fault is a way in which a call goes wrong.
type Fault struct {
	Status     int           // answered instead of doing anything; 429, 500…
	RetryAfter time.Duration // with 429
	Error      string        // answered as 200 {"ok":false} instead of doing anything
	Lost       bool          // it is done, and the connection breaks before the answer
	Slow       time.Duration // it is done, after this time
	Hang       bool          // nothing is done, and no answer comes until the caller gives up
	Refused    bool          // nothing is done: the connection cannot be opened (in memory), or breaks
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

// Fail lets the next n calls of a method go wrong ("": of any method).
// "response_url" is a method here, and so is "socket".
func (f *Fake) Fail(method string, n int, how Fault) {}

// Heal takes every fault back that was ordered and is not used up.
func (f *Fake) Heal() {}

// Latency makes every call of the Web API take this long.
func (f *Fake) Latency(d time.Duration) {}

// RevokeToken makes the bot's token, and the app's, worthless.
func (f *Fake) RevokeToken() {}

// RemoveScope takes a scope from the app, and with it what needs it.
func (f *Fake) RemoveScope(scope string) {}

// AddScope grants it again.
func (f *Fake) AddScope(scope string) {}

// Twist is what happens to deliveries of events on their way.
type Twist struct {
	Copies int           // so many more arrive
	NewIDs bool          // the copies have event ids of their own
	Lost   bool          // the first attempt reaches nobody; the retry comes as Slack schedules it
	Delay  time.Duration // it arrives so much later
}

// TwistNext does this to the next n events.
func (f *Fake) TwistNext(n int, t Twist) {}

// Hold keeps events back from now on; gestures return at once.
func (f *Fake) Hold() {}

// Release delivers what was held, in order or the newest first, and holds no longer.
func (f *Fake) Release(reversed bool) []Answer { return nil }

// Sockets is how many are connected.
func (f *Fake) Sockets() int { return 0 }

// Disconnect tells every socket to go, with a reason ("warning",
// "refresh_requested", "link_disabled", "too_many_websockets"), and closes it;
// a warning closes nothing.
func (f *Fake) Disconnect(reason string) {}

// DropSockets breaks every socket without a word.
func (f *Fake) DropSockets() {}

// RefuseSockets answers the next n sockets with a disconnect for a reason at
// once, instead of a hello.
func (f *Fake) RefuseSockets(n int, reason string) {}

// PingSockets pings every socket.
func (f *Fake) PingSockets() {}
