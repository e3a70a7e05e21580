package bot

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	vm "github.com/VictoriaMetrics/metrics"

	"tocsin/store"
)

// The figures of the house. Runs of the program itself stand beside them; see
// [writeRuntime] and [writeProcess].
const (
	requestsTotal = "tocsin_requests_total"
	replySeconds  = "tocsin_reply_seconds"
	commitsTotal  = "tocsin_commits_total"
	plannedTotal  = "tocsin_feed_planned_total"
	owedTotal     = "tocsin_effects_owed_total"
	feedLag       = "tocsin_feed_lag_seconds"
	effectLag     = "tocsin_effect_lag_seconds"
	effectsTotal  = "tocsin_effects_total"
	effectSeconds = "tocsin_effect_seconds"
	slackTotal    = "tocsin_slack_total"
	hooksTotal    = "tocsin_hooks_total"
	hookSeconds   = "tocsin_hook_seconds"
)

// metrics counts what the house does. No label ever holds an id, a title, a
// room or a person: a private incident cannot be told from others here.
type metrics struct {
	set     *vm.Set
	help    sync.Map // name -> its words
	planned *vm.Counter
	owed    *vm.Counter
	planLag *vm.PrometheusHistogram
}

func newMetrics() *metrics {
	vm.ExposeMetadata(true)
	m := &metrics{set: vm.NewSet()}
	for name, help := range map[string]string{
		requestsTotal: "Requests answered, by how they came in and the kind of the reply.",
		replySeconds:  "From a request to its reply.",
		commitsTotal:  "Commits, by how they went: done, repeat, moved, failed.",
		plannedTotal:  "Events taken off the feed.",
		owedTotal:     "Effects that events called for.",
		feedLag:       "From an event's record to its plan.",
		effectLag:     "From the moment an effect was due to its begin.",
		effectsTotal:  "Effects, by how they ended.",
		effectSeconds: "How long effects took.",
		slackTotal:    "What happened on the way to and from Slack, by what it was.",
		hooksTotal:    "Calls of outside services and what became of them, by source and what it was.",
		hookSeconds:   "From an outside service's call to its answer.",
	} {
		m.help.Store(name, help)
	}
	m.planned, m.owed = m.set.NewCounter(plannedTotal), m.set.NewCounter(owedTotal)
	m.planLag = m.set.NewPrometheusHistogramExt(feedLag, seconds())
	return m
}

// seconds are the bounds of every histogram: half a millisecond to a minute.
func seconds() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
}

// labelled is the name of one series: pairs are labels and values, in the
// order of the labels.
func labelled(name string, pairs ...string) string {
	var b strings.Builder
	b.WriteString(name)
	before := byte('{')
	for i := 0; i < len(pairs); i += 2 {
		b.WriteByte(before)
		b.WriteString(pairs[i])
		b.WriteByte('=')
		b.WriteString(strconv.Quote(pairs[i+1]))
		before = ','
	}
	b.WriteByte('}')
	return b.String()
}

func (m *metrics) count(name string, pairs ...string) {
	m.set.GetOrCreateCounter(labelled(name, pairs...)).Inc()
}

func (m *metrics) observe(took time.Duration, name string, pairs ...string) {
	m.set.GetOrCreatePrometheusHistogramExt(labelled(name, pairs...), seconds()).Update(max(0, took).Seconds())
}

// handler serves the figures in the text format of Prometheus.
func (m *metrics) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var page, ours bytes.Buffer
		writeRuntime(&page)
		writeProcess(&page)
		m.set.WritePrometheus(&ours)
		for line := range strings.Lines(ours.String()) {
			if name, is := strings.CutPrefix(strings.TrimSpace(line), "# HELP "); is {
				help, _ := m.help.Load(name) // the library leaves the words out
				line = fmt.Sprintf("# HELP %s %s\n", name, help)
			}
			page.WriteString(line)
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = page.WriteTo(w)
	})
}

// gauge adds a figure that is asked for when somebody looks.
func (m *metrics) gauge(name, help string, read func() float64) {
	m.help.Store(name, help)
	m.set.NewGauge(name, read)
}

// replied counts one answered request. via and kind are from closed lists.
func (m *metrics) replied(via, kind string, took time.Duration) {
	if kind == "" {
		kind = "ok"
	}
	m.count(requestsTotal, "kind", kind, "via", via)
	m.observe(took, replySeconds, "via", via)
}

// committed counts one commit.
func (m *metrics) committed(outcome string) { m.count(commitsTotal, "outcome", outcome) }

// Planned counts events that were planned; see worker.Metrics.
func (m *metrics) Planned(events, jobs int, lag time.Duration) {
	m.planned.Add(events)
	m.owed.Add(jobs)
	m.planLag.Update(max(0, lag).Seconds())
}

// Began observes how late a job was begun; see worker.Metrics.
func (m *metrics) Began(reactor string, lane store.Lane, lag time.Duration) {
	m.observe(lag, effectLag, "lane", strconv.Itoa(int(lane)), "reactor", reactor)
}

// Ended counts a job by how it went; see worker.Metrics.
func (m *metrics) Ended(reactor string, _ store.Lane, ending string, took time.Duration) {
	m.count(effectsTotal, "ending", ending, "reactor", reactor)
	m.observe(took, effectSeconds, "reactor", reactor)
}
