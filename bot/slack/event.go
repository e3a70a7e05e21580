package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"tocsin/bot/chat"
)

// callback is the outer part of what the Events API delivers.
type callback struct {
	Type       word   `json:"type"`
	Challenge  word   `json:"challenge"`
	Team       word   `json:"team_id"`
	Enterprise word   `json:"enterprise_id"`
	App        word   `json:"api_app_id"`
	Minute     number `json:"minute_rate_limited"`
	Installed  []struct {
		User word `json:"user_id"`
	} `json:"authorizations"`
	Event happening `json:"event"`
}

// happening is something that happened: the fields of all kinds of event that
// are read here.
type happening struct {
	Type        word       `json:"type"`
	Subtype     word       `json:"subtype"`
	User        word       `json:"user"`
	UserTeam    word       `json:"user_team"`
	Team        word       `json:"team"`
	Bot         word       `json:"bot_id"`
	App         word       `json:"app_id"`
	UserName    word       `json:"username"`
	Client      word       `json:"client_msg_id"`
	Text        word       `json:"text"`
	TS          word       `json:"ts"`
	ThreadTS    word       `json:"thread_ts"`
	EventTS     word       `json:"event_ts"`
	DeletedTS   word       `json:"deleted_ts"`
	Channel     word       `json:"channel"`
	ChannelID   word       `json:"channel_id"`
	ChannelType word       `json:"channel_type"`
	Tab         word       `json:"tab"`
	Reaction    word       `json:"reaction"`
	Files       []fileOf   `json:"files"`
	Edited      *editOf    `json:"edited"`
	Item        *itemOf    `json:"item"`
	Message     *happening `json:"message"`
	Before      *happening `json:"previous_message"`
}

type editOf struct {
	User word `json:"user"`
	TS   word `json:"ts"`
}

type itemOf struct {
	Type    word       `json:"type"`
	Channel word       `json:"channel"`
	TS      word       `json:"ts"`
	Message *happening `json:"message"`
}

type fileOf struct {
	Name  word `json:"name"`
	Title word `json:"title"`
	Type  word `json:"mimetype"`
	Link  word `json:"permalink"`
	URL   word `json:"url_private"`
}

// readCallback reads a delivery of the Events API.
func readCallback(raw []byte) (callback, bool) {
	var c callback
	err := lenient(json.Unmarshal(raw, &c))
	return c, err == nil && c.Type != ""
}

// eventWork finds out what an event asks for. What is not known here is
// acknowledged and counted.
func (in *intake) eventWork(e envelope) (work, bool) {
	c, ok := readCallback(e.Raw)
	if !ok {
		return work{}, false
	}
	if c.Type == "app_rate_limited" {
		return in.rateLimited(c), true
	}
	h := c.Event
	if c.Type != "event_callback" || h.Type == "" {
		return work{}, false
	}
	switch h.Type {
	case "message", "app_mention":
		return in.messageWork(e, c), true
	case "reaction_added", "reaction_removed":
		return in.reactionWork(e, c), true
	case "pin_added", "pin_removed":
		return in.pinWork(e, c), true
	case "member_joined_channel", "member_left_channel":
		return in.memberWork(e, c), true
	case "app_home_opened":
		return in.homeWork(e, c), true
	case "channel_archive", "channel_unarchive", "channel_rename", "channel_deleted", "channel_shared", "channel_unshared", "channel_id_changed",
		"channel_convert_to_private", "channel_convert_to_public", "group_archive", "group_unarchive", "group_rename", "group_deleted", "group_left", "channel_left":
		return in.roomWork(c), true
	case "app_uninstalled", "tokens_revoked":
		return in.revokedWork(c), true
	}
	return in.ignored(countUnknownEvent), true
}

// ignored acknowledges, and counts why.
func (in *intake) ignored(why string) work {
	return work{do: func(context.Context) (answer, after) {
		in.count(why)
		return answer{}, nil
	}}
}

// rateLimited marks everything for a back-fill from the minute in which Slack
// left events out: over 30,000 an hour it sends none, and says so.
func (in *intake) rateLimited(c callback) work {
	return work{do: func(ctx context.Context) (answer, after) {
		in.count(countRateLimited)
		in.o.Log.WarnContext(ctx, "Slack left events out because there were too many; the rooms are read back")
		since := time.Unix(int64(c.Minute), 0).UTC()
		if c.Minute <= 0 {
			since = in.o.Now().UTC().Add(-time.Hour)
		}
		in.owed.owe("", since)
		return answer{}, nil
	}}
}

// roomWork forgets what was known of a room that changed.
func (in *intake) roomWork(c callback) work {
	return work{do: func(context.Context) (answer, after) {
		in.out.forget(string(c.Event.Channel))
		return answer{}, nil
	}}
}

// revokedWork says in the log that Slack took the tokens away.
func (in *intake) revokedWork(c callback) work {
	return work{do: func(ctx context.Context) (answer, after) {
		in.count(countRevoked)
		in.o.Log.ErrorContext(ctx, "Slack took the app's tokens away: the app was uninstalled, or its tokens were revoked. Nothing is posted until it is installed again and TOCSIN_SLACK_BOT_TOKEN is set anew",
			"event", string(c.Event.Type))
		return answer{}, nil
	}}
}

// memberWork reports who came into a room or left it.
func (in *intake) memberWork(e envelope, c callback) work {
	h := c.Event
	room := string(h.Channel)
	if room == "" || h.User == "" {
		return in.ignored(countIgnored)
	}
	left := h.Type == "member_left_channel"
	if in.isSelf(c, h) {
		return work{do: func(context.Context) (answer, after) {
			in.out.forget(room)
			if !left {
				in.owed.owe(room, time.Time{}) // what was said before the bot came
			}
			return answer{}, nil
		}}
	}
	return work{order: room, do: func(ctx context.Context) (answer, after) {
		id := strings.Join([]string{room, string(h.User), string(h.EventTS), string(h.Type)}, ":")
		return in.record(ctx, matter{id: id}, func(ctx context.Context, to chat.Sink) error {
			user, place := in.asks(ctx, h.asker(c), chat.Place{Room: room})
			return to.Joined(ctx, chat.Joined{
				Key: key(user.Workspace, "member", id), User: user, Place: place, Left: left, At: stampOr(string(h.EventTS), e.Received),
			})
		}), nil
	}}
}

// asker is who an event is about. Team is that of the person, where it is told.
func (h happening) asker(c callback) asker {
	team := h.UserTeam
	if team == "" {
		team = h.Team
	}
	if team == "" {
		team = c.Team
	}
	return asker{ID: string(h.User), Team: string(team), Enterprise: string(c.Enterprise)}
}

// isSelf says whether something was done by tocsin's own bot.
func (in *intake) isSelf(c callback, h happening) bool {
	if h.App != "" && h.App == c.App {
		return true
	}
	self := in.out.ids.known()
	return h.User != "" && string(h.User) == self.User || h.Bot != "" && string(h.Bot) == self.BotID
}

// stampOr is the moment of a ts, or another when it names none.
func stampOr(ts string, other time.Time) time.Time {
	if at := momentOf(ts); !at.IsZero() {
		return at
	}
	return other
}
