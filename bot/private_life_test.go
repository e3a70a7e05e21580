package bot_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tocsin/bot/bottest"
	"tocsin/incident"
	"tocsin/store/storetest"
)

// insiders have private incidents; outsiders live beside them and look
// everywhere they can.
func insiders() []string  { return []string{"ann", "bo", "responder"} }
func outsiders() []string { return []string{"cleo", "dana", "gus"} }

// plant is a word that is said in private incidents only.
const plant = "zqsecret"

// never is a number that is never given in a life.
const never = 7777

// aMoment is one step of a life: what is done, by whom, and to what.
type aMoment struct{ What, Who, On, How int }

func moments() *rapid.Generator[aMoment] {
	return rapid.Custom(func(t *rapid.T) aMoment {
		some := rapid.IntRange(0, 997)
		return aMoment{What: some.Draw(t, "what"), Who: some.Draw(t, "who"), On: some.Draw(t, "on"), How: some.Draw(t, "how")}
	})
}

// TestNothingOfAPrivateIncidentLeaks lives random lives with private incidents
// in them, and looks at everything that outsiders can see and that leaves the
// house.
func TestNothingOfAPrivateIncidentLeaks(t *testing.T) {
	t.Parallel()
	long := 3 * time.Second
	if bottest.Whole() {
		long = 10 * time.Second
	}
	until := time.Now().Add(long)
	failed := false
	rapid.Check(t, func(rt *rapid.T) {
		if time.Now().After(until) && !failed {
			return
		}
		var l *life
		script := rapid.SliceOfN(moments(), 8, 30).Draw(rt, "life")
		synctest.Test(t, func(t *testing.T) {
			l = newLife(t)
			defer l.Close()
			for _, m := range script {
				l.live(m)
			}
			l.look()
		})
		if len(l.leaks) > 0 {
			failed = true
			rt.Fatalf("%s\n\nthe life was:\n%s", strings.Join(l.leaks, "\n"), strings.Join(l.story, "\n"))
		}
	})
}

// life is a house in which private incidents are lived.
type life struct {
	*bottest.Stage
	t       *testing.T
	n       int               // words and keys given so far
	last    incident.Number   // the newest number
	secret  []incident.Number // private from birth
	toggled []incident.Number // private later
	open    []incident.Number // public
	owner   map[incident.Number]string
	hear    map[string]func() string
	empty   map[string]string // what is seen where while there is no incident: examples name numbers too
	story   []string
	leaks   []string
}

func newLife(t *testing.T) *life {
	l := &life{Stage: bottest.NewStage(t, remembered{storetest.NewMemory(time.Now)}, ""), t: t, hear: map[string]func() string{}, owner: map[incident.Number]string{}}
	l.Start()
	l.empty = map[string]string{}
	for _, who := range outsiders() {
		l.looksAround(who)
	}
	l.leaks = nil
	for _, who := range outsiders() {
		for _, room := range []string{"general", "incidents"} {
			l.hear[who+" listening in "+room] = l.Listen("/console/stream?room=" + room + "&as=" + who)
		}
	}
	return l
}

// word is a word that stands nowhere else.
func (l *life) word() string {
	l.n++
	return fmt.Sprintf("%s%d", plant, l.n)
}

func (l *life) key() string {
	l.n++
	return fmt.Sprintf("life-%d", l.n)
}

func (l *life) leak(format string, args ...any) {
	if len(l.leaks) < 5 {
		l.leaks = append(l.leaks, fmt.Sprintf(format, args...))
	}
}

// says has somebody say something, and lets the house come to rest.
func (l *life) says(who, room, words string) script {
	a := tells(l.Stage, who, room, words, l.key())
	l.story = append(l.story, fmt.Sprintf("%s in %s: %s -> %d", who, room, words, a.Status))
	l.Rest()
	return a
}

// hidden are the incidents that are private now.
func (l *life) hidden() []incident.Number { return slices.Concat(l.secret, l.toggled) }

func pick[T any](list []T, n int) (one T, ok bool) {
	if len(list) == 0 {
		return one, false
	}
	return list[n%len(list)], true
}

