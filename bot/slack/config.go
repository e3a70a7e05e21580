package slack

import (
	"net/url"
	"strings"

	"tocsin/incident/redact"
)

// Config is what the environment decides about Slack, under TOCSIN_SLACK_.
type Config struct {
	BotToken       redact.Secret `split_words:"true" desc:"xoxb- token of the installed Slack app; set: tocsin serves Slack"`
	AppToken       redact.Secret `split_words:"true" desc:"xapp- token with connections:write; set: Socket Mode, which needs no public address"`
	SigningSecret  redact.Secret `split_words:"true" desc:"signing secret of the Slack app; set: Slack calls /hooks/slack over HTTP"`
	APIUrl         string        `split_words:"true" desc:"where the Slack Web API is called instead of slack.com: a proxy, or a test"`
	Announce       string        `split_words:"true" desc:"channel of announcements, by id or name; not set: tocsin asks once where, and works without"`
	AnnounceShared bool          `split_words:"true" desc:"announce also in a channel that other organisations read"`
}

// Fault is one thing wrong with the settings: which, what, and how to mend it.
type Fault struct{ Name, What, Mend string }

// Set says whether anything of Slack is set.
func (c Config) Set() bool {
	return c.BotToken != "" || c.AppToken != "" || c.SigningSecret != ""
}

// Faults lists what is wrong with the values. It looks nothing up.
func (c Config) Faults() []Fault {
	var out []Fault
	wrong := func(name, what, mend string) { out = append(out, Fault{"TOCSIN_SLACK_" + name, what, mend}) }
	if c.Set() && c.BotToken == "" {
		wrong("BOT_TOKEN", "it is not set, but other settings of Slack are", "Set it to the xoxb- token under OAuth & Permissions of the app.")
	}
	if t := c.BotToken.Reveal(); t != "" && !strings.HasPrefix(t, "xoxb-") {
		wrong("BOT_TOKEN", "it does not begin with xoxb-", "Set it to the Bot User OAuth Token under OAuth & Permissions of the app.")
	}
	if t := c.AppToken.Reveal(); t != "" && !strings.HasPrefix(t, "xapp-") {
		wrong("APP_TOKEN", "it does not begin with xapp-", "Set it to an App-Level Token with connections:write, under Basic Information of the app.")
	}
	if c.BotToken != "" && c.AppToken == "" && c.SigningSecret == "" {
		wrong("APP_TOKEN", "neither it nor TOCSIN_SLACK_SIGNING_SECRET is set, so Slack cannot reach tocsin", "Set TOCSIN_SLACK_APP_TOKEN to an xapp- token (Socket Mode), which needs no public address.")
	}
	if c.APIUrl != "" {
		u, err := url.Parse(c.APIUrl)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			wrong("API_URL", "it is no http or https address", "Set it to an address such as https://proxy.example/api/, or unset it.")
		}
	}
	return out
}
