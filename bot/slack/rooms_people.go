package slack

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// Invite brings people in, those that can be though others cannot. Bots and
// people of other organisations are left out.
func (r rooms) Invite(ctx context.Context, room string, users []string) error {
	var wanted []string
	for _, u := range users {
		if u != "" && !r.unwanted(u) && !slices.Contains(wanted, u) {
			wanted = append(wanted, u)
		}
	}
	for batch := range slices.Chunk(wanted, inviteMost) {
		if err := r.invite(ctx, room, batch); err != nil {
			return err
		}
	}
	return nil
}

// unwanted holds for those who are known not to belong in an incident's room.
func (r rooms) unwanted(user string) bool {
	me := r.c.ids.known()
	if user == me.User || user == slackbot {
		return true
	}
	p, known := r.c.users.peek(user)
	if !known {
		return false
	}
	var u chat.User
	fill(&u, p, me)
	return u.Kind == chat.Machine || u.Kind == chat.Outsider
}

// invite brings in one batch. With force Slack goes on past those who cannot
// come, and names them.
func (r rooms) invite(ctx context.Context, room string, users []string) error {
	k := call{method: "conversations.invite", what: "invite people to the room", subject: room}
	var t *trip
	err := r.c.inRoom(ctx, room, func() (err error) {
		t, err = r.c.ask(ctx, k, func(ctx context.Context) error {
			_, err := r.c.api.ForceInviteUsersToConversationContext(ctx, room, users...)
			return err
		}, nil)
		return err
	})
	if err == nil || fault.KindOf(err) != fault.Rejected {
		return err
	}
	var a struct {
		Errors []struct {
			User  string `json:"user"`
			Error string `json:"error"`
		} `json:"errors"`
	}
	if json.Unmarshal(t.body, &a) != nil || len(a.Errors) == 0 {
		return unless(err, "already_in_channel", "cant_invite_self")
	}
	if len(a.Errors) < len(users) {
		return nil // the others came
	}
	for _, e := range a.Errors {
		if e.Error != "already_in_channel" && e.Error != "cant_invite_self" {
			return k.refused(t, r.c.o.Now(), refusal{code: e.Error})
		}
	}
	return nil
}

// Bounds of reading members.
const (
	pageOfMembers = 500
	crowd         = 20 // so many strangers are read from the list of all
	lookers       = 8  // look-ups at a time
)

// Members lists who is in the channel.
func (r rooms) Members(ctx context.Context, room string) ([]chat.User, error) {
	if _, err := r.c.me(ctx); err != nil {
		return nil, err
	}
	ids, err := r.memberIDs(ctx, room)
	if err != nil {
		return nil, err
	}
	unknown := 0
	for _, id := range ids {
		if _, known := r.c.users.peek(id); !known {
			unknown++
		}
	}
	if unknown > crowd {
		if err := r.c.warm(ctx); err != nil {
			r.c.o.Log.InfoContext(ctx, "the list of people could not be read", "error", err)
		}
	}
	out := make([]chat.User, len(ids))
	var all sync.WaitGroup
	turn := make(chan struct{}, lookers)
	for i, id := range ids {
		turn <- struct{}{}
		all.Go(func() {
			out[i] = r.c.who(ctx, id, "")
			<-turn
		})
	}
	all.Wait()
	return out, nil
}

func (r rooms) memberIDs(ctx context.Context, room string) ([]string, error) {
	var ids []string
	k := call{method: "conversations.members", what: "list who is in the room", subject: room}
	for cursor := ""; ; {
		var out struct {
			answered
			Members []string `json:"members"`
		}
		err := r.c.do(ctx, k, func(ctx context.Context) error {
			_, _, err := r.c.api.GetUsersInConversationContext(ctx, &slackapi.GetUsersInConversationParameters{ChannelID: room, Cursor: cursor, Limit: pageOfMembers})
			return err
		}, &out)
		if err != nil {
			return nil, err
		}
		ids = append(ids, out.Members...)
		if cursor = out.Metadata.Cursor; cursor == "" {
			return ids, nil
		}
	}
}
