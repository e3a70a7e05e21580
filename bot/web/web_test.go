package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"tocsin/bot/chat"
	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/store"
)

const token = "a-token-of-this-test"

// house is a small house behind the API: two incidents, one of them private
// to p-ann, and a handler that remembers keys.
type house struct {
	replies map[string]chat.Reply
	ready   bool
	block   chan struct{}
}

func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

func (h *house) handle(_ context.Context, r chat.Request) chat.Reply {
	if h.block != nil {
		<-h.block
	}
	if old, ok := h.replies[r.Key]; ok {
		old.Repeat = true
		return old
	}
	reply := chat.Reply{Message: chat.Message{Parts: []chat.Part{chat.Text{chat.Plain("heard: " + r.Text)}}}, Incident: "INC-1"}
	for _, k := range fault.Kinds() {
		if r.Text == "fail "+k.String() {
			reply.Kind = k.String()
		}
	}
	h.replies[r.Key] = reply
	return reply
}

func (h *house) User(_ context.Context, words string) (chat.User, error) {
	if words == "nobody" {
		return chat.User{}, fault.New(fault.Invalid, "Nobody is called nobody.").WithExample("ann")
	}
	return chat.User{Platform: "console", ID: words, Name: words}, nil
}

func (h *house) Room(_ context.Context, words string) (chat.Place, error) {
	return chat.Place{Platform: "console", Room: words, Name: words}, nil
}

func (h *house) As(_ context.Context, words string) (incident.PersonID, error) {
	if words == "" {
		return "", nil
	}
	return incident.PersonID("p-" + words), nil
}

func (h *house) all() []incident.Incident {
	open := incident.Incident{ID: "aa", Number: 1, Head: 3, Title: incident.Text{Words: "checkout is failing", Ref: "1.0"}, Status: incident.Triage, Severity: incident.Sev2, Declarer: "p-ann", DeclaredAt: noon(), Holders: []incident.Holder{{Role: incident.Commander, Person: "p-ann", Acting: true}}, Rooms: []incident.Room{{Platform: "console", ID: "r1", Name: "inc-1"}}, Milestones: incident.Milestones{Started: noon()}}
	secret := open
	secret.ID, secret.Number, secret.Private, secret.Members, secret.Title.Words = "bb", 2, true, []incident.PersonID{"p-ann"}, "a leak of salaries"
	return []incident.Incident{secret, open}
}

func (h *house) Incidents(_ context.Context, f store.Filter) ([]incident.Summary, error) {
	out := []incident.Summary{}
	for _, inc := range h.all() {
		if s := inc.Summary(); s.VisibleTo(f.As) && len(out) < f.Limit && (f.Before == 0 || s.Number < f.Before) {
			out = append(out, s)
		}
	}
	return out, nil
}

func (h *house) Incident(_ context.Context, as incident.PersonID, words string) (incident.Incident, bool, error) {
	for _, inc := range h.all() {
		if (words == inc.Number.String() || words == string(inc.ID)) && inc.Summary().VisibleTo(as) {
			return inc, true, nil
		}
	}
	return incident.Incident{}, false, nil
}

func (h *house) Timeline(context.Context, incident.ID) ([]incident.Entry, error) {
	return []incident.Entry{{Version: 1, Happened: noon(), Recorded: noon(), Actor: "p-ann", Event: incident.NoteAdded{Text: incident.Text{Words: "looking"}}}}, nil
}

func (h *house) Name(_ context.Context, id incident.PersonID) string {
	return strings.TrimPrefix(string(id), "p-")
}
func (h *house) Sentence(_ context.Context, e incident.Entry) string { return "ann noted: looking" }
func (h *house) Alive() bool                                         { return true }
func (h *house) Ready(context.Context) (ok bool, lines []string) {
	return h.ready, []string{"effects: 0 behind"}
}

func (h *house) erase(_ context.Context, person, inc string) (int, error) {
	if person == "nobody" {
		return 0, fault.New(fault.NotFound, "Nobody is known as nobody.")
	}
	return len(person) + len(inc), nil
}

func (h *house) handler(t *testing.T) http.Handler {
	t.Helper()
	return web.Handler(web.Options{
		Token: redact.Secret(token), Handle: h.handle, People: h, Reads: h, Health: h, Erase: h.erase,
		Now: noon, Log: slog.New(slog.DiscardHandler), Patience: 50 * time.Millisecond,
	})
}

func newHouse() *house { return &house{replies: map[string]chat.Reply{}, ready: true} }

// ask sends one request and holds the answer against the OpenAPI document.
func ask(t *testing.T, h http.Handler, method, path, body string, headers ...string) *http.Response {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	described(t, req, rec)
	return rec.Result()
}

