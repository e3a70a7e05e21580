package reactors_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/reactors"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// act is one thing that happens to a page.
type act struct {
	name string
	do   func(o *ordeal)
}

// ordeal is the life of one page, in which things happen in some order.
type ordeal struct {
	*house
	s     incident.Stream
	key   string
	asked bool
	acked bool // in chat
	done  []string
	over  bool // the page was over
	gone  bool // it was over at the far side
	sent  int  // pages at the far side before this act
}

// acts are the eight of which every order is tried.
func acts(atPager func(o *ordeal)) []act {
	return []act{
		{"request", func(o *ordeal) {
			if o.state(o.s).Status.Open() {
				o.page(o.s, team())
				o.asked = true
			}
		}},
		{"accept", func(o *ordeal) { o.alive(); o.run(10 * time.Second) }},
		{"lost reply", func(o *ordeal) { o.lose(func() {}) }},
		{"kill", func(o *ordeal) {
			o.lose(func() { o.talk.trap.kill() }) // in the middle of a call, when there is one
			o.step()
			o.talk.trap.kill()
		}},
		{"restart", func(o *ordeal) { o.clock.Advance(worker.Lease + time.Second); o.start(&trap{}) }},
		{"webhook", atPager},
		{"acknowledge", func(o *ordeal) {
			o.try("bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				events, err := i.Acknowledge(a, "p1")
				o.acked = o.acked || err == nil
				return events, err
			})
		}},
		{"resolve", func(o *ordeal) {
			o.try("bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
		}},
	}
}

// kill ends whoever stands on the trap, now.
func (p *trap) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
}

// lose takes the reply to the next page away, after it was made.
func (o *ordeal) lose(then func()) {
	o.bell.lose = func(call string) error {
		if call != "page" {
			return nil
		}
		o.bell.lose = nil
		then()
		return fault.New(fault.Unknown, "No answer came.")
	}
}

// alive starts a worker anew when the one before has died.
func (o *ordeal) alive() {
	if o.talk.trap.isDead() {
		o.clock.Advance(worker.Lease + time.Second)
		o.start(&trap{})
	}
}

// try has somebody do what may be refused.
func (o *ordeal) try(who string, decide func(incident.Incident, incident.Actor) ([]incident.Event, error)) {
	o.t.Helper()
	o.change(o.s, who, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		events, err := decide(i, a)
		if k := fault.KindOf(err); err != nil && (k == fault.Conflict || k == fault.NotFound || k == fault.Rejected || k == fault.Invalid) {
			return nil, nil
		}
		return events, err
	})
}

// hear puts on record what the pager reports by itself, as the house does.
func (h *house) hear(s incident.Stream, r integrations.Receipt) {
	h.t.Helper()
	decide, err := reactors.NewsOf(h.t.Context(), h.desk, "bell", "p1", r)
	if err != nil {
		h.t.Fatal(err)
	}
	key := fmt.Sprint("news ", r.Key, r.State, r.At.UnixNano())
	recs, err := h.commit(h.t.Context(), h.desk, s, store.Commit{Key: key, Job: true, Asker: incident.House}, decide)
	if err != nil {
		h.t.Fatalf("news: %v", err)
	}
	h.give(recs)
}

// answeredThere is somebody who answers at the pager; the news come twice, the
// newer before the older.
func answeredThere(o *ordeal) {
	p := o.bell.find(o.key)
	if p == nil || p.State == integrations.Over {
		return
	}
	p.State, p.By = integrations.Acknowledged, "cy@example.com"
	now := o.clock.Now()
	ack := integrations.Receipt{Key: o.key, State: integrations.Acknowledged, By: "cy@example.com", At: now}
	seen := integrations.Receipt{Key: o.key, State: integrations.Seen, Whom: "Cy", At: now.Add(-time.Second)}
	for _, r := range []integrations.Receipt{ack, seen, ack, seen} {
		o.hear(o.s, r)
	}
}

// endedThere is somebody who resolves the page at the pager; that it was
// answered before is heard after.
func endedThere(o *ordeal) {
	p := o.bell.find(o.key)
	if p == nil {
		return
	}
	p.State, p.By = integrations.Over, "cy@example.com"
	now := o.clock.Now()
	for _, r := range []integrations.Receipt{
		{Key: o.key, State: integrations.Over, By: "cy@example.com", At: now},
		{Key: o.key, State: integrations.Acknowledged, By: "cy@example.com", At: now.Add(-time.Second)},
		{Key: o.key, State: integrations.Escalated, Level: 2, Whom: "Dee", At: now.Add(-2 * time.Second)},
		{Key: o.key, State: integrations.Over, By: "cy@example.com", At: now},
	} {
		o.hear(o.s, r)
	}
}

