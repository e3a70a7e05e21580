package pagerduty

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/rest"
)

// Name is PagerDuty's name in receipts, settings and addresses.
const Name = "pagerduty"

// Options are what a [PagerDuty] is made of.
type Options struct {
	Config    Config
	Now       func() time.Time
	Address   string            // tocsin's own, as PagerDuty reaches it; empty: any subscription to /hooks/pagerduty will do
	Targets   func() []string   // what policy calls at PagerDuty, for the check; nil: nothing
	Transport http.RoundTripper // nil: one of its own
}

// PagerDuty is the pager. Make it with [Open].
type PagerDuty struct {
	o           Options
	api, events string            // addresses, without a slash at their end
	routes      map[string]string // routing keys by target, folded; "": for everything
	rest        *rest.Client
	sdk         *pdapi.Client

	places *memo[place]   // by folded target
	people *memo[person]  // by id, and by folded e-mail or name
	phones *memo[string]  // by id
	duty   *memo[rota]    // who is on call, by policies and moment
	keys   *memo[string]  // our key of an incident there, by its id; "": it is none of ours
	levels *memo[uint]    // how many levels a policy has, by its id
	house  *memo[service] // where people are paged who have no service of their own
}

var (
	_ integrations.Pager = (*PagerDuty)(nil)
	_ integrations.Blind = (*PagerDuty)(nil)
)

// Open makes the pager. It does not call PagerDuty yet.
func Open(o Options) (*PagerDuty, error) {
	if o.Now == nil {
		return nil, errors.New("pagerduty needs a clock")
	}
	if faults := o.Config.Faults(); len(faults) > 0 {
		return nil, errors.New("pagerduty: " + faults[0].Name + ": " + faults[0].What)
	}
	client, err := rest.New(rest.Options{Vendor: "PagerDuty", Now: o.Now, Transport: o.Transport})
	if err != nil {
		return nil, err
	}
	p := &PagerDuty{
		o: o, rest: client,
		places: newMemo[place](2000), people: newMemo[person](10_000), phones: newMemo[string](5000),
		duty: newMemo[rota](500), keys: newMemo[string](10_000), levels: newMemo[uint](1000), house: newMemo[service](1),
	}
	p.api, _ = endpoint(o.Config.APIUrl, "https://api.pagerduty.com")
	p.events, _ = endpoint(o.Config.EventsUrl, "https://events.pagerduty.com")
	p.routes, _ = o.Config.routes()
	p.sdk = newSDK(o.Config.Token.Reveal(), p.api, client)
	return p, nil
}

// Name is "pagerduty".
func (p *PagerDuty) Name() string { return Name }

// Blind says whether it can only be told things: only a routing key is set.
func (p *PagerDuty) Blind() bool { return !p.asks() }

// asks says whether PagerDuty can be asked anything: the routing key alone
// only tells it something.
func (p *PagerDuty) asks() bool { return p.o.Config.Token != "" }

// mute is the refusal to do what needs a token.
func mute(what string) error {
	return fault.New(fault.Rejected, "PagerDuty cannot be asked to %s: only a routing key is set. Set TOCSIN_PAGERDUTY_TOKEN and TOCSIN_PAGERDUTY_FROM for that.", what)
}

// Keys at PagerDuty.
const (
	ours       = "tocsin/"
	longestKey = 255 // of a dedup_key
)

// FarKey is the key that PagerDuty knows a page by.
func FarKey(key string) string {
	if len(ours)+len(key) <= longestKey {
		return ours + key
	}
	sum := sha256.Sum256([]byte(key))
	return ours + "#" + hex.EncodeToString(sum[:])
}

// nearKey is the page's key that a key at PagerDuty stands for, if it is ours.
func nearKey(far string) (string, bool) {
	key, ok := strings.CutPrefix(far, ours)
	return key, ok && key != "" && key[0] != '#'
}

// isID says whether a word can be an id of PagerDuty's; nothing else goes into
// a path.
func isID(s string) bool {
	return len(s) >= 4 && len(s) <= 40 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}

// plain is text for somebody else's screen and phone: no control characters,
// no changes of direction, not longer than most characters.
func plain(s string, most int) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2069, r == 0xfeff, r == 0xfffd:
			return -1
		}
		return r
	}, s)), " ")
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most-1]) + "…"
	}
	return s
}

// moment reads a time of PagerDuty's; zero: there is none.
func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// briefly is a context for looking something up on the way to a page: the
// page does not wait long for it.
func briefly(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, 3*time.Second)
}
