package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tocsin/bot/browsertest"
	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/incident/review"
)

const reviewKey = redact.Secret("a key that signs links")

// stand is a server that can be killed and started again on the same address.
type stand struct {
	t       *testing.T
	shelf   *shelf
	address string
	server  *http.Server
	deaf    atomic.Bool // changes are made, and their answers lost
	mu      sync.Mutex
	away    string // requests to this name are cut off
	open    map[*http.Request]context.CancelFunc
}

func openStand(t *testing.T) *stand {
	t.Helper()
	s := &stand{t: t, shelf: newShelf(), address: "127.0.0.1:0", open: map[*http.Request]context.CancelFunc{}}
	s.start()
	t.Cleanup(s.kill)
	return s
}

func (s *stand) start() {
	s.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = l.Addr().String()
	pages := web.Handler(web.Options{
		Token: token, People: newHouse(), Reads: newHouse(), Health: newHouse(), Now: noon, Log: slog.New(slog.DiscardHandler),
		Reviews: s.shelf, ReviewKey: reviewKey,
	})
	s.server = &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && s.deaf.Load() {
			pages.ServeHTTP(&lost{}, r)
			panic(http.ErrAbortHandler)
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		if !s.enter(r, cancel) {
			panic(http.ErrAbortHandler)
		}
		defer s.leave(r)
		pages.ServeHTTP(w, r.WithContext(ctx))
	})}
	go s.server.Serve(l)
}

func (s *stand) kill() { s.server.Close() }

// cut keeps those away who come by a name, and ends what they have open.
func (s *stand) cut(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = name
	for r, cancel := range s.open {
		if name != "" && strings.HasPrefix(r.Host, name) {
			cancel()
		}
	}
}

func (s *stand) enter(r *http.Request, cancel context.CancelFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[r] = cancel
	return s.away == "" || !strings.HasPrefix(r.Host, s.away)
}

func (s *stand) leave(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, r)
}

// lost is an answer that nobody gets.
type lost struct{ head http.Header }

func (l *lost) Header() http.Header {
	if l.head == nil {
		l.head = http.Header{}
	}
	return l.head
}
func (l *lost) Write(b []byte) (int, error) { return len(b), nil }
func (l *lost) WriteHeader(int)             {}

// reader is a tab in which somebody reads a review.
type reader struct {
	*browsertest.Tab
	t *testing.T
	s *stand
}

// come opens the review as a person, by their own link. host keeps two people
// apart in one browser: each name has cookies of its own.
func (s *stand) come(t *testing.T, browser context.Context, who incident.PersonID, host string) *reader {
	t.Helper()
	r := &reader{browsertest.NewTab(t, browser), t, s}
	r.Size(1280, 800, "light")
	_, port, _ := net.SplitHostPort(s.address)
	r.Open("http://" + host + ":" + port + "/reviews/INC-7?key=" + web.Pass(reviewKey, who, noon()))
	r.live()
	return r
}

func (r *reader) in(t *testing.T) *reader { return &reader{r.In(t), t, r.s} }

func (r *reader) until(what, expression string) {
	r.t.Helper()
	r.Until(20*time.Second, what, expression)
}

func (r *reader) live() {
	r.t.Helper()
	r.until("the page is live", `document.body.dataset.live === "yes"`)
}

// one finds a line by its key.
func one(key string) string { return fmt.Sprintf(`.line[data-key="%s"]`, key) }

func (r *reader) saved() {
	r.t.Helper()
	r.until("it is saved", `document.querySelector("#saved").dataset.state === "saved"`)
}

func (r *reader) reads(key, words string) {
	r.t.Helper()
	r.until(key+" reads "+words, fmt.Sprintf(`document.querySelector('%s > .said > .text').innerText.includes(%q)`, one(key), words))
}

// open opens a line for writing, as the keyboard does.
func (r *reader) open(key string) {
	r.t.Helper()
	r.until("the line is there", fmt.Sprintf(`(document.querySelector('%s > .said > .text').focus(), true)`, one(key)))
	r.Do("open it", chromedp.KeyEvent(kb.F2))
	r.until("it can be written in", fmt.Sprintf(`document.activeElement.matches('%s textarea')`, one(key)))
}

// put has words stand in the open box, as if they were typed over the others.
func (r *reader) put(words string) {
	r.t.Helper()
	r.Do("mark all", chromedp.Evaluate[chromedp.Void](`document.activeElement.select()`))
	r.Do("type "+words, chromedp.KeyEvent(words))
}

