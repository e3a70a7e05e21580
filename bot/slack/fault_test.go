package slack_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

const (
	writing = "chat.postMessage"
	reading = "conversations.history"
)

func TestWhatWentOverTheWireSaysWhatMayHaveHappened(t *testing.T) {
	t.Parallel()
	dial := &url.Error{Op: "Post", URL: "https://slack.com/api/secret", Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	cut := &url.Error{Op: "Post", URL: "https://slack.com/api/secret", Err: io.ErrUnexpectedEOF}
	tests := []struct {
		name        string
		wire        slack.Wire
		write, read fault.Kind
		after       time.Duration
	}{
		{"nobody is there", slack.Wire{Err: dial, Traced: true}, fault.Unavailable, fault.Unavailable, 0},
		{"nobody is there, seen by the error alone", slack.Wire{Err: dial}, fault.Unavailable, fault.Unavailable, 0},
		{"the handshake fails", slack.Wire{Err: errors.New("tls: bad certificate"), Traced: true}, fault.Unavailable, fault.Unavailable, 0},
		{"the connection breaks after it was sent", slack.Wire{Err: cut, Traced: true, Sent: true}, fault.Unknown, fault.Unavailable, 0},
		{"the connection breaks, and whether it was sent is not known", slack.Wire{Err: cut}, fault.Unknown, fault.Unavailable, 0},
		{"half an answer", slack.Wire{Status: 200, Err: io.ErrUnexpectedEOF, Sent: true, Traced: true}, fault.Unknown, fault.Unavailable, 0},
		{"an error of Slack's own", slack.Wire{Status: 503, Body: "<html>", Sent: true}, fault.Unknown, fault.Unavailable, 0},
		{"an answer that is no JSON", slack.Wire{Status: 200, Body: "<html>ok</html>", Sent: true}, fault.Unknown, fault.Unavailable, 0},
		{"an answer that says nothing", slack.Wire{Status: 200, Body: "{}", Sent: true}, fault.Unknown, fault.Unavailable, 0},
		{"429 with a time", slack.Wire{Status: 429, Header: http.Header{"Retry-After": {"7"}}, Sent: true}, fault.Unavailable, fault.Unavailable, 7 * time.Second},
		{"429 without one", slack.Wire{Status: 429, Sent: true}, fault.Unavailable, fault.Unavailable, 30 * time.Second},
		{"429 with an absurd one", slack.Wire{Status: 429, Header: http.Header{"Retry-After": {"999999"}}, Sent: true}, fault.Unavailable, fault.Unavailable, 10 * time.Minute},
		{"429 with a date", slack.Wire{Status: 429, Header: http.Header{"Retry-After": {noon().Add(time.Minute).Format(http.TimeFormat)}}, Sent: true}, fault.Unavailable, fault.Unavailable, time.Minute},
		{"ratelimited in words", slack.Wire{Status: 200, Body: `{"ok":false,"error":"ratelimited"}`, Header: http.Header{"Retry-After": {"3"}}, Sent: true}, fault.Unavailable, fault.Unavailable, 3 * time.Second},
		{"a proxy refuses", slack.Wire{Status: 407, Sent: true}, fault.Unavailable, fault.Unavailable, 0},
		{"fatal_error", slack.Wire{Status: 200, Body: `{"ok":false,"error":"fatal_error"}`, Sent: true}, fault.Unknown, fault.Unavailable, 0},
		{"a duplicate", slack.Wire{Status: 200, Body: `{"ok":false,"error":"duplicate_message_not_found"}`, Sent: true}, fault.Unknown, fault.Unavailable, 0},
		{"gone", slack.Wire{Status: 200, Body: `{"ok":false,"error":"message_not_found"}`, Sent: true}, fault.NotFound, fault.NotFound, 0},
		{"archived", slack.Wire{Status: 200, Body: `{"ok":false,"error":"is_archived"}`, Sent: true}, fault.Rejected, fault.Rejected, 0},
		{"a code nobody knows", slack.Wire{Status: 200, Body: `{"ok":false,"error":"brand_new_code"}`, Sent: true}, fault.Rejected, fault.Rejected, 0},
		{"a token worth nothing", slack.Wire{Status: 200, Body: `{"ok":false,"error":"token_revoked"}`, Sent: true}, fault.Unavailable, fault.Unavailable, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for method, want := range map[string]fault.Kind{writing: tt.write, reading: tt.read} {
				err := slack.Judge(method, tt.wire, noon())
				f, ok := errors.AsType[*fault.Error](err)
				if !ok || f.Kind != want || f.After != tt.after {
					t.Errorf("%s came to %v (%+v), want %v after %s", method, err, f, want, tt.after)
				}
				if ok && (!strings.HasSuffix(f.Say, ".") || strings.Contains(err.Error(), "/api/secret")) {
					t.Errorf("%s says %q", method, err)
				}
			}
		})
	}
}

