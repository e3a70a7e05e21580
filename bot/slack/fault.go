package slack

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tocsin/incident/fault"
)

// refusal is what Slack answered instead of doing it.
type refusal struct {
	code   string // "channel_not_found"
	needed string // scopes, with missing_scope
}

// Error implements error.
func (r refusal) Error() string {
	if r.needed != "" {
		return r.code + ", needed: " + r.needed
	}
	return r.code
}

// codeOf is the code that Slack gave; empty: none.
func codeOf(err error) string {
	r, _ := errors.AsType[refusal](err)
	return r.code
}

// answered is the part that all answers of the Web API share.
type answered struct {
	OK       *bool  `json:"ok"`
	Error    string `json:"error"`
	Needed   string `json:"needed"`
	Metadata struct {
		Cursor string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// lost is the kind of a call that was sent and whose outcome is not known.
func (k call) lost() fault.Kind {
	if k.writes() {
		return fault.Unknown
	}
	return fault.Unavailable
}

// broken is a call without a whole answer.
func (k call) broken(t *trip) *fault.Error {
	if neverSent(t) {
		return fault.Wrap(fault.Unavailable, bare(t.err), "Slack could not be reached to "+k.what+"; nothing was sent.")
	}
	if k.writes() {
		return fault.Wrap(fault.Unknown, bare(t.err), "Slack was asked to "+k.what+" and did not answer: it may have happened.")
	}
	return fault.Wrap(fault.Unavailable, bare(t.err), "Slack did not answer when asked to "+k.what+".")
}

// neverSent holds when the request surely did not leave: no connection was
// made, or nothing had been written to it.
func neverSent(t *trip) bool {
	if t.sent.Load() {
		return false
	}
	if t.traced.Load() {
		return true
	}
	op, ok := errors.AsType[*net.OpError](t.err)
	return ok && op.Op == "dial"
}

// bare is an error without the address that net/http puts into it: it may be a
// secret, as a response_url is.
func bare(err error) error {
	if err == nil {
		return nil
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return errors.New(strings.Join(strings.Fields(err.Error()), " "))
}

// judge says what an answer means; nil: it was done.
func (k call) judge(t *trip, now time.Time, a answered, decoded bool) *fault.Error {
	switch {
	case t.status == http.StatusTooManyRequests:
		return k.slower(t, now, "HTTP 429")
	case t.status >= 500:
		return fault.Wrap(k.lost(), errors.New("HTTP "+strconv.Itoa(t.status)), k.unsure("Slack answered with an error of its own"))
	case k.host != "" && (t.status == http.StatusNotFound || t.status == http.StatusGone):
		return fault.Wrap(fault.Rejected, errors.New("HTTP "+strconv.Itoa(t.status)), "Slack takes no more answers to this: half an hour has passed, or it was answered five times.")
	case t.status != http.StatusOK:
		// Slack itself answers nothing else: it did not get there.
		return fault.Wrap(fault.Unavailable, errors.New("HTTP "+strconv.Itoa(t.status)), "Something between tocsin and Slack refused to "+k.what+" (HTTP "+strconv.Itoa(t.status)+"). Look at TOCSIN_SLACK_API_URL and the proxy.")
	case k.host != "" && !decoded:
		return nil // a response_url says "ok" without more
	case !decoded || a.OK == nil:
		return fault.Wrap(k.lost(), errors.New("the answer cannot be read"), k.unsure("Slack's answer could not be read"))
	case *a.OK:
		return nil
	}
	return k.refused(t, now, refusal{code: a.Error, needed: a.Needed})
}

func (k call) unsure(how string) string {
	if k.writes() {
		return how + " when asked to " + k.what + ": it may have happened."
	}
	return how + " when asked to " + k.what + "."
}

// slower is an answer that asks to come again later.
func (k call) slower(t *trip, now time.Time, why string) *fault.Error {
	f := fault.Wrap(fault.Unavailable, errors.New(why), "Slack lets tocsin "+k.what+" no faster; it is tried again.")
	f.After = retryAfter(t.header.Get("Retry-After"), now)
	return f
}

// Bounds on what Slack may ask for: without a word half a minute, and never
// more than ten.
const (
	restUnsaid = 30 * time.Second
	restMost   = 10 * time.Minute
)

func retryAfter(s string, now time.Time) time.Duration {
	d := restUnsaid
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 {
		d = time.Duration(min(n, 3600)) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, time.Second), restMost)
}

// refused is the fault of an answer with ok:false.
func (k call) refused(t *trip, now time.Time, r refusal) *fault.Error {
	switch r.code {
	case "ratelimited", "rate_limited", "message_limit_exceeded", "too_many_requests":
		return k.slower(t, now, r.code)
	case "internal_error", "fatal_error", "service_unavailable", "update_failed", "":
		return fault.Wrap(k.lost(), r, k.unsure("Slack answered with an error of its own"))
	case "duplicate_message_not_found", "duplicate_channel_not_found", "duplicate_client_msg_id":
		return fault.Wrap(k.lost(), r, k.unsure("Slack has seen it before"))
	case "team_added_to_org", "accesslimited", "request_timeout", "external_channel_migrating", "streaming_state_conflict", "fetch_members_failed":
		f := fault.Wrap(fault.Unavailable, r, "Slack is changing something itself and could not "+k.what+" now; it is tried again.")
		f.After = restUnsaid
		return f
	}
	if lockedOut(r.code) && !k.appToken {
		f := fault.Wrap(fault.Unavailable, r, downSentence(r.code))
		f.After = probeEvery
		return f
	}
	if gone(r.code) {
		return fault.Wrap(fault.NotFound, r, "The message is not there any more, so Slack could not "+k.what+".")
	}
	return fault.Wrap(fault.Rejected, r, "Slack refused to "+k.what+": "+k.remedy(r))
}

// gone holds for codes that say a message was taken away.
func gone(code string) bool {
	switch code {
	case "message_not_found", "thread_not_found", "bad_timestamp":
		return true
	}
	return false
}

// lockedOut holds for codes that say the token is worth nothing.
func lockedOut(code string) bool {
	switch code {
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "org_login_required", "two_factor_setup_required":
		return true
	}
	return false
}

// downSentence says that tocsin is out of Slack.
func downSentence(code string) string {
	return "Slack no longer takes tocsin's token (" + code + "), so nothing can be said there. Install the app again, set TOCSIN_SLACK_BOT_TOKEN, and restart tocsin."
}

// remedy says why, and what to do about it.
func (k call) remedy(r refusal) string {
	switch r.code {
	case "missing_scope":
		if r.needed == "" {
			return "the app lacks a scope. Run tocsin doctor, which names it."
		}
		return "the app lacks the scope " + r.needed + ". Add it under OAuth & Permissions, and install the app again."
	case "channel_not_found", "channel_is_limited_access":
		return "the channel is not there, or tocsin is not in it. Type /invite @tocsin in it."
	case "not_in_channel", "app_cannot_join_channel":
		return "tocsin is not in the channel. Type /invite @tocsin in it."
	case "is_archived", "is_inactive":
		return "the channel is archived. Take it out of the archive, or choose another."
	case "user_not_in_channel":
		return "this person is not in the channel. Invite them first."
	case "plan_upgrade_required":
		return "user groups need a paid plan of Slack. Name people one by one instead."
	case "too_many_pins", "too_many_bookmarks", "too_many_tabs":
		return "the channel holds as many as Slack allows. Take one away that nobody needs."
	case "too_many_reactions", "too_many_emoji":
		return "the message has as many reactions as Slack allows."
	case "edit_window_closed", "cant_update_message":
		return "the workspace lets messages be changed only for a while, or this one is not tocsin's."
	case "expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id":
		return "it took too long. Try it again."
	case "not_found", "hash_conflict":
		return "it was taken away or changed meanwhile. Open it again."
	case "messages_tab_disabled", "not_enabled":
		return "the app's home is switched off. Turn on the Home and Messages tabs under App Home of the app."
	case "method_not_supported_for_channel_type", "not_implemented", "not_supported", "cannot_reply_to_message":
		return "this kind of conversation has no such thing."
	}
	return k.remedyRest(r.code)
}

func (k call) remedyRest(code string) string {
	switch code {
	case "user_not_found", "users_not_found", "user_not_visible", "user_disabled", "no_user", "org_user_not_in_team":
		return "this person has no active account in the workspace."
	case "cant_invite", "user_is_restricted", "ura_max_channels", "invitee_cant_see_channel", "no_external_invite_permission":
		return "this person may not be invited here. A full member can do it by hand."
	}
	switch {
	case strings.HasPrefix(code, "restricted_action"), byRule(code):
		return "the workspace's settings do not let tocsin (" + code + "). An admin of the workspace can allow it."
	case lockedOut(code):
		return "the token is worth nothing (" + code + "). Make a new app-level token with connections:write, and set TOCSIN_SLACK_APP_TOKEN."
	case strings.HasPrefix(code, "slack_connect_"), strings.HasPrefix(code, "cannot_bookmark_"):
		return "another organisation reads the channel, and the settings do not allow it there (" + code + ")."
	case strings.HasPrefix(code, "msg_"), strings.HasPrefix(code, "invalid_"), strings.HasPrefix(code, "too_"), strings.HasPrefix(code, "metadata_"), code == "no_text", code == "view_too_large", code == "block_mismatch":
		return "it does not take what tocsin made of it (" + code + "). That is a mistake of tocsin's; please report it."
	}
	return "its reason is " + code + "."
}

// byRule holds for codes that say a setting of the workspace is in the way.
func byRule(code string) bool {
	switch code {
	case "no_permission", "access_denied", "permission_denied", "no_access", "not_allowed", "posting_to_channel_denied",
		"cannot_create_channel", "team_access_not_granted", "ekm_access_denied", "app_access_restricted", "thread_locked",
		"forbidden_team", "send_on_behalf_not_allowed":
		return true
	}
	return false
}
