package store_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tocsin/incident"
	"tocsin/store"
)

func recorded(e incident.Event) incident.Recorded {
	return incident.Recorded{
		Stream: "incident/a", Version: 7, Shape: 1, Happened: noon.Add(-time.Hour), Recorded: noon.Add(123456789),
		Actor: "p-ann", Account: "slack:T1:U1", Key: "slack/T1/\"q\" <&> ü\n", Policy: "default", Prev: "hash", Event: e,
	}
}

func TestEncodeIsPlainJSON(t *testing.T) {
	t.Parallel()
	got, err := store.NewCodec().Encode(recorded(incident.NoteAdded{Text: incident.Text{Author: "p-ann", Words: "secret words", Ref: "7.0", Hash: "h"}}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"stream":"incident/a","version":7,"type":"note_added","shape":1,"happened":"2026-03-02T11:00:00Z",` +
		`"recorded":"2026-03-02T12:00:00.123456789Z","actor":"p-ann","account":"slack:T1:U1",` +
		`"key":"slack/T1/\"q\" \u003c\u0026\u003e ü\n","policy":"default","prev":"hash",` +
		`"event":{"text":{"ref":"7.0","by":"p-ann","hash":"h"}}}`
	if string(got) != want {
		t.Errorf("encoded:\n%s\nwant:\n%s", got, want)
	}
}

func TestEveryKindComesBack(t *testing.T) {
	t.Parallel()
	c := store.NewCodec()
	for _, k := range incident.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				e := filled(rt, k.Zero)
				want := recorded(e)
				b, err := c.Encode(want)
				if err != nil {
					rt.Fatal(err)
				}
				if !json.Valid(b) {
					rt.Fatalf("no JSON: %s", b)
				}
				got, err := c.Decode(b)
				if err != nil {
					rt.Fatal(err)
				}
				want.Event = incident.MapTexts(e, func(t *incident.Text) { t.Words = "" })
				if diff := cmp.Diff(want, got); diff != "" {
					rt.Fatalf("it came back otherwise (-want +got):\n%s", diff)
				}
				again, err := c.Encode(got)
				if err != nil || !bytes.Equal(b, again) {
					rt.Fatalf("encoded again:\n%s\nwant:\n%s", again, b)
				}
			})
		})
	}
}

// filled fills every field of an event with something.
func filled(t *rapid.T, e incident.Event) incident.Event {
	p := reflect.New(reflect.TypeOf(e))
	fill(t, p.Elem())
	return p.Elem().Interface().(incident.Event)
}

func fill(t *rapid.T, v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(noon.Add(time.Duration(rapid.Int64Range(0, 1e18).Draw(t, "time")))))
		return
	case incident.Text:
		v.Set(reflect.ValueOf(incident.Text{Author: "p-bo", Words: "words", Ref: "7.1", Hash: "salted"}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		n := rapid.IntRange(1, 2).Draw(t, "length")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(t, v.Index(i))
		}
	case reflect.String:
		v.SetString(rapid.String().Draw(t, "string"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(-1000, 1e12).Draw(t, "int"))
	case reflect.Uint64, reflect.Uint8:
		v.SetUint(rapid.Uint64Range(0, 200).Draw(t, "uint"))
	default:
		t.Fatalf("an event has a field of kind %s that no test fills", v.Kind())
	}
}

func TestDecodeKeepsWhatANewerTocsinWrote(t *testing.T) {
	t.Parallel()
	c := store.NewCodec()
	for what, entry := range map[string]string{
		"a kind never heard of":  `{"stream":"incident/a","version":1,"type":"painted","shape":1,"happened":"2026-03-02T11:00:00Z","recorded":"2026-03-02T11:00:00Z","event":{"colour":"red"}}`,
		"a newer shape":          `{"stream":"incident/a","version":1,"type":"note_added","shape":9,"happened":"2026-03-02T11:00:00Z","recorded":"2026-03-02T11:00:00Z","event":{"text":{},"mood":"bad"}}`,
		"a body of another form": `{"stream":"incident/a","version":1,"type":"note_added","shape":1,"happened":"2026-03-02T11:00:00Z","recorded":"2026-03-02T11:00:00Z","event":[1]}`,
	} {
		r, err := c.Decode([]byte(entry))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if _, is := r.Event.(incident.Unknown); !is {
			t.Errorf("%s was read as %T", what, r.Event)
		}
		again, err := c.Encode(r)
		if err != nil || string(again) != entry {
			t.Errorf("%s was written back as\n%s\nwant\n%s", what, again, entry)
		}
	}
}

func FuzzDecode(f *testing.F) {
	c := store.NewCodec()
	for _, k := range incident.Kinds() {
		b, err := c.Encode(recorded(k.Zero))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"type":"dated","event":{}}`))
	f.Add([]byte(`{"version":-1,"event":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := c.Decode(b)
		if err != nil {
			return
		}
		if r.Event == nil {
			t.Fatalf("no event was read from %q", b)
		}
		again, err := c.Encode(r)
		if err != nil {
			return // a moment that RFC 3339 cannot say
		}
		back, err := c.Decode(again)
		if err != nil {
			t.Fatalf("%q was written as %q, which cannot be read: %v", b, again, err)
		}
		if twice, err := c.Encode(back); err != nil || !bytes.Equal(again, twice) {
			t.Fatalf("written %q, then %q (%v)", again, twice, err)
		}
	})
}

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "",
		" ?! -- ":                      "",
		"Checkout is FAILING":          "checkout is failing",
		"pay-03: disk/full, disk full": "pay 03 disk full",
		"naïve Ёлка ΣΊΣΥΦΟΣ":           "naïve ёлка σίσυφοσ",
		"決済が失敗 now":                    "決 済 が 失 敗 now",
		"e\u0301te\u0301":              "e\u0301te\u0301",
		"\xff\xfebroken\x00utf":        "broken utf",
		strings.Repeat("a", 90) + " b": strings.Repeat("a", 40) + " b",
	} {
		if got := strings.Join(store.Words(text), " "); got != want {
			t.Errorf("Words(%q) = %q, want %q", text, got, want)
		}
	}
	if n := len(store.Words(strings.Repeat("a1 b2 c3 ", 10))); n != 3 {
		t.Errorf("%d words, want each once", n)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Checkout is failing, pay-03 is full")
	f.Add("決済が失敗\x00\xff İ ǅ ﬀ")
	f.Fuzz(func(t *testing.T, text string) {
		seen := map[string]bool{}
		for _, w := range store.Words(text) {
			if seen[w] || w == "" {
				t.Errorf("the word %q twice, or empty", w)
			}
			seen[w] = true
			if again := store.Words(w); len(again) != 1 || again[0] != w {
				t.Errorf("the word %q is cut again into %q: it would not be found by itself", w, again)
			}
			b := store.Batch{Ops: []store.Op{{Kind: store.OpAdd, Key: "w/" + w, Member: "a"}}}
			if err := b.Validate(); err != nil {
				t.Errorf("the word %q cannot be kept: %v", w, err)
			}
		}
	})
}
