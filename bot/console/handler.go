package console

import (
	"io"
	"net/http"

	g "maragu.dev/gomponents"
)

// Handler serves the console: its pages, its stream and what people do. It
// answers "/" and everything under "/console/".
func (c *Console) Handler() http.Handler {
	inside := http.NewServeMux()
	inside.HandleFunc("GET /{$}", c.home)
	inside.HandleFunc("GET /console/{$}", c.home)
	inside.HandleFunc("GET /console/r/{room}", c.page)
	inside.HandleFunc("GET /console/stream", c.stream)
	inside.HandleFunc("GET /console/rooms", c.roomList)
	inside.HandleFunc("GET /console/older", c.older)
	inside.HandleFunc("GET /console/thread", c.thread)
	inside.HandleFunc("GET /console/waiting", c.waiting)
	inside.HandleFunc("GET /console/complete", c.complete)
	inside.HandleFunc("POST /console/say", c.typed)
	inside.HandleFunc("POST /console/press", c.pressed)
	inside.HandleFunc("POST /console/submit", c.submitted)
	inside.HandleFunc("POST /console/edit", c.tend(c.edited))
	inside.HandleFunc("POST /console/delete", c.tend(c.deleted))
	inside.HandleFunc("POST /console/react", c.tend(c.reacted))
	inside.HandleFunc("POST /console/pin", c.tend(c.pins))
	inside.HandleFunc("POST /console/join", c.tend(c.joined))
	inside.HandleFunc("POST /console/read", c.tend(c.marked))
	inside.HandleFunc("GET /", c.nowhere)

	outside := http.NewServeMux()
	outside.HandleFunc("GET /console/assets/{version}/{file}", c.assets.serve)
	outside.Handle("/", c.Guard(inside))
	return outside
}

// home opens the room where everybody starts.
func (c *Console) home(w http.ResponseWriter, r *http.Request) {
	to := roomPath(General)
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (c *Console) nowhere(w http.ResponseWriter, r *http.Request) {
	c.refuse(w, r, http.StatusNotFound, "There is nothing at this address.", "The rooms are at "+root)
}

// draw writes a page of its own, or a fragment for the scripts to place.
func (c *Console) draw(w http.ResponseWriter, status int, page g.Node) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, drawn(page))
}
