package bottest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"tocsin/bot/web"
	"tocsin/incident"
)

// Play plays every story of a folder in the console: in memory, and over the
// database that has its turn, or each.
func Play(t *testing.T, folder string) {
	t.Helper()
	each(t, folder, func(t *testing.T, n int, title string, a *txtar.Archive) {
		for i, name := range []string{"sqlite", "redis", "memory"} {
			two := strings.Contains(string(a.Comment), "\nanother\n")
			if two && name == "sqlite" {
				continue // one program at a time is all that this database takes
			}
			if two || name == "memory" || HasTurn(n, i, 2) {
				perform(t, title+"/"+name, Bases()[name], a, func(*testing.T) town { return nil })
			}
		}
	})
}

// PlayInSlack plays every story of a folder in a fake Slack: through sockets
// or through signed POSTs, or both.
func PlayInSlack(t *testing.T, folder string) {
	t.Helper()
	each(t, folder, func(t *testing.T, n int, title string, a *txtar.Archive) {
		for i, name := range []string{"sockets", "http"} {
			if HasTurn(n, i, 2) {
				perform(t, title+"/"+name, Bases()["memory"], a, func(t *testing.T) town { return newSlackTown(t, name == "http") })
			}
		}
	})
}

func each(t *testing.T, folder string, do func(t *testing.T, n int, title string, a *txtar.Archive)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no stories in %s (%v)", folder, err)
	}
	for n, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		do(t, n, strings.TrimSuffix(filepath.Base(path), ".txtar"), a)
	}
}

// perform plays one story as a test of its own.
func perform(t *testing.T, name string, open func(t *testing.T) Base, a *txtar.Archive, in func(t *testing.T) town) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		base, dir := open(t), t.TempDir()
		synctest.Test(t, func(t *testing.T) { play(t, base, dir, a, in) })
	})
}

// dawn is when every story begins: a Wednesday afternoon, in working hours.
func dawn() time.Time { return time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC) }

