package practice_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tocsin/integrations"
	"tocsin/integrations/practice"
)

// press presses a button of the panel.
func press(ctx context.Context, p *practice.Pager, key, do, by string) error {
	w := post(ctx, p, "page", url.Values{"key": {key}, "do": {do}, "by": {by}})
	if w.Code != http.StatusSeeOther {
		return errors.New(strings.TrimSpace(w.Body.String()))
	}
	return nil
}

func post(ctx context.Context, p *practice.Pager, what string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, practice.Path+what, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, r)
	return w
}

func look(t *testing.T, p *practice.Pager) string {
	t.Helper()
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, practice.Path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("the panel answered %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestPanelShowsPagesAndPeople(t *testing.T) {
	t.Parallel()
	p := open(t, newShelf(), newClock(), &desk{})
	if got := look(t, p); !strings.Contains(got, "No page yet") || !strings.Contains(got, "Mara Voss") {
		t.Errorf("an empty panel shows:\n%s", got)
	}
	mustPage(t, p, "k")
	mustPage(t, p, "k")
	got := look(t, p)
	for _, want := range []string{"INC-7: checkout is failing", "rings at Mara Voss", "Acknowledge as Mara Voss", "NOBODY WOKEN", "came 2 times"} {
		if !strings.Contains(got, want) {
			t.Errorf("the panel does not show %q:\n%s", want, got)
		}
	}
}

func TestPanelHasNoScriptAndNoMarkupFromOutside(t *testing.T) {
	t.Parallel()
	p := open(t, newShelf(), newClock(), &desk{})
	hostile := integrations.Page{Key: `k"><script>`, Target: "<b>team</b>", Summary: `<script>alert(1)</script><img onerror=x>`}
	if _, err := p.Page(t.Context(), hostile); err != nil {
		t.Fatal(err)
	}
	got := look(t, p)
	for _, never := range []string{"<script", "<img", "<b>", "style=", "onclick", "javascript:"} {
		if strings.Contains(got, never) {
			t.Errorf("the panel holds %q:\n%s", never, got)
		}
	}
}

func TestPanelButtons(t *testing.T) {
	t.Parallel()
	d := &desk{}
	c := newClock()
	p := open(t, newShelf(), c, d)
	mustPage(t, p, "k")
	for _, b := range []struct{ do, want string }{
		{"ring", "will go on ringing"},
		{"escalate", "rings at Idris Kane, level 2"},
		{"acknowledge", "acknowledged by Idris Kane"},
		{"resolve", "resolved by Idris Kane"},
	} {
		if err := press(t.Context(), p, "k", b.do, ""); err != nil {
			t.Fatalf("%s: %v", b.do, err)
		}
		if got := look(t, p); !strings.Contains(got, b.want) {
			t.Errorf("after %s the panel does not show %q:\n%s", b.do, b.want, got)
		}
	}
	if err := p.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(d.states()); got != 3 {
		t.Errorf("%d news were told, want the escalation, the acknowledgement and the end: %v", got, d.states())
	}
}

func TestPanelRefuses(t *testing.T) {
	t.Parallel()
	p := open(t, newShelf(), newClock(), &desk{})
	mustPage(t, p, "k")
	tests := []struct {
		name, what string
		form       url.Values
		want       int
	}{
		{"a page that is not there", "page", url.Values{"key": {"other"}, "do": {"acknowledge"}}, http.StatusNotFound},
		{"silence for a page that is not there", "page", url.Values{"key": {"other"}, "do": {"ring"}}, http.StatusNotFound},
		{"a button that is not there", "page", url.Values{"key": {"k"}, "do": {"explode"}}, http.StatusBadRequest},
		{"a fault that is not there", "fail", url.Values{"how": {"explode"}}, http.StatusBadRequest},
		{"a form too large", "fail", url.Values{"how": {strings.Repeat("x", 1<<20)}}, http.StatusBadRequest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if w := post(t.Context(), p, tt.what, tt.form); w.Code != tt.want {
				t.Errorf("it answered %d (%s), want %d", w.Code, w.Body, tt.want)
			}
		})
	}
}

func TestPanelSwitchesTheFault(t *testing.T) {
	t.Parallel()
	p := open(t, newShelf(), newClock(), &desk{})
	for _, f := range practice.Faults() {
		if w := post(t.Context(), p, "fail", url.Values{"how": {string(f)}}); w.Code != http.StatusSeeOther {
			t.Fatalf("switching to %q answered %d", f, w.Code)
		}
		if got := look(t, p); !strings.Contains(got, `value="`+string(f)+`" selected`) {
			t.Errorf("the panel does not show %q as chosen", f)
		}
		if got := p.Check(t.Context())[0].Level; (got == "ok") != (f == practice.Well) {
			t.Errorf("with %q the check says %q", f, got)
		}
	}
}

func TestOpenNeedsAShelfAndAClock(t *testing.T) {
	t.Parallel()
	if _, err := practice.Open(practice.Options{}); err == nil {
		t.Error("a pager without a shelf was opened")
	}
}

func TestEveryTeamHasPeople(t *testing.T) {
	t.Parallel()
	p := open(t, newShelf(), newClock(), &desk{})
	for _, team := range append(practice.Teams(), "a team of the policy") {
		lines, err := p.OnCall(t.Context(), team, newClock().now())
		if err != nil || len(lines) < 2 {
			t.Errorf("team %q has %d levels (err %v), want two or more", team, len(lines), err)
		}
		for _, l := range lines {
			if !strings.HasSuffix(l.Email, "@example.com") || !strings.HasPrefix(l.Phone, "+1 555 01") {
				t.Errorf("%q may reach somebody: %+v", l.Name, l)
			}
		}
	}
}
