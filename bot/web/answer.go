package web

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"tocsin/incident/fault"
)

// kindNamed finds a kind by the name that replies carry.
func kindNamed(name string) (fault.Kind, bool) {
	for _, k := range fault.Kinds() {
		if k.String() == name {
			return k, true
		}
	}
	return fault.Internal, false
}

// problem is the body of every answer that is not the thing asked for.
type problem struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	Try  string `json:"try,omitempty"`
}

func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	if _, big := errors.AsType[*tooLarge](err); big {
		write(w, http.StatusRequestEntityTooLarge, problem{Kind: fault.Invalid.String(), Text: "A request may be 1 MiB at most; this one was not read."})
		return
	}
	f := &fault.Error{Kind: fault.KindOf(err), Say: fault.Sentence(err)}
	if ours, ok := errors.AsType[*fault.Error](err); ok {
		f.Try, f.After = ours.Try, ours.After
	}
	if f.Kind == fault.Internal {
		a.Log.ErrorContext(r.Context(), "api request failed", "path", r.Pattern, "error", err)
	}
	if f.After > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.After.Seconds()+0.999)))
	}
	write(w, f.Kind.Status(), problem{Kind: f.Kind.String(), Text: f.Say, Try: f.Try})
}

// write answers with JSON. Nothing outside is drawn into a page, and no
// proxy may keep it.
func write(w http.ResponseWriter, status int, body any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		status = http.StatusInternalServerError
		b.Reset()
		b.WriteString(`{"kind":"internal","text":"The answer could not be written."}` + "\n")
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client has gone; nobody is left to tell
}

// guarded lets a request through when it carries the token.
func (a *api) guarded(next http.HandlerFunc) http.Handler {
	want := sha256.Sum256([]byte(a.Token.Reveal()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(strings.TrimSpace(given)))
		if !strings.EqualFold(scheme, "Bearer") || a.Token.Reveal() == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="tocsin"`)
			write(w, http.StatusUnauthorized, problem{
				Kind: fault.Forbidden.String(),
				Text: "This needs the API token: send the header Authorization: Bearer with TOCSIN_API_TOKEN (tocsin say reads it by itself).",
			})
			return
		}
		next(w, r)
	})
}

func (a *api) notYet(what, instead string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.fail(w, r, fault.New(fault.NotFound, "This tocsin writes no %s yet; %s has what they are made of.", what, instead))
	}
}

func (a *api) nowhere(w http.ResponseWriter, r *http.Request) {
	a.fail(w, r, fault.New(fault.NotFound, "There is nothing at this address; /api/v1/openapi.json lists what there is."))
}
