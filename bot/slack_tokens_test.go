package bot_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tocsin/bot/bottest"
	"tocsin/bot/slack/slacktest"
)

func TestATokenThatIsTakenBackIsSaidInWords(t *testing.T) {
	t.Parallel()
	h := newSlackHouse(t, false)
	p := h.start()
	defer p.end()
	h.far.RevokeToken()
	code, out, errs := h.tocsin(h.env, "doctor")
	if code == 0 || !strings.Contains(out, "fail  slack: ") || !strings.Contains(out, "Install the app again") || !strings.Contains(out, "TOCSIN_SLACK_BOT_TOKEN") {
		t.Errorf("doctor ends with %d:\n%s%s", code, out, errs)
	}
	if all := out + errs; strings.Contains(all, "xoxb-fake") || strings.Contains(all, "xapp-fake") {
		t.Errorf("doctor shows a token:\n%s", all)
	}
	h.until("readyz says that Slack lets tocsin in no more", func() bool {
		status, body := get(t, "http://"+h.at+"/readyz")
		return status == http.StatusOK && strings.Contains(strings.ToLower(body), "slack")
	})
}

// TestWrongTokensAreRefusedInASentence holds for what can be seen from a token
// itself, and for what Slack says of it.
func TestWrongTokensAreRefusedInASentence(t *testing.T) {
	t.Parallel()
	h := newSlackHouse(t, false)
	with := func(settings ...string) []string {
		env := slices.DeleteFunc(slices.Clone(h.env), func(e string) bool { return strings.Contains(e, "_TOKEN=") })
		return append(env, settings...)
	}
	for name, tt := range map[string]struct {
		env  []string
		want string
	}{
		"two that are mixed up":        {with("TOCSIN_SLACK_BOT_TOKEN=xapp-wrong-1", "TOCSIN_SLACK_APP_TOKEN=xoxb-wrong-2"), "TOCSIN_SLACK_BOT_TOKEN"},
		"a user's for the bot's":       {with("TOCSIN_SLACK_BOT_TOKEN=xoxp-wrong-1", "TOCSIN_SLACK_APP_TOKEN=xapp-fake"), "xoxb-"},
		"the bot's alone":              {with("TOCSIN_SLACK_BOT_TOKEN=xoxb-wrong-1"), "TOCSIN_SLACK_APP_TOKEN"},
		"the app's alone":              {with("TOCSIN_SLACK_APP_TOKEN=xapp-wrong-1"), "TOCSIN_SLACK_BOT_TOKEN"},
		"an address that is none":      {append(with("TOCSIN_SLACK_BOT_TOKEN=xoxb-fake", "TOCSIN_SLACK_APP_TOKEN=xapp-fake"), "TOCSIN_SLACK_API_URL=slack"), "TOCSIN_SLACK_API_URL"},
		"words with a line end within": {with("TOCSIN_SLACK_BOT_TOKEN=wrong\nwrong-1", "TOCSIN_SLACK_APP_TOKEN=xapp-fake"), "TOCSIN_SLACK_BOT_TOKEN"},
	} {
		code, out, errs := h.tocsin(tt.env)
		lines := strings.Split(strings.TrimSpace(errs), "\n")
		if code != 2 || out != "" || !strings.Contains(errs, tt.want) || strings.Contains(errs, "wrong-") {
			t.Errorf("with %s it ends with %d and says %q", name, code, errs)
		}
		if want := strings.Count(errs, "TOCSIN_SLACK_"); len(lines) > want {
			t.Errorf("with %s it takes %d lines: %q", name, len(lines), errs)
		}
	}
	for name, env := range map[string][]string{
		"a bot's token that Slack does not know":  with("TOCSIN_SLACK_BOT_TOKEN=xoxb-wrong-1", "TOCSIN_SLACK_APP_TOKEN=xapp-fake"),
		"an app's token that Slack does not know": with("TOCSIN_SLACK_BOT_TOKEN=xoxb-fake", "TOCSIN_SLACK_APP_TOKEN=xapp-wrong-1"),
	} {
		code, out, errs := h.tocsin(env, "doctor")
		if code == 0 || strings.Count(out, "fail  slack: ") != 1 || strings.Contains(out+errs, "wrong-1") || strings.Contains(out, "invalid_auth\n") {
			t.Errorf("with %s doctor ends with %d:\n%s%s", name, code, out, errs)
		}
	}
}

// TestTheManifestIsPrintedWhole sees that what the fake Slack of the stories is
// installed from is what people are given.
func TestTheManifestIsPrintedWhole(t *testing.T) {
	t.Parallel()
	h := newSlackHouse(t, false)
	for _, args := range [][]string{{"setup", "slack", "--manifest"}, {"setup", "slack", "--manifest", "--url", "https://tocsin.example"}} {
		code, out, errs := h.tocsin(nil, args...)
		if code != 0 || errs != "" || !json.Valid([]byte(out)) {
			t.Fatalf("%q ends with %d\n%s%s", args, code, out, errs)
		}
		o := bottest.Installed(t, slacktest.Options{})
		for _, name := range append(o.Scopes, o.Events...) {
			if strings.Count(out, `"`+name+`"`) != 1 {
				t.Errorf("%q names %s %d times", args, name, strings.Count(out, `"`+name+`"`))
			}
		}
		if len(o.Scopes) < 20 || len(o.Events) < 15 {
			t.Errorf("it asks for %d scopes and %d events only", len(o.Scopes), len(o.Events))
		}
	}
}
