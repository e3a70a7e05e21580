package bench_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tocsin/bot/slack/slacktest"
)

// program is one that was started on the measured core.
type program struct {
	cmd     *exec.Cmd
	address string // where Slack calls it
}

// run starts a program and waits for its line "… is ready: …".
func run(tb testing.TB, cmd *exec.Cmd) string {
	tb.Helper()
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	in := bufio.NewReader(out)
	line, err := in.ReadString('\n')
	_, at, ready := strings.Cut(line, "is ready: ")
	if err != nil || !ready {
		_ = cmd.Process.Kill() // it did not do what it is for
		tb.Fatalf("%s printed %q: %v", cmd, line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, in) }()
	return strings.TrimSpace(at)
}

// spent is the processor's time that the program took so far.
func (p *program) spent(tb testing.TB) time.Duration {
	tb.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		tb.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	ticks := 0
	for _, field := range strings.Fields(rest)[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.Atoi(field)
		if err != nil {
			tb.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait() // how it ends is measured elsewhere
}

// startBolt starts the app in bolt/, and installs what it needs at first.
func startBolt(tb testing.TB) *program {
	tb.Helper()
	if _, err := os.Stat(filepath.Join("bolt", "node_modules")); err != nil {
		cmd := exec.Command("npm", "ci", "--no-audit", "--no-fund")
		cmd.Dir = "bolt"
		if out, err := cmd.CombinedOutput(); err != nil {
			tb.Fatalf("npm ci in bolt/: %v\n%s", err, out)
		}
	}
	cmd := exec.Command("taskset", "-c", botCore, "node", "app.js")
	cmd.Dir, cmd.Env = "bolt", append(os.Environ(), "SLACK_SIGNING_SECRET="+secret, "NODE_ENV=production")
	at, err := url.Parse(run(tb, cmd))
	if err != nil {
		tb.Fatal(err)
	}
	p := &program{cmd: cmd, address: at.Host}
	tb.Cleanup(p.stop)
	return p
}

// workspace is a fake Slack, served by the sender, with tocsin in it.
type workspace struct {
	*program
	fake   *slacktest.Fake
	people []string
	room   string
	out    context.CancelFunc
	ended  sync.Once
}

// startTocsin starts tocsin in a workspace of its own.
func startTocsin(tb testing.TB, store, profile string) *workspace {
	tb.Helper()
	w := &workspace{fake: slacktest.New(slacktest.Options{})}
	w.serve(tb)
	for i := range 20 {
		name := "person" + strconv.Itoa(i)
		w.people = append(w.people, w.fake.AddUser(slacktest.User{Name: name, Email: name + "@example.com", Zone: "Europe/Amsterdam"}).ID)
	}
	members := append([]string{w.fake.Bot()}, w.people...)
	w.room = w.fake.AddRoom(slacktest.Room{Name: "ops", Members: members}).ID
	w.fake.AddRoom(slacktest.Room{Name: "incidents", Members: members})

	address := freeAddress(tb)
	cmd := exec.Command("taskset", "-c", botCore, os.Args[0], profile)
	cmd.Env = []string{
		roleIs + "=tocsin", "GOMAXPROCS=1", "HOME=" + tb.TempDir(), "TOCSIN_STORE=" + store, "TOCSIN_LISTEN=" + address,
		"TOCSIN_LOG_LEVEL=error", "TOCSIN_SLACK_BOT_TOKEN=xoxb-fake", "TOCSIN_SLACK_SIGNING_SECRET=" + secret,
		"TOCSIN_SLACK_API_URL=" + w.fake.URL(), "TOCSIN_SLACK_ANNOUNCE=incidents",
	}
	w.program = &program{cmd: cmd, address: address}
	run(tb, cmd)
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	w.fake.SetHook(slacktest.ToURL(client, "http://"+address+"/hooks/slack"))
	tb.Cleanup(w.stop)
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		a, err := w.fake.VerifyURL(tb.Context()) // as Slack does when the address is entered
		if err == nil && a.Acked {
			return w
		}
		if time.Since(began) > 10*time.Second {
			tb.Fatalf("tocsin does not answer at its address: %d %v %v", a.Status, a.Err, err)
		}
	}
}

// serve opens the fake to the network.
func (w *workspace) serve(tb testing.TB) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	w.fake.Serve(l)
	var life context.Context
	life, w.out = context.WithCancel(context.Background())
	go w.fake.Run(life)
}

func (w *workspace) stop() {
	w.ended.Do(func() {
		w.program.stop()
		w.out()
		w.fake.Close()
	})
}

// target is tocsin in this workspace, with notes on so many incidents.
func (w *workspace) target(incidents int) *target {
	back := url.QueryEscape(strings.TrimSuffix(w.fake.URL(), "api/"))
	return &target{
		program: w.program, states: true,
		typist: &typist{incidents: incidents, people: w.people, rooms: []string{w.room}, back: back},
	}
}

// declare declares so many incidents, one after the other.
func (w *workspace) declare(tb testing.TB, n int) {
	tb.Helper()
	for i := range n {
		a, err := w.fake.Slash(tb.Context(), w.people[i%len(w.people)], w.room, fmt.Sprintf("declare sev4 incident number %d", i+1))
		if err != nil || a.Err != nil || !bytes.Contains(a.Body, fmt.Appendf(nil, "INC-%d", i+1)) {
			tb.Fatalf("declaring was answered %d %s: %v, %v", a.Status, a.Body, err, a.Err)
		}
	}
}

// profiled has a profile written of what the function does to tocsin.
func (w *workspace) profiled(on bool, do func()) {
	if on {
		_ = w.cmd.Process.Signal(syscall.SIGUSR1)
		defer func() { _ = w.cmd.Process.Signal(syscall.SIGUSR2) }()
	}
	do()
}

func freeAddress(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
