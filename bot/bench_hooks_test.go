package bot_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

const (
	stormGroups = 50
	stormSecret = "a-long-secret-for-the-storm"
)

// BenchmarkAlertStorm sends a thousand notifications a second, of fifty
// groups, to the whole program, and looks at the slowest answer, at what is
// left to work off two seconds after the last, and at the memory. -benchtime
// says how many: 30000x is half a minute.
//
//	go test -run '^$' -bench AlertStorm -benchtime 30000x ./bot
func BenchmarkAlertStorm(b *testing.B) {
	b.Run("redis", func(b *testing.B) {
		r := storetest.StartRedis(b, os.Getenv("TOCSIN_REQUIRE_REDIS") != "", "--maxmemory-policy", "noeviction")
		benchStorm(b, r.URL()+"/1", func() (store.Driver, error) { return redis.Open(b.Context(), r.URL()+"/1", redis.Options{}) })
	})
	b.Run("sqlite", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "storm.db")
		benchStorm(b, "sqlite:"+path, func() (store.Driver, error) {
			return sqlite.OpenReadOnly(b.Context(), path, sqlite.Options{Now: time.Now})
		})
	})
}

func benchStorm(b *testing.B, url string, look func() (store.Driver, error)) {
	b.Helper()
	run := startMain(b, url, "TOCSIN_ALERTMANAGER_SECRET="+stormSecret)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	began := time.Now().UTC()
	var n atomic.Int64
	send := func() error { return run.alarm(client, n.Add(1), began) }
	stop := make(chan struct{})
	var peak atomic.Uint64
	var watch sync.WaitGroup
	watch.Go(func() { watchHeap(stop, &peak) })
	took := paced(b, 1000, b.N, send)
	close(stop)
	watch.Wait()
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50_ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99_ms")
	b.ReportMetric(float64(peak.Load())/1e6, "heap_MB")
	d, err := look()
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	st := store.New(d, store.Options{Now: time.Now})
	b.ReportMetric(workedOff(b, st).Seconds(), "worked_off_after_s")
	b.ReportMetric(float64(groupsOf(b, st)), "groups")
}

// alarm sends one notification: a firing alert of a group. Each alert comes
// many times, as it does in a storm.
func (r *running) alarm(c *http.Client, n int64, since time.Time) error {
	group := n % stormGroups
	body := fmt.Sprintf(`{"version":"4","groupKey":"{}:{alertname=\"Errors%d\"}","status":"firing","receiver":"tocsin","groupLabels":{"alertname":"Errors%d"},
"alerts":[{"status":"firing","labels":{"alertname":"Errors%d","service":"service-%d","severity":"critical","pod":"pod-%d"},
"annotations":{"summary":"Errors on service %d","description":"The ratio of errors is above 5%% for 10 minutes."},"startsAt":"%s","fingerprint":"f%d"}],"externalURL":"https://am.example.com"}`,
		group, group, group, group, n%1000, group, since.Format(time.RFC3339Nano), n%1000)
	req, err := http.NewRequest(http.MethodPost, r.url+"/hooks/alertmanager", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+stormSecret)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	said, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusAccepted {
		err = fmt.Errorf("%d: %s", res.StatusCode, said)
	}
	return err
}

// watchHeap keeps the largest heap seen.
func watchHeap(stop <-chan struct{}, peak *atomic.Uint64) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
		}
	}
}

// workedOff waits until nothing is left in the inbox, and says how long.
func workedOff(b *testing.B, st *store.Store) time.Duration {
	b.Helper()
	began := time.Now()
	for {
		left, err := st.Unfinished(b.Context(), time.Now().Add(time.Hour), 10, "hook/")
		if err != nil {
			b.Fatal(err)
		}
		if len(left) == 0 {
			return time.Since(began)
		}
		if time.Since(began) > time.Minute {
			b.Fatalf("a minute after the storm %d or more deliveries are left", len(left))
		}
		<-time.After(5 * time.Millisecond)
	}
}

// groupsOf counts the groups that a storm left.
func groupsOf(b *testing.B, st *store.Store) int {
	b.Helper()
	found := 0
	for g := range stormGroups {
		key := fmt.Sprintf(`{}:{alertname="Errors%d"}`, g)
		recs, err := st.Load(b.Context(), incident.AlertStream("alertmanager", key), 0, 1)
		if err != nil {
			b.Fatal(err)
		}
		if len(recs) > 0 {
			found++
		}
	}
	return found
}
