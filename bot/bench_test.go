package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/bot/policy"
	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

// counting counts the bytes that are handed to a database to be written.
type counting struct {
	store.Driver
	written atomic.Int64
}

func (c *counting) Apply(ctx context.Context, b store.Batch) error {
	n := 0
	for _, o := range b.Ops {
		n += len(o.Key) + len(o.Member) + len(o.Value)
	}
	c.written.Add(int64(n))
	return c.Driver.Apply(ctx, b)
}

// benchDrivers are the two real databases.
func benchDrivers(b *testing.B) map[string]func(b *testing.B) store.Driver {
	b.Helper()
	return map[string]func(b *testing.B) store.Driver{
		"sqlite": func(b *testing.B) store.Driver {
			b.Helper()
			d, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"), sqlite.Options{Now: time.Now})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = d.Close() })
			return d
		},
		"redis": func(b *testing.B) store.Driver {
			b.Helper()
			r := storetest.StartRedis(b, os.Getenv("TOCSIN_REQUIRE_REDIS") != "", "--maxmemory-policy", "noeviction")
			d, err := redis.Open(b.Context(), r.URL(), redis.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = d.Close() })
			return d
		},
	}
}

// BenchmarkCommandByAge takes commands on an incident that is young, and on
// one with 10,000 events: 70 % notes, 15 % captures, 5 % actions, 10 % other.
//
//	go test -run '^$' -bench CommandByAge -benchtime 2000x ./bot
func BenchmarkCommandByAge(b *testing.B) {
	for name, open := range benchDrivers(b) {
		d := &counting{Driver: open(b)}
		h := benchHouse(b, d)
		h.declareAnother()
		var young float64
		for _, age := range []int{10, 10_000} {
			for h.n < age {
				h.next()
			}
			b.Run(fmt.Sprintf("%s/event_%d", name, age), func(b *testing.B) {
				if age == 10 { // stay young: a fresh incident every 50 commands
					young = benchYoung(b, h, d)
					return
				}
				before := d.written.Load()
				b.ResetTimer()
				for range b.N {
					h.next()
				}
				perOp := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
				b.ReportMetric(float64(d.written.Load()-before)/float64(b.N), "written_B/op")
				if young > 0 {
					b.ReportMetric(perOp/young, "times_event_10")
				}
			})
		}
	}
}

func benchYoung(b *testing.B, h *talker, d *counting) float64 {
	b.Helper()
	old := *h
	defer func() { old.key = h.key; *h = old }()
	var spent time.Duration
	var written int64
	b.ResetTimer()
	for i := range b.N {
		if i%50 == 0 {
			b.StopTimer()
			h.declareAnother()
			b.StartTimer()
		}
		before, began := d.written.Load(), time.Now()
		h.next()
		spent += time.Since(began)
		written += d.written.Load() - before
	}
	b.ReportMetric(float64(written)/float64(b.N), "written_B/op")
	return float64(spent.Nanoseconds()) / float64(b.N)
}

// talker says commands to a house in process, one after the other.
type talker struct {
	b      *testing.B
	house  *bot.House
	place  chat.Place
	n      int
	key    int
	number string
	room   string
	sev    int
}

