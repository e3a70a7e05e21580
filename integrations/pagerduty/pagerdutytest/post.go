package pagerdutytest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// incidentEvents are the events that a subscription hears by default.
func incidentEvents() []string {
	return []string{
		"incident.acknowledged", "incident.annotated", "incident.delegated", "incident.escalated",
		"incident.priority_updated", "incident.reassigned", "incident.reopened", "incident.resolved",
		"incident.responder.added", "incident.responder.replied", "incident.status_update_published",
		"incident.triggered", "incident.unacknowledged",
	}
}

// tell sends a webhook to every subscription that hears it; f.mu is held.
func (f *Fake) tell(event string, i *Incident, by agent, data object) {
	if f.closed {
		return
	}
	var who any
	switch {
	case by.user != nil:
		who = refUser(by.user)
	case by.service != nil:
		who = reference("events_api_v2_inbound_integration_reference", "integrations", "PINT"+by.service.ID, "Events API v2")
	}
	f.count["event"]++
	body, err := json.Marshal(object{"event": object{
		"id": fmt.Sprintf("01FAKE%020d", f.count["event"]), "event_type": event, "resource_type": "incident",
		"occurred_at": f.now().UTC().Format("2006-01-02T15:04:05.000Z"), "agent": who, "client": nil, "data": data,
	}})
	if err != nil {
		panic("pagerdutytest: " + err.Error())
	}
	for _, s := range f.mail.all {
		if s.Hook == nil || s.Off || !slices.Contains(s.Events, event) || !f.hears(s, i) || f.now().Before(s.asleep) {
			continue
		}
		f.count["webhook"]++
		p := &parcel{to: s, id: fmt.Sprintf("%08x-0000-4000-8000-000000000000", f.count["webhook"]), event: event, about: i, body: body}
		if f.mail.holding {
			f.mail.held = append(f.mail.held, p)
			continue
		}
		f.queue(p)
	}
}

// hears says whether a subscription's filter lets an incident through.
func (f *Fake) hears(s *subscription, i *Incident) bool {
	return s.Filter == "" || s.Filter == i.Service || slices.Contains(f.service(i.Service).Teams, s.Filter)
}

// queue puts a parcel behind those of its subscription; one that is delayed
// flies alone. f.mu is held.
func (f *Fake) queue(p *parcel) {
	if f.closed {
		return
	}
	var t Twist
	if len(f.mail.twists) > 0 {
		t, f.mail.twists = *f.mail.twists[0], f.mail.twists[1:]
	}
	p.wrong = t.WrongSignature
	if t.Lost {
		p.attempt++
		f.note(p, answered{err: errLost})
	}
	if t.Delay > 0 {
		f.fly(p, t.Delay)
	} else {
		p.to.queue = append(p.to.queue, p)
	}
	for range t.Copies {
		other := *p
		other.copied = true
		p.to.queue = append(p.to.queue, &other)
	}
	if len(p.to.queue) > 0 && !p.to.running {
		p.to.running = f.spawnLocked(func() { f.empty(p.to) })
	}
}

