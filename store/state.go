package store

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// foldCode is the number of the code that folds events into states and
// summaries. Raise it when either changes: what another number made is then
// rebuilt from events as it is read, and written back by the next commit.
const foldCode = 2

// itself is a value that writes itself as JSON.
type itself interface {
	AppendJSON(b []byte) ([]byte, error)
}

// kept writes a state or a summary with the number of the code that made it.
func kept(v itself) ([]byte, error) {
	b := make([]byte, 0, 1024)
	b, err := v.AppendJSON(append(strconv.AppendInt(b, foldCode, 10), ' '))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "The state cannot be written.")
	}
	return b, nil
}

// readKept reads it back; ok is false when other code made it.
func readKept(raw []byte, v any) (ok bool) {
	number, body, found := bytes.Cut(raw, []byte(" "))
	return found && string(number) == strconv.Itoa(foldCode) && json.Unmarshal(body, v) == nil
}

// readHead reads "version:hash".
func readHead(token string) (v incident.Version, hash string) {
	number, hash, _ := strings.Cut(token, ":")
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return 0, ""
	}
	return incident.Version(n), hash
}

func writeHead(v incident.Version, hash string) string {
	return strconv.FormatUint(uint64(v), 10) + ":" + hash
}

// state gives the state of an incident's stream without its words: the kept
// one when it is this code's and stands at the head, else the fold.
func (s *Store) state(ctx context.Context, stream incident.Stream, head incident.Version, raw []byte) (incident.Incident, error) {
	var inc incident.Incident
	if raw != nil && readKept(raw, &inc) && inc.Head == head {
		return inc, nil
	}
	return s.fold(ctx, stream, head)
}

// fold folds the events of a stream up to a head.
func (s *Store) fold(ctx context.Context, stream incident.Stream, head incident.Version) (incident.Incident, error) {
	var inc incident.Incident
	for at := uint64(0); at < uint64(head); {
		entries, err := s.d.Entries(ctx, string(stream), at, int(min(uint64(head)-at, 1000)))
		if err != nil {
			return inc, err
		}
		if len(entries) == 0 {
			return inc, fault.New(fault.Internal, "The stream %s ends at %d, before its head %d.", stream, at, head)
		}
		for _, e := range entries {
			r, err := s.codec.Decode(e.Value)
			if err != nil {
				return inc, err
			}
			inc = inc.Apply(r)
			at = e.Version
		}
	}
	incident.EachText(&inc, func(t *incident.Text) { t.Hash = "" }) // as a commit writes it
	return inc, nil
}
