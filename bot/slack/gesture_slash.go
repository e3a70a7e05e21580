package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"net/url"
	"strings"

	"tocsin/bot/chat"
)

// slash is a slash command as Slack sends it.
type slash struct {
	Command     word `json:"command"`
	Text        word `json:"text"`
	User        word `json:"user_id"`
	UserName    word `json:"user_name"`
	Team        word `json:"team_id"`
	Enterprise  word `json:"enterprise_id"`
	Channel     word `json:"channel_id"`
	ChannelName word `json:"channel_name"`
	Trigger     word `json:"trigger_id"`
	Response    word `json:"response_url"`
}

// readSlash reads a command of either way. One without a user is none.
func readSlash(e envelope) (slash, bool) {
	var c slash
	if !e.Form {
		err := lenient(json.Unmarshal(e.Raw, &c))
		return c, err == nil && c.User != ""
	}
	for name, value := range formFields(string(e.Raw)) {
		if to := c.field(name); to != nil {
			*to = word(value)
		}
	}
	return c, c.User != ""
}

func (c *slash) field(name string) *word {
	switch name {
	case "command":
		return &c.Command
	case "text":
		return &c.Text
	case "user_id":
		return &c.User
	case "user_name":
		return &c.UserName
	case "team_id":
		return &c.Team
	case "enterprise_id":
		return &c.Enterprise
	case "channel_id":
		return &c.Channel
	case "channel_name":
		return &c.ChannelName
	case "trigger_id":
		return &c.Trigger
	case "response_url":
		return &c.Response
	}
	return nil
}

// formFields goes through the fields of a form once. What is wrongly escaped
// is left out.
func formFields(body string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for pair := range strings.SplitSeq(body, "&") {
			name, value, _ := strings.Cut(pair, "=")
			v, err := url.QueryUnescape(value)
			if err != nil {
				continue
			}
			if !yield(name, v) {
				return
			}
		}
	}
}

// slashWork turns a command into a request.
func (in *intake) slashWork(e envelope) (work, bool) {
	c, ok := readSlash(e)
	if !ok {
		return work{}, false
	}
	return work{do: func(ctx context.Context) (answer, after) {
		g := in.asked(
			asker{ID: string(c.User), Name: string(c.UserName), Team: string(c.Team), Enterprise: string(c.Enterprise)},
			chat.Place{Room: string(c.Channel), Name: toldName(string(c.ChannelName))})
		id := string(c.Trigger)
		if id == "" {
			id = digest(e.Raw)
		}
		g.Key, g.Text, g.At, g.Via = key(g.User.Workspace, "trigger", id), readText(string(c.Text)), e.Received, "command"
		g.back = back{Trigger: string(c.Trigger), URL: string(c.Response), Replace: true}
		return in.command(ctx, g)
	}}, true
}

// toldName leaves out the words that Slack puts in place of a name.
func toldName(name string) string {
	switch name {
	case "directmessage", "privategroup", "mpdm":
		return ""
	}
	return name
}

// digest stands for bytes in a key.
func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}
