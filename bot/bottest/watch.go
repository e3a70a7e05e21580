package bottest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"tocsin/incident"
)

// Twin is a second program on the same database, not started yet.
func (s *Stage) Twin() *Stage {
	t := NewStage(s.t, s.base, s.rules, s.env...)
	t.name = "second"
	return t
}

// Log is all that the program has logged so far.
func (s *Stage) Log() string { return s.logs.String() }

// Room is the id of a room by its name, or of the room of "INC-1".
func (s *Stage) Room(name string) string { return s.roomOf(name) }

// Number is an incident as the store's index has it.
func (s *Stage) Number(n incident.Number) incident.Summary { return s.incident(n) }

// Post sends raw bytes, as a broken script would.
func (s *Stage) Post(path, kind, body string) heard {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	s.must(err, "make a request")
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Origin", "http://127.0.0.1:8080")
	return s.send(req)
}

// Listen opens a stream of the console. What it gives is heard until it is
// called; then the stream is closed and all that was heard is given.
func (s *Stage) Listen(path string) (hear func() string) {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:8080"+path, nil)
	s.must(err, "make a request")
	req.Header.Set("Origin", "http://127.0.0.1:8080")
	resp, err := s.web.Do(req)
	s.must(err, "open a stream")
	var heard lockedBuffer
	var ended sync.WaitGroup
	ended.Go(func() {
		_, _ = io.Copy(&heard, resp.Body) // ends with the stream
		_ = resp.Body.Close()
	})
	s.Advance(time.Second)
	return func() string {
		stop()
		ended.Wait()
		return heard.String()
	}
}