func described(t *testing.T, req *http.Request, rec *httptest.ResponseRecorder) {
	t.Helper()
	doc := document(t)
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	route, params, err := router.FindRoute(req)
	if err != nil {
		t.Errorf("%s %s is not in the document: %v", req.Method, req.URL.Path, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: rec.Code, Header: rec.Header(),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	out.SetBodyBytes(rec.Body.Bytes())
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("%s %s answered %d, not as described: %v\n%s", req.Method, req.URL, rec.Code, err, rec.Body)
	}
}

func document(t *testing.T) *openapi3.T {
	t.Helper()
	rec := httptest.NewRecorder()
	newHouse().handler(t).ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/openapi.json", nil))
	doc, err := openapi3.NewLoader().LoadFromData(rec.Body.Bytes())
	if err != nil {
		t.Fatalf("the document does not load: %v", err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("the document is not valid OpenAPI: %v", err)
	}
	return doc
}

func bodyOf(t *testing.T, r *http.Response) []byte {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestACommandIsAnsweredAndARepeatGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	h := newHouse().handler(t)
	const body = `{"user":"ann","room":"general","text":"list","key":"k1"}`
	first := ask(t, h, http.MethodPost, "/api/v1/commands", body)
	again := ask(t, h, http.MethodPost, "/api/v1/commands", body)
	if first.StatusCode != http.StatusOK || first.Header.Get("Tocsin-Repeat") != "" {
		t.Errorf("first answer: status %d, repeat %q", first.StatusCode, first.Header.Get("Tocsin-Repeat"))
	}
	if again.Header.Get("Tocsin-Repeat") != "1" {
		t.Error("the repeat is not marked")
	}
	a, b := bodyOf(t, first), bodyOf(t, again)
	if !bytes.Equal(a, b) {
		t.Errorf("the repeat differs:\n%s%s", a, b)
	}
	if !bytes.Contains(a, []byte(`"text":"heard: list"`)) {
		t.Errorf("answer: %s", a)
	}
}

func TestEveryKindHasItsStatus(t *testing.T) {
	t.Parallel()
	want := map[fault.Kind]int{
		fault.Invalid: 400, fault.NotFound: 404, fault.Conflict: 409, fault.Forbidden: 403,
		fault.Unavailable: 503, fault.Unknown: 503, fault.Rejected: 422, fault.Internal: 500,
	}
	h := newHouse().handler(t)
	for _, k := range fault.Kinds() {
		got := ask(t, h, http.MethodPost, "/api/v1/commands", `{"user":"ann","text":"fail `+k.String()+`","key":"`+k.String()+`"}`)
		if got.StatusCode != want[k] || want[k] == 0 {
			t.Errorf("%s: status %d, want %d", k, got.StatusCode, want[k])
		}
		var out struct{ Kind string }
		if err := json.Unmarshal(bodyOf(t, got), &out); err != nil || out.Kind != k.String() {
			t.Errorf("%s: kind %q (%v)", k, out.Kind, err)
		}
	}
}

func TestBadInputGetsOneSentenceAndAnExample(t *testing.T) {
	t.Parallel()
	h := newHouse().handler(t)
	for name, body := range map[string]string{
		"no JSON": "checkout is down", "no key": `{"user":"ann","text":"x"}`, "no user": `{"text":"x","key":"k"}`,
		"a key with a newline": `{"user":"ann","text":"x","key":"a\nb"}`, "a long key": `{"user":"ann","text":"x","key":"` + strings.Repeat("k", 121) + `"}`,
		"an unknown user": `{"user":"nobody","text":"x","key":"k"}`, "broken UTF-8": "{\"user\":\"ann\xff\",\"text\":\"x\",\"key\":\"k\"}", "empty": " ",
	} {
		got := ask(t, h, http.MethodPost, "/api/v1/commands", body)
		var out struct{ Kind, Text, Try string }
		if err := json.Unmarshal(bodyOf(t, got), &out); err != nil || got.StatusCode != http.StatusBadRequest || out.Kind != "invalid" || out.Text == "" || out.Try == "" {
			t.Errorf("%s: status %d, %+v, %v", name, got.StatusCode, out, err)
		}
	}
}

func TestABodyOverOneMebibyteIsRefused(t *testing.T) {
	t.Parallel()
	got := ask(t, newHouse().handler(t), http.MethodPost, "/api/v1/commands", `{"user":"ann","key":"k","text":"`+strings.Repeat("x", web.MaxBody)+`"}`)
	if got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", got.StatusCode)
	}
}

func TestNothingIsSaidWithoutTheToken(t *testing.T) {
	t.Parallel()
	h := newHouse().handler(t)
	for _, path := range []string{"/api/v1/incidents", "/api/v1/incidents/INC-1", "/api/v1/incidents/INC-1/timeline", "/api/v1/report"} {
		for _, auth := range []string{"", "Bearer", "Bearer wrong", "Basic " + token, "Bearer " + token + "x"} {
			got := ask(t, h, http.MethodGet, path, "", "Authorization", auth)
			if got.StatusCode != http.StatusUnauthorized || bytes.Contains(bodyOf(t, got), []byte("checkout")) {
				t.Errorf("%s with %q: status %d", path, auth, got.StatusCode)
			}
		}
	}
}

func TestAPrivateIncidentIsThereForItsMembersOnly(t *testing.T) {
	t.Parallel()
	h := newHouse().handler(t)
	for _, path := range []string{"/api/v1/incidents/INC-2", "/api/v1/incidents/bb", "/api/v1/incidents/INC-2/timeline"} {
		never := bodyOf(t, ask(t, h, http.MethodGet, strings.NewReplacer("INC-2", "INC-77", "bb", "cc").Replace(path), ""))
		for _, as := range []string{"", "?as=bob"} {
			got := ask(t, h, http.MethodGet, path+as, "")
			if b := bodyOf(t, got); got.StatusCode != http.StatusNotFound || !bytes.Equal(b, never) {
				t.Errorf("%s%s: status %d, %s; a number never given: %s", path, as, got.StatusCode, b, never)
			}
		}
		if got := ask(t, h, http.MethodGet, path+"?as=ann", ""); got.StatusCode != http.StatusOK {
			t.Errorf("%s: its member got %d", path, got.StatusCode)
		}
	}
	if b := bodyOf(t, ask(t, h, http.MethodGet, "/api/v1/incidents", "")); bytes.Contains(b, []byte("salaries")) || !bytes.Contains(b, []byte("checkout")) {
		t.Errorf("the list: %s", b)
	}
	if b := bodyOf(t, ask(t, h, http.MethodGet, "/api/v1/incidents?as=ann", "")); !bytes.Contains(b, []byte("salaries")) {
		t.Errorf("the member's list: %s", b)
	}
}

func TestAListIsReadInPages(t *testing.T) {
	t.Parallel()
	h := newHouse().handler(t)
	var first, second struct {
		Incidents []struct{ Number string }
		After     int
	}
	if err := json.Unmarshal(bodyOf(t, ask(t, h, http.MethodGet, "/api/v1/incidents?as=ann&limit=1", "")), &first); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(bodyOf(t, ask(t, h, http.MethodGet, "/api/v1/incidents?as=ann&limit=1&after=2", "")), &second); err != nil {
		t.Fatal(err)
	}
	if first.After != 2 || first.Incidents[0].Number != "INC-2" || second.Incidents[0].Number != "INC-1" {
		t.Errorf("pages: %+v, %+v", first, second)
	}
	if got := ask(t, h, http.MethodGet, "/api/v1/incidents?limit=many", ""); got.StatusCode != http.StatusBadRequest {
		t.Errorf("limit=many: %d", got.StatusCode)
	}
}

func TestACommandThatTakesTooLongIsNeverCalledDone(t *testing.T) {
	t.Parallel()
	home := newHouse()
	home.block = make(chan struct{})
	defer close(home.block)
	got := ask(t, home.handler(t), http.MethodPost, "/api/v1/commands", `{"user":"ann","text":"x","key":"slow"}`)
	var out struct{ Kind, Text string }
	if err := json.Unmarshal(bodyOf(t, got), &out); err != nil || got.StatusCode != http.StatusServiceUnavailable || out.Kind != "unknown" {
		t.Errorf("status %d, %+v, %v", got.StatusCode, out, err)
	}
}

func TestHealthTellsStuckFromNotReady(t *testing.T) {
	t.Parallel()
	home := newHouse()
	if got := ask(t, home.handler(t), http.MethodGet, "/readyz", ""); got.StatusCode != http.StatusOK {
		t.Errorf("ready: %d", got.StatusCode)
	}
	home.ready = false
	if got := ask(t, home.handler(t), http.MethodGet, "/readyz", ""); got.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("not ready: %d", got.StatusCode)
	}
	if got := ask(t, home.handler(t), http.MethodGet, "/healthz", ""); got.StatusCode != http.StatusOK {
		t.Errorf("alive: %d", got.StatusCode)
	}
}

func TestErasingTakesOnePersonOrOneIncident(t *testing.T) {
	t.Parallel()
	h := newHouse().handler(t)
	for body, want := range map[string]int{
		`{"person":"ann"}`: 200, `{"incident":"INC-1"}`: 200, `{"person":"nobody"}`: 404,
		`{"person":"ann","incident":"INC-1"}`: 400, `{}`: 400, `[]`: 400,
	} {
		if got := ask(t, h, http.MethodPost, "/api/v1/erase", body); got.StatusCode != want {
			t.Errorf("%s: %d, want %d", body, got.StatusCode, want)
		}
	}
}
