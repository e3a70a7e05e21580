package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/all"
	"tocsin/store"
)

// Bounds of the door for outside services.
const (
	hooksPath   = "/hooks/"
	hookBody    = 1 << 20                // bytes of a call
	hookReads   = 5 * time.Second        // for a body to arrive
	hookEnters  = 500 * time.Millisecond // for a place at the door
	hookStores  = 900 * time.Millisecond // for the inbox; senders wait a second, some no longer
	hookPlaces  = 128                    // calls at the door at a time
	hookWaiting = 100_000                // deliveries of a source that may wait to be worked off
	hookPrefix  = "hook/"                // begins the keys of deliveries
)

// What is counted of calls and deliveries.
const (
	hookTaken      = "taken"
	hookRepeat     = "repeat"
	hookRefused    = "refused"   // no secret, or a wrong one
	hookTooLarge   = "too_large" // more than a mebibyte
	hookUnstored   = "unstored"  // answered 503
	hookUnread     = "body_lost" // the body did not arrive
	hookUnreadable = "unreadable"
	hookTest       = "test"
	hookWorked     = "worked_off"
	hookDelayed    = "delayed" // could not be worked off now; again later
	hookGivenUp    = "given_up"
)

// hooks is the door at which outside services call, and the table at which
// what they left is worked off. Nothing is answered with success before it is
// in the store; everything else happens after the answer.
type hooks struct {
	sources map[string]*caller
	inbox   store.Inbox
	now     func() time.Time
	log     *slog.Logger
	count   func(source, what string)
	took    func(source string, d time.Duration)
	clean   func(words string) string // takes credentials out
	pages   func(pager string) integrations.PageNews
	alerts  func() AlertDesk
	places  chan struct{}
	sole    bool // no other replica works off what is in the store
}

// hooked makes the door of a house.
func (h *House) hooked() *hooks {
	k := &hooks{
		sources: map[string]*caller{}, inbox: h.p.Store, now: h.clock.Now, log: h.p.Log, clean: h.scrubber.Scrub, pages: h.pageNews,
		count:  func(source, what string) { h.metrics.count(hooksTotal, "source", source, "what", what) },
		took:   func(source string, d time.Duration) { h.metrics.observe(d, hookSeconds, "source", source) },
		alerts: func() AlertDesk { return h.alerts }, places: make(chan struct{}, hookPlaces), sole: h.p.Sole,
	}
	for _, one := range all.Hooks(h.services) {
		k.sources[one.Name()] = newCaller(one)
	}
	return k
}

// forServices is what outside services are handed.
func (h *House) forServices() all.House {
	return all.House{
		Settings: h.p.Config.Settings, Shelf: h.p.Store, Now: h.clock.Now, News: h.pageNews, Transport: h.p.Transport,
		Source:  func(name string) (incident.SourceRule, bool) { return h.policy().SourceFor(name) },
		Targets: func(pager string) []string { return targetsAt(h.policy(), pager) },
	}
}

