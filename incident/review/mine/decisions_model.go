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
	few     int     // how many are taken in doubt
}

func (m model) of(traits []float64) float64 { return odds(dot(m.weights, traits)) }

// models are those of all sections that rest on one.
type models struct {
	decide, guess, act, blame model
}

// trained gives the models as they were fitted, or with the weights that are
// given for a section. How likely a candidate must be was chosen where leaving
// out each incident in turn found most.
func trained(given map[string][]float64) models {
	weights := func(section string, fitted []float64) []float64 {
		if w, ok := given[section]; ok {
			return w
		}
		return fitted
	}
	return models{
		decide: model{names: decidingNames(), weights: weights("decisions", decideWeights()), least: .4, few: 2},
		guess:  model{names: guessingNames(), weights: weights("hypotheses", guessWeights()), least: .2, few: 2},
		act:    model{names: actingNames(), weights: weights("actions", actWeights()), least: .35},
		blame:  model{names: blamingNames(), weights: weights("factors", blameWeights()), least: .15},
	}
}

// listener hears each message with what people said before and after it.
type listener struct {
	*talk
	models models
	said   []int     // what people said, machines and copies left out
	place  []int     // by message: its place in said, or that of what was said next
	from   time.Time // mitigation; zero: none
	end    time.Time // resolution; zero: none
	start  time.Time // detection; zero: none
	voices []float64 // by author: how much of what is about the incident they say
	places []float64 // by message: its place among those near the incident, 0 to 1
	drift  []float64 // by message: how far the talk has gone off the incident
	names  map[string]int
	// recordedAt is when each fact was recorded.
	recordedAt map[string]time.Time
	hit        []int32 // of the lexicon's patterns: when they last fitted
	now        int32
}

const (
	fewLines     = 8
	sameBreath   = 3 * time.Minute
	sameExchange = 12 * time.Minute
)

func listen(t *talk) *listener {
	l := &listener{talk: t, models: trained(t.answers), place: make([]int, len(t.msgs)), voices: make([]float64, len(t.people))}
	for i := range t.msgs {
		m := &t.msgs[i]
		l.place[i] = len(l.said)
		if !m.bot && m.twin < 0 {
			l.said = append(l.said, i)
			l.voices[m.author] += math.Max(0, m.score-perhaps)
		}
	}
	if most := slices.Max(append(l.voices, 1)); most > 0 {
		for i := range l.voices {
			l.voices[i] /= most
		}
	}
	l.recordedAt = make(map[string]time.Time, len(t.facts))
	for _, f := range t.facts {
		l.recordedAt[f.ID] = f.At
	}
	l.rank()
	l.names, l.hit = namesOf(t), make([]int32, len(t.voc.lex.patterns))
	l.from, l.end, l.start = timeOf(t.times.Mitigation), timeOf(t.times.Resolution), timeOf(t.times.Detection)
	return l
}

// rank gives every message its place among those that are near, and how long
// ago the talk was last about the incident.
func (l *listener) rank() {
	l.places, l.drift = make([]float64, len(l.msgs)), make([]float64, len(l.msgs))
	all, off := 0.0, 0.0
	for i := range l.msgs {
		if l.drift[i] = math.Min(off/adrift, 1); l.msgs[i].score >= heard {
			off = 0
		} else if !l.msgs[i].bot {
			off++
		}
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

// after gives what was said next in the conversation within a span: about n
// messages that may be about the incident, and what stands between them.
func (l *listener) after(i, n int, span time.Duration) []int {
	return l.along(i, n, span, 1)
}

// before is likewise, the nearest first.
func (l *listener) before(i, n int, span time.Duration) []int {
	return l.along(i, n, span, -1)
}

func (l *listener) along(i, n int, span time.Duration, step int) []int {
	var out []int
	m := &l.msgs[i]
	k := l.place[i]
	if step < 0 || k < len(l.said) && l.said[k] == i {
		k += step
	}
	for steps := 0; k >= 0 && k < len(l.said) && n > 0 && steps < fewLines*6; k, steps = k+step, steps+1 {
		o := &l.msgs[l.said[k]]
		if o.when().Sub(m.when()).Abs() > span {
			break
		}
		matters := l.matters(o)
		if !matters && !l.overheard(m, o) {
			continue
		}
		out = append(out, o.at)
		if matters || o.root >= 0 || len(out)%2 == 0 {
			n--
		}
	}
	return out
}

// matters says whether a message may be about the incident.
func (l *listener) matters(o *msg) bool {
	return o.score >= perhaps || l.voices[o.author] >= .25 && o.near > 0
}

// overheard says whether a message that may be beside the matter can still
// answer another: it stands in the same thread, or both in the room.
func (l *listener) overheard(m, o *msg) bool {
	return o.root == m.root && o.near > far && !l.strange(o)
}

const (
	far     = -2.4 // how little near a message may be to be heard as an answer
	perhaps = .12  // the score of what may be about the incident
)

// adrift is after how many messages beside the matter a talk is off it.
const adrift = 15

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
		clamp(math.Log((m.score+.01)/(1.01-m.score)), -4, 3) / 2,
		unit(l.voices[m.author] < .08),
		l.drift[i],
	}
}

func commonNames() []string {
	return []string{"bias", "near", "kin", "score", "voice", "short", "length", "thread", "mitigated", "resolved", "before", "chat", "private", "asks", "me", "sure", "around", "strange", "nearest", "likely", "outsider", "drift"}
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
