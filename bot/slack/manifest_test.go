package slack_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
)

func verbs() []chat.Verb {
	out := []chat.Verb{{Name: "declare", Summary: "Declare an incident."}, {Name: "secret", Hidden: true}}
	for i := range 200 {
		out = append(out, chat.Verb{Name: "verb" + strings.Repeat("x", i%20)})
	}
	return out
}

// specs is the folder of the vendors' documents; a test that needs it is
// skipped without it.
func specs(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TOCSIN_SPECS")
	if dir == "" {
		t.Skip("TOCSIN_SPECS is not set")
	}
	return dir
}

// expression is a pattern of the schema; nil stands for the few that look
// ahead, which Go cannot: they are about domains, which the manifest has none of.
type expression struct{ *regexp.Regexp }

func (e expression) MatchString(s string) bool { return e.Regexp == nil || e.Regexp.MatchString(s) }

func (e expression) String() string { return "a pattern of the schema" }

func pattern(p string) (jsonschema.Regexp, error) {
	r, err := regexp.Compile(p)
	if err != nil && strings.Contains(p, "(?!") {
		return expression{}, nil
	}
	return expression{r}, err
}

func TestManifestIsWhatSlackTakes(t *testing.T) {
	t.Parallel()
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(pattern)
	schema, err := c.Compile(filepath.Join(specs(t), "slack-manifest.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"", "https://tocsin.example/"} {
		for _, command := range []string{"incident", "inc", "a-command-of-just-the-length-31"} {
			m, err := jsonschema.UnmarshalJSON(strings.NewReader(string(slack.Manifest(command, verbs(), base))))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(m); err != nil {
				t.Errorf("with base %q: %v", base, err)
			}
		}
	}
}

func TestManifestAsksForWhatItsEventsNeed(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(specs(t), "slack-methods", "_events.json"))
	if err != nil {
		t.Fatal(err)
	}
	var documented []struct {
		Name         string
		Scopes, APIs []string
	}
	if err := json.Unmarshal(raw, &documented); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, d := range documented {
		if !slices.Contains(slack.Events(), d.Name) || !slices.Contains(d.APIs, "Events") {
			continue
		}
		known[d.Name] = true
		// any one will do; written "app_mentions.read" here and there
		if len(d.Scopes) > 0 && !slices.ContainsFunc(d.Scopes, func(s string) bool { return asked(strings.Replace(s, ".", ":", 1)) }) {
			t.Errorf("%s needs one of the scopes %v", d.Name, d.Scopes)
		}
	}
	for _, e := range slack.Events() {
		if !known[e] {
			t.Logf("the documents do not list %s", e)
		}
	}
	if len(known) < 12 {
		t.Errorf("only %d of the events are documented", len(known))
	}
}

// asked says whether the manifest asks for a scope.
func asked(name string) bool {
	return strings.Contains(string(slack.Manifest("incident", nil, "")), `"`+name+`"`)
}

func TestManifestFollowsTheHouse(t *testing.T) {
	t.Parallel()
	var m struct {
		Features struct {
			Commands []struct {
				Command, URL string
				Hint         string `json:"usage_hint"`
				Escape       bool   `json:"should_escape"`
			} `json:"slash_commands"`
		}
		Settings struct {
			Socket bool `json:"socket_mode_enabled"`
		}
	}
	read := func(base string) {
		t.Helper()
		if err := json.Unmarshal(slack.Manifest("inc", verbs(), base), &m); err != nil {
			t.Fatal(err)
		}
	}
	read("")
	c := m.Features.Commands[0]
	if c.Command != "/inc" || !c.Escape || c.URL != "" || !m.Settings.Socket {
		t.Errorf("in Socket Mode: %+v", m)
	}
	if !strings.Contains(c.Hint, "| declare |") || strings.Contains(c.Hint, "secret") || len(c.Hint) > 1000 {
		t.Errorf("the hint is %q", c.Hint)
	}
	read("https://tocsin.example/")
	if c := m.Features.Commands[0]; c.URL != "https://tocsin.example/hooks/slack" || m.Settings.Socket {
		t.Errorf("over HTTP: %+v", m)
	}
}

func TestStepsCarryTheManifest(t *testing.T) {
	t.Parallel()
	manifest := slack.Manifest("incident", verbs(), "")
	steps := slack.Steps(manifest, "")
	at := regexp.MustCompile(`https://\S+manifest_json=\S+`).FindString(steps)
	u, err := url.Parse(at)
	if err != nil || at == "" {
		t.Fatalf("no link in the steps (%v):\n%s", err, steps)
	}
	var carried, printed any
	if json.Unmarshal([]byte(u.Query().Get("manifest_json")), &carried) != nil || json.Unmarshal(manifest, &printed) != nil {
		t.Fatal("the link carries no JSON")
	}
	a, _ := json.Marshal(carried)
	b, _ := json.Marshal(printed)
	if !slices.Equal(a, b) {
		t.Errorf("the link carries another manifest:\n%s\n%s", a, b)
	}
	for n := range 5 {
		if !strings.Contains(steps, "\n"+string(rune('1'+n))+". ") && n > 0 {
			t.Errorf("step %d is missing:\n%s", n+1, steps)
		}
	}
	if over := slack.Steps(manifest, "https://tocsin.example"); !strings.Contains(over, "Signing Secret") || strings.Contains(over, "xapp-") {
		t.Errorf("over HTTP the steps are\n%s", over)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config slack.Config
		wrong  []string
	}{
		"nothing":            {},
		"socket mode":        {slack.Config{BotToken: "xoxb-1", AppToken: "xapp-1"}, nil},
		"http":               {slack.Config{BotToken: "xoxb-1", SigningSecret: "s"}, nil},
		"no way in":          {slack.Config{BotToken: "xoxb-1"}, []string{"TOCSIN_SLACK_APP_TOKEN"}},
		"no bot token":       {slack.Config{AppToken: "xapp-1"}, []string{"TOCSIN_SLACK_BOT_TOKEN"}},
		"tokens swapped":     {slack.Config{BotToken: "xapp-1", AppToken: "xoxb-1"}, []string{"TOCSIN_SLACK_BOT_TOKEN", "TOCSIN_SLACK_APP_TOKEN"}},
		"a wrong address":    {slack.Config{BotToken: "xoxb-1", AppToken: "xapp-1", APIUrl: "slack"}, []string{"TOCSIN_SLACK_API_URL"}},
		"a user's own token": {slack.Config{BotToken: "xoxp-1", AppToken: "xapp-1"}, []string{"TOCSIN_SLACK_BOT_TOKEN"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range c.config.Faults() {
				got = append(got, f.Name)
				if f.What == "" || f.Mend == "" || strings.Contains(f.What+f.Mend, "xoxp-1") {
					t.Errorf("%+v", f)
				}
			}
			if !slices.Equal(got, c.wrong) {
				t.Errorf("wrong are %v, want %v", got, c.wrong)
			}
		})
	}
}
