package bot_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/sqlite"
)

// BenchmarkStart runs the built binary from exec to its ready line, on an
// empty store and on one with 10,000 incidents of 100 events, and reads what
// memory it holds five seconds later.
//
//	go test -run '^$' -bench Start -benchtime 5x -timeout 30m ./bot
func BenchmarkStart(b *testing.B) {
	bin := filepath.Join(b.TempDir(), "tocsin")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin, "..").CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	info, err := os.Stat(bin)
	if err != nil {
		b.Fatal(err)
	}
	full := filepath.Join(b.TempDir(), "full.db")
	fill(b, full, 10_000, 100)
	for _, c := range []struct{ name, path string }{{"empty", ""}, {"10000_incidents_of_100_events", full}} {
		b.Run(c.name, func(b *testing.B) {
			var memory float64
			for range b.N {
				path := c.path
				if path == "" {
					path = filepath.Join(b.TempDir(), "empty.db")
				}
				memory = max(memory, once(b, bin, path))
			}
			b.ReportMetric(memory, "resident_MB")
			b.ReportMetric(float64(info.Size())/(1<<20), "binary_MB")
		})
	}
}

// once starts the binary, stops the clock at its ready line, and gives the
// resident memory after five idle seconds.
func once(b *testing.B, bin, path string) float64 {
	b.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), bin)
	cmd.Env = []string{"HOME=" + b.TempDir(), "TOCSIN_LISTEN=127.0.0.1:0", "TOCSIN_STORE=sqlite:" + path}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	b.StopTimer()
	defer b.StartTimer()
	if err != nil || !strings.Contains(line, "http://") {
		b.Fatalf("it printed %q: %v", line, err)
	}
	<-time.After(5 * time.Second)
	memory := resident(b, cmd.Process.Pid)
	_ = cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		b.Fatalf("stopping: %v", err)
	}
	return memory
}

func resident(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("memory is read from /proc")
	}
	for line := range strings.Lines(string(status)) {
		if rest, is := strings.CutPrefix(line, "VmRSS:"); is {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return float64(kb) / 1024
		}
	}
	b.Fatal("no resident memory is told")
	return 0
}

// fill writes incidents of so many events each, a commit an incident, with
// their feed planned.
func fill(b *testing.B, path string, incidents, events int) {
	b.Helper()
	d, err := sqlite.Open(b.Context(), path, sqlite.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	s := store.New(d, store.Options{Now: time.Now})
	p := incident.DefaultPolicy()
	for n := 1; n <= incidents; n++ {
		at := time.Now().Add(-time.Duration(incidents-n) * time.Hour).UTC()
		a := incident.Actor{Person: "p1", Account: "console:console:ann", At: at, Reader: true, Zone: time.UTC}
		key := "fill/" + strconv.Itoa(n)
		id := incident.IDFor(key)
		inc := incident.Incident{ID: id, Number: incident.Number(n)}
		var all []incident.Recorded
		take := func(es []incident.Event, err error) {
			if err != nil {
				b.Fatal(err)
			}
			for _, r := range incident.Record(id.Stream(), inc.Head, incident.Meta{Recorded: at, Actor: "p1", Account: a.Account, Key: key, Policy: p.Hash}, es) {
				inc = inc.Apply(r)
				all = append(all, r)
			}
		}
		take(incident.Declare(a, incident.Number(n), incident.Declaration{Title: "incident number " + strconv.Itoa(n), Severity: incident.Sev3}, p))
		for len(all) < events-1 {
			take(inc.Note(a, "the queue on node "+strconv.Itoa(len(all))+" is full again, looking at the consumer", time.Time{}))
		}
		take(inc.Resolve(a, "restarted"))
		c := store.Commit{Key: key, Asker: "p1", At: at, Number: incident.Number(n), Writes: []store.Write{{Stream: id.Stream(), Events: all, After: inc}}}
		if _, err := s.Commit(b.Context(), c); err != nil {
			b.Fatal(err)
		}
		if err := s.Planned(b.Context(), at, all, nil); err != nil {
			b.Fatal(err)
		}
	}
}
