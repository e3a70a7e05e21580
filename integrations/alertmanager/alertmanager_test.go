package alertmanager_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/alertmanager"
	"tocsin/integrations/hooktest"
)

const secret = "a-secret-of-alertmanager"

const firing = `{"version":"4","groupKey":"{}:{alertname=\"Errors\"}","status":"firing","receiver":"tocsin","truncatedAlerts":3,
"commonLabels":{"severity":"Critical"},"commonAnnotations":{"runbook_url":"https://runbooks.example.com/errors"},"externalURL":"https://am.example.com",
"alerts":[{"status":"firing","labels":{"alertname":"Errors","app":"checkout","pod":"a"},"annotations":{"summary":"Checkout answers\n5xx"},
"startsAt":"2026-11-03T08:41:12.305Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"f1"},
{"status":"resolved","labels":{"alertname":"Errors","pod":"b"},"startsAt":"2026-11-03T08:41:12Z","endsAt":"2026-11-03T09:00:00Z","fingerprint":"f2"}]}`

func open(t testing.TB) *alertmanager.Hook {
	t.Helper()
	h := alertmanager.Open(alertmanager.Config{Secret: secret})
	if h == nil {
		t.Fatal("with a secret there is no door")
	}
	return h
}

func TestItHasTheMannersOfAHook(t *testing.T) {
	t.Parallel()
	hooktest.Run(t, open(t), secret, hooktest.Bearer(secret, []byte(firing)))
	basic := hooktest.Call([]byte(firing))
	basic.Header.Set("Authorization", "Basic dG9jc2luOmEtc2VjcmV0LW9mLWFsZXJ0bWFuYWdlcg==")
	hooktest.Run(t, open(t), secret, basic)
}

func TestWithoutASecretThereIsNoDoor(t *testing.T) {
	t.Parallel()
	if alertmanager.Open(alertmanager.Config{Secret: " , "}) != nil {
		t.Error("a door without a secret was opened")
	}
	if f := open(t).Check(t.Context()); len(f) != 1 || f[0].Level != "ok" {
		t.Errorf("doctor is told %+v", f)
	}
	if f := alertmanager.Open(alertmanager.Config{Secret: "short"}).Check(t.Context()); len(f) != 1 || f[0].Level != "warn" || f[0].Mend == "" {
		t.Errorf("of a short secret doctor is told %+v", f)
	}
}

func TestEachAlertIsReadByItself(t *testing.T) {
	t.Parallel()
	got := hooktest.Read(t, open(t), hooktest.Bearer(secret, []byte(firing)))
	since := time.Date(2026, 11, 3, 8, 41, 12, 305e6, time.UTC)
	want := integrations.News{Alerts: []integrations.Alert{
		{
			Group: `{}:{alertname="Errors"}`, Key: "f1", Since: since, At: since, State: integrations.Firing, Title: "Checkout answers 5xx", Severity: "critical",
			Service: "checkout", Labels: map[string]string{"alertname": "Errors", "app": "checkout", "pod": "a"}, Link: "https://am.example.com",
			Runbook: "https://runbooks.example.com/errors", Cut: true,
		},
		{
			Group: `{}:{alertname="Errors"}`, Key: "f2", Since: since.Truncate(time.Second), At: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC),
			State: integrations.Recovered, Title: "Errors", Severity: "critical", Labels: map[string]string{"alertname": "Errors", "pod": "b"},
			Link: "https://am.example.com", Runbook: "https://runbooks.example.com/errors", Cut: true,
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatItReallySends(t *testing.T) {
	t.Parallel()
	for name, states := range map[string][]integrations.AlertState{
		"alertmanager-firing.json":          nil,
		"alertmanager-partly-resolved.json": {integrations.Recovered, integrations.Firing},
		"alertmanager-resolved.json":        nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := hooktest.Read(t, open(t), hooktest.Bearer(secret, hooktest.Sample(t, name)))
			hooktest.Sound(t, n)
			if len(n.Alerts) == 0 {
				t.Fatal("no alert was read")
			}
			for i, a := range n.Alerts {
				want := map[string]integrations.AlertState{"alertmanager-firing.json": integrations.Firing, "alertmanager-resolved.json": integrations.Recovered}[name]
				if states != nil {
					want = states[i]
				}
				if a.State != want {
					t.Errorf("alert %d is %s, want %s", i, a.State, want)
				}
				if a.Service != "checkout" || a.Severity != "critical" || a.Group != n.Alerts[0].Group || a.Runbook == "" || a.Link == "" || a.Since.IsZero() {
					t.Errorf("alert %d was not read whole: %+v", i, a)
				}
				if a.State == integrations.Recovered && !a.At.After(a.Since) {
					t.Errorf("alert %d recovered at %s, before it began at %s", i, a.At, a.Since)
				}
			}
		})
	}
}

func TestTheSameAlertsComeUnderTheSameKeysFiringAndResolved(t *testing.T) {
	t.Parallel()
	keys := func(name string) map[string]time.Time {
		out := map[string]time.Time{}
		for _, a := range hooktest.Read(t, open(t), hooktest.Bearer(secret, hooktest.Sample(t, name))).Alerts {
			out[a.Group+" "+a.Key] = a.Since
		}
		return out
	}
	first, last := keys("alertmanager-firing.json"), keys("alertmanager-resolved.json")
	if diff := cmp.Diff(first, last); diff != "" {
		t.Errorf("the resolved ones are not those that fired:\n%s", diff)
	}
}

func TestABodyOfTheOperatorsOwnIsRefusedInWords(t *testing.T) {
	t.Parallel()
	d, err := open(t).Admit(hooktest.Bearer(secret, []byte(`{"text":"hello"}`)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = open(t).Read(d); fault.KindOf(err) != fault.Invalid {
		t.Errorf("it was read: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(firing))
	f.Add([]byte(`{"alerts":[{"labels":{"a":"b"},"startsAt":"x"}],"truncatedAlerts":1e9}`))
	h := open(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := h.Read(integrations.Delivery{Body: body, At: hooktest.Moment()})
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("refused as %s", fault.KindOf(err))
		}
		hooktest.Sound(t, n)
	})
}
