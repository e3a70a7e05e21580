package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// onAll has every alert declared.
func onAll() incident.Policy {
	p := incident.DefaultPolicy()
	p.Alerts = []incident.AlertRule{{Name: "all", Do: incident.DeclareAlerts, Severity: incident.Sev2}}
	return p
}

func (o *office) groups(policy func() incident.Policy) bot.GroupsOf {
	return bot.NewGroups(bot.NewDesk(bot.DeskOptions{
		Log: o.store, Ledger: o.store, People: o.store, Policy: policy, Now: time.Now, Salt: []byte("salt"),
		Later: func(work func(context.Context)) { o.work.Go(func() { work(o.ctx) }) },
	}), o.store)
}

func ringing(group, key string, since time.Time) integrations.Alert {
	return integrations.Alert{
		Group: group, Key: group + "/" + key, Since: since, At: since, State: integrations.Firing,
		Title: "trouble with " + group, Service: group,
	}
}

func over(a integrations.Alert, at time.Time) integrations.Alert {
	a.State, a.At = integrations.Recovered, at
	return a
}

func (o *office) alertEvents(group string) []incident.Recorded {
	o.t.Helper()
	recs, err := o.store.Load(o.t.Context(), incident.AlertStream("grafana", group), 0, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	return recs
}

func hear(t *testing.T, g bot.GroupsOf, all ...integrations.Alert) {
	t.Helper()
	if err := g.Hear(t.Context(), "grafana", time.Now(), all); err != nil {
		t.Fatal(err)
	}
}

func TestAStormCostsOneCommitACall(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	g := o.groups(onAll)
	began := time.Now()
	const seconds, groups = 30, 50
	for s := range seconds {
		var batch []integrations.Alert
		for i := range 1000 {
			batch = append(batch, ringing(fmt.Sprintf("g%02d", i%groups), fmt.Sprint(s, "-", i), began.Add(time.Duration(s)*time.Second)))
		}
		hear(t, g, batch...)
		hear(t, g, batch...) // each is delivered twice
	}
	if n := o.fussy.writes.Load(); n > seconds {
		t.Errorf("%d commits for %d calls", n, seconds)
	}
	if g.Kept() != groups {
		t.Errorf("%d groups are kept", g.Kept())
	}
	for i := range groups {
		id, _ := incident.AlertStream("grafana", fmt.Sprintf("g%02d", i)).Alerts()
		group, found, err := g.Group(t.Context(), id)
		if err != nil || !found || group.Firing() != seconds*1000/groups || group.Cycle != 1 {
			t.Errorf("group %d: %d fire in trouble %d (%v)", i, group.Firing(), group.Cycle, err)
		}
	}
}

func TestTwoReplicasThatHearTheSameWriteItOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	since := time.Now().Add(-time.Hour)
	said := []integrations.Alert{ringing("web", "a", since), ringing("web", "b", since), over(ringing("web", "a", since), since.Add(time.Minute)), ringing("db", "a", since)}
	var work sync.WaitGroup
	for range 4 {
		g := o.groups(onAll)
		work.Go(func() {
			for range 3 {
				if err := g.Hear(o.t.Context(), "grafana", time.Now(), said); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	alone := newOffice(t)
	hear(t, alone.groups(onAll), said...)
	for _, group := range []string{"web", "db"} {
		if diff := cmp.Diff(kinds(alone.alertEvents(group)), kinds(o.alertEvents(group))); diff != "" {
			t.Errorf("%s is another than with one replica:\n%s", group, diff)
		}
	}
}

func kinds(recs []incident.Recorded) []string {
	var out []string
	for _, r := range recs {
		out = append(out, fmt.Sprintf("%+v", r.Event))
	}
	return out
}

func TestALostReplyDoublesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	g := o.groups(onAll)
	a := ringing("web", "a", time.Now())
	lost := func(ctx context.Context, b store.Batch) error {
		o.fussy.apply.Store(nil)
		if err := o.fussy.Driver.Apply(ctx, b); err != nil {
			return err
		}
		return fault.New(fault.Unknown, "no answer")
	}
	o.fussy.apply.Store(&lost)
	if err := g.Hear(t.Context(), "grafana", time.Now(), []integrations.Alert{a}); fault.KindOf(err) != fault.Unknown {
		t.Fatalf("a lost reply is %v", err)
	}
	hear(t, g, a)
	if n := len(o.alertEvents("web")); n != 2 {
		t.Errorf("there are %d events, want what was heard and what was decided", n)
	}
}

func TestAStoreThatIsAwayKeepsNothingBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	g := o.groups(onAll)
	o.fussy.away.Store(true)
	err := g.Hear(t.Context(), "grafana", time.Now(), []integrations.Alert{ringing("web", "a", time.Now())})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("it says %v", err)
	}
	o.fussy.away.Store(false)
	hear(t, g, ringing("web", "a", time.Now()))
	if len(o.alertEvents("web")) == 0 {
		t.Error("nothing was written afterwards")
	}
}

func TestAGroupIsPlacedOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := incident.AlertStream("grafana", "web")
	hear(t, o.groups(onAll), ringing("web", "a", time.Now()))
	var work sync.WaitGroup
	for range 4 { // replicas, and a lease that was lost
		g := o.groups(onAll)
		work.Go(func() {
			for range 20 {
				err := g.Place(o.t.Context(), "the job", s)
				if err == nil {
					return
				}
				if _, moved := errors.AsType[*store.Moved](err); !moved && fault.KindOf(err) != fault.Unavailable {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	all := o.list()
	if len(all) != 1 || all[0].Severity != incident.Sev2 || !slices.Equal(all[0].Services, []string{"web"}) {
		t.Fatalf("the incidents are %+v", all)
	}
	recs, err := o.store.Load(t.Context(), all[0].ID.Stream(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	attached := slices.DeleteFunc(slices.Clone(recs), func(r incident.Recorded) bool { _, is := r.Event.(incident.AlertsAttached); return !is })
	if len(attached) != 1 || attached[0].Account != "grafana alert" || attached[0].Actor != incident.House {
		t.Errorf("attached %+v", attached)
	}
	placed := slices.DeleteFunc(o.alertEvents("web"), func(r incident.Recorded) bool { _, is := r.Event.(incident.AlertsPlaced); return !is })
	if len(placed) != 1 {
		t.Errorf("placed %d times", len(placed))
	}
}

func (o *office) list() []incident.Summary {
	o.t.Helper()
	all, err := o.store.List(o.t.Context(), store.Filter{})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

func TestGroupsAreReadFromEventsWhenTheirStateIsOld(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	since := time.Now().Add(-time.Hour)
	first := o.groups(onAll)
	hear(t, first, ringing("web", "a", since))
	s := incident.AlertStream("grafana", "web")
	// an effect that was given up stands in the stream without the group's state
	err := o.desk(true).Record(t.Context(), s, "job", func(inc incident.Incident) ([]incident.Event, error) {
		return inc.Park(incident.EffectParked{Job: "x", What: "ask", Why: "no"})
	})
	if err != nil {
		t.Fatal(err)
	}
	hear(t, first, over(ringing("web", "a", since), since.Add(time.Minute)))
	id, _ := s.Alerts()
	g, _, err := o.groups(onAll).Group(t.Context(), id)
	if err != nil || g.Firing() != 0 || g.Recovered() != 1 || g.Version != 4 {
		t.Errorf("%d fire, %d recovered at %d (%v)", g.Firing(), g.Recovered(), g.Version, err)
	}
}

func TestChangesAreKeptOnceByTheirService(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := onAll()
	p.Services = []incident.ServiceRule{{Service: incident.Service{Name: "checkout"}, Aliases: []string{"cart"}}}
	g := o.groups(func() incident.Policy { return p })
	now := time.Now()
	deploy := integrations.Change{Key: "1", Kind: "deploy", Service: "cart", Title: "build 41", At: now.Add(-time.Minute)}
	old := integrations.Change{Key: "0", Kind: "deploy", Service: "checkout", Title: "build 1", At: now.Add(-8 * 24 * time.Hour)}
	for range 2 {
		if err := g.Changed(t.Context(), "changes", []integrations.Change{deploy, old, {Key: "2", Title: "of nothing", At: now}}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := g.Changes(t.Context(), []string{"checkout", "cart"}, now.Add(-2*time.Hour))
	if err != nil || len(got) != 1 || got[0].Title != "build 41" {
		t.Errorf("kept %+v (%v)", got, err)
	}
	if got, err := g.Changes(t.Context(), []string{"checkout"}, now); err != nil || len(got) != 0 {
		t.Errorf("from now on %+v (%v)", got, err)
	}
	var many []integrations.Change
	for i := range 200 {
		many = append(many, integrations.Change{Key: fmt.Sprint("m", i), Service: "checkout", At: now.Add(-time.Duration(i) * time.Minute)})
	}
	if err := g.Changed(t.Context(), "changes", many); err != nil {
		t.Fatal(err)
	}
	if got, err := g.Changes(t.Context(), []string{"checkout"}, now.Add(-24*time.Hour)); err != nil || len(got) > 50 {
		t.Errorf("%d are kept (%v)", len(got), err)
	}
}

func TestARuleIsExplained(t *testing.T) {
	t.Parallel()
	p := incident.DefaultPolicy()
	p.Alerts = []incident.AlertRule{
		{Name: "down", Service: "checkout", Do: incident.DeclareAlerts, Severity: incident.Sev1},
		{Name: "join", Service: "search", Do: incident.AttachAlerts, As: "find"},
		{Name: "noise", Match: "*test*", Do: incident.IgnoreAlerts},
	}
	for name, one := range map[string]struct {
		alert integrations.Alert
		says  []string
	}{
		"declared":  {integrations.Alert{Service: "checkout", State: integrations.Firing}, []string{"Rule down", "service checkout", "declared as sev1", "at most 3"}},
		"attached":  {integrations.Alert{Service: "search", State: integrations.Firing}, []string{"Rule join", "service find", "a card asks"}},
		"ignored":   {integrations.Alert{Title: "a test of it", State: integrations.Firing}, []string{"Rule noise", "ignored"}},
		"suggested": {integrations.Alert{Title: "else", State: integrations.Firing}, []string{"No rule matches", "a card"}},
		"recovered": {integrations.Alert{Service: "checkout", State: integrations.Recovered}, []string{"recovered", "nothing is opened"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := bot.ExplainAlert(p, "grafana", one.alert)
			for _, want := range one.says {
				if !strings.Contains(got, want) {
					t.Errorf("%q lacks %q", got, want)
				}
			}
		})
	}
}
