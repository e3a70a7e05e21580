package bot_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/bottest"
	"tocsin/bot/slack/slacktest"
)

// slackHouse is a fake Slack on the network, and what a tocsin for it is told.
type slackHouse struct {
	t    *testing.T
	far  *slacktest.Fake
	ann  string
	room string // #general
	at   string // where tocsin listens
	env  []string
}

// newSlackHouse serves a fake Slack; deliveries come through sockets or, signed,
// over HTTP.
func newSlackHouse(t *testing.T, overHTTP bool) *slackHouse {
	t.Helper()
	h := &slackHouse{t: t, far: slacktest.New(bottest.Installed(t, slacktest.Options{Now: time.Now})), at: freeAddress(t)}
	t.Cleanup(h.far.Close)
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.far.Serve(l)
	h.ann = h.far.AddUser(slacktest.User{Name: "ann", RealName: "Ann Okafor", Display: "Ann Okafor", Zone: "Etc/UTC"}).ID
	bo := h.far.AddUser(slacktest.User{Name: "bo", RealName: "Bo Lindqvist", Display: "Bo Lindqvist", Zone: "Etc/UTC"}).ID
	h.room = h.far.AddRoom(slacktest.Room{Name: "general", Members: []string{h.ann, bo, h.far.Bot()}}).ID
	h.far.AddRoom(slacktest.Room{Name: "incidents", Members: []string{h.ann, bo, h.far.Bot()}})
	rules := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(rules, []byte(killPolicy), 0o600); err != nil {
		t.Fatal(err)
	}
	h.env = []string{
		"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "TOCSIN_LISTEN=" + h.at, "TOCSIN_POLICY=" + rules,
		"TOCSIN_SLACK_API_URL=" + h.far.URL(), "TOCSIN_SLACK_BOT_TOKEN=xoxb-fake", "TOCSIN_SLACK_ANNOUNCE=incidents",
	}
	if overHTTP {
		h.env = append(h.env, "TOCSIN_SLACK_SIGNING_SECRET=secret-of-the-fake")
		h.far.SetHook(slacktest.ToURL(&http.Client{Timeout: 5 * time.Second}, "http://"+h.at+"/hooks/slack"))
	} else {
		h.env = append(h.env, "TOCSIN_SLACK_APP_TOKEN=xapp-fake")
	}
	return h
}

func freeAddress(t *testing.T) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// start runs tocsin until Slack reaches it.
func (h *slackHouse) start() *program {
	h.t.Helper()
	p := started(h.t, h.env...)
	h.reached()
	return p
}

func (h *slackHouse) reached() {
	h.t.Helper()
	h.until("Slack reaches tocsin", func() bool {
		a, err := h.far.OpenHome(h.t.Context(), h.ann)
		return err == nil && a.Acked
	})
}

// until waits for something to be so.
func (h *slackHouse) until(what string, so func() bool) {
	h.t.Helper()
	h.within(40*time.Second, what, so)
}

func (h *slackHouse) within(long time.Duration, what string, so func() bool) {
	h.t.Helper()
	ctx, stop := context.WithTimeout(h.t.Context(), long)
	defer stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			h.t.Fatalf("it does not come about that %s", what)
		}
	}
}

