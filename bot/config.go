package bot

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"tocsin/bot/slack"
	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/integrations/all"
	"tocsin/integrations/webhook"
)

// Config is what the environment decides. Each adapter's settings stand in a
// struct of its own.
type Config struct {
	Listen    string        `split_words:"true" default:"127.0.0.1:8080" desc:"where the HTTP server listens"`
	Store     string        `split_words:"true" desc:"sqlite:PATH, redis://, rediss://, redis+sentinel:// or redis+cluster://; not set: SQLite in the user's data folder"`
	APIToken  redact.Secret `split_words:"true" desc:"bearer token of the HTTP API; not set: one is made and kept in the data folder"`
	Address   string        `split_words:"true" desc:"where people reach this house in their browsers, such as https://tocsin.example.org; not set: http:// and TOCSIN_LISTEN"`
	Policy    string        `split_words:"true" desc:"path of the policy file; not set: the defaults"`
	Command   string        `split_words:"true" default:"incident" desc:"name of the slash command, without the slash"`
	Admins    Words         `split_words:"true" desc:"who may erase and retry what was refused: e-mails, platform:id or console names, separated by commas"`
	Zone      string        `split_words:"true" default:"UTC" desc:"time zone of people whose own is not known, such as Europe/Berlin"`
	Capture   Words         `split_words:"true" default:"pushpin" desc:"reactions that put a message on the timeline, by the emojis' names, separated by commas"`
	LogLevel  string        `split_words:"true" default:"info" desc:"debug, info, warn or error"`
	LogFormat string        `split_words:"true" default:"text" desc:"text or json"`
	Redis     RedisConfig
	Console   ConsoleConfig
	Slack     slack.Config

	PagePatience time.Duration `split_words:"true" default:"60s" desc:"how long a page may fail before the room is told whom to call and the policy's fallback is tried"`
	PageAnswer   time.Duration `split_words:"true" default:"5m" desc:"how long a page may stay unacknowledged before the room is told, and the next is tried where the pager does not do so itself"`

	all.Settings // of outside services

	home string // the user's data folder for tocsin
}

// RedisConfig are the settings of the Redis store beside its address.
type RedisConfig struct {
	Prefix string `split_words:"true" default:"tocsin" desc:"name of this organisation in Redis; all its keys carry it as their hash tag"`
}

// ConsoleConfig are the settings of the console.
type ConsoleConfig struct {
	User   string `split_words:"true" desc:"the one person the console speaks as beside a chat platform; not set: it is read-only there"`
	Listen string `split_words:"true" default:"127.0.0.1:0" desc:"where the console listens when it cannot stand on TOCSIN_LISTEN"`
}

// Words is a list separated by commas; blanks around a word are not part of it.
type Words []string

// Decode reads the list; envconfig calls it.
func (w *Words) Decode(value string) error {
	*w = nil
	for one := range strings.SplitSeq(value, ",") {
		if one = strings.TrimSpace(one); one != "" {
			*w = append(*w, one)
		}
	}
	return nil
}

// later lists the settings of adapters that this tocsin does not have yet.
// They are known names, and setting one is refused in so many words.
func later() map[string][]string {
	return map[string][]string{
		"Discord": {"TOCSIN_DISCORD_TOKEN", "TOCSIN_DISCORD_GUILD", "TOCSIN_DISCORD_API_URL", "TOCSIN_DISCORD_ANNOUNCE"},
	}
}

// ReadConfig reads the settings from the variables of an environment
// ("NAME=value"). The error is [Problems]: everything that is wrong.
func ReadConfig(env []string) (Config, error) {
	var c Config
	var known []string
	var problems Problems
	vars := ours(env)
	for adapter, names := range later() {
		for _, name := range names {
			known = append(known, name, name+"_FILE")
			for _, set := range []string{name, name + "_FILE"} {
				if _, is := vars[set]; is {
					problems = append(problems, Problem{set, "this tocsin does not speak " + adapter + " yet", "Unset it; the console and the practice pager work without."})
				}
			}
		}
	}
	problems = append(problems, fill(&c, env, known)...)
	c.home = dataHome(env)
	problems = append(problems, c.Validate()...)
	if c.Store == "" {
		c.Store = "sqlite:" + filepath.Join(c.home, "tocsin.db")
	}
	if len(problems) == 0 {
		return c, nil
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return strings.Compare(a.Name, b.Name) })
	return c, problems
}

// dataHome is the user's data folder for tocsin: under XDG_DATA_HOME, else
// under HOME, else a folder beside the program's working folder.
func dataHome(env []string) string {
	var xdg, home string
	for _, e := range env {
		switch name, value, _ := strings.Cut(e, "="); name {
		case "XDG_DATA_HOME":
			xdg = value
		case "HOME":
			home = value
		}
	}
	switch {
	case filepath.IsAbs(xdg):
		return filepath.Join(xdg, "tocsin")
	case filepath.IsAbs(home):
		return filepath.Join(home, ".local", "share", "tocsin")
	}
	return "tocsin-data"
}