func (l *life) live(m aMoment) {
	in, _ := pick(insiders(), m.Who)
	out, _ := pick(outsiders(), m.Who)
	n, found := pick(l.hidden(), m.On)
	switch what := m.What % 16; {
	case what == 0 || !found && what < 9:
		l.declares(in, "declare private:yes "+[]string{"sev1 ", "sev2 ", ""}[m.How%3]+l.word(), &l.secret)
	case what == 1:
		who := []string{in, out}[m.How%2]
		l.declares(who, "declare sev2 the warehouse is flooded", &l.open)
	case what < 9:
		if m.Who%4 > 0 && slices.Contains(insiders(), l.owner[n]) {
			in = l.owner[n]
		}
		l.says(in, l.placeOf(n, m.How), l.done(m.How/2, n))
	case what == 9 && found:
		l.chats(l.owner[n], n)
	case what == 10 || what == 9:
		l.hides(in, m.On)
	case what == 11 && found:
		l.tries(out, n, m.How)
	case what == 12:
		l.Advance([]time.Duration{6 * time.Minute, 40 * time.Minute, 25 * time.Hour}[m.How%3])
	case what == 13:
		if l.says(out, "general", "declare "+plantedTitle(l, m.How)).Status == 200 {
			l.last++
		}
	case what == 14:
		if o, ok := pick(l.open, m.On); ok {
			l.says(out, "general", fmt.Sprintf("follow INC-%d", o))
		}
	case what == 15 && found:
		l.PagerDoes("acknowledge", l.Number(n).ID.Stream(), "p1", "mara@example.com")
		l.Rest()
	}
}

// plantedTitle is a title that an outsider finds by chance: one that resembles
// those of private incidents in all but the word itself.
func plantedTitle(l *life, how int) string {
	return []string{"the warehouse is flooded again", "sev2 customer data was read by a stranger", "nobody can log in"}[how%3]
}

func (l *life) declares(who, words string, list *[]incident.Number) {
	a := l.says(who, "general", words)
	if a.Status != 200 {
		return
	}
	l.last++
	if !strings.Contains(a.Text, l.last.String()) {
		l.t.Fatalf("%s is not declared: %s", l.last, a.Text)
	}
	*list, l.owner[l.last] = append(*list, l.last), who
}

// placeOf is where something is said: in the room, or elsewhere.
func (l *life) placeOf(n incident.Number, how int) string {
	if rooms := l.Number(n).Rooms; how%2 == 0 && len(rooms) > 0 {
		return rooms[0].ID
	}
	return "general"
}

// done is something that members do, with words that are theirs.
func (l *life) done(how int, n incident.Number) string {
	w := l.word()
	other, _ := pick(l.hidden(), how)
	all := []string{
		"INC-%d note " + w, "update INC-%d " + w + " next 30m", "impact INC-%d " + w, "rename INC-%d " + w, "page INC-%d checkout " + w,
		"severity INC-%d sev1 " + w, "severity INC-%d sev3 " + w, "service INC-%d add " + w, "status INC-%d identified " + w, "decide INC-%d " + w,
		"link INC-%d https://" + w + ".example.com " + w, "task INC-%d " + w + " @bo", "action INC-%d " + w + " @ann due:friday", "take INC-%d", "assign INC-%d scribe @responder",
		"handover INC-%d @bo " + w, "invite INC-%d @bo", "invite INC-%d @responder", "remove INC-%d @responder", "follow INC-%d", "remind INC-%d 5m " + w,
		"cause INC-%d change " + w, "call INC-%d https://" + w + ".example.com", "resolve INC-%d " + w, "reopen INC-%d " + w, "cancel INC-%d false alarm " + w,
		"private INC-%d on " + w, "update INC-%d fix " + w, "checklist INC-%d", "escalate INC-%d", "ack INC-%d", "undo INC-%d", "page INC-%d @bo " + w,
		"close INC-%d " + w, "timeline INC-%d here", "show INC-%d here",
		fmt.Sprintf("merge INC-%%d into INC-%d", other),
	}
	verb := all[how%len(all)]
	if verb == "undo INC-%d" && slices.Contains(l.toggled, n) {
		verb = all[0] // it could take "private on" itself back, and then nothing is secret
	}
	return fmt.Sprintf(verb, n)
}

