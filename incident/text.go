package incident

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Text is words that a person wrote. Events, states and summaries carry it,
// and their JSON never holds the words: only where they lie, whose they are
// and a salted hash of them. The store keeps the words in rows of their own,
// so that they can be erased while the event stays.
type Text struct {
	Author PersonID // who wrote it; erasing a person erases by this
	Words  string   // the words; empty when Erased
	Ref    string   // "version.index" in its own stream; empty until recorded
	Hash   string   // salted hash of the words, part of the hash chain
	Erased bool     // the words were erased; show [ErasedWords]
}

// ErasedWords stand where words were erased.
const ErasedWords = "erased"

// textRef is what JSON shows of a Text.
type textRef struct {
	Ref    string   `json:"ref,omitempty"`
	Author PersonID `json:"by,omitempty"`
	Hash   string   `json:"hash,omitempty"`
}

// MarshalJSON writes the reference, never the words.
func (t Text) MarshalJSON() ([]byte, error) {
	return json.Marshal(textRef{Ref: t.Ref, Author: t.Author, Hash: t.Hash})
}

// UnmarshalJSON reads a reference; the store fills in the words.
func (t *Text) UnmarshalJSON(b []byte) error {
	var r textRef
	if err := json.Unmarshal(b, &r); err != nil {
		return fmt.Errorf("text reference: %w", err)
	}
	*t = Text{Author: r.Author, Ref: r.Ref, Hash: r.Hash}
	return nil
}

// Empty says that there are no words and never were any.
func (t Text) Empty() bool { return t.Words == "" && t.Ref == "" && !t.Erased }

// String is the words as people may see them.
func (t Text) String() string {
	if t.Erased {
		return ErasedWords
	}
	return t.Words
}

// EachText calls fn with a pointer to every Text inside *p, in a fixed order
// (fields as declared, slices from the front). p must point to a struct or a
// slice; maps are not followed, so no kept value may hold a Text in a map.
func EachText(p any, fn func(*Text)) { eachText(reflect.ValueOf(p), fn) }

func eachText(v reflect.Value, fn func(*Text)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			eachText(v.Elem(), fn)
		}
	case reflect.Struct:
		if t, ok := reflect.TypeAssert[Text](v); ok && v.CanAddr() {
			if !t.Empty() {
				fn(v.Addr().Interface().(*Text))
			}
			return
		}
		for i := range v.NumField() {
			if f := v.Field(i); f.CanInterface() { // exported
				eachText(f, fn)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), fn)
		}
	default:
	}
}

// MapTexts returns a copy of e with fn applied to each of its non-empty texts.
// The caller's event, and slices inside it, are left alone.
func MapTexts(e Event, fn func(*Text)) Event {
	if n, is := e.(NoteAdded); is { // most events are notes
		if !n.Text.Empty() {
			fn(&n.Text)
		}
		return n
	}
	p := reflect.New(reflect.TypeOf(e))
	p.Elem().Set(reflect.ValueOf(e))
	cloneSlices(p.Elem())
	eachText(p, fn)
	return p.Elem().Interface().(Event)
}

func cloneSlices(v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && !f.IsNil() && f.CanSet() {
			c := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
			reflect.Copy(c, f)
			f.Set(c)
		}
	}
}
