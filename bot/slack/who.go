package slack

import (
	"context"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// users keeps who people are.
type users struct{ *memory[person] }

func newUsers(now func() time.Time) *users { return &users{newMemory[person](now, 15*time.Minute)} }

// person is a user as Slack tells of them.
type person struct {
	ID         string `json:"id"`
	Team       string `json:"team_id"`
	Name       string `json:"name"`
	RealName   string `json:"real_name"`
	Zone       string `json:"tz"`
	Bot        bool   `json:"is_bot"`
	Guest      bool   `json:"is_restricted"`
	OneRoom    bool   `json:"is_ultra_restricted"`
	Stranger   bool   `json:"is_stranger"`
	Confirmed  bool   `json:"is_email_confirmed"`
	Enterprise struct {
		ID string `json:"enterprise_id"`
	} `json:"enterprise_user"`
	Profile struct {
		Display string `json:"display_name"`
		Real    string `json:"real_name"`
		Email   string `json:"email"`
	} `json:"profile"`
}

// slackbot is Slack's own bot, which does not say that it is one.
const slackbot = "USLACKBOT"

// who says who a user of a team is. What cannot be had before the context ends
// is a member when the team is ours, and is looked up beside.
func (c *caller) who(ctx context.Context, id, team string) chat.User {
	me := c.ids.known()
	u := chat.User{Platform: Name, Workspace: me.Team, ID: id, Kind: chat.Member}
	if u.Workspace == "" {
		u.Workspace = team
	}
	if id == "" {
		return u
	}
	p, known := c.users.get(ctx, id, func(ctx context.Context) (person, error) { return c.userInfo(ctx, id) })
	if known {
		fill(&u, p, me)
	}
	switch {
	case id == slackbot || id == me.User:
		u.Kind = chat.Machine
	case u.Kind == chat.Machine:
	case !me.ours(team) && (!known || me.Enterprise == "" || p.Enterprise.ID != me.Enterprise):
		u.Kind = chat.Outsider
	}
	if u.Kind == chat.Outsider {
		u.Workspace, u.Email = foreign(team, p.Team, u.Workspace, me), ""
	}
	return u
}

// foreign is the workspace of somebody who is not of ours.
func foreign(team, own, fallback string, me identity) string {
	for _, t := range []string{team, own} {
		if t != "" && !me.ours(t) {
			return t
		}
	}
	return fallback
}

// fill puts into a user what Slack tells of them.
func fill(u *chat.User, p person, me identity) {
	u.Zone = p.Zone
	for _, name := range []string{p.Profile.Display, p.Profile.Real, p.RealName, p.Name} {
		if u.Name = chat.CleanLine(name); u.Name != "" {
			break
		}
	}
	if p.Confirmed {
		u.Email = p.Profile.Email
	}
	sameOrg := me.Enterprise != "" && p.Enterprise.ID == me.Enterprise
	switch {
	case p.Bot:
		u.Kind = chat.Machine
	case p.Stranger, !me.ours(p.Team) && !sameOrg:
		u.Kind = chat.Outsider
	case p.Guest, p.OneRoom:
		u.Kind = chat.Guest
	}
}

func (c *caller) userInfo(ctx context.Context, id string) (person, error) {
	var out struct {
		User person `json:"user"`
	}
	k := call{method: "users.info", what: "tell who somebody is", subject: id}
	err := c.do(ctx, k, func(ctx context.Context) error {
		_, err := c.api.GetUserInfoContext(ctx, id)
		return err
	}, &out)
	return out.User, err
}

// warmPages bounds how many people are read at once.
const warmPages = 5

// warm reads the workspace's people, so that a crowd costs a few calls.
func (c *caller) warm(ctx context.Context) error {
	me := c.ids.known()
	pages := c.api.GetUsersPaginated(slackapi.GetUsersOptionLimit(500), slackapi.GetUsersOptionTeamID(me.Team))
	for range warmPages {
		var out struct {
			answered
			Members []person `json:"members"`
		}
		k := call{method: "users.list", what: "tell who is in the workspace"}
		err := c.do(ctx, k, func(ctx context.Context) (err error) {
			pages, err = pages.Next(ctx)
			return err
		}, &out)
		if err != nil {
			return err
		}
		for _, p := range out.Members {
			c.users.put(p.ID, p)
		}
		if out.Metadata.Cursor == "" {
			return nil
		}
	}
	return nil
}