// chats says something in a private room, and puts it on the timeline.
func (l *life) chats(who string, n incident.Number) {
	rooms := l.Number(n).Rooms
	if len(rooms) == 0 {
		return
	}
	w := l.word()
	said := l.Say(who, rooms[0].ID, "I saw "+w)
	l.Rest()
	if said.Status == 200 {
		l.Tend(who, "react", rooms[0].ID, w, "pushpin")
		l.Rest()
	}
	l.story = append(l.story, fmt.Sprintf("%s chats in %s -> %d", who, rooms[0].ID, said.Status))
}

// hides makes a public incident private while outsiders follow it and look.
func (l *life) hides(who string, on int) {
	if len(l.open) == 0 {
		l.declares(who, "declare sev2 the warehouse is flooded", &l.open)
	}
	n, ok := pick(l.open, on)
	if !ok || !l.Number(n).Status.Open() {
		return
	}
	l.says(who, "general", fmt.Sprintf("take INC-%d", n))
	l.says("dana", "general", fmt.Sprintf("follow INC-%d", n))
	room := l.placeOf(n, 0)
	l.hear[fmt.Sprintf("gus listening in %s", room)] = l.Listen("/console/stream?room=" + room + "&as=gus")
	for _, gone := range outsiders() {
		l.says(who, "general", fmt.Sprintf("remove INC-%d @%s", n, gone))
	}
	if l.says(who, "general", fmt.Sprintf("private INC-%d on it is about people", n)).Status != 200 {
		return
	}
	l.open = slices.DeleteFunc(l.open, func(o incident.Number) bool { return o == n })
	if knows(l.Stage, "cleo", n) || knows(l.Stage, "dana", n) || knows(l.Stage, "gus", n) {
		return // whoever declared it goes on knowing of it
	}
	l.toggled, l.owner[n] = append(l.toggled, n), who
}

// knows says that somebody declared an incident or holds a role in it.
func knows(s *bottest.Stage, who string, n incident.Number) bool {
	whole := s.Get(fmt.Sprintf("/api/v1/incidents/INC-%d?as=ann", n)).Body + s.Get(fmt.Sprintf("/api/v1/incidents/INC-%d?as=bo", n)).Body +
		s.Get(fmt.Sprintf("/api/v1/incidents/INC-%d?as=responder", n)).Body
	name := map[string]string{"cleo": "Cleo Marsh", "dana": "Dana Reyes", "gus": "Gus (guest)"}[who]
	return strings.Contains(whole, name)
}

// tries has an outsider say something of a private number, and the same of a
// number never given.
func (l *life) tries(who string, n incident.Number, how int) {
	texts := tried()
	for i := range 6 {
		text := texts[(how+i*7)%len(texts)]
		if n == 1 && strings.Contains(text, "INC-1") {
			continue
		}
		l.same(who, "general", "general", fmt.Sprintf(text, n), fmt.Sprintf(text, never), n)
	}
}

// same demands that two requests are answered alike but for the number.
func (l *life) same(who, room, otherRoom, words, other string, n incident.Number) {
	before := l.Get("/api/v1/incidents?as=" + who).Body
	a := tells(l.Stage, who, room, words, l.key())
	b := tells(l.Stage, who, otherRoom, other, l.key())
	if one, two := l.blind(a.Body, n, room), l.blind(b.Body, never, otherRoom); a.Status != b.Status || one != two {
		l.leak("%s in %s says %q and is told\n  %d %s\nwhere a number never given is\n  %d %s", who, room, words, a.Status, one, b.Status, two)
	}
	if after := l.Get("/api/v1/incidents?as=" + who).Body; after != before {
		l.leak("%s in %s says %q and sees another list:\n  %s\nbefore:\n  %s", who, room, words, after, before)
	}
}

// blind takes a number and a room out of words.
func (l *life) blind(words string, n incident.Number, room string) string {
	words = regexp.MustCompile(fmt.Sprintf(`\bINC-%d\b`, n)).ReplaceAllString(words, "INC-N")
	if room != "general" {
		words = regexp.MustCompile(regexp.QuoteMeta(room)+`([^a-z0-9-]|$)`).ReplaceAllString(words, "ROOM$1")
	}
	return words
}

// look looks at everything from outside.
func (l *life) look() {
	for _, n := range l.hidden() {
		for _, who := range outsiders() {
			l.tries(who, n, l.n)
			l.reads(who, n)
		}
	}
	for _, who := range outsiders() {
		l.looksAround(who)
	}
	l.outgoing()
	for where, hear := range l.hear {
		l.sees(where, hear(), true)
	}
}

