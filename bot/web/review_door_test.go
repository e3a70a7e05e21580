package web_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/incident/redact"
)

func TestAPassOpensForItsPersonAndItsWeekOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		person := incident.PersonID(rapid.StringN(1, 40, -1).Draw(t, "person"))
		key := redact.Secret(rapid.StringN(1, 40, -1).Draw(t, "key"))
		pass := web.Pass(key, person, noon())
		age := time.Duration(rapid.Int64Range(0, int64(web.PassFor-time.Second)).Draw(t, "age"))
		got, until, ok := web.Who(key, pass, noon().Add(age))
		if !ok || got != person || !until.Equal(noon().Add(web.PassFor)) {
			t.Fatalf("after %s it opens for %q until %s (%v)", age, got, until, ok)
		}
		if _, _, ok := web.Who(key, pass, noon().Add(web.PassFor)); ok {
			t.Fatal("it opens after its week")
		}
		if _, _, ok := web.Who(key+"x", pass, noon()); ok {
			t.Fatal("it opens under another key")
		}
		b := []byte(pass)
		i := rapid.IntRange(0, len(b)-1).Draw(t, "place")
		b[i] = rapid.Byte().Filter(func(c byte) bool { return c != b[i] }).Draw(t, "byte")
		who, _, ok := web.Who(key, string(b), noon())
		if ok && (who != person || !sameBytes(pass, string(b))) {
			t.Fatalf("a changed pass %q opens for %q", b, who)
		}
	})
	for _, bad := range []string{"", ".", "a.b", "..", strings.Repeat("x", 5000)} {
		if _, _, ok := web.Who("key", bad, noon()); ok {
			t.Errorf("%.20q opens", bad)
		}
	}
	if _, _, ok := web.Who("", web.Pass("", "p-ann", noon()), noon()); ok {
		t.Error("without a key everybody's pass opens")
	}
}

// sameBytes holds when two passes stand for the same bytes: the last letter of
// base64 has bits that mean nothing.
func sameBytes(a, b string) bool {
	for i := range 2 {
		x, _ := base64.RawURLEncoding.DecodeString(strings.Split(a, ".")[i])
		y, err := base64.RawURLEncoding.DecodeString(strings.Split(b+".", ".")[i])
		if err != nil || !bytes.Equal(x, y) {
			return false
		}
	}
	return true
}

// knocker asks the pages of the reviews.
type knocker struct {
	t *testing.T
	s *shelf
	h http.Handler
}

func knockers(t *testing.T, address string) *knocker {
	t.Helper()
	s := newShelf()
	return &knocker{t: t, s: s, h: web.Handler(web.Options{
		Token: token, People: newHouse(), Reads: newHouse(), Health: newHouse(), Now: noon, Log: slog.New(slog.DiscardHandler),
		Reviews: s, ReviewKey: reviewKey, Address: address,
	})}
}

// ask sends one request as a person ("" for a stranger).
func (k *knocker) ask(as incident.PersonID, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	k.t.Helper()
	req := httptest.NewRequestWithContext(k.t.Context(), method, "http://tocsin.example.org"+path, strings.NewReader(body))
	if as != "" {
		req.AddCookie(&http.Cookie{Name: "tocsin_reviews", Value: web.Pass(reviewKey, as, noon())})
	}
	if method == http.MethodPost {
		req.Header.Set("Origin", "http://tocsin.example.org")
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	k.h.ServeHTTP(rec, req)
	return rec
}

func TestAPersonalLinkBecomesACookie(t *testing.T) {
	t.Parallel()
	for address, secure := range map[string]bool{"": false, "http://tocsin.example.org": false, "https://tocsin.example.org": true} {
		k := knockers(t, address)
		pass := web.Pass(reviewKey, "p-ann", noon().Add(-24*time.Hour))
		got := k.ask("", http.MethodGet, "/reviews/INC-7?x=1&key="+pass, "")
		if at := got.Header().Get("Location"); got.Code != http.StatusSeeOther || at != "/reviews/INC-7?x=1" {
			t.Errorf("%s: %d to %q, want a redirect without the key", address, got.Code, at)
		}
		c := got.Result().Cookies()
		if len(c) != 1 || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/reviews" || c[0].Secure != secure {
			t.Fatalf("%s: cookies %+v", address, c)
		}
		if left := time.Duration(c[0].MaxAge) * time.Second; left != 6*24*time.Hour {
			t.Errorf("%s: the cookie is kept %s, want as long as the pass opens", address, left)
		}
		if after := k.ask("", http.MethodGet, "/reviews/INC-7", "", "Cookie", c[0].Name+"="+c[0].Value); after.Code != http.StatusOK || !strings.Contains(after.Body.String(), "Ann Okafor") {
			t.Errorf("%s: with the cookie: %d", address, after.Code)
		}
	}
}

