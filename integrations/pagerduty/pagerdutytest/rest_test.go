package pagerdutytest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/integrations/pagerduty/pagerdutytest"
)

func TestAnIncidentOfAKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	id := s.create("k")
	out := s.want(400, "POST", "/incidents", s.creation("k", ""))
	if s.code(out) != 2002 || !strings.Contains(fmt.Sprint(out), "already exists on this service") {
		t.Errorf("the second of an open key got %v", out)
	}
	if s.Incidents("k") != 1 || s.Triggers("k") != 2 || s.Pages("k") != 1 {
		t.Errorf("incidents %d, triggers %d, pages %d; want 1, 2, 1", s.Incidents("k"), s.Triggers("k"), s.Pages("k"))
	}
	s.put(200, id, `"status":"resolved"`)
	s.create("k")
	if s.Incidents("k") != 2 {
		t.Error("a key that is resolved makes a new incident, and did not")
	}
	if d := cmp.Diff([]string{"Ann triggered", "Ann triggered"}, s.rung("k")); d != "" {
		t.Error(d)
	}
}

func TestRequestsThatTheDocumentsRefuseAreRefusedAndNoted(t *testing.T) {
	t.Parallel()
	drop := func(name string) func(http.Header) { return func(h http.Header) { h.Del(name) } }
	for name, tt := range map[string]struct {
		method, path, body string
		change             func(http.Header)
		says               string
	}{
		"an incident without From":            {"POST", "/incidents", "", drop("From"), "From"},
		"a From that is no e-mail":            {"POST", "/incidents", "", as("Ann"), "From"},
		"a body that is said to be a form":    {"POST", "/incidents", "", func(h http.Header) { h.Set("Content-Type", "text/plain") }, "Content-Type"},
		"the version of the API left out":     {"GET", "/incidents", "", func(h http.Header) { h.Set("Accept", "application/json") }, "Accept"},
		"a body that is no JSON":              {"POST", "/incidents", "{", nil, "JSON"},
		"an operation that is not there":      {"PUT", "/incidents/P1/alerts/", "{}", nil, "no such operation"},
		"response plays, which are gone":      {"GET", "/response_plays", "", nil, "no such operation"},
		"an event without payload":            {"POST", "/v2/enqueue", `{"routing_key":"x","event_action":"trigger"}`, nil, "payload.summary"},
		"a severity that is none":             {"POST", "/v2/enqueue", `{"routing_key":"x","event_action":"trigger","payload":{"summary":"s","source":"s","severity":"high"}}`, nil, "severity"},
		"details that are a text":             {"POST", "/v2/enqueue", `{"routing_key":"x","event_action":"trigger","payload":{"summary":"s","source":"s","severity":"info","custom_details":"x"}}`, nil, "custom_details"},
		"a resolve without a key":             {"POST", "/v2/enqueue", `{"routing_key":"x","event_action":"resolve"}`, nil, "dedup_key"},
		"a key that is too long":              {"POST", "/v2/enqueue", `{"routing_key":"x","event_action":"resolve","dedup_key":"` + strings.Repeat("k", 256) + `"}`, nil, "dedup_key"},
		"an event larger than 512 KB":         {"POST", "/v2/enqueue", `{"routing_key":"x","event_action":"trigger","payload":{"summary":"s","source":"s","severity":"info","group":"` + strings.Repeat("x", 600<<10) + `"}}`, nil, "512 KB"},
		"an action that is none":              {"POST", "/v2/enqueue", `{"routing_key":"x","event_action":"open"}`, nil, "event_action"},
		"a summary of more than 1024 letters": {"POST", "/v2/enqueue", `{"routing_key":"x","event_action":"trigger","payload":{"summary":"` + strings.Repeat("s", 1025) + `","source":"s","severity":"info"}}`, nil, "summary"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, pagerdutytest.Options{})
			body := tt.body
			if body == "" && tt.method == "POST" {
				body = s.creation("k", "")
			}
			change := tt.change
			if change == nil {
				change = func(http.Header) {}
			}
			status, _ := s.call(tt.method, tt.path, body, change)
			if status/100 != 4 {
				t.Errorf("status %d, want a refusal", status)
			}
			all := strings.Join(s.Violations(), "\n")
			if !strings.Contains(all, tt.says) {
				t.Errorf("the violations are %q, want one that says %q", all, tt.says)
			}
			if len(s.All()) != 0 {
				t.Error("it made an incident all the same")
			}
			s.Forgive()
		})
	}
}

