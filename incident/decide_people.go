package incident

import (
	"slices"
	"time"

	"tocsin/incident/fault"
)

// raceWindow is how long after somebody took a role "take" by another person
// is understood as having come second.
const raceWindow = 30 * time.Second

// Take takes a role for the actor; no role means command.
func (i Incident) Take(a Actor, role Role, p Policy) ([]Event, error) {
	if role == "" {
		role = Commander
	}
	if err := i.forRole(a.Under(p), "take", role, p); err != nil {
		return nil, err
	}
	h, held := i.Holder(role)
	if held && h.Person != a.Person && !h.Acting && a.At.Sub(h.Since) < raceWindow {
		return nil, fault.New(fault.Conflict, "%s became %s %s. If it should be you, ask for a handover.", NameToken(h.Person), roleName(role), ago(a.At, h.Since)).
			WithExample("/incident handover @you")
	}
	return i.give(role, a.Person)
}

// Assign gives a role to somebody at once.
func (i Incident) Assign(a Actor, role Role, who PersonID, p Policy) ([]Event, error) {
	if err := i.forRole(a.Under(p), "assign", role, p); err != nil {
		return nil, err
	}
	if err := someone(who, "assign communications @ann"); err != nil {
		return nil, err
	}
	return i.give(role, who)
}

// Release leaves a role without a holder.
func (i Incident) Release(a Actor, role Role, p Policy) ([]Event, error) {
	if err := i.forRole(a.Under(p), "release", role, p); err != nil {
		return nil, err
	}
	h, held := i.Holder(role)
	if !held {
		return nil, unchanged("Nobody is %s of %s.", roleName(role), i.Number)
	}
	return []Event{RoleReleased{Role: role, Person: h.Person, Acting: h.Acting, Offered: i.offeredTo(role, "")}}, nil
}

// forRole is what all decisions about roles have in common.
func (i Incident) forRole(a Actor, verb string, role Role, p Policy) error {
	if err := i.may(a, verb, whileOpen); err != nil {
		return err
	}
	if !slices.ContainsFunc(p.Roles, func(r RoleRule) bool { return r.Role == role }) {
		return invalid(verb+" commander", "There is no such role. Roles are %s.", p.roles())
	}
	return nil
}

// give makes somebody the holder of a role.
func (i Incident) give(role Role, who PersonID) ([]Event, error) {
	h, held := i.Holder(role)
	if held && h.Person == who && !h.Acting {
		return nil, unchanged("%s is %s of %s already.", NameToken(who), roleName(role), i.Number)
	}
	if err := i.room(who); err != nil {
		return nil, err
	}
	return []Event{RoleTaken{Role: role, Person: who, Before: h.Person, Was: h.Acting, New: !i.member(who), Offered: i.offeredTo(role, who)}}, nil
}

// offeredTo is to whom a role is on offer by another one than taker, whose
// taking it ends the offer.
func (i Incident) offeredTo(role Role, taker PersonID) PersonID {
	for _, o := range i.Offers {
		if o.Role == role && o.From != taker {
			return o.To
		}
	}
	return ""
}

// room refuses one more member where no more fit. Only a private incident
// needs all of them by name.
func (i Incident) room(who PersonID) error {
	if !i.Private || i.member(who) || len(i.Members) < MaxMembers {
		return nil
	}
	return fault.New(fault.Invalid, "%s has %d members already, and a private incident takes no more. Remove somebody first.", i.Number, MaxMembers).
		WithExample("/incident remove @ann")
}

// OfferHandover offers a role that the actor holds; no role means the one
// they hold. The actor stays in it until the other one accepts.
func (i Incident) OfferHandover(a Actor, role Role, to PersonID, note string) ([]Event, error) {
	if err := i.may(a, "handover", whileOpen); err != nil {
		return nil, err
	}
	if err := someone(to, "handover @ann the fix is rolling out"); err != nil {
		return nil, err
	}
	text, err := a.text(note, asked{what: "note", limit: MaxNote, try: "handover @ann the fix is rolling out", empty: true, lines: true})
	if err != nil {
		return nil, err
	}
	if role == "" {
		role = i.roleOf(a.Person)
	}
	h, held := i.Holder(role)
	switch {
	case !held:
		return nil, invalid("assign commander @ann", "You hold no role here that you could hand over.")
	case h.Person != a.Person:
		return nil, fault.New(fault.Forbidden, "%s is %s and can hand that over. To change it at once, assign the role.", NameToken(h.Person), roleName(role)).
			WithExample("/incident assign commander @ann")
	case to == a.Person:
		return nil, unchanged("You are %s already.", roleName(role))
	case slices.ContainsFunc(i.Offers, func(o Offer) bool { return o.Role == role && o.To == to }):
		return nil, unchanged("%s has that offer already and has not answered it.", NameToken(to))
	}
	if err := i.room(to); err != nil {
		return nil, err
	}
	events := []Event{HandoverOffered{Role: role, From: a.Person, To: to, Note: text, Before: i.offeredTo(role, "")}}
	if i.Private && !i.member(to) { // they must be able to see what they are offered
		events = append(events, MemberAdded{Person: to, How: Invited})
	}
	return events, nil
}

