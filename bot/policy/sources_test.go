package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/policy"
	"tocsin/incident"
)

func TestSourcesAreRead(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse([]byte(`
sources:
  - {name: uptime, list: data.checks, key: id, group: "'all'", title: name | url, summary: why, severity: level, service: "'shop'", environment: env, status: event,
     firing: [down], recovered: ["up*"], since: down_since, at: now, until: end, link: url, runbook: docs, dashboard: board, labels: tags, kind: what, by: who}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := incident.SourceRule{
		Name: "uptime", List: "data.checks", Key: "id", Group: "'all'", Title: "name | url", Summary: "why", Severity: "level", Service: "'shop'", Environment: "env",
		Status: "event", Firing: []string{"down"}, Recovered: []string{"up*"}, Since: "down_since", At: "now", Until: "end", Link: "url", Runbook: "docs", Board: "board",
		Labels: "tags", Kind: "what", By: "who",
	}
	got, found := p.SourceFor("uptime")
	if d := cmp.Diff(want, got); d != "" || !found {
		t.Errorf("the rule (-want +got):\n%s", d)
	}
	if _, found := p.SourceFor("other"); found {
		t.Error("a rule was found that nobody wrote")
	}
	if told := strings.Join(policy.Explain(p), "\n"); !strings.Contains(told, "source uptime: posts to /hooks/generic/uptime or /hooks/changes/uptime; recovered when it says up*") {
		t.Errorf("the explanation lacks the source:\n%s", told)
	}
}

func TestFaultsOfSourcesNameTheirLine(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		yaml string
		line int
		says string
	}{
		"a template":             {"sources:\n  - name: a\n    title: \"{{ .name }}\"\n", 3, "not a template"},
		"an open quote":          {"sources:\n  - name: a\n    service: \"'x\"\n", 3, "quote is not closed"},
		"a name of two":          {"sources:\n  - name: a\n  - name: a\n", 3, "two sources"},
		"a name that is no word": {"sources:\n  - name: A B\n", 2, "one lower-case word"},
		"an unknown place":       {"sources:\n  - name: a\n    titel: x\n", 3, "titel"},
	} {
		_, err := policy.Parse([]byte(one.yaml))
		faults, ok := err.(policy.Faults) //nolint:errorlint // Parse gives nothing else
		if !ok || len(faults) != 1 || faults[0].Line != one.line || !strings.Contains(faults[0].What, one.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
