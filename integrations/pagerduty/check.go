package pagerduty

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// How far the clocks may be apart: webhooks and who is on call are told by the
// other one.
const (
	askew    = 30 * time.Second
	farAskew = 5 * time.Minute
	hookPath = "/hooks/" + Name
	askHelp  = "coordinated_responding" // the ability to ask more people
)

// findings collects what a check finds.
type findings []integrations.Finding

func (f *findings) add(level, what, why, mend string) {
	*f = append(*f, integrations.Finding{Level: level, What: "pagerduty " + what, Why: why, Mend: mend})
}

// Check says whether it is set up and welcome; it changes nothing and wakes nobody.
func (p *PagerDuty) Check(ctx context.Context) []integrations.Finding {
	var out findings
	if !p.asks() {
		if len(p.routes) > 0 {
			out.add("warn", "token", "only a routing key is set: pages are sent, but not followed, and nobody knows who is on call", "Set TOCSIN_PAGERDUTY_TOKEN and TOCSIN_PAGERDUTY_FROM.")
		}
		return out
	}
	if !p.checkToken(ctx, &out) {
		return out
	}
	p.checkFrom(ctx, &out)
	p.checkTargets(ctx, &out)
	p.checkRoutes(ctx, &out)
	return out
}

// checkToken says whether PagerDuty lets us in; without that nothing else can
// be found out.
func (p *PagerDuty) checkToken(ctx context.Context, out *findings) bool {
	c := reading("say what the account may do")
	able, err := ask(ctx, c, func(ctx context.Context) (*pdapi.ListAbilityResponse, error) {
		return p.sdk.ListAbilitiesWithContext(ctx)
	})
	p.checkClock(c.answer.Header, out)
	switch {
	case c.answer.Status == http.StatusUnauthorized || c.answer.Status == http.StatusForbidden:
		out.add("fail", "token", "PagerDuty does not accept TOCSIN_PAGERDUTY_TOKEN", "Make a REST API key in PagerDuty under Integrations, API Access Keys, and set it.")
		return false
	case err != nil:
		out.add("fail", "token", fault.Sentence(err), "Look at the network, at TOCSIN_PAGERDUTY_API_URL, and at status.pagerduty.com.")
		return false
	}
	out.add("ok", "token", "PagerDuty accepts it", "")
	if !slices.Contains(able.Abilities, askHelp) {
		out.add("warn", "responders", "the account may not ask more people for help on an incident", "Page them instead; or ask PagerDuty for a plan with responder requests.")
	}
	return true
}

func (p *PagerDuty) checkClock(h http.Header, out *findings) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	off := p.o.Now().Sub(theirs).Abs().Round(time.Second)
	const mend = "Let this machine keep its time by NTP."
	switch {
	case off > farAskew:
		out.add("fail", "clock", "this machine's clock is "+off.String()+" from PagerDuty's", mend)
	case off > askew:
		out.add("warn", "clock", "this machine's clock is "+off.String()+" from PagerDuty's", mend)
	}
}

func (p *PagerDuty) checkFrom(ctx context.Context, out *findings) {
	from := p.o.Config.From
	who, err := p.somebody(ctx, from, "")
	switch {
	case err != nil:
		out.add("warn", "from", fault.Sentence(err), "Run the check again.")
	case who.id == "" || fold(who.email) != fold(from):
		out.add("fail", "from", "PagerDuty knows no user with the e-mail "+from+", so that it refuses what tocsin does", "Set TOCSIN_PAGERDUTY_FROM to the e-mail of one of its users.")
	default:
		out.add("ok", "from", from+" is "+plain(who.name, 100), "")
	}
}

// checkTargets looks up what the settings and the policy file name.
func (p *PagerDuty) checkTargets(ctx context.Context, out *findings) {
	if s := p.o.Config.Service; s != "" {
		there, err := p.find(ctx, s)
		switch {
		case err == nil && there.kind == "service":
			out.add("ok", "service", "people are paged on "+plain(there.service.name, 100), "")
		case err != nil && !missing(err):
			out.add("warn", "service", fault.Sentence(err), "Run the check again.")
		default:
			out.add("fail", "service", "PagerDuty knows no service "+s, "Set TOCSIN_PAGERDUTY_SERVICE to the name or id of one of its services.")
		}
	}
	if p.o.Targets == nil {
		return
	}
	_, every := p.routes[""]
	for _, target := range p.o.Targets() {
		if _, own := p.routes[fold(target)]; own || target == "" {
			continue
		}
		_, err := p.find(ctx, target)
		switch {
		case err == nil:
		case !missing(err):
			out.add("warn", "target", fault.Sentence(err), "Run the check again.")
		case every:
			out.add("warn", "target", fault.Sentence(err)+" Pages for it go by the routing key", "Name one of them as the team's target in the policy file.")
		default:
			out.add("fail", "target", fault.Sentence(err), "Name one of them as the team's target in the policy file.")
		}
	}
}

