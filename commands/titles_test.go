package commands_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"tocsin/commands"
	"tocsin/incident"
)

func lines(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// Titles that begin with a verb, said where no incident is: none of them runs
// the verb, and one press declares them.
func TestTitlesThatBeginWithAVerb(t *testing.T) {
	t.Parallel()
	titles := lines(t, "titles_verb.txt")
	if len(titles) < 200 {
		t.Fatalf("%d titles, want 200", len(titles))
	}
	used := map[string]bool{}
	for _, title := range titles {
		used[strings.ToLower(strings.Fields(title)[0])] = true
		for _, open := range []bool{false, true} {
			h := newHouse(t)
			if open {
				h.declared("bo", "the warehouse is flooded")
			}
			commits, kept := h.commits, len(h.outcomes)
			r := h.say("ann", title)
			if h.commits != commits || len(h.outcomes) != kept || r.Kind == "" || r.Public {
				t.Errorf("%q ran: %s", title, shown(r))
				continue
			}
			declares := slices.IndexFunc(labels(r), func(l string) bool { return strings.HasPrefix(l, "Declare ") })
			if declares < 0 {
				t.Errorf("%q offers no declare: %s", title, shown(r))
				continue
			}
			if got := h.press("ann", r, labels(r)[declares]); got.Kind != "" {
				t.Errorf("%q does not declare when pressed: %s", title, shown(got))
				continue
			}
			inc := h.state(incident.Number(len(h.order)))
			if want := strings.TrimPrefix(title, "severity sev2 "); inc.Title.Words != want && !strings.HasPrefix(title, "severity high") {
				t.Errorf("%q declares %q", title, inc.Title.Words)
			}
		}
	}
	for _, v := range commands.Verbs() {
		if !used[v.Name] && v.Name != "declare" {
			t.Errorf("no title begins with %q", v.Name)
		}
	}
}

// Titles that begin with no verb declare at once, word for word.
func TestTitlesThatBeginWithNoVerb(t *testing.T) {
	t.Parallel()
	titles := lines(t, "titles_plain.txt")
	if len(titles) < 100 {
		t.Fatalf("%d titles, want 100", len(titles))
	}
	h := newHouse(t)
	for i, title := range titles {
		r := h.say("ann", title)
		if r.Kind != "" || len(h.order) != i+1 {
			t.Fatalf("%q does not declare: %s", title, shown(r))
		}
		if got := h.state(incident.Number(i + 1)); got.Title.Words != title || got.Severity != 0 {
			t.Errorf("%q declares %q, severity %s", title, got.Title.Words, got.Severity)
		}
	}
}

// In an incident's room, and where an incident is named, free text never declares.
func TestFreeTextAboutAnIncident(t *testing.T) {
	t.Parallel()
	for _, title := range lines(t, "titles_plain.txt") {
		h := newHouse(t)
		n := h.declared("bo", "the warehouse is flooded")
		commits := h.commits
		for _, r := range []struct{ got []string }{{labels(h.in(n, "ann", title))}, {labels(h.say("ann", "INC-1 "+title))}} {
			if h.commits != commits || !slices.Equal(r.got, []string{"Note it", "Post as update", "Declare another"}) {
				t.Errorf("%q offers %v after %d commits", title, r.got, h.commits-commits)
			}
		}
	}
	h := newHouse(t)
	n := h.declared("bo", "the warehouse is flooded")
	r := h.in(n, "ann", "water is at the door")
	h.press("ann", r, "Note it")
	h.press("ann", r, "Post as update")
	if got := h.state(n).LastUpdate.Words; got != "water is at the door" {
		t.Errorf("the update says %q", got)
	}
	h.press("ann", r, "Declare another")
	if got := h.state(2).Title.Words; got != "water is at the door" {
		t.Errorf("the other incident is called %q", got)
	}
	if got := h.in(n, "ann", "declare the roof is leaking"); got.Kind != "" || h.state(3).Title.Words != "the roof is leaking" {
		t.Errorf("declare in a room: %s", shown(got))
	}
}

func TestSlipsDeclareNothing(t *testing.T) {
	t.Parallel()
	for said, verb := range map[string]string{
		"resolv": "resolve", "reoslve": "resolve", "upadte": "update", "udpate": "update", "seveirty": "severity", "handovr": "handover",
		"tiemline": "timeline", "timelin": "timeline", "cancell": "cancel", "ntoe": "note", "pgae": "page", "tsak": "task", "Raport": "report",
	} {
		h := newHouse(t)
		r := h.say("ann", said+" of the whole shop")
		if h.commits != 0 || !strings.Contains(shown(r), verb) || !strings.HasPrefix(actions(r.Message)[0].Command, verb+" of the whole shop") {
			t.Errorf("%q: %s", said, shown(r))
		}
		n := h.declared("bo", "the warehouse is flooded")
		r = h.in(n, "ann", said+" of the whole shop")
		if got := labels(r); got[len(got)-1] != "Note it" {
			t.Errorf("%q in a room offers %v", said, got)
		}
	}
	for _, said := range []string{"not", "nots", "pag", "lift", "node", "pages", "cals", "shop"} {
		h := newHouse(t)
		if r := h.say("ann", said+" of the whole shop"); len(h.order) != 1 {
			t.Errorf("%q is taken for a slip: %s", said, shown(r))
		}
	}
}

func TestPlainWordsOfADeclare(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		said, title string
		check       func(incident.Incident) bool
	}{
		{"sev2 checkout is failing", "checkout is failing", func(i incident.Incident) bool { return i.Severity == 2 }},
		{"SEV-1 checkout is failing", "checkout is failing", func(i incident.Incident) bool { return i.Severity == 1 }},
		{"P3: checkout is failing", "checkout is failing", func(i incident.Incident) bool { return i.Severity == 3 }},
		{"s2 checkout is failing", "checkout is failing", func(i incident.Incident) bool { return i.Severity == 2 }},
		{"checkout is failing sev2", "checkout is failing sev2", func(i incident.Incident) bool { return i.Severity == 0 }},
		{"critical alert on db-1", "critical alert on db-1", func(i incident.Incident) bool { return i.Severity == 0 }},
		{"declare sev2 service:checkout private:yes cards fail", "cards fail", func(i incident.Incident) bool {
			return i.Severity == 2 && i.Private && i.Services[0].Name == "checkout"
		}},
		{"cards fail service:checkout,search", "cards fail", func(i incident.Incident) bool { return len(i.Services) == 2 }},
		{`cards fail service:"card vault"`, "cards fail", func(i incident.Incident) bool { return i.Services[0].Name == "card vault" }},
		{"drill:yes fire in rack 3", "fire in rack 3", func(i incident.Incident) bool { return i.Drill }},
		{"severity:sev4 typo on the imprint", "typo on the imprint", func(i incident.Incident) bool { return i.Severity == 4 }},
		{"customer-tier:free cards fail", "cards fail", func(i incident.Incident) bool { return i.Fields[0].Value.Words == "free" }},
		{"error: disk full", "error: disk full", nil},
		{"foo:bar is wrong", "foo:bar is wrong", nil},
		{"started:11:40 cards fail", "cards fail", func(i incident.Incident) bool { return i.Milestones.Started.Equal(noon.Add(-20 * 60e9)) }},
		{"cards fail started:yesterday 23:10", "cards fail", func(i incident.Incident) bool { return i.Milestones.Started.Day() == 24 }},
		{`"cards fail"`, "cards fail", nil},
		{"“cards fail”", "cards fail", nil},
		{"declare «cards fail»", "cards fail", nil},
		{"“pay” and “cancel” do nothing", "“pay” and “cancel” do nothing", nil},
		{`"pay" does nothing`, `"pay" does nothing`, nil},
		{"declare page is blank", "page is blank", nil},
		{"declare   two\n lines  ", "two lines", nil},
		{"/incident cards fail", "cards fail", nil},
		{"/incident declare cards fail", "cards fail", nil},
		{"@tocsin cards fail", "cards fail", nil},
		{"DECLARE cards fail", "cards fail", nil},
		{"cards \u202efail\u0007", "cards fail", nil},
		{"<!channel> @everyone cards fail", "<!channel> @everyone cards fail", nil},
		{"don't panic, it's cards", "don't panic, it's cards", nil},
	} {
		t.Run(tt.said, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			r := h.say("ann", tt.said)
			if len(h.order) != 1 {
				t.Fatalf("nothing is declared: %s", shown(r))
			}
			inc := h.state(1)
			if inc.Title.Words != tt.title {
				t.Errorf("the title is %q", inc.Title.Words)
			}
			if tt.check != nil && !tt.check(inc) {
				t.Errorf("read wrongly: %s", asJSON(inc))
			}
		})
	}
}

func TestSeverityInTwoWordsAsks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.press("ann", h.say("ann", "sev 2 checkout is failing"), `Declare "sev2 checkout is failing"`)
	if got := h.state(1); got.Severity != 2 || got.Title.Words != "checkout is failing" {
		t.Errorf("declared %q as %s", got.Title.Words, got.Severity)
	}
	h.declared("ann", "search is slow")
	h.in(2, "ann", "sev 3")
	if got := h.state(2).Severity; got != 3 {
		t.Errorf("sev 3 in a room sets %s", got)
	}
}