// roleOf is a role that somebody holds, command before all others.
func (i Incident) roleOf(who PersonID) Role {
	if h, ok := i.Holder(Commander); ok && h.Person == who {
		return Commander
	}
	for _, h := range i.Holders {
		if h.Person == who {
			return h.Role
		}
	}
	return ""
}

// AnswerHandover answers the newest offer to the actor.
func (i Incident) AnswerHandover(a Actor, accept bool) ([]Event, error) {
	if err := i.may(a, "accept", whileOpen); err != nil {
		return nil, err
	}
	for _, o := range slices.Backward(i.Offers) {
		switch {
		case o.To != a.Person:
			continue
		case accept:
			return []Event{HandoverAccepted{Role: o.Role, From: o.From, To: o.To}}, nil
		}
		return []Event{HandoverDeclined{Role: o.Role, From: o.From, To: o.To}}, nil
	}
	return nil, fault.New(fault.Conflict, "No role is offered to you in %s any more. If you want one, take it.", i.Number).
		WithExample("/incident take commander")
}

// Invite makes somebody a member. In a private incident this is how they may
// know of it.
func (i Incident) Invite(a Actor, who PersonID) ([]Event, error) {
	if err := i.may(a, "invite", anyTime); err != nil {
		return nil, err
	}
	if err := someone(who, "invite @ann"); err != nil {
		return nil, err
	}
	if i.member(who) {
		return nil, unchanged("%s takes part in %s already.", NameToken(who), i.Number)
	}
	if err := i.room(who); err != nil {
		return nil, err
	}
	return []Event{MemberAdded{Person: who, How: Invited}}, nil
}

// Remove takes somebody out. The declarer and who holds a role stay members.
func (i Incident) Remove(a Actor, who PersonID) ([]Event, error) {
	if err := i.may(a, "remove", anyTime); err != nil {
		return nil, err
	}
	if err := someone(who, "remove @ann"); err != nil {
		return nil, err
	}
	role := i.roleOf(who)
	switch {
	case who == i.Declarer:
		return nil, invalid("remove @ann", "%s declared %s and stays a member.", NameToken(who), i.Number)
	case role != "":
		return nil, invalid("release "+string(role), "%s is %s. Release the role first.", NameToken(who), roleName(role))
	case !i.member(who):
		return nil, unchanged("%s takes no part in %s.", NameToken(who), i.Number)
	}
	return []Event{MemberRemoved{Person: who}}, nil
}

// Join records that somebody came into the room. It asks for no right: the
// platform let them in. It gives no events for who is a member already.
func (i Incident) Join(a Actor) ([]Event, error) {
	if i.Newer || a.Person == "" || a.Person == House || a.Standing == Machine || i.member(a.Person) {
		return nil, nil
	}
	if i.Status == "" {
		return nil, NoSuch(i.Number)
	}
	if len(i.Members) >= MaxMembers {
		return nil, i.room(a.Person)
	}
	return []Event{MemberAdded{Person: a.Person, How: Came}}, nil
}

// member says whether somebody takes part: the declarer, who holds a role, who
// answered a page, was invited or came into the room.
func (i Incident) member(p PersonID) bool {
	return p != "" && (slices.Contains(i.Members, p) || p == i.Declarer || i.roleOf(p) != "")
}

// VisibleTo says whether a person may know of the incident. Everybody may
// know of one that is not private; the empty person knows of no private one.
func (i Incident) VisibleTo(p PersonID) bool { return !i.Private || i.member(p) }

// knowers are all who may know of a private incident.
func (i Incident) knowers() []PersonID {
	all := slices.Clone(i.Members)
	for _, p := range append([]PersonID{i.Declarer}, i.holding()...) {
		if p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

func (i Incident) holding() []PersonID {
	var all []PersonID
	for _, h := range i.Holders {
		all = append(all, h.Person)
	}
	return all
}
