package slacktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// in does something to a room for a user, and carries what it causes.
func (f *Fake) in(ctx context.Context, user, room string, do func(*User, *place) ([]*parcel, error)) (Answer, error) {
	f.mu.Lock()
	u, r, err := f.actor(user, room)
	var ps []*parcel
	if err == nil {
		ps, err = do(u, r)
	}
	f.mu.Unlock()
	if err != nil {
		return Answer{}, err
	}
	return f.carry(ctx, 0, ps...), nil
}

// Join brings a user into a room by their own will.
func (f *Fake) Join(ctx context.Context, user, room string) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		if r.has(u.ID) || r.Archived {
			return nil, fmt.Errorf("%s cannot join %s", u.Name, r.Name)
		}
		return f.joined(r, u.ID, ""), nil
	})
}

// Invite brings somebody (perhaps the bot) into a room.
func (f *Fake) Invite(ctx context.Context, by, room, user string) (Answer, error) {
	return f.in(ctx, by, room, func(u *User, r *place) ([]*parcel, error) {
		if !r.has(u.ID) || r.Archived || r.has(user) || f.user(user) == nil {
			return nil, fmt.Errorf("%s cannot invite %s", u.Name, user)
		}
		return f.joined(r, user, by), nil
	})
}

// Leave takes a user out of a room.
func (f *Fake) Leave(ctx context.Context, user, room string) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		if !r.has(u.ID) {
			return nil, fmt.Errorf("%s is not in %s", u.Name, r.Name)
		}
		return f.left(r, u.ID), nil
	})
}

// Kick takes somebody (perhaps the bot) out of a room.
func (f *Fake) Kick(ctx context.Context, by, room, user string) (Answer, error) {
	return f.in(ctx, by, room, func(u *User, r *place) ([]*parcel, error) {
		if !r.has(u.ID) || !r.has(user) {
			return nil, fmt.Errorf("%s cannot remove %s", u.Name, user)
		}
		return f.left(r, user), nil
	})
}

// Archive closes a room.
func (f *Fake) Archive(ctx context.Context, user, room string) (Answer, error) {
	return f.shut(ctx, user, room, true)
}

// Unarchive opens it again.
func (f *Fake) Unarchive(ctx context.Context, user, room string) (Answer, error) {
	return f.shut(ctx, user, room, false)
}

func (f *Fake) shut(ctx context.Context, user, room string, closed bool) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		if r.Archived == closed || r.Direct {
			return nil, errors.New("it is so already, or cannot be")
		}
		ps := f.archived(r, u.ID, closed)
		slices.Reverse(ps) // what became of the room counts, not the words about it
		return ps, nil
	})
}

// Share lets another organisation into a room; a private one gets another id by that.
func (f *Fake) Share(ctx context.Context, user, room, team string) (id string, a Answer, err error) {
	a, err = f.in(ctx, user, room, func(_ *User, r *place) ([]*parcel, error) {
		if r.Shared || r.Direct {
			return nil, errors.New("it is shared already, or cannot be")
		}
		r.Shared = true
		var ps []*parcel
		if r.Private {
			old := r.ID
			r.ID = f.id("C")
			ps = append(ps, f.event(r, "channel_id_changed", object{"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": r.ID}))
		}
		id = r.ID
		return append(ps, f.event(r, "channel_shared", object{"type": "channel_shared", "connected_team_id": team, "channel": r.ID})), nil
	})
	return id, a, err
}

// Unshare lets them out again.
func (f *Fake) Unshare(ctx context.Context, user, room, team string) (Answer, error) {
	return f.in(ctx, user, room, func(_ *User, r *place) ([]*parcel, error) {
		if !r.Shared {
			return nil, errors.New("it is not shared")
		}
		r.Shared = false
		return []*parcel{f.event(r, "channel_unshared", object{"type": "channel_unshared", "previously_connected_team_id": team, "channel": r.ID})}, nil
	})
}

// Rename gives a room another name.
func (f *Fake) Rename(ctx context.Context, user, room, name string) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		if refused := f.checkName(name, r); refused != nil {
			return nil, errors.New(refused.err)
		}
		return f.renamedRoom(r, name, u.ID), nil
	})
}

// SetTopic gives a room another topic.
func (f *Fake) SetTopic(ctx context.Context, user, room, topic string) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		return f.described(r, "topic", topic, u.ID), nil
	})
}
