package bot_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/bottest"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident"
	"tocsin/store"
)

const killPolicy = `version: 1
severities:
  - level: 1
    invite: [checkout]
teams:
  - name: checkout
    people: ["slack:@oncall"]
services:
  - name: checkout
    team: checkout
    runbook: https://example.com/runbook
    dashboard: https://example.com/dashboard
`

// way is how people reach the bot in one life, and how Slack does.
type way struct {
	http, mention bool
	wait          time.Duration // between what people do; 0: 20 s
	second        int           // the step at which the program after one that died dies too; 0: it lives
	lossy         bool          // the reply to each call that changes something is lost once
}

func (w way) String() string {
	in, by := "sockets", "commands"
	if w.http {
		in = "signed POSTs"
	}
	if w.mention {
		by = "mentions"
	}
	return by + " through " + in
}

func (w way) pause() time.Duration { return cmp.Or(w.wait, 20*time.Second) }

// ways are all of them, so that a number chooses one.
func ways(n int) way { return way{http: n%2 == 1, mention: n/2%2 == 1} }

// killLife is one life of an incident in Slack.
type killLife struct {
	t     *testing.T
	way   way
	stage *bottest.Stage
	slack *slacktest.Fake
	trap  *trap
	died  int // how many programs have died
	again int // how often somebody had to say a thing again
}

// newestTrap gives every program that starts the trap of the moment.
type newestTrap struct {
	bottest.Base
	l *killLife
}

func (b newestTrap) Open(ctx context.Context) (store.Driver, error) {
	return b.l.trap.base(b.Base).Open(ctx)
}

// liveInSlack plays the life with a trap, and hands it over when all is at rest.
func liveInSlack(t *testing.T, w way, p *trap, see func(l *killLife)) {
	t.Helper()
	rules := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(rules, []byte(killPolicy), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		l := &killLife{t: t, way: w, trap: p}
		l.stage = bottest.NewStage(t, newestTrap{bottest.Bases()["memory"](t), l}, rules)
		l.slack = l.stage.InSlack(w.http, func(line bottest.Line) bottest.Line { return l.trap.line(line) })
		l.slack.AddGroup(slacktest.Group{Handle: "oncall", Name: "On call", Members: []string{l.user("bo"), l.user("cleo")}})
		l.stage.Start()
		defer l.stage.Close()
		if w.lossy {
			l.slack.LoseEachAnswerOnce()
		}
		p.arm()
		l.says("general", "declare sev1 service:checkout the tills are failing", func() bool { return l.number() > 1 })
		l.says("INC-1", "page checkout please look", func() bool { return l.events()["page_requested"] > 0 })
		l.says("INC-1", "update half of all payments fail", func() bool { return l.events()["update_posted"] > 0 })
		l.rest(3 * w.pause())
		l.outlive()
		see(l)
	})
}

func (l *killLife) user(name string) string {
	for _, u := range l.slack.Users() {
		if u.Name == name {
			return u.ID
		}
	}
	l.t.Fatalf("there is no %s", name)
	return ""
}

// says has Ann say something until it is on record. Of a command that was not
// answered she looks what became of it; a mention is Slack's to bring again.
func (l *killLife) says(where, words string, done func() bool) {
	l.t.Helper()
	for range 3 {
		room := l.stage.Room(where)
		if l.way.mention {
			if _, _, err := l.slack.Mention(l.t.Context(), l.user("ann"), room, slacktest.Words{Text: words}); err != nil {
				l.t.Fatal(err)
			}
		} else {
			l.stage.Types("ann", room, "/incident "+words)
		}
		l.rest(l.way.pause())
		l.outlive()
		if done() {
			return
		}
		if l.way.mention {
			l.t.Fatalf("%q was said to tocsin and is not on record", words)
		}
		l.again++
	}
	l.t.Fatalf("%q does not get on record", words)
}

// outlive starts a new program when the old one has died, and lets it come to
// rest: leases end, retries come.
func (l *killLife) outlive() {
	l.t.Helper()
	for l.trap.isDead() {
		l.died++
		l.stage.Kill()
		l.stage.Advance(2 * time.Second)
		wait := 100 * time.Second
		if l.way.second > 0 {
			wait = 40 * time.Second // the next must be there when Slack comes again, after a minute
		}
		l.trap = &trap{at: l.way.second}
		l.way.second = 0
		l.stage.Start()
		l.trap.arm()
		l.rest(wait)
	}
}

