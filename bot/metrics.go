package bot

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tocsin/store"
)

// metrics counts what the house does. No label ever holds an id, a title, a
// room or a person: a private incident cannot be told from others here.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	replies  *prometheus.HistogramVec
	commits  *prometheus.CounterVec
	planned  prometheus.Counter
	owed     prometheus.Counter
	planLag  prometheus.Histogram
	begun    *prometheus.HistogramVec
	ended    *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tocsin_requests_total", Help: "Requests answered, by how they came in and the kind of the reply."}, []string{"via", "kind"}),
		replies:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tocsin_reply_seconds", Help: "From a request to its reply.", Buckets: seconds()}, []string{"via"}),
		commits:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tocsin_commits_total", Help: "Commits, by how they went: done, repeat, moved, failed."}, []string{"outcome"}),
		planned:  prometheus.NewCounter(prometheus.CounterOpts{Name: "tocsin_feed_planned_total", Help: "Events taken off the feed."}),
		owed:     prometheus.NewCounter(prometheus.CounterOpts{Name: "tocsin_effects_owed_total", Help: "Effects that events called for."}),
		planLag:  prometheus.NewHistogram(prometheus.HistogramOpts{Name: "tocsin_feed_lag_seconds", Help: "From an event's record to its plan.", Buckets: seconds()}),
		begun:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tocsin_effect_lag_seconds", Help: "From the moment an effect was due to its begin.", Buckets: seconds()}, []string{"reactor", "lane"}),
		ended:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tocsin_effects_total", Help: "Effects, by how they ended."}, []string{"reactor", "ending"}),
		took:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "tocsin_effect_seconds", Help: "How long effects took.", Buckets: seconds()}, []string{"reactor"}),
	}
	m.registry.MustRegister(m.requests, m.replies, m.commits, m.planned, m.owed, m.planLag, m.begun, m.ended, m.took,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// seconds are the bounds of every histogram: half a millisecond to a minute.
func seconds() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// gauge adds a figure that is asked for when somebody looks.
func (m *metrics) gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// replied counts one answered request. via and kind are from closed lists.
func (m *metrics) replied(via, kind string, took time.Duration) {
	if kind == "" {
		kind = "ok"
	}
	m.requests.WithLabelValues(via, kind).Inc()
	m.replies.WithLabelValues(via).Observe(took.Seconds())
}

// committed counts one commit.
func (m *metrics) committed(outcome string) { m.commits.WithLabelValues(outcome).Inc() }

// Planned counts events that were planned; see worker.Metrics.
func (m *metrics) Planned(events, jobs int, lag time.Duration) {
	m.planned.Add(float64(events))
	m.owed.Add(float64(jobs))
	m.planLag.Observe(max(0, lag).Seconds())
}

// Began observes how late a job was begun; see worker.Metrics.
func (m *metrics) Began(reactor string, lane store.Lane, lag time.Duration) {
	m.begun.WithLabelValues(reactor, strconv.Itoa(int(lane))).Observe(max(0, lag).Seconds())
}

// Ended counts a job by how it went; see worker.Metrics.
func (m *metrics) Ended(reactor string, _ store.Lane, ending string, took time.Duration) {
	m.ended.WithLabelValues(reactor, ending).Inc()
	m.took.WithLabelValues(reactor).Observe(max(0, took).Seconds())
}
