package slack

import (
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// Roles are what the app may do: what lacks its scope is not there. Until
// Slack has said what was granted, everything is.
//
// Locks is nil: a bot can make no channel private that is not, nor the other
// way round; only an admin can.
func (s *Slack) Roles() chat.Roles {
	c, me := s.out, s.out.ids.known()
	r := chat.Roles{Forms: true}
	if me.has("channels:manage") || me.has("groups:write") {
		r.Rooms = rooms{c}
	}
	if me.has("pins:write") {
		r.Pins = pins{c}
	}
	if me.has("channels:history") || me.has("groups:history") {
		r.Reader, r.Finder = reader{c}, finder{c}
	}
	if me.has("channels:read") || me.has("groups:read") {
		r.Places = c
	}
	if me.has("bookmarks:read") && me.has("bookmarks:write") {
		r.Bookmarks = bookmarks{c}
	}
	if me.has("reactions:write") {
		r.Marks = marks{c}
	}
	if me.has("usergroups:read") {
		r.Groups = groups{c}
	}
	if me.has("files:read") {
		r.Files = files{c}
	}
	return r
}

// lacks is the refusal of what a missing scope is needed for.
func lacks(scope, what string) error {
	k := call{what: what}
	r := refusal{code: "missing_scope", needed: scope}
	return fault.Wrap(fault.Rejected, r, "Slack refused to "+what+": "+k.remedy(r))
}

// Down says whether tocsin is out of Slack because its token is worth nothing,
// with why, and since when.
func (s *Slack) Down() (why string, since time.Time, down bool) {
	code, since := s.out.gates.state()
	if code == "" {
		return "", time.Time{}, false
	}
	return downSentence(code), since, true
}
