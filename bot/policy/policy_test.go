package policy_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/policy"
	"tocsin/incident"
)

var update = flag.Bool("update", false, "write the published schema anew")

func TestAStarterFileChangesNothing(t *testing.T) {
	t.Parallel()
	got, err := policy.Parse([]byte(policy.Starter()))
	if err != nil {
		t.Fatalf("the starter is refused: %v", err)
	}
	want := incident.DefaultPolicy()
	want.Hash = got.Hash
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the starter changes the defaults (-default +starter):\n%s", d)
	}
}

func TestEveryExampleOfTheStarterIsRight(t *testing.T) {
	t.Parallel()
	var lines []string
	for line := range strings.Lines(policy.Starter()) {
		lines = append(lines, strings.TrimPrefix(line, "#"))
	}
	i := 0
	for i < len(lines) && !strings.HasPrefix(lines[i], "version") {
		i++
	}
	var yaml strings.Builder
	for _, line := range lines[i:] {
		if !strings.HasPrefix(line, " ") || strings.HasPrefix(line, "  ") {
			yaml.WriteString(line) // prose keeps its one blank
		}
	}
	p, err := policy.Parse([]byte(yaml.String()))
	if err != nil {
		t.Fatalf("with its examples the starter is refused:\n%v\n%s", err, yaml.String())
	}
	if len(p.Services) != 1 || len(p.Teams) != 2 || len(p.Checklists) != 1 || len(p.Fields) != 2 || len(p.Rights) != 1 || len(p.Sources) != 1 || len(p.Alerts) != 2 {
		t.Errorf("not every example was read: %+v", p)
	}
}

const whole = `
version: 1
severities:
  - {level: 1, name: critical, meaning: all hands, updates: 15m, page: [payments, checkout, services], invite: [payments], tell: [leadership]}
  - {level: 3, working_hours: false}
  - {level: 5, off: true}
roles:
  - {key: commander, aliases: [boss], duties: [decide]}
  - {key: liaison, name: Customer liaison}
services:
  - {name: checkout, aliases: [cart], owner: Payments, team: payments, runbook: https://example.com/r, contact: "+1 555"}
teams:
  - {name: payments, aliases: [pay], pager: practice, target: primary, people: [ann@example.com], private: true, fallback: [email, direct]}
fallback: [webhook]
causes: [{tag: deploy, meaning: a change of ours}]
checklists: [{name: first, severity: 2, service: checkout, lines: [look, say]}]
fields: [{name: region, kind: choice, choices: [eu, us], ask: declare, help: where}]
rights: [{verb: close, roles: [commander, liaison], who: [ann@example.com]}]
hours: {zone: Europe/Berlin, from: "08:30", to: "24:00", days: [mon, sat]}
room_name: "i{number}"
archive_after: never
keep_talk: 30d
guests: true
`

func TestAWholeFileBecomesAPolicy(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	s1 := p.SeverityRule(incident.Sev1)
	want := incident.SeverityRule{
		Level: incident.Sev1, Name: "critical", Meaning: "all hands", Cadence: incident.Cadence{Every: 15 * time.Minute},
		Page: []incident.Target{
			{Kind: incident.TeamTarget, Name: "payments", Pager: "practice"},
			{Kind: incident.ServiceTarget, Name: "checkout"},
			{Kind: incident.ServiceTarget},
		},
		Invite: []string{"payments"}, Tell: []string{"leadership"},
	}
	if d := cmp.Diff(want, s1); d != "" {
		t.Errorf("sev1 (-want +got):\n%s", d)
	}
	if p.SeverityRule(incident.Sev3).Cadence.Working || !p.SeverityRule(incident.Sev5).Off {
		t.Errorf("sev3 rests at night or sev5 is on: %+v", p.Severities)
	}
	if r, ok := p.RoleFor("boss"); !ok || r.Role != incident.Commander || r.Name == "" {
		t.Errorf("boss is %+v, not the commander under the name it had", r)
	}
	if s, ok := p.ServiceFor("cart"); !ok || !s.Known || s.Team != "payments" || s.Runbook != "https://example.com/r" {
		t.Errorf("cart is %+v", s)
	}
	if team, ok := p.TeamFor("pay"); !ok || !team.Private || team.Target != "primary" {
		t.Errorf("pay is %+v", team)
	}
	for kind, want := range map[incident.TargetKind][]string{
		incident.TeamTarget: {"email", "direct"}, incident.ServiceTarget: {"email", "direct"}, incident.PersonTarget: {"webhook"},
	} {
		name := map[incident.TargetKind]string{incident.TeamTarget: "pay", incident.ServiceTarget: "cart", incident.PersonTarget: "payments"}[kind]
		if d := cmp.Diff(want, p.Fallbacks(incident.Target{Kind: kind, Name: name})); d != "" {
			t.Errorf("fallbacks of a %s (-want +got):\n%s", kind, d)
		}
	}
	if d := cmp.Diff(incident.Hours{Zone: "Europe/Berlin", From: 510, To: 1440, Days: []time.Weekday{time.Monday, time.Saturday}}, p.Hours); d != "" {
		t.Errorf("hours (-want +got):\n%s", d)
	}
	if p.Archive != 0 || p.KeepTalk != 30*24*time.Hour || !p.Guests || p.RoomName != "i{number}" {
		t.Errorf("rooms: archive %v, keep %v, guests %v, name %q", p.Archive, p.KeepTalk, p.Guests, p.RoomName)
	}
	again, err := policy.Parse([]byte(whole))
	if err != nil || again.Hash != p.Hash || p.Hash == "" {
		t.Errorf("the same file has the hashes %q and %q (%v)", p.Hash, again.Hash, err)
	}
}

