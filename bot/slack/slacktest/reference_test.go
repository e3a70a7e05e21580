package slacktest_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tocsin/bot/slack/slacktest"
)

// reference is one method as Slack documents it.
type reference struct {
	Scope struct {
		Bot []string `json:"bot"`
	} `json:"scope"`
	Tier string `json:"rate_limits"`
	Args struct {
		Required   []string       `json:"required"`
		Properties map[string]any `json:"properties"`
	} `json:"args"`
	Errors map[string]any `json:"errors"`
}

// specs is the folder of reference documents; without it there is nothing to
// compare with.
func specs(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("TOCSIN_SPECS")
	if folder == "" {
		t.Skip("TOCSIN_SPECS names no folder of reference documents")
	}
	return folder
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	body, err := os.ReadFile(path)
	must(t, err)
	must(t, json.Unmarshal(body, into))
}

func sorted(all []string) []string { return slices.Sorted(slices.Values(all)) }

func TestMethodsAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	folder := specs(t)
	tiers := map[int]string{2: "t2", 3: "t3", 4: "t4", 5: "t5"}
	if len(slacktest.Methods()) < 40 {
		t.Errorf("only %d methods are served", len(slacktest.Methods()))
	}
	for _, m := range slacktest.Methods() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			var ref reference
			read(t, filepath.Join(folder, "slack-methods", m.Name+".json"), &ref)
			if tiers[m.Tier] != ref.Tier {
				t.Errorf("its tier is %s, the reference says %s", tiers[m.Tier], ref.Tier)
			}
			if got, want := sorted(m.Scopes), sorted(ref.Scope.Bot); !slices.Equal(got, want) {
				t.Errorf("its scopes are %q, the reference says %q", got, want)
			}
			want := slices.DeleteFunc(ref.Args.Required, func(s string) bool { return s == "token" })
			if got := sorted(m.Required); !slices.Equal(got, sorted(want)) {
				t.Errorf("it wants %q, the reference says %q", got, want)
			}
			if _, knows := ref.Args.Properties["team_id"]; knows != m.TeamID {
				t.Errorf("it knows team_id: %v; the reference says %v", m.TeamID, knows)
			}
			for _, e := range m.Errors {
				if _, ok := ref.Errors[e]; !ok {
					t.Errorf("it answers %q, which the reference does not name", e)
				}
			}
		})
	}
}

func TestGateErrorsAreDocumentedSomewhere(t *testing.T) {
	t.Parallel()
	folder := specs(t)
	files, err := filepath.Glob(filepath.Join(folder, "slack-methods", "*.*.json"))
	must(t, err)
	known := map[string]bool{}
	for _, file := range files {
		var ref struct {
			Errors map[string]any `json:"errors"`
		}
		read(t, file, &ref)
		for e := range maps.Keys(ref.Errors) {
			known[e] = true
		}
	}
	var old struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Schema struct {
					Properties struct {
						Error struct {
							Enum []string `json:"enum"`
						} `json:"error"`
					} `json:"properties"`
				} `json:"schema"`
			} `json:"responses"`
		} `json:"paths"`
	}
	read(t, filepath.Join(folder, "slack-web-api.json"), &old)
	for _, path := range old.Paths {
		for _, op := range path {
			for _, e := range op.Responses["default"].Schema.Properties.Error.Enum {
				known[e] = true
			}
		}
	}
	if len(known) < 200 {
		t.Fatalf("only %d errors were read", len(known))
	}
	for _, e := range slacktest.GateErrors() {
		if !known[e] && e != "unknown_method" { // what is no method has no page
			t.Errorf("%q is documented nowhere", e)
		}
	}
}

func TestEventsAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	folder := specs(t)
	var all []struct {
		Name   string   `json:"name"`
		Scopes []string `json:"scopes"`
	}
	read(t, filepath.Join(folder, "slack-methods", "_events.json"), &all)
	var old struct {
		Topics map[string]any `json:"topics"`
	}
	read(t, filepath.Join(folder, "slack-events-async.json"), &old)
	known := map[string][]string{}
	for _, e := range all {
		known[e.Name] = e.Scopes
	}
	for _, e := range slacktest.AllEvents() {
		scopes, ok := known[e]
		if _, was := old.Topics[strings.ReplaceAll(e, "_", ".")]; !ok && !was {
			t.Errorf("%q is no event", e)
		}
		for _, scope := range slacktest.EventScopes(e) {
			if ok && !slices.Contains(scopes, scope) && !slices.Contains(scopes, strings.Replace(scope, ":", ".", 1)) {
				t.Errorf("%q is heard with %s, the reference says %q", e, scope, scopes)
			}
		}
	}
}