// tocsin runs another tocsin with the same settings to its end.
func (h *slackHouse) tocsin(env []string, args ...string) (code int, out, errs string) {
	h.t.Helper()
	var o, e gathered
	code = bot.Main(h.t.Context(), bot.IO{Args: args, Env: env, In: strings.NewReader(""), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

func (h *slackHouse) slash(words string) {
	h.t.Helper()
	if a, err := h.far.Slash(h.t.Context(), h.ann, h.room, words); err != nil || !a.Acked {
		h.t.Fatalf("/incident %s was not answered: %+v (%v)", words, a, err)
	}
}

// incidentRooms are the rooms of incidents, by their number.
func (h *slackHouse) incidentRooms(prefix string) (out []slacktest.Room) {
	for _, r := range h.far.Rooms() {
		if strings.HasPrefix(r.Name, prefix) {
			out = append(out, r)
		}
	}
	return out
}

// card is the summary in an incident's room, as its JSON and as it is read.
func (h *slackHouse) card(room string) (blocks string, seen slacktest.Seen) {
	all, err := h.far.Seen(h.ann, room)
	if err != nil {
		return "", seen
	}
	for _, m := range all {
		if m.Own && slices.Contains(m.Buttons, "Resolve") {
			for _, raw := range h.far.Messages(room) {
				if raw.TS == m.TS {
					return string(raw.Blocks), m
				}
			}
		}
	}
	return "", seen
}

// features are what a scope may switch off, in a room of its own; without says
// which of them nobody waits for.
func (h *slackHouse) features(number, title, without string) map[string]bool {
	h.t.Helper()
	h.slash("declare sev3 service:checkout " + title)
	var room slacktest.Room
	h.until("the room is open and its card is there", func() bool {
		rooms := h.incidentRooms("inc-" + number + "-")
		if len(rooms) != 1 || !slices.Contains(rooms[0].Members, h.ann) {
			return false
		}
		room = rooms[0]
		blocks, _ := h.card(room.ID)
		return strings.Contains(blocks, "checkout")
	})
	ts, _, err := h.far.Say(h.t.Context(), h.ann, room.ID, slacktest.Words{Text: "the queue is full"})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.far.React(h.t.Context(), h.ann, room.ID, ts, "pushpin"); err != nil {
		h.t.Fatal(err)
	}
	look := func() map[string]bool {
		blocks, card := h.card(room.ID)
		marked := false
		all, err := h.far.Seen(h.ann, room.ID)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, m := range all {
			for emoji, who := range m.Reactions {
				marked = marked || m.TS == ts && emoji != "pushpin" && slices.Contains(who, h.far.Bot())
			}
		}
		return map[string]bool{
			"pins:write": card.Pinned, "bookmarks:write": len(h.far.Bookmarks(room.ID)) == 2,
			"reactions:write": marked, "users:read": strings.Contains(blocks, "Ann Okafor"),
		}
	}
	h.until("what was captured is on the timeline", func() bool {
		_, out, _ := h.tocsin(h.env, "timeline", "INC-"+number)
		return strings.Contains(out, "the queue is full")
	})
	h.until("all is there but what is switched off", func() bool {
		got := look()
		delete(got, without)
		return count(got) == len(got)
	})
	if without == "" {
		return look()
	}
	select { // what must not come may be on its way
	case <-time.After(time.Second):
	case <-h.t.Context().Done():
	}
	return look()
}

func count(all map[string]bool) (n int) {
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}

func TestAScopeThatIsMissingSwitchesOffWhatDoctorSays(t *testing.T) {
	t.Parallel()
	for _, overHTTP := range []bool{false, true} {
		h := newSlackHouse(t, overHTTP)
		p := h.start()
		if code, out, errs := h.tocsin(h.env, "doctor"); code != 0 || !strings.Contains(out, "every scope that tocsin uses is granted") || !strings.Contains(out, "incidents are announced in #incidents") {
			t.Errorf("doctor of a tocsin that is set up ends with %d:\n%s%s", code, out, errs)
		}
		if got := h.features("1", "all is set", ""); count(got) != len(got) {
			t.Errorf("with all scopes there is only %v", got)
		}
		p.end()
	}
	for scope, off := range map[string]string{
		"pins:write": "pinned card", "bookmarks:write": "links at the top", "reactions:write": "the mark on messages", "users:read": "names",
	} {
		t.Run("without "+scope, func(t *testing.T) {
			t.Parallel()
			h := newSlackHouse(t, false)
			h.far.RemoveScope(scope)
			p := h.start()
			defer p.end()
			code, out, _ := h.tocsin(h.env, "doctor", "--json")
			var missing []string
			for line := range strings.Lines(out) {
				var f struct{ Level, What, Why, Mend string }
				if err := json.Unmarshal([]byte(line), &f); err != nil {
					t.Fatal(err)
				}
				if f.Level != "ok" {
					missing = append(missing, f.What+"; "+f.Why+"; "+f.Mend)
				}
			}
			if code == 0 || len(missing) != 1 || !strings.Contains(missing[0], "scope "+scope+" is missing") || !strings.Contains(missing[0], off) {
				t.Errorf("doctor ends with %d and %q", code, missing)
			}
			for name, is := range h.features("1", "something is off", scope) {
				if is == (name == scope) {
					t.Errorf("what %s is for is there: %v", name, is)
				}
			}
		})
	}
}
