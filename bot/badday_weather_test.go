package bot_test

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"

	"tocsin/bot/bottest"
	"tocsin/incident/fault"
	"tocsin/store"
	"tocsin/store/redis"
)

// weather is what a database suffers.
type weather int32

const (
	fair    weather = iota
	waiting         // fair until a write with the lantern in it comes
	cutOff          // nothing gets through, and nobody says so
	full            // the disk is full: reads work, writes are refused
)

// lantern stands in the command in whose middle the database is cut off.
const lantern = "lantern"

// sky is a database that can be made to suffer.
type sky interface {
	bottest.Base
	// suffer sets the weather; through says whether the write with the lantern
	// is done before it is cut off.
	suffer(w weather, through bool)
}

// patience is what drivers of real databases give a call at most.
const patience = 2 * time.Second

// cloudy is a database under a driver that suffers.
type cloudy struct {
	bottest.Base
	now     atomic.Int32
	through atomic.Bool
}

func (c *cloudy) suffer(w weather, through bool) {
	c.through.Store(through)
	c.now.Store(int32(w))
}

func (c *cloudy) Open(ctx context.Context) (store.Driver, error) {
	d, err := c.Base.Open(ctx)
	return &cloudyDriver{Driver: d, c: c}, err
}

type cloudyDriver struct {
	store.Driver
	c *cloudy
}

func (d *cloudyDriver) silence(ctx context.Context, k fault.Kind) error {
	if weather(d.c.now.Load()) != cutOff {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	<-within.Done()
	return fault.Wrap(k, within.Err(), "The database has not answered.")
}

func lit(b store.Batch) bool {
	for _, op := range b.Ops {
		if bytes.Contains(op.Value, []byte(lantern)) {
			return true
		}
	}
	return false
}

// Apply implements store.Driver.
func (d *cloudyDriver) Apply(ctx context.Context, b store.Batch) error {
	switch weather(d.c.now.Load()) {
	case full:
		return fault.New(fault.Unavailable, "The disk with the database is full; nothing was recorded.")
	case waiting:
		if lit(b) {
			d.c.now.Store(int32(cutOff))
			if d.c.through.Load() {
				if err := d.Driver.Apply(context.WithoutCancel(ctx), b); err != nil {
					return err
				}
			}
		}
	case fair, cutOff:
	}
	if err := d.silence(ctx, fault.Unknown); err != nil {
		return err
	}
	return d.Driver.Apply(ctx, b)
}

// Get implements store.Driver.
func (d *cloudyDriver) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if err := d.silence(ctx, fault.Unavailable); err != nil {
		return nil, err
	}
	return d.Driver.Get(ctx, keys...)
}

// Entries implements store.Driver.
func (d *cloudyDriver) Entries(ctx context.Context, stream string, after uint64, limit int) ([]store.Entry, error) {
	if err := d.silence(ctx, fault.Unavailable); err != nil {
		return nil, err
	}
	return d.Driver.Entries(ctx, stream, after, limit)
}

// Range implements store.Driver.
func (d *cloudyDriver) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	if err := d.silence(ctx, fault.Unavailable); err != nil {
		return nil, err
	}
	return d.Driver.Range(ctx, q)
}

// Now implements store.Driver.
func (d *cloudyDriver) Now(ctx context.Context) (time.Time, error) {
	if err := d.silence(ctx, fault.Unavailable); err != nil {
		return time.Time{}, err
	}
	return d.Driver.Now(ctx)
}

// farRedis is a Redis behind a network that can be cut: the real driver sees
// what it would see there.
type farRedis struct {
	m       *miniredis.Miniredis
	now     atomic.Int32
	through atomic.Bool
}

func (f *farRedis) suffer(w weather, through bool) {
	f.through.Store(through)
	f.now.Store(int32(w))
}

func (f *farRedis) cut() bool { return weather(f.now.Load()) == cutOff }

func (f *farRedis) Open(ctx context.Context) (store.Driver, error) {
	return redis.Open(ctx, "redis://in-memory:6379/0", redis.Options{Dial: f.dial})
}

func (f *farRedis) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if f.cut() {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	c, err := f.m.Dial()
	return &farConn{Conn: c, f: f}, err
}

func (f *farRedis) Sole() bool { return false }
func (f *farRedis) Close()     { f.m.Close() }

