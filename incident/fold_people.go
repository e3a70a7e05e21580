package incident

import (
	"slices"
	"strings"
	"time"
)

func compare(a, b string) int { return strings.Compare(a, b) }

// join makes somebody a member.
func (i *Incident) join(who PersonID) {
	if who == "" || who == House || slices.Contains(i.Members, who) || len(i.Members) >= MaxMembers {
		return
	}
	i.Members = with(i.Members, who)
}

func (i *Incident) setHolder(h Holder) {
	i.Holders = with(without(i.Holders, isRole(h.Role)), h)
	slices.SortStableFunc(i.Holders, func(a, b Holder) int { return compare(string(a.Role), string(b.Role)) })
	i.Offers = without(i.Offers, func(o Offer) bool { return o.Role == h.Role && o.From != h.Person })
	i.join(h.Person)
}

func isRole(role Role) func(Holder) bool { return func(h Holder) bool { return h.Role == role } }

func (e RoleTaken) fold(i *Incident, r Recorded) {
	i.setHolder(Holder{Role: e.Role, Person: e.Person, Acting: e.Acting, Since: r.Happened})
	if e.Person != i.Declarer && !e.Acting {
		i.answered(r.Happened)
	}
	i.stir(r)
}

func (e RoleReleased) fold(i *Incident, r Recorded) {
	i.Holders = without(i.Holders, isRole(e.Role))
	i.Offers = without(i.Offers, func(o Offer) bool { return o.Role == e.Role })
	i.stir(r)
}

func (e HandoverOffered) fold(i *Incident, r Recorded) {
	i.Offers = with(without(i.Offers, func(o Offer) bool { return o.Role == e.Role }),
		Offer{Role: e.Role, From: e.From, To: e.To, Note: e.Note, At: r.Happened})
}

func (e HandoverAccepted) fold(i *Incident, r Recorded) {
	RoleTaken{Role: e.Role, Person: e.To, Before: e.From}.fold(i, r)
}

func (e HandoverDeclined) fold(i *Incident, _ Recorded) {
	i.Offers = without(i.Offers, func(o Offer) bool { return o.Role == e.Role && o.To == e.To })
}

func (e MemberAdded) fold(i *Incident, _ Recorded) { i.join(e.Person) }

func (e MemberRemoved) fold(i *Incident, _ Recorded) {
	i.Members = without(i.Members, func(p PersonID) bool { return p == e.Person })
}

func (e UpdatePosted) fold(i *Incident, r Recorded) {
	i.Updates, i.LastUpdate = e.Update, e.Text
	i.UpdatedAt, i.UpdatedBy, i.NextUpdate = r.Happened, r.Actor, e.Next
	i.stir(r)
}

func (e UpdateFixed) fold(i *Incident, _ Recorded) {
	if e.Update == i.Updates {
		i.LastUpdate = e.Text
	}
}

func (Followed) fold(i *Incident, _ Recorded) { i.Followers++ }

func (Unfollowed) fold(i *Incident, _ Recorded) { i.Followers = max(0, i.Followers-1) }

func (e ReminderSet) fold(i *Incident, _ Recorded) {
	i.Reminders = max(i.Reminders, e.Reminder)
	i.Waiting = with(i.Waiting, e.Reminder)
}

func (e ReminderDone) fold(i *Incident, _ Recorded) {
	i.Waiting = without(i.Waiting, func(n int) bool { return n == e.Reminder })
}

func (e NudgeSnoozed) fold(i *Incident, _ Recorded) {
	i.Snoozes = without(i.Snoozes, func(s Snooze) bool { return s.Nudge == e.Nudge })
	if !e.Lifted {
		i.Snoozes = with(i.Snoozes, Snooze{Nudge: e.Nudge, Until: e.Until})
	}
}

// Snoozed says whether a nudge is silenced at a moment, by its own name or
// because all are.
func (i Incident) Snoozed(nudge string, now time.Time) bool {
	return slices.ContainsFunc(i.Snoozes, func(s Snooze) bool {
		return (s.Nudge == nudge || s.Nudge == "") && (s.Until.IsZero() || now.Before(s.Until))
	})
}

// Holder is who holds a role.
func (i Incident) Holder(role Role) (Holder, bool) {
	for _, h := range i.Holders {
		if h.Role == role {
			return h, true
		}
	}
	return Holder{}, false
}
