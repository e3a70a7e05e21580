package bot_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tocsin/bot"
)

// program is the whole program, running in this process.
type program struct {
	t    *testing.T
	url  string
	errs *gathered
	stop context.CancelFunc
	code chan int
}

// gathered gathers what is written by several goroutines.
type gathered struct {
	mu sync.Mutex
	b  strings.Builder
}

func (w *gathered) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *gathered) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// started runs the program until it says that it is ready.
func started(t *testing.T, env ...string) *program {
	t.Helper()
	out, in := io.Pipe()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	p := &program{t: t, errs: &gathered{}, stop: stop, code: make(chan int, 1)}
	go func() {
		p.code <- bot.Main(ctx, bot.IO{Env: env, Out: in, Err: p.errs})
		_ = in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "tocsin is ready: ")
	if err != nil || !ok {
		stop()
		t.Fatalf("it is not ready but says %q (%v)\n%s", line, err, p.errs)
	}
	p.url = url
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return p
}

func (p *program) end() {
	p.t.Helper()
	p.stop()
	if code := <-p.code; code != 0 {
		p.t.Errorf("it ended with %d\n%s", code, p.errs)
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// failing runs the program where it cannot run.
func failing(t *testing.T, args []string, env ...string) (code int, said string) {
	t.Helper()
	var errs gathered
	code = bot.Main(t.Context(), bot.IO{Args: args, Env: env, Out: &errs, Err: &errs})
	return code, errs.String()
}

func TestWithNothingSetItIsReadyAndStopsWhenTold(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	p := started(t, "HOME="+home, "TOCSIN_LISTEN=127.0.0.1:0")
	if status, body := get(t, p.url+"readyz"); status != http.StatusOK || !strings.Contains(body, `"ready":true`) {
		t.Errorf("readyz: %d %s", status, body)
	}
	if status, body := get(t, p.url); status != http.StatusOK || !strings.Contains(body, "general") {
		t.Errorf("the console: %d, %d bytes", status, len(body))
	}
	if status, _ := get(t, p.url+"practice/"); status != http.StatusOK {
		t.Errorf("the practice pager: %d", status)
	}
	if status, _ := get(t, p.url+"api/v1/incidents"); status != http.StatusUnauthorized {
		t.Errorf("the API without its token: %d", status)
	}
	folder := filepath.Join(home, ".local", "share", "tocsin")
	info, err := os.Stat(filepath.Join(folder, "api-token"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the token's file: %v, %v", info, err)
	}
	code, said := failing(t, nil, "HOME="+home, "TOCSIN_LISTEN=127.0.0.1:0")
	if code == 0 || !strings.Contains(said, "tocsin.db") {
		t.Errorf("a second one on the same file: %d %q", code, said)
	}
	p.end()
	again := started(t, "HOME="+home, "TOCSIN_LISTEN=127.0.0.1:0")
	again.end()
}

func TestAnAddressThatIsTakenIsSaidWithAWayOut(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	at := l.Addr().String()
	code, said := failing(t, nil, "HOME="+t.TempDir(), "TOCSIN_LISTEN="+at)
	if code == 0 || !strings.Contains(said, at) || !strings.Contains(said, "TOCSIN_LISTEN=127.0.0.1:0") {
		t.Errorf("%d %q", code, said)
	}
}

func TestBeyondTheLoopbackTheConsoleStandsApartWithAToken(t *testing.T) {
	t.Parallel()
	p := started(t, "HOME="+t.TempDir(), "TOCSIN_LISTEN=0.0.0.0:0")
	defer p.end()
	base, token, ok := strings.Cut(p.url, "?token=")
	if !ok || len(token) < 32 || !strings.HasPrefix(base, "http://127.0.0.1:") {
		t.Errorf("the address is %s", p.url)
	}
	if status, _ := get(t, base); status != http.StatusUnauthorized {
		t.Errorf("without the token: %d", status)
	}
	if status, _ := get(t, base+"?token=guessed"); status != http.StatusUnauthorized {
		t.Errorf("with a wrong token: %d", status)
	}
	if status, _ := get(t, p.url); status != http.StatusOK {
		t.Errorf("with the token: %d", status)
	}
}

func TestWhatIsWrongIsSaidAllAtOnce(t *testing.T) {
	t.Parallel()
	code, said := failing(t, nil, "HOME="+t.TempDir(), "TOCSIN_LISTEN=nowhere", "TOCSIN_ZONE=Mars", "TOCSIN_STOER=x")
	if code != 2 || strings.Count(said, "\n") < 3 {
		t.Errorf("%d %q", code, said)
	}
	for _, want := range []string{"TOCSIN_LISTEN: ", "TOCSIN_ZONE: ", "Did you mean TOCSIN_STORE?"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %q", want, said)
		}
	}
}

func TestAWrongPolicyIsRefusedWithItsLine(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(path, []byte("teams:\n  - name: Two Words\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=" + t.TempDir(), "TOCSIN_LISTEN=127.0.0.1:0", "TOCSIN_POLICY=" + path}
	for _, args := range [][]string{nil, {"config", "check"}, {"config", "check", path}} {
		code, said := failing(t, args, env...)
		if code != 2 || !strings.Contains(said, "line 2") || !strings.Contains(said, "Two Words") {
			t.Errorf("%q: %d %q", args, code, said)
		}
	}
}

func TestConfigPrintsAStarterThatItTakes(t *testing.T) {
	t.Parallel()
	code, starter := failing(t, []string{"config", "policy"}, "HOME=/h")
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(path, []byte(starter), 0o600); err != nil || code != 0 {
		t.Fatal(code, err)
	}
	code, said := failing(t, []string{"config", "check", path}, "HOME=/h")
	if code != 0 || !strings.Contains(said, "sev1") {
		t.Errorf("%d %q", code, said)
	}
	if code, said := failing(t, []string{"config", "schema"}, "HOME=/h"); code != 0 || !strings.Contains(said, "json-schema.org") {
		t.Errorf("%d %q", code, said)
	}
	if code, said := failing(t, []string{"config"}, "HOME=/h"); code != 2 || !strings.Contains(said, "config check") {
		t.Errorf("%d %q", code, said)
	}
}

func TestAWordItDoesNotKnowIsAnsweredWithThoseItKnows(t *testing.T) {
	t.Parallel()
	code, said := failing(t, []string{"serve"})
	if code != 2 || !strings.Contains(said, `"serve"`) || !strings.Contains(said, "config") {
		t.Errorf("%d %q", code, said)
	}
	if code, said := failing(t, []string{"--no-such-flag"}); code != 2 {
		t.Errorf("a flag it does not know: %d %q", code, said)
	}
}
