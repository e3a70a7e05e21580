package chat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// EncodeReply writes a reply as JSON. The bytes are a function of the reply
// alone, and decoding and encoding them again gives the same bytes.
func EncodeReply(r Reply) ([]byte, error) {
	var p scribe
	p.reply(r)
	return encoded[Reply](p)
}

// DecodeReply reads what [EncodeReply] wrote. A kind of part or span that this
// tocsin does not know is read as a line that says so.
func DecodeReply(b []byte) (Reply, error) { return decode[Reply](b) }

// EncodeMessage writes a message as JSON, as [EncodeReply] does.
func EncodeMessage(m Message) ([]byte, error) {
	var p scribe
	p.message(m)
	return encoded[Message](p)
}

// DecodeMessage reads what [EncodeMessage] wrote.
func DecodeMessage(b []byte) (Message, error) { return decode[Message](b) }

func encoded[T any](p scribe) ([]byte, error) {
	if p.err != nil {
		return nil, fmt.Errorf("encode: %w", p.err)
	}
	if !bytes.Contains(p.out, []byte(`\ufffd`)) {
		return p.out, nil
	}
	// Broken UTF-8 is written as an escape, and the rune that it is read back
	// as is not: write once more what was read.
	v, err := decode[T](p.out)
	if err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

func decode[T any](b []byte) (T, error) {
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		return v, fmt.Errorf("decode %T: %w", v, err)
	}
	return v, nil
}

// newerWords stand for a part or span of a kind that a newer tocsin wrote.
const newerWords = "(written by a newer tocsin)"

type wireMessage struct {
	Title   spans    `json:"title,omitempty"`
	Tone    Tone     `json:"tone,omitempty"`
	Parts   []part   `json:"parts,omitempty"`
	Actions []Action `json:"actions,omitempty"`
	Summary string   `json:"summary,omitempty"`
}

// MarshalJSON writes parts and spans as objects with one field, their kind.
func (m Message) MarshalJSON() ([]byte, error) {
	var p scribe
	p.message(m)
	return p.out, p.err
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Message) UnmarshalJSON(b []byte) error {
	var w wireMessage
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*m = Message{Title: w.Title, Tone: w.Tone, Actions: w.Actions, Summary: w.Summary}
	for _, p := range w.Parts {
		m.Parts = append(m.Parts, p.is)
	}
	return nil
}

type wireForm struct {
	Title   string  `json:"title"`
	Intro   spans   `json:"intro,omitempty"`
	Fields  []Input `json:"fields,omitempty"`
	Submit  string  `json:"submit,omitempty"`
	Command string  `json:"command"`
	Seen    uint64  `json:"seen,omitempty"`
}

// MarshalJSON writes the intro's spans as a message's.
func (f Form) MarshalJSON() ([]byte, error) {
	return json.Marshal(wireForm{f.Title, f.Intro, f.Fields, f.Submit, f.Command, f.Seen})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Form) UnmarshalJSON(b []byte) error {
	var w wireForm
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*f = Form{w.Title, w.Intro, w.Fields, w.Submit, w.Command, w.Seen}
	return nil
}

// MarshalJSON writes the moment in UTC.
func (w When) MarshalJSON() ([]byte, error) {
	type bare When
	w.At = w.At.UTC()
	if y := w.At.Year(); y < 0 || y > 9999 { // JSON has no such moment
		w.At = time.Time{}
	}
	return json.Marshal(bare(w))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (w *When) UnmarshalJSON(b []byte) error {
	type bare When
	if err := json.Unmarshal(b, (*bare)(w)); err != nil {
		return err
	}
	w.At = w.At.UTC()
	return nil
}

func untag(b []byte) (kind string, raw json.RawMessage, err error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		return "", nil, err
	}
	if len(m) != 1 {
		return "", nil, nil
	}
	for kind, raw = range m {
	}
	return kind, raw, nil
}