func TestALinkOntoAnotherHostStaysHere(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	got := k.ask("", http.MethodGet, "/reviews//evil.example.org/%2e%2e/x?key="+web.Pass(reviewKey, "p-ann", noon()), "")
	if at := got.Header().Get("Location"); strings.HasPrefix(at, "//") || strings.Contains(at, ":") || !strings.HasPrefix(at, "/reviews/") {
		t.Errorf("it leads to %q", at)
	}
}

func TestAStrangerSeesNothingOfAnyReview(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	paths := []string{"/reviews", "/reviews/INC-7", "/reviews/INC-99", "/reviews/INC-7/stream", "/reviews/INC-7/talk?from=m01&count=3", "/reviews/INC-7/file/md", "/reviews/INC-7/pictures/a", "/reviews/INC-7/nowhere"}
	old := web.Pass(reviewKey, "p-ann", noon().Add(-web.PassFor))
	for _, path := range paths {
		first := ""
		for _, cookie := range []string{"", "tocsin_reviews=" + old, "tocsin_reviews=nonsense", "tocsin_reviews=" + web.Pass("another key", "p-ann", noon())} {
			got := k.ask("", http.MethodGet, path, "", "Cookie", cookie, "Accept", "text/html")
			if got.Code != http.StatusUnauthorized || strings.Contains(got.Body.String(), "checkout") || !strings.Contains(got.Body.String(), "/incident review") {
				t.Errorf("%s with %.20q: %d %s", path, cookie, got.Code, got.Body)
			}
			if first == "" {
				first = got.Body.String()
			}
			if got.Body.String() != first {
				t.Errorf("%s: two strangers are answered differently", path)
			}
		}
	}
	if got := k.ask("", http.MethodPost, "/reviews/INC-7/change", `{"key":"k","do":"move","state":"published"}`); got.Code != http.StatusUnauthorized || len(k.s.edits) != 0 {
		t.Errorf("a stranger's change: %d", got.Code)
	}
	if got := k.ask("", http.MethodGet, "/reviews/INC-7?key="+old, "", "Accept", "text/html"); got.Code != http.StatusUnauthorized || !strings.Contains(got.Body.String(), "does not open any more") {
		t.Errorf("an old link: %d", got.Code)
	}
	if got := k.ask("p-ann", http.MethodGet, "/reviews/INC-7?key="+old, ""); got.Code != http.StatusSeeOther {
		t.Errorf("an old link of somebody who is in: %d", got.Code)
	}
}

func TestAPrivateReviewIsOneThatNeverWas(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	k.s.stir(func(p *web.ReviewPage) { p.Private = true })
	for _, path := range []string{"", "/stream", "/talk?from=m01&count=3", "/file/md", "/file/html", "/file/json", "/pictures/a"} {
		for _, accept := range []string{"text/html", "application/json"} {
			private := k.ask("p-dora", http.MethodGet, "/reviews/INC-7"+path, "", "Accept", accept)
			never := k.ask("p-dora", http.MethodGet, "/reviews/INC-99"+path, "", "Accept", accept)
			if private.Code != http.StatusNotFound || private.Body.String() != never.Body.String() || fmt.Sprint(private.Header()) != fmt.Sprint(never.Header()) {
				t.Errorf("%s: %d %v %s; of one that never was: %d %s", path, private.Code, private.Header(), private.Body, never.Code, never.Body)
			}
		}
	}
	const change = `{"key":"k","do":"edit","line":"summary/what","text":"x"}`
	private, never := k.ask("p-dora", http.MethodPost, "/reviews/INC-7/change", change), k.ask("p-dora", http.MethodPost, "/reviews/INC-99/change", change)
	if private.Code != http.StatusNotFound || private.Body.String() != never.Body.String() {
		t.Errorf("a change: %d %s, %s", private.Code, private.Body, never.Body)
	}
	if got := k.ask("p-ann", http.MethodGet, "/reviews/INC-7", ""); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "private") {
		t.Errorf("its member: %d", got.Code)
	}
}