func benchHouse(b *testing.B, d store.Driver, change ...func(p *bot.Parts)) *talker {
	b.Helper()
	kept, err := policy.Open("")
	if err != nil {
		b.Fatal(err)
	}
	c, err := bot.ReadConfig([]string{"HOME=" + b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	parts := bot.Parts{
		Practice: true,
		Config:   c, Store: store.New(d, store.Options{}), Policy: kept, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Jitter: func() float64 { return .5 }, Owner: "bench", Sole: true,
	}
	for _, fn := range change {
		fn(&parts)
	}
	h, err := bot.Build(b.Context(), parts)
	if err != nil {
		b.Fatal(err)
	}
	return &talker{b: b, house: h, place: chat.Place{Platform: "console", Room: "general", Name: "general"}}
}

func (t *talker) do(text, via string) chat.Reply {
	t.key++
	r := t.house.Handle(t.b.Context(), chat.Request{
		Key: "bench/" + strconv.Itoa(t.key), User: chat.User{Platform: "console", Workspace: "console", ID: "ann", Name: "Ann"},
		Place: t.place, Text: text, At: time.Now(), Via: via,
	})
	if r.Kind != "" {
		t.b.Fatalf("%q was answered: %s %s", text, r.Kind, chat.Plaintext(r.Message, chat.Paper{}))
	}
	t.n++
	if r.Incident != "" {
		t.number = r.Incident
	}
	return r
}

// declareAnother starts an incident in a room of its own, ten events old.
func (t *talker) declareAnother() {
	t.do("declare sev3 search is slow "+strconv.Itoa(t.key), "")
	t.room, t.place.Room = "bench-"+strconv.Itoa(t.key), "bench-"+strconv.Itoa(t.key)
	t.do("adopt "+t.number+" confirm:yes", "")
	t.place.Room = "general"
	t.n, t.sev = 3, 3
	for range 7 {
		t.next()
	}
}

// capture has somebody say something and somebody put a 📌 on it.
func (t *talker) capture() {
	t.key++
	t.n++
	ann := chat.User{Platform: "console", Workspace: "console", ID: "ann", Name: "Ann"}
	room := chat.Place{Platform: "console", Room: t.room, Name: t.room}
	said := chat.Said{
		Key: "said/" + strconv.Itoa(t.key), User: ann, Place: room, ID: "m" + strconv.Itoa(t.key),
		Text: "I restarted consumer " + strconv.Itoa(t.key) + " and the queue drains", At: time.Now(),
	}
	sink := bot.SinkOf(t.house)
	if err := sink.Said(t.b.Context(), said); err != nil {
		t.b.Fatal(err)
	}
	if err := sink.Reacted(t.b.Context(), chat.Reacted{Key: "pin/" + strconv.Itoa(t.key), User: ann, Place: room, On: said, Emoji: "pushpin", At: time.Now()}); err != nil {
		t.b.Fatal(err)
	}
}

// next says one command of the mix.
func (t *talker) next() {
	switch k := t.key % 20; {
	case k < 14:
		t.do("note "+t.number+" the queue on node "+strconv.Itoa(t.key)+" is full again, looking at the consumer", "")
	case k < 17:
		t.capture()
	case k < 18:
		t.do("action "+t.number+" alert on queue length "+strconv.Itoa(t.key)+" due friday", "")
	case k < 19:
		t.do("impact "+t.number+" orders fail for region "+strconv.Itoa(t.key), "")
	default:
		t.sev = 7 - t.sev // sev3, sev4, sev3, …
		t.do("severity "+t.number+" sev"+strconv.Itoa(t.sev), "")
	}
}

// running is the whole program in this process, over HTTP.
type running struct {
	url, token string
	stop       func()
}

func startMain(b *testing.B, storeURL string, env ...string) *running {
	b.Helper()
	r := &running{token: "bench-token-of-some-length"}
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	out, in := io.Pipe()
	var done sync.WaitGroup
	done.Go(func() {
		code := bot.Main(ctx, bot.IO{
			Env: append([]string{"HOME=" + b.TempDir(), "TOCSIN_STORE=" + storeURL, "TOCSIN_LISTEN=127.0.0.1:0", "TOCSIN_API_TOKEN=" + r.token, "TOCSIN_LOG_LEVEL=error"}, env...),
			In:  strings.NewReader(""), Out: in, Err: os.Stderr,
		})
		_ = in.CloseWithError(fmt.Errorf("it ended with %d", code))
	})
	r.stop = func() { cancel(); done.Wait() }
	b.Cleanup(r.stop)
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		b.Fatal(err)
	}
	_, url, _ := strings.Cut(strings.TrimSpace(string(line[:n])), "http://")
	r.url = "http://" + strings.TrimSuffix(url, "/")
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return r
}

func (r *running) command(c *http.Client, text, key string) error {
	body, err := json.Marshal(map[string]string{"user": "ann", "room": "general", "text": text, "key": key})
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, r.url+"/api/v1/commands", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	res, err := c.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	out, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d: %s", res.StatusCode, out)
	}
	return err
}

const benchIncidents = 100

