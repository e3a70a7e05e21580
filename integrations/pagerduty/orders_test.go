package pagerduty_test

import (
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

// What can happen to a page, besides that it is asked for.
const (
	accepts   = "accepted"    // the worker's turn: the page goes, and the answer comes
	loses     = "reply lost"  // the worker's turn: the page goes or does not, and no answer says so
	kills     = "kill"        // the process ends, in the middle of a call when one is due
	restarts  = "restart"     // it begins again, and remembers nothing but the record
	hears     = "webhook"     // what PagerDuty has to tell arrives
	taken     = "acknowledge" // somebody takes it
	endsThere = "resolve"     // somebody ends it
)

// way is how PagerDuty is spoken with, and how it behaves.
type way struct {
	name        string
	token, keys bool
	far         pagerdutytest.Options
	late        bool // events become incidents only when the webhooks come
}

func ways() []way {
	return []way{
		{name: "over REST", token: true},
		{name: "by events, with a token", token: true, keys: true},
		{name: "by events under another key", token: true, keys: true, far: pagerdutytest.Options{AlertKeys: true}},
		{name: "by events that come late", token: true, keys: true, late: true},
		{name: "by a routing key alone", keys: true},
	}
}

// house is a house as small as can be: what survives a kill is the record and
// the ledger of one page, and it follows the rules of the big one. A call is
// noted before it is made; what is unsure is looked up before it is sent again;
// what is known to be over is not sent.
type house struct {
	t     *testing.T
	f     *pagerdutytest.Fake
	w     pagerdutytest.World
	way   way
	steps []string
	now   time.Time

	pager *pagerduty.PagerDuty // nil: the process is down
	gone  bool                 // the page is off the ledger
	begun bool                 // a call was made whose end is not on record
	maybe bool                 // it was sent again without its being looked up
	ended bool                 // somebody in chat ended the incident
	told  bool                 // and the page with it
	heard []string             // webhooks by id
	said  []integrations.Receipt
	did   []integrations.Receipt // what came of buttons in chat: the people's word, not the pager's
}

const pageKey = "incident/0123456789abcdef0123/7/pages/page"

func newHouse(t *testing.T, w way) *house {
	h := &house{t: t, way: w, now: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)}
	o := w.far
	o.Now = h.clock
	f, err := pagerdutytest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	h.f, h.w = f, f.Furnish()
	f.Hold()
	if w.late {
		f.HoldEvents()
	}
	f.Subscribe(pagerdutytest.Subscription{Secrets: []string{"s1"}, Hook: h.receive})
	h.start()
	return h
}

func (h *house) clock() time.Time { return h.now }

func (h *house) far() string { return pagerduty.FarKey(pageKey) }

func (h *house) start() {
	c := pagerduty.Config{WebhookSecret: redact.Secret("s1"), APIUrl: h.f.APIURL(), EventsUrl: h.f.EventsURL()}
	if h.way.token {
		c.Token, c.From = redact.Secret(h.f.Token()), h.w.Bot.Email
	}
	if h.way.keys {
		c.RoutingKey = redact.Secret(h.w.RoutingKey)
	}
	p, err := pagerduty.Open(pagerduty.Options{Config: c, Now: h.clock, Transport: h.f.Transport()})
	if err != nil {
		h.t.Fatal(err)
	}
	h.pager = p
}

func (h *house) fail(format string, args ...any) {
	h.t.Helper()
	h.t.Errorf("request, "+strings.Join(h.steps, ", ")+": "+format, args...)
}

// turn is the worker's: it sends the page, if that is due. A turn that is
// killed ends after the call, with nothing on record of how it ended.
func (h *house) turn(killed bool) {
	if h.pager == nil || h.gone {
		return
	}
	if h.begun {
		got, found, err := h.pager.Look(h.t.Context(), pageKey)
		switch {
		case found:
			h.note(got)
			return
		case err != nil && h.way.token:
			h.fail("looking it up: %v", err)
			return
		}
		h.maybe = h.maybe || err != nil
	}
	if h.over() {
		h.gone = true
		return
	}
	h.begun = true
	got, err := h.pager.Page(h.t.Context(), integrations.Page{Key: pageKey, Target: h.w.ServiceName, Summary: "INC-7 sev1", Severity: 1, Level: 1})
	switch {
	case killed:
	case err == nil:
		h.note(got)
	case fault.KindOf(err) == fault.Unavailable:
		h.begun = false
	case fault.KindOf(err) != fault.Unknown:
		h.fail("the page was not taken, and it is not said that it may have been: %v", err)
	}
}

