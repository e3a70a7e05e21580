package bot

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/bot/policy"
	"tocsin/bot/reactors"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/all"
	"tocsin/integrations/practice"
	"tocsin/store"
)

// Parts is what a house is built of.
type Parts struct {
	Config Config
	Store  *store.Store
	Policy *policy.Kept
	Now    func() time.Time // the machine's clock
	Log    *slog.Logger
	Jitter func() float64 // in [0,1)
	Owner  string         // this start of this replica; never used again
	Sole   bool           // no other replica writes to this store
	Apart  bool           // the console has an address of its own, and a token
	Token  string         // opens the console when it stands apart
	// Platforms are served beside the console; tests hand in scripted ones.
	Platforms []Platform
	// Practice lets the practice pager take every page, not those of drills alone.
	Practice bool

	// Transport is how outside services are called; nil: their own way.
	Transport http.RoundTripper

	metrics *metrics // nil: the house makes its own
}

// Platform is a chat platform beside the console, and where it announces.
type Platform struct {
	chat.Platform
	Announce string // id or name of a room, as Setting says; empty: it is chosen in chat
	Setting  string // "TOCSIN_SLACK_ANNOUNCE"
	Shared   bool   // it may be a room that other organisations read
}

// House is one running bot: every part, wired together.
type House struct {
	p         Parts
	clock     *clock
	people    *People
	door      *Door
	desk      *Desk
	look      *Look
	details   *Details
	alerts    AlertDesk // nil: alerts and changes are refused with 503
	groups    *alerts
	reviews   *reviews
	passKey   redact.Secret // signs personal links to the reviews
	world     *World
	sink      *Sink
	router    *commands.Router
	console   *console.Console
	services  []integrations.Integration
	clients   map[string]*chat.Client
	worker    *worker.Worker
	effects   reactors.Outside
	metrics   *metrics
	rooms     *roomNames
	announcer *announcer
	awake     *awake
	pulse     pulse
	hooks     *hooks
	scrubber  redact.Scrubber
	meant     atomic.Pointer[meant]

	ready atomic.Bool
	down  atomic.Int64 // platforms that do not listen now
	beat  atomic.Int64 // when the housekeeping last went round, in Unix seconds
	tasks sync.WaitGroup
	later func(work func(ctx context.Context)) // runs work that outlives its request, until the house stops
	end   context.CancelFunc                   // ends that work
}

// Build wires a house together. Nothing runs before [House.Run].
func Build(ctx context.Context, p Parts) (*House, error) {
	h := &House{p: p, clock: newClock(p.Now), metrics: cmp.Or(p.metrics, newMetrics()), clients: map[string]*chat.Client{}}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	h.end = end
	h.later = func(work func(ctx context.Context)) { h.tasks.Go(func() { work(life) }) }
	h.clock.correct(ctx, p.Store.Driver().Now)
	h.scrubber = redact.NewScrubber(p.Config.Settings.Secrets()...)
	h.people = NewPeople(p.Store, h.clock.Now)
	h.awake = &awake{shelf: p.Store, now: h.clock.Now}
	h.rooms = &roomNames{talk: p.Store, now: h.clock.Now}
	h.door = &Door{
		people: h.people, policy: h.policy, admins: p.Config.Admins, zone: p.Config.Zone,
		command: "/" + p.Config.Command, now: h.clock.Now,
	}
	var salt []byte
	if err := within(ctx, func(ctx context.Context) (err error) {
		salt, err = sharedSalt(ctx, p.Store)
		return err
	}); err != nil {
		return nil, err
	}
	h.desk = NewDesk(DeskOptions{
		Log: p.Store, Ledger: p.Store, People: p.Store, Policy: h.policy, Voice: h.door.Voice, Now: h.clock.Now,
		Salt: salt, Sole: p.Sole, Committed: h.committed, Later: h.later, Late: h.late, Counted: h.metrics.committed,
		Changed: h.people.Forget, Retried: func() { h.worker.Wake() },
	})
	h.groups = newAlerts(h.desk, p.Store)
	h.alerts = h.groups
	if err := within(ctx, func(ctx context.Context) (err error) {
		h.passKey, err = passKey(ctx, p.Store)
		return err
	}); err != nil {
		return nil, err
	}
	h.reviews = newReviews(h, newReviewInputs(p.Store, h.people, h.policy, p.Config.Zone, h.scrubber))
	h.look = &Look{index: p.Store, desk: h.desk}
	h.details = &Details{log: p.Store, history: p.Store, ledger: p.Store}
	if err := h.outside(life); err != nil {
		return nil, err
	}
	if err := within(ctx, h.worker.Start); err != nil {
		return nil, err
	}
	h.hooks = h.hooked()
	h.measure(life)
	h.sink = &Sink{
		index: p.Store, history: talk{History: p.Store, said: h.reviews.said}, people: h.people, door: h.door, desk: h.desk, log: p.Store, handle: h.Handle,
		ledger: p.Store, now: h.clock.Now, owed: func() { h.worker.Wake() }, awake: h.awake, captures: p.Config.captures, records: h.records,
	}
	h.router = commands.New(commands.Ports{
		Door: h.door, Desk: h.desk, Look: h.look, Details: h.details, World: h.world,
		Ear: h.sink, Rooms: roomLook{h}, Announce: h.announcer, Alerts: h.groups, Reviews: h.reviews,
	})
	return h, nil
}