func play(t *testing.T, base Base, dir string, a *txtar.Archive, in func(t *testing.T) town) {
	time.Sleep(time.Until(dawn()))
	var rules string
	var env, far []string
	for _, f := range a.Files {
		switch f.Name {
		case "policy.yaml":
			rules = filepath.Join(dir, f.Name)
			if err := os.WriteFile(rules, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		case "env":
			env = strings.Fields(string(f.Data))
		case "pagerduty":
			far = strings.Fields(string(f.Data))
		default:
			t.Fatalf("a story has no use for a file %q", f.Name)
		}
	}
	s := NewStage(t, base, rules, env...)
	if there := in(t); there != nil {
		s.town, s.env = there, there.settings(env)
	}
	if far != nil {
		s.dialUp(far)
	}
	s.Start()
	p := &player{Stage: s, room: s.town.roomID("general")}
	defer p.close()
	n := 0
	for line := range strings.Lines(string(a.Comment)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := p.line(line); err != nil {
			t.Fatalf("line %d: %s\n%v\nthe newest gesture was answered %+v\n%s", n, line, err, p.last, p.logs.String())
		}
	}
}

// player reads a script.
type player struct {
	*Stage
	other *Stage // a second program on the same database; nil: none
	room  string // where words are said
	last  heard  // what the newest gesture got back

	behind sync.WaitGroup            // what is done meanwhile
	fired  map[string]time.Time      // when each alert began to fire
	opened map[string]web.ReviewPage // pages of reviews, as each of them was opened last
	keys   int                       // of changes on those pages
}

func (p *player) close() {
	if p.other != nil {
		p.other.Stop()
	}
	p.Close()
}

// line plays one line: "<verb> [<who or where>][: <rest>]".
func (p *player) line(line string) error {
	head, rest, _ := strings.Cut(line, ": ")
	head = strings.TrimSuffix(head, ":")
	verb, who, _ := strings.Cut(head, " ")
	switch verb {
	case "advance":
		d, err := time.ParseDuration(who)
		if err != nil {
			return err
		}
		p.Advance(d)
		return nil
	case "in":
		p.room = p.roomOf(who)
		return nil
	case "kill":
		p.Kill()
		return nil
	case "stop":
		p.Stop()
		return nil
	case "restart", "start":
		p.Start()
		return nil
	case "another": // a second program starts, and is spoken to from here on
		p.Stage, p.other = NewStage(p.t, p.base, p.rules, p.env...), p.Stage
		p.far = p.other.far
		if _, console := p.other.town.(consoleTown); !console {
			p.town = p.other.town
		}
		p.name = "second"
		p.Start()
		return nil
	case "swap": // the other program is spoken to
		p.Stage, p.other = p.other, p.Stage
		return nil
	case "store": // how the database behaves towards the program
		sky, ok := map[string]weather{"away": away, "lossy": lossy, "slow": slow, "back": fine}[who]
		if !ok {
			return errors.New("say: store away, store lossy, store slow or store back")
		}
		p.driver.now(sky)
		return nil
	case "meanwhile": // done while the next lines are played
		p.meanwhile(rest)
		return nil
	case "both": // both get the same at the same moment
		return p.both(rest)
	case "room", "only", "direct", "timeline", "answer", "log":
		return p.sight(verb, who, rest)
	case "review":
		return p.reviewLine(who, rest)
	case "pagerduty":
		if who != "" {
			return p.sight(verb, who, rest)
		}
	}
	return p.act(verb, who, rest)
}

// act plays what somebody does, and lets the house come to rest.
func (p *player) act(verb, who, rest string) error {
	do, err := p.actOf(verb, who, rest)
	if err != nil {
		return err
	}
	p.last = do()
	p.Rest()
	return nil
}

// meanwhile has a command sent, and does not wait for its answer.
func (p *player) meanwhile(rest string) {
	user, words, _ := strings.Cut(rest, ": ")
	key, words, _ := strings.Cut(words, " ")
	s := p.Stage
	user, room := p.town.asAPI(user, p.room)
	p.behind.Go(func() { p.last = s.API(user, room, words, key) })
	synctest.Wait()
}

// both has both programs told the same at once, as "ann | bo: words" says.
func (p *player) both(rest string) error {
	who, words, _ := strings.Cut(rest, ": ")
	one, two, ok := strings.Cut(who, " | ")
	if !ok || p.other == nil {
		return errors.New("say, with another program running: both: ann | bo: words")
	}
	var told sync.WaitGroup
	told.Go(func() { p.town.say(one, p.room, words) })
	told.Go(func() { p.other.town.say(two, p.room, words) })
	told.Wait()
	p.Rest()
	return nil
}

func (p *player) actOf(verb, who, rest string) (func() heard, error) {
	room := p.room
	if w, at, ok := strings.Cut(who, " in "); ok {
		who, room = w, p.roomOf(at)
	}
	quoted := quotes(rest)
	switch verb {
	case "say":
		return func() heard { return p.town.say(who, room, rest) }, nil
	case "press":
		return func() heard { return p.town.press(who, rest) }, nil
	case "join":
		return func() heard { return p.town.join(who, p.roomOf(rest)) }, nil
	case "react":
		emoji, _, _ := strings.Cut(rest, " ")
		if len(quoted) == 1 {
			return func() heard { return p.town.tend(who, verb, room, quoted[0], emoji) }, nil
		}
	case "pin", "delete":
		if len(quoted) == 1 {
			return func() heard { return p.town.tend(who, verb, room, quoted[0], "x") }, nil
		}
	case "edit":
		if len(quoted) == 2 {
			return func() heard { return p.town.tend(who, verb, room, quoted[0], quoted[1]) }, nil
		}
	case "submit":
		command, fields, _ := strings.Cut(rest, ";")
		return func() heard { return p.town.submit(who, room, strings.TrimSpace(command), valuesOf(fields)) }, nil
	case "api":
		key, words, _ := strings.Cut(rest, " ")
		return func() heard {
			user, place := p.town.asAPI(who, room)
			return p.API(user, place, words, key)
		}, nil
	case "erase": // "erase: person bo" or "erase: incident INC-1"
		what, whose, _ := strings.Cut(rest, " ")
		if what == "person" {
			whose = p.mailOf(whose)
		}
		return func() heard { return p.erases(what, whose) }, nil
	case "get":
		return func() heard { return p.Get(who) }, nil
	case "pager":
		return p.pagerOf(strings.Fields(rest))
	case "pagerduty":
		return p.pagerdutyOf(strings.Fields(rest))
	case "alert":
		return p.alertOf(who, rest)
	case "deploy":
		return func() heard { return p.changed(who, rest) }, nil
	}
	return nil, fmt.Errorf("a story has no line such as this; it knows say, press, join, react, pin, edit, delete, submit, api, erase, get, pager, pagerduty, alert, deploy, advance, in, kill, stop, restart, another, swap, both, meanwhile, store, review, room, only, direct, timeline, answer, log")
}

// pagerOf reads "fails refuse" and "acknowledge INC-1 p1 by ann@example.com".
func (p *player) pagerOf(words []string) (func() heard, error) {
	if len(words) >= 2 && words[0] == "fails" {
		return func() heard { return p.PagerFails(strings.Join(words[1:], " ")) }, nil
	}
	if len(words) < 3 {
		return nil, fmt.Errorf("say: pager: acknowledge INC-1 p1 by ann@example.com")
	}
	n, err := strconv.Atoi(strings.TrimPrefix(words[1], "INC-"))
	if err != nil {
		return nil, err
	}
	by := ""
	if len(words) == 5 {
		by = words[4]
	}
	stream := p.incident(incident.Number(n)).ID.Stream()
	return func() heard { return p.PagerDoes(words[0], stream, incident.PageID(words[2]), by) }, nil
}

// sight checks what can be seen: has "…", hasn't "…" or "<n> times "…"".
func (p *player) sight(verb, who, rest string) error {
	var seen []string
	switch verb {
	case "room":
		if who == "" {
			who = p.room
		}
		seen = p.town.public(p.roomOf(who))
	case "direct":
		seen = p.town.direct(who)
	case "only":
		seen = []string{p.town.only(who)}
	case "answer":
		p.behind.Wait()
		seen = []string{fmt.Sprintf("%d %s", p.last.Status, p.last.Body)}
	case "log":
		seen = []string{p.logs.String()}
	case "pagerduty":
		how, err := p.paged(who)
		if err != nil {
			return err
		}
		seen = []string{how}
	case "timeline":
		n, err := strconv.Atoi(strings.TrimPrefix(who, "INC-"))
		if err != nil {
			return err
		}
		seen = p.Timeline(incident.Number(n))
	}
	if _, console := p.town.(consoleTown); !console {
		// readers of Slack see their own zone, which it does not name, and fields without a colon
		as := strings.NewReplacer(" UTC", "", ": ", " ", ":\n", "\n")
		rest = as.Replace(rest)
		for i := range seen {
			seen[i] = as.Replace(seen[i])
		}
	}
	return judge(seen, rest)
}

func judge(seen []string, rest string) error {
	all := strings.Join(seen, "\n---\n")
	flat := plain(all)
	how, _, _ := strings.Cut(rest, " ")
	for _, want := range quotes(rest) {
		n := strings.Count(flat, plain(want))
		ok := n > 0
		switch how {
		case "has":
		case "hasn't":
			ok = n == 0
		default:
			times, err := strconv.Atoi(how)
			if err != nil {
				return fmt.Errorf(`say: has "…", hasn't "…" or 2 "…"`)
			}
			ok = n == times
		}
		if !ok {
			return fmt.Errorf("%q stands there %d times; what stands there is:\n%s", want, n, all)
		}
	}
	return nil
}

// plain is words without their case and their line breaks.
func plain(words string) string { return strings.ToLower(strings.Join(strings.Fields(words), " ")) }

func quotes(words string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(words, -1) {
		out = append(out, m[1])
	}
	return out
}

// valuesOf reads "title=checkout; severity=2".
func valuesOf(words string) map[string]string {
	out := map[string]string{}
	for one := range strings.SplitSeq(words, ";") {
		if name, v, ok := strings.Cut(strings.TrimSpace(one), "="); ok {
			out[name] = v
		}
	}
	return out
}