// checkRoutes says where the routing keys lead, as far as the account shows it.
func (p *PagerDuty) checkRoutes(ctx context.Context, out *findings) {
	if len(p.routes) == 0 {
		return
	}
	list, err := pages(ctx, "look up the services", func(ctx context.Context, offset uint) ([]pdapi.Service, bool, error) {
		l, err := p.sdk.ListServicesWithContext(ctx, pdapi.ListServiceOptions{Limit: perPage, Offset: offset, Includes: []string{"integrations"}})
		if err != nil {
			return nil, false, err
		}
		return l.Services, l.More, nil
	})
	if err != nil {
		out.add("warn", "routing key", fault.Sentence(err), "Run the check again.")
		return
	}
	for _, target := range slices.Sorted(maps.Keys(p.routes)) {
		key, label := p.routes[target], "routing key"
		if target != "" {
			label += " of " + target
		}
		at := slices.IndexFunc(list, func(s pdapi.Service) bool { return slices.Contains(serviceOf(s).service.keys, key) })
		if at < 0 {
			out.add("warn", label, "no service shows this key; it may be one of an event orchestration, or wrong", "Compare it with the Integration Key in PagerDuty.")
			continue
		}
		out.add("ok", label, "it wakes who is on call for "+plain(list[at].Name, 100), "")
	}
}

// subscription is what PagerDuty says of a webhook; the library does not know it.
type subscription struct {
	Active   *bool    `json:"active"` // not said: it is
	Events   []string `json:"events"`
	Delivery struct {
		URL                 string `json:"url"`
		TemporarilyDisabled bool   `json:"temporarily_disabled"`
	} `json:"delivery_method"`
}

// wanted are the events without which a page is not followed.
func wanted() []string {
	return []string{"incident.acknowledged", "incident.annotated", "incident.escalated", "incident.priority_updated", "incident.reassigned", "incident.resolved", "incident.triggered"}
}

func (p *PagerDuty) subscriptions(ctx context.Context) ([]subscription, error) {
	var all []subscription
	for {
		var list struct {
			All  []subscription `json:"webhook_subscriptions"`
			More bool           `json:"more"`
		}
		err := p.send(ctx, reading("look up the webhook subscriptions"), byHand{
			method: http.MethodGet, path: "/webhook_subscriptions?limit=" + strconv.Itoa(perPage) + "&offset=" + strconv.Itoa(len(all)), into: &list,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, list.All...)
		if !list.More || len(list.All) == 0 || len(all)+perPage > mostItems {
			return all, nil
		}
	}
}

func (p *PagerDuty) checkHook(ctx context.Context) []integrations.Finding {
	var out findings
	if !p.asks() {
		out.add("warn", "webhook", "without a token it cannot be found out whether PagerDuty calls", "Set TOCSIN_PAGERDUTY_TOKEN.")
		return out
	}
	all, err := p.subscriptions(ctx)
	if err != nil {
		out.add("warn", "webhook", fault.Sentence(err), "The token must be allowed to read webhook subscriptions.")
		return out
	}
	const how = "In PagerDuty, under Integrations, Generic Webhooks (v3), make one to %, with all incident events, and put its secret into TOCSIN_PAGERDUTY_WEBHOOK_SECRET."
	where := strings.TrimRight(p.o.Address, "/") + hookPath
	mine := slices.DeleteFunc(all, func(s subscription) bool { return !p.leadsHere(s.Delivery.URL) })
	if len(mine) == 0 {
		out.add("fail", "webhook", "no webhook of PagerDuty leads here, so that nobody hears who acknowledged a page there", strings.Replace(how, "%", where, 1))
		return out
	}
	mine = slices.DeleteFunc(mine, func(s subscription) bool { return s.Active != nil && !*s.Active || s.Delivery.TemporarilyDisabled })
	if len(mine) == 0 {
		out.add("fail", "webhook", "PagerDuty has switched its webhook off, as it does after refused calls", "Look at TOCSIN_PAGERDUTY_WEBHOOK_SECRET, and switch it on again in PagerDuty.")
		return out
	}
	var lacks []string
	for _, e := range wanted() {
		if !slices.ContainsFunc(mine, func(s subscription) bool { return slices.Contains(s.Events, e) }) {
			lacks = append(lacks, e)
		}
	}
	if len(lacks) > 0 {
		out.add("warn", "webhook", "it does not tell "+strings.Join(lacks, ", "), "Add them to the webhook subscription in PagerDuty.")
		return out
	}
	out.add("ok", "webhook", "PagerDuty calls "+where, "")
	return out
}

// leadsHere says whether a webhook's address is ours.
func (p *PagerDuty) leadsHere(url string) bool {
	url = strings.TrimRight(url, "/")
	if p.o.Address == "" {
		return strings.HasSuffix(url, hookPath)
	}
	return url == strings.TrimRight(p.o.Address, "/")+hookPath
}