// outside makes what effects reach: platforms, outside services and the worker.
func (h *House) outside(life context.Context) error {
	services, err := all.Open(h.forServices())
	if err != nil {
		return err
	}
	h.services = services
	var pagers []integrations.Pager
	var panels []console.Panel
	h.world = &World{people: h.people, policy: h.policy, health: h.health}
	var listeners []integrations.Listener
	var documents []integrations.Documents
	for _, s := range services {
		if l, is := s.(integrations.Listener); is {
			listeners = append(listeners, l)
		}
		if d, is := s.(integrations.Documents); is {
			documents = append(documents, d)
		}
		if p, is := s.(integrations.Pager); is {
			pagers = append(pagers, p)
			if p.Name() == practice.Name {
				h.world.practice = p
			}
			if p.Name() != practice.Name || h.p.Practice {
				h.world.pagers = append(h.world.pagers, p)
			}
		}
		if _, is := s.(integrations.Panel); is {
			panels = append(panels, console.Panel{Title: panelTitle(s), Path: panelPath(s)})
		}
	}
	registry := reactors.NewPagers(pagers...)
	if !h.p.Practice {
		registry = registry.ForReal()
	}
	if h.console, err = console.New(console.Options{
		Talk: h.p.Store, Now: h.clock.Now, Log: h.p.Log, Token: h.p.Token, Panels: panels,
		SpeakAs: len(h.p.Platforms) == 0, User: h.p.Config.Console.User,
	}); err != nil {
		return err
	}
	sides := h.sides(life)
	h.effects = reactors.Outside{
		Chat: reactors.NewChat(sides...), Pagers: registry, People: h.p.Store, Log: h.p.Store, History: h.p.Store, Album: h.p.Store, Shelf: h.p.Store,
		Policy: h.policy, Command: h.p.Config.Command, Zone: h.p.Config.Zone, Alerts: h.groups, Reviews: h.reviews, Documents: documents, Listeners: listeners,
		Patience: h.p.Config.PagePatience, Answer: h.p.Config.PageAnswer,
		Hear: func(ctx context.Context, s incident.Stream, said []chat.Said) error { return h.sink.Hear(ctx, s, said) },
	}
	h.worker = worker.New(worker.Config{
		Feed: h.p.Store, Ledger: h.p.Store, Shelf: h.p.Store, Recorder: h.desk, Reactors: reactors.All(h.effects),
		Pages: pageWorkers,
		Owner: h.p.Owner, Clock: h.clock.Now, Jitter: h.p.Jitter, Metrics: h.metrics, Log: h.p.Log,
		Busy: func() time.Duration { return h.pulse.busy(h.clock.Now()) },
	})
	return nil
}

// pageWorkers are how many calls for help may be under way at once, so that a
// pager that hangs keeps no other page waiting.
const pageWorkers = 8