func TestWhatPagerDutyRefusesWithoutItBeingAViolation(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	id := s.create("k")
	service := func(what string) string {
		return strings.Replace(s.creation("x", ""), s.Service, what, 1)
	}
	for name, tt := range map[string]struct {
		method, path, body string
		change             func(http.Header)
		status, code       int
	}{
		"a wrong token":               {"GET", "/users", "", func(h http.Header) { h.Set("Authorization", "Token token=x") }, 401, 2006},
		"a From that nobody has":      {"POST", "/incidents", s.creation("x", ""), as("nobody@acme.test"), 400, 1008},
		"a service that is not there": {"POST", "/incidents", service("PNONE"), nil, 400, 2001},
		"an incident that is not there": {
			"PUT", "/incidents", `{"incidents":[{"id":"PNONE","type":"incident_reference","status":"resolved"}]}`, nil, 404, 2100,
		},
		"a level that is not there": {
			"PUT", "/incidents", `{"incidents":[{"id":"` + id + `","type":"incident_reference","escalation_level":9}]}`, nil, 400, 2001,
		},
		"a requester that is not there": {
			"POST", "/incidents/" + id + "/responder_requests",
			`{"requester_id":"PNONE","message":"x","responder_request_targets":[{"responder_request_target":{"id":"` + s.Cy.ID + `","type":"user_reference"}}]}`, nil, 400, 1008,
		},
		"a list of more than 100":        {"GET", "/oncalls?limit=101", "", nil, 400, 2001},
		"beyond the first 10,000":        {"GET", "/users?limit=100&offset=9950", "", nil, 400, 2001},
		"who is on call in half a year":  {"GET", "/oncalls?until=" + time.Now().AddDate(0, 6, 0).UTC().Format(time.RFC3339), "", nil, 400, 2001},
		"an ability that is not there":   {"GET", "/abilities/sso", "", nil, 402, 2014},
		"the user of an account's token": {"GET", "/users/me", "", nil, 400, 2001},
	} {
		change := tt.change
		if change == nil {
			change = func(http.Header) {}
		}
		status, out := s.call(tt.method, tt.path, tt.body, change)
		if status != tt.status || s.code(out) != tt.code {
			t.Errorf("%s: status %d, code %d; want %d, %d", name, status, s.code(out), tt.status, tt.code)
		}
	}
	if s.Incidents("x") != 0 {
		t.Error("a refused request made an incident")
	}
}

func TestARoutingKeyThatNoServiceHasIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	out := s.want(400, "POST", "/v2/enqueue", strings.Replace(s.eventBody("trigger", "k"), s.RoutingKey, "ffffffffffffffffffffffffffffffff", 1))
	if out["status"] != "invalid event" || !strings.Contains(fmt.Sprint(out["errors"]), "routing_key") {
		t.Errorf("answered %v", out)
	}
}

func TestALateAcknowledgementOpensAgain(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	id := s.create("k")
	s.put(200, id, `"status":"acknowledged"`, as("ann@acme.test"))
	if out := s.put(400, id, `"status":"acknowledged"`, as("ann@acme.test")); s.code(out) != 1002 {
		t.Errorf("acknowledged twice by one: code %d, want 1002", s.code(out))
	}
	s.put(200, id, `"status":"resolved"`, as("bob@acme.test"))
	if out := s.put(400, id, `"status":"resolved"`); s.code(out) != 1001 {
		t.Errorf("resolved twice: code %d, want 1001", s.code(out))
	}
	s.put(200, id, `"status":"acknowledged"`, as("ann@acme.test"))
	if s.status("k") != "acknowledged" || s.Pages("k") != 2 {
		t.Errorf("status %s, %d pages; want it open again and a second page", s.status("k"), s.Pages("k"))
	}
	if d := cmp.Diff([]string{"Ann triggered", "Ann reopened"}, s.rung("k")); d != "" {
		t.Error(d)
	}
	if err := s.Resolve("k", "bob@acme.test"); err != nil {
		t.Fatal(err)
	}
	if err := s.Acknowledge("k", "ann@acme.test"); err == nil {
		t.Error("people have no button to acknowledge what is resolved, and it worked")
	}
	if s.status("k") != "resolved" {
		t.Errorf("status %s, want resolved", s.status("k"))
	}
}

