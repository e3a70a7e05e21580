package grafana_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/grafana"
	"tocsin/integrations/hooktest"
)

const secret = "a-secret-that-grafana-has"

func body(name, labels string) []byte {
	return []byte(`{"version":"1","orgId":7,"groupKey":"g","externalURL":"https://grafana.example.com/","state":"alerting","alerts":[{"status":"firing",
"labels":{"alertname":"` + name + `"` + labels + `},"annotations":{"summary":"Queue holds 14200"},"startsAt":"2026-11-03T10:10:00Z","endsAt":"0001-01-01T00:00:00Z",
"fingerprint":"f1","dashboardURL":"https://grafana.example.com/d/pay01","panelURL":"","values":null}]}`)
}

func open(t testing.TB) *grafana.Hook {
	t.Helper()
	h := grafana.Open(grafana.Config{Secret: secret})
	if h == nil {
		t.Fatal("with a secret there is no door")
	}
	return h
}

// signed is a call with a signature; stamp "" means without a moment.
func signed(stamp string, body []byte) integrations.Call {
	c := hooktest.Call(body)
	mac := hmac.New(sha256.New, []byte(secret))
	if stamp != "" {
		c.Header.Set("X-Grafana-Alerting-Timestamp", stamp)
		_, _ = mac.Write([]byte(stamp + ":"))
	}
	_, _ = mac.Write(body)
	c.Header.Set("X-Grafana-Alerting-Signature", hex.EncodeToString(mac.Sum(nil)))
	return c
}

func seconds(d time.Duration) string { return strconv.FormatInt(hooktest.Moment().Add(d).Unix(), 10) }

func TestItHasTheMannersOfAHook(t *testing.T) {
	t.Parallel()
	hooktest.Run(t, open(t), secret, hooktest.Bearer(secret, body("Queue depth", "")))
	hooktest.Run(t, open(t), secret, signed("", body("Queue depth", "")))
	hooktest.Run(t, open(t), secret, signed(seconds(0), body("Queue depth", "")))
}

func TestASignatureCountsMoreThanAnythingElse(t *testing.T) {
	t.Parallel()
	both := signed("", body("x", ""))
	both.Header.Set("Authorization", "Bearer "+secret)
	both.Body = append(both.Body, ' ')
	old := signed(seconds(-6*time.Minute), body("x", ""))
	moved := signed(seconds(0), body("x", ""))
	moved.Header.Set("X-Grafana-Alerting-Timestamp", seconds(time.Second))
	taken := signed(seconds(0), body("x", ""))
	taken.Header.Del("X-Grafana-Alerting-Timestamp")
	for what, c := range map[string]integrations.Call{
		"a token beside a wrong signature": both, "an old signature": old, "a moment that was not signed": moved, "the moment taken away": taken,
	} {
		if _, err := open(t).Admit(c); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestHeadersMayHaveOtherNames(t *testing.T) {
	t.Parallel()
	h := grafana.Open(grafana.Config{Secret: "other, " + secret, SignatureHeader: "X-Sig", TimestampHeader: "X-When"})
	c := signed(seconds(0), body("x", ""))
	c.Header.Set("X-Sig", c.Header.Get("X-Grafana-Alerting-Signature"))
	c.Header.Set("X-When", seconds(0))
	if _, err := h.Admit(c); err != nil {
		t.Error(err)
	}
	if grafana.Open(grafana.Config{}) != nil {
		t.Error("a door without a secret was opened")
	}
	if f := h.Check(t.Context()); len(f) != 1 || f[0].Level != "warn" {
		t.Errorf("of a short second secret doctor is told %+v", f)
	}
}

func TestTheTestButtonOpensNothing(t *testing.T) {
	t.Parallel()
	if n := hooktest.Read(t, open(t), hooktest.Bearer(secret, body("TestAlert", ""))); !n.Test || len(n.Alerts) != 0 {
		t.Errorf("it reads as %+v", n)
	}
}

func TestGroupsOfTwoOrganisationsStayTwo(t *testing.T) {
	t.Parallel()
	read := func(b []byte) integrations.Alert {
		return hooktest.Read(t, open(t), hooktest.Bearer(secret, b)).Alerts[0]
	}
	seven := read(body("x", ""))
	eight := read([]byte(`{"orgId":8,"groupKey":"g","externalURL":"https://grafana.example.com/","alerts":[{"status":"firing","labels":{"alertname":"x"},"fingerprint":"f1"}]}`))
	if seven.Group == eight.Group || seven.Key == eight.Key {
		t.Errorf("they share group %q or key %q", seven.Group, seven.Key)
	}
	if seven.Board != "https://grafana.example.com/d/pay01" || eight.At != hooktest.Moment() {
		t.Errorf("board %q, moment %s", seven.Board, eight.At)
	}
}

func TestARuleThatSeesNoDataIsAWarning(t *testing.T) {
	t.Parallel()
	for labels, want := range map[string]string{"": "warning", `,"severity":"page"`: "page"} {
		if a := hooktest.Read(t, open(t), hooktest.Bearer(secret, body("DatasourceNoData", labels))).Alerts[0]; a.Severity != want {
			t.Errorf("with labels %q its severity is %q", labels, a.Severity)
		}
	}
}

func TestWhatItReallySends(t *testing.T) {
	t.Parallel()
	read := func(name string) integrations.Alert {
		n := hooktest.Read(t, open(t), hooktest.Bearer(secret, hooktest.Sample(t, name)))
		hooktest.Sound(t, n)
		if len(n.Alerts) != 1 {
			t.Fatalf("%s holds %d alerts", name, len(n.Alerts))
		}
		return n.Alerts[0]
	}
	fired, over := read("grafana-firing.json"), read("grafana-resolved.json")
	if fired.State != integrations.Firing || over.State != integrations.Recovered {
		t.Errorf("read as %s and %s", fired.State, over.State)
	}
	if fired.Group != over.Group || fired.Key != over.Key || !fired.Since.Equal(over.Since) || !over.At.After(fired.At) {
		t.Errorf("they are not the same alert:\n%+v\n%+v", fired, over)
	}
	if fired.Title != "Settlement queue holds 14200 messages" || fired.Severity != "high" || fired.Runbook == "" || fired.Board == "" || fired.Labels["team"] != "payments" {
		t.Errorf("it was not read whole: %+v", fired)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(body("x", ""))
	f.Add([]byte(`{"orgId":"1","alerts":[{"labels":{"alertname":"TestAlert"}}]}`))
	h := open(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := h.Read(integrations.Delivery{Body: body, At: hooktest.Moment()})
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("refused as %s", fault.KindOf(err))
		}
		hooktest.Sound(t, n)
	})
}
