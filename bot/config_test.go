package bot_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kelseyhightower/envconfig"

	"tocsin/bot"
)

func problemsOf(t *testing.T, env ...string) bot.Problems {
	t.Helper()
	_, err := bot.ReadConfig(env)
	p, ok := errors.AsType[bot.Problems](err)
	if !ok {
		t.Fatalf("nothing was wrong with %q (%v)", env, err)
	}
	return p
}

func TestWithNothingSetEverythingHasADefault(t *testing.T) {
	t.Parallel()
	c, err := bot.ReadConfig([]string{"HOME=/home/ann", "PATH=/bin"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.Store != "sqlite:/home/ann/.local/share/tocsin/tocsin.db" || c.Command != "incident" || c.Zone != "UTC" {
		t.Errorf("defaults: %+v", c)
	}
}

func TestTheDataFolder(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		env  []string
		want string
	}{
		"XDG_DATA_HOME comes first":         {[]string{"HOME=/h", "XDG_DATA_HOME=/data"}, "sqlite:/data/tocsin/tocsin.db"},
		"a relative one does not count":     {[]string{"HOME=/h", "XDG_DATA_HOME=data"}, "sqlite:/h/.local/share/tocsin/tocsin.db"},
		"an empty HOME is not the root":     {[]string{"HOME="}, "sqlite:tocsin-data/tocsin.db"},
		"without any it is a folder here":   {nil, "sqlite:tocsin-data/tocsin.db"},
		"a store that is set comes first":   {[]string{"HOME=/h", "TOCSIN_STORE=sqlite:/x.db"}, "sqlite:/x.db"},
		"an empty setting counts as unset":  {[]string{"HOME=/h", "TOCSIN_STORE=  "}, "sqlite:/h/.local/share/tocsin/tocsin.db"},
		"a Redis is taken as it is written": {[]string{"TOCSIN_STORE=redis://r:6379/2"}, "redis://r:6379/2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := bot.ReadConfig(one.env)
			if err != nil || c.Store != one.want {
				t.Errorf("the store is %q (%v), want %q", c.Store, err, one.want)
			}
		})
	}
}

func TestEveryFaultIsSaidAtOnceWithHowToMendIt(t *testing.T) {
	t.Parallel()
	got := problemsOf(
		t, "TOCSIN_LISTEN=8080", "TOCSIN_STORE=postgres://u:hunter2@h/db", "TOCSIN_ZONE=Mars", "TOCSIN_COMMAND=In Cident",
		"TOCSIN_LOG_LEVEL=loud", "TOCSIN_LOG_FORMAT=xml", "TOCSIN_LISTN=x", "TOCSIN_NONSENSE=y", "TOCSIN_POLICY=/nowhere/at/all.yaml",
		"TOCSIN_SLACK_BOT_TOKEN=xoxb-1", "TOCSIN_DISCORD_TOKEN=x", "TOCSIN_REDIS_PREFIX={x}",
	)
	var names []string
	for _, p := range got {
		names = append(names, strings.TrimPrefix(p.Name, "TOCSIN_"))
		if p.What == "" || p.Mend == "" {
			t.Errorf("%s: what %q, mend %q", p.Name, p.What, p.Mend)
		}
	}
	want := []string{"COMMAND", "DISCORD_TOKEN", "LISTEN", "LISTN", "LOG_FORMAT", "LOG_LEVEL", "NONSENSE", "POLICY", "REDIS_PREFIX", "SLACK_APP_TOKEN", "STORE", "ZONE"}
	if !slices.Equal(names, want) {
		t.Errorf("named:\n%v\nwant\n%v", names, want)
	}
	all := got.Error()
	if strings.Contains(all, "hunter2") || strings.Contains(all, "xoxb-1") {
		t.Errorf("a secret is repeated:\n%s", all)
	}
	for _, words := range []string{"Did you mean TOCSIN_LISTEN?", "this tocsin does not speak Discord yet", "so Slack cannot reach tocsin"} {
		if !strings.Contains(all, words) {
			t.Errorf("it does not say %q:\n%s", words, all)
		}
	}
}

func TestFaultsOfOutsideServicesAreAmongThem(t *testing.T) {
	t.Parallel()
	var names []string
	for _, p := range problemsOf(t, "TOCSIN_PAGERDUTY_TOKEN=u+secret", "TOCSIN_SMTP_FROM=x", "TOCSIN_WEBHOOK_URL=https://h.example.com/", "TOCSIN_WEBHOOK_EVENTS=declared,declred", "TOCSIN_PAGE_PATIENCE=2h", "TOCSIN_PAGE_ANSWER=1ms", "TOCSIN_GRAFANA_SECRETS=x") {
		names = append(names, strings.TrimPrefix(p.Name, "TOCSIN_"))
		if strings.Contains(p.String(), "u+secret") {
			t.Errorf("a secret is repeated: %s", p)
		}
	}
	want := []string{"GRAFANA_SECRETS", "PAGERDUTY_FROM", "PAGE_ANSWER", "PAGE_PATIENCE", "SMTP_FROM", "SMTP_URL", "WEBHOOK_EVENTS", "WEBHOOK_SECRET"}
	if !slices.Equal(names, want) {
		t.Errorf("named:\n%v\nwant\n%v", names, want)
	}
}

