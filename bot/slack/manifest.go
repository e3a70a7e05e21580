package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"tocsin/bot/chat"
)

// The shortcuts' names in payloads.
const (
	shortcutDeclare     = "declare_incident"
	shortcutCapture     = "add_to_timeline"
	shortcutDeclareFrom = "declare_from_message"
	shortcutAction      = "make_action_item"
)

// Limits of a manifest, from Slack's published schema of app manifests.
const (
	maxHint        = 1000 // usage_hint of a slash command
	maxDescription = 2000 // description of a slash command
)

// manifest is an app as Slack's app configuration takes it.
type manifest struct {
	Metadata struct {
		Major int `json:"major_version"`
		Minor int `json:"minor_version"`
	} `json:"_metadata"`
	Display  display  `json:"display_information"`
	Features features `json:"features"`
	OAuth    struct {
		Scopes struct {
			Bot      []string `json:"bot"`
			Optional []string `json:"bot_optional,omitempty"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings settings `json:"settings"`
}

type display struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Color       string `json:"background_color"`
}

type features struct {
	Home struct {
		Home     bool `json:"home_tab_enabled"`
		Messages bool `json:"messages_tab_enabled"`
		ReadOnly bool `json:"messages_tab_read_only_enabled"`
	} `json:"app_home"`
	Bot struct {
		Name   string `json:"display_name"`
		Online bool   `json:"always_online"`
	} `json:"bot_user"`
	Shortcuts []shortcut     `json:"shortcuts"`
	Commands  []slashCommand `json:"slash_commands"`
}

type shortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Callback    string `json:"callback_id"`
	Description string `json:"description"`
}

type slashCommand struct {
	Command     string `json:"command"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"`
}

type settings struct {
	Events struct {
		URL string   `json:"request_url,omitempty"`
		Bot []string `json:"bot_events"`
	} `json:"event_subscriptions"`
	Interactivity struct {
		On  bool   `json:"is_enabled"`
		URL string `json:"request_url,omitempty"`
	} `json:"interactivity"`
	Org    bool `json:"org_deploy_enabled"`
	Socket bool `json:"socket_mode_enabled"`
	Rotate bool `json:"token_rotation_enabled"`
}

// events are what Slack reports to the app.
func events() []string {
	return []string{
		"app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_id_changed", "channel_left",
		"channel_rename", "channel_unarchive", "group_archive", "group_left", "group_rename", "group_unarchive",
		"member_joined_channel", "member_left_channel", "message.channels", "message.groups", "message.im",
		"pin_added", "pin_removed", "reaction_added", "reaction_removed", "tokens_revoked",
	}
}

func shortcuts() []shortcut {
	return []shortcut{
		{"Declare an incident", "global", shortcutDeclare, "Open the form that declares an incident"},
		{"Add to timeline", "message", shortcutCapture, "Keep this message on the incident's timeline"},
		{"Declare from message", "message", shortcutDeclareFrom, "Declare an incident about this message"},
		{"Make action item", "message", shortcutAction, "Keep this message as something to do later"},
	}
}

// Manifest is the Slack app that serves a house, as JSON to paste into Slack.
// base is the public address that Slack calls, "https://tocsin.example"; empty:
// Socket Mode, which needs none.
func Manifest(command string, verbs []chat.Verb, base string) []byte {
	var m manifest
	m.Metadata.Major, m.Metadata.Minor = 2, 1
	m.Display = display{Name: "tocsin", Description: "Runs incidents: rooms, roles, pages, updates, the timeline", Color: "#8b1a1a"}
	m.Features.Home.Home, m.Features.Home.Messages = true, true
	m.Features.Bot.Name, m.Features.Bot.Online = "tocsin", true
	m.Features.Shortcuts = shortcuts()
	for _, s := range scopes() {
		if s.Optional {
			m.OAuth.Scopes.Optional = append(m.OAuth.Scopes.Optional, s.Name)
		} else {
			m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, s.Name)
		}
	}
	slices.Sort(m.OAuth.Scopes.Bot)
	hook := ""
	if base != "" {
		hook = strings.TrimSuffix(base, "/") + Hook
	}
	m.Features.Commands = []slashCommand{{
		Command: "/" + command, URL: hook, Escape: true, Hint: hint(verbs),
		Description: cut("Declare an incident, or say what to do in one: /"+command+" checkout is failing", maxDescription),
	}}
	m.Settings.Events.URL, m.Settings.Events.Bot = hook, events()
	m.Settings.Interactivity.On, m.Settings.Interactivity.URL = true, hook
	m.Settings.Socket = base == ""
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic("a manifest of plain values did not encode: " + err.Error())
	}
	return append(b, '\n')
}

// hint lists the verbs, as far as they fit, after the main thing one types.
func hint(verbs []chat.Verb) string {
	out := "what is wrong"
	for _, v := range verbs {
		if v.Hidden {
			continue
		}
		if next := out + " | " + v.Name; utf8.RuneCountInString(next) <= maxHint {
			out = next
		}
	}
	return out
}

func cut(s string, limit int) string { return chat.Shorten(s, limit) }
