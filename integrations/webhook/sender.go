package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/integrations/rest"
)

// Event is one thing to tell the listener.
type Event struct {
	Key  string // the effect's key; the listener sees a hash of it
	Kind string // "page"; the name of Body in the envelope
	At   time.Time
	Body any    // encoded as JSON
	What string // what we are doing, for sentences: "page team checkout"
}

// Sender signs and sends. Make it with [NewSender].
type Sender struct {
	client *rest.Client
	url    string
	secret redact.Secret
	now    func() time.Time
}

// NewSender makes a sender. Nothing is sent.
func NewSender(o Options) (*Sender, error) {
	if bad := o.Config.Faults(); len(bad) > 0 || !o.Config.Set() || o.Now == nil {
		return nil, errors.New("the webhook is not set up: `tocsin config check` says what is missing")
	}
	c, err := rest.New(rest.Options{Vendor: "The webhook", Now: o.Now, Transport: o.Transport, Limit: 64 << 10})
	if err != nil {
		return nil, err
	}
	return &Sender{client: c, url: o.Config.URL.Reveal(), secret: o.Config.Secret, now: o.Now}, nil
}

// ID is what the listener knows a key by.
func ID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// Sign is the value of Tocsin-Signature for a body that is sent at a moment.
func Sign(secret redact.Secret, at time.Time, body []byte) (timestamp, signature string) {
	timestamp = strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return timestamp, "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// Send makes one call.
func (s *Sender) Send(ctx context.Context, e Event) error {
	_, err := s.ask(ctx, e)
	return err
}

// ask makes one call, and gives what was answered.
func (s *Sender) ask(ctx context.Context, e Event) ([]byte, error) {
	body, err := encode(map[string]any{"id": ID(e.Key), "kind": e.Kind, "at": e.At.UTC(), e.Kind: e.Body})
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "That cannot be put into a webhook.")
	}
	stamp, signature := Sign(s.secret, s.now(), body)
	answer, err := s.client.Send(ctx, rest.Request{
		Method: http.MethodPost, URL: s.url, Body: body, What: e.What, Repeatable: true,
		Header: http.Header{
			"Content-Type": {"application/json"}, "Tocsin-Key": {ID(e.Key)}, "Idempotency-Key": {ID(e.Key)},
			"Tocsin-Timestamp": {stamp}, "Tocsin-Signature": {signature},
		},
	})
	return answer.Body, err
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