// BenchmarkAPI is HTTP API → committed → reply at concurrency 16 over 100
// incidents, with the feed planned to its end within 2 s of the last reply;
// before it, in the same run, the append that it is measured by (the fixed script; SQLite's driver by itself). The
// second part sends 500 commands a second and looks at the slowest.
//
//	go test -run '^$' -bench API -benchtime 20000x ./bot
func BenchmarkAPI(b *testing.B) {
	b.Run("redis", func(b *testing.B) {
		r := storetest.StartRedis(b, os.Getenv("TOCSIN_REQUIRE_REDIS") != "", "--maxmemory-policy", "noeviction")
		var bare float64
		b.Run("fixed_script_c=16", func(b *testing.B) {
			storetest.BenchmarkFixedScript(b, r.Addr(), 16, strconv.Itoa(b.N)+"/")
			bare = float64(b.N) / b.Elapsed().Seconds()
		})
		benchAPI(b, r.URL()+"/1", bare, func(b *testing.B) store.Driver {
			b.Helper()
			d, err := redis.Open(b.Context(), r.URL()+"/1", redis.Options{})
			if err != nil {
				b.Fatal(err)
			}
			return d
		})
	})
	b.Run("sqlite", func(b *testing.B) {
		var bare float64
		b.Run("driver_append_c=16", func(b *testing.B) {
			d, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bare.db"), sqlite.Options{Now: time.Now})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = d.Close() }()
			storetest.BenchmarkDriver(b, d, 16, strconv.Itoa(b.N)+"/")
			bare = float64(b.N) / b.Elapsed().Seconds()
		})
		path := filepath.Join(b.TempDir(), "api.db")
		benchAPI(b, "sqlite:"+path, bare, func(b *testing.B) store.Driver {
			b.Helper()
			d, err := sqlite.OpenReadOnly(b.Context(), path, sqlite.Options{Now: time.Now})
			if err != nil {
				b.Fatal(err)
			}
			return d
		})
	})
}

func benchAPI(b *testing.B, url string, bare float64, look func(b *testing.B) store.Driver) {
	b.Helper()
	run := startMain(b, url)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	for i := range benchIncidents {
		if err := run.command(client, "declare sev4 incident number "+strconv.Itoa(i), "d"+strconv.Itoa(i)); err != nil {
			b.Fatal(err)
		}
	}
	d := look(b)
	defer func() { _ = d.Close() }()
	st := store.New(d, store.Options{Now: time.Now})
	drained(b, st)
	var key atomic.Int64
	send := func() error {
		n := key.Add(1)
		return run.command(client, fmt.Sprintf("note INC-%d the queue is full, number %d", n%benchIncidents+1, n), "n"+strconv.FormatInt(n, 10))
	}
	b.Run("api_c=16", func(b *testing.B) {
		took := crowd(b, 16, b.N, send)
		rate := float64(b.N) / b.Elapsed().Seconds()
		b.StopTimer()
		b.ReportMetric(rate, "commands/s")
		b.ReportMetric(rate/bare, "of_bare")
		b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99_ms")
		b.ReportMetric(drained(b, st).Seconds(), "planned_after_s")
	})
	b.Run("api_500_a_second", func(b *testing.B) {
		took := paced(b, 500, min(b.N, 5000), send)
		b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50_ms")
		b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99_ms")
	})
}

// drained waits until the feed is planned to its end, and says how long that took.
func drained(b *testing.B, st *store.Store) time.Duration {
	b.Helper()
	began := time.Now()
	for {
		left, err := st.Unplanned(b.Context(), time.Now().Add(time.Hour), 1)
		if err != nil {
			b.Fatal(err)
		}
		if len(left) == 0 {
			return time.Since(began)
		}
		if time.Since(began) > time.Minute {
			b.Fatal("the feed is not planned to its end within a minute")
		}
		<-time.After(5 * time.Millisecond)
	}
}

// crowd sends n commands from so many at once and gives the times, sorted.
func crowd(b *testing.B, people, n int, send func() error) []time.Duration {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	took := make([][]time.Duration, people)
	var all sync.WaitGroup
	b.ResetTimer()
	for p := range people {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				began := time.Now()
				if err := send(); err != nil {
					b.Error(err)
					return
				}
				took[p] = append(took[p], time.Since(began))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	flat := slices.Concat(took...)
	slices.Sort(flat)
	return flat
}

// paced sends n commands at a rate, whether or not the ones before are back:
// a slow answer is not a pause for the next.
func paced(b *testing.B, rate, n int, send func() error) []time.Duration {
	b.Helper()
	took := make([]time.Duration, n)
	var all sync.WaitGroup
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	b.ResetTimer()
	for i := range n {
		due := <-tick.C
		all.Go(func() {
			if err := send(); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(due)
		})
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	return took
}
