package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/policy"
	"tocsin/incident"
)

func TestRulesForAlertsAreRead(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse([]byte(`
alerts:
  - {name: down, source: grafana, title: "*down*", service: "check*", labels: [env=prod-*], says: [critical], do: declare, severity: 2, as: checkout}
  - {name: rest, do: ignore}
storm: {rooms: 0, window: 1h, quiet: none}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []incident.AlertRule{
		{
			Name: "down", Source: "grafana", Match: "*down*", Service: "check*", Labels: map[string]string{"env": "prod-*"},
			Words: []string{"critical"}, Do: incident.DeclareAlerts, Severity: incident.Sev2, As: "checkout",
		},
		{Name: "rest", Do: incident.IgnoreAlerts},
	}
	if d := cmp.Diff(want, p.Alerts); d != "" {
		t.Errorf("alerts (-want +got):\n%s", d)
	}
	if d := cmp.Diff(incident.Storm{Window: time.Hour}, p.Storm); d != "" {
		t.Errorf("storm (-want +got):\n%s", d)
	}
	told := strings.Join(policy.Explain(p), "\n")
	for _, line := range []string{
		"alerts down: declare of grafana titled *down* on service check* that say critical with env=prod-*, as sev2, service checkout",
		"alerts rest: ignore all", "at most 0 incidents are declared by alerts in 1 h",
	} {
		if !strings.Contains(told, line) {
			t.Errorf("the explanation lacks %q:\n%s", line, told)
		}
	}
}

func TestFaultsOfRulesForAlertsNameTheirLine(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		yaml string
		line int
		says string
	}{
		"nothing to do":           {"alerts:\n  - name: a\n", 2, "declare, suggest, attach or ignore"},
		"another thing to do":     {"alerts:\n  - name: a\n    do: panic\n", 3, "declare, suggest, attach or ignore"},
		"no such severity":        {"alerts:\n  - name: a\n    do: declare\n    severity: 9\n", 4, "1 (worst) to 5"},
		"a severity that is off":  {"severities:\n  - {level: 4, off: true}\nalerts:\n  - name: a\n    do: declare\n    severity: 4\n", 6, "sev4 is off"},
		"a label without pattern": {"alerts:\n  - name: a\n    do: ignore\n    labels: [env]\n", 4, "name=pattern"},
		"a name given twice":      {"alerts:\n  - {name: a, do: ignore}\n  - {name: a, do: ignore}\n", 3, "two alerts"},
		"a service of none":       {"services:\n  - name: b\nalerts:\n  - name: a\n    do: declare\n    as: c\n", 6, `"c"`},
		"too many rooms":          {"storm:\n  rooms: 1000\n", 2, "0 (alerts declare nothing) to 100"},
		"a window that is none":   {"storm:\n  window: soon\n", 2, `"soon"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := policy.Parse([]byte(one.yaml))
			if err == nil || !strings.Contains(err.Error(), one.says) {
				t.Fatalf("says %v, want %q", err, one.says)
			}
			if want := "line " + string(rune('0'+one.line)); !strings.HasPrefix(err.Error(), want) {
				t.Errorf("says %q, want it on %s", err, want)
			}
		})
	}
}
