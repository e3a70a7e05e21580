package bot

import (
	"slices"
	"strings"

	"tocsin/incident"
)

// records says as what a reaction puts its message on record, as policy says:
// "decision", "action", or as nothing. What captures a message does only that.
func (h *House) records(emoji string) string {
	r := h.policy().Review
	switch name := emojiName(emoji); {
	case h.p.Config.captures(emoji):
		return ""
	case slices.Contains(r.Decision, name):
		return incident.SuggestDecision
	case slices.Contains(r.Action, name):
		return incident.SuggestAction
	}
	return ""
}

// captures says whether a reaction puts its message on record at all.
func (h *House) captures(emoji string) bool {
	return h.p.Config.captures(emoji) || h.records(emoji) != ""
}

// emojiName is what a reaction is called: platforms name it, or show it.
func emojiName(emoji string) string {
	switch strings.TrimSuffix(emoji, "\ufe0f") {
	case "⚖":
		return "scales"
	case "📋":
		return "clipboard"
	}
	return strings.Trim(emoji, ":")
}
