package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// The door of the reviews.
const (
	reviewRoot   = "/reviews"
	reviewCookie = "tocsin_reviews"
	reviewBody   = 256 << 10 // the most bytes of one change
)

// reviewPolicy allows nothing but this server's own files: no script or style
// in the page, no frame around it.
const reviewPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// reviewPages are the pages under /reviews.
type reviewPages struct {
	*api
	assets reviewAssets
}

// visitor is who reads or writes, in this request.
type visitor struct {
	Person incident.PersonID
	Token  bool // came with the API token, not with a cookie
}

// mountReviews serves the pages of the reviews.
func (a *api) mountReviews(mux *http.ServeMux) {
	p := &reviewPages{api: a, assets: loadReviewAssets()}
	mux.HandleFunc("GET /reviews/assets/{version}/files/{file}", p.assets.serve)
	mux.Handle("GET /reviews", p.door(p.library))
	mux.Handle("GET /reviews/{$}", p.door(p.library))
	mux.Handle("GET /reviews/{id}", p.door(p.page))
	mux.Handle("GET /reviews/{id}/stream", p.door(p.stream))
	mux.Handle("GET /reviews/{id}/talk", p.door(p.talk))
	mux.Handle("GET /reviews/{id}/file/{form}", p.door(p.file))
	mux.Handle("GET /reviews/{id}/pictures/{name}", p.door(p.picture))
	mux.Handle("POST /reviews/{id}/change", p.door(p.change))
	mux.Handle("/reviews/", p.door(p.nowhere))
}

// door lets people in who carry a pass, and changes that our own pages ask for.
func (p *reviewPages) door(next func(http.ResponseWriter, *http.Request, visitor)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", reviewPolicy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "same-origin")
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Cache-Control", "no-store")
		if p.exchanged(w, r) {
			return
		}
		v, in, err := p.visitor(r)
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case err != nil:
			p.refuse(w, r, fault.KindOf(err).Status(), fault.Sentence(err), "")
		case !in:
			p.refuse(w, r, http.StatusUnauthorized, "This browser was not let in yet, or not for a week.", p.howIn())
		case !reads && !v.Token && !p.ourPage(r):
			p.refuse(w, r, http.StatusForbidden, "This request came from another site. Nothing was done.", "Use the page itself.")
		default:
			r.Body = http.MaxBytesReader(w, r.Body, reviewBody)
			next(w, r, v)
		}
	})
}

func (p *reviewPages) howIn() string {
	return "Say /" + p.verb() + " review in the incident's room: the answer has a link of your own, for a week."
}

func (p *reviewPages) verb() string {
	if p.Command == "" {
		return "incident"
	}
	return p.Command
}

// exchanged turns the token of an opened link into a cookie, and sends the
// browser on without it.
func (p *reviewPages) exchanged(w http.ResponseWriter, r *http.Request) bool {
	q := r.URL.Query()
	if !q.Has("key") || r.Method != http.MethodGet {
		return false
	}
	given := q.Get("key")
	now := p.Now()
	if _, until, ok := Who(p.ReviewKey, given, now); ok {
		http.SetCookie(w, &http.Cookie{
			Name: reviewCookie, Value: given, Path: reviewRoot, HttpOnly: true, SameSite: http.SameSiteLaxMode,
			Secure: strings.HasPrefix(p.Address, "https:"), MaxAge: int(until.Sub(now) / time.Second),
		})
	} else if _, in, _ := p.visitor(r); !in {
		p.refuse(w, r, http.StatusUnauthorized, "This link does not open any more.", p.howIn())
		return true
	}
	q.Del("key")
	to := url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, `/\`), RawQuery: q.Encode()}
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
	return true
}

// visitor finds who asks: by the cookie, or a script by the API token and `as`.
func (p *reviewPages) visitor(r *http.Request) (v visitor, in bool, err error) {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		want, got := sha256.Sum256([]byte(p.Token.Reveal())), sha256.Sum256([]byte(strings.TrimSpace(given)))
		if p.Token.Reveal() == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			return visitor{}, false, nil
		}
		as, err := p.People.As(r.Context(), r.URL.Query().Get("as"))
		return visitor{Person: as, Token: true}, err == nil, err
	}
	for _, k := range r.CookiesNamed(reviewCookie) {
		if person, _, ok := Who(p.ReviewKey, k.Value, p.Now()); ok {
			return visitor{Person: person}, true, nil
		}
	}
	return visitor{}, false, nil
}

// ourPage holds when the browser says that one of our own pages asks.
func (p *reviewPages) ourPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	origin := r.Header.Get("Origin")
	if p.Address != "" && strings.EqualFold(strings.TrimSuffix(p.Address, "/"), origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, r.Host)
}

// refuse says what is wrong: a page to people, JSON to scripts.
func (p *reviewPages) refuse(w http.ResponseWriter, r *http.Request, status int, say, try string) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		draw(w, status, noticePage(p.assets.prefix, say, try, status != http.StatusUnauthorized))
		return
	}
	write(w, status, problem{Kind: kindOf(status).String(), Text: say, Try: try})
}

// kindOf is the kind of a refusal at the door.
func kindOf(status int) fault.Kind {
	for _, k := range fault.Kinds() {
		if k.Status() == status {
			return k
		}
	}
	return fault.Forbidden
}

// absent is the answer for a review that is not there, and just so for one
// that this visitor may not know of.
func (p *reviewPages) absent(w http.ResponseWriter, r *http.Request) {
	p.refuse(w, r, http.StatusNotFound, "There is no such review.", "/"+p.verb()+" review in the incident's room begins one.")
}

func (p *reviewPages) nowhere(w http.ResponseWriter, r *http.Request, _ visitor) { p.absent(w, r) }

// failed tells what went wrong inside.
func (p *reviewPages) failed(w http.ResponseWriter, r *http.Request, err error) {
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		p.fail(w, r, err)
		return
	}
	k := fault.KindOf(err)
	if k == fault.Internal {
		p.Log.ErrorContext(r.Context(), "review page failed", "path", r.Pattern, "error", err)
	}
	p.refuse(w, r, k.Status(), fault.Sentence(err), "")
}