type farConn struct {
	net.Conn
	f    *farRedis
	lost atomic.Bool // what was cut off once stays so
}

func (c *farConn) gone() bool {
	if c.f.cut() {
		c.lost.Store(true)
	}
	return c.lost.Load()
}

// Write loses what is written once the network is cut.
func (c *farConn) Write(p []byte) (int, error) {
	if weather(c.f.now.Load()) == waiting && bytes.Contains(p, []byte(lantern)) {
		c.f.now.Store(int32(cutOff))
		if c.f.through.Load() {
			n, err := c.Conn.Write(p)
			c.lost.Store(true)
			return n, err
		}
	}
	if c.gone() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// Read loses what comes once the network is cut.
func (c *farConn) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err != nil || !c.gone() {
			return n, err
		}
	}
}

// underEverySky plays over every database that can be made to suffer.
func underEverySky(t *testing.T, play func(t *testing.T, base sky)) {
	t.Helper()
	open := map[string]func(t *testing.T) sky{
		"a Redis behind a network": func(*testing.T) sky { return &farRedis{m: miniredis.NewMiniRedis()} },
	}
	for name, base := range bottest.Bases() {
		open[name] = func(t *testing.T) sky { return &cloudy{Base: base(t)} }
	}
	for name, base := range open {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := base(t)
			synctest.Test(t, func(t *testing.T) { play(t, b) })
		})
	}
}

// within says something and sees that the answer came within 3 s.
func within(t *testing.T, s *bottest.Stage, who, room, words, key string) script {
	t.Helper()
	began := time.Now()
	a := tells(s, who, room, words, key)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("%q was answered after %v: %s", words, took, a.Body)
	}
	return a
}

func TestTheDatabaseIsCutOffInTheMiddleOfACommand(t *testing.T) {
	t.Parallel()
	for _, through := range []bool{true, false} {
		t.Run(map[bool]string{true: "the write arrived", false: "the write was lost"}[through], func(t *testing.T) {
			t.Parallel()
			underEverySky(t, func(t *testing.T, base sky) { cutInTheMiddle(t, base, through) })
		})
	}
}

func cutInTheMiddle(t *testing.T, base sky, through bool) {
	s := bottest.NewStage(t, base, "")
	s.Start()
	defer s.Close()
	tells(s, "ann", "general", "declare sev2 checkout is failing", "k0")
	s.Rest()
	room := s.Room("INC-1")

	base.suffer(waiting, through)
	middle := within(t, s, "ann", room, "note the lantern went out", "k1")
	if middle.Status != 503 || !strings.Contains(middle.Text, "could not confirm") || strings.Contains(middle.Text, "Not recorded") {
		t.Errorf("in the middle of it: %d %s", middle.Status, middle.Text)
	}
	for i, words := range []string{"note it is dark", "declare sev3 search is slow", "show"} {
		a := within(t, s, "bo", room, words, "dark-"+string(rune('a'+i)))
		if a.Status != 503 || strings.Contains(a.Text, "could not confirm") || !strings.Contains(a.Text, "ry again") {
			t.Errorf("%q while it is away: %d %s", words, a.Status, a.Text)
		}
	}
	s.Advance(20 * time.Second)
	base.suffer(fair, false)
	s.Advance(40 * time.Second)

	first := within(t, s, "ann", room, "note the lantern went out", "k1")
	again := within(t, s, "ann", room, "note the lantern went out", "k1")
	if first.Status != 200 || !first.Repeat || first.Body != again.Body {
		t.Errorf("asked again: %d (repeat: %v) %s\nand %s", first.Status, first.Repeat, first.Text, again.Text)
	}
	if n := times(s.Timeline(1), lantern); n != 1 {
		t.Errorf("it stands %d times on the timeline:\n%s", n, strings.Join(s.Timeline(1), "\n"))
	}
	if n := times(s.Public(room), lantern); n != 1 {
		t.Errorf("it stands %d times in the room:\n%s", n, strings.Join(s.Public(room), "\n---\n"))
	}
	if n := times(s.Timeline(1), "dark"); n != 0 {
		t.Error("what was said not to be recorded is on the timeline")
	}
	if got := s.Get("/api/v1/incidents/INC-2"); got.Status != 404 {
		t.Errorf("what was said not to be recorded is declared: %s", got.Body)
	}
	if a := tells(s, "bo", room, "note it is bright", "k9"); a.Status != 200 {
		t.Errorf("afterwards: %d %s", a.Status, a.Text)
	}
}

