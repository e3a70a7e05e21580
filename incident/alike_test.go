package incident_test

import (
	"testing"

	"tocsin/incident"

	"github.com/google/go-cmp/cmp"
)

func summary(n incident.Number, title string, services ...string) incident.Summary {
	return incident.Summary{Number: n, Title: incident.Text{Words: title}, Services: services}
}

func TestWhatLooksAlikeIsFoundWithItsReason(t *testing.T) {
	t.Parallel()
	all := []incident.Summary{
		summary(1, "Checkout is slow", "checkout"),
		summary(2, "disk full on db-3", "orders"),
		summary(3, "checkout cannot reach the payment provider", "checkout"),
		summary(4, "payment provider times out"),
		summary(5, "the docs site is down"),
	}
	drill := summary(6, "checkout cannot reach the payment provider", "checkout")
	drill.Drill = true
	for _, c := range []struct {
		name, title string
		services    []string
		want        map[string]string
	}{
		{
			"by title and service", "checkout cannot reach payment provider",
			[]string{"Checkout"},
			map[string]string{"INC-3": "similar title, same service: checkout", "INC-4": "similar title", "INC-1": "similar title, same service: checkout"},
		},
		{"by service alone", "carts are empty", []string{"orders"}, map[string]string{"INC-2": "same service: orders"}},
		{"common words say nothing", "it is down again, errors on all", nil, map[string]string{}},
		{"nothing at all", "", nil, map[string]string{}},
		{"in another script", "платежи не проходят", nil, map[string]string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := map[string]string{}
			for _, l := range incident.Alike(append(all, drill), c.title, c.services, 10) {
				got[l.Summary.Number.String()] = l.Why
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheMostAlikeComesFirstAndTheNewestAmongEquals(t *testing.T) {
	t.Parallel()
	all := []incident.Summary{
		summary(1, "orders queue is stuck", "orders"), summary(2, "orders queue is stuck", "orders"),
		summary(3, "orders are late", "orders"), summary(4, "something else", "orders"),
	}
	var got []incident.Number
	for _, l := range incident.Alike(all, "orders queue stuck", []string{"orders"}, 3) {
		got = append(got, l.Summary.Number)
	}
	if diff := cmp.Diff([]incident.Number{2, 1, 3}, got); diff != "" {
		t.Error(diff)
	}
	for _, l := range incident.Alike(all, "carts vanish", []string{"orders"}, 4) {
		if l.Strong {
			t.Errorf("%s shares a service alone, and is called alike", l.Summary.Number)
		}
	}
}
