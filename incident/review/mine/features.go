package mine

import (
	"math"
	"time"
)

// feature is one thing that the model knows of a message.
type feature uint8

// The features. Those of the kinds of cues come first, in their order.
const (
	fBias feature = feature(kinds) + iota
	fFinding
	fBroken
	fFollow
	fChat
	fJoke
	fAside
	fLooking
	fStarts
	fNotYet
	fStrongest // of the kinds of cues
	fAll       // the kinds of cues together
	fNear
	fWeight
	fKin
	fAround // near of what stands around it, or of its thread
	fNearCues
	fKinCues
	fBot
	fBotNear
	fBotSevere
	fBotMild
	fBotKin
	fBotAlike
	fLength
	fShort
	fQuestion
	fThread
	fPinned
	fReactions
	fIDs
	fNumber
	fCode
	fLink
	fMe
	fTwin
	fForeign
	fNamed
	fStranger // speaks to somebody who takes no part
	fFresh    // share of its words that were not said shortly before
	fGap
	fAlike // of how many messages it has the form
	fRoom  // how much is said in all: a logarithm
	fAlone // nobody else speaks around it
	features
)

type vector [features]float64

// look tells what the model knows of one message.
func (t *talk) look(i int, fresh float64) vector {
	m := &t.msgs[i]
	var v vector
	all, top := 0.0, 0.0
	for c := range kinds {
		x := m.cue(c)
		v[c] = min(x, 3)
		all += x
		top = max(top, x)
	}
	v[fBias] = 1
	v[fFinding], v[fBroken], v[fFollow] = min(m.cue(finding), 2), min(m.cue(broken), 2), min(m.cue(follow), 3)
	v[fChat], v[fJoke], v[fAside] = min(m.cue(chat), 2), min(m.cue(joke), 2), min(m.cue(aside), 2)
	v[fLooking], v[fStarts], v[fNotYet] = min(m.cue(looking), 2), min(m.cue(starts), 2), min(m.cue(notYet), 2)
	v[fStrongest], v[fAll] = top, min(all, 8)
	v[fNear], v[fWeight], v[fKin] = m.near, math.Log2(m.weight+0.1), m.kin
	v[fAround] = t.around(i)
	v[fNearCues] = min(all, 6) * max(m.near, -1) / 2
	v[fKinCues] = min(all, 6) * max(m.kin, -1) / 2
	v[fLength] = math.Log2(float64(m.length) + 1)
	v[fQuestion] = yes(len(m.prose) > 0 && t.voc.words[m.prose[len(m.prose)-1]] == asked)
	v[fShort] = yes(m.length < 6)
	v[fThread], v[fTwin], v[fForeign] = yes(m.root >= 0), yes(m.twin >= 0), yes(m.foreign)
	v[fNamed], v[fMe] = yes(m.cue(named) > 0), min(m.cue(firstPerson), 1)
	v[fFresh] = fresh
	v[fRoom] = min(math.Log2(float64(len(t.msgs)+1)), 12) - 6.5
	v[fAlike] = min(m.alike, 4)
	if m.bot {
		v[fBotAlike], v[fAlike] = min(m.alike, 5), 0
		v[fBot], v[fBotNear], v[fBotKin] = 1, m.near, m.kin
		v[fBotSevere], v[fBotMild] = min(m.cue(severe), 2), min(m.cue(mild), 2)
	}
	t.lookAtMarks(m, &v)
	t.lookAround(i, &v)
	return v
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// lookAtMarks tells what stands in a message beside its words.
func (t *talk) lookAtMarks(m *msg, v *vector) {
	ids := 0.0
	for _, w := range m.prose {
		switch word := t.voc.words[w]; word {
		case idWord, codeWord:
			ids++
		case blockWord:
			v[fCode] = 1
			ids++
		case linkWord:
			v[fLink] = 1
		default:
			if word[0] >= '0' && word[0] <= '9' {
				v[fNumber] = 1
			}
		}
	}
	v[fIDs] = min(ids, 3) / 1.5
	for _, r := range m.src.Reactions {
		v[fReactions] += float64(len(r.By)) / 2
		if isPin(r.Name) {
			v[fPinned] = 1
		}
	}
	v[fReactions] = min(v[fReactions], 2)
	v[fStranger] = yes(t.strange(m))
}

func isPin(name string) bool { return name == "pin" || name == "pushpin" || name == "round_pushpin" }

// strange says that a message begins with a name, as one speaks to somebody
// in a crowded room, of somebody who takes no part here.
func (t *talk) strange(m *msg) bool {
	if len(m.prose) < 3 || t.voc.words[m.prose[1]] != colon && !commaAfterFirst(m.body) {
		return false
	}
	first := m.prose[0]
	word := t.voc.words[first]
	mark := t.voc.marks[first]
	return mark.word && !mark.frame && !mark.filler && !t.voc.plain[first] && len(t.voc.atoms[first]) == 0 && !t.names[word]
}

func commaAfterFirst(s string) bool {
	n := wordLength(s)
	return n > 0 && n+1 < len(s) && s[n] == ',' && s[n+1] == ' '
}

func (t *talk) lookAround(i int, v *vector) {
	m := &t.msgs[i]
	gap := time.Hour
	if i > 0 {
		gap = min(gap, m.when().Sub(t.msgs[i-1].when()))
	}
	v[fGap] = gap.Hours()
	alone := true
	for j := max(0, i-4); j < min(len(t.msgs), i+5); j++ {
		o := &t.msgs[j]
		d := o.when().Sub(m.when()).Abs()
		if j != i && !o.bot && o.author != m.author && d < 15*time.Minute {
			alone = false
		}
	}
	v[fAlone] = yes(alone)
}

// around is how near what stands beside a message stands: its thread, or what
// was said before and after.
func (t *talk) around(i int) float64 {
	m := &t.msgs[i]
	sum, n := 0.0, 0
	if line := t.threadOf(i); len(line) > 1 {
		return t.threadNear[line[0]]
	}
	for j := max(0, i-3); j < min(len(t.msgs), i+4); j++ {
		o := &t.msgs[j]
		if j == i || o.root >= 0 || o.when().Sub(m.when()).Abs() > 10*time.Minute {
			continue
		}
		sum += o.near
		n++
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// threadOf gives the thread of a message, its root first; nil: in none.
func (t *talk) threadOf(i int) []int {
	if r := t.msgs[i].root; r >= 0 {
		return t.threads[r]
	}
	return t.threads[i]
}

// freshness says of every message which share of its words was not said
// within the last 25 messages.
func (t *talk) freshness() []float64 {
	const back = 25
	last := make([]int, len(t.voc.words))
	for w := range last {
		last[w] = -back - 1
	}
	out := make([]float64, len(t.msgs))
	for i := range t.msgs {
		fresh := 0
		for _, w := range t.msgs[i].like {
			if i-last[w] > back {
				fresh++
			}
			last[w] = i
		}
		out[i] = float64(fresh) / float64(max(1, len(t.msgs[i].like)))
	}
	return out
}

// see tells what the model knows of every message.
func (t *talk) see() []vector {
	t.threadNear = map[int]float64{}
	for _, root := range sortedKeys(t.threads) {
		for _, i := range t.threads[root] {
			t.threadNear[root] += t.msgs[i].near / float64(len(t.threads[root]))
		}
	}
	fresh := t.freshness()
	out := make([]vector, len(t.msgs))
	for i := range out {
		out[i] = t.look(i, fresh[i])
	}
	return out
}
