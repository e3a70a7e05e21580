package pagerdutytest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/integrations/pagerduty/pagerdutytest"
)

// sample reads a file of PagerDuty's own webhooks.
func sample(t *testing.T, file string, into any) {
	t.Helper()
	folder := os.Getenv("TOCSIN_SPECS")
	if folder == "" {
		t.Skip("TOCSIN_SPECS names no folder of reference documents")
	}
	raw, err := os.ReadFile(filepath.Join(folder, "fixtures", "pagerduty-webhooks", file))
	must(t, err)
	must(t, json.Unmarshal(raw, into))
}

func TestOneKeyOfOneIntegrationIsOneOpenAlert(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	for range 3 {
		if out := s.event(202, "trigger", "k"); out["dedup_key"] != "k" || out["status"] != "success" {
			t.Errorf("answered %v", out)
		}
	}
	i, _ := s.Incident("k")
	if s.Incidents("k") != 1 || s.Triggers("k") != 3 || i.Triggers != 3 || len(s.Notifications("k")) != 1 {
		t.Errorf("incidents %d, triggers %d (%d), rings %d; want 1, 3 (3), 1", s.Incidents("k"), s.Triggers("k"), i.Triggers, len(s.Notifications("k")))
	}
	other := s.AddService(pagerdutytest.Service{Name: "Search", Policy: s.Policy})
	s.want(202, "POST", "/v2/enqueue", strings.Replace(s.eventBody("resolve", "k"), s.RoutingKey, other.RoutingKey, 1))
	if s.status("k") != "triggered" {
		t.Error("another integration resolved it")
	}
	s.want(202, "POST", "/v2/enqueue", strings.Replace(s.eventBody("trigger", "k"), s.RoutingKey, other.RoutingKey, 1))
	if s.Incidents("k") != 2 {
		t.Error("a key of another integration is an alert of its own, and was not")
	}
}

func TestWhatComesTooLateIsDroppedSilently(t *testing.T) {
	t.Parallel()
	r := &receiver{}
	s := subscribed(t, r)
	s.event(202, "acknowledge", "k")
	s.event(202, "resolve", "k")
	if len(s.All()) != 0 {
		t.Fatal("an unknown key made an incident")
	}
	s.event(202, "trigger", "k")
	s.event(202, "acknowledge", "k")
	if s.status("k") != "acknowledged" {
		t.Errorf("status %s, want acknowledged", s.status("k"))
	}
	s.event(202, "resolve", "k")
	s.event(202, "acknowledge", "k")
	s.event(202, "resolve", "k")
	s.settle()
	i, _ := s.Incident("k")
	if i.Status != "resolved" || i.Dropped != 2 || s.Pages("k") != 1 || len(r.got()) != 3 {
		t.Errorf("status %s, %d dropped, %d pages, %d webhooks; want resolved, 2, 1, 3", i.Status, i.Dropped, s.Pages("k"), len(r.got()))
	}
	s.event(202, "trigger", "k")
	if s.Incidents("k") != 2 {
		t.Error("a trigger after the end is a new alert, and was not")
	}
}

func TestATriggerWithoutAKeyGetsOneAndASecondOnePagesAgain(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	body := strings.Replace(s.eventBody("trigger", "k"), `"dedup_key":"k",`, "", 1)
	one := s.want(202, "POST", "/v2/enqueue", body)["dedup_key"]
	two := s.want(202, "POST", "/v2/enqueue", body)["dedup_key"]
	if one == "" || one == two || len(s.All()) != 2 {
		t.Errorf("keys %v and %v, %d incidents", one, two, len(s.All()))
	}
}

func TestAnIncidentFollowsItsEventAfterAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := start(t, pagerdutytest.Options{Lag: 2 * time.Second})
		s.event(202, "trigger", "k")
		if s.Incidents("k") != 0 || s.Triggers("k") != 1 {
			t.Error("the incident is there with the answer")
		}
		s.SetLag(0)
		s.event(202, "acknowledge", "k")
		time.Sleep(2 * time.Second)
		s.settle()
		if s.Incidents("k") != 1 || s.status("k") != "acknowledged" {
			t.Errorf("%d incidents after the lag, in order: %s", s.Incidents("k"), s.status("k"))
		}
	})
}

func TestEventsCanBeHeld(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	s.HoldEvents()
	s.event(202, "trigger", "k")
	s.event(202, "resolve", "k")
	s.settle()
	if s.Incidents("k") != 0 {
		t.Fatal("it was held, and is there")
	}
	s.ReleaseEvents()
	if s.Incidents("k") != 1 || s.status("k") != "resolved" {
		t.Errorf("released: %d incidents", s.Incidents("k"))
	}
}