// reads are the API's reads, with and without somebody's eyes.
func (l *life) reads(who string, n incident.Number) {
	id := l.Number(n).ID
	for _, as := range []string{"", "?as=" + who} {
		for _, tail := range []string{"", "/timeline"} {
			got := l.Get(fmt.Sprintf("/api/v1/incidents/INC-%d%s%s", n, tail, as))
			want := l.Get(fmt.Sprintf("/api/v1/incidents/INC-%d%s%s", never, tail, as))
			inner := l.Get("/api/v1/incidents/" + string(id) + tail + as)
			if got != want || inner != want {
				l.leak("GET INC-%d%s%s: %+v\nand by its inner id %+v\nwhere a number never given is %+v", n, tail, as, got, inner, want)
			}
		}
		l.sees("GET the list"+as, l.Get("/api/v1/incidents"+as).Body, true)
	}
	if rooms := l.Number(n).Rooms; len(rooms) > 0 {
		room := rooms[0].ID
		for _, words := range []string{"show", "timeline", "resolve x", "note x", "tasks", "take", "severity sev1", "update x", "pending", "page checkout", "list"} {
			l.same(who, room, fmt.Sprintf("inc-%d", never), words, words, n)
		}
		for _, path := range []string{"/console/r/%s?as=", "/console/older?room=%s&as=", "/console/thread?room=%s&thread=x&as=", "/console/complete?room=%s&text=/incident+show+&as="} {
			got, want := l.Get(fmt.Sprintf(path, room)+who), l.Get(fmt.Sprintf(path, "inc-7777")+who)
			if got != want {
				l.leak("%s opens %s: %+v\nwhere a room that never was is %+v", who, room, got, want)
			}
		}
		got, want := l.Listen("/console/stream?room="+room+"&as="+who), l.Listen("/console/stream?room=inc-7777&as="+who)
		if heard, none := got(), want(); heard != none {
			l.leak("%s listens in %s and hears %s", who, room, heard)
		}
	}
}

// looksAround is everything else that somebody can look at.
func (l *life) looksAround(who string) {
	for _, words := range []string{"list", "list all", "list mine", "list ended", "list here", "pending", "oncall", "help", "doctor", "report", "review", "search " + plant, `search "` + plant + `1"`, "show", ""} {
		l.sees(who+" says "+words, tells(l.Stage, who, "general", words, l.key()).Body, true)
	}
	for _, path := range []string{
		"/console/r/general?", "/console/r/incidents?", "/console/r/dm-" + who + "?", "/console/rooms?", "/console/waiting?", "/console/older?room=general&", "/console/older?room=incidents&",
	} {
		l.sees(who+" opens "+path, l.Get(path+"as="+who).Body, true)
	}
	for _, typed := range []string{"show ", "show INC-", "merge into ", "severity ", "page ", "service add ", "assign scribe ", "timeline "} {
		path := "/console/complete?room=general&text=" + url.QueryEscape("/incident "+typed) + "&as=" + who
		l.sees(who+" types "+typed, l.Get(path).Body, true)
	}
}

// outgoing is what leaves the house and what operators see.
func (l *life) outgoing() {
	l.sees("the pager", l.Get("/practice/").Body, false)
	l.sees("the figures", l.Get("/metrics").Body, true)
	l.sees("the health", l.Get("/readyz").Body, true)
	l.sees("the log", l.Log(), true)
}

// sees demands that words from private incidents stand nowhere, nor their
// numbers where numbers say no more than that they are.
func (l *life) sees(where, what string, number bool) {
	if l.last == 0 {
		l.empty[where] = what
	}
	if i := strings.Index(strings.ReplaceAll(what, `search "`+plant, ""), plant); i >= 0 && !strings.Contains(where, "says search") {
		l.leak("%s shows words of a private incident: %s", where, around(what, plant))
	}
	for _, n := range l.secret {
		its := regexp.MustCompile(fmt.Sprintf(`(?i)\binc-%d\b`, n))
		if m := its.FindAllString(what, -1); number && len(m) > len(its.FindAllString(l.empty[where], -1)) {
			l.leak("%s shows the number of a private incident: %s", where, around(what, m[len(m)-1]))
		}
	}
}

func around(what, word string) string {
	i := strings.Index(what, word)
	return what[max(0, i-200):min(len(what), i+200)]
}