// sides are the platforms with where they announce. Chat platforms come before
// the console: an incident that the API declares opens its room there, and
// beside them nothing is announced in the console.
func (h *House) sides(life context.Context) []reactors.Side {
	platforms := slices.Clone(h.p.Platforms)
	window := Platform{Platform: h.console}
	if len(platforms) == 0 {
		window.Announce = console.Incidents
	}
	platforms = append(platforms, window)
	fixed := map[string]fixedRoom{}
	var out []reactors.Side
	for _, p := range platforms {
		c := chat.NewClient(p.Platform)
		name := c.Name()
		h.clients[name] = c
		fixed[name] = fixedRoom{setting: p.Setting, room: p.Announce}
		out = append(out, reactors.Side{
			Platform: c, Shared: p.Shared,
			Announce: func() string { return h.announcer.room(life, name) },
			Asks:     func() bool { return h.announcer.asks(life, name) },
		})
	}
	h.announcer = newAnnouncer(h.p.Store, h.clock.Now, fixed)
	return out
}

// panelPath is where an outside service's own page is served.
func panelPath(s integrations.Integration) string { return "/" + s.Name() + "/" }

func panelTitle(s integrations.Integration) string {
	if s.Name() == practice.Name {
		return "Practice pager"
	}
	return s.Name()
}

// Handle runs a request to its reply. It never fails: what goes wrong inside
// is a reply, and a line in the log.
func (h *House) Handle(ctx context.Context, r chat.Request) (reply chat.Reply) {
	began := h.clock.Now()
	h.pulse.beat(began)
	defer func() {
		if broken := recover(); broken != nil {
			h.p.Log.ErrorContext(ctx, "a request failed inside", "panic", broken, "stack", string(debug.Stack()))
			reply = chat.Reply{
				Kind:    fault.Internal.String(),
				Message: say.Problem(fault.New(fault.Internal, "Something went wrong inside tocsin; it has been logged."), say.Voice{Command: h.door.command, Now: h.clock.Now()}),
			}
		}
		h.metrics.replied(r.Via, reply.Kind, h.clock.Now().Sub(began))
	}()
	return h.router.Handle(ctx, h.scrubbed(r))
}

// committed hands events that this replica wrote to its worker.
func (h *House) committed(events []incident.Recorded) {
	h.worker.Hand(events)
	h.reviews.wake()
}

// late delivers an outcome to the asker after "not confirmed yet".
func (h *House) late(ctx context.Context, in commands.Input, reply chat.Reply) {
	c := h.clients[in.Request.Place.Platform]
	if c == nil || in.Request.Via == "api" {
		return
	}
	var err error
	if c.Name() == console.Platform {
		err = h.console.Outcome(ctx, in.Request, c.FitReply(reply))
	} else {
		p := chat.Post{
			Key: keyOf("late", in.Request.Key), Room: in.Request.Place.Room, Thread: in.Request.Place.Thread,
			Only: in.Request.User.ID, Message: reply.Message,
		}
		if _, err = c.Post(ctx, p); fault.KindOf(err) == fault.Rejected || fault.KindOf(err) == fault.NotFound {
			// the bot is not in the room where it was asked
			if p.Room, err = c.Direct(ctx, in.Request.User.ID); err == nil {
				p.Thread, p.Only = "", ""
				_, err = c.Post(ctx, p)
			}
		}
	}
	if err != nil {
		h.p.Log.WarnContext(ctx, "a late outcome could not be delivered", "error", err)
	}
}

// within gives the store 5 s to answer while the house is built.
func within(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return ask(ctx)
}

// sharedSalt is the salt of fingerprints, one for all replicas on a store.
func sharedSalt(ctx context.Context, shelf store.Shelf) ([]byte, error) {
	const key = "salt/fingerprint"
	for {
		salt, err := shelf.Fetch(ctx, key)
		if err != nil || salt != nil {
			return salt, err
		}
		if err := shelf.Keep(ctx, key, nil, []byte(randomWord())); err != nil {
			if _, lost := asChanged(err); !lost {
				return nil, err
			}
		}
	}
}

// mount puts everything that is served over HTTP in its place.
func (h *House) mount(api http.Handler) (public, own *http.ServeMux) {
	public = http.NewServeMux()
	for _, path := range []string{"/api/", "/reviews", "/reviews/", "/healthz", "/readyz", "/metrics"} {
		public.Handle(path, api)
	}
	public.Handle(hooksPath, h.hooks) // a platform's own path there is the longer pattern, and wins
	own = public
	if h.p.Apart {
		own = http.NewServeMux()
	}
	for _, s := range h.services {
		if p, is := s.(integrations.Panel); is {
			own.Handle(panelPath(s), h.console.Guard(p.Handler()))
		}
	}
	own.Handle("/", h.console.Handler())
	return public, own
}
