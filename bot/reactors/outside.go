package reactors

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// People is what reactors ask about persons.
type People interface {
	Person(ctx context.Context, id incident.PersonID) (p incident.Person, found bool, err error)
	ByAccount(ctx context.Context, a incident.Account) (p incident.Person, found bool, err error)
	ByEmail(ctx context.Context, email string) (p incident.Person, found bool, err error)
}

// Log is what reactors read beside an incident's state.
type Log interface {
	Load(ctx context.Context, s incident.Stream, after incident.Version, limit int) ([]incident.Recorded, error)
	Marks(ctx context.Context, s incident.Stream, prefix string) ([]incident.Mark, error)
	Mark(ctx context.Context, s incident.Stream, key string) (m incident.Mark, found bool, err error)
}

// Outside is what effects reach, and what they need to know for it.
type Outside struct {
	Chat      Chat
	Pagers    Pagers
	Listeners []integrations.Listener // machines that are told what happens
	People    People
	Log       Log
	History   History
	Album     Album                    // nil: pictures stay links
	Alerts    Alerts                   // nil: none are taken
	Reviews   Reviews                  // nil: none are kept
	Documents []integrations.Documents // where published reviews go
	Shelf     store.Shelf              // keeps who was last on call, and where a follower is spoken to
	Policy    func() incident.Policy
	Command   string // what commands begin with, without "/": "incident"
	Zone      string // IANA zone of the house
	Link      string // base of links to the house's own pages; empty: none
	// Patience is how long a pager may take before the room is told and the
	// next way is tried; Answer is how long people may. Zero: a minute, five.
	Patience, Answer time.Duration
	// Hear keeps what was read back from a room of a stream; messages that are
	// known stay as they are, later edits are followed.
	Hear func(ctx context.Context, s incident.Stream, said []chat.Said) error
}

// All lists every reactor of the house.
func All(o Outside) []worker.Reactor {
	return inLanes(
		rooms{o},
		archives{o},
		histories{o},
		backfills{o},
		bookmarks{o},
		marks{o},
		cards{o},
		announcements{o},
		echoes{o},
		followers{o},
		pages{o},
		nudges{o},
		reminders{o},
		welcomes{o},
		handovers{o},
		checklists{o},
		alerts{o},
		listeners{o},
		pictures{o},
		reviews{o},
	)
}

// voice is how words are chosen for readers on a platform.
func (o Outside) voice(ctx context.Context, platform string, now time.Time) say.Voice {
	met := make(map[incident.PersonID]say.Face)
	return say.Voice{
		Platform: platform, Command: "/" + o.Command, Zone: o.Zone, Now: now, Link: o.Link, Policy: o.Policy(),
		Face: func(id incident.PersonID) say.Face {
			f, ok := met[id]
			if !ok {
				f = o.face(ctx, id, platform)
				met[id] = f
			}
			return f
		},
	}
}

// face is how a person looks on a platform; whom the store does not tell of
// now keeps their bare id.
func (o Outside) face(ctx context.Context, id incident.PersonID, platform string) say.Face {
	if id == incident.House {
		return say.Face{Name: "tocsin"}
	}
	p, found, err := o.People.Person(ctx, id)
	if err != nil || !found {
		return say.Face{}
	}
	return say.Face{Name: p.Name, Account: accountOn(p, platform)}
}

func accountOn(p incident.Person, platform string) string {
	for _, a := range p.Accounts {
		if a.Platform == platform {
			return a.ID
		}
	}
	return ""
}

// account is a person's id on a platform; empty: they have none there.
func (o Outside) account(ctx context.Context, id incident.PersonID, platform string) (string, error) {
	p, found, err := o.People.Person(ctx, id)
	if err != nil || !found {
		return "", err
	}
	return accountOn(p, platform), nil
}

// accounts are the ids of several persons on a platform, without those who have none.
func (o Outside) accounts(ctx context.Context, ids []incident.PersonID, platform string) ([]string, error) {
	var out []string
	for _, id := range ids {
		a, err := o.account(ctx, id, platform)
		if err != nil {
			return nil, err
		}
		if a != "" {
			out = append(out, a)
		}
	}
	return out, nil
}

// teamAccounts are the people of teams on a platform, as policy names them: by
// e-mail, "platform:id", or "platform:@group" for everybody in a group there.
func (o Outside) teamAccounts(ctx context.Context, teams []string, platform string) ([]string, error) {
	var out []string
	for _, name := range teams {
		team, ok := o.Policy().TeamFor(name)
		if !ok {
			continue
		}
		for _, who := range team.People {
			if p, id, ok := split(who, ":"); ok {
				if p == platform {
					users, err := o.members(ctx, platform, id)
					if err != nil {
						return nil, err
					}
					out = append(out, users...)
				}
				continue
			}
			p, found, err := o.People.ByEmail(ctx, who)
			if err != nil {
				return nil, err
			}
			if a := accountOn(p, platform); found && a != "" {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// members are the accounts that a name of policy stands for on a platform: one
// user's id, or a group's members. A group that is not to be had invites nobody.
func (o Outside) members(ctx context.Context, platform, name string) ([]string, error) {
	group, is := strings.CutPrefix(name, "@")
	if !is {
		return []string{name}, nil
	}
	on := o.Chat.On(platform)
	if on == nil || on.Roles().Groups == nil {
		return nil, nil
	}
	users, err := on.Roles().Groups.Group(ctx, group)
	if k := fault.KindOf(err); err != nil && (k == fault.Rejected || k == fault.NotFound) {
		return nil, nil
	}
	return users, err
}

// event reads the event that owed a once job, with its words as they are now.
func (o Outside) event(ctx context.Context, t worker.Task, v incident.Version) (incident.Recorded, error) {
	recs, err := o.Log.Load(ctx, t.Job.Stream, v-1, 1)
	if err != nil {
		return incident.Recorded{}, err
	}
	if len(recs) == 0 || recs[0].Version != v {
		return incident.Recorded{}, fault.New(fault.Internal, "An entry of the timeline is not there.")
	}
	return recs[0], nil
}

// update reads an update as it stands now: what was posted, with the words of
// its newest correction.
func (o Outside) update(ctx context.Context, t worker.Task, v incident.Version) (incident.Recorded, error) {
	r, err := o.event(ctx, t, v)
	fix, fixed := r.Event.(incident.UpdateFixed)
	if err != nil || !fixed {
		return r, err
	}
	recs, err := o.Log.Load(ctx, t.Job.Stream, 0, int(v))
	if err != nil {
		return r, err
	}
	for _, was := range recs {
		if e, ok := was.Event.(incident.UpdatePosted); ok && e.Update == fix.Update {
			e.Text = fix.Text
			was.Event = e
			return was, nil
		}
	}
	return r, fault.New(fault.Internal, "An update that was corrected is not there.")
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return b
}

func decode[T any](b []byte) (v T, ok bool) {
	if len(b) == 0 || json.Unmarshal(b, &v) != nil {
		return v, false
	}
	return v, true
}

func refOf(r chat.Ref) incident.MessageRef {
	return incident.MessageRef{Platform: r.Platform, Room: r.Room, ID: r.ID, Link: r.Link}
}

func chatRef(m incident.MessageRef) chat.Ref {
	return chat.Ref{Platform: m.Platform, Room: m.Room, ID: m.ID, Link: m.Link}
}

// link leads to an incident on the house's own pages; empty: it has none.
func (o Outside) link(inc incident.Incident) string {
	if o.Link == "" {
		return ""
	}
	return o.Link + "/incidents/" + inc.Number.String()
}
