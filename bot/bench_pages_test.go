package bot_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/reactors"
	"tocsin/incident"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/storetest"
)

const (
	pageOthers = 10_000 // other effects that wait
	pageSecret = "secret-of-the-webhooks"
	pagePolicy = `version: 1
teams: [{name: checkout, target: Checkout}]
services: [{name: checkout, team: checkout}]
`
)

// BenchmarkPage measures a page through the whole program, on Redis, with a
// PagerDuty that takes 50 ms for each answer while ten thousand other effects
// are waiting: from the command to PagerDuty's word on record, and from
// somebody's acknowledgement there, by webhook, to the edited receipt.
//
//	go test -run '^$' -bench Page -benchtime 200x ./bot
func BenchmarkPage(b *testing.B) {
	r := storetest.StartRedis(b, os.Getenv("TOCSIN_REQUIRE_REDIS") != "", "--maxmemory-policy", "noeviction")
	far := pagerdutytest.Start(b, pagerdutytest.Options{Limit: 1 << 20})
	far.Furnish()
	far.Listen(b)
	far.Latency(50 * time.Millisecond)
	policy := filepath.Join(b.TempDir(), "policy.yaml")
	if err := os.WriteFile(policy, []byte(pagePolicy), 0o600); err != nil {
		b.Fatal(err)
	}
	url := r.URL() + "/1"
	run := startMain(b, url, "TOCSIN_POLICY="+policy, "TOCSIN_PAGERDUTY_TOKEN="+far.Token(), "TOCSIN_PAGERDUTY_FROM=tocsin@acme.test",
		"TOCSIN_PAGERDUTY_API_URL="+far.APIURL(), "TOCSIN_PAGERDUTY_EVENTS_URL="+far.EventsURL(), "TOCSIN_PAGERDUTY_WEBHOOK_SECRET="+pageSecret)
	far.Subscribe(pagerdutytest.Subscription{URL: run.url + "/hooks/pagerduty", Secrets: []string{pageSecret}, Hook: http.DefaultClient.Do})
	d, err := redis.Open(b.Context(), url, redis.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	p := pager{B: b, run: run, far: far, st: store.New(d, store.Options{Now: time.Now}), client: &http.Client{Timeout: 10 * time.Second}}
	p.oweOthers()
	var taken, told []time.Duration
	for n := range b.N {
		one, two := p.page(n + 1)
		taken, told = append(taken, one), append(told, two)
	}
	b.ReportMetric(float64(p.waiting()), "others_left")
	slices.Sort(taken)
	slices.Sort(told)
	b.ReportMetric(taken[len(taken)/2].Seconds()*1e3, "taken_p50_ms")
	b.ReportMetric(taken[len(taken)*99/100].Seconds()*1e3, "taken_p99_ms")
	b.ReportMetric(told[len(told)*95/100].Seconds()*1e3, "receipt_p95_ms")
}

type pager struct {
	*testing.B
	run    *running
	far    *pagerdutytest.Fake
	st     *store.Store
	client *http.Client
}

// oweOthers owes effects that nobody can do now: they come back again and again.
func (p *pager) oweOthers() {
	p.Helper()
	jobs := make([]store.Job, 0, 500)
	for i := range pageOthers {
		jobs = append(jobs, store.Job{
			Key: fmt.Sprintf("person/bench/other/%d", i), Stream: "person/bench", Reactor: "of-a-newer-tocsin", Verb: "wait",
			Lane: store.StateLane, Want: 1, Due: time.Now(), State: store.Owed,
		})
		if len(jobs) == cap(jobs) {
			if err := p.st.Owe(p.Context(), time.Now(), jobs...); err != nil {
				p.Fatal(err)
			}
			jobs = jobs[:0]
		}
	}
}

// waiting is how many of the others are still owed.
func (p *pager) waiting() int {
	jobs, err := p.st.Jobs(p.Context(), store.JobFilter{Stream: "person/bench", Limit: 2 * pageOthers})
	if err != nil {
		p.Fatal(err)
	}
	return len(jobs)
}

// page declares, pages, and has the page acknowledged at PagerDuty.
func (p *pager) page(n int) (taken, told time.Duration) {
	p.Helper()
	p.say(fmt.Sprintf("declare sev3 case %d", n), fmt.Sprintf("declare-%d", n))
	s, found, err := p.st.ByNumber(p.Context(), incident.Number(n))
	if err != nil || !found {
		p.Fatalf("incident %d: %v", n, err)
	}
	stream := s.ID.Stream()
	began := time.Now()
	p.say(fmt.Sprintf("page INC-%d checkout", n), fmt.Sprintf("page-%d", n))
	p.until(fmt.Sprintf("page of INC-%d is taken", n), func() bool {
		inc := p.state(stream)
		return len(inc.Pages) > 0 && inc.Pages[0].State != incident.PageAsked
	})
	taken = time.Since(began)
	key := pagerduty.FarKey(reactors.PageKey(stream, p.state(stream).Pages[0].ID))
	p.until("the receipt is in the room", func() bool { return p.receipt(stream, "Page p1") })
	began = time.Now()
	if err := p.far.Acknowledge(key, "ann@acme.test"); err != nil {
		p.Fatal(err)
	}
	p.until("the receipt says so", func() bool { return p.receipt(stream, "acknowledged by") })
	return taken, time.Since(began)
}

func (p *pager) say(text, key string) {
	p.Helper()
	if err := p.run.command(p.client, text, key); err != nil {
		p.Fatal(err)
	}
}

func (p *pager) state(s incident.Stream) incident.Incident {
	o, err := p.st.Open(p.Context(), "", s)
	if err != nil {
		p.Fatal(err)
	}
	return o.State
}

// receipt says whether words stand in the incident's room.
func (p *pager) receipt(s incident.Stream, words string) bool {
	rooms := p.state(s).Rooms
	if len(rooms) == 0 {
		return false
	}
	said, err := p.st.TalkMessages(p.Context(), rooms[0].ID, "", 50)
	if err != nil {
		p.Fatal(err)
	}
	return slices.ContainsFunc(said, func(m store.TalkMessage) bool {
		return strings.Contains(string(m.Body), words)
	})
}

func (p *pager) until(what string, holds func() bool) {
	p.Helper()
	for began := time.Now(); !holds(); {
		if time.Since(began) > time.Minute {
			p.Fatalf("a minute later it does not hold that %s", what)
		}
		<-time.After(2 * time.Millisecond)
	}
}