func TestADisabledServiceTakesEventsAndMakesNothing(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	off := s.AddService(pagerdutytest.Service{Name: "Old", Policy: s.Policy, Disabled: true})
	s.want(202, "POST", "/v2/enqueue", strings.Replace(s.eventBody("trigger", "k"), s.RoutingKey, off.RoutingKey, 1))
	if s.Incidents("k") != 0 {
		t.Error("a disabled service made an incident")
	}
	s.want(400, "POST", "/incidents", strings.Replace(s.creation("k", ""), s.Service, off.ID, 1))
}

func TestChangeEventsWakeNobody(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	s.want(202, "POST", "/v2/change/enqueue", `{"routing_key":"`+s.RoutingKey+`","payload":{"summary":"deploy 7","source":"ci"}}`)
	s.want(400, "POST", "/v2/change/enqueue", `{"routing_key":"x","payload":{"summary":"deploy 7"}}`)
	if all := s.Changes(); len(all) != 1 || all[0].Summary != "deploy 7" || all[0].Service != s.Service {
		t.Errorf("changes %+v", all)
	}
	if len(s.Notifications("")) != 0 {
		t.Error("a change rang a phone")
	}
}

func TestManyAtOnceMakeOnePageOfAKey(t *testing.T) {
	t.Parallel()
	s := subscribed(t, &receiver{})
	var all sync.WaitGroup
	for n := range 40 {
		all.Go(func() {
			switch n % 4 {
			case 0, 1:
				s.call("POST", "/v2/enqueue", s.eventBody("trigger", "k"))
			case 2:
				s.call("GET", "/incidents?incident_key=k", "")
			default:
				_ = s.Acknowledge("k", s.Ann.ID)
			}
		})
	}
	all.Wait()
	s.settle()
	if s.Incidents("k") != 1 || s.Pages("k") != 1 || s.Triggers("k") != 20 {
		t.Errorf("incidents %d, pages %d, triggers %d; want 1, 1, 20", s.Incidents("k"), s.Pages("k"), s.Triggers("k"))
	}
}

func TestAnIncidentOfOthers(t *testing.T) {
	t.Parallel()
	r := &receiver{}
	s := subscribed(t, r)
	i := s.Trigger("Checkout", "disk is full")
	other := s.Trigger(s.Empty, "attic is hot")
	s.settle()
	if i.Key == "" || i.Key == other.Key || len(r.got()) != 2 || len(s.All()) != 2 {
		t.Errorf("incidents %+v and %+v, webhooks %v", i, other, r.got())
	}
	must(t, s.Resolve(i.ID, s.Ann.ID))
	if s.status(i.ID) != "resolved" || s.status(other.ID) != "triggered" {
		t.Error("resolving one by its id did not, or did the other too")
	}
}

func TestPeopleAndIncidentsThatAreNotThere(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	s.create("k")
	for name, err := range map[string]error{
		"an unknown key":    s.Acknowledge("x", s.Ann.ID),
		"an unknown person": s.Acknowledge("k", "nobody"),
		"to nobody":         s.Reassign("k", s.Ann.ID),
		"to a stranger":     s.Reassign("k", s.Ann.ID, "nobody"),
		"time of no page":   s.Pass("x"),
	} {
		if err == nil {
			t.Errorf("%s: it worked", name)
		}
	}
	must(t, s.Pass("k"))
	must(t, s.Pass("k"))
	if got := strings.Join(s.rung("k"), ", "); got != "Ann triggered, Bob escalated" {
		t.Errorf("after the last level rang %s", got)
	}
	if err := s.Escalate("k", s.Ann.ID); err == nil {
		t.Error("there is no level after the last, and it was asked")
	}
	if _, ok := s.Incident("x"); ok {
		t.Error("an unknown key has an incident")
	}
}

func TestAnIncidentOfEventsMayGoByAnotherKey(t *testing.T) {
	t.Parallel()
	for _, other := range []bool{false, true} {
		s := start(t, pagerdutytest.Options{AlertKeys: other})
		s.event(202, "trigger", "k")
		list := s.want(200, "GET", "/incidents?incident_key=k", "")["incidents"].([]any)
		if len(list) != 1 {
			t.Fatalf("%d incidents are found by the key of the alert, want 1", len(list))
		}
		got := list[0].(object)
		if (got["incident_key"] == "k") == other {
			t.Errorf("with alert keys %v it shows the key %v", other, got["incident_key"])
		}
		alerts := s.want(200, "GET", "/incidents/"+got["id"].(string)+"/alerts", "")["alerts"].([]any)
		if len(alerts) != 1 || alerts[0].(object)["alert_key"] != "k" {
			t.Errorf("its alerts are %v", alerts)
		}
		if s.Incidents("k") != 1 {
			t.Error("it is not counted by the key of the event")
		}
	}
}
