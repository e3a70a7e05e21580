package commands_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
)

// busy is an incident in which everything has happened once: INC-2, with ann
// as commander and scribe, beside INC-1.
func busy(t *testing.T) (*house, incident.Number) {
	t.Helper()
	h := newHouse(t)
	h.declared("bo", "the warehouse is flooded")
	n := h.declared("ann", "sev3 checkout is failing started:11:00")
	for _, said := range []string{
		"assign ops @bo", "take scribe", "update first words", "page payments come", "task restart the workers", "action write an alert @bo due:friday",
		"note one", "note two", "note three", "note four", "note five", "note six", "note seven",
	} {
		if r := h.in(n, "ann", said); r.Kind != "" {
			t.Fatalf("%s: %s", said, shown(r))
		}
	}
	h.heard["C-INC-2/m1"] = incident.Spoken{
		Room: incident.Room{Platform: "test", ID: "C-INC-2"}, Message: "m1", Author: "p-bo",
		Text: incident.Text{Author: "p-bo", Words: "the disk is full"}, At: noon.Add(-5 * time.Minute),
	}
	return h, n
}

// run runs an example as somebody in the room of a busy incident would.
func run(t *testing.T, example string) (*house, chat.Reply) {
	t.Helper()
	h, n := busy(t)
	verb := strings.Fields(example)[0]
	r := h.ask("ann", example)
	r.Place = roomOf(n)
	switch verb {
	case "reopen", "close":
		h.in(n, "ann", "resolve restarted it")
	case "unfollow":
		h.in(n, "ann", "follow")
	case "remove":
		h.in(n, "ann", "invite @sam-one")
		r.Text = strings.Replace(example, "@bo", "@sam-one", 1)
	case "invite":
		r.Text = strings.Replace(example, "@bo", "@sam-one", 1)
	case "service":
		if strings.Contains(example, "remove") {
			h.in(n, "ann", "service add checkout")
		}
	case "merge":
		r.Text = strings.Replace(example, "INC-7", "INC-1", 1)
	case "adopt", "announce":
		r.Place = chat.Place{Platform: "test", Room: "C-other", Name: "other"}
	case "capture":
		r.Place.Thread = "m1"
	}
	return h, h.router.Handle(t.Context(), r)
}

func TestEveryExampleWorks(t *testing.T) {
	t.Parallel()
	for _, v := range commands.Verbs() {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			if strings.Fields(v.Example)[0] != v.Name || v.Summary == "" || v.Group == "" {
				t.Errorf("%s is not shown well: %+v", v.Name, v)
			}
			if _, r := run(t, v.Example); r.Kind != "" || r.Form != nil {
				t.Errorf("%q: %s", v.Example, shown(r))
			}
		})
	}
}