func TestFaultsNameTheirLine(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		yaml string
		line int
		says string
	}{
		"an unknown word":                {"version: 1\nseveritys: []\n", 2, `"severitys"`},
		"an unknown word deep inside":    {"teams:\n  - name: a\n    pagr: x\n", 3, `"pagr"`},
		"no YAML":                        {"teams: [\n", 1, ""},
		"a word given twice":             {"guests: true\nguests: false\n", 2, "guests"},
		"the wrong kind of value":        {"guests:\n  - x\n", 2, ""},
		"a version of the future":        {"version: 2\n", 1, "newer"},
		"no such level":                  {"severities:\n  - level: 7\n", 2, "1 (worst) to 5"},
		"a span that is none":            {"severities:\n  - level: 1\n    updates: soon\n", 3, `"soon"`},
		"a span too short":               {"severities:\n  - level: 1\n    updates: 5s\n", 3, "minute"},
		"nobody to page":                 {"severities:\n  - level: 1\n    page:\n      - ghosts\n", 4, `"ghosts"`},
		"a team to invite that is none":  {"severities:\n  - level: 1\n    invite: [ghosts]\n", 3, `"ghosts"`},
		"a service of no team":           {"services:\n  - name: a\n    team: ghosts\n", 3, `"ghosts"`},
		"a link that is none":            {"services:\n  - name: a\n    runbook: javascript:alert(1)\n", 3, "https://"},
		"a fallback that is none":        {"teams:\n  - name: a\n    fallback: [pigeon]\n", 3, "email, webhook or direct"},
		"a fallback named twice":         {"fallback: [email, direct, email]\n", 1, "tried already"},
		"a name of two words":            {"teams:\n  - name: two words\n", 2, "one lower-case word"},
		"two services of one name":       {"services:\n  - name: a\n  - name: b\n    aliases: [A]\n", 3, "two services"},
		"a choice of one":                {"fields:\n  - name: a\n    kind: choice\n    choices: [x]\n", 4, "two values"},
		"choices of a text":              {"fields:\n  - name: a\n    kind: text\n    choices: [x, y]\n", 4, "kind choice"},
		"a kind that is none":            {"fields:\n  - name: a\n    kind: date\n", 3, "text, choice or number"},
		"a moment to ask that is none":   {"fields:\n  - name: a\n    kind: text\n    ask: never\n", 4, "declare, resolve or review"},
		"an empty checklist":             {"checklists:\n  - name: a\n", 2, "at least one line"},
		"a checklist of no service":      {"checklists:\n  - name: a\n    service: ghosts\n    lines: [x]\n", 3, `"ghosts"`},
		"a checklist of no severity":     {"checklists:\n  - name: a\n    severity: 9\n    lines: [x]\n", 3, "1 (worst) to 5"},
		"a right for nobody":             {"rights:\n  - verb: close\n", 2, "nobody"},
		"a right of no role":             {"rights:\n  - verb: close\n    roles: [king]\n", 3, `"king"`},
		"a zone that is none":            {"hours:\n  zone: Mars/Olympus\n", 2, "Europe/Berlin"},
		"a time that is none":            {"hours:\n  from: noon\n", 2, "09:00"},
		"work that ends before it began": {"hours:\n  from: \"18:00\"\n  to: \"09:00\"\n", 2, "before it ends"},
		"a day that is none":             {"hours:\n  days: [mon, funday]\n", 2, "mon, tue"},
		"rooms of one name":              {"room_name: incident\n", 1, "{number}"},
		"all severities off":             {"severities: [{level: 1, off: true}, {level: 2, off: true}, {level: 3, off: true}, {level: 4, off: true}, {level: 5, off: true}]\n", 1, "at least one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := policy.Parse([]byte(one.yaml))
			faults, ok := errors.AsType[policy.Faults](err)
			if !ok || len(faults) == 0 {
				t.Fatalf("it was taken, or refused without faults: %v", err)
			}
			if !strings.Contains(err.Error(), one.says) || faults[0].Line != one.line {
				t.Errorf("says %q on line %d; want %q on line %d", err, faults[0].Line, one.says, one.line)
			}
		})
	}
}

func TestEveryFaultIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	_, err := policy.Parse([]byte("hours:\n  zone: Nowhere/Land\nteams:\n  - name: A B\nroom_name: x\n"))
	faults, _ := errors.AsType[policy.Faults](err)
	if len(faults) != 3 {
		t.Errorf("three things are wrong; said: %v", err)
	}
}

func TestAnEmptyFileStandsForTheDefaults(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"", "\n", "# nothing\n"} {
		p, err := policy.Parse([]byte(words))
		if err != nil || len(p.Severities) != 5 {
			t.Errorf("%q gives %d severities, %v", words, len(p.Severities), err)
		}
	}
}

func TestThePublishedSchemaIsTheOneThatTheFileIsReadWith(t *testing.T) {
	t.Parallel()
	const path = "../../deploy/policy.schema.json"
	if *update {
		if err := os.WriteFile(path, policy.Schema(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(policy.Schema()), string(got)); d != "" {
		t.Errorf("deploy/policy.schema.json is old; run go test ./bot/policy -update (-code +file):\n%s", d)
	}
}

func TestExplainSaysWhatAnIncidentWouldDo(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(policy.Explain(p), "\n")
	for _, want := range []string{
		"sev1 critical: an update promised every 15 min; pages team payments, service checkout, the teams of its services; invites payments; tells leadership",
		"sev5 note: not used",
		"team payments: paged through practice as primary; if that fails, by email, then by direct",
		"service checkout: pages payments",
		"checklist first: 2 lines, by itself at sev2 or worse, for checkout",
		"field region: choice, asked at declare",
		"only the commander, the liaison, ann@example.com may close",
		"rooms are named i{number} and archived never; what was said is kept 30 days after the close",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("it does not say %q:\n%s", want, all)
		}
	}
}

func TestAWrongFileKeepsThePolicyThatStood(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "policy.yaml")
	write := func(words string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("teams: [{name: first}]\n")
	kept, err := policy.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	write("teams: [{name: second, oops: 1}]\n")
	if !kept.Stale() {
		t.Error("a file of another size does not look changed")
	}
	if changed, err := kept.Reread(); changed || err == nil {
		t.Errorf("a wrong file was taken: %v, %v", changed, err)
	}
	if _, ok := kept.Policy().TeamFor("first"); !ok || !strings.Contains(kept.Fault(), "oops") {
		t.Errorf("the policy that stood is gone, or the fault is not told: %q", kept.Fault())
	}
	write("teams: [{name: second}]\n")
	if changed, err := kept.Reread(); !changed || err != nil {
		t.Errorf("the mended file was not taken: %v, %v", changed, err)
	}
	if _, ok := kept.Policy().TeamFor("second"); !ok || kept.Fault() != "" || kept.Stale() {
		t.Errorf("after mending: fault %q, stale %v", kept.Fault(), kept.Stale())
	}
}

func TestAFileThatIsGoneOrTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := policy.Open(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a file that is not there was opened")
	}
	big := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(big, []byte("# "+strings.Repeat("x", policy.MaxSize)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := policy.Open(big); err == nil || !strings.Contains(err.Error(), "1 MiB") {
		t.Errorf("a file beyond 1 MiB: %v", err)
	}
}

func TestWatchTellsOfChangesAndOfFaults(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(path, []byte("guests: false\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		kept, err := policy.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		told := make(chan string, 4)
		again := make(chan os.Signal)
		go kept.Watch(ctx, time.Second, again, func(changed bool, err error) {
			if err != nil {
				told <- "fault"
				return
			}
			told <- map[bool]string{true: "changed"}[changed]
		})
		if err := os.WriteFile(path, []byte("guests: true\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := <-told; got != "changed" {
			t.Errorf("after a change it tells %q", got)
		}
		if err := os.WriteFile(path, []byte("guests: perhaps so\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		again <- os.Interrupt
		if got := <-told; got != "fault" {
			t.Errorf("after a wrong change it tells %q", got)
		}
		stop()
		synctest.Wait()
		if !kept.Policy().Guests {
			t.Error("the wrong file was taken")
		}
	})
}

func TestWithoutAFileTheDefaultsStand(t *testing.T) {
	t.Parallel()
	kept, err := policy.Open("")
	if err != nil {
		t.Fatal(err)
	}
	changed, err := kept.Reread()
	if changed || err != nil || kept.Stale() || kept.Fault() != "" || kept.Policy().Hash != incident.DefaultPolicy().Hash {
		t.Errorf("without a file: changed %v, %v, stale %v", changed, err, kept.Stale())
	}
}
