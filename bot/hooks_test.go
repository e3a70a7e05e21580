package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/alertmanager"
	"tocsin/integrations/gate"
	"tocsin/store"
	"tocsin/store/storetest"
)

// doorbell is an outside service that can be told what to mean: each body is
// a list of words, and some words are special.
type doorbell struct{}

func (doorbell) Name() string                                 { return "bell" }
func (doorbell) Check(context.Context) []integrations.Finding { return nil }

func (doorbell) Admit(c integrations.Call) (integrations.Delivery, error) {
	switch c.Header.Get("Authorization") {
	case "Bearer good":
		return integrations.Delivery{Key: c.Header.Get("X-Id"), Path: c.Path, Type: "text/plain", Body: c.Body, At: c.At}, nil
	case "Bearer busy":
		return integrations.Delivery{}, fault.New(fault.Unavailable, "busy")
	case "Bearer broken":
		panic("broken")
	}
	return integrations.Delivery{}, gate.Refused()
}

func (doorbell) Read(d integrations.Delivery) (integrations.News, error) {
	var n integrations.News
	for _, word := range strings.Fields(string(d.Body)) {
		switch {
		case word == "nonsense":
			return integrations.News{}, fault.New(fault.Invalid, "It is nonsense.")
		case word == "panic":
			panic("at the reader")
		case word == "test":
			n.Test = true
		case strings.HasPrefix(word, "page:"):
			n.Pages = append(n.Pages, integrations.Receipt{Key: word, State: integrations.Acknowledged, At: d.At})
		case strings.HasPrefix(word, "deploy:"):
			n.Changes = append(n.Changes, integrations.Change{Key: word, Kind: "deploy", Title: word, At: d.At})
		default:
			n.Alerts = append(n.Alerts, integrations.Alert{Group: "g", Key: word, Title: word, State: integrations.Firing, At: d.At})
		}
	}
	return n, nil
}

// record is an alert desk and a page desk that remember what they were told.
type record struct {
	mu     sync.Mutex
	heard  []string
	calls  int
	refuse func(word string) error
	block  chan struct{}
}

func (r *record) note(word string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refuse != nil {
		if err := r.refuse(word); err != nil {
			return err
		}
	}
	r.heard = append(r.heard, word)
	return nil
}

func (r *record) Hear(ctx context.Context, source string, at time.Time, alerts []integrations.Alert) error {
	r.mu.Lock()
	r.calls++
	r.mu.Unlock()
	if r.block != nil {
		select {
		case <-r.block:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for _, a := range alerts {
		if source != "bell" && source != "alertmanager" || at.IsZero() || a.Heard.IsZero() {
			return fault.New(fault.Invalid, "the source is %q, the moment %s, heard %s", source, at, a.Heard)
		}
		if err := r.note(a.Key); err != nil {
			return err
		}
	}
	return nil
}

func (r *record) Changed(_ context.Context, _ string, changes []integrations.Change) error {
	for _, c := range changes {
		if err := r.note(c.Key); err != nil {
			return err
		}
	}
	return nil
}

func (r *record) page(_ context.Context, p integrations.Receipt) error { return r.note(p.Key) }

func (r *record) words() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.heard)
}

// porch is a door with a store behind it.
type porch struct {
	t      *testing.T
	fussy  *fussy
	store  *store.Store
	desk   *record
	door   bot.Hooks
	log    lockedWriter
	counts map[string]int
	mu     sync.Mutex
}

type lockedWriter struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedWriter) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newPorch(t *testing.T) *porch {
	t.Helper()
	f := &fussy{Driver: storetest.NewMemory(time.Now)}
	p := &porch{t: t, fussy: f, store: store.New(f, store.Options{Now: time.Now}), desk: &record{}, counts: map[string]int{}}
	p.open(p.desk, true)
	return p
}

// open makes a door as after a start; nothing is worked off yet.
func (p *porch) open(desk bot.AlertDesk, sole bool) {
	p.door = bot.NewHooks(bot.HooksOf{
		Inbox: p.store, Now: time.Now, Log: &p.log, Pages: p.desk.page, Alerts: desk, Sole: sole,
		List: []integrations.Hook{doorbell{}, alertmanager.Open(alertmanager.Config{Secret: "a-secret-of-alertmanager"})},
		Count: func(source, what string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.counts[source+" "+what]++
		},
	})
}

func (p *porch) counted(what string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts[what]
}

// start has what was left worked off until the test ends, or end is called.
func (p *porch) start() (end func()) {
	ctx, cancel := context.WithCancel(p.t.Context())
	var work sync.WaitGroup
	door := p.door
	work.Go(func() { door.Keep(ctx) })
	end = func() {
		cancel()
		work.Wait()
	}
	p.t.Cleanup(end)
	return end
}

