package bottest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing/synctest"
	"time"

	"tocsin/bot/reactors"
	"tocsin/incident"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

// hookSecret signs the fake PagerDuty's webhooks.
const hookSecret = "secret-of-the-webhooks"

// farSide is the fake PagerDuty of a story.
type farSide struct {
	*pagerdutytest.Fake
	w pagerdutytest.World
}

// dialUp gives the story a fake PagerDuty. Its file "pagerduty" says how the
// program speaks with it: by "token", by "key", or by both; "alerts": incidents
// of events go by another key; "deaf": no webhooks come.
func (s *Stage) dialUp(words []string) {
	f := pagerdutytest.Start(s.t, pagerdutytest.Options{AlertKeys: slices.Contains(words, "alerts")})
	s.far = &farSide{Fake: f, w: f.Furnish()}
	s.env = append(slices.Clone(s.env), "TOCSIN_PAGERDUTY_API_URL="+f.APIURL(), "TOCSIN_PAGERDUTY_EVENTS_URL="+f.EventsURL())
	if slices.Contains(words, "token") {
		s.env = append(s.env, "TOCSIN_PAGERDUTY_TOKEN="+f.Token(), "TOCSIN_PAGERDUTY_FROM="+s.far.w.Bot.Email, "TOCSIN_PAGERDUTY_SERVICE="+s.far.w.ServiceName)
	}
	if slices.Contains(words, "key") {
		s.env = append(s.env, "TOCSIN_PAGERDUTY_ROUTING_KEY="+s.far.w.RoutingKey)
	}
	if !slices.Contains(words, "deaf") {
		s.env = append(s.env, "TOCSIN_PAGERDUTY_WEBHOOK_SECRET="+hookSecret)
		f.Subscribe(pagerdutytest.Subscription{
			URL: "http://127.0.0.1:8080/hooks/pagerduty", Secrets: []string{hookSecret},
			Hook: func(r *http.Request) (*http.Response, error) { return s.web.Do(r) },
		})
	}
}

// transport is how outside services are called in a story; nil: they are not.
func (s *Stage) transport() http.RoundTripper {
	if s.far == nil {
		return nil
	}
	return s.far.Transport()
}

// pagerdutyOf reads what somebody or something does at PagerDuty:
//
//	pagerduty: acknowledge INC-1 p1 by ann@acme.test
//	pagerduty: reassign INC-1 p1 by ann@acme.test to cy@acme.test
//	pagerduty: note INC-1 p1 by ann@acme.test it is the cache
//	pagerduty: fails POST /incidents lost
//	pagerduty: fails any call hang always
//	pagerduty: well
//	pagerduty: webhooks twice
func (p *player) pagerdutyOf(words []string) (func() heard, error) {
	if p.far == nil {
		return nil, fmt.Errorf("this story has no file pagerduty")
	}
	var do func() error
	switch {
	case len(words) == 1 && words[0] == "well":
		do = func() error { p.far.Heal(); return nil }
	case len(words) >= 2 && words[0] == "webhooks":
		do = func() error { return p.webhooks(words[1:]) }
	case len(words) >= 4 && words[0] == "fails":
		how, ok := faultOf(words[3])
		if !ok {
			return nil, fmt.Errorf("no such fault of PagerDuty: %s", words[3])
		}
		n := 1
		if len(words) == 5 {
			n = -1
			if words[4] != "always" {
				n, _ = strconv.Atoi(words[4])
			}
		}
		op := words[1] + " " + words[2]
		if op == "any call" {
			op = ""
		}
		do = func() error { p.far.Fail(op, n, how); return nil }
	case len(words) >= 5 && words[3] == "by":
		key, err := p.farKey(words[1], words[2])
		if err != nil {
			return nil, err
		}
		do = func() error { return p.far.person(words[0], key, words[4], words[5:]) }
	case len(words) == 3 && words[0] == "pass":
		key, err := p.farKey(words[1], words[2])
		if err != nil {
			return nil, err
		}
		do = func() error { return p.far.Pass(key) }
	default:
		return nil, fmt.Errorf("say: pagerduty: acknowledge INC-1 p1 by ann@acme.test")
	}
	return func() heard {
		if err := do(); err != nil {
			return heard{Body: err.Error()}
		}
		return heard{Status: http.StatusOK}
	}, nil
}

