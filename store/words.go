package store

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"tocsin/incident"
)

const (
	longestWord = 40  // letters; more are cut off
	mostWords   = 400 // of one text
)

// Words cuts text into the words under which it is found: runs of letters and
// digits in lower case, each once, in order. Scripts that put no space between
// words are cut letter by letter. Everything that makes words searchable and
// everything that searches uses it, so all stores find the same.
func Words(text string) []string {
	var out []string
	seen := map[string]bool{}
	var word []rune
	end := func() {
		if w := string(word); len(word) > 0 && !seen[w] && len(out) < mostWords {
			seen[w] = true
			out = append(out, w)
		}
		word = word[:0]
	}
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			end()
			word = append(word, r)
			end()
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if len(word) < longestWord {
				word = append(word, unicode.ToLower(r))
			}
		default:
			end()
		}
	}
	end()
	return out
}

// wordsOf are the words under which an event makes its incident found.
func wordsOf(r incident.Recorded) []string {
	var b strings.Builder
	say := func(words string) {
		b.WriteString(words)
		b.WriteByte(' ')
	}
	switch e := r.Event.(type) {
	case incident.Unknown:
		return nil
	case incident.Declared:
		for _, s := range e.Services {
			say(s.Name)
		}
	case incident.ServiceAdded:
		say(e.Service.Name)
	case incident.ReviewPublished:
		return wordsOfAll(r.Event)
	default:
	}
	incident.MapTexts(r.Event, func(t *incident.Text) { say(t.Words) })
	return Words(b.String())
}

// wordsOfAll are the words of an event of many texts, which are too many to be
// cut as one.
func wordsOfAll(e incident.Event) []string {
	var out []string
	seen := map[string]bool{}
	incident.MapTexts(e, func(t *incident.Text) {
		for _, w := range Words(t.Words) {
			if !seen[w] && len(out) < mostPlanned/2 {
				seen[w] = true
				out = append(out, w)
			}
		}
	})
	return out
}

// numberIn reads the number out of "INC-142".
func numberIn(s string) int64 {
	_, digits, _ := strings.Cut(s, "-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// foundBy is the incident that is found by the words of a stream: its own, or
// its review's.
func foundBy(stream incident.Stream) (id incident.ID, ok bool) {
	if id, ok = stream.Incident(); ok {
		return id, true
	}
	return stream.Review()
}

// wordsIn reads all words of an incident and its review that are still there.
func (s *Store) wordsIn(ctx context.Context, id incident.ID) (map[string]bool, error) {
	words := map[string]bool{}
	for _, stream := range []incident.Stream{id.Stream(), id.ReviewStream()} {
		err := s.events(ctx, stream, func(recs []incident.Recorded) error {
			for _, r := range recs {
				for _, w := range wordsOf(r) {
					words[w] = true
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return words, nil
}

// events reads a whole stream in bounded reads.
func (s *Store) events(ctx context.Context, stream incident.Stream, fn func([]incident.Recorded) error) error {
	const some = 500
	for after := incident.Version(0); ; {
		recs, err := s.Load(ctx, stream, after, some)
		if err != nil {
			return err
		}
		if len(recs) == 0 {
			return nil
		}
		if err := fn(recs); err != nil {
			return err
		}
		after = recs[len(recs)-1].Version
	}
}

// reword puts all words of an incident where they belong now, and takes them
// away from where they do not.
func (s *Store) reword(ctx context.Context, stream incident.Stream) error {
	id, ok := stream.Incident()
	if !ok {
		return nil
	}
	words, err := s.wordsIn(ctx, id)
	if err != nil {
		return err
	}
	left := make([]string, 0, len(words))
	for w := range words {
		left = append(left, w)
	}
	for len(left) > 0 {
		n := min(opChunk/2, len(left))
		err := s.change(ctx, func() (Batch, error) {
			stands, err := s.standings(ctx, []incident.ID{id})
			if err != nil || stands[0].raw == nil {
				return Batch{}, err
			}
			b := Batch{Checks: []Check{{Key: standKey(id), Want: stands[0].raw}}}
			for _, w := range left[:n] {
				b.Ops = append(b.Ops, stands[0].wordOp(id, w), stands[0].unwordOp(id, w))
			}
			return b, nil
		})
		if err != nil {
			return err
		}
		left = left[n:]
	}
	return nil
}

// unword makes an incident not found any more by words that were erased,
// unless words that are still there hold them too.
func (s *Store) unword(ctx context.Context, stream incident.Stream, erased map[string]bool) error {
	id, ok := foundBy(stream)
	if !ok || len(erased) == 0 {
		return nil
	}
	still, err := s.wordsIn(ctx, id)
	if err != nil {
		return err
	}
	var ops []Op
	for w := range erased {
		if !still[w] {
			ops = append(ops, Op{Kind: OpRemove, Key: wordSet(w), Member: string(id)}, Op{Kind: OpDelete, Key: privateWord(id, w)})
		}
	}
	return s.write(ctx, ops)
}