func TestWhoIsAskedMovesThroughTheLevels(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	id := s.create("k")
	s.put(200, id, `"escalation_level":2`)
	s.put(200, id, `"assignments":[{"assignee":{"id":"`+s.Cy.ID+`","type":"user_reference"}}]`)
	s.put(200, id, `"escalation_policy":{"id":"`+s.Policy+`","type":"escalation_policy_reference"}`)
	if err := s.Pass("k"); err != nil {
		t.Fatal(err)
	}
	if err := s.Pass("k"); err != nil {
		t.Fatal(err)
	}
	if err := s.Reassign("k", "bob@acme.test", "ann@acme.test"); err != nil {
		t.Fatal(err)
	}
	s.want(200, "POST", "/incidents/"+id+"/responder_requests", `{"requester_id":"`+s.Bot.ID+`","message":"please help","responder_request_targets":[{"responder_request_target":{"id":"`+s.Cy.ID+`","type":"user_reference"}},{"responder_request_target":{"id":"`+s.Policy+`","type":"escalation_policy_reference"}}]}`)
	want := []string{"Ann triggered", "Bob escalated", "Cy reassigned", "Ann reassigned", "Bob escalated", "Ann reassigned", "Cy responder", "Ann responder"}
	if d := cmp.Diff(want, s.rung("k")); d != "" {
		t.Error(d)
	}
	if s.Pages("k") != 1 {
		t.Errorf("moving a page made %d of it", s.Pages("k"))
	}
	shown := s.want(200, "GET", "/incidents/"+id, "")["incident"].(object)
	if asked, requests := shown["incidents_responders"].([]any), shown["responder_requests"].([]any); len(asked) != 2 || len(requests) != 2 {
		t.Errorf("it shows the responders %v by %v, want two of each", asked, requests)
	}
	s.SetAbilities("teams")
	out := s.want(402, "POST", "/incidents/"+id+"/responder_requests", `{"requester_id":"`+s.Bot.ID+`","message":"x","responder_request_targets":[{"responder_request_target":{"id":"`+s.Cy.ID+`","type":"user_reference"}}]}`)
	if s.code(out) != 2014 {
		t.Errorf("without the ability: code %d, want 2014", s.code(out))
	}
}

func TestALevelWithNobodyOnCallIsPassedOver(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	s.want(201, "POST", "/incidents", strings.Replace(s.creation("k", ""), s.Service, s.Empty, 1))
	if d := cmp.Diff([]string{"Bob triggered"}, s.rung("k")); d != "" {
		t.Error(d)
	}
}

func TestNotesAndPrioritiesAreKept(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	id := s.create("k")
	s.want(200, "POST", "/incidents/"+id+"/notes", `{"note":{"content":"<b>looking</b>"}}`, as("ann@acme.test"))
	s.put(200, id, `"priority":{"id":"PPRIO2","type":"priority_reference"},"title":"worse","urgency":"low"`)
	s.want(200, "PUT", "/incidents/"+id, `{"incident":{"type":"incident_reference","status":"resolved","resolution":"mended"}}`)
	i, _ := s.Incident("k")
	var notes []string
	for _, n := range i.Notes {
		notes = append(notes, n.User+" "+n.Text)
	}
	if d := cmp.Diff([]string{s.Ann.ID + " <b>looking</b>", s.Bot.ID + " mended"}, notes); d != "" {
		t.Error(d)
	}
	if i.Priority != "P2" || i.Title != "worse" || i.Urgency != "low" || i.Status != "resolved" {
		t.Errorf("it stands as %+v", i)
	}
	out := s.want(200, "GET", "/incidents/"+id+"/notes", "")
	if len(out["notes"].([]any)) != 2 {
		t.Errorf("its notes are %v", out)
	}
}