func TestNoNameWithoutThePrefixIsRead(t *testing.T) {
	t.Parallel()
	c, err := bot.ReadConfig([]string{"LISTEN=0.0.0.0:1", "STORE=x", "PORT=tcp://10.0.0.7:80", "USER=bo", "PREFIX=p", "HOME=/h", "API_TOKEN=t"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.Console.User != "" || c.Redis.Prefix != "tocsin" || c.APIToken != "" {
		t.Errorf("another program's settings were taken: %+v", c)
	}
}

func TestWhatKubernetesInjectsIsNotOurs(t *testing.T) {
	t.Parallel()
	_, err := bot.ReadConfig([]string{
		"HOME=/h", "TOCSIN_SERVICE_HOST=10.0.0.1", "TOCSIN_SERVICE_PORT=80", "TOCSIN_SERVICE_PORT_HTTP=80", "TOCSIN_PORT=tcp://10.0.0.1:80",
		"TOCSIN_PORT_80_TCP=tcp://10.0.0.1:80", "TOCSIN_PORT_80_TCP_PROTO=tcp", "TOCSIN_PORT_80_TCP_PORT=80", "TOCSIN_PORT_80_TCP_ADDR=10.0.0.1",
		"TOCSIN_REDIS_SERVICE_HOST=10.0.0.2", "TOCSIN_REDIS_PORT=tcp://10.0.0.2:6379", "TOCSIN_REDIS_PORT_6379_UDP_ADDR=x",
	})
	if err != nil {
		t.Error(err)
	}
}

func TestASecretMayLieInAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, words string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	c, err := bot.ReadConfig([]string{"HOME=/h", "TOCSIN_API_TOKEN_FILE=" + file("good", "s3cr3t, with spaces\n")})
	if err != nil || c.APIToken.Reveal() != "s3cr3t, with spaces" {
		t.Errorf("the token is %q (%v)", c.APIToken.Reveal(), err)
	}
	for name, env := range map[string][]string{
		"both are set":          {"TOCSIN_API_TOKEN=x", "TOCSIN_API_TOKEN_FILE=" + file("both", "y")},
		"no such file":          {"TOCSIN_API_TOKEN_FILE=" + filepath.Join(dir, "none")},
		"a folder":              {"TOCSIN_API_TOKEN_FILE=" + dir},
		"too large":             {"TOCSIN_API_TOKEN_FILE=" + file("large", strings.Repeat("x", 64<<10+1))},
		"empty":                 {"TOCSIN_API_TOKEN_FILE=" + file("empty", "\n")},
		"not text":              {"TOCSIN_API_TOKEN_FILE=" + file("binary", "a\x00b")},
		"for what is no secret": {"TOCSIN_LISTEN_FILE=" + file("listen", "127.0.0.1:1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := problemsOf(t, append(env, "HOME=/h")...)
			if len(got) != 1 || !strings.HasPrefix(got[0].Name, "TOCSIN_") {
				t.Errorf("problems: %v", got)
			}
		})
	}
}

func TestAListTrimsItsWords(t *testing.T) {
	t.Parallel()
	c, err := bot.ReadConfig([]string{"HOME=/h", "TOCSIN_ADMINS= ann@example.com , ,slack:U1 "})
	if err != nil || !slices.Equal(c.Admins, []string{"ann@example.com", "slack:U1"}) {
		t.Errorf("admins are %q (%v)", c.Admins, err)
	}
}

func TestReadingLeavesNothingBehindInTheEnvironment(t *testing.T) {
	t.Parallel()
	if _, err := bot.ReadConfig([]string{"HOME=/h", "TOCSIN_API_TOKEN=left-behind"}); err != nil {
		t.Fatal(err)
	}
	for _, e := range os.Environ() {
		if strings.Contains(e, "left-behind") {
			t.Errorf("the environment holds %q", e)
		}
	}
}

func TestEverySettingIsDescribed(t *testing.T) {
	t.Parallel()
	var names []string
	for _, s := range bot.Settings() {
		names = append(names, s.Name)
		if s.About == "" || s.Type == "" || !strings.HasPrefix(s.Name, "TOCSIN_") {
			t.Errorf("setting %+v", s)
		}
		secret := slices.ContainsFunc([]string{"TOKEN", "SECRET", "ROUTING_KEY", "SMTP_URL", "WEBHOOK_URL"}, func(part string) bool { return strings.Contains(s.Name, part) })
		if s.Secret() != secret {
			t.Errorf("%s: secret is %v", s.Name, s.Secret())
		}
	}
	for _, want := range []string{"TOCSIN_LISTEN", "TOCSIN_STORE", "TOCSIN_API_TOKEN", "TOCSIN_POLICY", "TOCSIN_COMMAND", "TOCSIN_ADMINS", "TOCSIN_ZONE", "TOCSIN_REDIS_PREFIX", "TOCSIN_CONSOLE_USER", "TOCSIN_CONSOLE_LISTEN"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not among the settings: %v", want, names)
		}
	}
}

func TestSettingsAreThoseThatEnvconfigReads(t *testing.T) {
	t.Parallel()
	var table bytes.Buffer
	const row = "{{range .}}{{usage_key .}}\t{{.Field.Type.Name}}\t{{usage_default .}}\t{{usage_description .}}\n{{end}}"
	if err := envconfig.Usagef("TOCSIN", &bot.Config{}, &table, row); err != nil {
		t.Fatal(err)
	}
	var ours bytes.Buffer
	for _, s := range bot.Settings() {
		ours.WriteString(strings.Join([]string{s.Name, s.Type, s.Default, s.About}, "\t") + "\n")
	}
	if diff := cmp.Diff(table.String(), ours.String()); diff != "" {
		t.Errorf("envconfig reads other settings (-it +we):\n%s", diff)
	}
}
