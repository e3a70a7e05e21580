// Package web is the house over HTTP: the API for scripts, its OpenAPI
// document, health, and metrics; and for people the pages of the reviews.
//
// It must not know how commands are run, where incidents are kept or how a
// review is made: it gets a [chat.Handler] and narrow ports ([Reads],
// [Reviews] …), and turns HTTP into them and back.
//
// The one idea: the API says nothing that chat would not say. A command takes
// the same way as a typed one, with the same key rules, rights and replies;
// what is read is narrowed to what the named person may know of, and without a
// person (`as`) no private incident exists.
//
// Guarantees: every answer of the API is JSON with a kind, and its status
// comes from one exhaustive table of kinds; a repeated key gives the same
// bytes, marked by the header Tocsin-Repeat; the token is compared in constant
// time; a body over 1 MiB is refused unread. On the pages no word becomes
// markup, no script but their own runs, a change is taken from their own
// origin alone and counts once by its key, and no text that somebody wrote is
// replaced by another's without both being shown.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/store"
)

// MaxBody is the most bytes that the API reads of one request.
const MaxBody = 1 << 20

// Options is what the API stands on.
type Options struct {
	Token   redact.Secret // bearer token; must not be empty
	Handle  chat.Handler
	People  People
	Reads   Reads
	Health  Health
	Metrics http.Handler // nil: no /metrics
	// Erase removes a person's words everywhere, or everybody's in an incident.
	Erase    func(ctx context.Context, person, incident string) (texts int, err error)
	Now      func() time.Time
	Log      *slog.Logger
	Patience time.Duration // how long a command may take before it is answered as unknown; 0: 3 s
	// Reviews are what the pages under /reviews show; nil: none are served.
	Reviews Reviews
	// ReviewKey signs the personal links to them; kept, so that a link outlives
	// a restart.
	ReviewKey redact.Secret
	// Address is where people reach the house: "https://tocsin.example.org".
	// Empty: by the name that they asked for.
	Address string
	// Command is what people type before a verb: "incident".
	Command string
}

// People finds who and where a script means.
type People interface {
	// User reads an e-mail, "platform:id" or a console name; its faults are
	// Invalid with an example.
	User(ctx context.Context, words string) (chat.User, error)
	// Room reads a name or "platform:id"; one that nobody knows is a place
	// without an incident.
	Room(ctx context.Context, words string) (chat.Place, error)
	// As is the person whose eyes a read uses; empty words: nobody.
	As(ctx context.Context, words string) (incident.PersonID, error)
}

// Reads is what the API shows, narrowed to what a person may know of.
type Reads interface {
	Incidents(ctx context.Context, f store.Filter) ([]incident.Summary, error)
	// Incident reads "INC-142", "142" or an inner id.
	Incident(ctx context.Context, as incident.PersonID, words string) (inc incident.Incident, found bool, err error)
	Timeline(ctx context.Context, id incident.ID) ([]incident.Entry, error)
	Name(ctx context.Context, id incident.PersonID) string
	// Sentence is an entry in plain words.
	Sentence(ctx context.Context, e incident.Entry) string
}

// Health tells how the house is.
type Health interface {
	// Alive says that the process is not stuck.
	Alive() bool
	// Ready says whether a command can be taken now, and in lines what is
	// behind or down outside.
	Ready(ctx context.Context) (ok bool, lines []string)
}

// Handler serves the API, its document, health and metrics. Paths under
// /hooks/ belong to integrations and are mounted beside it.
func Handler(o Options) http.Handler {
	if o.Patience == 0 {
		o.Patience = 3 * time.Second
	}
	a := &api{Options: o}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.alive)
	mux.HandleFunc("GET /readyz", a.ready)
	mux.HandleFunc("GET /api/v1/openapi.json", a.document)
	mux.Handle("POST /api/v1/commands", a.guarded(a.command))
	mux.Handle("POST /api/v1/erase", a.guarded(a.erase))
	mux.Handle("GET /api/v1/incidents", a.guarded(a.incidents))
	mux.Handle("GET /api/v1/incidents/{id}", a.guarded(a.incident))
	mux.Handle("GET /api/v1/incidents/{id}/timeline", a.guarded(a.timeline))
	mux.Handle("GET /api/v1/incidents/{id}/review", a.guarded(a.review))
	mux.Handle("GET /api/v1/report", a.guarded(a.notYet("reports", "/api/v1/incidents")))
	if o.Metrics != nil {
		mux.Handle("GET /metrics", o.Metrics)
	}
	if o.Reviews != nil {
		a.mountReviews(mux)
	}
	mux.HandleFunc("/api/", a.nowhere)
	return mux
}

type api struct{ Options }
