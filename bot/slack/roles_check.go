package slack

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"tocsin/incident/fault"
)

// Finding is one thing that a check found, for doctor.
type Finding struct {
	Level string // "ok", "warn", "fail"
	What  string
	Why   string
	Mend  string
}

// Bounds of a clock that is right. Over five minutes no signature holds.
const (
	clockOff   = 30 * time.Second
	clockWrong = 5 * time.Minute
)

// Check looks at settings, token, scopes, clock, announcement channel and
// socket. It changes nothing.
func (s *Slack) Check(ctx context.Context) []Finding {
	var out []Finding
	for _, f := range s.o.Config.Faults() {
		out = append(out, Finding{"fail", f.Name + ": " + f.What, "Slack is not served with it", f.Mend})
	}
	header, err := s.out.authTest(ctx, true)
	if err != nil {
		return append(out, Finding{"fail", "slack: " + fault.Sentence(err), "nothing can be heard or said there", mendCall(err)})
	}
	me := s.out.ids.known()
	out = append(out, Finding{Level: "ok", What: "slack: the token is good for the workspace " + me.TeamName})
	out = append(out, scopeFindings(me)...)
	out = append(out, clockFindings(header, s.o.Now())...)
	out = append(out, s.announceFindings(ctx)...)
	return append(out, s.socketFindings(ctx)...)
}

// mendCall is what to do about a call that went wrong.
func mendCall(err error) string {
	switch {
	case lockedOut(codeOf(err)):
		return "Install the app again, and set TOCSIN_SLACK_BOT_TOKEN to the Bot User OAuth Token."
	case fault.KindOf(err) == fault.Unavailable:
		return "See that this machine reaches https://slack.com/api/, or set TOCSIN_SLACK_API_URL or HTTPS_PROXY."
	}
	return ""
}

// scopeFindings names what is off for want of a scope.
func scopeFindings(me identity) []Finding {
	if me.Scopes == nil {
		return []Finding{{"warn", "slack: which scopes were granted is not known", "Slack did not say", "Compare OAuth & Permissions of the app with the manifest of tocsin setup slack."}}
	}
	var out []Finding
	for _, sc := range scopes() {
		if me.has(sc.Name) {
			continue
		}
		level := "fail"
		if sc.Optional {
			level = "warn"
		}
		out = append(out, Finding{
			level, "slack: the scope " + sc.Name + " is missing", "off without it: " + sc.Feature,
			"Add " + sc.Name + " under OAuth & Permissions, and install the app again.",
		})
	}
	if out == nil {
		out = append(out, Finding{Level: "ok", What: "slack: every scope that tocsin uses is granted"})
	}
	return out
}

func clockFindings(h http.Header, now time.Time) []Finding {
	far, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return nil
	}
	off := now.Sub(far).Abs().Round(time.Second)
	switch {
	case off > clockWrong:
		return []Finding{{"fail", fmt.Sprintf("slack: this machine's clock is %s off", off), "what Slack signs is refused, and times on the timeline are wrong", "Set the clock, for example with chrony or systemd-timesyncd."}}
	case off > clockOff:
		return []Finding{{"warn", fmt.Sprintf("slack: this machine's clock is %s off", off), "times on the timeline are wrong by as much", "Set the clock, for example with chrony or systemd-timesyncd."}}
	}
	return []Finding{{Level: "ok", What: "slack: this machine's clock agrees with Slack's"}}
}

func (s *Slack) announceFindings(ctx context.Context) []Finding {
	name := s.o.Config.Announce
	if name == "" {
		return nil
	}
	const setting = "slack: TOCSIN_SLACK_ANNOUNCE: "
	place, err := s.out.Place(ctx, name)
	if err != nil {
		return []Finding{{"fail", setting + fault.Sentence(err), "nothing is announced in Slack", "Type /invite @tocsin in the channel, and set TOCSIN_SLACK_ANNOUNCE to its name or id."}}
	}
	ch, _ := s.out.rooms.peek(place.Room)
	switch {
	case ch.Archived:
		return []Finding{{"fail", setting + "#" + place.Name + " is archived", "nothing is announced in Slack", "Take it out of the archive, or set another channel."}}
	case place.Shared && !s.o.Config.AnnounceShared:
		return []Finding{{"fail", setting + "other organisations read #" + place.Name, "nothing is announced there", "Set another channel, or TOCSIN_SLACK_ANNOUNCE_SHARED=true if they may read every announcement."}}
	case !ch.Member && (place.Private || !s.out.ids.known().has("chat:write.public")):
		return []Finding{{"fail", setting + "tocsin is not in #" + place.Name, "nothing can be announced there", "Type /invite @tocsin in it."}}
	}
	return []Finding{{Level: "ok", What: "slack: incidents are announced in #" + place.Name}}
}

func (s *Slack) socketFindings(ctx context.Context) []Finding {
	if s.o.Config.AppToken == "" {
		return nil
	}
	if _, err := s.out.openSocket(ctx); err != nil {
		return []Finding{{"fail", "slack: " + fault.Sentence(err), "nothing that is said in Slack reaches tocsin", "Make an App-Level Token with connections:write under Basic Information, and set TOCSIN_SLACK_APP_TOKEN."}}
	}
	return []Finding{{Level: "ok", What: "slack: a socket can be opened"}}
}