// over says that nobody needs the page, as far as the record knows.
func (h *house) over() bool {
	return h.ended || slices.ContainsFunc(h.said, func(r integrations.Receipt) bool { return r.State == integrations.Over })
}

// paged says that the record says that somebody was paged.
func (h *house) paged() bool { return len(h.said) > 0 }

// note puts a receipt on record, and the page off the ledger.
func (h *house) note(r integrations.Receipt) {
	if r.Key != pageKey {
		h.fail("a receipt is for %q", r.Key)
	}
	h.gone, h.begun = true, false
	h.said = append(h.said, r)
}

// receive is the way in for webhooks: admitted, de-duplicated, read, completed.
func (h *house) receive(r *http.Request) (*http.Response, error) {
	body := make([]byte, r.ContentLength)
	if _, err := r.Body.Read(body); err != nil && len(body) == 0 {
		return nil, err
	}
	answer := &http.Response{StatusCode: http.StatusAccepted, Body: http.NoBody}
	hook, ok := h.pager.Hook()
	if !ok {
		h.fail("there is no way in for webhooks")
		return answer, nil
	}
	got, err := hook.Admit(integrations.Call{Header: r.Header, Body: body, At: h.now})
	if err != nil {
		h.fail("a webhook is not let in: %v", err)
		return answer, nil
	}
	if slices.Contains(h.heard, got.Key) {
		return answer, nil
	}
	h.heard = append(h.heard, got.Key)
	news, err := hook.Read(got)
	if err == nil {
		news, err = hook.Complete(r.Context(), got, news)
	}
	if err != nil {
		h.fail("a webhook is not understood: %v", err)
	}
	for _, p := range news.Pages {
		h.note(p)
	}
	if len(news.Alerts) > 0 && (h.way.token || !h.way.far.AlertKeys) {
		h.fail("our own page comes back as an alert: %+v", news.Alerts[0])
	}
	return answer, nil
}

// errNoButton says that there was nothing in chat to press.
var errNoButton = errors.New("there is no button")

// act is somebody's button in chat.
func (h *house) act(verb string) error {
	if h.pager == nil || !h.paged() && !h.begun {
		return errNoButton
	}
	r, err := h.pager.Act(h.t.Context(), pageKey, integrations.PageAct{Verb: verb, By: h.w.Ann.Name, Email: h.w.Ann.Email})
	if err == nil {
		h.did = append(h.did, r)
	}
	return err
}

// settle resolves the page of an incident that was ended in chat.
func (h *house) settle() {
	if !h.ended || h.told || h.pager == nil || !h.paged() && !h.begun {
		return
	}
	err := h.act("resolve")
	h.told = err == nil
	if err != nil && fault.KindOf(err) != fault.NotFound {
		h.fail("it is not resolved: %v", err)
	}
}

// variant is how things happen that can happen in two ways.
type variant struct {
	takenInChat, endedInChat bool // or else at PagerDuty
	reversed                 bool // webhooks come the newest first
	undone                   bool // the call whose reply is lost did nothing
}

func variants() []variant {
	var out []variant
	for n := range 16 {
		out = append(out, variant{n&1 != 0, n&2 != 0, n&4 != 0, n&8 != 0})
	}
	return out
}

// step lets one thing happen.
func (h *house) step(what string, v variant) {
	h.now = h.now.Add(time.Second)
	op := "POST /incidents"
	if h.way.keys {
		op = "POST /v2/enqueue"
	}
	switch what {
	case accepts:
		h.turn(false)
	case loses:
		how := pagerdutytest.Lost()
		if v.undone {
			how = pagerdutytest.Status(http.StatusBadGateway)
		}
		h.f.Fail(op, 1, how)
		h.turn(false)
		h.f.Heal()
	case kills:
		h.turn(true)
		h.pager = nil
	case restarts:
		h.start()
	case hears:
		h.hear(v.reversed)
	case taken:
		if !v.takenInChat {
			_ = h.f.Acknowledge(h.far(), h.w.Ann.ID) // there may be nothing to take
			return
		}
		wasOver := h.resolvedThere()
		if err := h.act("acknowledge"); err == nil && wasOver && h.way.token {
			h.fail("a late acknowledgement was said to have worked")
		}
	case endsThere:
		if !v.endedInChat {
			_ = h.f.Resolve(h.far(), h.w.Bob.ID)
			return
		}
		if h.pager != nil {
			h.ended = true
			h.settle()
		}
	}
}