// Validate lists what is wrong with the values.
func (c Config) Validate() Problems {
	var p Problems
	wrong := func(name, what, mend string) { p = append(p, Problem{prefix + "_" + name, what, mend}) }
	for name, at := range map[string]string{"LISTEN": c.Listen, "CONSOLE_LISTEN": c.Console.Listen} {
		if _, port, err := net.SplitHostPort(at); err != nil || port == "" {
			wrong(name, fmt.Sprintf("%q is no address with a port", at), "Set it to host:port, such as 127.0.0.1:8080.")
		}
	}
	if why := c.addressFault(); why != "" {
		wrong("ADDRESS", why, "Set it to an address such as https://tocsin.example.org, or unset it.")
	}
	if why := c.storeFault(); why != "" {
		wrong("STORE", why, "Set it to sqlite:PATH or redis://HOST:6379/0, or unset it.")
	}
	if !regexp.MustCompile(`^[a-z][a-z0-9_-]{0,30}$`).MatchString(c.Command) {
		wrong("COMMAND", "it must be one lower-case word of at most 31 letters", "Set it to a word such as incident.")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" {
		wrong("ZONE", fmt.Sprintf("there is no time zone %q", c.Zone), "Set it to a name such as Europe/Berlin or UTC.")
	}
	for _, one := range []struct{ name, value, kind, words string }{
		{"LOG_LEVEL", c.LogLevel, "level", "debug, info, warn or error"}, {"LOG_FORMAT", c.LogFormat, "format", "text or json"},
	} {
		if !slices.Contains(strings.FieldsFunc(strings.ReplaceAll(one.words, " or ", ","), func(r rune) bool { return r == ',' || r == ' ' }), one.value) {
			wrong(one.name, fmt.Sprintf("%q is no %s", one.value, one.kind), "Set it to "+one.words+".")
		}
	}
	if !readable(c.Policy) {
		wrong("POLICY", fmt.Sprintf("there is no file %q that can be read", c.Policy), "Name a policy file (`tocsin config policy` prints one to start from), or unset it.")
	}
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`).MatchString(c.Redis.Prefix) {
		wrong("REDIS_PREFIX", "it must be letters, digits, dots and dashes", "Set it to a word such as tocsin.")
	}
	for _, f := range c.Slack.Faults() {
		p = append(p, Problem(f))
	}
	return append(p, c.serviceFaults()...)
}

// addressFault says what is wrong with the address that people use.
func (c Config) addressFault() string {
	if c.Address == "" {
		return ""
	}
	u, err := url.Parse(c.Address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "it is no web address"
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "it holds more than a scheme, a name and a path"
	}
	return ""
}

// readable says that there is such a file, or that none is named.
func readable(path string) bool {
	if path == "" {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// serviceFaults lists what is wrong with the settings of outside services.
func (c Config) serviceFaults() Problems {
	var p Problems
	for name, d := range map[string]time.Duration{"PAGE_PATIENCE": c.PagePatience, "PAGE_ANSWER": c.PageAnswer} {
		if d != 0 && d < time.Second || d > time.Hour {
			p = append(p, Problem{prefix + "_" + name, fmt.Sprintf("%s is not between a second and an hour", d), "Set it to a span such as 60s or 5m."})
		}
	}
	for _, f := range c.Settings.Faults() {
		p = append(p, Problem(f))
	}
	for _, name := range c.Webhook.Wanted() {
		known := func(k incident.Kind) bool { return k.Name == name }
		if name != webhook.Everything && !slices.ContainsFunc(incident.Kinds(), known) {
			p = append(p, Problem{prefix + "_WEBHOOK_EVENTS", fmt.Sprintf("there is no event %q", name), "Name events such as declared, severity_set, update_posted, resolution; or all."})
		}
	}
	return p
}

// storeFault says what is wrong with the store's address; its words are not
// repeated, since a password may stand in them.
func (c Config) storeFault() string {
	if c.Store == "" {
		return ""
	}
	scheme, rest, found := strings.Cut(c.Store, ":")
	switch {
	case !found:
		return "it names no kind of store"
	case scheme == "sqlite":
		if strings.Trim(rest, "/") == "" {
			return "it names no file"
		}
		return ""
	case slices.Contains([]string{"redis", "rediss", "redis+sentinel", "redis+cluster"}, scheme):
		if u, err := url.Parse(c.Store); err != nil || u.Host == "" {
			return "it is no address of a Redis"
		}
		return ""
	}
	return "it names a kind of store that tocsin does not have"
}
