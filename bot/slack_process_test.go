package bot_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/bottest"
	"tocsin/bot/slack/slacktest"
	"tocsin/bot/worker"
)

// TestARealProcessIsKilledWhileItDeclares runs the binary against a fake Slack
// on the network, kills it with SIGKILL in the middle of a call of Slack, and
// starts it again on the same file: everything is there once.
func TestARealProcessIsKilledWhileItDeclares(t *testing.T) {
	t.Parallel()
	if !bottest.Whole() {
		t.Skip("a dead process holds its leases for half a minute; TOCSIN_REQUIRE_ALL=1 waits for them")
	}
	bin := compiled(t)
	for i, method := range []string{"conversations.create", "chat.postMessage", "pins.add"} {
		t.Run("in the middle of "+method, func(t *testing.T) {
			t.Parallel()
			h := newSlackHouse(t, i%2 == 1)
			p := &binary{t: t, bin: bin}
			h.spawn(p)
			var once sync.Once
			killed := make(chan struct{})
			h.far.Watch(func(c slacktest.Call) { // it was done, and is not answered yet
				if c.Method == method && c.Error == "" && !strings.HasPrefix(c.Args["channel"], "D") {
					once.Do(func() { p.kill(); close(killed) })
				}
			})
			// The answer to the command may be lost with the process.
			_, _ = h.far.Slash(t.Context(), h.ann, h.room, "declare sev1 service:checkout the tills are failing")
			select {
			case <-killed:
			case <-time.After(30 * time.Second):
				t.Fatalf("it never called %s", method)
			}
			again := time.After(worker.Lease + 6*time.Second) // then what the dead one had begun was tried once more
			h.spawn(p)
			h.whole(again)
		})
	}
}

// spawn runs the binary until Slack reaches it.
func (h *slackHouse) spawn(p *binary) {
	h.t.Helper()
	p.cmd = exec.CommandContext(context.WithoutCancel(h.t.Context()), p.bin)
	p.cmd.Env = append(slices.Clone(h.env), "TOCSIN_LOG_LEVEL=error")
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(p.kill)
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "tocsin is ready") {
		h.t.Fatalf("it printed %q (%v)", line, err)
	}
	h.reached()
}

// whole waits until one incident is there in full, and sees that nothing is
// there twice when everything was tried again.
func (h *slackHouse) whole(again <-chan time.Time) {
	h.t.Helper()
	look := func() (wrong []string) {
		rooms := h.incidentRooms("inc-")
		if len(rooms) != 1 {
			return []string{fmt.Sprintf("%d rooms", len(rooms))}
		}
		r := rooms[0]
		announced, _ := h.far.Room("incidents")
		if n := h.own(announced.ID); n != 1 {
			wrong = append(wrong, fmt.Sprintf("%d announcements", n))
		}
		if n := h.own(r.ID); n != 1 {
			wrong = append(wrong, fmt.Sprintf("%d cards", n))
		}
		if pins, links := h.far.Pins(r.ID), h.far.Bookmarks(r.ID); len(pins) != 1 || len(links) != 2 {
			wrong = append(wrong, fmt.Sprintf("%d pins and %d links", len(pins), len(links)))
		}
		if !slices.Contains(r.Members, h.ann) || r.Topic == "" {
			wrong = append(wrong, fmt.Sprintf("members %v, topic %q", r.Members, r.Topic))
		}
		return wrong
	}
	defer func() {
		if h.t.Failed() {
			_, owed, errs := h.tocsin(h.env, "say", "--as", "slack:"+h.ann, "--room", "general", "/incident pending INC-1")
			h.t.Log(look(), owed, errs)
		}
	}()
	h.within(100*time.Second, "one incident is there in full", func() bool { return len(look()) == 0 })
	select {
	case <-again:
	case <-h.t.Context().Done():
	}
	if wrong := look(); len(wrong) > 0 {
		h.t.Error(strings.Join(wrong, "; "))
	}
}

// own is how many messages of the app everybody sees in a room.
func (h *slackHouse) own(room string) (n int) {
	for _, m := range h.far.Messages(room) {
		if m.User == h.far.Bot() && m.Only == "" && m.Subtype == "" {
			n++
		}
	}
	return n
}