// check holds what must be true after every act.
func (o *ordeal) check() {
	o.t.Helper()
	far := 0
	var last *farPage
	for _, p := range o.world.Pages {
		if p.Key == o.key {
			far++
			last = p
		}
	}
	p, known := o.state(o.s).PageOf("p1")
	switch {
	case far > 1 && !o.bell.blind:
		o.fail("there are %d pages at the pager", far)
	case far > 1 && !strings.Contains(last.Summary, "may be a duplicate"):
		o.fail("there are %d pages at the pager, and nothing says so", far)
	case known && p.There() && far == 0:
		o.fail("it says that somebody was paged (%s), and there is no page", p.State)
	case o.over && p.State != incident.PageOver:
		o.fail("a page that was over is %s", p.State)
	case o.gone && last.State != integrations.Over && far == o.sent:
		o.fail("a page that was over at the pager is %s there", last.State)
	case o.gone && far > o.sent:
		o.fail("a page that was over was made anew")
	}
	o.over = known && p.State == incident.PageOver
	o.gone, o.sent = last != nil && last.State == integrations.Over, far
}

func (o *ordeal) fail(format string, args ...any) {
	o.t.Helper()
	o.t.Errorf("after %s: %s", strings.Join(o.done, ", "), fmt.Sprintf(format, args...))
}

// end lets everything come to rest, and holds what must be true then.
func (o *ordeal) end() {
	o.t.Helper()
	o.bell.lose = nil
	o.alive()
	o.done = append(o.done, "rest")
	o.run(4 * time.Minute)
	o.check()
	inc := o.state(o.s)
	p, _ := inc.PageOf("p1")
	var far []*farPage
	for _, f := range o.world.Pages {
		if f.Key == o.key {
			far = append(far, f)
		}
	}
	switch {
	case !o.asked:
		return
	case inc.Status.Open() && len(far) == 0 && !o.acked:
		o.fail("the page was lost: it is %s here", p.State)
	case !inc.Status.Open() && p.State != incident.PageOver && p.State != incident.PageBroken:
		o.fail("the incident is over, and the page is %s", p.State)
	case inc.Status.Open() && len(far) > 0 && !p.There():
		o.fail("the page is at the pager, and is %s here", p.State)
	}
	for _, f := range far {
		if !inc.Status.Open() && f == far[len(far)-1] && f.State != integrations.Over {
			o.fail("the incident is over, and the page is %q at the pager", f.State)
		}
	}
}

// orders calls fn with every order of n things, or every so many. What comes
// before the first of them, the request, has no order of its own: it does
// nothing to a page that there is not.
func orders(n, stride int, fn func(order []int)) {
	at := 0
	var walk func(order []int)
	walk = func(order []int) {
		if len(order) == n {
			if at++; at%stride == 0 {
				fn(order)
			}
			return
		}
		asked := slices.Contains(order, 0)
		for i := range n {
			early := !asked && i > 0 && len(order) > 0 && i < order[len(order)-1]
			if !slices.Contains(order, i) && !early {
				walk(append(slices.Clone(order), i))
			}
		}
	}
	walk(nil)
}

// TestEveryOrder tries every order of what can happen to a page: never two for
// one request unless it says so, never "paged" without a page, never one that
// was over and rings again, and none that goes on ringing after the end. With
// TOCSIN_KILL_EVERY_STEP=1 it tries all, else one in some.
func TestEveryOrder(t *testing.T) {
	t.Parallel()
	for _, m := range []struct {
		name    string
		atPager func(o *ordeal)
		blind   bool
	}{
		{"answered at the pager", answeredThere, false},
		{"resolved at the pager", endedThere, false},
		{"answered at a pager that cannot be asked", answeredThere, true},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			all := acts(m.atPager)
			stride := strideOf(37)
			tried := 0
			orders(len(all), stride, func(order []int) {
				if t.Failed() {
					return
				}
				tried++
				o := &ordeal{house: newHouse(t)}
				o.bell.blind, o.only = m.blind, "pages"
				o.start(&trap{})
				o.s = o.declare(ranked(incident.Sev2))
				o.key = reactors.PageKey(o.s, "p1")
				o.step()
				for _, i := range order {
					o.done = append(o.done, all[i].name)
					all[i].do(o)
					o.step()
					o.check()
				}
				o.end()
			})
			if tried < 30 && !t.Failed() {
				t.Errorf("only %d orders were tried", tried)
			}
		})
	}
}