// targetsAt is what policy calls at a pager: its own names for teams.
func targetsAt(p incident.Policy, pager string) []string {
	var out []string
	for _, t := range p.Teams {
		if t.Target != "" && (t.Pager == "" || t.Pager == pager) {
			out = append(out, t.Target)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ServeHTTP takes a call in. A sender learns nothing but whether to come again.
func (k *hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, hooksPath), "/")
	s := k.sources[name]
	if s == nil {
		http.NotFound(w, r)
		return
	}
	began := k.now()
	defer func() {
		if broken := recover(); broken != nil {
			k.log.ErrorContext(r.Context(), "a call of an outside service failed inside", "source", name, "panic", broken, "stack", string(debug.Stack()))
			k.away(w, s, "Not stored. Send it again.")
		}
		k.took(name, k.now().Sub(began))
	}()
	if r.Method != http.MethodPost && r.Method != http.MethodPut {
		w.Header().Set("Allow", "POST, PUT")
		http.Error(w, "Send it with POST.", http.StatusMethodNotAllowed)
		return
	}
	if !k.enter(r.Context()) {
		k.away(w, s, "Too many calls at once. Send it again.")
		return
	}
	defer func() { <-k.places }()
	body, ok := k.body(w, r, s)
	if !ok {
		return
	}
	d, err := s.hook.Admit(integrations.Call{Path: path, Query: r.URL.Query(), Header: r.Header, Body: body, At: began.UTC()})
	if err != nil {
		k.refuse(w, s, err)
		return
	}
	k.take(r.Context(), w, s, d)
}

// enter waits for a place at the door.
func (k *hooks) enter(ctx context.Context) bool {
	select {
	case k.places <- struct{}{}:
		return true
	default:
	}
	late := time.NewTimer(hookEnters)
	defer late.Stop()
	select {
	case k.places <- struct{}{}:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return false
}

// body reads what was sent, bounded in size and time.
func (k *hooks) body(w http.ResponseWriter, r *http.Request, s *caller) ([]byte, bool) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(hookReads)) //nolint:forbidigo // the connection's own clock; one that knows no deadline has none
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, hookBody))
	if err == nil {
		return body, true
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		k.count(s.name(), hookTooLarge)
		http.Error(w, "The body is larger than 1 MiB.", http.StatusRequestEntityTooLarge)
		return nil, false
	}
	k.count(s.name(), hookUnread)
	http.Error(w, "The body did not arrive.", http.StatusBadRequest)
	return nil, false
}

// refuse answers a call that was not let in.
func (k *hooks) refuse(w http.ResponseWriter, s *caller, err error) {
	switch fault.KindOf(err) {
	case fault.Unavailable, fault.Unknown:
		k.away(w, s, "Not now. Send it again.")
	default:
		k.count(s.name(), hookRefused)
		http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
	}
}

// away is the one answer that every sender takes as "again, later".
func (k *hooks) away(w http.ResponseWriter, s *caller, words string) {
	k.count(s.name(), hookUnstored)
	w.Header().Set("Retry-After", "5")
	http.Error(w, words, http.StatusServiceUnavailable)
}

// take writes a delivery down, answers, and has it worked off.
func (k *hooks) take(ctx context.Context, w http.ResponseWriter, s *caller, d integrations.Delivery) {
	if k.alerts() == nil && s.alarms(d) {
		k.away(w, s, "Alerts are not taken yet.")
		return
	}
	if s.waiting.Load() >= hookWaiting {
		k.away(w, s, "Too many wait to be worked off. Send it again.")
		return
	}
	d.Body = []byte(k.clean(string(d.Body)))
	raw, err := json.Marshal(d)
	if err != nil {
		k.log.ErrorContext(ctx, "a delivery cannot be written", "source", s.name(), "error", err)
		k.away(w, s, "Not stored. Send it again.")
		return
	}
	key := deliveryKey(s.name(), d.Key)
	// A sender that hung up has sent it all the same.
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), hookStores)
	defer cancel()
	fresh, err := k.inbox.Take(within, k.now(), store.Delivery{Key: key, Source: "hook:" + s.name(), Body: raw, At: d.At})
	switch {
	case err != nil:
		k.log.WarnContext(ctx, "a delivery could not be stored; its sender is asked to send it again", "source", s.name(), "error", err)
		k.away(w, s, "Not stored. Send it again.")
		return
	case fresh:
		k.count(s.name(), hookTaken)
		s.waiting.Add(1)
		s.hand(held{key: key, Delivery: d})
	default:
		k.count(s.name(), hookRepeat)
	}
	w.WriteHeader(http.StatusAccepted)
}

// deliveryKey is the key of a delivery in the store. What a vendor has no id
// for is a delivery of its own each time.
func deliveryKey(source, key string) string {
	if key == "" {
		key = "-" + randomWord()
	}
	if len(key) > 200 || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		sum := sha256.Sum256([]byte(key))
		key = "~" + hex.EncodeToString(sum[:])
	}
	return hookPrefix + source + "/" + key
}
