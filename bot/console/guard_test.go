package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/bot/console"
)

// knock sends a request straight to a console's handler.
func knock(s *site, method, target string, head map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(url.Values{"key": {"key-00000001"}, "room": {"general"}, "text": {"hello"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, v := range head {
		if k == "Host" {
			r.Host = v
			continue
		}
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func TestGuard(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, method, target string
		head                 map[string]string
		want                 int
	}{
		{"a page by its loopback name", "GET", "http://localhost:8080/console/r/general", nil, 200},
		{"a page by its loopback address", "GET", "http://127.0.0.1:8080/console/r/general", nil, 200},
		{"a page by its other loopback address", "GET", "http://[::1]:8080/console/r/general", nil, 200},
		{"a page by a name that somebody points here", "GET", "http://rebound.example:8080/console/r/general", nil, 421},
		{"a page by the address of another machine", "GET", "http://10.0.0.7:8080/console/r/general", nil, 421},
		{"a link from another site", "GET", "http://localhost/console/r/general", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200},
		{"a script of another site reading", "GET", "http://localhost/console/complete?room=general&text=/i", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403},
		{"another site listening to the stream", "GET", "http://localhost/console/stream?room=general", map[string]string{"Origin": "http://evil.example"}, 403},
		{"a neighbour on another port listening", "GET", "http://localhost:8080/console/stream?room=general", map[string]string{"Origin": "http://localhost:9999"}, 403},
		{"our own page posting", "POST", "http://localhost:8080/console/say", map[string]string{"Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}, 200},
		{"a post that does not say where it is from", "POST", "http://localhost/console/say", nil, 403},
		{"a post from another site", "POST", "http://localhost/console/say", map[string]string{"Origin": "http://evil.example"}, 403},
		{"a post from a sandbox", "POST", "http://localhost/console/say", map[string]string{"Origin": "null"}, 403},
		{"a post from a neighbour on another port", "POST", "http://localhost:8080/console/say", map[string]string{"Origin": "http://localhost:9999"}, 403},
		{"a post that the browser calls foreign", "POST", "http://localhost/console/say", map[string]string{"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"}, 403},
		{"a rebound post", "POST", "http://rebound.example/console/say", map[string]string{"Origin": "http://rebound.example"}, 421},
		{"nothing at all", "GET", "http://localhost/console/nothing", nil, 404},
		{"a way of asking that there is not", "DELETE", "http://localhost/console/say", map[string]string{"Origin": "http://localhost"}, 405},
	}
	s := open(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := knock(s, tt.method, tt.target, tt.head); got.Code != tt.want {
				t.Errorf("%s %s gave %d, want %d: %.200s", tt.method, tt.target, got.Code, tt.want, got.Body)
			}
		})
	}
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	s := open(t, func(o *console.Options) { o.Origin = "https://tocsin.example" })
	if got := knock(s, "GET", "http://tocsin.example/console/r/general", nil); got.Code != 200 {
		t.Errorf("the console's own name gave %d", got.Code)
	}
	if got := knock(s, "POST", "http://tocsin.example/console/say", map[string]string{"Origin": "https://tocsin.example"}); got.Code != 200 {
		t.Errorf("a post from its own page gave %d: %s", got.Code, got.Body)
	}
	if got := knock(s, "POST", "http://tocsin.example/console/say", map[string]string{"Origin": "https://evil.example"}); got.Code != 403 {
		t.Errorf("a post from another site gave %d", got.Code)
	}
	if got := knock(s, "GET", "http://evil.example/console/r/general", nil); got.Code != 421 {
		t.Errorf("another name gave %d", got.Code)
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	const token = "s3cret-of-this-start"
	s := open(t, func(o *console.Options) { o.Token = token })
	html := map[string]string{"Accept": "text/html"}

	if got := knock(s, "GET", "http://localhost/console/r/general", html); got.Code != 401 || !strings.Contains(got.Body.String(), "address that tocsin printed") {
		t.Errorf("without the token: %d %s", got.Code, got.Body)
	}
	for _, path := range []string{"/console/stream?room=general", "/console/rooms", "/console/older?room=general", "/console/thread?room=general", "/console/complete?room=general", "/console/waiting"} {
		if got := knock(s, "GET", "http://localhost"+path, nil); got.Code != 401 {
			t.Errorf("%s without the token gave %d", path, got.Code)
		}
	}
	if got := knock(s, "POST", "http://localhost/console/say", map[string]string{"Origin": "http://localhost"}); got.Code != 401 {
		t.Errorf("a post without the token gave %d", got.Code)
	}
	if got := knock(s, "GET", "http://localhost/?token=wrong", html); got.Code != 401 || len(got.Result().Cookies()) != 0 {
		t.Errorf("a wrong token gave %d and cookies %v", got.Code, got.Result().Cookies())
	}

	got := knock(s, "GET", "http://localhost/console/r/general?as=bo&token="+token, html)
	cookies := got.Result().Cookies()
	if got.Code != 200 || len(cookies) != 1 {
		t.Fatalf("the right token gave %d and cookies %v", got.Code, cookies)
	}
	c := cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || strings.Contains(c.Value, token) {
		t.Errorf("the cookie is %+v", c)
	}
	body := got.Body.String()
	if strings.Contains(body, token) || !strings.Contains(body, `content="0;url=/console/r/general?as=bo"`) || got.Header().Get("Referrer-Policy") == "" {
		t.Errorf("it is not sent on without the token: %s", body)
	}
	with := map[string]string{"Cookie": c.Name + "=" + c.Value}
	if got := knock(s, "GET", "http://localhost/console/r/general", with); got.Code != 200 {
		t.Errorf("the cookie gave %d", got.Code)
	}
	if got := knock(s, "GET", "http://localhost/console/r/general", map[string]string{"Cookie": c.Name + "=guess"}); got.Code != 401 {
		t.Errorf("a guessed cookie gave %d", got.Code)
	}
	again := open(t, func(o *console.Options) { o.Token = token })
	if got := knock(again, "GET", "http://localhost/console/r/general", with); got.Code != 200 {
		t.Errorf("another replica with the same token gave %d", got.Code)
	}
	other := open(t, func(o *console.Options) { o.Token = "another" })
	if got := knock(other, "GET", "http://localhost/console/r/general", with); got.Code != 401 {
		t.Errorf("a console with another token gave %d", got.Code)
	}
}

func TestTokenLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := open(t, func(o *console.Options) { o.Token = "t" })
	for _, target := range []string{"http://localhost//evil.example/?token=t", `http://localhost/\evil.example/?token=t`} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
		u, err := url.Parse(target)
		if err != nil {
			continue
		}
		r.URL, r.Host = u, "localhost"
		w := httptest.NewRecorder()
		s.Guard(http.NotFoundHandler()).ServeHTTP(w, r)
		if m := regexp.MustCompile(`url=([^"]*)`).FindStringSubmatch(w.Body.String()); m == nil || strings.HasPrefix(m[1], "//") || strings.HasPrefix(m[1], `/\`) {
			t.Errorf("%s leads to %q", target, m)
		}
	}
}

func TestPanelsAreGuarded(t *testing.T) {
	t.Parallel()
	s := open(t, func(o *console.Options) { o.Token = "t" })
	reached := 0
	panel := s.Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	r := httptest.NewRequest(http.MethodPost, "http://localhost/practice/", nil)
	r.Header.Set("Origin", "http://localhost")
	panel.ServeHTTP(httptest.NewRecorder(), r)
	if reached != 0 {
		t.Error("a panel was reached without the cookie")
	}
}

// TestPagesBringNothingAlong holds every page to its own strict policy: no
// script, style or address from elsewhere.
func TestPagesBringNothingAlong(t *testing.T) {
	t.Parallel()
	s := open(t)
	ref, err := s.Post(t.Context(), chat.Post{Key: "k", Room: "general", Message: card("INC-7", "checkout", newClock().at)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Post(t.Context(), chat.Post{Key: "k2", Room: "general", Thread: ref.ID, Message: words("a reply")}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/console/r/general?thread=" + ref.ID, "/console/nothing", "/console/thread?room=general&thread=" + ref.ID} {
		got := knock(s, "GET", "http://localhost"+path, map[string]string{"Accept": "text/html"})
		csp := got.Header().Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy %q does not say %s", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || got.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, got.Header())
		}
		for _, bad := range []string{`(?i)\sstyle=`, `(?i)<style`, `(?i)<script(?: type="module")?>`, `(?i)\son[a-z]+=`, `(?i)(?:src|<link[^>]*href)="(?:https?:)?//`} {
			if m := regexp.MustCompile(bad).FindString(got.Body.String()); m != "" {
				t.Errorf("%s holds %q", path, m)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	talk, c := open(t).talk, newClock()
	good := console.Options{Talk: talk, Now: c.now}
	if _, err := console.New(good); err != nil {
		t.Errorf("the least there must be: %v", err)
	}
	bad := map[string]func(*console.Options){
		"no talk":                       func(o *console.Options) { o.Talk = nil },
		"no clock":                      func(o *console.Options) { o.Now = nil },
		"an address without a scheme":   func(o *console.Options) { o.Origin = "tocsin.example" },
		"an address with a path":        func(o *console.Options) { o.Origin = "https://tocsin.example/x" },
		"a person with a strange name":  func(o *console.Options) { o.User = "Ann Okafor" },
		"a panel of another server":     func(o *console.Options) { o.Panels = []console.Panel{{Title: "x", Path: "//evil.example"}} },
		"a panel that is not a path":    func(o *console.Options) { o.Panels = []console.Panel{{Title: "x", Path: "https://evil.example"}} },
		"somebody to speak as, unnamed": func(o *console.Options) { o.People = []console.Person{{Name: "Ann"}} },
	}
	for name, spoil := range bad {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := good
			spoil(&o)
			if _, err := console.New(o); err == nil {
				t.Error("it was accepted")
			}
		})
	}
}
