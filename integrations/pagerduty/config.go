package pagerduty

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"tocsin/incident/redact"
)

// Config is what the environment decides about PagerDuty, under
// TOCSIN_PAGERDUTY_.
type Config struct {
	Token         redact.Secret `split_words:"true" desc:"REST API token of PagerDuty, with the right to write; set: pages are followed, and who is on call is known"`
	From          string        `split_words:"true" desc:"e-mail of the PagerDuty user in whose name tocsin acts when the person in chat has no account there; needed with a token"`
	RoutingKey    redact.Secret `split_words:"true" desc:"integration key of the Events API v2; or several, as target=key, separated by commas"`
	Service       string        `split_words:"true" desc:"PagerDuty service, by name or id, on which people and escalation policies are paged that have none of their own"`
	WebhookSecret redact.Secret `split_words:"true" desc:"secret of the v3 webhook subscription to /hooks/pagerduty; two, separated by a comma, while it is changed"`
	Numbers       bool          `split_words:"true" default:"true" desc:"show phone numbers of who is on call when a page does not get through"`
	APIUrl        string        `split_words:"true" desc:"where the REST API is called instead of api.pagerduty.com: the EU region, a proxy, or a test"`
	EventsUrl     string        `split_words:"true" desc:"where events are sent instead of events.pagerduty.com: the EU region, a proxy, or a test"`
}

// Fault is one thing wrong with the settings: which, what, and how to mend it.
type Fault struct{ Name, What, Mend string }

// Set says whether anything of PagerDuty is set.
func (c Config) Set() bool { return c.Pages() || c.Hears() || c.From != "" || c.Service != "" }

// Pages says whether it can wake people.
func (c Config) Pages() bool { return c.Token != "" || c.RoutingKey != "" }

// Hears says whether PagerDuty may call tocsin.
func (c Config) Hears() bool { return len(c.secrets()) > 0 }

// Secrets are all that must not be seen, each by itself, to be kept out of logs.
func (c Config) Secrets() []redact.Secret {
	all := []redact.Secret{c.Token}
	routes, _ := c.routes()
	for _, key := range routes {
		all = append(all, redact.Secret(key))
	}
	for _, one := range c.secrets() {
		all = append(all, redact.Secret(one))
	}
	return slices.DeleteFunc(all, func(s redact.Secret) bool { return s == "" })
}

// Faults lists what is wrong with the values. It looks nothing up.
func (c Config) Faults() []Fault {
	var out []Fault
	wrong := func(name, what, mend string) { out = append(out, Fault{"TOCSIN_PAGERDUTY_" + name, what, mend}) }
	if c.Token != "" && c.From == "" {
		wrong("FROM", "it is not set, but TOCSIN_PAGERDUTY_TOKEN is", "Set it to the e-mail of a PagerDuty user, such as tocsin@example.com: PagerDuty wants to know in whose name tocsin acts.")
	}
	if c.From != "" && !isEmail(c.From) {
		wrong("FROM", "it is no e-mail", "Set it to the e-mail of a PagerDuty user, such as tocsin@example.com.")
	}
	if !c.Pages() && (c.From != "" || c.Service != "") {
		wrong("TOKEN", "neither it nor TOCSIN_PAGERDUTY_ROUTING_KEY is set, but other settings of PagerDuty are", "Set it to a REST API key, made in PagerDuty under Integrations, API Access Keys.")
	}
	if t := c.Token.Reveal(); strings.ContainsFunc(t, notInToken) {
		wrong("TOKEN", "it holds spaces or other characters that no token has", "Copy it again from PagerDuty, without quotes or spaces.")
	}
	if _, ok := c.routes(); !ok {
		wrong("ROUTING_KEY", "a key is no 32 letters and digits, or a target is named twice", "Set it to the Integration Key of an Events API v2 integration, or to checkout=KEY,payments=KEY.")
	}
	if n := len(c.secrets()); n > 2 {
		wrong("WEBHOOK_SECRET", "it holds more than two secrets", "Keep the new secret and the one before it.")
	}
	for _, u := range []struct{ name, value, example string }{
		{"API_URL", c.APIUrl, "https://api.eu.pagerduty.com"}, {"EVENTS_URL", c.EventsUrl, "https://events.eu.pagerduty.com"},
	} {
		if _, ok := endpoint(u.value, u.example); !ok {
			wrong(u.name, "it is no http or https address", "Set it to an address such as "+u.example+", or unset it.")
		}
	}
	return out
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && !strings.ContainsAny(s, "\r\n")
}

func notInToken(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == ',' }

// endpoint is an address without a slash at its end; empty takes the usual one.
func endpoint(value, usual string) (string, bool) {
	if value == "" {
		value = usual
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", false
	}
	return strings.TrimRight(u.String(), "/"), true
}

// routes are the routing keys by target; the one without is under "".
func (c Config) routes() (map[string]string, bool) {
	shape := regexp.MustCompile(`^[A-Za-z0-9]{32}$`)
	out := map[string]string{}
	for one := range strings.SplitSeq(c.RoutingKey.Reveal(), ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		target, key, named := strings.Cut(one, "=")
		if !named {
			target, key = "", one
		}
		target, key = fold(target), strings.TrimSpace(key)
		if _, twice := out[target]; twice || !shape.MatchString(key) || named && target == "" {
			return nil, false
		}
		out[target] = key
	}
	return out, true
}

func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// secrets are the webhook's; an empty one is none.
func (c Config) secrets() []string {
	var out []string
	for one := range strings.SplitSeq(c.WebhookSecret.Reveal(), ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}
