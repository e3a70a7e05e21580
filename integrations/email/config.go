package email

import (
	"net"
	"net/mail"
	"net/url"
	"strings"

	"tocsin/incident/redact"
)

// Config is what the environment decides about mail, under TOCSIN_SMTP_.
type Config struct {
	URL  redact.Secret `split_words:"true" desc:"mail server for pages by e-mail: smtps://user:password@host (TLS from the start), or smtp://user:password@host:587 (STARTTLS; ?tls=off for a relay beside tocsin)"`
	From string        `split_words:"true" desc:"address that pages by e-mail come from, such as tocsin@example.com"`
}

// Fault is one thing wrong with the settings: which, what, and how to mend it.
type Fault struct{ Name, What, Mend string }

// Set says whether anything of mail is set.
func (c Config) Set() bool { return c.URL != "" || c.From != "" }

// Faults lists what is wrong with the values. It looks nothing up.
func (c Config) Faults() []Fault {
	var out []Fault
	wrong := func(name, what, mend string) { out = append(out, Fault{"TOCSIN_SMTP_" + name, what, mend}) }
	if !c.Set() {
		return nil
	}
	if c.URL == "" {
		wrong("URL", "it is not set, but TOCSIN_SMTP_FROM is", "Set it to the mail server, such as smtps://user:password@mail.example.com.")
	} else if _, what := c.server(); what != "" {
		wrong("URL", what, "Set it to an address such as smtps://user:password@mail.example.com or smtp://mail.example.com:587.")
	}
	if _, err := mail.ParseAddress(c.From); err != nil {
		what := "it is no e-mail address"
		if c.From == "" {
			what = "it is not set, but TOCSIN_SMTP_URL is"
		}
		wrong("FROM", what, "Set it to the address that pages come from, such as tocsin@example.com.")
	}
	return out
}

// server is where mail is handed over.
type server struct {
	host, port, user, password string
	implicit                   bool // TLS from the first byte
	bare                       bool // no TLS at all
}

// server reads the address. Its words are not repeated, since a password may
// stand in them.
func (c Config) server() (s server, wrong string) {
	u, err := url.Parse(c.URL.Reveal())
	if err != nil || u.Hostname() == "" {
		return server{}, "it is no address of a mail server"
	}
	s.host, s.port, s.user = u.Hostname(), u.Port(), u.User.Username()
	s.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtps":
		s.implicit = true
		s.port = or(s.port, "465")
	case "smtp":
		s.port = or(s.port, "587")
	default:
		return server{}, "it begins with neither smtps:// nor smtp://"
	}
	switch u.Query().Get("tls") {
	case "":
	case "off":
		if s.implicit {
			return server{}, "smtps:// and tls=off contradict each other"
		}
		s.bare = true
	default:
		return server{}, "its tls is not \"off\", the only value there is"
	}
	if s.bare && s.user != "" && !loopback(s.host) {
		return server{}, "it would send a password without TLS"
	}
	return s, ""
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