// farKey is what PagerDuty knows a page by.
func (p *player) farKey(inc, page string) (string, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(inc, "INC-"))
	if err != nil {
		return "", err
	}
	stream := p.incident(incident.Number(n)).ID.Stream()
	return pagerduty.FarKey(reactors.PageKey(stream, incident.PageID(page))), nil
}

// faultOf is a way in which calls go wrong.
func faultOf(word string) (pagerdutytest.Fault, bool) {
	how, ok := map[string]pagerdutytest.Fault{
		"limited": pagerdutytest.RateLimited(20 * time.Second), "500": pagerdutytest.Status(http.StatusInternalServerError),
		"503": pagerdutytest.Status(http.StatusServiceUnavailable), "lost": pagerdutytest.Lost(), "slow": pagerdutytest.Slow(5 * time.Second),
		"hang": pagerdutytest.Hang(), "hang-done": pagerdutytest.HangOn(), "refused": pagerdutytest.Refused(), "garbled": pagerdutytest.Garble(),
	}[word]
	return how, ok
}

// person is what somebody does in PagerDuty itself.
func (f *farSide) person(do, key, by string, rest []string) error {
	switch do {
	case "acknowledge":
		return f.Acknowledge(key, by)
	case "escalate":
		return f.Escalate(key, by)
	case "resolve":
		return f.Resolve(key, by)
	case "reassign":
		return f.Reassign(key, by, rest[1:]...)
	case "note":
		return f.Annotate(key, by, strings.Join(rest, " "))
	case "prioritise":
		return f.SetPriority(key, by, rest[0])
	}
	return fmt.Errorf("nobody can %q at PagerDuty", do)
}

// webhooks is what happens to the next webhook on its way, or to all.
func (p *player) webhooks(words []string) error {
	twist := map[string]pagerdutytest.Twist{
		"twice": {Copies: 1}, "late": {Delay: time.Minute}, "forged": {WrongSignature: true}, "lost": {Lost: true},
	}
	switch words[0] {
	case "held":
		p.far.Hold()
	case "come":
		p.far.Release(false)
	case "backwards":
		p.far.Release(true)
	default:
		t, ok := twist[words[0]]
		if !ok {
			return fmt.Errorf("webhooks do not come %s", words[0])
		}
		p.far.TwistNext(1, t)
	}
	synctest.Wait()
	return nil
}

// paged is how a page stands at PagerDuty: "1 page, triggered, rang Ann Ames".
func (p *player) paged(where string) (string, error) {
	words := strings.Fields(where)
	if p.far == nil || len(words) != 2 {
		return "", fmt.Errorf(`say: pagerduty INC-1 p1: has "1 page"`)
	}
	key, err := p.farKey(words[0], words[1])
	if err != nil {
		return "", err
	}
	out := fmt.Sprintf("%d pages", p.far.Pages(key))
	if p.far.Pages(key) == 1 {
		out = "1 page"
	}
	i, ok := p.far.Incident(key)
	if !ok {
		return out, nil
	}
	out += ", " + i.Status
	if n := len(i.Acknowledged); n > 0 {
		out += ", acknowledged by " + p.far.name(i.Acknowledged[n-1])
	}
	if i.ResolvedBy != "" {
		out += ", resolved by " + p.far.name(i.ResolvedBy)
	}
	for _, n := range p.far.Notifications(key) {
		out += ", " + n.Why + " rang " + p.far.name(n.User)
	}
	for _, n := range i.Notes {
		out += ", note: " + n.Text
	}
	return out + ", title: " + i.Title + ", details: " + i.Details, nil
}

func (f *farSide) name(id string) string {
	for _, u := range []pagerdutytest.User{f.w.Ann, f.w.Bob, f.w.Cy, f.w.Bot} {
		if u.ID == id {
			return u.Name
		}
	}
	return id
}

// hangUp ends the fake, with what its webhooks have under way.
func (s *Stage) hangUp() {
	if s.far == nil {
		return
	}
	_ = s.far.Settle(context.Background())
	s.far.Close()
}
