package webhook

import (
	"net"
	"net/url"
	"strings"

	"tocsin/incident/redact"
)

// Config is what the environment decides about the webhook, under TOCSIN_WEBHOOK_.
type Config struct {
	URL       redact.Secret `split_words:"true" desc:"address that is called when policy names the pager \"webhook\", such as https://hooks.example.com/tocsin"`
	Events    string        `split_words:"true" desc:"events of incidents that TOCSIN_WEBHOOK_URL is told of besides, by their names (declared, severity_set, resolution, …; all), separated by commas; never those of private ones"`
	Documents bool          `split_words:"true" desc:"hand published reviews to TOCSIN_WEBHOOK_URL, whole (true or false)"`
	Secret    redact.Secret `split_words:"true" desc:"what calls to TOCSIN_WEBHOOK_URL are signed with, at least 16 characters"`
}

// Fault is one thing wrong with the settings: which, what, and how to mend it.
type Fault struct{ Name, What, Mend string }

// leastSecret is how short a secret may be.
const leastSecret = 16

// Set says whether anything of the webhook is set.
func (c Config) Set() bool { return c.URL != "" || c.Secret != "" || c.Events != "" || c.Documents }

// Faults lists what is wrong with the values. It looks nothing up, and repeats
// no value, since an address may hold a token.
func (c Config) Faults() []Fault {
	var out []Fault
	wrong := func(name, what, mend string) {
		out = append(out, Fault{"TOCSIN_WEBHOOK_" + name, what, mend})
	}
	if !c.Set() {
		return nil
	}
	const good = "Set it to an address such as https://hooks.example.com/tocsin."
	u, err := url.Parse(c.URL.Reveal())
	switch {
	case c.URL == "":
		wrong("URL", "it is not set, but others of its settings are", good)
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		wrong("URL", "it is no http or https address", good)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		wrong("URL", "it would be called without TLS", good)
	}
	switch {
	case c.Secret == "":
		wrong("SECRET", "it is not set, and nothing is sent unsigned", "Set it to a long random word that the listener knows too.")
	case len(c.Secret.Reveal()) < leastSecret:
		wrong("SECRET", "it has fewer than 16 characters", "Set it to a long random word that the listener knows too.")
	}
	return out
}

// linkOnly is an address that people may open; empty when it is none.
func linkOnly(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(address) > 2000 {
		return ""
	}
	return u.String()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
