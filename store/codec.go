package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strconv"
	"time"

	"tocsin/incident"
)

// Codec writes events with their envelopes as JSON and reads them back. Words
// that people wrote are not in it: a text is a reference and a salted hash.
type Codec struct {
	kinds map[string]kind
}

type kind struct {
	shape int
	typ   reflect.Type
}

// NewCodec makes a codec that knows every kind of event.
func NewCodec() *Codec {
	c := &Codec{kinds: map[string]kind{}}
	for _, k := range incident.Kinds() {
		c.kinds[k.Name] = kind{shape: k.Shape, typ: reflect.TypeOf(k.Zero)}
	}
	return c
}

// envelope is an entry of a stream as JSON has it.
type envelope struct {
	Stream   incident.Stream   `json:"stream"`
	Version  incident.Version  `json:"version"`
	Type     string            `json:"type"`
	Shape    int               `json:"shape"`
	Happened time.Time         `json:"happened"`
	Recorded time.Time         `json:"recorded"`
	Actor    incident.PersonID `json:"actor,omitempty"`
	Account  string            `json:"account,omitempty"`
	Key      string            `json:"key,omitempty"`
	Policy   string            `json:"policy,omitempty"`
	Prev     string            `json:"prev,omitempty"`
	Event    json.RawMessage   `json:"event"`
}

// Encode writes one event. The same event always gives the same bytes.
func (c *Codec) Encode(r incident.Recorded) ([]byte, error) {
	body, name, err := eventJSON(r.Event)
	if err != nil {
		return nil, damaged(feedMember(r.Stream, r.Version), err)
	}
	b := make([]byte, 0, 320+len(body))
	b = appendField(b, `{"stream":`, string(r.Stream))
	b = strconv.AppendUint(append(b, `,"version":`...), uint64(r.Version), 10)
	b = appendField(b, `,"type":`, name)
	b = strconv.AppendInt(append(b, `,"shape":`...), int64(r.Shape), 10)
	b = appendTime(b, `,"happened":"`, r.Happened)
	b = appendTime(b, `,"recorded":"`, r.Recorded)
	for _, f := range [...][2]string{
		{`,"actor":`, string(r.Actor)},
		{`,"account":`, r.Account},
		{`,"key":`, r.Key},
		{`,"policy":`, r.Policy},
		{`,"prev":`, r.Prev},
	} {
		if f[1] != "" {
			b = appendField(b, f[0], f[1])
		}
	}
	b = append(append(b, `,"event":`...), body...)
	return append(b, '}'), nil
}

func eventJSON(e incident.Event) (body []byte, name string, err error) {
	if u, ok := e.(incident.Unknown); ok {
		if len(u.Raw) == 0 {
			return []byte("null"), u.Type, nil
		}
		return u.Raw, u.Type, nil
	}
	body, err = json.Marshal(e)
	return body, incident.NameOf(e), err
}

func appendTime(b []byte, name string, t time.Time) []byte {
	b = t.UTC().AppendFormat(append(b, name...), time.RFC3339Nano)
	return append(b, '"')
}

// appendField writes a name and a string that JSON understands.
func appendField(b []byte, name, s string) []byte {
	b = append(b, name...)
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			q, _ := json.Marshal(s) //nolint:errchkjson // a string always has a JSON form
			return append(b, q...)
		}
	}
	b = append(append(b, '"'), s...)
	return append(b, '"')
}

// Decode reads one event; its texts hold references only. An event, or a
// shape, that this tocsin does not know is read as [incident.Unknown].
func (c *Codec) Decode(b []byte) (incident.Recorded, error) {
	o, err := c.open(b)
	if err != nil {
		return incident.Recorded{}, err
	}
	return o.recorded(), nil
}

// unsealed is an event that was read, while its words are still to be put in.
type unsealed struct {
	rec   incident.Recorded
	event reflect.Value // pointer to the event; invalid when it is Unknown
}

// recorded closes it: later changes through the pointer are not seen.
func (u *unsealed) recorded() incident.Recorded {
	if u.event.IsValid() {
		if e, ok := reflect.TypeAssert[incident.Event](u.event.Elem()); ok {
			u.rec.Event = e
		}
	}
	return u.rec
}

func (c *Codec) open(b []byte) (unsealed, error) {
	var e envelope
	if err := json.Unmarshal(b, &e); err != nil {
		return unsealed{}, damaged("of an event", err)
	}
	u := unsealed{rec: incident.Recorded{
		Stream: e.Stream, Version: e.Version, Shape: e.Shape, Happened: e.Happened, Recorded: e.Recorded,
		Actor: e.Actor, Account: e.Account, Key: e.Key, Policy: e.Policy, Prev: e.Prev,
	}}
	k, known := c.kinds[e.Type]
	raw, liftable := lift(e.Type, e.Shape, k.shape, e.Event)
	if known && liftable {
		p := reflect.New(k.typ)
		if json.Unmarshal(raw, p.Interface()) == nil {
			u.event = p
			return u, nil
		}
	}
	u.rec.Event = incident.Unknown{Type: e.Type, Raw: e.Event}
	return u, nil
}

// lift turns an old shape of an event into today's. Until now later shapes
// only added fields, which an older one leaves empty, so it reads as it is; the
// first shape that changes a field gets its case here, and keeps it for ever.
func lift(_ string, shape, today int, raw json.RawMessage) (json.RawMessage, bool) {
	return raw, shape >= 1 && shape <= today
}

// link is the hash that chains an entry to the next.
func link(entry []byte) string {
	h := sha256.Sum256(entry)
	return base64.RawURLEncoding.EncodeToString(h[:18])
}