// shape compares an answer with one of Slack's own whose values are blanked:
// every field that we give must be one of theirs, and of the same kind.
func shape(t *testing.T, path string, ours, theirs any) {
	t.Helper()
	switch ours := ours.(type) {
	case object:
		other, ok := theirs.(object)
		if !ok {
			if theirs != nil {
				t.Errorf("%s is an object, theirs is %T", path, theirs)
			}
			return
		}
		for name, v := range ours {
			if o, known := other[name]; known {
				shape(t, path+"."+name, v, o)
			}
		}
	case []any:
		other, ok := theirs.([]any)
		if !ok {
			if theirs != nil {
				t.Errorf("%s is a list, theirs is %T", path, theirs)
			}
			return
		}
		if len(ours) > 0 && len(other) > 0 {
			if o, isObject := other[0].(object); !isObject || o["type"] == nil {
				shape(t, path+"[]", ours[0], other[0])
			}
		}
	case nil:
	default:
		if theirs != nil && kindOf(ours) != kindOf(theirs) {
			t.Errorf("%s is a %s, theirs is a %s", path, kindOf(ours), kindOf(theirs))
		}
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "truth"
	}
	return "structure"
}

func TestShapesAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	samples := filepath.Join(specs(t), "slack-shapes", "json-logs", "samples")
	s, a := hooked(t, slacktest.Options{})
	group := s.AddGroup(slacktest.Group{Handle: "oncall", Members: []string{s.ann}}).ID
	ts, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "<@x> hello"})
	must(t, err)
	_, err = s.React(t.Context(), s.ann, s.room, ts, "eyes")
	must(t, err)
	_, err = s.Pin(t.Context(), s.ann, s.room, ts)
	must(t, err)
	_, err = s.EditMessage(t.Context(), s.ann, s.room, ts, "y")
	must(t, err)
	own := s.post("own")
	cy := s.AddUser(slacktest.User{Name: "cy"}).ID
	calls := map[string][]string{
		"auth.test": nil, "users.info": {"user", s.ann}, "users.list": nil, "team.info": nil, "bots.info": {"bot", "B0TOCSIN0"},
		"usergroups.list": nil, "usergroups.users.list": {"usergroup", group}, "chat.postMessage": {"channel", s.room, "text", "x"},
		"chat.update": {"channel", s.room, "ts", own, "text", "y"}, "chat.getPermalink": {"channel", s.room, "message_ts", own},
		"conversations.info": {"channel", s.room}, "conversations.list": nil, "conversations.history": {"channel", s.room},
		"conversations.replies": {"channel", s.room, "ts", ts}, "conversations.members": {"channel", s.room},
		"conversations.create": {"name", "new"}, "conversations.invite": {"channel", s.room, "users", cy},
		"conversations.open": {"users", s.ann}, "conversations.setTopic": {"channel", s.room, "topic", "x"},
		"pins.list": {"channel", s.room}, "reactions.get": {"channel", s.room, "timestamp", ts},
		"views.publish": {"user_id", s.ann, "view", `{"type":"home","blocks":[]}`}, "users.conversations": nil,
	}
	for method, args := range calls {
		ours := s.ok(method, args...)
		var theirs object
		read(t, filepath.Join(samples, "api", method+".json"), &theirs)
		shape(t, method, ours, theirs)
	}
	must(t, s.Settle(t.Context()))
	files := map[string]string{
		"message": "MessagePayload", "reaction_added": "ReactionAddedPayload", "pin_added": "PinAddedPayload",
		"message_changed": "MessageChangedPayload", "channel_created": "ChannelCreatedPayload", "member_joined_channel": "MemberJoinedChannelPayload",
	}
	for _, p := range a.payloads(t) {
		kind := dig(t, p, "event", "type").(string)
		if sub, ok := dig(t, p, "event").(object)["subtype"].(string); ok && files[sub] != "" {
			kind = sub
		}
		if files[kind] == "" {
			continue
		}
		var theirs object
		read(t, filepath.Join(samples, "events", files[kind]+".json"), &theirs)
		shape(t, kind, p, theirs)
		delete(files, kind)
	}
	if len(files) > 0 {
		t.Errorf("no such events came: %v", files)
	}
}