// Whatever is refused as bad input shows an example, and the example works.
func TestEveryRefusalShowsWhatWorks(t *testing.T) {
	t.Parallel()
	said := []string{
		"declare private:maybe cards fail", "declare severity:9 cards fail", "declare started:tomorrow cards fail", "declare past:yes cards fail",
		"declare resolved:11:00 cards fail", "declare past:yes started:11:00 resolved:10:00 cards fail", "declare customer-tier:gold cards fail",
		"declare " + strings.Repeat("long ", 200), "assign ops", "adopt confirm:perhaps", "announce there", "update status:resolved hello",
		"list everything", "list before:x", "show me", "timeline of it", "timeline before:zero", "catchup please", "roles of all", "tasks of bo", "actions for me",
		"oncall nobody", "pending things", "search",
		"severity", "severity 9", "severity huge", "status", "status page", "rename", "service", "service checkout", "service add", "impact",
		"cause", "cause rats", "started soon", "started tomorrow", "detected in 20m", "mitigated never", "private", "private on", "private maybe so",
		"field", "field colour red", "take nothing", "assign scribe", "assign nothing @bo", "release", "release king", "invite", "remove",
		"page nobody", "page nobody please", "ack everything", "escalate page nine", "call me", "call javascript:alert(1)",
		"update to:everyone hello", "update next:never hello", "update fix", "remind", "remind soon", "remind yesterday 9:00", "remind in a while check",
		"snooze forever", "snooze commander soon", "follow me", "unfollow them", "join me",
		"note", "note at:tomorrow it broke", "capture that and this", "capture", "decide", "link", "link here", "edit", "edit one words", "edit 12", "strike", "strike one", "strike 12 13", "undo it",
		"task", "action due:never write it", "done", "done all", "done 1 2", "checklist nothing",
		"cancel", "cancel it", "merge", "merge into it", "merge into INC-2", "zone nowhere", "doctor who", "help nothing", "help page two", "report yesterday", "review it",
	}
	for _, text := range said {
		name := text[:min(len(text), 40)]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, n := busy(t)
			commits := h.commits
			r := h.in(n, "ann", text)
			if h.commits != commits || r.Kind != "invalid" {
				t.Fatalf("%q is %q: %s", name, r.Kind, shown(r))
			}
			_, try, ok := strings.Cut(shown(r), "For example: /incident ")
			if !ok {
				t.Fatalf("%q shows no example: %s", name, shown(r))
			}
			try, _, _ = strings.Cut(try, "\n")
			if _, worked := run(t, try); worked.Kind != "" {
				t.Errorf("%q shows %q, which does not work: %s", name, try, shown(worked))
			}
		})
	}
}

