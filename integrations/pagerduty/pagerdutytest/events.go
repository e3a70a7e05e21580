package pagerdutytest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// alert is what a key stands for within one integration.
type alert struct {
	routing, key string
	incident     *Incident
}

// events is the Events API's side of the account.
type events struct {
	alerts   []*alert
	triggers map[string]int
	waiting  []waiting // taken, and not yet worked off; in order
	holding  bool
	running  bool
}

// waiting is an event that was taken.
type waiting struct {
	event event
	due   time.Time
}

// event is a body of the Events API.
type event struct {
	RoutingKey string  `json:"routing_key"`
	Action     string  `json:"event_action"`
	DedupKey   string  `json:"dedup_key"`
	Payload    payload `json:"payload"`
}

type payload struct {
	Summary   string          `json:"summary"`
	Source    string          `json:"source"`
	Severity  string          `json:"severity"`
	Timestamp string          `json:"timestamp"`
	Details   json.RawMessage `json:"custom_details"`
}

// HoldEvents keeps what the Events API took from becoming anything.
func (f *Fake) HoldEvents() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events.holding = true
}

// ReleaseEvents works off what was held, in order.
func (f *Fake) ReleaseEvents() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events.holding = false
	f.work()
}

// SetLag changes the time between the Events API's answer and the incident.
func (f *Fake) SetLag(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.o.Lag = d
}

// faultsOf says what is wrong with an event, as PagerDuty's prose has it.
func (e event) faultsOf() []string {
	var out []string
	want := func(ok bool, what string) {
		if !ok {
			out = append(out, what)
		}
	}
	want(slices.Contains([]string{"trigger", "acknowledge", "resolve"}, e.Action), "'event_action' must be trigger, acknowledge or resolve")
	want(len([]rune(e.DedupKey)) <= 255, "'dedup_key' is too long (maximum is 255 characters)")
	if e.Action != "trigger" {
		want(e.DedupKey != "", "'dedup_key' is missing or blank")
		return out
	}
	want(strings.TrimSpace(e.Payload.Summary) != "", "'payload.summary' is missing or blank")
	want(len([]rune(e.Payload.Summary)) <= 1024, "'payload.summary' is too long (maximum is 1024 characters)")
	want(strings.TrimSpace(e.Payload.Source) != "", "'payload.source' is missing or blank")
	want(slices.Contains([]string{"critical", "warning", "error", "info"}, e.Payload.Severity), "'payload.severity' is invalid (must be one of: critical, warning, error, info)")
	if len(e.Payload.Details) > 0 && string(e.Payload.Details) != "null" {
		want(e.Payload.Details[0] == '{', "'payload.custom_details' must be an object")
	}
	return out
}

// take takes an event that is well formed and gives its key; f.mu is held.
func (f *Fake) take(e event) string {
	if e.DedupKey == "" {
		f.count["dedup"]++
		e.DedupKey = fmt.Sprintf("%032x", 1<<32+f.count["dedup"])
	}
	if e.Action == "trigger" {
		f.counted(e.DedupKey)
	}
	f.events.waiting = append(f.events.waiting, waiting{e, f.now().Add(f.o.Lag)})
	f.work()
	return e.DedupKey
}

func (f *Fake) counted(key string) {
	if f.events.triggers == nil {
		f.events.triggers = map[string]int{}
	}
	f.events.triggers[key]++
}

// work works off the events whose time has come, and waits for the others in
// the background; f.mu is held.
func (f *Fake) work() {
	e := &f.events
	for len(e.waiting) > 0 && !e.holding && !e.waiting[0].due.After(f.now()) {
		first := e.waiting[0].event
		e.waiting = e.waiting[1:]
		f.digest(first)
	}
	if len(e.waiting) == 0 || e.holding || e.running {
		return
	}
	e.running = f.spawnLocked(f.catchUp)
}

func (f *Fake) catchUp() {
	for {
		f.mu.Lock()
		f.work()
		if f.closed || f.events.holding || len(f.events.waiting) == 0 {
			f.events.running = false
			f.mail.idle.Broadcast()
			f.mu.Unlock()
			return
		}
		left := f.events.waiting[0].due.Sub(f.now())
		f.mu.Unlock()
		f.wait(context.Background(), left)
	}
}

// digest does what an event says. One key of one integration is one open
// alert; acknowledge and resolve of what is not open are dropped, and nobody
// is told. f.mu is held.
func (f *Fake) digest(e event) {
	s := find(f.services, func(s *Service) bool { return s.RoutingKey == e.RoutingKey })
	if s == nil || s.Disabled {
		return
	}
	by := agent{service: s}
	a := find(f.events.alerts, func(a *alert) bool { return a.routing == e.RoutingKey && a.key == e.DedupKey })
	there := a != nil && a.incident.Status != resolved
	switch {
	case e.Action == "trigger" && there:
		a.incident.Triggers++
	case e.Action == "trigger":
		if a == nil {
			a = &alert{routing: e.RoutingKey, key: e.DedupKey}
			f.events.alerts = append(f.events.alerts, a)
		}
		a.incident = f.open(start{service: s, key: e.DedupKey, title: e.Payload.Summary, details: string(e.Payload.Details), by: by, events: true})
	case !there:
		if a != nil {
			a.incident.Dropped++
		}
	case e.Action == "resolve":
		_ = f.resolve(a.incident, by)
	default:
		_ = f.acknowledge(a.incident, by)
	}
}