// call sends a body; headers are pairs.
func (p *porch) call(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(p.t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.door.ServeHTTP(w, r)
	return w
}

func (p *porch) ring(body string, headers ...string) int {
	return p.call("POST", "/hooks/bell", body, append([]string{"Authorization", "Bearer good"}, headers...)...).Code
}

func (p *porch) left() int {
	p.t.Helper()
	all, err := p.store.Unfinished(p.t.Context(), time.Now().Add(time.Hour), 0)
	if err != nil {
		p.t.Fatal(err)
	}
	return len(all)
}

func TestACallIsAnsweredAsTheSenderUnderstandsIt(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	good := []string{"Authorization", "Bearer good"}
	for name, one := range map[string]struct {
		method, path, body string
		headers            []string
		want               int
	}{
		"taken":                         {"POST", "/hooks/bell", "a", good, 202},
		"taken below":                   {"POST", "/hooks/bell/x/y", "a", good, 202},
		"put":                           {"PUT", "/hooks/bell", "a", good, 202},
		"what cannot be understood":     {"POST", "/hooks/bell", "nonsense", good, 202},
		"no secret":                     {"POST", "/hooks/bell", "a", nil, 401},
		"a wrong secret":                {"POST", "/hooks/bell", "a", []string{"Authorization", "Bearer bad"}, 401},
		"its judge is away":             {"POST", "/hooks/bell", "a", []string{"Authorization", "Bearer busy"}, 503},
		"its judge breaks":              {"POST", "/hooks/bell", "a", []string{"Authorization", "Bearer broken"}, 503},
		"a source that is not set up":   {"POST", "/hooks/other", "a", good, 404},
		"no source":                     {"POST", "/hooks/", "a", good, 404},
		"a source's name and more":      {"POST", "/hooks/bells", "a", good, 404},
		"looking":                       {"GET", "/hooks/bell", "", good, 405},
		"a mebibyte":                    {"POST", "/hooks/bell", strings.Repeat("x", 1<<20), good, 202},
		"more than a mebibyte":          {"POST", "/hooks/bell", strings.Repeat("x", 1<<20+1), good, 413},
		"more, and nobody knows whence": {"POST", "/hooks/bell", strings.Repeat("x", 1<<20+1), nil, 413},
	} {
		w := p.call(one.method, one.path, one.body, one.headers...)
		if w.Code != one.want {
			t.Errorf("%s: %d, want %d", name, w.Code, one.want)
		}
		if one.want == 503 && w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: it does not say when to come again", name)
		}
		if said := w.Body.String(); one.want == 401 && said != "Unauthorized\n" || one.want == 202 && said != "" {
			t.Errorf("%s: the sender is told %q", name, said)
		}
	}
	if n := p.left(); n != 5 {
		t.Errorf("%d deliveries were kept, want the 5 that were taken", n)
	}
}

func TestWhatIsTakenIsInTheStoreBeforeTheAnswerAndHoldsNoCredential(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	if code := p.ring("alert AKIA"+"IOSFODNN7EXAMPLE", "X-Id", "d1"); code != 202 {
		t.Fatalf("answered %d", code)
	}
	all, err := p.store.Unfinished(t.Context(), time.Now().Add(time.Hour), 0)
	if err != nil || len(all) != 1 {
		t.Fatalf("kept: %d (%v)", len(all), err)
	}
	var d integrations.Delivery
	if err := json.Unmarshal(all[0].Body, &d); err != nil {
		t.Fatal(err)
	}
	if all[0].Source != "hook:bell" || all[0].Key != "hook/bell/d1" || d.Key != "d1" || !isScrubbed(string(d.Body)) {
		t.Errorf("kept as %s of %s: %s", all[0].Key, all[0].Source, d.Body)
	}
}

func TestADeliveryThatComesAgainIsTakenOnce(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	long := strings.Repeat("k", 3000)
	for _, id := range []string{"1", "1", "2", long, long, "with\ttab", "with\ttab", "", ""} {
		if code := p.ring("a", "X-Id", id); code != 202 {
			t.Fatalf("%.20q is answered %d", id, code)
		}
	}
	if n := p.left(); n != 6 { // 1, 2, the long one, the one with a tab, and two without a key
		t.Errorf("%d deliveries were kept", n)
	}
	if taken, again := p.counted("bell taken"), p.counted("bell repeat"); taken != 6 || again != 3 {
		t.Errorf("counted %d taken, %d repeats", taken, again)
	}
}