// What each verb does, as the incident is after it.
func TestVerbsDo(t *testing.T) {
	t.Parallel()
	type inc = incident.Incident
	for _, tt := range []struct {
		said  string
		reply string // a part of the reply
		check func(inc) bool
	}{
		{"severity critical", "INC-2 is sev1 (critical) now; it was sev3.", func(i inc) bool { return i.Severity == 1 }},
		{"severity s2 it is worse", "sev2", func(i inc) bool { return i.Severity == 2 }},
		{"severity 4", "sev4", func(i inc) bool { return i.Severity == 4 }},
		{"INC-2 severity sev1", "sev1", func(i inc) bool { return i.Severity == 1 }},
		{"severity INC-2 sev1", "sev1", func(i inc) bool { return i.Severity == 1 }},
		{"status identified it is the cache", "identified", func(i inc) bool { return i.Status == incident.Identified }},
		{"status: monitoring", "monitoring", func(i inc) bool { return i.Status == incident.Monitoring }},
		{"status resolved", "resolved", func(i inc) bool { return i.Status == incident.Resolved }},
		{"rename cards fail", `called "cards fail"`, func(i inc) bool { return i.Title.Words == "cards fail" }},
		{"impact  nobody can pay\nat all", "nobody can pay", func(i inc) bool { return strings.HasPrefix(i.Impact.Words, "nobody can pay") }},
		{"service add search", "does not know", func(i inc) bool { return len(i.Services) == 1 }},
		{"service add checkout", "INC-2 touches checkout now.", func(i inc) bool { return i.Services[0].Known }},
		{"cause capacity too many users", "capacity", func(i inc) bool { return i.Cause == "capacity" }},
		{"started 11:30", "Wed 25 Nov 2026 11:30 UTC", func(i inc) bool { return i.Milestones.Started.Equal(noon.Add(-30 * time.Minute)) }},
		{"mitigated", "12:00", func(i inc) bool { return i.Milestones.Mitigated.Equal(noon) }},
		{"private on data leaked", "only its members know of it, 2 people", func(i inc) bool { return i.Private }},
		{"field customer tier free", "free", func(i inc) bool { return i.Fields[0].Value.Words == "free" }},
		{"take", "ncident commander", func(i inc) bool { return holds(i, incident.Commander, "p-ann") }},
		{"take comms", "communications lead", func(i inc) bool { return holds(i, incident.Communications, "p-ann") }},
		{"assign communications lead to @bo", "bo is communications lead", func(i inc) bool { return holds(i, incident.Communications, "p-bo") }},
		{"assign @cy as operations lead", "cy is operations lead", func(i inc) bool { return holds(i, incident.Operations, "p-cy") }},
		{"assign comms <@Ubo>", "bo is communications lead", func(i inc) bool { return holds(i, incident.Communications, "p-bo") }},
		{"assign scribe bo", "It was ann.", func(i inc) bool { return holds(i, incident.Scribe, "p-bo") }},
		{"assign ops me", "ann is operations lead", func(i inc) bool { return holds(i, incident.Operations, "p-ann") }},
		{"release scribe", "open now", func(i inc) bool { _, ok := i.Holder(incident.Scribe); return !ok }},
		{"handover @bo role:scribe it is quiet", "Nothing changes until they accept", func(i inc) bool { return len(i.Offers) == 1 && i.Offers[0].Role == incident.Scribe }},
		{"page @cy come", "direct message", func(i inc) bool { return i.Pages[1].Target.Person == "p-cy" }},
		{"page search infra come please", "Paging team search infra", func(i inc) bool { return i.Pages[1].Text.Words == "come please" }},
		{"page service:web come", "Paging service web", func(i inc) bool { return i.Pages[1].Target.Kind == incident.ServiceTarget }},
		{"ack", "page p1 to team payments", func(i inc) bool { return i.Pages[0].State == incident.PageAcked }},
		{"escalate p1", "next level", nil},
		{"call <https://meet.example.com/x|meet>", "meet.example.com", func(i inc) bool { return i.Call == "https://meet.example.com/x" }},
		{"call", "no call link", nil},
		{"update half of it works next 20m", "Wed 25 Nov 12:20", func(i inc) bool {
			return i.LastUpdate.Words == "half of it works" && i.NextUpdate.Equal(noon.Add(20*time.Minute))
		}},
		{"update in the next 20m we know more", "we know more", func(i inc) bool { return i.LastUpdate.Words == "in the next 20m we know more" }},
		{"update we know more in the next 20m", "in the next 20m", func(i inc) bool { return i.LastUpdate.Words == "we know more in the next 20m" }},
		{"update to:public next:45 all is well", "and the public", func(i inc) bool { return i.NextUpdate.Equal(noon.Add(45 * time.Minute)) }},
		{"update status:monitoring it works again", "It is monitoring now.", func(i inc) bool { return i.Status == incident.Monitoring && i.Updates == 2 }},
		{"update status:triage still nothing", "still nothing", func(i inc) bool { return i.Status == incident.Triage && i.Updates == 2 }},
		{"update: two\nlines", "two", func(i inc) bool { return i.LastUpdate.Words == "two\nlines" }},
		{"update fix half of the shops work", "is corrected", func(i inc) bool { return i.LastUpdate.Words == "half of the shops work" && i.Updates == 1 }},
		{"update fix: is rolled out", "is corrected", func(i inc) bool { return i.LastUpdate.Words == "is rolled out" }},
		{"follow", "You follow INC-2", func(i inc) bool { return i.Followers == 1 }},
		{"remind me in 20m to look again", "Wed 25 Nov 2026 12:20 UTC: look again", func(i inc) bool { return i.Reminders == 1 }},
		{"remind tomorrow 9:00 call the vendor", "Thu 26 Nov 2026 09:00 UTC: call the vendor", nil},
		{"snooze update 2h", "about the update in INC-2 are quiet until Wed 25 Nov 2026 14:00", nil},
		{"snooze stop", "stopped", nil},
		{"note restarted it at 11:30", "at Wed 25 Nov 2026 11:30 UTC: restarted it", nil},
		{"note we look at 5 hosts", ": we look at 5 hosts", nil},
		{"note at:yesterday 23:10 it began", "Tue 24 Nov 2026 23:10 UTC: it began", nil},
		{"capture m1", `bo said "the disk is full"`, func(i inc) bool { return i.Captures == 1 }},
		{"capture https://chat.example.com/x/m1", "the disk is full", nil},
		{"decide we roll back", "Decided", nil},
		{"link https://grafana.example.com payment errors", "payment errors", nil},
		{"edit 13 better words", "better words", nil},
		{"strike #13", "struck out", nil},
		{"undo", "Taken back", nil},
		{"task call the bank @bo", "It is for bo.", func(i inc) bool { return i.TasksOpen == 2 }},
		{"task @bo call the bank", "call the bank", func(i inc) bool { return i.OpenTasks[1].Who == "p-bo" }},
		{"action add a test due:2 Dec", "It is due Wed 2 Dec 2026 17:00 UTC.", func(i inc) bool { return i.ActionsN == 2 }},
		{"done 1", "restart the workers", func(i inc) bool { return i.TasksOpen == 0 }},
		{"checklist data loss", "2 tasks", func(i inc) bool { return i.TasksOpen == 3 }},
		{"resolve rolled back", "resolved after", func(i inc) bool { return i.Outcome.Words == "rolled back" }},
		{"status resolved", "resolved", func(i inc) bool { return i.Status == incident.Resolved }},
		{"cancel false alarm", "cancelled", func(i inc) bool { return i.Status == incident.Cancelled }},
		{"cancel dup of another", "duplicate", nil},
		{"merge into INC-1", `INC-1 "the warehouse is flooded"`, func(i inc) bool { return i.Status == incident.Merged }},
		{"merge INC-1", "INC-2 is merged into INC-1", func(i inc) bool { return i.MergedInto == 1 }},
		{"show", "checkout is failing", nil},
		{"SHOW", "checkout is failing", nil},
		{"inc-2", "checkout is failing", nil},
		{"INC-1", "the warehouse is flooded", nil},
		{"show INC-1", "the warehouse is flooded", nil},
		{"", "checkout is failing", nil},
		{"timeline", "first words", nil},
		{"catchup", "Lately", nil},
		{"roles", "lead: nobody", nil},
		{"tasks", "restart the workers", nil},
		{"actions", "write an alert", nil},
		{"pending", "Nothing is owed", nil},
		{"list", "INC-1", nil},
		{"list sev3", "INC-2", nil},
		{"oncall", "cy", nil},
		{"search flooded", "INC-1", nil},
		{"doctor", "1 thing must be mended", nil},
		{"review", "It was not started yet", nil},
		{"report week payments", "later version", nil},
		{"zone", "UTC", nil},
		{"help", "Stakeholders", nil},
		{"help resolv", "/incident resolve", nil},
	} {
		t.Run(tt.said, func(t *testing.T) {
			t.Parallel()
			h, n := busy(t)
			r := h.in(n, "ann", tt.said)
			if r.Kind != "" || r.Public || !strings.Contains(shown(r), tt.reply) {
				t.Fatalf("%q is %q: %s", tt.said, r.Kind, shown(r))
			}
			if tt.check != nil && !tt.check(h.state(n)) {
				t.Errorf("%q leaves %s", tt.said, asJSON(h.state(n)))
			}
		})
	}
}

