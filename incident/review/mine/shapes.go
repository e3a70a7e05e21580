package mine

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

const (
	formMost  = 24 // words of a form; longer messages have none
	formLeast = 3
)

// shapes counts how often what a message says is said in the same form: the
// same words but for numbers, names of things and one word more. What repeats
// like that is routine: builds, reminders, checks.
type shapes struct {
	keys  []uint64 // of all messages, ascending once they are all in
	words []uint64
}

// countForms says of every message how many there are of its form, itself
// included, as a power of two.
func (t *talk) countForms() {
	var f shapes
	for i := range t.msgs {
		if m := &t.msgs[i]; m.twin < 0 && f.read(m.body) {
			f.each(func(key uint64) { f.keys = append(f.keys, key) })
		}
	}
	slices.Sort(f.keys)
	for i := range t.msgs {
		m := &t.msgs[i]
		if !f.read(m.body) {
			continue
		}
		most := 1
		f.each(func(key uint64) { most = max(most, f.count(key)) })
		m.alike = math.Log2(float64(most))
	}
}

// count says how often a key is there.
func (f *shapes) count(key uint64) int {
	from, _ := slices.BinarySearch(f.keys, key)
	to, _ := slices.BinarySearch(f.keys[from:], key+1)
	return to
}

// read takes the form of a text apart; false: it has none.
func (f *shapes) read(text string) bool {
	f.words = f.words[:0]
	for w := range strings.FieldsSeq(text) {
		if len(f.words) > formMost {
			return false
		}
		w = strings.TrimFunc(w, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		switch {
		case w == "":
		case strings.ContainsAny(w, "0123456789-_/#.:@"):
			f.words = append(f.words, 1)
		default:
			f.words = append(f.words, hashed(w))
		}
	}
	return len(f.words) >= formLeast && len(f.words) <= formMost
}

// each gives the keys under which the form is counted: once for each of its words,
// as if that one could be any.
func (f *shapes) each(do func(key uint64)) {
	const prime = 0x9E3779B97F4A7C15
	whole := uint64(0)
	power := make([]uint64, len(f.words))
	p := uint64(1)
	for i, w := range f.words {
		power[i] = p
		whole += w * p
		p *= prime
	}
	n := uint64(len(f.words))
	for i, w := range f.words {
		if w == 1 && i > 0 {
			continue
		}
		x := whole - w*power[i] + uint64(i+1)*0xC2B2AE3D27D4EB4F + n*0x165667B19E3779F9
		x ^= x >> 29
		x *= 0xBF58476D1CE4E5B9
		x ^= x >> 32
		do(x)
	}
}

func hashed(w string) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range w {
		h = (h ^ uint64(unicode.ToLower(c))) * 1099511628211
	}
	return h | 2
}
