package pagerdutytest

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// object is a thing of JSON.
type object = map[string]any

// Fake is a fake PagerDuty. It is an http.Handler that serves the REST API at
// its root and the Events API under /v2/.
type Fake struct {
	o     Options
	mux   *http.ServeMux
	books *books         // PagerDuty's documents; nil: none
	over  chan struct{}  // closed by Close
	busy  sync.WaitGroup // goroutines that Close waits for

	mu      sync.Mutex // guards all below; never held over anything that waits
	closed  bool
	servers []*http.Server
	base    string
	count   map[string]int // ids given so far, by kind

	users      []*User
	teams      []*Team
	policies   []*Policy
	schedules  []*Schedule
	services   []*Service
	priorities []string
	abilities  map[string]bool

	incidents []*Incident
	rings     []Notification
	changes   []Change
	events    events

	calls      []*Call
	spent      []time.Time // REST calls of the last minute
	violations []string
	faults     []*order
	latency    time.Duration

	mail mail
}

// New makes an account with nobody and nothing in it. It fails when the
// documents cannot be read.
func New(o Options) (*Fake, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Token == "" {
		o.Token = "token-of-the-fake"
	}
	if o.Patience == 0 {
		o.Patience = 5 * time.Second
	}
	if o.Limit == 0 {
		o.Limit = 960
	}
	f := &Fake{
		o: o, over: make(chan struct{}), base: "http://pagerduty.test", count: map[string]int{},
		priorities: []string{"P1", "P2", "P3", "P4", "P5"}, abilities: map[string]bool{},
	}
	for _, a := range []string{"teams", "coordinated_responding", "urgencies", "event_rules"} {
		f.abilities[a] = true
	}
	f.mail.idle = sync.NewCond(&f.mu)
	f.mux = f.routes()
	if o.Documents != "" {
		var err error
		if f.books, err = open(o.Documents); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Start makes an account for a test, held to PagerDuty's documents when
// TOCSIN_SPECS names their folder. When the test ends the account is closed,
// and the test fails for every request that the documents refuse.
func Start(t testing.TB, o Options) *Fake {
	t.Helper()
	if o.Documents == "" {
		o.Documents = os.Getenv("TOCSIN_SPECS")
		if o.Documents == "" && os.Getenv("TOCSIN_REQUIRE_SPECS") == "1" {
			t.Fatal("TOCSIN_SPECS names no folder of PagerDuty's documents")
		}
	}
	f, err := New(o)
	if err != nil {
		t.Fatalf("the fake PagerDuty does not start: %v", err)
	}
	t.Cleanup(func() {
		f.Close()
		f.Check(t)
	})
	return f
}

// Check fails a test for every violation so far, and forgets them.
func (f *Fake) Check(t testing.TB) {
	t.Helper()
	for _, v := range f.Violations() {
		t.Errorf("PagerDuty's documents refuse: %s", v)
	}
	f.Forgive()
}

// Violations lists what requests did that PagerDuty's documents do not allow.
func (f *Fake) Violations() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.violations)
}

// Forgive forgets the violations so far: a test made them on purpose.
func (f *Fake) Forgive() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.violations = nil
}

func (f *Fake) violation(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.violations = append(f.violations, what)
}

// APIURL is where the REST API is called, without a slash at its end. Before
// [Fake.Serve] it is an address that only [Fake.Client] reaches.
func (f *Fake) APIURL() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.base
}

// EventsURL is where the Events API is called; "/v2/enqueue" follows it.
func (f *Fake) EventsURL() string { return f.APIURL() }

// Token is the key of the REST API.
func (f *Fake) Token() string { return f.o.Token }

// Serve serves on a listener until [Fake.Close]; it returns at once.
func (f *Fake) Serve(l net.Listener) {
	server := &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	f.mu.Lock()
	f.base = "http://" + l.Addr().String()
	f.servers = append(f.servers, server)
	f.mu.Unlock()
	f.spawn(func() { _ = server.Serve(l) })
}

// Listen serves on a free port of this machine until the test ends.
func (f *Fake) Listen(t testing.TB) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.Serve(l)
	t.Cleanup(f.Close)
}

// Close ends everything that goes on; calls that hang are broken off.
func (f *Fake) Close() {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return
	}
	f.closed = true
	servers := f.servers
	close(f.over)
	f.mail.idle.Broadcast()
	f.mu.Unlock()
	for _, s := range servers {
		_ = s.Close()
	}
	f.busy.Wait()
}

// spawn runs something that Close waits for; not after Close.
func (f *Fake) spawn(do func()) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.spawnLocked(do)
}

func (f *Fake) spawnLocked(do func()) bool {
	if f.closed {
		return false
	}
	f.busy.Go(do)
	return true
}

// Calls gives every call so far, oldest first.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Call
	for _, c := range f.calls {
		out = append(out, *c)
	}
	return out
}

// Called counts the calls of an operation so far ("": all).
func (f *Fake) Called(op string) int {
	n := 0
	for _, c := range f.Calls() {
		if op == "" || c.Op == op {
			n++
		}
	}
	return n
}

func (f *Fake) now() time.Time { return f.o.Now() }

// wait gives the time, or false when the fake is closed or ctx ends before.
func (f *Fake) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	select {
	case <-f.o.After(d):
		return true
	case <-ctx.Done():
	case <-f.over:
	}
	return false
}

// id makes the next id of a kind; f.mu is held.
func (f *Fake) id(kind string) string {
	f.count[kind]++
	n := strconv.Itoa(f.count[kind])
	const zeros = "0000"
	return "P" + kind + zeros[:max(0, len(zeros)-len(n))] + n
}

func reply(w http.ResponseWriter, status int, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		panic("pagerdutytest: " + err.Error())
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}
