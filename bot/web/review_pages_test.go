package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tocsin/bot/web"
	"tocsin/incident/fault"
	"tocsin/incident/review"
)

func TestAChangeIsAnswered(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	edit := func(key, text string, before int) *httptest.ResponseRecorder {
		return k.ask("p-ann", http.MethodPost, "/reviews/INC-7/change", fmt.Sprintf(`{"key":%q,"do":"edit","line":"summary/what","text":%q,"before":%d}`, key, text, before))
	}
	type answer struct {
		Version  uint64
		Line     struct{ ID, HTML string }
		Conflict struct {
			Text, By string
			Version  uint64
		}
	}
	read := func(rec *httptest.ResponseRecorder) (a answer) {
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	first := edit("k1", "  Checkout\nfailed. ", 0)
	a := read(first)
	if first.Code != 200 || a.Version != 11 || !strings.Contains(a.Line.HTML, `data-text="Checkout failed."`) {
		t.Fatalf("%d %s", first.Code, first.Body)
	}
	if again := edit("k1", "Checkout failed.", 0); again.Code != 200 || read(again).Version != a.Version || len(k.s.edits) != 1 {
		t.Errorf("the same key again: %d, %d changes", again.Code, len(k.s.edits))
	}
	late := edit("k2", "Something else.", 0)
	if c := read(late).Conflict; late.Code != 409 || c.Text != "Checkout failed." || c.By != "Ann Okafor" || c.Version != 11 {
		t.Errorf("over an old text: %d %s", late.Code, late.Body)
	}
	k.s.fail = fault.New(fault.Unavailable, "The store does not answer.")
	if lost := edit("k3", "Third.", 11); lost.Code != 503 {
		t.Errorf("while the store is away: %d", lost.Code)
	}
	k.s.fail = errors.New("bad luck")
	if bug := edit("k4", "Fourth.", 12); bug.Code != 500 || strings.Contains(bug.Body.String(), "luck") {
		t.Errorf("a bug of ours: %d %s", bug.Code, bug.Body)
	}
	for name, body := range map[string]string{
		"no JSON": "text=x", "no key": `{"do":"edit"}`, "a long key": `{"key":"` + strings.Repeat("k", 121) + `","do":"edit"}`,
		"an unknown change": `{"key":"k","do":"explode"}`, "a long line": `{"key":"k","do":"edit","text":"` + strings.Repeat("ä", 4001) + `"}`,
		"far too much": `{"key":"k","do":"edit","text":"` + strings.Repeat("x", 300<<10) + `"}`,
	} {
		got := k.ask("p-ann", http.MethodPost, "/reviews/INC-7/change", body)
		var p struct{ Kind, Text string }
		if err := json.Unmarshal(got.Body.Bytes(), &p); err != nil || got.Code != 400 || p.Kind != "invalid" || p.Text == "" {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
	if got := k.ask("p-cleo", http.MethodPost, "/reviews/INC-7/change", `{"key":"c","do":"remove","line":"summary/what"}`); got.Code != 403 {
		t.Errorf("one who may only read: %d", got.Code)
	}
}

func TestWhoMayOnlyReadIsOfferedNothingToPress(t *testing.T) {
	t.Parallel()
	body := knockers(t, "").ask("p-cleo", http.MethodGet, "/reviews/INC-7", "").Body.String()
	for _, bad := range []string{`data-may=`, `data-do="edit"`, `data-do="add"`, `data-do="move"`, `data-do="take"`} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	if !strings.Contains(body, "You can read this review.") {
		t.Error("it does not say so")
	}
}

func TestOneReviewHasOneAddress(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	for _, name := range []string{"7", "aa"} {
		if got := k.ask("p-ann", http.MethodGet, "/reviews/"+name, ""); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/reviews/INC-7" {
			t.Errorf("%s: %d %v", name, got.Code, got.Header())
		}
	}
}

func TestTheReviewIsHandedOutAsAFile(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	for form, kind := range map[string]string{"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8", "json": "application/json; charset=utf-8"} {
		got := k.ask("p-cleo", http.MethodGet, "/reviews/INC-7/file/"+form, "")
		if got.Code != 200 || got.Header().Get("Content-Type") != kind || got.Header().Get("Content-Disposition") != `attachment; filename="review-INC-7.`+form+`"` ||
			!strings.Contains(got.Body.String(), "Checkout failed.") {
			t.Errorf("%s: %d %v %s", form, got.Code, got.Header(), got.Body)
		}
	}
	if got := k.ask("p-cleo", http.MethodGet, "/reviews/INC-7/file/exe", ""); got.Code != 404 {
		t.Errorf("another form: %d", got.Code)
	}
}

func TestOnlyPicturesAreHandedOutAsPictures(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	for name, want := range map[string]int{"shot": 200, "nothing": 404, "page": 404} {
		if got := k.ask("p-ann", http.MethodGet, "/reviews/INC-7/pictures/"+name, ""); got.Code != want {
			t.Errorf("%s: %d, want %d", name, got.Code, want)
		}
	}
}

func TestFoldedTalkIsHandedOutInParts(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	k.s.stir(func(p *web.ReviewPage) {
		for i := range 300 {
			p.Talk = append(p.Talk, web.ReviewMessage{ID: fmt.Sprintf("z%03d", i), At: at("15:30"), Author: "Cleo Marsh", Text: "more"})
		}
	})
	if page := k.ask("p-ann", http.MethodGet, "/reviews/INC-7", "").Body.String(); strings.Contains(page, "t-z150") || !strings.Contains(page, "Show 301 more") {
		t.Error("a long run of talk is not folded")
	}
	got := k.ask("p-ann", http.MethodGet, "/reviews/INC-7/talk?from=z000&count=300", "").Body.String()
	if n := strings.Count(got, `class="message"`); n != 200 || !strings.Contains(got, "Show 100 more") {
		t.Errorf("%d messages", n)
	}
	for _, bad := range []string{"", "from=z000", "from=nobody&count=3", "from=z000&count=-1", "from=z000&count=x"} {
		if got := k.ask("p-ann", http.MethodGet, "/reviews/INC-7/talk?"+bad, ""); got.Code != 400 {
			t.Errorf("%q: %d", bad, got.Code)
		}
	}
}

func TestTheAPIGivesTheReview(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.page.Private = true
	s.page.Versions = []web.ReviewVersion{{Number: 1, At: at("16:00"), By: "Bo Lindqvist"}}
	h := web.Handler(web.Options{
		Token: token, People: newHouse(), Reads: newHouse(), Health: newHouse(), Now: noon, Log: slog.New(slog.DiscardHandler), Reviews: s, ReviewKey: reviewKey,
	})
	got := ask(t, h, http.MethodGet, "/api/v1/incidents/INC-7/review?as=ann", "")
	var out struct {
		Incident, State string
		Sections        []struct {
			Key   string
			Lines []struct {
				Text    string
				Sources []string
			}
		}
		Sources []struct{ ID, Text string }
	}
	if err := json.Unmarshal(bodyOf(t, got), &out); err != nil || got.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v", got.StatusCode, err)
	}
	if out.Incident != "INC-7" || out.State != "drafted" || out.Sections[1].Key != string(review.Summary) || out.Sections[1].Lines[0].Sources[0] != "m02" || out.Sources[0].ID != "m02" {
		t.Errorf("%+v", out)
	}
	never := bodyOf(t, ask(t, h, http.MethodGet, "/api/v1/incidents/INC-99/review", ""))
	for _, as := range []string{"", "?as=dora"} {
		private := ask(t, h, http.MethodGet, "/api/v1/incidents/INC-7/review"+as, "")
		if b := bodyOf(t, private); private.StatusCode != http.StatusNotFound || !bytes.Equal(b, never) {
			t.Errorf("for %q a private one is %d %s", as, private.StatusCode, b)
		}
	}
	if got := ask(t, newHouse().handler(t), http.MethodGet, "/api/v1/incidents/INC-7/review", ""); got.StatusCode != http.StatusNotFound {
		t.Errorf("a house without reviews: %d", got.StatusCode)
	}
}
