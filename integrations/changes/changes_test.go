package changes_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/changes"
	"tocsin/integrations/hooktest"
)

const secret = "a-secret-for-all-deploys"

func open(t testing.TB) *changes.Hook {
	t.Helper()
	h := changes.Open(changes.Options{Config: changes.Config{Secret: secret}, Source: func(name string) (incident.SourceRule, bool) {
		return incident.SourceRule{
			Name: "gitlab", Key: "deployment_id", Kind: "object_kind", Service: "project.name", Title: "commit_title", By: "user.name", At: "status_changed_at",
			Environment: "environment", Link: "deployable_url",
		}, name == "gitlab"
	}})
	if h == nil {
		t.Fatal("with a secret there is no door")
	}
	return h
}

func read(t *testing.T, path, body string) integrations.Change {
	t.Helper()
	c := hooktest.Bearer(secret, []byte(body))
	c.Path = path
	n := hooktest.Read(t, open(t), c)
	hooktest.Sound(t, n)
	if len(n.Changes) != 1 {
		t.Fatalf("it holds %d changes: %+v", len(n.Changes), n)
	}
	return n.Changes[0]
}

func TestItHasTheMannersOfAHook(t *testing.T) {
	t.Parallel()
	hooktest.Run(t, open(t), secret, hooktest.Bearer(secret, []byte(`{"service":"checkout","version":"4.2.1"}`)))
	if changes.Open(changes.Options{}) != nil {
		t.Error("a door without a secret was opened")
	}
	if f := open(t).Check(t.Context()); len(f) != 1 || f[0].Level != "ok" {
		t.Errorf("doctor is told %+v", f)
	}
}

func TestADeployAndPlannedWork(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		path, body string
		want       integrations.Change
	}{
		"a deploy": {"", `{"key":"d-42","kind":"Deploy","service":"checkout","environment":"production","title":"checkout 4.2.1","by":"ann","link":"https://ci.example.com/42","at":"2026-11-03T08:30:00+01:00"}`, integrations.Change{
			Key: "d-42", Kind: "deploy", Service: "checkout", Environment: "production", Title: "checkout 4.2.1", By: "ann", Link: "https://ci.example.com/42",
			At: time.Date(2026, 11, 3, 7, 30, 0, 0, time.UTC),
		}},
		"planned work": {"", `{"id":9,"service":"db","title":"Move to new disks","from":"2026-11-04T01:00:00Z","until":"2026-11-04T03:00:00Z"}`, integrations.Change{
			Key: "9", Kind: "planned", Service: "db", Title: "Move to new disks", At: time.Date(2026, 11, 4, 1, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 4, 3, 0, 0, 0, time.UTC),
		}},
		"an end before the begin is no end": {"", `{"id":9,"title":"x","from":"2026-11-04T01:00:00Z","until":"2026-11-03T03:00:00Z"}`, integrations.Change{
			Key: "9", Kind: "deploy", Title: "x", At: time.Date(2026, 11, 4, 1, 0, 0, 0, time.UTC),
		}},
		"by a rule": {"gitlab", `{"object_kind":"deployment","deployment_id":15,"project":{"name":"shop"},"commit_title":"Fix the cart","user":{"name":"Bo"},"status_changed_at":"2026-11-03 08:00:00 +0000","environment":"prod"}`, integrations.Change{
			Key: "gitlab:15", Kind: "deployment", Service: "shop", Environment: "prod", Title: "Fix the cart", By: "Bo", At: time.Date(2026, 11, 3, 8, 0, 0, 0, time.UTC),
		}},
	} {
		got := read(t, one.path, one.body)
		if diff := cmp.Diff(one.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestGitLabsOddMomentIsRead(t *testing.T) {
	t.Parallel()
	c := read(t, "gitlab", `{"deployment_id":15,"commit_title":"x","status_changed_at":"2026-11-03 08:00:00 +0100"}`)
	if want := time.Date(2026, 11, 3, 7, 0, 0, 0, time.UTC); !c.At.Equal(want) {
		t.Errorf("it is read as %s, want %s", c.At, want)
	}
}

func TestAChangeWithoutAKeyHasTheSameOneWhenItComesAgain(t *testing.T) {
	t.Parallel()
	first := read(t, "", `{"service":"checkout","version":"4.2.1"}`)
	if again := read(t, "", `{"service":"checkout","version":"4.2.1"}`); again.Key != first.Key || first.Title != "deploy checkout 4.2.1" {
		t.Errorf("%q and %q: %s", first.Key, again.Key, first.Title)
	}
	for _, other := range []string{`{"service":"checkout","version":"4.2.2"}`, `{"service":"cart","version":"4.2.1"}`, `{"service":"checkout","version":"4.2.1","env":"eu"}`} {
		if c := read(t, "", other); c.Key == first.Key {
			t.Errorf("%s is taken for the first", other)
		}
	}
}

func TestATestOpensNothingAndNothingIsRefused(t *testing.T) {
	t.Parallel()
	if n := hooktest.Read(t, open(t), hooktest.Bearer(secret, []byte(`{"test":true}`))); !n.Test || len(n.Changes) != 0 {
		t.Errorf("it reads as %+v", n)
	}
	d, err := open(t).Admit(hooktest.Bearer(secret, []byte(`{"by":"ann"}`)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t).Read(d); fault.KindOf(err) != fault.Invalid {
		t.Errorf("what says nothing: %v", err)
	}
}

func TestWhatDeploysReallySend(t *testing.T) {
	t.Parallel()
	hook := open(t)
	for name, path := range map[string]string{"gitlab-deployment.json": "gitlab", "argocd-on-deployed.json": "", "github-deployment_status.created.json": ""} {
		c := hooktest.Bearer(secret, hooktest.Sample(t, name))
		c.Path = path
		d, err := hook.Admit(c)
		if err != nil {
			t.Fatal(err)
		}
		n, err := hook.Read(d)
		if err != nil || len(n.Changes) != 1 {
			t.Errorf("%s: %v, %+v", name, err, n)
		}
		hooktest.Sound(t, n)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("application/json", "gitlab", []byte(`{"service":"checkout","until":1793694000}`))
	f.Add("application/x-www-form-urlencoded", "", []byte("service=x&version=1"))
	h := open(f)
	f.Fuzz(func(t *testing.T, kind, path string, body []byte) {
		n, err := h.Read(integrations.Delivery{Type: kind, Path: path, Body: body, At: hooktest.Moment()})
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("refused as %s", fault.KindOf(err))
		}
		hooktest.Sound(t, n)
	})
}
