package reactors_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tocsin/bot/reactors"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// desk is where one review is kept.
type desk struct {
	inc incident.Incident
	v   incident.Review
}

func (d *desk) Stands(context.Context, incident.ID) (incident.Incident, incident.Review, error) {
	return d.inc, d.v, nil
}
func (*desk) Propose(context.Context, string, incident.ID) error { return nil }
func (*desk) Finds(context.Context, incident.PersonID, incident.ID) ([]say.ReviewFound, error) {
	return nil, nil
}

func (d *desk) Link(n incident.Number) string { return "https://t.example.com/reviews/" + n.String() }

func (d *desk) Out(context.Context, incident.ID) (reactors.ReviewOut, bool, error) {
	n := len(d.v.Versions)
	return reactors.ReviewOut{Document: integrations.Document{Key: "x-review", Version: n, Name: "INC-7", Private: d.inc.Private}}, n > 0, nil
}

// shelf keeps documents as a wiki does.
type shelf struct {
	holds map[string]int
	did   []string
	fails error
}

func (*shelf) Name() string                                 { return "shelf" }
func (*shelf) Check(context.Context) []integrations.Finding { return nil }

func (s *shelf) Publish(_ context.Context, d integrations.Document) (integrations.Ref, error) {
	s.did = append(s.did, "publish")
	if s.fails != nil {
		return integrations.Ref{}, s.fails
	}
	s.holds[d.Key] = max(s.holds[d.Key], d.Version)
	return integrations.Ref{ID: d.Key, URL: "https://wiki.example.com/" + d.Name}, nil
}

func (s *shelf) Withdraw(_ context.Context, key string) error {
	s.did = append(s.did, "withdraw")
	delete(s.holds, key)
	return nil
}

// reviewing is the reactor of reviews over one review and one shelf.
func reviewing(t *testing.T, p incident.Policy) (*desk, *shelf, worker.Reactor) {
	t.Helper()
	d := &desk{inc: incident.Incident{ID: "x", Number: 7, Status: incident.Resolved, Declarer: "ann"}}
	d.v.Versions = []incident.ReviewOut{{Version: 5, Number: 1, By: "ann"}}
	s := &shelf{holds: map[string]int{}}
	all := reactors.All(reactors.Outside{Reviews: d, Documents: []integrations.Documents{s}, Policy: func() incident.Policy { return p }})
	at := slices.IndexFunc(all, func(r worker.Reactor) bool { return r.Name() == "reviews" })
	return d, s, all[at]
}

// follow does what an event owes to the shelf, and gives how it ended.
func follow(t *testing.T, re worker.Reactor, s incident.Stream, e incident.Event) []worker.Result {
	t.Helper()
	var out []worker.Result
	for _, j := range re.Plan(incident.Recorded{Stream: s, Version: 5, Actor: "ann", Event: e}) {
		if j.Target != "shelf" {
			continue
		}
		if j.Stream != "incident/x" {
			t.Errorf("%s is owed for %s: what fails must show on the incident", j.Key, j.Stream)
		}
		out = append(out, re.Do(t.Context(), worker.Task{Job: j, Now: dawn(), Begin: func(context.Context) error { return nil }}))
	}
	return out
}

func TestAPublishedReviewIsPutWhereDocumentsAreKept(t *testing.T) {
	t.Parallel()
	d, s, re := reviewing(t, incident.DefaultPolicy())
	r := follow(t, re, "review/x", incident.ReviewPublished{Version: 1})
	if len(r) != 1 || r[0].Ending != store.Done || s.holds["x-review"] != 1 || !strings.Contains(string(r[0].Ref), "wiki.example.com") {
		t.Fatalf("ended %+v, the shelf holds %v", r, s.holds)
	}
	d.v.Versions = append(d.v.Versions, incident.ReviewOut{Version: 9, Number: 2, By: "ann"})
	follow(t, re, "review/x", incident.ReviewPublished{Version: 2})
	if s.holds["x-review"] != 2 {
		t.Errorf("the shelf holds %v", s.holds)
	}
	follow(t, re, "review/x", incident.Erased{Person: "bo"})
	if want := []string{"publish", "publish", "withdraw", "publish"}; !slices.Equal(s.did, want) {
		t.Errorf("after an erasure it was done %v, want %v", s.did, want)
	}
}

func TestAPrivateReviewStaysInTheHouse(t *testing.T) {
	t.Parallel()
	d, s, re := reviewing(t, incident.DefaultPolicy())
	follow(t, re, "review/x", incident.ReviewPublished{Version: 1})
	d.inc.Private = true
	follow(t, re, "incident/x", incident.PrivacySet{Private: true})
	if len(s.holds) > 0 {
		t.Errorf("it became private, and the shelf holds %v", s.holds)
	}
	follow(t, re, "review/x", incident.ReviewPublished{Version: 2})
	if len(s.holds) > 0 {
		t.Errorf("it is private, and the shelf got %v", s.holds)
	}
	p := incident.DefaultPolicy()
	p.Review.Private = true
	d, s, re = reviewing(t, p)
	d.inc.Private = true
	follow(t, re, "review/x", incident.ReviewPublished{Version: 1})
	if len(s.holds) != 1 {
		t.Error("policy lets private reviews leave, and none did")
	}
}

func TestAReviewGoesOnlyWhereThePolicySays(t *testing.T) {
	t.Parallel()
	p := incident.DefaultPolicy()
	p.Review.Publish = []string{"elsewhere"}
	_, s, re := reviewing(t, p)
	if r := follow(t, re, "review/x", incident.ReviewPublished{Version: 1}); r[0].Ending != store.NotNeeded || len(s.did) > 0 {
		t.Errorf("ended %+v after %v", r, s.did)
	}
}

func TestADocumentThatIsRefusedIsToldByName(t *testing.T) {
	t.Parallel()
	_, s, re := reviewing(t, incident.DefaultPolicy())
	s.fails = fault.New(fault.Rejected, "no")
	if r := follow(t, re, "review/x", incident.ReviewPublished{Version: 1}); r[0].Ending != store.Rejected || r[0].What != "publish the review to shelf" {
		t.Errorf("ended %+v", r)
	}
}