func TestTheOutcomeArrivesInTheConsoleAfterTheCut(t *testing.T) {
	t.Parallel()
	for _, through := range []bool{true, false} {
		t.Run(map[bool]string{true: "the write arrived", false: "the write was lost"}[through], func(t *testing.T) {
			t.Parallel()
			underEverySky(t, func(t *testing.T, base sky) { outcomeArrives(t, base, through) })
		})
	}
}

func outcomeArrives(t *testing.T, base sky, through bool) {
	s := bottest.NewStage(t, base, "")
	s.Start()
	defer s.Close()
	s.Rest()
	base.suffer(waiting, through)
	began := time.Now()
	gesture := url.Values{
		"key": {"a-gesture-of-mine"}, "as": {"ann"}, "room": {"general"}, "zone": {"UTC"}, "text": {"/incident declare sev2 the lantern is failing"},
	}
	press := func() int {
		return s.Post("/console/say", "application/x-www-form-urlencoded", gesture.Encode()).Status
	}
	if press(); time.Since(began) > 3*time.Second {
		t.Errorf("answered after %v", time.Since(began))
	}
	s.Advance(27 * time.Second)
	base.suffer(fair, false)
	s.Advance(time.Minute)
	if only := s.Only("ann"); !strings.Contains(only, "INC-1") {
		t.Errorf("the outcome did not arrive; the newest is %q", only)
	}
	gesture.Set("again", "1") // as the page does that is still open
	if status := press(); status != 200 {
		t.Errorf("the page asks again and gets %d", status)
	}
	s.Rest()
	if n := times([]string{s.Get("/console/r/general?as=ann").Body}, "INC-1</strong> is declared"); n != 1 {
		t.Errorf("ann reads the outcome %d times:\n%s", n, s.Get("/console/r/general?as=ann").Body)
	}
	if n := times(s.Public("incidents"), "the lantern is failing"); n != 1 {
		t.Errorf("it is announced %d times:\n%s", n, strings.Join(s.Public("incidents"), "\n---\n"))
	}
	if len(s.Number(1).Rooms) != 1 {
		t.Errorf("it has %d rooms", len(s.Number(1).Rooms))
	}
	if got := s.Get("/api/v1/incidents/INC-2"); got.Status != 404 {
		t.Errorf("it is declared twice: %s", got.Body)
	}
}

func TestAFullDiskChangesNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	onEveryStore(t, func(t *testing.T, base bottest.Base) {
		c := &cloudy{Base: base}
		s := bottest.NewStage(t, c, "")
		s.Start()
		defer s.Close()
		tells(s, "ann", "general", "declare sev2 checkout is failing", "k0")
		s.Rest()
		room := s.Room("INC-1")
		c.suffer(full, false)
		before := strings.Join(s.Timeline(1), "\n")
		for i, words := range []string{"note it is dark", "resolve all good", "declare sev3 search is slow", "page checkout", "undo"} {
			a := within(t, s, "ann", room, words, "full-"+string(rune('a'+i)))
			if a.Status != 503 || !strings.Contains(a.Text, "Not recorded: try again.") {
				t.Errorf("%q on a full disk: %d %s", words, a.Status, a.Text)
			}
		}
		if a := within(t, s, "ann", room, "show", "look"); a.Status != 200 || !strings.Contains(a.Text, "checkout is failing") {
			t.Errorf("looking on a full disk: %d %s", a.Status, a.Text)
		}
		s.Advance(30 * time.Second)
		c.suffer(fair, false)
		s.Advance(time.Minute)
		if after := strings.Join(s.Timeline(1), "\n"); after != before {
			t.Errorf("what was not recorded is there:\n%s\nbefore:\n%s", after, before)
		}
		if a := tells(s, "ann", room, "note it is dark", "full-a"); a.Status != 200 || a.Repeat {
			t.Errorf("tried again: %d %s", a.Status, a.Text)
		}
		s.Rest()
		if n := times(s.Public(room), "noted: it is dark"); n != 1 {
			t.Errorf("it stands %d times in the room", n)
		}
	})
}
