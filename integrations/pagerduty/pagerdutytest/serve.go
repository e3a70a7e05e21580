package pagerdutytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	netmail "net/mail"
	"slices"
	"strings"
	"time"
)

// call is a request on its way through the fake.
type call struct {
	f    *Fake
	r    *http.Request
	body []byte
	from *User // of the header From; nil: there is none, or nobody has it
}

// answer is what an operation gives: a status and a body, or no body.
type answer struct {
	status int
	body   any
	header http.Header
}

// operation does one call; f.mu is held.
type operation func(*call) answer

// refuse is PagerDuty's error.
func refuse(status, code int, message string, whys ...string) answer {
	e := object{"code": code, "message": message}
	if len(whys) > 0 {
		e["errors"] = whys
	}
	return answer{status: status, body: object{"error": e}}
}

func invalid(whys ...string) answer {
	return refuse(http.StatusBadRequest, 2001, "Invalid Input Provided", whys...)
}

func missing() answer { return refuse(http.StatusNotFound, 2100, "Not Found") }

// routes lists what is served, with the names that [Fake.Fail] knows.
func (f *Fake) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for op, do := range map[string]operation{
		"GET /incidents":                          (*call).listIncidents,
		"POST /incidents":                         (*call).createIncident,
		"PUT /incidents":                          (*call).manageIncidents,
		"GET /incidents/{id}":                     (*call).getIncident,
		"PUT /incidents/{id}":                     (*call).putIncident,
		"GET /incidents/{id}/alerts":              (*call).listAlerts,
		"GET /incidents/{id}/notes":               (*call).listNotes,
		"POST /incidents/{id}/notes":              (*call).createNote,
		"POST /incidents/{id}/responder_requests": (*call).requestResponders,
		"GET /oncalls":                            (*call).listOnCalls,
		"GET /users":                              (*call).listUsers,
		"GET /users/me":                           (*call).me,
		"GET /users/{id}":                         (*call).getUser,
		"GET /users/{id}/contact_methods":         (*call).contactMethods,
		"GET /services":                           (*call).listServices,
		"GET /services/{id}":                      (*call).getService,
		"GET /escalation_policies":                (*call).listPolicies,
		"GET /escalation_policies/{id}":           (*call).getPolicy,
		"GET /schedules":                          (*call).listSchedules,
		"GET /v3/schedules":                       (*call).listSchedules3,
		"GET /teams":                              (*call).listTeams,
		"GET /teams/{id}":                         (*call).getTeam,
		"GET /priorities":                         (*call).listPriorities,
		"GET /abilities":                          (*call).listAbilities,
		"GET /abilities/{id}":                     (*call).testAbility,
		"GET /webhook_subscriptions":              (*call).listSubscriptions,
	} {
		mux.HandleFunc(op, func(w http.ResponseWriter, r *http.Request) { f.serve(w, r, do) })
	}
	for op, do := range map[string]operation{"POST /v2/enqueue": (*call).enqueue, "POST /v2/change/enqueue": (*call).enqueueChange} {
		mux.HandleFunc(op, func(w http.ResponseWriter, r *http.Request) { f.serve(w, r, do) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		f.serve(w, r, func(c *call) answer {
			c.f.violations = append(c.f.violations, r.Method+" "+r.URL.Path+": there is no such operation, or the fake does not serve it")
			return missing()
		})
	})
	return mux
}

// op is the name of a request's operation.
func (f *Fake) op(r *http.Request) string {
	_, pattern := f.mux.Handler(r)
	return pattern
}

// ServeHTTP serves the adapter.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.mux.ServeHTTP(w, r) }

// bodyLimit is what is read of a request.
const bodyLimit = 4 << 20

// serve takes a call through its faults, its checks and its operation.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request, do operation) {
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyLimit))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	kept := &Call{Op: r.Pattern, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(), Body: body, At: f.now()}
	f.mu.Lock()
	f.calls = append(f.calls, kept)
	latency := f.latency
	f.mu.Unlock()
	if !f.wait(r.Context(), latency) {
		panic(http.ErrAbortHandler)
	}
	how := f.takeFault(r.Pattern, func(Fault) bool { return true })
	if how != nil && !f.before(w, r, *how) {
		f.noteStatus(kept, how.Status)
		return
	}
	c := &call{f: f, r: r, body: body}
	a := c.run(do)
	if how != nil && !f.after(w, r, *how) {
		return
	}
	f.noteStatus(kept, a.status)
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.Header().Set("Date", f.now().UTC().Format(http.TimeFormat))
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	reply(w, a.status, a.body)
}

