package worker

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

// Config is what a worker stands on.
type Config struct {
	Feed     store.Feed
	Ledger   store.Ledger
	Shelf    store.Shelf
	Recorder Recorder
	Reactors []Reactor
	Owner    string // this start of this replica; never used again
	Clock    func() time.Time
	Jitter   func() float64 // in [0,1)
	Metrics  Metrics        // nil: not measured
	Log      *slog.Logger   // nil: silent
	General  int            // workers of all lanes but pages; 0: 4
	Pages    int            // workers of the page lane; 0: 2
	// Busy is how long an effect other than a page gives way to people who ask
	// now; 0: it need not. nil: never.
	Busy func() time.Duration
}

// Metrics counts what a worker does. It hears no incident and no key.
type Metrics interface {
	// Planned counts events that were planned, the jobs that they owe, and how
	// long the oldest of them had lain there.
	Planned(events, jobs int, lag time.Duration)
	// Began says how long after its due moment a job was begun.
	Began(reactor string, lane store.Lane, lag time.Duration)
	// Ended counts a job by how it went ("done", "parked", …).
	Ended(reactor string, lane store.Lane, ending string, took time.Duration)
}

// Worker plans and does jobs. It is safe for use by many goroutines.
type Worker struct {
	Config
	byName   map[string]Reactor
	claiming chan struct{} // holds one token: two claims at once would reach for the same job; pages do not queue here
	pages    crew
	jobs     crew
	planWake chan struct{}

	mu      sync.Mutex
	handed  []incident.Recorded
	started bool
	since   map[string]time.Time // reactor -> its first start
}

// Sizes of batches and pauses.
const (
	wayTimes    = 25
	planBatch   = 500
	handLimit   = 10_000           // events kept in hand; the feed has the rest
	feedAge     = time.Second      // events older than this are planned from the feed
	feedEvery   = time.Second      // how often the feed is looked at
	clocksApart = 10 * time.Second // what the clocks of two replicas may differ by
	idlePage    = time.Second      // longest pause of a page worker
	idleJob     = 5 * time.Second  // longest pause of the others
	idleLeast   = 50 * time.Millisecond
	stopWithin  = 5 * time.Second // how long running jobs get at a stop
)

// New makes a worker; nothing runs before [Worker.Run] or a step is called.
func New(c Config) *Worker {
	if c.General == 0 {
		c.General = 4
	}
	if c.Pages == 0 {
		c.Pages = 2
	}
	if c.Metrics == nil {
		c.Metrics = unmeasured{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	w := &Worker{
		Config: c, byName: make(map[string]Reactor), since: make(map[string]time.Time),
		pages:    newCrew(c.Pages, idlePage, PageLanes()),
		jobs:     newCrew(c.General, idleJob, JobLanes()),
		planWake: make(chan struct{}, 1), claiming: make(chan struct{}, 1),
	}
	for _, r := range c.Reactors {
		w.byName[r.Name()] = r
	}
	return w
}

// Hand hands over events that this replica has just committed, so that they
// are planned at once. What is lost of them is planned from the feed.
func (w *Worker) Hand(recs []incident.Recorded) {
	w.mu.Lock()
	if len(w.handed)+len(recs) <= handLimit {
		w.handed = append(w.handed, recs...)
	}
	w.mu.Unlock()
	nudge(w.planWake)
}

// Wake says that jobs may have become due: something was retried, or came in.
func (w *Worker) Wake() {
	nudge(w.pages.wake)
	nudge(w.jobs.wake)
}

// nudge fills a channel of wake-ups as far as it takes them.
func nudge(c chan struct{}) {
	for {
		select {
		case c <- struct{}{}:
		default:
			return
		}
	}
}

// PageLanes and JobLanes are the two groups of lanes that have workers.
func PageLanes() []store.Lane { return []store.Lane{store.PageLane} }

// JobLanes are all lanes but that of pages.
func JobLanes() []store.Lane {
	return slices.DeleteFunc(store.Lanes(), func(l store.Lane) bool { return l == store.PageLane })
}

// Run plans and works until ctx ends; then running jobs get 5 s to end.
func (w *Worker) Run(ctx context.Context) {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var all sync.WaitGroup
	all.Go(func() { w.planAll(ctx, work) })
	for range w.Pages {
		all.Go(func() { w.serve(ctx, work, w.pages, 0) })
	}
	for i := range w.General {
		way := wayTimes // ticks that it holds back while the house is busy
		if i == 0 {
			way = 1
		}
		all.Go(func() { w.serve(ctx, work, w.jobs, way) })
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	<-ctx.Done()
	select {
	case <-ended:
	case <-time.After(stopWithin):
		cut()
		<-ended
	}
}

// planAll plans what is handed over at once, and the feed once a second.
func (w *Worker) planAll(ctx, work context.Context) {
	tick := time.NewTicker(feedEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-w.planWake:
			w.drain(work, w.planHanded)
		case <-tick.C:
			w.drain(work, w.planFeed)
		case <-ctx.Done():
		}
	}
}

func (w *Worker) drain(ctx context.Context, step func(context.Context) (int, error)) {
	for {
		n, err := step(ctx)
		if err != nil {
			w.Log.WarnContext(ctx, "events could not be planned", "error", err)
		}
		if err != nil || n < planBatch {
			return
		}
	}
}

// giveWay waits while many people ask at once: one worker goes on after a
// step each time, the others come in after many, so that one stuck in a slow
// call never holds up all effects. Pages never give way.
func (w *Worker) giveWay(ctx context.Context, steps int) {
	if w.Busy == nil {
		return
	}
	for range steps {
		step := w.Busy()
		if step <= 0 {
			return
		}
		wait := time.NewTimer(step)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return
		}
	}
}

type unmeasured struct{}

func (unmeasured) Planned(int, int, time.Duration)                 {}
func (unmeasured) Began(string, store.Lane, time.Duration)         {}
func (unmeasured) Ended(string, store.Lane, string, time.Duration) {}
