package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/bot/say"
	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/store"
)

// webOptions is what the HTTP API stands on.
func (h *House) webOptions(token redact.Secret) web.Options {
	return web.Options{
		Token: token, Handle: h.Handle, People: apiPeople{h}, Reads: apiReads{h}, Health: h,
		Metrics: h.metrics.handler(), Now: h.clock.Now, Log: h.p.Log,
		Reviews: h.reviews, ReviewKey: h.passKey, Address: h.p.Config.Address, Command: h.p.Config.Command,
		Erase: func(ctx context.Context, person, incident string) (int, error) {
			n, err := eraseIn(ctx, h.p.Store, erasure{Person: person, Incident: incident}, IO{Now: h.clock.Now})
			h.desk.Forget()
			h.people.Forget()
			h.reviews.forget()
			return n, err
		},
	}
}

// apiPeople finds who and where a script means.
type apiPeople struct{ h *House }

// User reads an e-mail, "platform:id" or a console name.
func (a apiPeople) User(ctx context.Context, words string) (chat.User, error) {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	platform, id, named := strings.Cut(words, ":")
	if !named {
		platform, id = console.Platform, words
	}
	if strings.Contains(words, "@") {
		found, err := a.h.people.Find(ctx, "", words)
		if err != nil {
			return chat.User{}, readFault(err)
		}
		if len(found) == 1 && len(found[0].Accounts) > 0 {
			return userOf(found[0], found[0].Accounts[0]), nil
		}
		return chat.User{}, unknownUser(words)
	}
	if platform == console.Platform {
		if u, ok := a.h.console.Account(id); ok {
			return u, nil
		}
		return chat.User{}, unknownUser(words)
	}
	all, err := a.h.people.Everybody(ctx)
	if err != nil {
		return chat.User{}, readFault(err)
	}
	for _, p := range all {
		if i := slices.IndexFunc(p.Accounts, func(one incident.Account) bool { return one.Platform == platform && one.ID == id }); i >= 0 {
			return userOf(p, p.Accounts[i]), nil
		}
	}
	return chat.User{}, unknownUser(words)
}

func userOf(p incident.Person, a incident.Account) chat.User {
	return chat.User{Platform: a.Platform, Workspace: a.Workspace, ID: a.ID, Name: p.Name, Email: p.Email, Zone: p.Zone}
}

func unknownUser(words string) error {
	return fault.New(fault.Invalid, "Nobody here is known as %q. Give user as an e-mail, platform:id or a console name.", incident.Clean(words)).WithExample("ann")
}

// Room reads a name or "platform:id"; one that nobody knows is a place
// without an incident.
func (a apiPeople) Room(ctx context.Context, words string) (chat.Place, error) {
	words = strings.TrimPrefix(words, "#")
	platform, id, named := strings.Cut(words, ":")
	if named && platform != console.Platform {
		return chat.Place{Platform: platform, Room: id}, nil
	}
	if !named {
		id = words
	}
	found, err := a.h.rooms.find(ctx, id)
	if err != nil {
		return chat.Place{}, readFault(err)
	}
	return found, nil
}

// As is the person whose eyes a read uses; empty words: nobody.
func (a apiPeople) As(ctx context.Context, words string) (incident.PersonID, error) {
	if words == "" {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	u, err := a.User(ctx, words)
	if err != nil {
		return "", err
	}
	p, err := a.h.people.Meet(ctx, u)
	return p.ID, readFault(err)
}

// apiReads is what the API shows, narrowed to what a person may know of.
type apiReads struct{ h *House }

// Incidents lists incidents, newest first.
func (a apiReads) Incidents(ctx context.Context, f store.Filter) ([]incident.Summary, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	all, err := a.h.p.Store.List(ctx, f)
	if err != nil {
		return nil, readFault(err)
	}
	return slices.DeleteFunc(all, func(s incident.Summary) bool { return !s.VisibleTo(f.As) }), nil
}

// Incident reads "INC-142", "142" or an inner id.
func (a apiReads) Incident(ctx context.Context, as incident.PersonID, words string) (incident.Incident, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	var s incident.Summary
	var found bool
	var err error
	if n, no := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(words), "INC-")); no == nil {
		s, found, err = a.h.p.Store.ByNumber(ctx, incident.Number(n))
	} else {
		s, found, err = a.h.p.Store.Summary(ctx, incident.ID(words))
	}
	if err != nil || !found || !s.VisibleTo(as) {
		return incident.Incident{}, false, readFault(err)
	}
	inc, err := a.h.desk.State(ctx, s.ID.Stream())
	if err != nil || !inc.VisibleTo(as) {
		return incident.Incident{}, false, readFault(err)
	}
	return inc, true, nil
}

// Timeline reads all of it, as it stands now.
func (a apiReads) Timeline(ctx context.Context, id incident.ID) ([]incident.Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	recs, err := a.h.p.Store.Load(ctx, id.Stream(), 0, 0)
	if err != nil {
		return nil, readFault(err)
	}
	return incident.Entries(recs), nil
}

// Name is what people call somebody.
func (a apiReads) Name(ctx context.Context, id incident.PersonID) string {
	return a.h.people.Person(ctx, id).Name
}

// Sentence is an entry in plain words.
func (a apiReads) Sentence(ctx context.Context, e incident.Entry) string {
	v := a.h.door.RoomVoice(ctx, "")
	return chat.Plaintext(chat.Message{Parts: []chat.Part{chat.Text(say.Spans(e.Sentence, v))}}, chat.Paper{Zone: v.Zone})
}