func TestAnAnswerThatTheLibraryCannotReadIsStillDone(t *testing.T) {
	t.Parallel()
	odd := slack.Wire{Status: 200, Sent: true, Body: `{"ok":true,"ts":"1.2","errors":[{"odd":true}]}`, Err: nil}
	if err := slack.Judge(writing, odd, noon()); err != nil {
		t.Errorf("it was done and is told as %v", err)
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`"missing_scope","needed":"pins:write"`: "Add it under OAuth & Permissions",
		`"missing_scope"`:                       "tocsin doctor",
		`"channel_not_found"`:                   "/invite @tocsin",
		`"not_in_channel"`:                      "/invite @tocsin",
		`"is_archived"`:                         "out of the archive",
		`"restricted_action_read_only_channel"`: "An admin of the workspace can allow it",
		`"plan_upgrade_required"`:               "Name people one by one",
		`"msg_too_long"`:                        "please report it",
		`"expired_trigger_id"`:                  "Try it again",
		`"token_revoked"`:                       "Install the app again",
		`"account_inactive"`:                    "nothing can be said there",
		`"user_not_found"`:                      "no active account",
		`"too_many_pins"`:                       "Take one away",
	}
	for code, want := range tests {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			err := slack.Judge(writing, slack.Wire{Status: 200, Sent: true, Body: `{"ok":false,"error":` + code + `}`}, noon())
			if s := fault.Sentence(err); !strings.Contains(s, want) || !strings.HasSuffix(s, ".") {
				t.Errorf("people are told %q, want %q in it", s, want)
			}
		})
	}
	scope := slack.Judge(writing, slack.Wire{Status: 200, Sent: true, Body: `{"ok":false,"error":"missing_scope","needed":"pins:write"}`}, noon())
	if !strings.Contains(fault.Sentence(scope), "pins:write") {
		t.Errorf("the scope is not named: %q", fault.Sentence(scope))
	}
}

func TestEveryErrorThatSlackDocumentsHasWords(t *testing.T) {
	t.Parallel()
	n := 0
	for _, m := range slacktest.Methods() {
		for _, code := range append(m.Errors, slacktest.GateErrors()...) {
			n++
			err := slack.Judge(m.Name, slack.Wire{Status: 200, Sent: true, Body: `{"ok":false,"error":"` + code + `"}`}, noon())
			f, ok := errors.AsType[*fault.Error](err)
			if !ok || f.Kind == fault.Internal || slack.Code(err) != code && f.After == 0 {
				t.Errorf("%s with %s came to %v", m.Name, code, err)
				continue
			}
			if !strings.HasSuffix(f.Say, ".") || strings.Contains(f.Say, "  ") || len(f.Say) > 260 || !strings.HasPrefix(f.Say, "Slack") && !strings.HasPrefix(f.Say, "The message") {
				t.Errorf("%s with %s says %q", m.Name, code, f.Say)
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d errors were tried", n)
	}
}
