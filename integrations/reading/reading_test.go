package reading_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/reading"
)

const body = `{"check":{"name":"Shop","id":42,"up":false,"none":null,"urls":["https://a.example.com","https://b.example.com"]},
"labels":{"app.kubernetes.io/name":"checkout","app":{"deep":"x"}},"alerts":[{"id":1},{"id":2,"tags":["a:b"]}],"empty":"","a.b":{"c":"dots"}}`

func tree(t testing.TB, body string) reading.Tree {
	t.Helper()
	out, err := reading.JSON([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPaths(t *testing.T) {
	t.Parallel()
	in := tree(t, body)
	for path, want := range map[string]string{
		"check.name": "Shop", "check.id": "42", "check.up": "false", "check.urls": "https://a.example.com, https://b.example.com", "check.urls[1]": "https://b.example.com",
		"check.urls.0": "https://a.example.com", "labels.app.kubernetes.io/name": "checkout", "labels.app.deep": "x", "alerts[1].id": "2", "alerts[1].tags[0]": "a:b",
		"a.b.c": "dots", "check.title | check.name": "Shop", "empty | check.id": "42", "'checkout'": "checkout", "nothing | 'a word'": "a word", "''": "",
		"check": "", "check.none": "", "nothing": "", "alerts[2].id": "", "alerts[-1]": "", "alerts[x]": "", "check.name.more": "", "": "", " | ": "", "..": "", "[": "", "check[": "",
		strings.Repeat("check.", 200): "",
	} {
		if got := reading.Words(reading.Find(in, path)); got != want {
			t.Errorf("%.40q leads to %q, want %q", path, got, want)
		}
	}
	if got := reading.First(in, "nothing", "empty", "check.id", "check.name"); got != "42" {
		t.Errorf("the first is %q", got)
	}
	if got := reading.Place(in, "check.none", "check.name"); got != "" {
		t.Errorf("a rule that leads nowhere gives %q", got)
	}
	if got := reading.Place(in, "", "check.name"); got != "Shop" {
		t.Errorf("without a rule: %q", got)
	}
}

func TestFaultsOfPathsAreSaid(t *testing.T) {
	t.Parallel()
	for path, wrong := range map[string]bool{
		"check.name": false, "a[0].b | 'x'": false, "labels.app.kubernetes.io/name": false,
		"a |": true, "| a": true, "'x": true, "a[0": true, "{{ .title }}": true, "$.title": true, strings.Repeat("a.", 100): true, "": true, "'": true,
	} {
		if got := reading.PathFault(path); (got != "") != wrong {
			t.Errorf("%.30q: %q", path, got)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		kind, body string
		want       reading.Tree // nil: refused
	}{
		"JSON":                         {"application/json", `{"a":1}`, map[string]any{"a": json.Number("1")}},
		"JSON that says nothing of it": {"", ` {"a":"b"} `, map[string]any{"a": "b"}},
		"JSON that says it is a form":  {"application/x-www-form-urlencoded", `{"a":"b"}`, map[string]any{"a": "b"}},
		"a form":                       {"application/x-www-form-urlencoded", `a=b+c&a=d`, map[string]any{"a": "d"}},
		"a form that says nothing":     {"text/plain", `a=b&c=%20`, map[string]any{"a": "b", "c": " "}},
		"an empty form":                {"application/x-www-form-urlencoded", ``, map[string]any{}},
		"two values":                   {"application/json", `{}{}`, nil},
		"half a value":                 {"application/json", `{"a":`, nil},
		"a broken form":                {"application/x-www-form-urlencoded", `a=%zz`, nil},
		"words":                        {"text/plain", `hello there`, nil},
		"XML":                          {"text/xml", `<a b="c"/>`, nil},
		"nothing":                      {"", ``, nil},
	} {
		got, err := reading.Body(one.kind, []byte(one.body))
		if one.want == nil {
			if fault.KindOf(err) != fault.Invalid || err == nil {
				t.Errorf("%s: %v, %v", name, got, err)
			}
			continue
		}
		if diff := cmp.Diff(one.want, got); diff != "" || err != nil {
			t.Errorf("%s (%v):\n%s", name, err, diff)
		}
	}
}

func TestItems(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		body, list string
		want       int // -1: refused
	}{
		"one": {`{"a":1}`, "", 1}, "a list": {`[{"a":1},{"a":2}]`, "", 2}, "an empty list": {`[]`, "", 0}, "a list inside": {`{"x":{"y":[{},{}]}}`, "x.y", 2},
		"an object inside": {`{"x":{"y":{}}}`, "x.y", 1}, "nothing there": {`{"x":1}`, "y", -1}, "no objects": {`[1]`, "", -1}, "words": {`"x"`, "", -1}, "null": {`null`, "", -1},
		"too many": {"[" + strings.Repeat("{},", reading.MaxAlerts) + "{}]", "", -1},
	} {
		got, err := reading.Items(tree(t, one.body), one.list)
		if (err != nil) != (one.want < 0) || err == nil && len(got) != one.want {
			t.Errorf("%s: %d items, %v", name, len(got), err)
		}
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	for _, words := range []string{
		"2026-11-03T12:00:00Z", "2026-11-03T13:00:00+01:00", "2026-11-03T13:00:00.000+0100", "2026-11-03T12:00:00", "2026-11-03 12:00:00", "2026-11-03 12:00",
		"2026-11-03 12:00:00 UTC", "2026-11-03 13:00:00 +0100", "2026-11-03 13:00:00+01:00", "1793707200", "1793707200000", "1793707200000000", "1.7937072e9", " 1793707200 ",
		"Tue, 03 Nov 2026 12:00:00 GMT", "Tue, 03 Nov 2026 13:00:00 +0100",
	} {
		if at, ok := reading.Moment(words); !ok || !at.Equal(noon) || at.Location() != time.UTC {
			t.Errorf("%q reads as %s (%t)", words, at, ok)
		}
	}
	for _, words := range []string{"", "soon", "0001-01-01T00:00:00Z", "0", "-1", "1e300", "NaN", "Inf", "12:00", "11/3/2026 8:43:12 AM", "9999-01-01T00:00:00Z"} {
		if at, ok := reading.Moment(words); ok {
			t.Errorf("%q reads as %s", words, at)
		}
	}
}

func TestWordsAreBoundedAndPlain(t *testing.T) {
	t.Parallel()
	if got := reading.Line(" a\r\n\tb\x00\u202e c\x1b[31m ", 100); got != "a b c[31m" {
		t.Errorf("a line is %q", got)
	}
	if got := reading.Text("a\r\nb\x07\n", 100); got != "a\nb" {
		t.Errorf("a text is %q", got)
	}
	if got := reading.Line(strings.Repeat("é", 400), reading.MaxTitle); utf8.RuneCountInString(got) != reading.MaxTitle || !strings.HasSuffix(got, "…") {
		t.Errorf("a long line has %d letters", utf8.RuneCountInString(got))
	}
	if got := reading.Line("\xff\xfea", 10); got != "a" {
		t.Errorf("what is no text is %q", got)
	}
	long := strings.Repeat("k", reading.MaxKey+1)
	if got := reading.Key(long); len(got) > 40 || got == reading.Key(long+"k") || reading.Key("short key") != "short key" {
		t.Errorf("a long key is %q", got)
	}
	if reading.Digest("a", "b") == reading.Digest("ab", "") || reading.Digest("a", "b") == reading.Digest("b", "a") {
		t.Error("digests do not tell parts apart")
	}
	for words, want := range map[string]string{
		"https://a.example.com/x?y=1": "https://a.example.com/x?y=1", " http://a.example.com ": "http://a.example.com",
		"javascript:alert(1)": "", "https://": "", "//a.example.com": "", "ftp://a.example.com": "", "https://u:p@a.example.com/": "", "": "", "a b": "", "https://a.example.com/" + strings.Repeat("x", 3000): "",
	} {
		if got := reading.Link(words); got != want {
			t.Errorf("%.30q is the link %q", words, got)
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]map[string]string{
		`{"a":"b","n":1,"t":true,"e":"","o":{}}`: {"a": "b", "n": "1", "t": "true"}, `["env:prod","a=b","alone"]`: {"env": "prod", "a": "b"}, `"env:prod, a:b"`: {"env": "prod", "a": "b"},
		`{}`: nil, `null`: nil, `7`: nil,
	} {
		if diff := cmp.Diff(want, reading.Labels(tree(t, in))); diff != "" {
			t.Errorf("%s:\n%s", in, diff)
		}
	}
	many := map[string]any{}
	for i := range 1000 {
		many[strings.Repeat("x", i%300)+string(rune('a'+i%26))] = strings.Repeat("v", 1000)
	}
	got := reading.Labels(many)
	if len(got) == 0 || len(got) > 64 {
		t.Errorf("%d labels were kept", len(got))
	}
	for name, value := range got {
		if utf8.RuneCountInString(name) > 256 || utf8.RuneCountInString(value) > 256 {
			t.Fatalf("a label of %d and %d letters", len(name), len(value))
		}
	}
}

func TestAWordNobodyAgreedOnIsNoRecovery(t *testing.T) {
	t.Parallel()
	if s, known := reading.State("perhaps"); s != integrations.Firing || known {
		t.Errorf("%s, %t", s, known)
	}
	if s, known := reading.State(" Resolved "); s != integrations.Recovered || !known {
		t.Errorf("%s, %t", s, known)
	}
}

func FuzzBody(f *testing.F) {
	f.Add("application/json", []byte(body), "check.urls[1] | 'x'")
	f.Add("", []byte("a=b"), "a.b[0]")
	f.Fuzz(func(t *testing.T, kind string, body []byte, path string) {
		in, err := reading.Body(kind, body)
		if err != nil {
			return
		}
		found := reading.Find(in, path)
		line := reading.Line(reading.Words(found), reading.MaxTitle)
		if strings.ContainsAny(line, "\n\r\x00\x1b") || utf8.RuneCountInString(line) > reading.MaxTitle || !utf8.ValidString(line) {
			t.Errorf("a line is %q", line)
		}
		_, _ = reading.Moment(line)
		_ = reading.PathFault(path)
		for name := range reading.Labels(found) {
			if name == "" {
				t.Error("a label without a name")
			}
		}
		_, _ = reading.Items(in, path)
	})
}
