package bottest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot"
	"tocsin/bot/policy"
	"tocsin/store"
)

// token opens the API in stories.
const token = "story-token"

// Stage is a running program and its database.
type Stage struct {
	t     *testing.T
	base  Base
	env   []string
	rules string // path of the policy file; empty: none
	town  town
	far   *farSide // a fake PagerDuty; nil: none

	house  *bot.House
	store  *store.Store
	driver *cutDriver
	wire   *wire
	web    *http.Client
	stop   context.CancelFunc
	ended  sync.WaitGroup
	logs   lockedBuffer
	name   string // tells two programs on one database apart
	starts int
	key    int
}

// lockedBuffer is where a program's log goes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// NewStage makes a stage on a database; [Stage.Start] raises the curtain.
func NewStage(t *testing.T, base Base, rules string, env ...string) *Stage {
	s := &Stage{t: t, base: base, rules: rules, env: env, name: "first"}
	s.town = consoleTown{s}
	return s
}

// Start starts the program, as after a kill or for the first time.
func (s *Stage) Start() {
	s.t.Helper()
	ctx := context.Background()
	d, err := s.base.Open(ctx)
	s.must(err, "open the database")
	s.driver = &cutDriver{Driver: d}
	s.store = store.New(s.driver, store.Options{Now: time.Now})
	c, err := bot.ReadConfig(append([]string{"HOME=/nowhere"}, s.env...))
	s.must(err, "read the settings")
	kept, err := policy.Open(s.rules)
	s.must(err, "read the policy")
	s.starts++
	h, err := bot.Build(ctx, bot.Parts{
		Practice: true,
		Config:   c, Store: s.store, Policy: kept, Now: time.Now, Jitter: func() float64 { return 0.5 },
		Log:   slog.New(slog.NewTextHandler(&s.logs, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Owner: fmt.Sprintf("%s-start-%d", s.name, s.starts), Sole: s.base.Sole(),
		Platforms: s.town.serve(s), Transport: s.transport(),
	})
	s.must(err, "build the house")
	s.house = h
	s.wire = newWire()
	s.web = &http.Client{
		Transport:     &http.Transport{DialContext: s.wire.dial, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	ctx, s.stop = context.WithCancel(ctx)
	ready := make(chan struct{})
	s.ended.Go(func() {
		if err := h.Run(ctx, bot.Doors{Public: s.wire}, token, nil, func() { close(ready) }); err != nil {
			s.t.Errorf("the program ended with %v", err)
		}
	})
	<-ready
	s.Rest()
	s.town.meet()
}

// Rest lets everything that is due be done.
func (s *Stage) Rest() { s.Advance(3 * time.Second) }

// Advance lets time pass.
func (s *Stage) Advance(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// Kill ends the program without a word: nothing reaches the database any more.
func (s *Stage) Kill() {
	s.driver.now(killed)
	s.end()
}

// Stop asks the program to stop, and waits until it has.
func (s *Stage) Stop() { s.end() }

func (s *Stage) end() {
	s.stop()
	s.ended.Wait()
	s.web.CloseIdleConnections()
	s.must(s.driver.Close(), "close the database")
	synctest.Wait()
}

// Close ends the story.
func (s *Stage) Close() {
	s.hangUp()
	s.Stop()
	s.town.close()
	s.base.Close()
	synctest.Wait()
}

func (s *Stage) must(err error, what string) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", what, err, s.logs.String())
	}
}

// nextKey is a key that no gesture of this story had.
func (s *Stage) nextKey() string {
	s.key++
	return fmt.Sprintf("gesture-%s-%d-%s", s.name, s.key, strings.Repeat("x", 8))
}