func (f *Fake) noteStatus(c *Call, status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Status = status
}

// run holds a call to the documents and does it.
func (c *call) run(do operation) answer {
	events := strings.HasPrefix(c.r.URL.Path, "/v2/")
	if !events {
		if no := c.admit(); no != nil {
			return *no
		}
	}
	why := c.essentials(events)
	if c.f.books != nil {
		if err := c.f.books.request(c.r, c.body); err != nil {
			why = append(why, err.Error())
		}
	}
	for _, w := range why {
		c.f.violation(c.r.Method + " " + c.r.URL.Path + ": " + w)
	}
	if len(why) > 0 {
		if events {
			return answer{status: http.StatusBadRequest, body: object{"status": "invalid event", "message": "Event object is invalid", "errors": why}}
		}
		return invalid(why...)
	}
	a := c.do(do)
	if c.f.books != nil {
		if err := c.f.books.answer(c.r, a); err != nil {
			c.f.violation("the fake's own answer to " + c.r.Method + " " + c.r.URL.Path + ": " + err.Error())
		}
	}
	return a
}

func (c *call) do(do operation) answer {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.f.work()
	c.from = c.f.userByMail(c.r.Header.Get("From"))
	return do(c)
}

// admit checks the token and the rate.
func (c *call) admit() *answer {
	f := c.f
	f.mu.Lock()
	defer f.mu.Unlock()
	auth := c.r.Header.Get("Authorization")
	if auth != "Token token="+f.o.Token && auth != "Bearer "+f.o.Token {
		a := refuse(http.StatusUnauthorized, 2006, "Authentication Failed")
		return &a
	}
	now := f.now()
	f.spent = slices.DeleteFunc(f.spent, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(f.spent) >= f.o.Limit {
		a := refuse(http.StatusTooManyRequests, 2020, "Rate Limit Exceeded")
		reset := f.spent[0].Add(time.Minute).Sub(now)
		a.header = http.Header{
			"Ratelimit-Limit": {fmt.Sprint(f.o.Limit)}, "Ratelimit-Remaining": {"0"},
			"Ratelimit-Reset": {fmt.Sprint(int((reset + time.Second - 1) / time.Second))},
		}
		return &a
	}
	f.spent = append(f.spent, now)
	return nil
}

// essentials are the rules that hold without the documents too.
func (c *call) essentials(events bool) []string {
	var why []string
	writes := c.r.Method != http.MethodGet
	if writes {
		if kind, _, _ := strings.Cut(c.r.Header.Get("Content-Type"), ";"); kind != "application/json" {
			why = append(why, "the header Content-Type must be application/json")
		}
		var v object
		if err := json.Unmarshal(c.body, &v); err != nil {
			why = append(why, "the body is no JSON object")
		}
	}
	if events {
		if len(c.body) > 512<<10 {
			why = append(why, "the body is larger than 512 KB")
		}
		return why
	}
	if !strings.HasPrefix(c.r.Header.Get("Accept"), "application/vnd.pagerduty+json;version=2") {
		why = append(why, "the header Accept must be application/vnd.pagerduty+json;version=2")
	}
	if writes && !strings.HasSuffix(c.r.URL.Path, "/responder_requests") {
		if from, err := netmail.ParseAddress(c.r.Header.Get("From")); err != nil || from.Address != c.r.Header.Get("From") {
			why = append(why, "the header From must be the e-mail of a user")
		}
	}
	return why
}

// stranger is the answer to a From that no user has.
func (c *call) stranger() *answer {
	if c.from != nil {
		return nil
	}
	a := refuse(http.StatusBadRequest, 1008, "Requester User Not Found")
	return &a
}

// read reads the body's object of a name.
func (c *call) read(into any) error { return json.Unmarshal(c.body, into) }
