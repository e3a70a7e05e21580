package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/bot/say"
	"tocsin/commands"
	"tocsin/incident"
)

const consolePlatform = console.Platform

// Door knows who comes in, and how to speak to them.
type Door struct {
	people  *People
	policy  func() incident.Policy
	admins  []string
	zone    string // of people whose own is not known
	command string // "/incident"
	link    string // base of links to the house's own pages
	now     func() time.Time
	zones   sync.Map // name -> *time.Location: those that there are
}

var _ commands.Door = (*Door)(nil)

// Asker finds the person behind a request, or makes one at first sight.
func (d *Door) Asker(ctx context.Context, r chat.Request) (commands.Input, error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	p, err := d.people.Meet(within, r.User)
	if err != nil {
		return commands.Input{}, notRecorded(err)
	}
	return commands.Input{Request: r, Person: p, Actor: d.actor(p, r)}, nil
}

func (d *Door) actor(p incident.Person, r chat.Request) incident.Actor {
	account := incident.Account{Platform: r.User.Platform, Workspace: r.User.Workspace, ID: r.User.ID}.String()
	if r.Via == "api" {
		account = "api:" + account
	}
	names := namesOf(p)
	a := incident.Actor{
		Person: p.ID, Account: account, Standing: standing(r.User.Kind), Reader: r.Place.Room != "",
		Admin: d.isAdmin(names), At: r.At.UTC(), Zone: d.location(r.User.Zone, p.Zone), Names: names,
	}
	if r.At.IsZero() {
		a.At = d.now()
	}
	return a.Under(d.policy())
}

func (d *Door) isAdmin(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return slices.ContainsFunc(d.admins, func(a string) bool { return strings.EqualFold(a, name) })
	})
}

// location is the zone in which words for time are read: the platform's, else
// the person's, else the house's.
func (d *Door) location(zones ...string) *time.Location {
	for _, z := range append(zones, d.zone) {
		if z == "" {
			continue
		}
		if l, known := d.zones.Load(z); known {
			return l.(*time.Location)
		}
		if l, err := time.LoadLocation(z); err == nil {
			d.zones.Store(z, l)
			return l
		}
	}
	return time.UTC
}

// Voice is how replies to this asker are worded.
func (d *Door) Voice(ctx context.Context, in commands.Input) say.Voice {
	zone := "UTC"
	if in.Actor.Zone != nil {
		zone = in.Actor.Zone.String()
	}
	v := d.voice(ctx, cmp.Or(in.Request.Place.Platform, in.Request.User.Platform), zone)
	v.Command = commands.Begins(in.Request, d.command)
	return v
}

// RoomVoice is how messages for a whole room of a platform are worded.
func (d *Door) RoomVoice(ctx context.Context, platform string) say.Voice {
	return d.voice(ctx, platform, cmp.Or(d.zone, "UTC"))
}

func (d *Door) voice(ctx context.Context, platform, zone string) say.Voice {
	return say.Voice{
		Platform: platform, Command: d.command, Zone: zone, Now: d.now(), Link: d.link, Policy: d.policy(),
		Face: func(id incident.PersonID) say.Face {
			p := d.people.Person(ctx, id)
			return say.Face{Name: p.Name, Account: AccountOn(p, platform)}
		},
	}
}

func standing(k chat.UserKind) incident.Standing {
	switch k {
	case chat.Member:
		return incident.Member
	case chat.Guest:
		return incident.Guest
	case chat.Outsider:
		return incident.Outsider
	case chat.Machine:
		return incident.Machine
	}
	return incident.Outsider
}