func TestWithoutTheStoreTheSenderIsAskedToComeAgain(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	refuse(&office{fussy: p.fussy})
	w := p.call("POST", "/hooks/bell", "a", "Authorization", "Bearer good")
	if w.Code != 503 || w.Header().Get("Retry-After") != "5" || p.counted("bell unstored") != 1 {
		t.Errorf("answered %d", w.Code)
	}
	if strings.Contains(w.Body.String(), "away") {
		t.Errorf("it tells what is wrong inside: %q", w.Body)
	}
}

func TestAStoreThatHangsCostsASenderLessThanASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t)
		p.fussy.down.Store(true)
		began := time.Now()
		if code := p.ring("a"); code != 503 || time.Since(began) > time.Second {
			t.Errorf("answered %d after %s", code, time.Since(began))
		}
		p.fussy.down.Store(false)
		p.door.Fill()
		began = time.Now()
		if code := p.ring("a"); code != 503 || time.Since(began) > time.Second {
			t.Errorf("without a place at the door: answered %d after %s", code, time.Since(began))
		}
	})
}

func TestASenderThatHangsUpHasSentItAllTheSame(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, "POST", "/hooks/bell", strings.NewReader("a"))
	r.Header.Set("Authorization", "Bearer good")
	p.door.ServeHTTP(httptest.NewRecorder(), r)
	if p.left() != 1 {
		t.Error("what was sent is lost")
	}
}

func TestABodyThatBreaksOffIsNotTaken(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/hooks/bell", io.MultiReader(strings.NewReader("half"), brokenReader{}))
	r.Header.Set("Authorization", "Bearer good")
	w := httptest.NewRecorder()
	p.door.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest || p.left() != 0 {
		t.Errorf("answered %d, %d kept", w.Code, p.left())
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("cut off") }

func TestUntilAlertsAreTakenTheirSendersAreToldSo(t *testing.T) {
	t.Parallel()
	p := newPorch(t)
	p.open(nil, true)
	for body, want := range map[string]int{"alert": 503, "deploy:1": 503, "page:1": 202, "nonsense": 202, "test": 202} {
		if code := p.ring(body); code != want {
			t.Errorf("%s is answered %d, want %d", body, code, want)
		}
	}
}

func TestWhatWasTakenIsWorkedOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t)
		p.start()
		synctest.Wait()
		for i, body := range []string{"a b", "page:1", "deploy:1", "test", "nonsense", "panic", "", "page:2 c deploy:2"} {
			if code := p.ring(body, "X-Id", fmt.Sprint(i)); code != 202 {
				t.Fatalf("%q is answered %d", body, code)
			}
		}
		synctest.Wait()
		got := p.desk.words()
		slices.Sort(got)
		if want := "a b c deploy:1 deploy:2 page:1 page:2"; strings.Join(got, " ") != want {
			t.Errorf("worked off %v, want %s", got, want)
		}
		if p.left() != 0 {
			t.Errorf("%d deliveries are left", p.left())
		}
		for what, want := range map[string]int{"taken": 8, "unreadable": 2, "test": 1, "worked_off": 6, "given_up": 0} {
			if n := p.counted("bell " + what); n != want {
				t.Errorf("%d are counted as %s, want %d", n, what, want)
			}
		}
		if !strings.Contains(p.log.String(), "cannot be understood") {
			t.Error("the log does not tell of what could not be understood")
		}
	})
}

func TestTheSlowerTheDeskTheMoreGoesToItAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t)
		p.desk.block = make(chan struct{}, 100)
		p.start()
		p.ring("first")
		synctest.Wait()
		for i := range 300 {
			if code := p.ring(fmt.Sprintf("alert-%d", i)); code != 202 {
				t.Fatalf("answered %d while the desk was slow", code)
			}
		}
		p.desk.block <- struct{}{}
		p.desk.block <- struct{}{}
		synctest.Wait()
		if n, calls := len(p.desk.words()), p.desk.calls; n != 301 || calls != 2 {
			t.Errorf("%d alerts in %d calls, want 301 in 2", n, calls)
		}
		if got := p.desk.words(); got[1] != "alert-0" || got[300] != "alert-299" {
			t.Error("they are not in their order")
		}
	})
}

func TestOneBadDeliveryTakesNoOthersWithIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t)
		p.desk.refuse = func(word string) error {
			switch word {
			case "poison":
				return fault.New(fault.Invalid, "poison")
			case "bomb":
				panic("bomb")
			}
			return nil
		}
		for _, body := range []string{"a", "poison", "b", "bomb", "c"} {
			p.ring(body)
		}
		p.start()
		synctest.Wait()
		time.Sleep(time.Minute)
		got := p.desk.words()
		slices.Sort(got)
		got = slices.Compact(got)
		if strings.Join(got, " ") != "a b c" || p.left() != 0 || p.counted("bell given_up") != 2 {
			t.Errorf("worked off %v, %d left, %d given up", got, p.left(), p.counted("bell given_up"))
		}
	})
}

func TestWhatFailsIsTriedAgainUntilItIsOnRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t)
		away := true
		p.desk.refuse = func(string) error {
			if away {
				return fault.New(fault.Unavailable, "away")
			}
			return nil
		}
		p.start()
		p.ring("a")
		p.ring("page:1")
		time.Sleep(3 * time.Minute)
		if len(p.desk.words()) != 0 || p.left() != 2 || p.counted("bell delayed") == 0 {
			t.Fatalf("worked off %v, %d left", p.desk.words(), p.left())
		}
		p.desk.mu.Lock()
		away = false
		p.desk.mu.Unlock()
		time.Sleep(time.Minute)
		if got := p.desk.words(); len(got) != 2 || p.left() != 0 {
			t.Errorf("worked off %v, %d left", got, p.left())
		}
	})
}

func TestAStartTakesUpWhatWasLeft(t *testing.T) {
	t.Parallel()
	for name, sole := range map[string]bool{"the only replica": true, "one of several": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPorch(t)
				p.ring("a", "X-Id", "1") // and the process dies
				p.open(p.desk, sole)
				time.Sleep(time.Second)
				p.start()
				time.Sleep(time.Millisecond)
				synctest.Wait()
				if got := len(p.desk.words()); sole != (got == 1) {
					t.Errorf("at once: %d worked off; another replica may still be at it: %t", got, !sole)
				}
				time.Sleep(time.Minute)
				if got := p.desk.words(); len(got) != 1 || p.left() != 0 {
					t.Errorf("worked off %v, %d left", got, p.left())
				}
			})
		})
	}
}

func TestAStopLeavesWhatIsNotDoneInTheStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t)
		p.desk.block = make(chan struct{})
		end := p.start()
		p.ring("a")
		synctest.Wait()
		end()
		if p.left() != 1 || p.counted("bell given_up") != 0 {
			t.Fatalf("%d left, %d given up", p.left(), p.counted("bell given_up"))
		}
		close(p.desk.block)
		p.open(p.desk, true)
		p.start()
		time.Sleep(time.Minute)
		if got := p.desk.words(); len(got) != 1 || p.left() != 0 {
			t.Errorf("worked off %v, %d left", got, p.left())
		}
	})
}

func TestWhatCannotBeWorkedOffInSevenDaysIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t)
		p.desk.refuse = func(string) error { return fault.New(fault.Unavailable, "away") }
		if _, err := p.store.Take(t.Context(), time.Now(), store.Delivery{Key: "hook/gone/1", Source: "hook:gone", Body: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.store.Take(t.Context(), time.Now(), store.Delivery{Key: "slack/1", Source: "slack"}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.store.Take(t.Context(), time.Now(), store.Delivery{Key: "hook/bell/odd", Source: "hook:bell", Body: []byte("not ours")}); err != nil {
			t.Fatal(err)
		}
		p.ring("a")
		end := p.start()
		time.Sleep(time.Minute)
		if p.left() != 3 {
			t.Errorf("%d left after a minute; only what no hook wrote is given up at once", p.left())
		}
		end()
		p.open(p.desk, true)
		time.Sleep(8 * 24 * time.Hour)
		p.start()
		time.Sleep(time.Minute)
		if p.left() != 1 { // Slack's is not ours
			t.Errorf("%d left after eight days", p.left())
		}
	})
}

func TestAVendorsOwnBodyGoesAllTheWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t)
		p.start()
		body := `{"groupKey":"g","alerts":[{"status":"firing","labels":{"alertname":"Down"},"fingerprint":"f1","startsAt":"2026-11-03T08:41:12Z"}]}`
		if w := p.call("POST", "/hooks/alertmanager", body, "Authorization", "Bearer wrong"); w.Code != 401 {
			t.Errorf("a wrong secret is answered %d", w.Code)
		}
		if w := p.call("POST", "/hooks/alertmanager", body, "Authorization", "Bearer a-secret-of-alertmanager"); w.Code != 202 {
			t.Errorf("answered %d", w.Code)
		}
		synctest.Wait()
		if got := p.desk.words(); len(got) != 1 || got[0] != "f1" {
			t.Errorf("worked off %v", got)
		}
	})
}
