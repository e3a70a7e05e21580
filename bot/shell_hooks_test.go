package bot_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tocsin/bot"
)

// shell runs one command with what is typed into it.
func shell(t *testing.T, in string, env []string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = bot.Main(t.Context(), bot.IO{Args: args, Env: append([]string{"HOME=" + t.TempDir()}, env...), In: strings.NewReader(in), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

func written(t *testing.T, name, words string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	anAlarm = `{"groupKey":"g1","alerts":[{"status":"firing","labels":{"alertname":"Down","service":"checkout","severity":"Critical"},"annotations":{"summary":"Checkout is down"},"fingerprint":"f1","startsAt":"2026-11-03T08:41:12Z"}]}`
	aPolicy = `
sources:
  - {name: uptime, key: check.id, title: check.name, service: "'shop'", status: event, recovered: [check_up]}
alerts:
  - {name: shop-down, service: shop, do: declare, severity: 2}
`
)

func TestTryingABodyShowsWhatWouldBecomeOfIt(t *testing.T) {
	t.Parallel()
	rules := "TOCSIN_POLICY=" + written(t, "policy.yaml", aPolicy)
	for name, one := range map[string]struct {
		in   string
		env  []string
		args []string
		want []string
	}{
		"typed in": {anAlarm, nil, []string{"alertmanager"}, []string{
			"firing     Checkout is down", "group     g1", "key       f1", "severity  critical", "service   checkout", "since     2026-11-03T08:41:12Z",
			"labels    alertname=Down service=checkout severity=Critical", "policy    No rule matches it", "/hooks/alertmanager is closed: set TOCSIN_ALERTMANAGER_SECRET",
		}},
		"by a rule of policy": {`{"check":{"id":7,"name":"Shop"},"event":"check_down"}`, []string{rules}, []string{"generic/uptime"}, []string{
			"firing     Shop", "key       uptime:7", "service   shop", "policy    Rule shop-down matches it",
		}},
		"recovered": {`{"check":{"id":7,"name":"Shop"},"event":"check_up"}`, []string{rules}, []string{"/hooks/generic/uptime"}, []string{"recovered  Shop"}},
		"a source without a rule": {`{"title":"x"}`, nil, []string{"generic/other"}, []string{
			`policy has no source "other"; the names that senders commonly use are looked for`, "firing     x",
		}},
		"a change": {`{"service":"checkout","version":"4.2.1","by":"ann"}`, nil, []string{"changes"}, []string{"deploy     deploy checkout 4.2.1", "by        ann"}},
		"a test":   {`{"alerts":[{"labels":{"alertname":"TestAlert"}}]}`, nil, []string{"grafana"}, []string{"test       the sender's test button; nothing is opened"}},
		"nothing":  {`[]`, nil, []string{"generic"}, []string{"nothing    it is understood, and nothing follows from it"}},
		"a form":   {`title=Disk+full&state=up`, nil, []string{"generic", "--type", "application/x-www-form-urlencoded"}, []string{"recovered  Disk full"}},
		"as JSON":  {`{"title":"x","dedup_key":"k"}`, nil, []string{"--json", "generic"}, []string{`"Key": "k"`, `"State": "firing"`}},
	} {
		code, out, errs := shell(t, one.in, one.env, append([]string{"hooks", "try"}, one.args...)...)
		if code != 0 || errs != "" {
			t.Errorf("%s: ends with %d: %s", name, code, errs)
		}
		for _, words := range one.want {
			if !strings.Contains(out, words) {
				t.Errorf("%s: it does not show %q:\n%s", name, words, out)
			}
		}
	}
}

func TestTryingAFileByItsName(t *testing.T) {
	t.Parallel()
	code, out, errs := shell(t, "", nil, "hooks", "try", "generic", written(t, "down.form", "title=Disk&status=down"))
	if code != 0 || !strings.Contains(out, "firing     Disk") {
		t.Errorf("ends with %d:\n%s%s", code, out, errs)
	}
	code, out, _ = shell(t, "", []string{"TOCSIN_GENERIC_SECRET=a-long-secret-of-generic"}, "hooks", "try", "generic", written(t, "a.json", `{"title":"Disk"}`))
	if code != 0 || strings.Contains(out, "closed") || strings.Contains(out, "a-long-secret") {
		t.Errorf("with a secret, ends with %d:\n%s", code, out)
	}
}

func TestWhatCannotBeTriedIsSaid(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		in    string
		args  []string
		code  int
		words string
	}{
		"no such source":    {"{}", []string{"nagios"}, 4, `There is no source "nagios"; there are pagerduty, alertmanager, grafana, generic, changes.`},
		"no such file":      {"", []string{"generic", "/nowhere.json"}, 4, "There is no file"},
		"what is no body":   {"hello", []string{"generic"}, 2, "neither JSON nor a form"},
		"nothing in it":     {"{}", []string{"generic"}, 2, `For example: {"dedup_key"`},
		"another format":    {`{"text":"x"}`, []string{"alertmanager"}, 2, "not in Alertmanager's own format"},
		"too large":         {strings.Repeat("x", 1<<20+1), []string{"generic"}, 2, "larger than 1 MiB"},
		"nothing to try":    {"", nil, 2, "Which source, and which body?"},
		"too much to try":   {"", []string{"a", "b", "c"}, 2, "Which source, and which body?"},
		"an unknown option": {"", []string{"--loud"}, 2, "not defined"},
	} {
		code, out, errs := shell(t, one.in, nil, append([]string{"hooks", "try"}, one.args...)...)
		if code != one.code || !strings.Contains(errs, one.words) || out != "" {
			t.Errorf("%s: ends with %d, want %d, and says %q%q, want %q", name, code, one.code, out, errs, one.words)
		}
	}
	if code, _, errs := shell(t, "{}", []string{"TOCSIN_POLICY=" + written(t, "p.yaml", "sources: [{name: a, title: '{{x}}'}]")}, "hooks", "try", "generic"); code != 2 || !strings.Contains(errs, "not a template") {
		t.Errorf("with a wrong policy it ends with %d: %s", code, errs)
	}
}

func TestTheListOfHooksSaysWhichAreOpen(t *testing.T) {
	t.Parallel()
	code, out, errs := shell(t, "", []string{"TOCSIN_GRAFANA_SECRET=a-long-secret-of-grafana"}, "hooks")
	if code != 0 || errs != "" {
		t.Fatalf("ends with %d: %s", code, errs)
	}
	for _, line := range []string{
		"/hooks/grafana             open\n", "/hooks/alertmanager        closed: TOCSIN_ALERTMANAGER_SECRET is not set\n",
		"/hooks/pagerduty           closed: TOCSIN_PAGERDUTY_WEBHOOK_SECRET is not set\n", "/hooks/changes             closed: TOCSIN_CHANGES_SECRET is not set\n",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("it lacks %q:\n%s", line, out)
		}
	}
}

func TestDoctorTellsOfOutsideServices(t *testing.T) {
	t.Parallel()
	code, out, errs := shell(t, "", []string{"TOCSIN_LISTEN=127.0.0.1:0", "TOCSIN_GRAFANA_SECRET=short", "TOCSIN_ALERTMANAGER_SECRET=a-long-secret-of-alertmanager"}, "doctor")
	if code != 0 {
		t.Errorf("ends with %d:\n%s%s", code, out, errs)
	}
	for _, words := range []string{
		"warn  TOCSIN_GRAFANA_SECRET is shorter than 16 letters", "ok    alertmanager: /hooks/alertmanager takes calls",
		"hooks that are off, for their secret is not set: /hooks/pagerduty (TOCSIN_PAGERDUTY_WEBHOOK_SECRET), /hooks/generic (TOCSIN_GENERIC_SECRET)",
	} {
		if !strings.Contains(out, words) {
			t.Errorf("it does not say %q:\n%s", words, out)
		}
	}
	if strings.Contains(out, "a-long-secret-of-alertmanager") {
		t.Error("it shows a secret")
	}
}
