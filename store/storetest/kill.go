package storetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tocsin/store"
)

// crashWriters is how many append at once while a crash is awaited.
const crashWriters = 8

// AppendForever appends to streams until the driver fails, going on after
// what the streams hold, and says each version that was acknowledged on out,
// one line each, before it goes on.
func AppendForever(ctx context.Context, d store.Driver, out io.Writer) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range crashWriters {
		all.Go(func() {
			stream := "s" + strconv.Itoa(i)
			kept, err := d.Entries(ctx, stream, 0, 0)
			if err != nil {
				return
			}
			for v := uint64(len(kept)) + 1; appendNext(ctx, d, stream, v) == nil; v++ {
				mu.Lock()
				_, err := fmt.Fprintf(out, "%s %d\n", stream, v)
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	all.Wait()
}

// Acknowledged is the newest acknowledged version of each stream.
type Acknowledged map[string]uint64

// ReadUntil reads acknowledgements; after so many of them it calls crash, once, and
// goes on to the end of the output.
func (a Acknowledged) ReadUntil(tb testing.TB, out io.Reader, after int, crash func()) {
	tb.Helper()
	lines, n := bufio.NewScanner(out), 0
	for lines.Scan() {
		stream, version, ok := strings.Cut(lines.Text(), " ")
		v, err := strconv.ParseUint(version, 10, 64)
		if !ok || err != nil {
			continue // the child's test runner has something to say, or died in the middle of a line
		}
		a[stream] = max(a[stream], v)
		if n++; n == after {
			crash()
		}
	}
	if n < after {
		tb.Fatalf("the writers gave up after %d acknowledgements; the crash was to come after %d", n, after)
	}
}

// WantKept fails the test unless everything acknowledged is there, every
// stream is dense, and its head and its place in the set agree with it.
func (a Acknowledged) WantKept(tb testing.TB, d store.Driver) {
	tb.Helper()
	for i := range crashWriters {
		stream := "s" + strconv.Itoa(i)
		kept, err := d.Entries(tb.Context(), stream, 0, 0)
		if err != nil {
			tb.Fatalf("reading %s after the crash: %v", stream, err)
		}
		last := uint64(len(kept))
		if last < a[stream] {
			tb.Errorf("%s ends at version %d, and %d was acknowledged", stream, last, a[stream])
		}
		for n, e := range kept {
			if e.Version != uint64(n+1) || string(e.Value) != fmt.Sprintf("%s at %d", stream, n+1) {
				tb.Fatalf("%s: entry %d is version %d with %q", stream, n, e.Version, e.Value)
			}
		}
		if last == 0 {
			continue
		}
		head, err := d.Get(tb.Context(), "head/"+stream)
		if err != nil || string(head[0]) != strconv.FormatUint(last, 10) {
			tb.Errorf("the head of %s is %q (%v), and the stream ends at %d", stream, head, err, last)
		}
		at, err := d.Range(tb.Context(), store.Range{Set: "newest", Min: int64(last), Max: int64(last)})
		if err != nil || !hasMember(at, stream) {
			tb.Errorf("the set does not have %s at %d: %v, %v", stream, last, at, err)
		}
	}
}

func hasMember(members []store.Member, name string) bool {
	for _, m := range members {
		if m.Name == name {
			return true
		}
	}
	return false
}

// Child is another run of this test binary, made to crash.
type Child struct {
	Out io.Reader
	cmd *exec.Cmd
}

// StartChild runs this test binary again with one more environment variable.
func StartChild(tb testing.TB, binary string, env ...string) *Child {
	tb.Helper()
	cmd := exec.Command(binary, "-test.run=^$")
	cmd.Env = env
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatalf("starting the child: %v", err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatalf("starting the child: %v", err)
	}
	c := &Child{Out: out, cmd: cmd}
	tb.Cleanup(c.Kill)
	return c
}

// Kill ends the child as kill -9 does.
func (c *Child) Kill() { _ = c.cmd.Process.Kill() } // it may have ended

// Wait waits for the child's end, after its output was read.
func (c *Child) Wait() { _ = c.cmd.Wait() } // it was killed