func (r *reader) end() { r.t.Helper(); r.Do("end", chromedp.KeyEvent(kb.Enter)) }

func TestReviewInABrowser(t *testing.T) {
	browser := browsertest.Start(t, 3*time.Minute)
	s := openStand(t)
	ann := s.come(t, browser, "p-ann", "localhost")
	bo := s.come(t, browser, "p-bo", "127.0.0.1")
	bo.Size(1280, 800, "dark")

	t.Run("the key leaves the address", func(t *testing.T) {
		ann := ann.in(t)
		ann.until("it is gone", `!location.search && document.cookie === ""`)
		ann.until("no word became markup", `document.querySelector("#t-m02 .body").innerText.includes("<b>500s</b>") && !document.querySelector("#talk b")`)
	})

	t.Run("a sentence and its sources show each other", func(t *testing.T) {
		ann := ann.in(t)
		ann.Shot("review-desk-light")
		ann.Press(one("timeline/m12")+" .text", 1)
		ann.until("it is chosen", `document.querySelector("#t-m12").classList.contains("held")`)
		ann.until("its source is in sight", `(() => { const a = document.querySelector("#t-m12").getBoundingClientRect(), p = document.querySelector("#talk").getBoundingClientRect(); return a.top >= p.top && a.bottom <= p.bottom; })()`)
		ann.until("it says so to a screen reader", `document.querySelector('[data-key="timeline/m12"] .text').getAttribute("aria-details") === "t-m12"`)
		ann.Shot("review-desk-chosen")
		ann.Do("walk down", chromedp.KeyEvent(kb.ArrowDown))
		ann.until("the next is chosen", `document.querySelector("#t-m13").classList.contains("held") && !document.querySelector("#t-m12").classList.contains("held") && document.activeElement.matches('[data-key="timeline/m13"] .text')`)
		ann.Do("go to the source", chromedp.KeyEvent(kb.ArrowRight))
		ann.until("the source has the focus and its lines are lit", `document.activeElement.id === "t-m13" && document.querySelectorAll(".line.lit").length === 3`)
		ann.Do("and back", chromedp.KeyEvent(kb.ArrowLeft))
		ann.until("a line has the focus", `document.activeElement.matches(".line .text")`)
		ann.Do("leave", chromedp.KeyEvent(kb.Escape))
		ann.until("nothing is chosen", `!document.querySelector(".held")`)
	})

	t.Run("what is typed saves itself and comes to the other live", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		ann.open("summary/end")
		ann.put("It was mitigated by raising the pool to 80.")
		ann.saved() // nothing was pressed
		bo.reads("summary/end", "raising the pool to 80.")
		bo.until("he sees who wrote it", `document.querySelector('[data-key="summary/end"] .wrote').innerText.includes("edited by Ann Okafor")`)
		bo.until("and what the machine wrote", `document.querySelector('[data-key="summary/end"] .machine').textContent.includes("to 80 at 14:41.")`)
		ann.end()
		ann.until("her box is closed", `!document.querySelector("textarea")`)
	})

	t.Run("two write in two lines and neither loses a word", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		ann.open("summary/what")
		ann.Do("type", chromedp.KeyEvent(" Refunds are out."))
		bo.open("impact/m02")
		bo.put("A third of the payments failed, 1,204 in all.")
		ann.reads("impact/m02", "1,204 in all")
		ann.until("her box kept its words and the cursor", `document.activeElement.matches('[data-key="summary/what"] textarea') && document.activeElement.value.endsWith("exhausted. Refunds are out.")`)
		bo.end()
		ann.end()
		bo.reads("summary/what", "Refunds are out.")
		ann.saved()
	})

	t.Run("two write in one line and choose", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		bo.open("decisions/m13")
		ann.open("decisions/m13")
		ann.put("Raise the pool to 80 instead of restarting the whole proxy.")
		ann.saved()
		bo.until("he is shown hers beside his", `document.querySelector('[data-key="decisions/m13"] .clash [data-side=theirs]').innerText.includes("the whole proxy")`)
		bo.until("his box is as it was", `document.activeElement.value === "Raise the pool to 80 instead of restarting the proxy."`)
		bo.put("Raise the pool to 80 at once instead of restarting the proxy.")
		bo.until("both together are offered", `document.querySelector('.clash [data-side=both] p').innerText === "Raise the pool to 80 at once instead of restarting the whole proxy."`)
		bo.until("it was said aloud", `document.querySelector("#spoken").innerText.includes("Ann Okafor changed the line")`)
		bo.Shot("review-conflict-dark")
		bo.Press(`.clash [data-side=both] button`, 1)
		bo.saved()
		ann.until("she is asked in turn, her box being open", `document.querySelector('[data-key="decisions/m13"] .clash [data-side=theirs]').innerText.includes("at once")`)
		ann.Press(`.clash [data-side=theirs] button`, 1)
		ann.reads("decisions/m13", "to 80 at once instead of restarting the whole proxy.")
		if got := s.shelf.line(t, "decisions/m13"); got.Text != "Raise the pool to 80 at once instead of restarting the whole proxy." || got.By != "Bo Lindqvist" {
			t.Errorf("it stands as %q by %s", got.Text, got.By)
		}
		ann.until("she has nothing left to choose", `!document.querySelector(".clash, textarea")`)
	})

	t.Run("a line is added, taken out and put back", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		ann.Press(`[data-do=add][data-section=impact]`, 1)
		ann.until("a box is open", `document.activeElement.matches("#s-impact-lines textarea")`)
		ann.Do("type", chromedp.KeyEvent("No data was lost."))
		ann.saved()
		ann.Do("and more", chromedp.KeyEvent(" We checked."))
		ann.end()
		ann.saved()
		bo.until("he reads it once", `[...document.querySelectorAll("#s-impact-lines .line")].filter(l => l.innerText.includes("No data was lost. We checked.")).length === 1`)
		ann.until("so does she", `document.querySelectorAll("#s-impact-lines .line").length === 2`)
		bo.until("he takes it out", `(document.querySelector("#s-impact-lines .line:last-child [data-do=remove]").click(), true)`)
		ann.until("it is struck", `document.querySelector("#s-impact-lines .line:last-child").classList.contains("removed")`)
		ann.Press("#s-impact-lines .line:last-child [data-do=restore]", 1)
		bo.until("it is back", `!document.querySelector("#s-impact-lines .line.removed")`)
	})

	t.Run("a question is answered and a candidate taken", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		ann.Press(one("asked/paging")+` [data-do=edit]`, 1)
		ann.Do("answer", chromedp.KeyEvent("Yes: page the proxy team first."))
		ann.end()
		bo.reads("asked/paging", "page the proxy team first")
		bo.Press(`#s-actions-found [data-do=take]`, 1)
		ann.until("it is an action item now", `document.querySelector("#s-actions-lines").innerText.includes("tell the proxy team on Monday") && document.querySelector("#s-actions-found").hidden`)
		bo.Press(`#s-decisions-found [data-do=drop]`, 1)
		ann.until("it is gone", `document.querySelector("#s-decisions-found").hidden`)
	})

	t.Run("the machine's words come back", func(t *testing.T) {
		ann := ann.in(t)
		ann.until("she asks for them", `(document.querySelector('[data-key="summary/end"] [data-do=revert]').click(), true)`)
		ann.reads("summary/end", "to 80 at 14:41.")
	})

	t.Run("a late capture comes in without touching what is being written", func(t *testing.T) {
		ann := ann.in(t)
		ann.open("factors/m12")
		ann.Do("type", chromedp.KeyEvent(" (since May)"))
		s.shelf.stir(func(p *web.ReviewPage) {
			l := note(review.Timeline, "m10", "Bo Lindqvist was still digging.")
			l.Cites, l.At = []string{"m10"}, at("14:25")
			s.shelf.insert(l, "timeline/m05")
		})
		ann.reads("timeline/m10", "still digging")
		ann.until("in its place", `document.querySelector('[data-key="timeline/m10"]').previousElementSibling.dataset.key === "timeline/m05"`)
		ann.until("and its source is marked", `document.querySelector("#t-m10").classList.contains("used")`)
		ann.until("her words stand", `document.activeElement.value.endsWith("(since May)")`)
		ann.end()
		ann.saved()
	})

	t.Run("the review is asked for and published", func(t *testing.T) {
		ann, bo := ann.in(t), bo.in(t)
		ann.Press(`[data-state=in_review]`, 1)
		bo.until("it is in review", `document.querySelector(".steps [aria-current]").innerText === "In review"`)
		bo.Press(`[data-state=published]`, 1)
		bo.See("#ask")
		bo.Shot("review-publish-dark")
		bo.Press("#ask-yes", 1)
		ann.until("it is published", `document.querySelector(".whose").innerText.includes("Version 1 published") && document.querySelector(".steps [aria-current]").innerText === "Published"`)
	})
}
