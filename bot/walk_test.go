package bot_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tocsin/bot/browsertest"
)

// binary is the real binary in a home of its own.
type binary struct {
	t    *testing.T
	bin  string
	home string
	at   string // host:port, once it ran
	cmd  *exec.Cmd
}

func compiled(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "tocsin")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "..").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// start runs it with nothing set but where it listens, and gives the URL that it prints.
func (p *binary) start() string {
	p.t.Helper()
	if p.at == "" {
		p.at = "127.0.0.1:0"
	}
	p.cmd = exec.CommandContext(context.WithoutCancel(p.t.Context()), p.bin)
	p.cmd.Env = []string{"HOME=" + p.home, "TOCSIN_LISTEN=" + p.at, "PATH=" + os.Getenv("PATH")}
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, found := strings.Cut(strings.TrimSpace(line), "http://")
	if err != nil || !found {
		p.t.Fatalf("it printed %q (%v), and no URL", line, err)
	}
	p.at = strings.TrimSuffix(url, "/")
	return "http://" + url
}

// kill ends it as a power cut would.
func (p *binary) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Signal(syscall.SIGKILL)
		_ = p.cmd.Wait()
	}
}

// TestAWalkThroughTheFirstIncident does in a real browser, with the real
// binary and nothing set up, what the README promises: declare, take a role,
// page, update, note, resolve, timeline; and everything is there after kill -9.
func TestAWalkThroughTheFirstIncident(t *testing.T) {
	browser := browsertest.Start(t, 4*time.Minute)
	p := &binary{t: t, bin: compiled(t), home: t.TempDir()}
	url := p.start()
	tab := browsertest.NewTab(t, browser)
	w := walker{t, tab}
	tab.Size(1280, 860, "light")
	tab.Open(url + "?as=ann")
	w.live()
	tab.Shot("general-light")

	w.types("/incident sev2 checkout is failing")
	w.reads("INC-1 is declared")
	tab.Until(20*time.Second, "the room appears", `document.querySelector('#room-list [data-room^="inc-1-"]')`)
	tab.Press(`#room-list [data-room^="inc-1-"] a`, 1)
	tab.Until(20*time.Second, "the card stands in the room", `document.body.dataset.room.startsWith("inc-1-") && document.querySelector("#list .card")?.innerText.includes("checkout is failing")`)
	w.live()
	w.types("/incident take")
	w.reads("became incident commander")
	w.types("/incident page checkout payments are failing")
	w.reads("PRACTICE, NOBODY WOKEN")
	tab.Until(20*time.Second, "the pager rings in its panel", `[...document.querySelectorAll(".panel-in button")].some(b => b.innerText.includes("Acknowledge"))`)
	tab.Do("acknowledge", chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".panel-in button")].find(b => b.innerText.includes("Acknowledge")).click()`))
	tab.Until(20*time.Second, "the receipt says so", `[...document.querySelectorAll("#list .msg")].some(m => m.innerText.includes("Page p1") && m.innerText.includes("acknowledged"))`)
	w.types("/incident update half of all payments fail, we are rolling back next 20m")
	w.reads("posted update 1")
	w.types("/incident note the queue is full")
	w.reads("noted: the queue is full")
	w.types("/incident remind 1m look at the queue again")
	w.reads("look at the queue again")
	reminded := time.Now()
	pictures(w, url)

	p.kill()
	tab.Until(20*time.Second, "the page says that tocsin is gone", `!document.querySelector("#offline").hidden`)
	w.types("is anybody there?")
	p.start()
	w.live()
	w.reads("is anybody there?")
	tab.Do("reload", chromedp.Reload())
	w.live()
	for _, kept := range []string{"checkout is failing", "noted: the queue is full", "posted update 1", "is anybody there?"} {
		w.reads(kept)
	}
	w.remindedOnce(reminded)
	w.types("/incident resolve rolled back")
	w.reads("resolved it: rolled back")
	w.types("/incident timeline")
	w.reads("Timeline of INC-1")
	tab.Shot("timeline-light")
	if n := tab.Eval(`[...document.querySelectorAll("#list .msg")].filter(m => m.innerText.includes("posted update 1") && !m.innerText.includes("Timeline")).length`); n != "1" {
		t.Errorf("the update stands %s times in the room, want once", n)
	}
}

// pictures keeps the room as people see it, at both widths, light and dark,
// and the form that declares.
func pictures(w walker, url string) {
	w.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		w.tab.Size(1280, 860, scheme)
		w.tab.Eval(`document.querySelector("#scroll").scrollTop = 0`)
		w.tab.Shot("room-" + scheme)
		w.tab.Size(390, 844, scheme)
		w.tab.Until(10*time.Second, "nothing is wider than the phone", `document.documentElement.scrollWidth <= 390`)
		w.tab.Eval(`document.querySelector("#scroll").scrollTop = 60`)
		w.tab.Shot("room-phone-" + scheme)
	}
	w.tab.Size(1280, 860, "light")
	w.types("/incident declare")
	w.tab.Until(20*time.Second, "the form opens", `document.querySelector("dialog.form[open]")`)
	w.tab.Shot("form-light")
	w.tab.Press(`dialog.form [data-do="close-form"]`, 1)
	w.tab.Until(10*time.Second, "the form is closed", `!document.querySelector("dialog.form[open]")`)
}

type walker struct {
	t   *testing.T
	tab *browsertest.Tab
}

func (w walker) live() {
	w.t.Helper()
	w.tab.Until(30*time.Second, "the page is live", `document.querySelector("#offline").hidden && document.querySelector("#say") && performance.getEntriesByType("resource").some(r => r.name.includes("/console/"))`)
}

func (w walker) types(words string) {
	w.t.Helper()
	w.tab.Do("type "+words,
		chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{ const box = document.querySelector("#say"); box.focus(); box.value = %q; box.dispatchEvent(new Event("input", {bubbles: true})); }`, words)),
		chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Enter))
}

func (w walker) reads(words string) {
	w.t.Helper()
	w.tab.Until(30*time.Second, "the room reads "+words, fmt.Sprintf(`document.querySelector("#list").innerText.includes(%q)`, words))
}

// remindedOnce waits for the reminder that was promised for a minute after a
// moment, and sees that it came once.
func (w walker) remindedOnce(asked time.Time) {
	w.t.Helper()
	const given = `[...document.querySelectorAll("#list .msg.from-bot")].filter(m => m.innerText.includes("⏰") && m.innerText.includes("look at the queue again"))`
	w.tab.Until(time.Until(asked)+2*time.Minute, "the promised reminder comes", given+`.length > 0`)
	if early := time.Since(asked); early < 50*time.Second {
		w.t.Errorf("the reminder came after %s, a minute was promised", early)
	}
	w.tab.Shot("reminder-light")
	if n := w.tab.Eval(given + `.length`); n != "1" {
		w.t.Errorf("the reminder came %s times", n)
	}
}
