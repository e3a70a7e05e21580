package storetest

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// Redis is a real redis-server of a test.
type Redis struct {
	Port int
	dir  string
	set  []string
	cmd  *exec.Cmd
}

// StartRedis starts a redis-server on a free port of loopback, with its
// append-only file in a folder of the test; settings such as "--appendfsync",
// "always" override. Without the program the test is skipped, or fails when
// required says so (from the environment, in CI).
func StartRedis(tb testing.TB, required bool, settings ...string) *Redis {
	tb.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if required {
			tb.Fatal("redis-server is not installed, and TOCSIN_REQUIRE_REDIS says that it must be")
		}
		tb.Skip("redis-server is not installed")
	}
	r := &Redis{dir: tb.TempDir(), set: settings}
	tb.Cleanup(r.Kill)
	for range 5 {
		if r.Port == 0 {
			r.Port = freePort(tb)
		}
		if err := r.start(); err == nil {
			return r
		}
		r.Port = 0 // somebody else may have taken the port meanwhile
	}
	tb.Fatal("redis-server does not start")
	return nil
}

// URL is the server's address.
func (r *Redis) URL() string { return "redis://" + r.Addr() }

// Addr is the server's host and port.
func (r *Redis) Addr() string { return "127.0.0.1:" + strconv.Itoa(r.Port) }

// Kill ends the server as kill -9 does.
func (r *Redis) Kill() {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Kill() // it may have ended
	_ = r.cmd.Wait()         // it was killed
	r.cmd = nil
}

// Restart starts the server anew on its files and its port.
func (r *Redis) Restart(tb testing.TB) {
	tb.Helper()
	r.Kill()
	if err := r.start(); err != nil {
		tb.Fatalf("redis-server does not start again: %v", err)
	}
}

// start starts the server and returns when it takes connections, which it
// says on its output.
func (r *Redis) start() error {
	args := append([]string{
		"--port", strconv.Itoa(r.Port), "--bind", "127.0.0.1", "--dir", r.dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", "everysec", "--loglevel", "notice", "--logfile", "",
	}, r.set...)
	cmd := exec.Command("redis-server", args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			r.cmd = cmd
			go func() {
				for lines.Scan() { // the pipe must not fill
				}
			}()
			return nil
		}
	}
	_ = cmd.Process.Kill() // it may have ended
	return fmt.Errorf("redis-server ended before it was ready: %w", cmd.Wait())
}

func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("looking for a free port: %v", err)
	}
	defer func() { _ = l.Close() }() // only its number is wanted
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		tb.Fatalf("looking for a free port: %v", err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		tb.Fatalf("looking for a free port: %v", err)
	}
	return n
}