// rest lets time pass, until the program dies.
func (l *killLife) rest(d time.Duration) {
	for ; d > 0 && !l.trap.isDead(); d -= 5 * time.Second {
		l.stage.Advance(5 * time.Second)
	}
}

func (l *killLife) number() incident.Number {
	l.t.Helper()
	n, err := l.stage.Store().NextNumber(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return n
}

// events counts the kinds of events on the timeline.
func (l *killLife) events() map[string]int {
	l.t.Helper()
	recs, err := l.stage.Store().Load(l.t.Context(), l.stage.Number(1).ID.Stream(), 0, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range recs {
		out[incident.NameOf(r.Event)]++
	}
	return out
}

// sights is what the life left in Slack and at the pager: how often each thing is there.
func (l *killLife) sights() map[string]int {
	l.t.Helper()
	clocks := regexp.MustCompile(`\b\d\d:\d\d\b`)
	out := map[string]int{}
	for _, r := range l.slack.Rooms() {
		name := "#" + r.Name
		if r.Direct {
			name = "alone" // whoever was met first is greeted
		} else {
			slices.Sort(r.Members)
			out[fmt.Sprintf("room %s of %v about %s", name, r.Members, r.Topic)]++
		}
		for _, b := range l.slack.Bookmarks(r.ID) {
			out[name+" link "+b.Title+" "+b.Link]++
		}
		reader := r.User
		if reader == "" && len(r.Members) > 0 {
			reader = r.Members[len(r.Members)-1]
		}
		seen, err := l.slack.Seen(reader, r.ID)
		if err != nil {
			l.t.Fatal(err)
		}
		for _, m := range seen {
			if m.Own && !m.Alone && m.Subtype == "" {
				out[name+" "+posture(m)+clocks.ReplaceAllString(m.Text, "hh:mm")]++
			}
		}
		for _, m := range l.slack.Messages(r.ID) {
			if m.Only != "" {
				out["only "+name+" "+m.Only+": "+m.Text]++
			}
		}
	}
	keys, err := l.stage.Store().Listed(l.t.Context(), "practice/page/")
	if err != nil {
		l.t.Fatal(err)
	}
	out["pages at the pager"] = len(keys)
	return out
}

func posture(m slacktest.Seen) string {
	s := ""
	if m.Thread != "" && m.Thread != m.TS {
		s = "in a thread "
	}
	if m.Pinned {
		s += "pinned "
	}
	return s
}

// checkSettled fails when anything is still owed, or was given up.
func (l *killLife) checkSettled() {
	l.t.Helper()
	jobs, err := l.stage.Store().Jobs(l.t.Context(), store.JobFilter{Stream: l.stage.Number(1).ID.Stream(), Limit: 1000})
	if err != nil {
		l.t.Fatal(err)
	}
	for _, j := range jobs {
		late := j.Due.Before(time.Now())
		switch j.State {
		case store.Finished, store.Unneeded:
		case store.Owed:
			if late || j.Unsure {
				l.t.Errorf("%s is %s (due %s, %d attempts, unsure %v): %s", j.Key, j.State, j.Due, j.Attempts, j.Unsure, j.Why)
			}
		case store.Buried, store.OnHold:
			if strings.Contains(j.Key, "/welcomes/") {
				continue // it may have been shown, and is not shown twice
			}
			l.t.Errorf("%s is %s (%d attempts): %s", j.Key, j.State, j.Attempts, j.Why)
		}
	}
	if left, err := l.stage.Store().Unplanned(l.t.Context(), time.Now(), 10); err != nil || len(left) > 0 {
		l.t.Errorf("%d events were never planned (%v)", len(left), err)
	}
	if left, err := l.stage.Store().Unfinished(l.t.Context(), time.Now(), 10); err != nil || len(left) > 0 {
		l.t.Errorf("%d deliveries were never worked off (%v)", len(left), err)
	}
}
