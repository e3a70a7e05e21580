package mine

import (
	"math"
	"slices"
	"strings"
	"time"

	"tocsin/incident/review/source"
)

// talk is an input made ready to be read: what was said, as words, cues and
// places in the graph of who answered whom.
type talk struct {
	in     source.Input
	voc    *vocabulary
	msgs   []msg          // those that can be cited, oldest first
	byID   map[string]int // of msgs
	people []source.Person
	who    map[string]int // person's ID -> people
	facts  []source.Fact  // those that are not struck, oldest first
	// threads are the messages of each thread, its root first, by the root's place.
	threads    map[int][]int
	threadNear map[int]float64 // by root: near of its messages
	graph      *graph
	anywhere   []float64            // how often a walk from anywhere comes by each message
	loud       []float64            // by person: how much of what they say is of the incident
	answers    map[string][]float64 // weights of the sections that rest on answers
	names      map[string]bool      // of those who take part, in lower case
	times      Times                // found before the rest
}

// msg is a message that can be cited.
type msg struct {
	at     int // its place in talk.msgs
	src    *source.Message
	body   string  // its own words: without what it quotes
	prose  []int32 // its words as they follow each other; see text.go for marks
	like   []int32 // distinct words by which it is likened to others, ascending
	length int     // words of its prose
	cues   [classes]float32
	author int // of talk.people
	root   int // place of the message that its thread hangs from; -1: none
	bot    bool
	// twin is the place of the same words said at nearly the same time before;
	// -1: none.
	twin  int
	alike float64 // how many messages have its form: a logarithm
	sure  bool    // captured at the time, or what a fact is about
	// foreign says that it is in no language that the mine has a table for.
	foreign bool
	// near is how much nearer it stands to the incident than to the room as a
	// whole: a logarithm, -3 to 3.
	near   float64
	weight float64 // its share of the walk, 1 is the average
	kin    float64 // near of its author's nearest messages
	drawn  float64 // near, from those that score well
	score  float64 // how likely it is to belong on the timeline, 0 to 1
}

// nobody is the author of what has no known author.
const nobody = 0

func newTalk(in source.Input, lex *lexicon) *talk {
	t := &talk{in: in, voc: newVocabulary(lex), byID: make(map[string]int, len(in.Messages)), who: map[string]int{}, threads: map[int][]int{}}
	t.people = append(t.people, source.Person{})
	for _, p := range in.People {
		if _, known := t.who[p.ID]; !known && p.ID != "" {
			t.who[p.ID] = len(t.people)
			t.people = append(t.people, p)
		}
	}
	t.listen()
	t.thread()
	t.names = map[string]bool{}
	for _, p := range t.people {
		t.names[strings.ToLower(p.Name)] = true
	}
	for _, f := range in.Facts {
		if !f.Struck && f.ID != "" {
			t.facts = append(t.facts, f)
		}
	}
	slices.SortStableFunc(t.facts, func(a, b source.Fact) int { return a.At.Compare(b.At) })
	for _, f := range t.facts {
		if at, ok := t.byID[f.About]; ok {
			t.msgs[at].sure = true
		}
	}
	return t
}

// listen reads every message that can be cited.
func (t *talk) listen() {
	order := make([]int, 0, len(t.in.Messages))
	for i := range t.in.Messages {
		if m := &t.in.Messages[i]; !m.Deleted && m.ID != "" {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return t.in.Messages[a].At.Compare(t.in.Messages[b].At) })
	t.msgs = make([]msg, 0, len(order))
	r := reader{v: t.voc, most: likeWords}
	seen := make([]int32, len(t.voc.lex.patterns))
	twins := map[string]int{}
	for _, i := range order {
		src := &t.in.Messages[i]
		if _, known := t.byID[src.ID]; known {
			continue
		}
		m := msg{at: len(t.msgs), src: src, body: unquote(src.Text), author: t.person(src.Author), root: -1, twin: -1}
		m.bot = src.Bot || t.people[m.author].Bot
		r.read(m.body)
		m.prose = slices.Clone(r.prose)
		slices.Sort(r.like)
		m.like = slices.Clone(slices.Compact(r.like))
		m.length = t.voc.length(m.prose)
		m.cues = t.voc.cues(m.prose, seen, int32(m.at)+1)
		m.foreign = t.voc.foreign(m.prose)
		if len(m.body) > 24 {
			if twin, ok := twins[m.body]; ok && src.At.Sub(t.msgs[twin].src.At) < 10*time.Minute {
				m.twin = twin
			} else {
				twins[m.body] = m.at
			}
		}
		t.byID[src.ID] = m.at
		t.msgs = append(t.msgs, m)
	}
}

// person gives the place of an author among people; those who wrote but were
// not handed in are added.
func (t *talk) person(id string) int {
	if id == "" {
		return nobody
	}
	p, ok := t.who[id]
	if !ok {
		p = len(t.people)
		t.who[id] = p
		t.people = append(t.people, source.Person{ID: id, Name: id})
	}
	return p
}

func (t *talk) thread() {
	for i := range t.msgs {
		m := &t.msgs[i]
		root, ok := t.byID[m.src.Thread]
		if !ok || root == i {
			continue
		}
		if r := t.msgs[root].root; r >= 0 {
			root = r
		}
		m.root = root
		if len(t.threads[root]) == 0 {
			t.threads[root] = append(t.threads[root], root)
		}
		t.threads[root] = append(t.threads[root], i)
	}
}

// id is how a message is cited.
func (m *msg) id() string { return m.src.ID }

// when is the moment of a message.
func (m *msg) when() time.Time { return m.src.At }

// cue is how much speaks for a class.
func (m *msg) cue(c class) float64 { return math.Round(float64(m.cues[c])*100) / 100 }

// sharing counts the words that two messages have in common.
func sharing(a, b *msg) int { return common(a.like, b.like) }

// common counts what two ascending lists have in common.
func common(a, b []int32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}

// wordIn is where a word stands in a text by itself, or -1.
func wordIn(text, word string) int {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return -1
		}
		at += from
		end := at + len(word)
		if (at == 0 || !isASCIIWord(text[at-1])) && (end == len(text) || !isASCIIWord(text[end])) {
			return at
		}
		from = at + 1
	}
}

// calls says whether a message has somebody's name in it.
func (t *talk) calls(m *msg, person int) bool {
	name := t.people[person].Name
	return len(name) > 1 && wordIn(strings.ToLower(m.body), strings.ToLower(name)) >= 0
}
