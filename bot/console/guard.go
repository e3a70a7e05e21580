package console

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// cookieName is the cookie that keeps a browser let in.
const cookieName = "tocsin_console"

// policyHeader allows nothing but this server's own files: no script or style
// in the page, no frame around it.
const policyHeader = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// seal makes the cookie's value of the token, so that the token itself is
// never kept in a browser, and every replica takes the cookie of another.
func seal(token string) string {
	if token == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("tocsin console cookie"))
	return hex.EncodeToString(mac.Sum(nil))
}

// Guard lets only requests through that come from the console's own pages, by
// a browser that was let in. Whoever mounts a panel wraps it with this.
func (c *Console) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", policyHeader)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "same-origin")
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Cache-Control", "no-store")
		switch {
		case !c.ourHost(r.Host):
			c.refuse(w, r, http.StatusMisdirectedRequest, "This console does not answer to that name.", "Open the address that tocsin printed when it started.")
		case !c.ourPage(r):
			c.refuse(w, r, http.StatusForbidden, "This request came from another site.", "Nothing was done. Use the console itself.")
		case !c.letIn(w, r):
			return
		default:
			r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
			next.ServeHTTP(w, r)
		}
	})
}

// ourHost refuses names that somebody else points at this address (DNS rebinding).
func (c *Console) ourHost(host string) bool {
	if c.o.Origin != "" {
		if u, err := url.Parse(c.o.Origin); err == nil && strings.EqualFold(u.Host, host) {
			return true
		}
	}
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && ip.IsLoopback()
}

// ourPage holds for reading, and for changes and the stream only when the
// browser says that one of our own pages asks.
func (c *Console) ourPage(r *http.Request) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		navigation := r.Header.Get("Sec-Fetch-Mode") == "navigate"
		return navigation || origin == "" && (site == "" || site == "same-origin" || site == "none") || origin != "" && c.ourOrigin(r, origin)
	}
	if site != "" && site != "same-origin" {
		return false
	}
	return origin != "" && c.ourOrigin(r, origin)
}

func (c *Console) ourOrigin(r *http.Request, origin string) bool {
	if c.o.Origin != "" && strings.EqualFold(strings.TrimSuffix(c.o.Origin, "/"), origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && u.Host == r.Host && c.ourHost(u.Host)
}

// letIn exchanges the token of an opened URL for a cookie, and looks for the
// cookie after that.
func (c *Console) letIn(w http.ResponseWriter, r *http.Request) bool {
	if c.o.Token == "" {
		return true
	}
	if given := r.URL.Query().Get("token"); given != "" && r.Method == http.MethodGet {
		if subtle.ConstantTimeCompare([]byte(seal(given)), []byte(c.cookie)) != 1 {
			c.refuse(w, r, http.StatusUnauthorized, "That key does not open this console.", "Each start of tocsin prints a new address. Open the newest.")
			return false
		}
		http.SetCookie(w, &http.Cookie{
			Name: cookieName, Value: c.cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
			Secure: strings.HasPrefix(c.o.Origin, "https:"), MaxAge: 30 * 24 * 3600,
		})
		c.enter(w, r)
		return false
	}
	if k, err := r.Cookie(cookieName); err == nil && subtle.ConstantTimeCompare([]byte(k.Value), []byte(c.cookie)) == 1 {
		return true
	}
	c.refuse(w, r, http.StatusUnauthorized, "This browser was not let in yet.", "Open the address that tocsin printed when it started: it carries a key.")
	return false
}

// enter sends the browser on without the token. The page does it and not a
// redirect: a strict cookie is not sent along a redirect that began elsewhere.
func (c *Console) enter(w http.ResponseWriter, r *http.Request) {
	to := *r.URL
	q := to.Query()
	q.Del("token")
	to.RawQuery = q.Encode()
	to.Scheme, to.Host = "", ""
	c.draw(w, http.StatusOK, enterPage(c.assets.prefix, c.o.Title, localPath(to.RequestURI())))
}

// localPath keeps a path from being read as another host.
func localPath(p string) string {
	return "/" + strings.TrimLeft(p, "/\\")
}

func (c *Console) refuse(w http.ResponseWriter, r *http.Request, status int, say, try string) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		c.draw(w, status, noticePage(notice{Title: c.o.Title, Say: say, Try: try, Assets: c.assets.prefix}))
		return
	}
	answerJSON(w, status, answer{Say: say + " " + try})
}

type notice struct{ Title, Say, Try, Assets string }
