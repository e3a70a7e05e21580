package web

import (
	_ "embed"
	"net/http"
)

//go:embed openapi.json
var openapi []byte

func (a *api) document(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(openapi) // the client has gone; nobody is left to tell
}

func (a *api) alive(w http.ResponseWriter, _ *http.Request) {
	if !a.Health.Alive() {
		write(w, http.StatusServiceUnavailable, map[string]any{"alive": false})
		return
	}
	write(w, http.StatusOK, map[string]any{"alive": true})
}

func (a *api) ready(w http.ResponseWriter, r *http.Request) {
	ok, lines := a.Health.Ready(r.Context())
	status := http.StatusOK
	if !ok {
		status = http.StatusServiceUnavailable
	}
	if lines == nil {
		lines = []string{}
	}
	write(w, status, map[string]any{"ready": ok, "lines": lines})
}
