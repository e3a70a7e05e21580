package slack

import (
	"context"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/incident/fault"
)

// groups names the members of user groups.
type groups struct{ c *caller }

// groupsFresh is how long the list of groups is taken for true.
const groupsFresh = 5 * time.Minute

type group struct {
	ID     string   `json:"id"`
	Handle string   `json:"handle"`
	Users  []string `json:"users"`
}

// Group gives the users of a group by its id or its handle.
func (g groups) Group(ctx context.Context, name string) ([]string, error) {
	name = strings.TrimPrefix(strings.TrimSpace(name), "@")
	all, fresh := g.c.teams.peekFresh("")
	if !fresh {
		var err error
		if all, err = g.list(ctx); err != nil {
			return nil, err
		}
		g.c.teams.put("", all)
	}
	for _, one := range all {
		if one.ID == name || strings.EqualFold(one.Handle, name) {
			return one.Users, nil
		}
	}
	return nil, fault.New(fault.NotFound, "There is no user group @%s in Slack.", name)
}

func (g groups) list(ctx context.Context) ([]group, error) {
	me, err := g.c.me(ctx)
	if err != nil {
		return nil, err
	}
	var out struct {
		Groups []group `json:"usergroups"`
	}
	k := call{method: "usergroups.list", what: "list user groups"}
	err = g.c.do(ctx, k, func(ctx context.Context) error {
		_, err := g.c.api.GetUserGroupsContext(ctx, slackapi.GetUserGroupsOptionIncludeUsers(true), slackapi.GetUserGroupsOptionTeamID(me.Team))
		return err
	}, &out)
	return out.Groups, err
}
