package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// kind is what a delivery is about.
type kind int

// The kinds of delivery.
const (
	unreadable  kind = iota
	command          // a slash command
	event            // something that happened
	interaction      // a button, a form, a shortcut
)

// envelope is one delivery, whichever way it came.
type envelope struct {
	ID       string // Slack's own; a repeat may carry a new one
	Kind     kind
	Raw      []byte // the payload's JSON; of a command over HTTP, the form
	Form     bool   // Raw is a form
	Received time.Time
	Retry    int    // how often it was tried before
	Why      string // why Slack tries again
}

// answer is what a delivery gets back.
type answer struct {
	Body    json.RawMessage // nil: an acknowledgement without words
	Refused bool            // not acknowledged, so that Slack repeats it
	Final   bool            // acknowledged, and not to be tried again whatever Slack heard
}

// refused leaves a delivery unacknowledged.
func refused() answer { return answer{Refused: true} }

// frame is one message on a socket.
type frame struct {
	Type     word            `json:"type"`
	Envelope word            `json:"envelope_id"`
	Reason   word            `json:"reason"`
	Payload  json.RawMessage `json:"payload"`
	Retry    number          `json:"retry_attempt"`
	Why      word            `json:"retry_reason"`
	Debug    struct {
		Lasts number `json:"approximate_connection_time"` // seconds
	} `json:"debug_info"`
}

// readFrame reads a message of a socket. What cannot be read still gives the
// id by which it is acknowledged, if that is to be found at all.
func readFrame(raw []byte) (frame, bool) {
	var f frame
	if err := lenient(json.Unmarshal(raw, &f)); err != nil {
		return frame{Envelope: word(findID(raw))}, false
	}
	return f, true
}

// envelope is the delivery that a frame carries.
func (f frame) envelope(at time.Time) envelope {
	e := envelope{ID: string(f.Envelope), Raw: f.Payload, Received: at, Retry: int(f.Retry), Why: string(f.Why)}
	switch f.Type {
	case "slash_commands":
		e.Kind = command
	case "events_api":
		e.Kind = event
	case "interactive":
		e.Kind = interaction
	}
	return e
}

// findID looks for an envelope's id in bytes that are no JSON.
func findID(raw []byte) string {
	_, rest, found := bytes.Cut(raw, []byte(`"envelope_id"`))
	if !found {
		return ""
	}
	rest = bytes.TrimLeft(rest, " \t\r\n:")
	if len(rest) == 0 || rest[0] != '"' {
		return ""
	}
	id, _, found := bytes.Cut(rest[1:], []byte(`"`))
	if !found || len(id) > 100 || strings.ContainsAny(string(id), "\\\n") {
		return ""
	}
	return string(id)
}

// acknowledgement is what goes back on a socket.
func acknowledgement(id string, body json.RawMessage) ([]byte, error) {
	return json.Marshal(struct {
		Envelope string          `json:"envelope_id"`
		Payload  json.RawMessage `json:"payload,omitempty"`
	}{id, body})
}

// lenient lets a field of another type than expected pass: encoding/json has
// read all the others then.
func lenient(err error) error {
	if _, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		return nil
	}
	return err
}

// word is a string of a payload. A number or a truth value is read as its
// letters; of an object, its id counts: Slack gives rooms and users either way.
type word string

// UnmarshalJSON never fails, so that one odd field loses no delivery.
func (w *word) UnmarshalJSON(raw []byte) error {
	*w = ""
	switch {
	case len(raw) == 0 || raw[0] == '[' || raw[0] == 'n':
	case raw[0] == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err == nil {
			*w = word(s)
		}
	case raw[0] == '{':
		var o struct {
			ID string `json:"id"`
		}
		if err := lenient(json.Unmarshal(raw, &o)); err == nil {
			*w = word(o.ID)
		}
	default:
		*w = word(raw)
	}
	return nil
}

// number is a whole number of a payload; Slack sends some of them as strings.
type number int64

// UnmarshalJSON never fails; what is no number is 0.
func (n *number) UnmarshalJSON(raw []byte) error {
	var i int64
	if err := json.Unmarshal(bytes.Trim(raw, `"`), &i); err == nil {
		*n = number(i)
	} else {
		*n = 0
	}
	return nil
}
