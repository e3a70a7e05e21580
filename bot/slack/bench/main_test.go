package bench_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"syscall"
	"testing"

	"tocsin/bot"
)

// The cores: what is measured, and all else.
const (
	botCore    = "0"
	senderCore = "1"
)

// roleIs names what this program is run as; not set: the one who begins.
const roleIs = "SLACKBENCH_ROLE"

// TestMain is three programs in one: the one that was started, which starts the
// sender on its core; the sender, which is the test; and tocsin.
func TestMain(m *testing.M) {
	if os.Getenv(roleIs) == "tocsin" {
		os.Exit(tocsin())
	}
	flag.Parse()
	wanted := flag.Lookup("test.bench")
	if os.Getenv(roleIs) == "sender" || wanted == nil || wanted.Value.String() == "" {
		debug.SetGCPercent(400) // the sender's own pauses are nobody's figures
		os.Exit(m.Run())
	}
	os.Exit(begin())
}

// begin runs the benchmark on the sender's core.
func begin() int {
	if runtime.NumCPU() < 2 {
		fmt.Fprintln(os.Stderr, "this benchmark wants two cores: one for what is measured, one for the sender")
		return 1
	}
	cmd := exec.Command("taskset", append([]string{"-c", senderCore, os.Args[0]}, os.Args[1:]...)...)
	cmd.Env = append(os.Environ(), roleIs+"=sender")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	}
	fmt.Fprintln(os.Stderr, "the sender does not start:", err)
	return 1
}

// tocsin is the whole program, as main.go runs it. SIGUSR1 begins a CPU profile
// into the file that the argument names, SIGUSR2 ends it.
func tocsin() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1, syscall.SIGUSR2)
	go func() {
		for s := range asked {
			if s == syscall.SIGUSR2 {
				pprof.StopCPUProfile()
				continue
			}
			out, err := os.Create(os.Args[1])
			if err == nil {
				err = pprof.StartCPUProfile(out)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, "no profile:", err)
			}
		}
	}()
	return bot.Main(ctx, bot.IO{Env: os.Environ(), In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
