package say

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// Person names somebody without notifying them.
func Person(id incident.PersonID, v Voice) chat.Span { return v.mention(id, false) }

// Ping names somebody and notifies them.
func Ping(id incident.PersonID, v Voice) chat.Span { return v.mention(id, true) }

func (v Voice) mention(id incident.PersonID, ping bool) chat.Span {
	switch id {
	case incident.House:
		return chat.Plain("tocsin")
	case "":
		return chat.Plain("somebody")
	}
	face := v.face(id)
	return chat.Mention{User: face.Account, Name: face.Name, Ping: ping && face.Account != ""}
}

func (v Voice) face(id incident.PersonID) Face {
	var f Face
	if v.Face != nil {
		f = v.Face(id)
	}
	if f.Name == "" {
		f.Name = string(id)
	}
	return f
}

// RoleName is what people call a role.
func RoleName(role incident.Role, v Voice) string {
	for _, r := range v.Policy.Roles {
		if r.Role == role && r.Name != "" {
			return r.Name
		}
	}
	switch role {
	case incident.Commander:
		return "incident commander"
	case incident.Communications:
		return "communications lead"
	case incident.Operations:
		return "operations lead"
	case incident.Scribe:
		return "scribe"
	}
	return string(role)
}

// label is a name as the label of a field.
func label(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// roles lists the house's roles, and those that are held though the policy
// does not name them any more.
func (v Voice) roles(inc incident.Incident) []incident.Role {
	var out []incident.Role
	for _, r := range v.Policy.Roles {
		out = append(out, r.Role)
	}
	if len(out) == 0 {
		out = []incident.Role{incident.Commander, incident.Communications, incident.Operations, incident.Scribe}
	}
	for _, h := range inc.Holders {
		if !slices.Contains(out, h.Role) {
			out = append(out, h.Role)
		}
	}
	return out
}

// Moment is a moment in the asker's zone: date, time and zone, as a reply
// repeats what it read.
func Moment(t time.Time, v Voice) string {
	return chat.Paper{Zone: v.Zone, Now: v.Now}.Moment(chat.When{At: t, Style: chat.DateTime})
}

// at shows a moment as a clock when it is near, else with its date.
func (v Voice) at(t time.Time) chat.Span {
	style := chat.DateTime
	if d := v.Now.Sub(t); d < 12*time.Hour && d > -12*time.Hour {
		style = chat.Clock
	}
	return chat.When{At: t, Style: style, Zone: v.Zone}
}

func (v Voice) ago(t time.Time) chat.Span {
	return chat.When{At: t, Style: chat.Relative, Zone: v.Zone}
}

// typed is a command as one types it there.
func (v Voice) typed(command string) chat.Span { return chat.Code(v.full(command)) }

func (v Voice) full(command string) string {
	if v.Command == "" {
		return command
	}
	return v.Command + " " + command
}

// command is what a button sends for an incident: the verb, the number, the rest.
func command(n incident.Number, verb string, rest ...string) string {
	return strings.Join(append([]string{verb, n.String()}, rest...), " ")
}

// button is an action on an incident, drawn from its newest version.
func button(inc incident.Incident, label, verb string, rest ...string) chat.Action {
	return chat.Action{Label: label, Command: command(inc.Number, verb, rest...), Seen: uint64(inc.Head)}
}

func primary(a chat.Action) chat.Action {
	a.Style = chat.Primary
	return a
}

func danger(a chat.Action) chat.Action {
	a.Style = chat.Danger
	return a
}

// severity is "sev2", with the name that the house gave it.
func (v Voice) severity(s incident.Severity) string {
	if s == incident.SevUnset {
		return "not set"
	}
	for _, r := range v.Policy.Severities {
		if r.Level == s && r.Name != "" && !strings.EqualFold(r.Name, s.String()) {
			return s.String() + " (" + r.Name + ")"
		}
	}
	return s.String()
}

// tone colours a message about an incident.
func tone(inc incident.Incident) chat.Tone { return toneOf(inc.Status, inc.Severity, inc.Drill) }

func toneOf(st incident.Status, sev incident.Severity, drill bool) chat.Tone {
	switch {
	case drill:
		return chat.Quiet
	case st == incident.Resolved:
		return chat.Good
	case !st.Open():
		return chat.Quiet
	case sev == incident.SevUnset:
		return chat.Neutral
	}
	return chat.Tone(sev.String())
}

// title is "INC-142 checkout is failing", with what must not be overlooked.
func title(inc incident.Incident) []chat.Span {
	return named(inc.Number, inc.Title, inc.Private, inc.Drill)
}

func named(n incident.Number, t incident.Text, private, drill bool) []chat.Span {
	out := []chat.Span{chat.Strong(n.String()), chat.Plain(" ")}
	if drill {
		out = append(out, chat.Plain("DRILL · "))
	}
	if private {
		out = append(out, chat.Plain("PRIVATE · "))
	}
	return append(out, said(t))
}

// said is words of a person, never markup.
func said(t incident.Text) chat.Span { return chat.Plain(t.String()) }

func plain(s string) []chat.Span { return []chat.Span{chat.Plain(s)} }

func text(spans ...chat.Span) chat.Text { return chat.Text(spans) }

func small(spans ...chat.Span) chat.Small { return chat.Small(spans) }

// names lists persons, "Ann, Bo and 3 more", nobody notified.
func (v Voice) names(ids []incident.PersonID, most int) []chat.Span {
	var out []chat.Span
	for i, id := range ids {
		if i == most {
			return append(out, chat.Plain(" and "+strconv.Itoa(len(ids)-most)+" more"))
		}
		if i > 0 {
			out = append(out, chat.Plain(", "))
		}
		out = append(out, Person(id, v))
	}
	return out
}

// count is "1 task", "3 tasks".
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}

// room links to the incident's room on the voice's platform; else to any.
func (v Voice) room(inc incident.Incident) (chat.Span, bool) {
	return v.roomOf(inc.Rooms)
}

func (v Voice) roomOf(rooms []incident.Room) (chat.Span, bool) {
	for _, r := range rooms {
		if r.Platform == v.Platform {
			return chat.RoomLink{Room: r.ID, Name: r.Name}, true
		}
	}
	for _, r := range rooms {
		return chat.Plain("#" + r.Name + " on " + r.Platform), true
	}
	return nil, false
}
