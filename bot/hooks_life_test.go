package bot_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"tocsin/integrations/hooktest"
)

// send posts a body with a bearer token to the running program.
func (p *program) send(path, token, body string) int {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+strings.TrimPrefix(path, "/"), strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// until waits for something to be so.
func (p *program) until(what string, so func() bool) {
	p.t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); {
		if time.Now().After(end) {
			p.t.Fatalf("in 20 s it did not come to this: %s\n%s", what, p.errs)
		}
		wait := time.NewTimer(20 * time.Millisecond)
		<-wait.C
	}
}

// counted reads a figure of /metrics.
func (p *program) counted(series string) string {
	p.t.Helper()
	_, page := get(p.t, p.url+"metrics")
	for line := range strings.Lines(page) {
		if value, is := strings.CutPrefix(line, series+" "); is {
			return strings.TrimSpace(value)
		}
	}
	return "0"
}

func TestARunningTocsinHearsWhoHasASecretAndNobodyElse(t *testing.T) {
	t.Parallel()
	home, secret := t.TempDir(), "a-long-secret-of-alertmanager"
	env := []string{"HOME=" + home, "TOCSIN_LISTEN=127.0.0.1:0", "TOCSIN_ALERTMANAGER_SECRET=" + secret, "TOCSIN_CHANGES_SECRET=" + secret}
	p := started(t, env...)
	for name, one := range map[string]struct {
		path, token, body string
		want              int
	}{
		"its word":                   {"/hooks/alertmanager", secret, anAlarm, 202},
		"its word, and nonsense":     {"/hooks/alertmanager", secret, "{", 202},
		"a deploy":                   {"/hooks/changes", secret, `{"service":"checkout","version":"4.2.1"}`, 202},
		"another word":               {"/hooks/alertmanager", "wrong", anAlarm, 401},
		"no word":                    {"/hooks/alertmanager", "", anAlarm, 401},
		"one without a secret":       {"/hooks/grafana", secret, anAlarm, 404},
		"a platform that is not set": {"/hooks/slack", secret, "{}", 404},
		"one that there is not":      {"/hooks/nagios", secret, anAlarm, 404},
	} {
		if got := p.send(one.path, one.token, one.body); got != one.want {
			t.Errorf("%s is answered %d, want %d", name, got, one.want)
		}
	}
	p.until("both are worked off", func() bool {
		return p.counted(`tocsin_hooks_total{source="alertmanager",what="worked_off"}`) == "1" &&
			p.counted(`tocsin_hooks_total{source="changes",what="worked_off"}`) == "1"
	})
	for series, want := range map[string]string{
		`tocsin_hooks_total{source="alertmanager",what="taken"}`: "2", `tocsin_hooks_total{source="alertmanager",what="refused"}`: "2",
		`tocsin_hooks_total{source="alertmanager",what="unreadable"}`: "1", `tocsin_hook_seconds_count{source="changes"}`: "1",
	} {
		if got := p.counted(series); got != want {
			t.Errorf("%s is %s, want %s", series, got, want)
		}
	}
	p.end()
	if said := p.errs.String(); strings.Contains(said, secret) {
		t.Errorf("the log holds the secret:\n%s", said)
	}
}

func TestAlarmsOfARealMonitorOpenOneIncidentHoweverTheyCome(t *testing.T) {
	t.Parallel()
	firing, partly, over := string(hooktest.Sample(t, "alertmanager-firing.json")), string(hooktest.Sample(t, "alertmanager-partly-resolved.json")), string(hooktest.Sample(t, "alertmanager-resolved.json"))
	secret := "a-long-secret-of-alertmanager"
	rules := written(t, "policy.yaml", "services: [{name: checkout}]\nalerts:\n  - {name: checkout-down, service: checkout, do: declare, severity: 2}\n")
	home := t.TempDir()
	env := []string{"HOME=" + home, "TOCSIN_LISTEN=127.0.0.1:0", "TOCSIN_ALERTMANAGER_SECRET=" + secret, "TOCSIN_POLICY=" + rules}
	p := started(t, env...)
	send := func(bodies ...string) {
		t.Helper()
		for _, body := range bodies {
			if got := p.send("/hooks/alertmanager", secret, body); got != 202 {
				t.Fatalf("answered %d", got)
			}
		}
	}
	send(firing, firing)
	p.until("an incident stands", func() bool {
		_, out, _ := shell(t, "", append(env, "HOME="+home), "incidents")
		return strings.Contains(out, "INC-1")
	})
	send(over, partly, firing) // out of order: what recovered stays so
	p.until("all are worked off", func() bool { return p.counted(`tocsin_hooks_total{source="alertmanager",what="worked_off"}`) == "5" })
	p.until("the incident is told", func() bool {
		_, timeline, _ := shell(t, "", append(env, "HOME="+home), "timeline", "INC-1")
		return strings.Contains(strings.ToLower(timeline), "recovered")
	})
	p.end()
	_, out, errs := shell(t, "", append(env, "HOME="+home), "incidents")
	if strings.Count(out, "INC-") != 1 || !strings.Contains(out, "sev2") {
		t.Errorf("incidents:\n%s%s", out, errs)
	}
	code, timeline, errs := shell(t, "", append(env, "HOME="+home), "timeline", "INC-1")
	if n := strings.Count(strings.ToLower(timeline), "all recovered"); code != 0 || n > 1 {
		t.Errorf("the timeline ends with %d and tells of the recovery %d times:\n%s%s", code, n, timeline, errs)
	}
	if _, err := os.Stat(home); err != nil {
		t.Error(err)
	}
}
