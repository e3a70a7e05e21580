package pagerduty_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

// TestWhatWentWrong breaks each way of a page in each way, says what the fault
// must be, and pages again: it is one page all the same.
func TestWhatWentWrong(t *testing.T) {
	t.Parallel()
	ways := map[string]struct {
		op  string
		set func(*desk)
	}{
		"an event": {"POST /v2/enqueue", eventsAlone}, "an incident": {"POST /incidents", func(*desk) {}},
	}
	tests := []struct {
		name  string
		how   pagerdutytest.Fault
		want  fault.Kind
		after time.Duration // the wait that is asked for
		there int           // pages after the fault
	}{
		{"too many calls", pagerdutytest.RateLimited(17 * time.Second), fault.Unavailable, 17 * time.Second, 0},
		{"too many calls, for who knows how long", pagerdutytest.RateLimited(0), fault.Unavailable, 0, 0},
		{"a wait of a day is not believed", pagerdutytest.RateLimited(24 * time.Hour), fault.Unavailable, 5 * time.Minute, 0},
		{"an error of its own", pagerdutytest.Status(500), fault.Unknown, 0, 0},
		{"a gateway's error", pagerdutytest.Fault{Status: 502, Page: "<html>" + strings.Repeat("bad gateway ", 3000)}, fault.Unknown, 0, 0},
		{"not serving", pagerdutytest.Status(503), fault.Unavailable, 0, 0},
		{"nobody listens", pagerdutytest.Refused(), fault.Unavailable, 0, 0},
		{"the answer is lost", pagerdutytest.Lost(), fault.Unknown, 0, 1},
		{"it hangs and did nothing", pagerdutytest.Hang(), fault.Unknown, 0, 0},
		{"it hangs and did it", pagerdutytest.HangOn(), fault.Unknown, 0, 1},
		{"credentials are refused", pagerdutytest.Status(401), fault.Rejected, 0, 0},
		{"a redirect", pagerdutytest.Status(302), fault.Rejected, 0, 0},
	}
	for kind, way := range ways {
		for _, tt := range tests {
			t.Run(kind+", "+tt.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					d := start(t, way.set)
					d.f.Fail(way.op, 1, tt.how)
					begun := time.Now()
					_, err := d.p.Page(t.Context(), d.ask())
					if err == nil || fault.KindOf(err) != tt.want {
						t.Fatalf("it is %v (%v), want %v", fault.KindOf(err), err, tt.want)
					}
					if took := time.Since(begun); took > 10*time.Second {
						t.Errorf("it took %v", took)
					}
					if f, _ := errors.AsType[*fault.Error](err); f.After != tt.after {
						t.Errorf("again after %v, want %v", f.After, tt.after)
					}
					if len(err.Error()) > 500 || strings.Contains(err.Error(), d.f.Token()) || strings.Contains(err.Error(), d.w.RoutingKey) {
						t.Errorf("the error says too much: %v", err)
					}
					if n := d.f.Pages(pagerduty.FarKey(key)); n != tt.there {
						t.Errorf("there are %d pages, want %d", n, tt.there)
					}
					d.page()
					if n := d.f.Pages(pagerduty.FarKey(key)); n != 1 {
						t.Errorf("after another try there are %d pages", n)
					}
				})
			})
		}
	}
}

func TestHowLongAPageTakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		set         func(*desk)
		first, next time.Duration
	}{
		{"an event, with a token", func(d *desk) { byEvents(d); d.f.Latency(50 * time.Millisecond) }, 100 * time.Millisecond, 50 * time.Millisecond},
		{"an event, with a routing key alone", func(d *desk) { eventsAlone(d); d.f.Latency(50 * time.Millisecond) }, 50 * time.Millisecond, 50 * time.Millisecond},
		{"an incident", func(d *desk) { d.f.Latency(50 * time.Millisecond) }, 100 * time.Millisecond, 50 * time.Millisecond},
		{"an event, while the REST API hangs", func(d *desk) { byEvents(d); d.f.Fail("GET /services", -1, pagerdutytest.Hang()) }, 3 * time.Second, 3 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := start(t, tt.set)
				for i, most := range []time.Duration{tt.first, tt.next} {
					page := d.ask()
					page.Key += fmt.Sprint(i)
					begun := time.Now()
					if _, err := d.p.Page(t.Context(), page); err != nil {
						t.Fatal(err)
					}
					if took := time.Since(begun); took != most {
						t.Errorf("page %d took %v, want %v", i+1, took, most)
					}
				}
			})
		})
	}
}

