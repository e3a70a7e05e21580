package generic_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/generic"
	"tocsin/integrations/hooktest"
)

const secret = "a-secret-for-everything"

const good = `{"dedup_key":"backup/orders","status":"firing","severity":"HIGH","title":"Nightly backup failed","service":"orders"}`

func rules() map[string]incident.SourceRule {
	return map[string]incident.SourceRule{
		"uptime": {
			Name: "uptime", Key: "check.id", Title: "check.name | check.url", Service: "'website'", Status: "event", Since: "down_since",
			Recovered: []string{"check_up", "up*"}, Firing: []string{"check_down"}, Link: "check.url", Labels: "check.tags",
		},
		"many": {Name: "many", List: "data.alerts", Key: "id", Title: "text", Group: "'all of them'", Recovered: []string{"fine"}},
	}
}

func open(t testing.TB) *generic.Hook {
	t.Helper()
	h := generic.Open(generic.Options{
		Config: generic.Config{Secret: secret},
		Source: func(name string) (incident.SourceRule, bool) { r, ok := rules()[name]; return r, ok },
	})
	if h == nil {
		t.Fatal("with a secret there is no door")
	}
	return h
}

func sign(body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func TestItHasTheMannersOfAHookWhereverTheSecretStands(t *testing.T) {
	t.Parallel()
	hooktest.Run(t, open(t), secret, hooktest.Bearer(secret, []byte(good)))
	query := hooktest.Call([]byte(good))
	query.Query = url.Values{"token": {secret}}
	hooktest.Run(t, open(t), secret, query)
	path := hooktest.Call([]byte(good))
	path.Path = "uptime/" + secret
	path.Body = []byte(`{"check":{"id":7,"name":"x"},"event":"check_down"}`)
	hooktest.Run(t, open(t), secret, path)
	signed := hooktest.Call([]byte(good))
	signed.Header.Set("X-Hub-Signature-256", sign(good))
	hooktest.Run(t, open(t), secret, signed)
	form := hooktest.Bearer(secret, []byte("title=Disk+full&state=down"))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	hooktest.Run(t, open(t), secret, form)
	if generic.Open(generic.Options{}) != nil {
		t.Error("a door without a secret was opened")
	}
}

func read(t *testing.T, c integrations.Call) integrations.Alert {
	t.Helper()
	n := hooktest.Read(t, open(t), c)
	hooktest.Sound(t, n)
	if len(n.Alerts) != 1 {
		t.Fatalf("it holds %d alerts: %+v", len(n.Alerts), n)
	}
	return n.Alerts[0]
}

func TestCommonNamesNeedNoRule(t *testing.T) {
	t.Parallel()
	got := read(t, hooktest.Bearer(secret, []byte(good)))
	want := integrations.Alert{
		Group: "backup/orders", Key: "backup/orders", State: integrations.Firing, Title: "Nightly backup failed", Severity: "high", Service: "orders",
		Labels: map[string]string{}, At: hooktest.Moment(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// GoAlert's and Grafana OnCall's own names work too.
	goalert := read(t, hooktest.Bearer(secret, []byte(`{"summary":"Disk full","details":"at 99%","action":"close","dedup":"disk","meta":{"host":"db-1"}}`)))
	if goalert.Key != "disk" || goalert.State != integrations.Recovered || goalert.Title != "Disk full" || goalert.Summary != "at 99%" || goalert.Labels["host"] != "db-1" {
		t.Errorf("GoAlert's reads as %+v", goalert)
	}
	oncall := read(t, hooktest.Bearer(secret, []byte(`{"alert_uid":"u1","title":"Disk","state":"ok","message":"again fine","link_to_upstream_details":"https://g.example.com/1"}`)))
	if oncall.Key != "u1" || oncall.State != integrations.Recovered || oncall.Summary != "again fine" || oncall.Link != "https://g.example.com/1" {
		t.Errorf("OnCall's reads as %+v", oncall)
	}
}

func TestFormsAndQueriesAreReadLikeJSON(t *testing.T) {
	t.Parallel()
	form := hooktest.Bearer(secret, []byte("title=Disk+full&dedup_key=d1&status=resolved"))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	query := hooktest.Call(nil)
	query.Header = http.Header{}
	query.Query = url.Values{"token": {secret}, "title": {"Disk full"}, "dedup_key": {"d1"}, "status": {"up"}}
	both := hooktest.Call([]byte("title=Disk+full&status=resolved"))
	both.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	both.Query = url.Values{"token": {secret}, "dedup_key": {"d1"}, "status": {"down"}}
	for name, c := range map[string]integrations.Call{"form": form, "query": query, "both, and the body counts": both} {
		if a := read(t, c); a.Key != "d1" || a.Title != "Disk full" || a.State != integrations.Recovered {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestTheWordForTheStatus(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]integrations.AlertState{
		`"firing"`: integrations.Firing, `"Trigger"`: integrations.Firing, `"acknowledged"`: integrations.Firing, `1`: integrations.Firing, `"down"`: integrations.Firing,
		`"OK"`: integrations.Recovered, `"resolved"`: integrations.Recovered, `0`: integrations.Recovered, `"up"`: integrations.Recovered, `"Closed "`: integrations.Recovered,
		`"perhaps"`: integrations.Firing, `""`: integrations.Firing, `null`: integrations.Firing, `{"a":1}`: integrations.Firing,
	} {
		a := read(t, hooktest.Bearer(secret, []byte(`{"title":"x","status":`+word+`}`)))
		if a.State != want {
			t.Errorf("%s means %s, want %s", word, a.State, want)
		}
		if strings.Contains(word, "perhaps") != (a.Labels["status"] == "perhaps") {
			t.Errorf("%s leaves the labels %v", word, a.Labels)
		}
	}
}

func TestARuleSaysWhereThingsStand(t *testing.T) {
	t.Parallel()
	call := func(path, body string) integrations.Call {
		c := hooktest.Bearer(secret, []byte(body))
		c.Path = path
		return c
	}
	down := read(t, call("uptime", `{"event":"check_down","down_since":1793694000,"check":{"id":42,"name":"Shop","url":"https://shop.example.com/","tags":["env:prod"]}}`))
	want := integrations.Alert{
		Group: "uptime:42", Key: "uptime:42", Since: time.Unix(1793694000, 0).UTC(), At: hooktest.Moment(), State: integrations.Firing, Title: "Shop",
		Service: "website", Link: "https://shop.example.com/", Labels: map[string]string{"env": "prod", "source": "uptime"},
	}
	if diff := cmp.Diff(want, down); diff != "" {
		t.Error(diff)
	}
	for word, state := range map[string]integrations.AlertState{"check_up": integrations.Recovered, "UP again": integrations.Recovered, "ok": integrations.Firing} {
		if a := read(t, call("uptime/", `{"event":"`+word+`","check":{"id":42,"url":"https://shop.example.com/"}}`)); a.State != state || a.Title != "https://shop.example.com/" {
			t.Errorf("%s: %+v", word, a)
		}
	}
	n := hooktest.Read(t, open(t), call("many", `{"data":{"alerts":[{"id":1,"text":"a"},{"id":2,"text":"b","status":"fine"}]}}`))
	if len(n.Alerts) != 2 || n.Alerts[0].Group != "many:all of them" || n.Alerts[1].Key != "many:2" || n.Alerts[1].State != integrations.Recovered || n.Alerts[0].State != integrations.Firing {
		t.Errorf("a list reads as %+v", n)
	}
}

func TestAListIsItsItemsAndATestOpensNothing(t *testing.T) {
	t.Parallel()
	n := hooktest.Read(t, open(t), hooktest.Bearer(secret, []byte(`[{"title":"a"},{"title":"b","test":true},{"title":"a"}]`)))
	if len(n.Alerts) != 2 || !n.Test || n.Alerts[0].Key != n.Alerts[1].Key {
		t.Errorf("it reads as %+v", n)
	}
}

func TestWhatHasNeitherKeyNorTitleIsRefusedWithAnExample(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"status":"firing"}`, `[1]`, `"x"`, `[]x`, ``} {
		d, err := open(t).Admit(hooktest.Bearer(secret, []byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := open(t).Read(d); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", body, err)
		}
	}
	n, err := open(t).Read(integrations.Delivery{Body: []byte(`[]`), At: hooktest.Moment()})
	if err != nil || len(n.Alerts) != 0 {
		t.Errorf("an empty list: %+v, %v", n, err)
	}
}

func TestASenderMayNameItsDelivery(t *testing.T) {
	t.Parallel()
	c := hooktest.Bearer(secret, []byte(good))
	c.Header.Set("Idempotency-Key", "7")
	if d, err := open(t).Admit(c); err != nil || d.Key != "/7" {
		t.Errorf("its key is %q (%v)", d.Key, err)
	}
}

func TestWhatSendersReallySend(t *testing.T) {
	t.Parallel()
	fired := read(t, hooktest.Bearer(secret, hooktest.Sample(t, "generic-firing.json")))
	over := read(t, hooktest.Bearer(secret, hooktest.Sample(t, "generic-resolved.json")))
	if fired.State != integrations.Firing || over.State != integrations.Recovered || fired.Key != over.Key || fired.Group != over.Group || !over.At.After(fired.At) {
		t.Errorf("they are not one alert:\n%+v\n%+v", fired, over)
	}
	if fired.Key != "backup/orders-eu" || fired.Service != "orders-db" || fired.Severity != "high" || fired.Labels["team"] != "data" ||
		fired.Labels["environment"] != "production" || fired.Labels["source"] != "cron-backups" || fired.Summary != "pg_dump exit 1" {
		t.Errorf("it was not read whole: %+v", fired)
	}
}

func TestEverySampleOfEveryVendorIsReadOrRefusedInPeace(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"datadog-triggered.json", "newrelic-activated.json", "nagios-service-problem.json", "pingplotter-started.json", "prtg-down.form", "prtg-up.form",
		"solarwinds-trigger.form", "splunk-alert.json", "zabbix-problem.json", "cloudwatch-message-alarm.json", "puppet-report.yaml", "twilio-gather.form",
	} {
		c := hooktest.Bearer(secret, hooktest.Sample(t, name))
		if strings.HasSuffix(name, ".form") {
			c.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		d, err := open(t).Admit(c)
		if err != nil {
			t.Fatal(err)
		}
		n, err := open(t).Read(d)
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		hooktest.Sound(t, n)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("application/json", "uptime", []byte(good))
	f.Add("application/x-www-form-urlencoded", "", []byte("title=x&status=up"))
	f.Add("", "many/x", []byte(`{"data":{"alerts":[{"id":1}]}}`))
	h := open(f)
	f.Fuzz(func(t *testing.T, kind, path string, body []byte) {
		n, err := h.Read(integrations.Delivery{Type: kind, Path: path, Body: body, At: hooktest.Moment()})
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("refused as %s", fault.KindOf(err))
		}
		hooktest.Sound(t, n)
	})
}
