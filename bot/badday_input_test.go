package bot_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tocsin/bot/bottest"
)

// nasty are words that people or scripts send to break something.
func nasty() map[string]string {
	return map[string]string{
		"pings":               "<!channel> <!here> @everyone @channel <@U123> <#C1|x>",
		"html":                `<script>alert(1)</script><img src=x onerror=alert(1)>"'><b>`,
		"control characters":  "a\x00b\x07c\x1b[31md\x7fe",
		"a direction trick":   "safe\u202egnp.exe\u202c \u2066x\u2069 \u200fy",
		"markup":              "*bold* _it_ `code` ```pre``` [x](javascript:alert(1)) ||spoiler||",
		"a dangerous link":    "javascript:alert(document.cookie)",
		"a template":          "{{.Token}} ${HOME} %s %d %n",
		"a quote that is not": `"unfinished 'quotes`,
		"many lines":          "one\n\n\n\n\ntwo\r\nthree\u2028four",
		"zero width":          "z\u200bero\u200d w\ufeffidth",
	}
}

// harmless demands that what a browser or a script gets is whole, cannot
// deceive and calls nobody.
func harmless(t *testing.T, where, seen string) {
	t.Helper()
	if !utf8.ValidString(seen) {
		t.Errorf("%s is not UTF-8", where)
	}
	for _, r := range seen {
		if unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			t.Errorf("%s holds %U", where, r)
			break
		}
	}
	for _, bad := range []string{"<script>alert", "<img src=x", `href="javascript:`, `"user":"everyone"`, `"user":"channel"`, "<!channel>"} {
		if strings.Contains(strings.ToLower(seen), bad) {
			t.Errorf("%s holds %s", where, bad)
		}
	}
}

func TestNastyWordsAreShownHarmlessly(t *testing.T) {
	t.Parallel()
	onEveryStore(t, func(t *testing.T, base bottest.Base) {
		s := bottest.NewStage(t, base, "")
		s.Start()
		defer s.Close()
		tells(s, "ann", "general", "declare sev2 checkout is failing", "k0")
		s.Rest()
		room := s.Room("INC-1")
		for name, words := range nasty() {
			for _, verb := range []string{"note ", "update ", "rename ", "task ", "impact ", "link ", "page ", "severity sev1 ", "resolve ", "reopen ", "", "assign scribe ", "service add ", "take "} {
				a := tells(s, "ann", room, verb+words, name+verb)
				if a.Status != 200 && a.Text == "" {
					t.Errorf("%s%s is refused without a sentence: %d %s", verb, name, a.Status, a.Body)
				}
				if a.Status >= 500 {
					t.Errorf("%s%s: %d %s", verb, name, a.Status, a.Text)
				}
				if parts := strings.ReplaceAll(a.Body, `\u003c`, "<"); strings.Contains(parts, `"user":"everyone"`) || strings.Contains(parts, `"user":"channel"`) {
					t.Errorf("%s%s calls everybody: %s", verb, name, a.Body)
				}
			}
			s.Say("bo", room, words)
			s.Say("bo", room, "/incident note "+words)
			s.Say("bo", "general", "/incident declare "+words)
			s.Rest()
		}
		s.Rest()
		for _, path := range []string{
			"/console/r/" + room + "?as=bo", "/console/r/general?as=bo", "/console/r/incidents?as=bo", "/console/rooms?as=bo", "/console/waiting?as=bo", "/practice/",
			"/console/complete?as=bo&room=general&text=" + url.QueryEscape("/incident show "), "/metrics",
		} {
			harmless(t, path, s.Get(path).Body)
		}
		for _, path := range []string{"/api/v1/incidents", "/api/v1/incidents/INC-1", "/api/v1/incidents/INC-1/timeline"} {
			got := s.Get(path)
			var whole map[string]json.RawMessage
			if got.Status != 200 || json.Unmarshal([]byte(got.Body), &whole) != nil {
				t.Errorf("%s: %d %s", path, got.Status, got.Body)
			}
		}
		harmless(t, "the log", s.Log())
		for _, line := range s.Timeline(1) {
			harmless(t, "a line of the timeline", strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(line, "<!channel>", ""), "<script>alert", ""), "<img src=x", ""))
		}
	})
}

func TestWhatIsTooLongOrBrokenIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	onEveryStore(t, func(t *testing.T, base bottest.Base) {
		s := bottest.NewStage(t, base, "")
		s.Start()
		defer s.Close()
		tells(s, "ann", "general", "declare sev2 checkout is failing", "k0")
		s.Rest()
		room := s.Room("INC-1")
		before := s.Get("/api/v1/incidents/INC-1/timeline").Body + s.Get("/api/v1/incidents").Body
		mega := strings.Repeat("x", 1<<20)
		api := func(text, key string) string {
			b, err := json.Marshal(map[string]string{"user": "ann", "room": room, "text": text, "key": key})
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		form := func(text string) string {
			return url.Values{"key": {"a-gesture-of-mine"}, "as": {"ann"}, "room": {room}, "zone": {"UTC"}, "text": {text}}.Encode()
		}
		const json, web = "application/json", "application/x-www-form-urlencoded"
		for name, c := range map[string]struct {
			path, kind, body string
			status           []int
		}{
			"a megabyte through the API":           {"/api/v1/commands", json, api("note "+mega, "m1"), []int{413}},
			"half a megabyte through the API":      {"/api/v1/commands", json, api("note "+mega[:1<<19], "m2"), []int{400}},
			"4,001 letters through the API":        {"/api/v1/commands", json, api("note "+strings.Repeat("ü", 4001), "m3"), []int{400}},
			"broken UTF-8 through the API":         {"/api/v1/commands", json, strings.Replace(api("note #", "m4"), "#", "\xff\xfe\xc3", 1), []int{400}},
			"a lone surrogate through the API":     {"/api/v1/commands", json, strings.Replace(api("severity #", "m5"), "#", `\ud800`, 1), []int{400, 409}},
			"no JSON":                              {"/api/v1/commands", json, "note x", []int{400}},
			"a key of a megabyte":                  {"/api/v1/commands", json, api("note x", mega[:1<<19]), []int{400}},
			"a key with a line break":              {"/api/v1/commands", json, api("note x", "a\nb"), []int{400}},
			"nobody":                               {"/api/v1/commands", json, strings.Replace(api("note x", "m6"), `"ann"`, `"nobody"`, 1), []int{400}},
			"a user with control characters":       {"/api/v1/commands", json, strings.Replace(api("note x", "m7"), `"ann"`, `"a\u0000\u202en"`, 1), []int{400}},
			"a megabyte through the console":       {"/console/say", web, form("/incident note " + mega), []int{413}},
			"half a megabyte through the console":  {"/console/say", web, form("/incident note " + mega[:1<<19]), []int{400}},
			"half a megabyte of chat":              {"/console/say", web, form(mega[:1<<19]), []int{400}},
			"nothing but control characters":       {"/console/say", web, form("\x00\x01\u202e\u200b"), []int{400}},
			"a form that is none":                  {"/console/say", web, "%zz=%zz&text=%", []int{400}},
			"a room with control characters":       {"/console/say", web, strings.Replace(form("hello"), "room="+room, "room=%00%0a..%2f", 1), []int{404, 400}},
			"a command of broken UTF-8 in console": {"/console/say", web, strings.Replace(form("/incident severity BROKEN"), "BROKEN", "%ff%fe", 1), []int{200}},
		} {
			got := s.Post(c.path, c.kind, c.body)
			ok := false
			for _, want := range c.status {
				ok = ok || got.Status == want
			}
			if !ok {
				t.Errorf("%s: %d, want one of %v: %.300s", name, got.Status, c.status, got.Body)
			}
			if len(got.Body) > 4000 || !utf8.ValidString(got.Body) || got.Body == "" {
				t.Errorf("%s is answered with %d bytes: %.300q", name, len(got.Body), got.Body)
			}
		}
		s.Rest()
		if after := s.Get("/api/v1/incidents/INC-1/timeline").Body + s.Get("/api/v1/incidents").Body; after != before {
			t.Errorf("something was changed:\n%s\nbefore:\n%s", after, before)
		}
	})
}