func TestOverTheNetwork(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*desk){"by REST": func(*desk) {}, "by events": byEvents} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := start(t, set, func(d *desk) {
				d.f.Listen(t)
				d.o.Transport, d.o.Config.APIUrl, d.o.Config.EventsUrl = nil, d.f.APIURL()+"/", d.f.EventsURL()+"/"
			})
			d.f.Fail("POST /incidents", 1, pagerdutytest.Lost())
			d.f.Fail("POST /v2/enqueue", 1, pagerdutytest.Lost())
			// On a connection that was used before, the transport may send it
			// again by itself: the key makes that harmless.
			if _, err := d.p.Page(t.Context(), d.ask()); err != nil && fault.KindOf(err) != fault.Unknown {
				t.Errorf("a lost answer is %v", err)
			}
			d.page()
			d.must(integrations.PageAct{Verb: "acknowledge", By: "Ann", Email: d.w.Ann.Email})
			r, found, err := d.p.Look(t.Context(), key)
			if err != nil || !found || r.State != integrations.Acknowledged || r.By != d.w.Ann.Email {
				t.Errorf("it is %+v, %v, %v", r, found, err)
			}
			if n := d.f.Pages(pagerduty.FarKey(key)); n != 1 {
				t.Errorf("there are %d pages", n)
			}
			d.f.Close()
			// What was written to a connection that is dying may have arrived.
			if _, err := d.p.Page(t.Context(), d.ask()); err == nil || fault.KindOf(err) != fault.Unavailable && fault.KindOf(err) != fault.Unknown {
				t.Errorf("when nobody listens: %v", err)
			}
		})
	}
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.f.Fail("POST /incidents", 1, pagerdutytest.Garble())
	if _, err := d.p.Page(t.Context(), d.ask()); fault.KindOf(err) != fault.Unknown {
		t.Errorf("a page that was made and answered with nonsense is %v", err)
	}
	d.f.Fail("GET /incidents", 1, pagerdutytest.Garble())
	if _, _, err := d.p.Look(t.Context(), key); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("looking, answered with nonsense: %v", err)
	}
	if r, found, err := d.p.Look(t.Context(), key); err != nil || !found || r.State != integrations.Seen || r.Level != 1 {
		t.Errorf("looking again: %+v, %v, %v", r, found, err)
	}
}

func TestCancelledCallsAreToldApart(t *testing.T) {
	t.Parallel()
	d := start(t, eventsAlone)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.p.Page(ended, d.ask()); fault.KindOf(err) != fault.Unavailable || d.f.Called("") != 0 {
		t.Errorf("nothing was sent, and it is %v", err)
	}
}

func TestAFromThatIsNobodys(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.f.RemoveUser(d.w.Bot.ID)
	_, err := d.p.Page(t.Context(), d.ask())
	if fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), "TOCSIN_PAGERDUTY_FROM") {
		t.Errorf("it is %v: %s", fault.KindOf(err), fault.Sentence(err))
	}
	d.f.Forgive()
}

func TestTheKeyAgain(t *testing.T) {
	t.Parallel()
	t.Run("while it is open is the same page, whoever has it", func(t *testing.T) {
		t.Parallel()
		d := start(t)
		first := d.page()
		if err := d.f.Acknowledge(pagerduty.FarKey(key), d.w.Ann.Email); err != nil {
			t.Fatal(err)
		}
		again := d.page()
		if again.ID != first.ID || again.State != integrations.Acknowledged || again.By != d.w.Ann.Email {
			t.Errorf("again it is %+v", again)
		}
		if n := d.f.Pages(pagerduty.FarKey(key)); n != 1 {
			t.Errorf("there are %d pages", n)
		}
	})
	t.Run("is looked up as the newest, or the open one", func(t *testing.T) {
		t.Parallel()
		d := start(t)
		d.page()
		if err := d.f.Resolve(pagerduty.FarKey(key), d.w.Ann.Email); err != nil {
			t.Fatal(err)
		}
		r, found, err := d.p.Look(t.Context(), key)
		if err != nil || !found || r.State != integrations.Over || r.By != d.w.Ann.Email {
			t.Errorf("resolved, it is %+v, %v, %v", r, found, err)
		}
		d.c.move(time.Hour)
		second := d.page()
		r, found, err = d.p.Look(t.Context(), key)
		if err != nil || !found || r.ID != second.ID || r.State != integrations.Seen {
			t.Errorf("paged again, it is %+v, %v, %v", r, found, err)
		}
	})
}

func TestTheIncidentComesLaterThanTheAnswer(t *testing.T) {
	t.Parallel()
	d := start(t, byEvents)
	d.f.HoldEvents()
	if r := d.page(); r.State != integrations.Accepted {
		t.Errorf("the receipt is %+v", r)
	}
	if _, found, err := d.p.Look(t.Context(), key); found || err != nil {
		t.Errorf("before it is there: found %v, %v", found, err)
	}
	d.f.ReleaseEvents()
	r, found, err := d.p.Look(t.Context(), key)
	if err != nil || !found || r.State != integrations.Seen || r.Link == "" || r.Whom != d.w.Ann.Name {
		t.Errorf("when it is there: %+v, %v, %v", r, found, err)
	}
}

func TestARoutingKeyAloneCannotBeAsked(t *testing.T) {
	t.Parallel()
	d := start(t, eventsAlone)
	if !d.p.Blind() {
		t.Error("it does not say that it cannot be asked")
	}
	d.page()
	if _, _, err := d.p.Look(t.Context(), key); fault.KindOf(err) != fault.Rejected {
		t.Errorf("looking: %v", err)
	}
	if _, err := d.p.OnCall(t.Context(), "Checkout", d.c.now()); fault.KindOf(err) != fault.Rejected {
		t.Errorf("who is on call: %v", err)
	}
	for _, verb := range []string{"escalate", "reassign", "add", "note"} {
		if _, err := d.act(integrations.PageAct{Verb: verb}); fault.KindOf(err) != fault.Rejected {
			t.Errorf("%s: %v", verb, err)
		}
	}
	r, err := d.act(integrations.PageAct{Verb: "acknowledge", By: "Ann"})
	if err != nil || r.State != integrations.Acknowledged || d.there().Status != "acknowledged" {
		t.Errorf("acknowledging: %+v, %v", r, err)
	}
	if r, err = d.act(integrations.PageAct{Verb: "resolve", By: "Ann"}); err != nil || r.State != integrations.Over || d.there().Status != "resolved" {
		t.Errorf("resolving: %+v, %v", r, err)
	}
	if _, err = d.act(integrations.PageAct{Verb: "acknowledge", By: "Bob"}); err != nil || d.there().Status != "resolved" {
		t.Errorf("a late acknowledgement: %v, it is %s", err, d.there().Status)
	}
}
