package mine

import (
	"math"
	"slices"
	"time"
)

// model says how likely a candidate is what a section looks for: a logistic
// regression over traits. The weights were fitted by the trainer in the tests,
// held close to what one would expect beforehand.
type model struct {
	names   []string
	weights []float64
	least   float64 // candidates below it are left out
}

func (m model) of(traits []float64) float64 { return odds(dot(m.weights, traits)) }

// models are those of all sections that rest on one.
type models struct {
	decide, guess, act, blame model
}

// trained gives the models as they were fitted. How likely a candidate must
// be was chosen where leaving out each incident in turn found most.
func trained() models {
	return models{
		decide: model{names: decidingNames(), weights: decideWeights(), least: .2},
		guess:  model{names: guessingNames(), weights: guessWeights(), least: .2},
		act:    model{names: actingNames(), weights: actWeights(), least: .3},
		blame:  model{names: blamingNames(), weights: blameWeights(), least: .15},
	}
}

// listener hears each message with what was said before and after it in the
// same conversation.
type listener struct {
	*talk
	models models
	// next and prev chain the messages of people in the order of their
	// conversation: a thread's among themselves, the room's among themselves.
	next, prev []int
	from, end  time.Time // mitigation and resolution; zero: none
	start      time.Time // detection
	voices     []float64 // by author: how much of what they say is near
	places     []float64 // by message: its place among those near the incident, 0 to 1
	names      map[string]int
	hit        []int32 // of the lexicon's patterns: when they last fitted
	now        int32
}

const (
	alone        = -1
	fewLines     = 8
	sameBreath   = 3 * time.Minute
	sameExchange = 12 * time.Minute
)

func listen(t *talk, ms models) *listener {
	l := &listener{talk: t, models: ms, next: make([]int, len(t.msgs)), prev: make([]int, len(t.msgs)), voices: make([]float64, len(t.people))}
	last := map[int]int{}
	for i := range t.msgs {
		l.next[i], l.prev[i] = alone, alone
		m := &t.msgs[i]
		if m.bot || m.twin >= 0 {
			continue
		}
		l.voices[m.author] += math.Max(0, m.near)
		strand := m.root
		if p, ok := last[strand]; ok {
			l.prev[i], l.next[p] = p, i
		} else if strand >= 0 && !t.msgs[strand].bot {
			l.prev[i] = strand
		}
		last[strand] = i
	}
	if most := slices.Max(append(l.voices, 1)); most > 0 {
		for i := range l.voices {
			l.voices[i] /= most
		}
	}
	l.rank()
	l.names, l.hit = namesOf(t), make([]int32, len(t.voc.lex.patterns))
	l.from, l.end, l.start = timeOf(t.times.Mitigation), timeOf(t.times.Resolution), timeOf(t.times.Detection)
	return l
}

// rank gives every message its place among those that are near.
func (l *listener) rank() {
	l.places = make([]float64, len(l.msgs))
	all := 0.0
	for i := range l.msgs {
		if l.msgs[i].near > 0 && !l.msgs[i].bot {
			all++
		}
		l.places[i] = all
	}
	for i := range l.places {
		l.places[i] /= math.Max(all, 1)
	}
}

func timeOf(m *Moment) time.Time {
	if m == nil {
		return time.Time{}
	}
	return m.At
}

// after gives what was said next in the conversation: at most n messages
// within a span that are not far from the incident.
func (l *listener) after(i, n int, span time.Duration) []int {
	return l.along(i, n, span, l.next)
}

// before is likewise, the nearest first.
func (l *listener) before(i, n int, span time.Duration) []int {
	return l.along(i, n, span, l.prev)
}

func (l *listener) along(i, n int, span time.Duration, chain []int) []int {
	var out []int
	at := l.msgs[i].when()
	for steps, j := 0, chain[i]; j != alone && len(out) < n && steps < 3*n; steps, j = steps+1, chain[j] {
		if gap := l.msgs[j].when().Sub(at).Abs(); gap > span {
			break
		}
		if l.msgs[j].near > far {
			out = append(out, j)
		}
	}
	return out
}

// far is how little near a message may be to be heard as an answer.
const far = -2.4

// common are the traits that all sections look at.
func (l *listener) common(i int) []float64 {
	m := &l.msgs[i]
	return []float64{
		1,
		clamp(m.near, -2, 2),
		clamp(m.kin, -2, 2),
		m.score,
		l.voices[m.author],
		unit(m.length < 4),
		math.Min(float64(m.length), 40) / 20,
		unit(m.root >= 0),
		unit(!l.from.IsZero() && !m.when().Before(l.from)),
		unit(!l.end.IsZero() && !m.when().Before(l.end.Add(-sameBreath))),
		unit(!l.start.IsZero() && m.when().Before(l.start)),
		some(m, chat, joke),
		some(m, aside, private),
		unit(m.cue(asking) > 0),
		unit(m.cue(firstPerson) > 0),
		unit(m.sure),
		clamp(l.around(i), -2, 2),
		unit(l.strange(m)),
		clamp(math.Max(m.near, l.around(i)), -2, 2),
	}
}

func commonNames() []string {
	return []string{"bias", "near", "kin", "score", "voice", "short", "length", "thread", "mitigated", "resolved", "before", "chat", "private", "asks", "me", "sure", "around", "strange", "nearest"}
}

// some is how much speaks for any of the classes, up to 1.
func some(m *msg, cs ...class) float64 {
	sum := 0.0
	for _, c := range cs {
		sum += m.cue(c)
	}
	return clamp(sum/1.2, 0, 1)
}

func much(m *msg, c class) float64 { return clamp(m.cue(c), 0, 3) / 1.5 }

func clamp(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }

func unit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
