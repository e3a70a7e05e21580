package console_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func (s *site) hints(t *testing.T, text string) *element {
	t.Helper()
	_, html, err := s.get(t.Context(), "/console/complete?as=ann&room=general&text="+url.QueryEscape(text))
	if err != nil {
		t.Fatal(err)
	}
	return parse(html)
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed  string
		insert []string
		now    string // the argument that is being typed
	}{
		{"", nil, ""},
		{"hello", nil, ""},
		{"/", []string{"/incident "}, ""},
		{"/INC", []string{"/incident "}, ""},
		{"/other", nil, ""},
		{"/incident ", []string{"/incident declare", "/incident severity", "/incident take", "/incident update", "/incident resolve"}, ""},
		{"/incident s", []string{"/incident severity"}, ""},
		{"/incident severity ", []string{"/incident severity sev1", "/incident severity sev2", "/incident severity sev3"}, "<level>"},
		{"/incident severity sev2", []string{"/incident severity sev2"}, "<level>"},
		{"/incident severity sev2 it is", nil, "[why]"},
		{"/incident severity sev2 it is worse than", nil, "[why]"},
		{"@tocsin res", []string{"@tocsin resolve"}, ""},
		{"@", []string{"@ann ", "@bo ", "@cleo ", "@dana ", "@responder ", "@gus ", "@tocsin "}, ""},
		{"@lind", []string{"@bo "}, ""},
		{"ask @cl", []string{"ask @cleo "}, ""},
		{"ask a@cl", nil, ""},
		{"/incident take @bo", []string{"/incident take @bo "}, "[role]"},
	}
	s := open(t)
	for _, tt := range tests {
		t.Run("typing "+tt.typed, func(t *testing.T) {
			t.Parallel()
			h := s.hints(t, tt.typed)
			var got []string
			for _, o := range h.all(func(e *element) bool { return e.attr["role"] == "option" }) {
				got = append(got, o.attr["data-insert"])
			}
			if !slices.Equal(got, tt.insert) {
				t.Errorf("%q offers %q, want %q", tt.typed, got, tt.insert)
			}
			now := ""
			if e := h.first("now"); e != nil {
				now = e.text()
			}
			if now != tt.now {
				t.Errorf("%q shows %q as what is typed now, want %q", tt.typed, now, tt.now)
			}
		})
	}
}

func TestCompletionShowsHints(t *testing.T) {
	t.Parallel()
	s := open(t)
	if got := s.hints(t, "/incident severity ").first("usage").text(); !strings.Contains(got, "sev1 (all down) to sev5") {
		t.Errorf("the hint of the argument is %q", got)
	}
	if got := s.hints(t, "/incident s").text(); !strings.Contains(got, "say how bad it is") {
		t.Errorf("the verb's line is %q", got)
	}
	if got := s.hints(t, "/incident declare "+strings.Repeat("x", 3000)); len(got.all(func(*element) bool { return true })) != 0 {
		t.Error("a very long line is completed")
	}
}
