package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"tocsin/incident"
)

// keepOutcome is how long a request's key and its reply are kept.
const keepOutcome = 7 * 24 * time.Hour

// outcomeRow is what is kept under a key: a line of JSON, then the reply as it
// was given. A reply is never turned into anything else, so a repeat gets the
// same bytes.
type outcomeRow struct {
	Print   string            `json:"print,omitempty"`
	At      time.Time         `json:"at"`
	Asker   incident.PersonID `json:"by,omitempty"`
	Streams []incident.Stream `json:"in,omitempty"`
	Job     bool              `json:"job,omitempty"`
	Erased  bool              `json:"erased,omitempty"` // the reply went with somebody's words
	reply   []byte
}

func (o outcomeRow) bytes() ([]byte, error) {
	head, err := json.Marshal(o)
	if err != nil {
		return nil, damaged("of an outcome", err)
	}
	return append(append(head, '\n'), o.reply...), nil
}

func readOutcome(raw []byte) (outcomeRow, error) {
	head, reply, found := bytes.Cut(raw, []byte("\n"))
	if !found {
		return outcomeRow{}, errors.New("no end of its head")
	}
	var o outcomeRow
	if err := json.Unmarshal(head, &o); err != nil {
		return outcomeRow{}, err
	}
	if len(reply) > 0 {
		o.reply = reply
	}
	return o, nil
}
