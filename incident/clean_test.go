package incident_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tocsin/incident"
)

func TestCleanTakesOutWhatDeceives(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"checkout is failing":             "checkout is failing",
		"two\nlines\tand a tab":           "two\nlines\tand a tab",
		"windows\r\nand old mac\rlines":   "windows\nand old mac\nlines",
		"line\u2028paragraph\u2029end":    "line\nparagraph\nend",
		"null\x00bell\x07esc\x1b[31m":     "nullbellesc[31m",
		"c1\u0085\u009bcontrols":          "c1controls",
		"gnp.\u202eexe":                   "gnp.exe",
		"\u2066isolate\u2069\u200e\u200f": "isolate",
		"zero\u200bwidth\ufeff\u2060":     "zerowidth",
		"hangul\u3164filler":              "hangulfiller",
		"broken\xff\xfeutf8":              "brokenutf8",
		"tag\U000e0041\U000e0042":         "tag",
		"private\ue000use":                "privateuse",
		"family 👨\u200d👩\u200d👧 stays":    "family 👨\u200d👩\u200d👧 stays",
		"می\u200cخواهم":                   "می\u200cخواهم",
		"<!channel> @everyone <b>":        "<!channel> @everyone <b>", // harmless where it is drawn
		"":                                "",
	} {
		if got := incident.Clean(said); got != want {
			t.Errorf("%q became %q, want %q", said, got, want)
		}
	}
}

func TestCleanIsDoneOnceAndForAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a\u202e\u200b\x00\r\n\u2066é")))).Draw(t, "said")
		once := incident.Clean(said)
		if again := incident.Clean(once); again != once {
			t.Fatalf("%q, cleaned twice, is %q and then %q", said, once, again)
		}
		if !utf8.ValidString(once) || len(once) > len(said) {
			t.Fatalf("%q became %q", said, once)
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add("checkout \u202e\xff\x00")
	f.Fuzz(func(t *testing.T, said string) {
		if once := incident.Clean(said); incident.Clean(once) != once || strings.ContainsAny(once, "\x00\r\u202e\u2066\ufeff") {
			t.Fatalf("%q became %q", said, once)
		}
	})
}

func TestNamesTakeThePlaceOfTokens(t *testing.T) {
	t.Parallel()
	name := func(p incident.PersonID) string { return "<" + called(p) + ">" }
	for said, want := range map[string]string{
		"no names":                         "no names",
		incident.NameToken(bo) + " did it": "<Bo> did it",
		"by " + incident.NameToken(bo) + " and " + incident.NameToken(cy): "by <Bo> and <Cy>",
		"open {person:p-bo": "open {person:p-bo",
		"other {x} braces}": "other {x} braces}",
	} {
		if got := incident.ReplaceNames(said, name); got != want {
			t.Errorf("%q became %q, want %q", said, got, want)
		}
	}
}
