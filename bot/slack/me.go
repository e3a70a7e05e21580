package slack

import (
	"context"
	"net/http"
	"strings"
	"sync"

	slackapi "github.com/slack-go/slack"
)

// identity is who tocsin is in Slack.
type identity struct {
	Team, TeamName string
	User           string // the bot's user
	BotID          string
	Enterprise     string
	AppID          string
	URL            string   // of the workspace: "https://acme.slack.com/"
	Scopes         []string // granted; nil: Slack did not say
}

// ours holds for the workspace that installed the app, and its organisation.
func (i identity) ours(team string) bool {
	return team == "" || i.Team == "" || team == i.Team || i.Enterprise != "" && team == i.Enterprise
}

// has says whether a scope was granted; what Slack did not say is.
func (i identity) has(scope string) bool {
	if i.Scopes == nil {
		return true
	}
	for _, s := range i.Scopes {
		if s == scope {
			return true
		}
	}
	return false
}

// identities keeps the identity.
type identities struct {
	mu   sync.Mutex
	got  identity // the newest that is known
	good bool     // it need not be asked for again
}

func (i *identities) known() identity {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.got
}

// forget has the identity asked for again: something about it is not true any more.
func (i *identities) forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.good = false
}

func (i *identities) learn(me identity) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if me.AppID == "" && me.BotID == i.got.BotID {
		me.AppID = i.got.AppID
	}
	i.got, i.good = me, true
}

// me says who tocsin is, and what it may do.
func (c *caller) me(ctx context.Context) (identity, error) {
	c.ids.mu.Lock()
	me, good := c.ids.got, c.ids.good
	c.ids.mu.Unlock()
	if good {
		return me, nil
	}
	if _, err := c.authTest(ctx, false); err != nil {
		return identity{}, err
	}
	me = c.ids.known()
	if me.AppID == "" && me.BotID != "" {
		me.AppID = c.appID(ctx, me.BotID)
		c.ids.learn(me)
	}
	return me, nil
}

// authTest asks Slack who tocsin is. It is also the harmless call that finds
// out whether Slack answers again.
func (c *caller) authTest(ctx context.Context, probe bool) (http.Header, error) {
	var out struct {
		URL          string `json:"url"`
		Team         string `json:"team"`
		TeamID       string `json:"team_id"`
		UserID       string `json:"user_id"`
		BotID        string `json:"bot_id"`
		EnterpriseID string `json:"enterprise_id"`
	}
	k := call{method: "auth.test", what: "say who tocsin is", probe: probe}
	t, err := c.ask(ctx, k, func(ctx context.Context) error {
		_, err := c.api.AuthTestContext(ctx)
		return err
	}, &out)
	if err != nil {
		return t.header, err
	}
	if strings.HasPrefix(out.TeamID, "E") {
		if team, err := c.workspace(ctx); err == nil && team != "" {
			out.EnterpriseID, out.TeamID = out.TeamID, team
		}
	}
	me := identity{
		Team: out.TeamID, TeamName: out.Team, User: out.UserID, BotID: out.BotID, Enterprise: out.EnterpriseID,
		URL: out.URL, Scopes: granted(t.header),
	}
	c.ids.learn(me)
	c.gates.unlock()
	return t.header, nil
}

// workspace is the first workspace of an organisation for which the app was
// installed as a whole; rooms are opened there.
func (c *caller) workspace(ctx context.Context) (string, error) {
	var out struct {
		Teams []struct {
			ID string `json:"id"`
		} `json:"teams"`
	}
	k := call{method: "auth.teams.list", what: "list the workspaces of the organisation", probe: true}
	err := c.do(ctx, k, func(ctx context.Context) error {
		_, _, err := c.api.ListTeamsContext(ctx, slackapi.ListTeamsParameters{Limit: 100})
		return err
	}, &out)
	if err != nil || len(out.Teams) == 0 {
		return "", err
	}
	return out.Teams[0].ID, nil
}

func granted(h http.Header) []string {
	if len(h.Values("X-OAuth-Scopes")) == 0 {
		return nil
	}
	scopes := []string{}
	for _, s := range strings.Split(h.Get("X-OAuth-Scopes"), ",") {
		if s = strings.TrimSpace(s); s != "" {
			scopes = append(scopes, s)
		}
	}
	return scopes
}

// appID is the id of the app behind the bot; empty: it could not be had.
func (c *caller) appID(ctx context.Context, bot string) string {
	var out struct {
		Bot struct {
			AppID string `json:"app_id"`
		} `json:"bot"`
	}
	k := call{method: "bots.info", what: "tell of the app", subject: bot}
	err := c.do(ctx, k, func(ctx context.Context) error {
		_, err := c.api.GetBotInfoContext(ctx, slackapi.GetBotInfoParameters{Bot: bot, TeamID: c.ids.known().Team})
		return err
	}, &out)
	if err != nil {
		return ""
	}
	return out.Bot.AppID
}

// permalink is the address of a message; empty while the workspace's own is
// not known. It needs no call.
func (c *caller) permalink(room, thread, ts string) string {
	base := strings.TrimSuffix(c.ids.known().URL, "/")
	if base == "" || room == "" || ts == "" {
		return ""
	}
	link := base + "/archives/" + room + "/p" + strings.ReplaceAll(ts, ".", "")
	if thread != "" && thread != ts {
		link += "?thread_ts=" + thread + "&cid=" + room
	}
	return link
}