func TestIncidentsAreListedByKeyAndStatus(t *testing.T) {
	t.Parallel()
	now, pass := clock()
	s := start(t, pagerdutytest.Options{Now: now})
	first := s.create("k")
	s.put(200, first, `"status":"resolved"`)
	second := s.create("k")
	s.create("other")
	ids := func(query string) string {
		t.Helper()
		var out []string
		for _, i := range s.want(200, "GET", "/incidents?"+query, "")["incidents"].([]any) {
			out = append(out, i.(object)["id"].(string))
		}
		return strings.Join(out, " ")
	}
	for query, want := range map[string]string{
		"incident_key=k":                                                       first + " " + second,
		"incident_key=k&sort_by=created_at:desc":                               second + " " + first,
		"incident_key=k&statuses[]=triggered&statuses[]=resolved":              first + " " + second,
		"incident_key=k&statuses[]=triggered":                                  second,
		"incident_key=k&limit=1&offset=1":                                      second,
		"incident_key=none":                                                    "",
		"incident_key=k&service_ids[]=" + s.Empty:                              "",
		"incident_key=k&user_ids[]=" + s.Ann.ID + "&total=true":                first + " " + second,
		"incident_key=k&team_ids[]=" + s.Team + "&urgencies[]=high":            first + " " + second,
		"incident_key=k&since=2026-11-26T09:00:00Z&until=2026-11-27T09:00:00Z": "",
	} {
		if got := ids(query); got != want {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
	}
	pass(60 * 24 * time.Hour)
	if got := ids("incident_key=k"); got != "" {
		t.Errorf("after two months the default window still has %q", got)
	}
	if got := ids("incident_key=k&date_range=all"); got != first+" "+second {
		t.Errorf("all dates have %q", got)
	}
}

func TestOnCallsAreOfBothKindsOfSchedules(t *testing.T) {
	t.Parallel()
	now, pass := clock()
	s := start(t, pagerdutytest.Options{Now: now})
	noon := now().Add(4 * time.Hour)
	s.SetShifts(s.Schedule, pagerdutytest.Shift{User: s.Ann.ID, Until: noon}, pagerdutytest.Shift{User: s.Cy.ID, From: noon})
	list := func(query string) []string {
		t.Helper()
		var out []string
		for _, v := range s.want(200, "GET", "/oncalls?escalation_policy_ids[]="+s.Policy+query, "")["oncalls"].([]any) {
			o := v.(object)
			out = append(out, fmt.Sprint(o["escalation_level"], " ", o["user"].(object)["summary"], " ", o["start"], " ", o["end"], " ", o["schedule"].(object)["type"]))
		}
		return out
	}
	ann := "1 Ann Ames <nil> 2026-11-26T12:00:00Z schedule_reference"
	bob := "2 Bob Bell <nil> <nil> schedule_v3_reference"
	cy := "1 Cy Cole 2026-11-26T12:00:00Z <nil> schedule_reference"
	if d := cmp.Diff([]string{ann, bob}, list("")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{ann, bob, cy}, list("&earliest=true&until=2026-11-27T00:00:00Z")); d != "" {
		t.Error(d)
	}
	pass(5 * time.Hour)
	if d := cmp.Diff([]string{bob, cy}, list("")); d != "" {
		t.Error(d)
	}
	out := s.want(200, "GET", "/oncalls?include[]=users&user_ids[]="+s.Bob.ID, "")
	if u := out["oncalls"].([]any)[0].(object)["user"].(object); u["email"] != s.Bob.Email {
		t.Errorf("the user that was to be included is %v", u)
	}
	for path, want := range map[string]string{"/schedules": "Checkout primary", "/v3/schedules": "Checkout secondary"} {
		all := fmt.Sprint(s.want(200, "GET", path, "")["schedules"])
		if !strings.Contains(all, want) || strings.Contains(all, "primary") == strings.Contains(all, "secondary") {
			t.Errorf("%s lists %s", path, all)
		}
	}
}

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	for range 120 {
		s.AddUser(pagerdutytest.User{Email: "many@acme.test"})
	}
	out := s.want(200, "GET", "/users", "")
	if len(out["users"].([]any)) != 25 || out["more"] != true || out["total"] != nil {
		t.Errorf("without a limit: %d users, more %v, total %v; want 25, true, none", len(out["users"].([]any)), out["more"], out["total"])
	}
	out = s.want(200, "GET", "/users?limit=100&offset=100&total=true", "")
	if len(out["users"].([]any)) != 24 || out["more"] != false || out["total"] != 124.0 {
		t.Errorf("the last page: %d users, more %v, total %v; want 24, false, 124", len(out["users"].([]any)), out["more"], out["total"])
	}
}

func TestTheAccountCanBeRead(t *testing.T) {
	t.Parallel()
	s := start(t, pagerdutytest.Options{})
	s.Subscribe(pagerdutytest.Subscription{URL: "https://tocsin.example/hooks/pagerduty", Filter: s.Service})
	for path, want := range map[string]string{
		"/users/" + s.Ann.ID:                         "ann@acme.test",
		"/users/" + s.Ann.ID + "/contact_methods":    "301234567",
		"/users?query=bob":                           "bob@acme.test",
		"/users?include[]=contact_methods&query=ann": "country_code:49",
		"/services":                           s.Empty,
		"/services?include[]=integrations":    s.RoutingKey,
		"/services?name=Checkout":             s.Service,
		"/services/" + s.Service:              s.Policy,
		"/escalation_policies?query=checkout": s.Policy,
		"/escalation_policies/" + s.Policy:    s.Schedule3,
		"/teams?query=pay":                    s.Team,
		"/teams/" + s.Team:                    "Payments",
		"/priorities":                         "P5",
		"/abilities":                          "coordinated_responding",
		"/webhook_subscriptions":              "https://tocsin.example/hooks/pagerduty",
	} {
		if out := fmt.Sprint(s.want(200, "GET", path, "")); !strings.Contains(out, want) {
			t.Errorf("%s gives %s, want %q in it", path, out, want)
		}
	}
	s.want(204, "GET", "/abilities/teams", "")
	for _, path := range []string{"/users/PNONE", "/users/PNONE/contact_methods", "/services/PNONE", "/escalation_policies/PNONE", "/teams/PNONE", "/incidents/PNONE", "/incidents/PNONE/notes"} {
		s.want(404, "GET", path, "")
	}
	s.SetToken("another")
	if got := s.Token(); got != "another" {
		t.Errorf("the token is %q", got)
	}
	s.RemoveUser(s.Bot.ID)
	if out := s.want(400, "POST", "/incidents", s.creation("k", "")); s.code(out) != 1008 {
		t.Errorf("a From that left: code %d, want 1008", s.code(out))
	}
}
