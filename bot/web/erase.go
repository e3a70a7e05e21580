package web

import (
	"encoding/json"
	"io"
	"net/http"

	"tocsin/incident/fault"
)

// erase removes words: whoever holds the API token is the operator. What was
// erased stays away; there is no key, since a second time erases nothing.
func (a *api) erase(w http.ResponseWriter, r *http.Request) {
	const example = `{"person":"ann@example.com"} or {"incident":"INC-142"}`
	var in struct{ Person, Incident string }
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4096))
	if err == nil {
		err = json.Unmarshal(raw, &in)
	}
	if err != nil || (in.Person == "") == (in.Incident == "") {
		a.fail(w, r, fault.New(fault.Invalid, "Name either a person or an incident.").WithExample(example))
		return
	}
	texts, err := a.Erase(r.Context(), in.Person, in.Incident)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	write(w, http.StatusOK, map[string]any{"kind": "ok", "text": "Erased; the events stay and read \"erased\".", "texts": texts})
}