func TestChangesComeFromOurOwnPagesOnly(t *testing.T) {
	t.Parallel()
	const change = `{"key":"k","do":"edit","line":"summary/what","text":"x"}`
	for name, c := range map[string]struct {
		address string
		headers []string
		want    int
	}{
		"our page":                      {"", nil, 200},
		"our page, as browsers tell":    {"", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		"our address before a proxy":    {"https://in.example.org", []string{"Origin", "https://in.example.org"}, 200},
		"another site":                  {"", []string{"Origin", "https://evil.example.org"}, 403},
		"another site of ours":          {"", []string{"Sec-Fetch-Site", "same-site"}, 403},
		"no origin":                     {"", []string{"Origin", ""}, 403},
		"a page without an origin":      {"", []string{"Origin", "null"}, 403},
		"a name that ends like ours":    {"", []string{"Origin", "http://eviltocsin.example.org"}, 403},
		"another kind of address":       {"", []string{"Origin", "file://tocsin.example.org"}, 403},
		"a form of another kind":        {"", []string{"Content-Type", "text/plain"}, 400},
		"the API token needs no page":   {"", []string{"Origin", "", "Authorization", "Bearer " + token}, 403}, // as nobody: no right to edit
		"a wrong token is no visitor":   {"", []string{"Origin", "", "Authorization", "Bearer wrong"}, 401},
		"a wrong token beside a cookie": {"", []string{"Authorization", "Bearer wrong"}, 401},
	} {
		k := knockers(t, c.address)
		got := k.ask("p-ann", http.MethodPost, "/reviews/INC-7/change", change, c.headers...)
		if got.Code != c.want || (got.Code == 200) != (len(k.s.edits) == 1) {
			t.Errorf("%s: %d with %d changes, want %d: %s", name, got.Code, len(k.s.edits), c.want, got.Body)
		}
	}
}

func TestNoWordBecomesMarkup(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'` + "\u202e"
	k := knockers(t, "")
	k.s.stir(func(p *web.ReviewPage) {
		p.Title, p.Assignee, p.Severity, p.Status, p.Room = evil, evil, evil, evil, "javascript:alert(1)"
		for i := range p.Talk {
			p.Talk[i].Text, p.Talk[i].Author, p.Talk[i].Link = evil+"```"+evil+"```", evil, "javascript:alert(1)"
			p.Talk[i].Pictures = []string{evil}
		}
		for i := range p.Sections {
			p.Sections[i].Title = evil
			for j := range p.Sections[i].Lines {
				l := &p.Sections[i].Lines[j]
				l.Key, l.Text, l.Machine, l.Who, l.By, l.Mark, l.Owner, l.Class, l.Image, l.Version = strings.TrimSuffix(evil, "\u202e")+l.Key, evil, evil+"!", evil, evil, evil, evil, evil, evil, 3
			}
		}
		for i := range p.Candidates {
			p.Candidates[i].Text, p.Candidates[i].Author = evil, evil
		}
		p.Versions = []web.ReviewVersion{{Number: 1, By: evil, Where: []string{"javascript:alert(1)", "https://x.example.org/" + evil}}}
	})
	k.s.hits[0].Title, k.s.hits[0].Snippet, k.s.hits[0].Number = evil, evil, evil
	for _, path := range []string{"/reviews/INC-7", "/reviews", "/reviews?q=" + "%22%3E%3Cscript%3E"} {
		body := k.ask("p-ann", http.MethodGet, path, "").Body.String()
		for _, bad := range []string{"<script>", "<img src=x", `href="javascript:`, "\u202e", " style=", " onclick=", "<style"} {
			if strings.Contains(strings.ToLower(body), bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
		if path == "/reviews/INC-7" && !strings.Contains(body, "&lt;script&gt;") {
			t.Error("the words are not there")
		}
	}
}

func TestThePagesPolicyIsStrict(t *testing.T) {
	t.Parallel()
	k := knockers(t, "")
	for _, path := range []string{"/reviews", "/reviews/INC-7", "/reviews/INC-99", "/reviews/INC-7/file/html"} {
		h := k.ask("p-ann", http.MethodGet, path, "").Header()
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe-eval") || strings.Contains(csp, "script-src 'unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}