// fly delivers a parcel by itself, later.
func (f *Fake) fly(p *parcel, after time.Duration) {
	flies := f.spawnLocked(func() {
		if f.wait(context.Background(), after) {
			f.deliver(p)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.mail.flying--
		f.mail.idle.Broadcast()
	})
	if flies {
		f.mail.flying++
	}
}

// empty delivers what waits for a subscription, one after the other.
func (f *Fake) empty(s *subscription) {
	for {
		f.mu.Lock()
		if f.closed || len(s.queue) == 0 {
			s.running = false
			f.mail.idle.Broadcast()
			f.mu.Unlock()
			return
		}
		p := s.queue[0]
		s.queue = s.queue[1:]
		f.mu.Unlock()
		f.deliver(p)
	}
}

var (
	errLost   = errors.New("it was lost on its way")
	errSilent = errors.New("nobody answered in time")
)

// answered is what became of one attempt.
type answered struct {
	status int
	err    error
	header http.Header
}

// deliver tries until the parcel is taken or dropped. What timed out, 429 and
// 5xx is tried again for two days; any other refusal drops it, and three in a
// row put the subscription to sleep for a day.
func (f *Fake) deliver(p *parcel) {
	for since, pause := f.now(), time.Second; ; pause = min(2*pause, 10*time.Minute) {
		a := f.attempt(p)
		f.mu.Lock()
		final := a.err == nil && a.status != http.StatusTooManyRequests && a.status < 500 || f.now().Sub(since) > 48*time.Hour
		taken := a.err == nil && a.status/100 == 2
		d := f.note(p, a)
		d.Dropped = final && !taken
		switch {
		case taken:
			p.to.drops = 0
		case final:
			if p.to.drops++; p.to.drops >= 3 {
				p.to.asleep, p.to.drops = f.now().Add(24*time.Hour), 0
			}
		}
		p.attempt++
		f.mu.Unlock()
		if final || !f.wait(context.Background(), pause) {
			return
		}
	}
}

// note keeps what became of an attempt; f.mu is held.
func (f *Fake) note(p *parcel, a answered) *Delivery {
	f.mail.done = append(f.mail.done, Delivery{
		Subscription: p.to.ID, ID: p.id, Event: p.event, Incident: p.about.ID, Key: p.about.Key, Attempt: p.attempt, Copy: p.copied,
		Status: a.status, Err: a.err, Body: p.body, Header: a.header,
	})
	return &f.mail.done[len(f.mail.done)-1]
}

// attempt sends a parcel once.
func (f *Fake) attempt(p *parcel) answered {
	f.mu.Lock()
	hook, url, secrets := p.to.Hook, p.to.URL, slices.Clone(p.to.Secrets)
	f.mu.Unlock()
	if p.wrong {
		secrets = []string{"somebody else's secret"}
	}
	if url == "" {
		url = "http://tocsin.test/hooks/pagerduty"
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(p.body))
	if err != nil {
		return answered{err: err}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "PagerDuty-Webhook/V3.0")
	r.Header.Set("X-Webhook-Id", p.id)
	r.Header.Set("X-Webhook-Subscription", p.to.ID)
	r.Header.Set("X-Pagerduty-Signature", Sign(p.body, secrets...))
	done := make(chan answered, 1)
	if !f.spawn(func() { done <- ask(hook, r) }) {
		return answered{err: errSilent, header: r.Header}
	}
	a := answered{err: errSilent}
	select {
	case a = <-done:
	case <-f.o.After(f.o.Patience):
	case <-f.over:
	}
	a.header = r.Header
	return a
}

func ask(hook Hook, r *http.Request) answered {
	resp, err := hook(r)
	if err != nil {
		return answered{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)); err != nil {
		return answered{err: err}
	}
	return answered{status: resp.StatusCode}
}

// Redeliver sends a webhook once more, by its X-Webhook-Id, and returns when it
// was answered.
func (f *Fake) Redeliver(ctx context.Context, id string) (Delivery, error) {
	f.mu.Lock()
	d := find(pointers(f.mail.done), func(d *Delivery) bool { return d.ID == id })
	if d == nil {
		f.mu.Unlock()
		return Delivery{}, errNone
	}
	s := find(f.mail.all, func(s *subscription) bool { return s.ID == d.Subscription })
	i, err := f.newest(d.Incident)
	if s == nil || err != nil {
		f.mu.Unlock()
		return Delivery{}, errNone
	}
	p := &parcel{to: s, id: id, event: d.Event, about: i, body: d.Body, copied: true}
	f.mu.Unlock()
	a := f.attempt(p)
	f.mu.Lock()
	defer f.mu.Unlock()
	return *f.note(p, a), ctx.Err()
}

func pointers[T any](all []T) []*T {
	var out []*T
	for i := range all {
		out = append(out, &all[i])
	}
	return out
}

// Sign makes the value of X-PagerDuty-Signature: one signature for each secret.
func Sign(body []byte, secrets ...string) string {
	var all []string
	for _, s := range secrets {
		mac := hmac.New(sha256.New, []byte(s))
		mac.Write(body)
		all = append(all, "v1="+hex.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(all, ",")
}

// ToHandler is a hook that calls a handler in this process.
func ToHandler(h http.Handler) Hook {
	return func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.RequestURI = r.URL.RequestURI()
		return local(h, r)
	}
}

// ToURL is a hook that posts to an address.
func ToURL(c *http.Client, url string) Hook {
	return func(r *http.Request) (*http.Response, error) {
		out, err := http.NewRequestWithContext(r.Context(), r.Method, url, r.Body)
		if err != nil {
			return nil, err
		}
		out.Header, out.ContentLength = r.Header, r.ContentLength
		return c.Do(out)
	}
}