func (h *house) hear(reversed bool) {
	if h.pager == nil {
		return // PagerDuty tries again later
	}
	if h.way.late {
		h.f.ReleaseEvents()
		defer h.f.HoldEvents()
	}
	h.f.Release(reversed)
	if err := h.f.Settle(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	h.f.Hold()
}

func (h *house) resolvedThere() bool {
	i, ok := h.f.Incident(h.far())
	return ok && i.Status == "resolved"
}

// check holds what must always be so.
func (h *house) check() {
	n := h.f.Incidents(h.far())
	if n > 1 && !h.maybe {
		h.fail("%d pages for one request, and it is not marked", n)
	}
	if got := h.f.Pages(h.far()); got > n {
		h.fail("a page was opened again")
	}
	if h.paged() && n == 0 && (!h.way.late || h.f.Triggers(h.far()) == 0) {
		h.fail("the record says %q, and there is no page", h.said[0].State)
	}
	if len(h.f.All()) > n {
		h.fail("there are pages of other keys: %+v", h.f.All())
	}
}

// finish brings everything to its end and holds the record to the truth.
func (h *house) finish() {
	h.steps = append(h.steps, "and at the end")
	if h.pager == nil {
		h.start()
	}
	for range 3 {
		h.now = h.now.Add(time.Minute)
		h.turn(false)
		h.hear(false)
		h.settle()
		h.check()
	}
	there, ok := h.f.Incident(h.far())
	switch {
	case !h.gone:
		h.fail("the page is still on the ledger")
	case ok != h.paged() && !h.ended:
		h.fail("a page is there: %v; the record says so: %v", ok, h.paged())
	case ok && h.ended && there.Status != "resolved":
		h.fail("the incident was ended, and its page is %s", there.Status)
	case !ok && !h.ended:
		h.fail("the request made no page")
	}
	if !h.way.token || !ok {
		return
	}
	got, found, err := h.pager.Look(h.t.Context(), pageKey)
	want := map[string]integrations.ReceiptState{"triggered": integrations.Seen, "acknowledged": integrations.Acknowledged, "resolved": integrations.Over}[there.Status]
	if err != nil || !found || got.State != want {
		h.fail("looked up it is %q (%v, %v), want %q", got.State, found, err, want)
	}
	if last := h.last(); want != integrations.Seen && last != want {
		h.fail("it is %s, and the record's furthest is %q", there.Status, last)
	}
}

// last is the furthest that the record knows.
func (h *house) last() integrations.ReceiptState {
	last := integrations.ReceiptState("")
	for _, s := range []integrations.ReceiptState{integrations.Accepted, integrations.Seen, integrations.Acknowledged, integrations.Over} {
		if slices.ContainsFunc(slices.Concat(h.said, h.did), func(r integrations.Receipt) bool { return r.State == s }) {
			last = s
		}
	}
	return last
}

// orders gives every order of some things.
func orders(of []string) [][]string {
	if len(of) == 0 {
		return [][]string{nil}
	}
	var out [][]string
	for i, first := range of {
		rest := append(slices.Clone(of[:i]), of[i+1:]...)
		for _, o := range orders(rest) {
			out = append(out, append([]string{first}, o...))
		}
	}
	return out
}

// TestEveryOrder asks for one page and lets everything that can happen to it
// happen in every order. What stands before the request in an order changes
// nothing, so that the request is always the first. The way to PagerDuty, who
// acts (in chat, or at PagerDuty) and how webhooks come (in order, or the newest
// first) go around with the orders; TOCSIN_EVERY_ORDER=1 tries each with each.
// Where nothing demands everything, the day chooses one order in four.
func TestEveryOrder(t *testing.T) {
	t.Parallel()
	every, some := os.Getenv("TOCSIN_EVERY_ORDER") == "1", 4
	if every || os.Getenv("TOCSIN_REQUIRE_ALL") == "1" {
		some = 1
	}
	day := time.Now().YearDay()
	all := orders([]string{accepts, loses, kills, restarts, hears, taken, endsThere})
	if len(all) != 5040 {
		t.Fatalf("%d orders, want 5040", len(all))
	}
	for i, w := range ways() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			for n, order := range all {
				for j, v := range variants() {
					// Spread, so that no order's end meets one variant alone.
					around := int(uint32(n)*2654435761>>16) % (len(ways()) * len(variants()))
					if !every && around != i*len(variants())+j || (n+day)%some != 0 {
						continue
					}
					try(t, w, order, v)
					if t.Failed() {
						t.Fatalf("order %d, %+v", n, v)
					}
				}
			}
		})
	}
}

func try(t *testing.T, w way, order []string, v variant) {
	h := newHouse(t, w)
	defer h.f.Close()
	for _, what := range order {
		h.steps = append(h.steps, what)
		h.step(what, v)
		h.check()
	}
	h.finish()
}
