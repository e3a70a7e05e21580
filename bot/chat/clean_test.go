package chat_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tocsin/bot/chat"
)

func TestClean(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"ordinary words", "checkout is failing, 3 %", "checkout is failing, 3 %"},
		{"lines and tabs stay", "a\n\tb", "a\n\tb"},
		{"line ends of other systems", "a\r\nb\rc\u2028d", "a\nb\nc\nd"},
		{"direction overrides", "invoice\u202egnp.exe\u2066\u200f", "invoicegnp.exe"},
		{"control characters", "a\x00b\x1b[31m\x7f", "ab[31m"},
		{"broken UTF-8", "a\xffb\xc3", "ab"},
		{"what nobody sees", "a\u200bb\ufeffc\U000e0041", "abc"},
		{"emoji and their joiners", "👩‍🚒 ❤️ 🇩🇪", "👩‍🚒 ❤️ 🇩🇪"},
		{"other scripts", "שלום नमस्ते 東京", "שלום नमस्ते 東京"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := chat.Clean(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := chat.CleanLine(tt.in); strings.ContainsAny(got, "\n\t") {
				t.Errorf("one line is %q", got)
			}
		})
	}
}

func TestCleanIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "words")
		once := chat.Clean(s)
		if chat.Clean(once) != once || !utf8.ValidString(once) {
			t.Fatalf("%q becomes %q and then %q", s, once, chat.Clean(once))
		}
	})
}

func TestSafeURL(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{
		"https://a.example/x?y=1&z=2#t": true, "http://127.0.0.1:8080": true, "HTTPS://A.EXAMPLE": true, "mailto:ann@example.com": true,
		"": false, "javascript:alert(1)": false, " https://a.example": false, "https://": false, "//a.example": false, "/x": false, "file:///x": false,
		"data:text/html,x": false, "mailto:": false, "https://a.example/<b>": false, "https://a.example/a b": false, "https://a.example/\n": false,
		"https://a.example|x": false, "java\tscript:x": false, "https://\u202ea.example": false, "tel:+1555": false, "ftp://a.example": false,
		"https://a.example/" + strings.Repeat("x", 3000): false, "https://%zz": false,
	} {
		if got := chat.SafeURL(url); got != want {
			t.Errorf("%.60q is safe=%v, want %v", url, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		limit    int
		want     string
	}{
		{"short enough", "abc", 3, "abc"},
		{"no limit", "abc", 0, "abc"},
		{"cut", "abcdef", 4, "abc…"},
		{"letters, not bytes", "ééééé", 3, "éé…"},
		{"no space before the dots", "ab cdef", 4, "ab…"},
		{"an accent stays with its letter", "abe\u0301d", 4, "ab…"},
		{"no joiner is left at the end", "ab👩‍🚒cd", 5, "ab👩…"},
		{"one character", "abc", 1, "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := chat.Shorten(tt.in, tt.limit); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestShortenKeepsTheLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, limit := rapid.String().Draw(t, "words"), rapid.IntRange(1, 40).Draw(t, "limit")
		got := chat.Shorten(s, limit)
		if utf8.RuneCountInString(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("%q cut to %d is %q", s, limit, got)
		}
	})
}