func holds(i incident.Incident, role incident.Role, p incident.PersonID) bool {
	h, ok := i.Holder(role)
	return ok && h.Person == p
}

func TestTheReplyToADeclareIsFourLines(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	got := strings.Split(shown(h.say("ann", "checkout is failing")), "\n")
	for i, want := range [][]string{{"INC-1", "room is opening"}, {"ann", "acting"}, {"Nobody is paged"}, {"Next:", "severity INC-1 sev2"}} {
		for _, w := range want {
			if len(got) != 4 || !strings.Contains(got[i], w) {
				t.Fatalf("%d lines; line %d lacks %q:\n%s", len(got), i+1, w, strings.Join(got, "\n"))
			}
		}
	}
	h.policy.Severities[0].Page = []incident.Target{{Kind: incident.TeamTarget, Name: "payments"}}
	if got := shown(h.say("ann", "sev1 the bank does not answer")); !strings.Contains(got, "Is paging") || !strings.Contains(got, "payments") {
		t.Errorf("who is paged is not said: %s", got)
	}
}

func TestResemblingIncidentsAreOffered(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.declared("bo", "checkout fails for EU customers")
	h.declared("bo", "printers offline in Lisbon")
	r := h.say("ann", "sev2 checkout broken for customers")
	h.press("ann", r, "Merge into INC-1")
	if got := h.state(3); got.MergedInto != 1 {
		t.Errorf("INC-3 is %s, merged into %s", got.Status, got.MergedInto)
	}
	for _, other := range []string{"login is slow", "drill:yes checkout fails for EU customers", "the coffee machine is broken"} {
		if r := h.say("ann", other); strings.Contains(strings.Join(labels(r), " "), "Merge") {
			t.Errorf("%q resembles: %v", other, labels(r))
		}
	}
}

