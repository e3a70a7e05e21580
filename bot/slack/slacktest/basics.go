package slacktest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func authTest(c *call) (object, *no) {
	f := c.f
	return object{
		"url": "https://" + f.o.Domain + ".slack.com/", "team": f.o.TeamName, "user": f.bot.Name,
		"team_id": f.o.Team, "user_id": f.bot.ID, "bot_id": f.botID(), "enterprise_id": f.enterprise(),
		"is_enterprise_install": f.o.OrgWide,
	}, nil
}

func openConnection(c *call) (object, *no) {
	f := c.f
	f.count["ticket"]++
	ticket := fmt.Sprintf("t%d", f.count["ticket"])
	f.hub.tickets[ticket] = true
	return object{"url": "ws://" + c.host + "/socket?ticket=" + ticket + "&app_id=" + f.appID()}, nil
}

// wireUser draws a user; the e-mail only for those who may see it.
func (f *Fake) wireUser(u *User) object {
	zone, err := time.LoadLocation(u.Zone)
	if err != nil {
		zone = time.UTC
	}
	label, offset := f.now().In(zone).Zone()
	profile := object{"real_name": u.RealName, "display_name": u.display(), "real_name_normalized": u.RealName, "display_name_normalized": u.display(), "team": u.Team}
	out := object{
		"id": u.ID, "team_id": u.Team, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted, "profile": profile,
		"is_bot": u.Bot, "is_app_user": false, "is_restricted": u.Guest, "is_ultra_restricted": u.OneRoom,
		"is_admin": false, "is_owner": false, "updated": 1,
	}
	if u.Email != "" && f.scopes["users:read.email"] {
		profile["email"], out["is_email_confirmed"] = u.Email, !u.Guest
	}
	if u.Team != f.o.Team {
		out["is_stranger"] = false
		return out
	}
	out["tz"], out["tz_label"], out["tz_offset"] = u.Zone, label, offset
	return out
}

func usersInfo(c *call) (object, *no) {
	u := c.f.user(c.args["user"])
	if u == nil {
		return refuse("user_not_found")
	}
	return object{"user": c.f.wireUser(u)}, nil
}

func usersList(c *call) (object, *no) {
	var all []object
	for _, u := range c.f.users {
		if u.Team == c.f.o.Team {
			all = append(all, c.f.wireUser(u))
		}
	}
	out, next, refused := page(c, all, 1000, 1000)
	if refused != nil {
		return nil, refused
	}
	return object{"members": out, "response_metadata": cursor(next)}, nil
}

func usersByEmail(c *call) (object, *no) {
	for _, u := range c.f.users {
		if strings.EqualFold(u.Email, c.args["email"]) && u.Team == c.f.o.Team && !u.Deleted {
			return object{"user": c.f.wireUser(u)}, nil
		}
	}
	return refuse("users_not_found")
}

func botsInfo(c *call) (object, *no) {
	if c.args["bot"] != c.f.botID() {
		return refuse("bot_not_found")
	}
	return object{"bot": object{
		"id": c.f.botID(), "deleted": false, "name": c.f.bot.Name, "app_id": c.f.appID(), "user_id": c.f.bot.ID, "icons": object{},
	}}, nil
}

func teamInfo(c *call) (object, *no) {
	if id := c.args["team"]; id != "" && id != c.f.o.Team {
		return refuse("team_not_found")
	}
	team := object{"id": c.f.o.Team, "name": c.f.o.TeamName, "domain": c.f.o.Domain}
	if c.f.o.Enterprise != "" {
		team["enterprise_id"], team["enterprise_name"] = c.f.o.Enterprise, c.f.o.TeamName
	}
	return object{"team": team}, nil
}

func emojiList(*call) (object, *no) { return object{"emoji": object{}}, nil }

func groupsList(c *call) (object, *no) {
	out := []object{}
	for _, g := range c.f.groups {
		if g.Disabled && !c.flag("include_disabled") {
			continue
		}
		one := object{"id": g.ID, "team_id": c.f.o.Team, "is_usergroup": true, "name": g.Name, "handle": g.Handle, "date_delete": 0}
		if g.Disabled {
			one["date_delete"] = 1
		}
		if c.flag("include_users") {
			one["users"] = slices.Clone(g.Members)
		}
		if c.flag("include_count") {
			one["user_count"] = len(g.Members)
		}
		out = append(out, one)
	}
	return object{"usergroups": out}, nil
}

func groupUsers(c *call) (object, *no) {
	for _, g := range c.f.groups {
		if g.ID == c.args["usergroup"] && (!g.Disabled || c.flag("include_disabled")) {
			return object{"users": slices.Clone(g.Members)}, nil
		}
	}
	return refuse("no_such_subteam")
}

func (u *User) display() string {
	if u.Display != "" {
		return u.Display
	}
	return u.Name
}
