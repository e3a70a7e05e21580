package pagerduty_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
	"tocsin/integrations/pagertest"
)

const (
	key    = "incident/0123456789abcdef0123/7/pages/page"
	secret = "secret-of-the-fake"
)

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// desk is a pager, its way in for webhooks, and the fake on the far side.
type desk struct {
	t    *testing.T
	f    *pagerdutytest.Fake
	w    pagerdutytest.World
	c    *clock
	o    pagerduty.Options
	p    *pagerduty.PagerDuty
	hook *pagerduty.Hook

	mu    sync.Mutex
	heard []integrations.Receipt
	read  []integrations.News // what the deliveries said by themselves
	news  []integrations.News
}

// start makes a desk with everything set but the routing key.
func start(t *testing.T, change ...func(*desk)) *desk {
	t.Helper()
	d := &desk{t: t, c: &clock{at: time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC)}}
	d.fake(pagerdutytest.Options{})
	for _, c := range change {
		c(d)
	}
	d.open()
	return d
}

// redacted is for texts that are secrets.
func redacted(s string) redact.Secret { return redact.Secret(s) }

// fake puts a fresh PagerDuty on the far side.
func (d *desk) fake(o pagerdutytest.Options) {
	o.Now = d.c.now
	d.f = pagerdutytest.Start(d.t, o)
	d.w = d.f.Furnish()
	d.o = pagerduty.Options{
		Config: pagerduty.Config{
			Token: redact.Secret(d.f.Token()), From: d.w.Bot.Email, Service: d.w.ServiceName, WebhookSecret: secret,
			Numbers: true, APIUrl: d.f.APIURL(), EventsUrl: d.f.EventsURL(),
		},
		Now: d.c.now, Address: "https://tocsin.example", Transport: d.f.Transport(),
	}
}

// open opens the pager, anew after a restart.
func (d *desk) open() {
	d.t.Helper()
	p, err := pagerduty.Open(d.o)
	if err != nil {
		d.t.Fatal(err)
	}
	d.p = p
	d.hook, _ = p.Hook()
}

func byEvents(d *desk) { d.o.Config.RoutingKey = redact.Secret(d.w.RoutingKey) }

func eventsAlone(d *desk) {
	byEvents(d)
	d.o.Config.Token, d.o.Config.From, d.o.Config.Service = "", "", ""
}

// subscribe lets PagerDuty call; what it says is kept as the house would.
func (d *desk) subscribe() {
	d.f.Subscribe(pagerdutytest.Subscription{URL: "https://tocsin.example/hooks/pagerduty", Secrets: []string{secret}, Hook: pagerdutytest.ToHandler(d)})
}

// ServeHTTP does what the house does with a webhook.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	got, err := d.hook.Admit(integrations.Call{Header: r.Header, Body: body, At: d.c.now()})
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	said, err := d.hook.Read(got)
	if err != nil {
		d.t.Errorf("a webhook cannot be read: %v", err)
		return
	}
	whole, err := d.hook.Complete(r.Context(), got, said)
	if err != nil {
		d.t.Errorf("a webhook cannot be completed: %v", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.read, d.news = append(d.read, said), append(d.news, whole)
	d.heard = append(d.heard, whole.Pages...)
}

// told is what was heard of pages so far.
func (d *desk) told() []integrations.Receipt {
	d.t.Helper()
	if err := d.f.Settle(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.heard)
}

func (d *desk) ask() integrations.Page {
	return integrations.Page{Key: key, Target: d.w.ServiceName, Summary: "INC-7 sev1: checkout is failing", Severity: 1, Link: "https://tocsin.example/INC-7", Level: 1}
}

func (d *desk) page() integrations.Receipt {
	d.t.Helper()
	r, err := d.p.Page(d.t.Context(), d.ask())
	if err != nil {
		d.t.Fatalf("the page was not taken: %v", err)
	}
	return r
}

func (d *desk) there() pagerdutytest.Incident {
	d.t.Helper()
	i, ok := d.f.Incident(pagerduty.FarKey(key))
	if !ok {
		d.t.Fatal("there is no incident for the key")
	}
	return i
}

func (d *desk) act(a integrations.PageAct) (integrations.Receipt, error) {
	return d.p.Act(d.t.Context(), key, a)
}

// far is the other side for the suite that every pager passes.
type far struct{ d *desk }

func (f far) Answer(_ context.Context, key, by string) error {
	return f.d.f.Acknowledge(pagerduty.FarKey(key), by)
}

func (f far) Pass(_ context.Context, key string) error { return f.d.f.Pass(pagerduty.FarKey(key)) }

func (f far) Pages(_ context.Context, key string) (int, error) {
	return f.d.f.Pages(pagerduty.FarKey(key)), nil
}

func (f far) News(context.Context) ([]integrations.Receipt, error) { return f.d.told(), nil }

func (f far) Break(_ context.Context, how pagertest.Failure) error {
	f.d.f.Heal()
	writes := []string{"POST /incidents", "POST /v2/enqueue"}
	switch how {
	case pagertest.None:
	case pagertest.Away:
		f.d.f.Fail("", -1, pagerdutytest.Refused())
	case pagertest.Refuse:
		for _, op := range writes {
			f.d.f.Fail(op, -1, pagerdutytest.Status(http.StatusBadRequest))
		}
	case pagertest.LoseAnswer:
		for _, op := range writes {
			f.d.f.Fail(op, -1, pagerdutytest.Lost())
		}
	}
	return nil
}

func TestSuite(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]func(*desk){"by REST incidents": func(*desk) {}, "by events, looked up over REST": byEvents} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pagertest.Run(t, func(t *testing.T) pagertest.Bench {
				d := start(t, way, func(d *desk) {
					d.f.AddUser(pagerdutytest.User{Name: "Mara Lind", Email: "mara@example.com"})
				})
				d.subscribe()
				return pagertest.Bench{Pager: d.p, Far: far{d}, Target: d.w.ServiceName, Person: d.w.Cy.Email}
			})
		})
	}
}
