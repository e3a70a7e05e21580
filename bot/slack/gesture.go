package slack

import (
	"context"
	"time"

	"tocsin/bot/chat"
)

// lookLimit is how long a gesture waits to learn who somebody is and where
// they are, at first sight of either. Afterwards both are known.
const lookLimit = 400 * time.Millisecond

// asker is who made a gesture, as the signed payload names them.
type asker struct{ ID, Name, Team, Enterprise string }

// back is where a gesture can be answered.
type back struct {
	Trigger string // opens a form, for 3 s
	URL     string // response_url; empty: none
	Replace bool   // what is late takes the place of what was answered first
	View    string // id of the view that is open before the asker; empty: none
	Title   string // of that view
}

// gesture is something that a person asked for: a request whose user and place
// are known by the payload alone, until [intake.complete] looks them up.
type gesture struct {
	chat.Request
	from  asker
	back  back
	about aboutRef // a message that is looked up again; no id: none
}

// asked begins a gesture from what its signed payload says.
func (in *intake) asked(a asker, p chat.Place) gesture {
	p.Platform = Name
	return gesture{from: a, Request: chat.Request{
		User: chat.User{Platform: Name, Workspace: in.workspace(a), ID: a.ID, Name: a.Name}, Place: p,
	}}
}

// complete looks up who asked, where, and about which message. It is part of
// what people wait for, so it is done within their patience.
func (in *intake) complete(ctx context.Context, g gesture, r chat.Request) chat.Request {
	r.User, r.Place = in.asks(ctx, g.from, r.Place)
	if g.about.ID == "" {
		return r
	}
	within, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	about, err := in.out.said(within, g.about.Room, g.about.Thread, g.about.ID)
	if err != nil || about.ID == "" {
		about = chat.Said{
			ID: g.about.ID, Place: chat.Place{Platform: Name, Room: g.about.Room, Thread: g.about.Thread},
			At: momentOf(g.about.ID), Link: in.out.permalink(g.about.Room, g.about.Thread, g.about.ID),
		}
	}
	r.About = &about
	return r
}

// asks completes who asked and where from what is known of both.
func (in *intake) asks(ctx context.Context, a asker, p chat.Place) (chat.User, chat.Place) {
	if in.met(a, p) { // nothing to wait for
		return in.person(ctx, a), in.spot(ctx, p)
	}
	within, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	return in.person(within, a), in.spot(within, p)
}

// met says that both somebody and the room were looked up before.
func (in *intake) met(a asker, p chat.Place) bool {
	if _, known := in.out.users.peek(a.ID); !known {
		return false
	}
	_, known := in.out.rooms.peek(p.Room)
	return known
}

// person is who somebody is. The look-up decides what they may do; until it
// can be had, they count as a member of the workspace that signed.
func (in *intake) person(ctx context.Context, a asker) chat.User {
	team := in.workspace(a)
	u := in.out.who(ctx, a.ID, team)
	if u.Workspace == "" {
		u.Workspace = team
	}
	if u.Name == "" {
		u.Name = a.Name
	}
	return u
}

// workspace is the one in which somebody's account is kept: ours for all of
// our organisation, so that one person is one account wherever they speak.
func (in *intake) workspace(a asker) string {
	self := in.out.ids.known()
	if self.Team != "" && (self.ours(a.Team) || self.Enterprise != "" && a.Enterprise == self.Enterprise) {
		return self.Team
	}
	return a.Team
}

// spot is a place with what is known of its room.
func (in *intake) spot(ctx context.Context, p chat.Place) chat.Place {
	if p.Room == "" {
		p.Platform = Name
		return p
	}
	known := in.out.place(ctx, p.Room)
	known.Platform, known.Room, known.Thread = Name, p.Room, p.Thread
	if known.Name == "" {
		known.Name = p.Name
	}
	known.Direct = known.Direct || p.Direct
	return known
}

// key is a request's key: by the nature of the gesture, so that every retry
// carries the same.
func key(workspace, what, id string) string {
	k := Name + "/" + workspace + "/" + what + "/" + id
	if len(k) > 200 {
		k = Name + "/" + workspace + "/" + what + "/" + digest([]byte(id))
	}
	return k
}

// thread is the thread that a message stands in; the first message of one
// stands in its room.
func thread(ts, threadTS string) string {
	if threadTS == ts {
		return ""
	}
	return threadTS
}