func TestPagesThatCannotBe(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	commits := h.commits
	r := h.in(n, "ann", "page team:web come")
	if r.Kind != "rejected" || h.commits != commits || !strings.Contains(shown(r), "nobody was paged") || !strings.Contains(shown(r), "eve@example.com, fay@example.com") {
		t.Errorf("a team that nobody pages: %q %s", r.Kind, shown(r))
	}
	r = h.in(n, "ann", "page web come now")
	if r.Kind != "conflict" || h.commits != commits {
		t.Fatalf("two matches: %q %s", r.Kind, shown(r))
	}
	if got := h.press("ann", r, "Service web (team payments)"); got.Kind != "" || h.state(n).Pages[1].Text.Words != "come now" {
		t.Errorf("pressed: %s", shown(got))
	}
	commits = h.commits
	r = h.in(n, "ann", "page @sam come")
	if h.commits != commits {
		t.Fatalf("two people: %s", shown(r))
	}
	if got := h.press("ann", r, "sam-two (sam-two@example.com)"); got.Kind != "" || h.state(n).Pages[2].Target.Person != "p-sam-two" {
		t.Errorf("pressed: %s", shown(got))
	}
	if r := h.in(n, "ann", "page @nobody come"); r.Kind != "not_found" {
		t.Errorf("nobody: %q %s", r.Kind, shown(r))
	}
	if r := h.in(n, "ann", "oncall web"); r.Kind != "unavailable" || !strings.Contains(shown(r), "eve@example.com") {
		t.Errorf("a pager that is away: %q %s", r.Kind, shown(r))
	}
}

func TestUndoOfAPageOffersToCallItOff(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	h.in(n, "ann", "page search infra come")
	r := h.in(n, "ann", "undo")
	if r.Kind != "conflict" {
		t.Fatalf("undo of a page is %q: %s", r.Kind, shown(r))
	}
	h.press("ann", r, "Tell them it is off")
	if got := h.state(n).Pages[1].State; got != incident.PageOver {
		t.Errorf("the page is %s", got)
	}
	if r := h.in(n, "ann", "page off p2"); r.Kind != "conflict" {
		t.Errorf("off twice is %q: %s", r.Kind, shown(r))
	}
}

func TestHandover(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	h.in(n, "ann", "handover @bo tired")
	if !holds(h.state(n), incident.Commander, "p-ann") {
		t.Error("an offer moves the role")
	}
	if r := h.in(n, "bo", "handover accept"); !strings.Contains(shown(r), "You are incident commander") || !holds(h.state(n), incident.Commander, "p-bo") {
		t.Errorf("accepted: %s", shown(r))
	}
	h.in(n, "bo", "handover @ann")
	if r := h.in(n, "ann", "handover decline"); !strings.Contains(shown(r), "bo stays incident commander") || !holds(h.state(n), incident.Commander, "p-bo") {
		t.Errorf("declined: %s", shown(r))
	}
}

func TestZoneIsUsedAfterwards(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.say("ann", "zone Berlin")
	n := h.declared("ann", "checkout is failing")
	if r := h.in(n, "ann", "started 12:30"); !strings.Contains(shown(r), "12:30 CET") || !h.state(n).Milestones.Started.Equal(noon.Add(-30*time.Minute)) {
		t.Errorf("read as %s", shown(r))
	}
}
