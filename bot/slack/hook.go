package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	bodyLimit  = 1 << 20         // of a delivery
	hookWindow = 5 * time.Minute // how old or new a signature may be
)

// hook is the door at which Slack calls: commands, events and interactions on
// one path.
type hook struct {
	in   *intake
	macs *sync.Pool // of hash.Hash, keyed by the secret; nil: there is none
}

func newHook(in *intake) hook {
	secret := []byte(in.o.Config.SigningSecret.Reveal())
	if len(secret) == 0 {
		return hook{in: in}
	}
	return hook{in: in, macs: &sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}}
}

// ServeHTTP checks, answers, and only then does what is left to do.
func (k hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		if r.URL.Query().Get("ssl_check") == "1" {
			return // Slack looks at the certificate
		}
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Slack posts here.", http.StatusMethodNotAllowed)
		return
	}
	body, err := readBody(w, r)
	if err != nil {
		status := http.StatusBadRequest
		if _, is := errors.AsType[*http.MaxBytesError](err); is {
			status = http.StatusRequestEntityTooLarge
		}
		k.in.count(countUnreadable)
		http.Error(w, http.StatusText(status), status)
		return
	}
	if !k.signed(r.Header, body) {
		k.in.count(countUnsigned)
		http.Error(w, "The signature is missing, wrong, or too old.", http.StatusUnauthorized)
		return
	}
	e := k.envelope(r.Header, body)
	if e.Kind == unreadable && k.greeted(w, e) {
		return
	}
	k.suspect(e)
	k.serve(r.Context(), w, e)
}

// readBody reads a body of at most 1 MiB.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength <= 0 || r.ContentLength > bodyLimit {
		return io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

// signed checks Slack's signature over the bytes as they came, and their age.
func (k hook) signed(h http.Header, body []byte) bool {
	stamp := h.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || k.macs == nil {
		return false
	}
	if age := k.in.o.Now().Sub(time.Unix(seconds, 0)); age > hookWindow || age < -hookWindow {
		return false
	}
	given, found := strings.CutPrefix(h.Get("X-Slack-Signature"), "v0=")
	var mac [sha256.Size]byte
	if n, err := hex.Decode(mac[:], []byte(given[:min(len(given), 2*sha256.Size)])); !found || err != nil || n != len(mac) || len(given) != 2*sha256.Size {
		return false
	}
	return hmac.Equal(k.sum(stamp, body), mac[:])
}

// sum is the signature that belongs to a body.
func (k hook) sum(stamp string, body []byte) []byte {
	mac, is := k.macs.Get().(hash.Hash)
	if !is {
		return nil
	}
	defer k.macs.Put(mac)
	mac.Reset()
	_, _ = mac.Write([]byte("v0:" + stamp + ":"))
	_, _ = mac.Write(body)
	return mac.Sum(nil)
}

// envelope finds out what came. Events are JSON; all else is a form.
func (k hook) envelope(h http.Header, body []byte) envelope {
	e := envelope{Raw: body, Received: k.in.o.Now().UTC(), Why: h.Get("X-Slack-Retry-Reason")}
	if n := h.Get("X-Slack-Retry-Num"); n != "" {
		e.Retry, _ = strconv.Atoi(n) // what is no number is none
	}
	if strings.HasPrefix(h.Get("Content-Type"), "application/json") || len(body) > 0 && body[0] == '{' {
		e.Kind = event
		if bytes.Contains(body[:min(len(body), 4096)], []byte("url_verification")) && greeting(body) != "" {
			e.Kind = unreadable
		}
		return e
	}
	for pair := range bytes.SplitSeq(body, []byte("&")) {
		name, value, _ := bytes.Cut(pair, []byte("="))
		switch string(name) {
		case "payload":
			payload, err := url.QueryUnescape(string(value))
			if err != nil {
				continue
			}
			e.Kind, e.Raw = interaction, []byte(payload)
			return e
		case "command":
			e.Kind, e.Form = command, true
			return e
		}
	}
	return e
}

// greeted answers what Slack sends to see whether somebody is there.
func (hook) greeted(w http.ResponseWriter, e envelope) bool {
	if challenge := greeting(e.Raw); challenge != "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, challenge)
		return true
	}
	for name, value := range formFields(string(e.Raw)) {
		if name == "ssl_check" && value == "1" {
			return true
		}
	}
	return false
}

// greeting is the challenge with which Slack tries an address; "": it is none.
func greeting(body []byte) string {
	c, ok := readCallback(body)
	if !ok || c.Type != "url_verification" {
		return ""
	}
	return string(c.Challenge)
}

// lostFor is how far back events may be lost when Slack tells, by a second
// repeat, that it did not reach us: it tries three times in some six minutes.
const lostFor = 10 * time.Minute

// suspect marks everything for a back-fill when Slack could not reach us for a
// while: it gives an event up after three repeats, and does not say so.
func (k hook) suspect(e envelope) {
	now := e.Received.Unix()
	until := k.in.doubt.Load()
	if e.Kind != event || e.Retry < 2 || now < until || !k.in.doubt.CompareAndSwap(until, now+int64(lostFor/time.Second)) {
		return
	}
	k.in.owed.owe("", e.Received.Add(-lostFor))
}

// serve works a delivery. Slack hanging up ends nothing that was begun.
func (k hook) serve(ctx context.Context, w http.ResponseWriter, e envelope) {
	t, ok := k.in.take(e)
	if !ok {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "Too much to do at once.", http.StatusServiceUnavailable)
		return
	}
	ctx = context.WithoutCancel(ctx)
	a, next := k.in.run(ctx, t)
	write(w, a)
	if next == nil {
		k.in.crew.leave()
		return
	}
	go k.in.finish(ctx, next)
}

func write(w http.ResponseWriter, a answer) {
	switch {
	case a.Refused:
		http.Error(w, "Not recorded: send it again.", http.StatusServiceUnavailable)
		return
	case a.Final:
		w.Header().Set("X-Slack-No-Retry", "1")
	case a.Body != nil:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	_, _ = w.Write(a.Body)
}
