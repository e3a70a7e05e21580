package slacktest

import (
	"context"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Fake is a fake Slack. It is an http.Handler that serves the Web API under
// /api/, sockets under /socket and response URLs under /response/.
type Fake struct {
	o       Options
	methods map[string]*method
	over    chan struct{}  // closed by Close
	busy    sync.WaitGroup // goroutines that Close waits for
	wire    *wire

	mu      sync.Mutex // guards all below; never held over anything that waits
	closed  bool
	servers []*http.Server
	base    string // address before "api/"
	hook    Hook
	count   map[string]int // ids given so far, by kind
	last    int64          // the newest ts, in microseconds
	bot     *User

	users   []*User
	groups  []*Group
	rooms   []*place
	modals  map[string][]*view // by user: the stack, the topmost last
	homes   map[string]*view
	trigger map[string]*trigger
	respond map[string]*response

	scopes  map[string]bool
	events  map[string]bool
	revoked bool
	calls   []*Call
	spent   map[string][]time.Time // calls in the window, by bucket
	faults  []*order
	latency time.Duration
	once    map[string]bool // calls whose answer was lost once; nil: none is to be
	watch   func(Call)

	mail mail
	hub  hub
}

// New makes a workspace with the bot in it, and nobody and nothing else.
func New(o Options) *Fake {
	o = o.filled()
	f := &Fake{
		o: o, methods: byName(), over: make(chan struct{}), wire: newWire(), base: "http://slack.test/", hook: o.Hook,
		count: map[string]int{}, modals: map[string][]*view{}, homes: map[string]*view{},
		trigger: map[string]*trigger{}, respond: map[string]*response{},
		scopes: set(o.Scopes), events: set(o.Events), spent: map[string][]time.Time{},
	}
	f.mail.idle = sync.NewCond(&f.mu)
	f.hub.tickets, f.hub.all = map[string]bool{}, map[*socket]bool{}
	bot := f.AddUser(User{ID: "U0" + idWord(o.BotName, 7), Name: o.BotName, RealName: o.BotName, Bot: true})
	f.bot = f.user(bot.ID)
	f.listen(f.wire)
	return f
}

// filled puts the defaults in.
func (o Options) filled() Options {
	fill := func(s *string, def string) {
		if *s == "" {
			*s = def
		}
	}
	fill(&o.Team, "T0TOCSIN")
	fill(&o.TeamName, "Acme")
	fill(&o.Domain, "acme")
	fill(&o.BotToken, "xoxb-fake")
	fill(&o.AppToken, "xapp-fake")
	fill(&o.SigningSecret, "secret-of-the-fake")
	fill(&o.Command, "/incident")
	fill(&o.BotName, "tocsin")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Scopes == nil {
		o.Scopes = AllScopes()
	}
	if o.Events == nil {
		o.Events = AllEvents()
	}
	if o.Patience == 0 {
		o.Patience = 3 * time.Second
	}
	return o
}

func set(all []string) map[string]bool {
	out := map[string]bool{}
	for _, s := range all {
		out[s] = true
	}
	return out
}

// idWord makes the end of an id from a name: letters and digits, padded.
func idWord(name string, width int) string {
	word := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(name))
	if len(word) > width {
		word = word[:width]
	}
	return word + strings.Repeat("0", width-len(word))
}

// Close ends everything that goes on; calls that hang are broken off.
func (f *Fake) Close() {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return
	}
	f.closed = true
	servers, sockets := f.servers, slices.Collect(maps.Keys(f.hub.all))
	close(f.over)
	f.mail.idle.Broadcast()
	f.mu.Unlock()
	_ = f.wire.Close()
	for _, s := range sockets {
		s.close()
	}
	for _, s := range servers {
		_ = s.Close()
	}
	f.busy.Wait()
}

// spawn runs something that Close waits for; not after Close.
func (f *Fake) spawn(do func()) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	f.busy.Go(do)
	return true
}

// ServeHTTP serves the app.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/api/"):
		f.serveCall(w, r, strings.TrimPrefix(path, "/api/"))
	case path == "/socket":
		f.serveSocket(w, r)
	case strings.HasPrefix(path, privateFiles):
		f.serveFile(w, r)
	case strings.HasPrefix(path, "/response/"):
		f.serveResponse(w, r, strings.TrimPrefix(path, "/response/"))
	default:
		http.NotFound(w, r)
	}
}

// URL is where the Web API is called, with the slash at its end that slack-go
// needs. Before [Fake.Serve] it is an address that only [Fake.Dial] and
// [Fake.Client] reach.
func (f *Fake) URL() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.base + "api/"
}

// Serve serves on a listener until [Fake.Close]; it returns at once.
func (f *Fake) Serve(l net.Listener) {
	f.mu.Lock()
	f.base = "http://" + l.Addr().String() + "/"
	f.mu.Unlock()
	f.listen(l)
}

func (f *Fake) listen(l net.Listener) {
	server := &http.Server{Handler: f, ReadHeaderTimeout: time.Minute}
	f.mu.Lock()
	f.servers = append(f.servers, server)
	f.mu.Unlock()
	f.spawn(func() { _ = server.Serve(l) })
}

// Dial opens a connection to the fake in memory, whatever the address.
func (f *Fake) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return f.wire.dial(ctx, network, address)
}

// Client makes calls in memory, through [Fake.Dial]. A call that was ordered
// to be refused fails before it is sent.
func (f *Fake) Client() *http.Client {
	return &http.Client{Transport: &refuser{f: f, next: &http.Transport{DialContext: f.Dial, DisableKeepAlives: true}}}
}

// SetHook says where deliveries go from now on; nil: through sockets.
func (f *Fake) SetHook(h Hook) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hook = h
}

// Bot is the user id of the app's bot.
func (f *Fake) Bot() string { return f.bot.ID }

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
