package incident

import (
	"slices"
	"time"
)

// How each event is taken back. All check that nothing was changed since.

func (e Renamed) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(i.Title.is(e.Title), "the title", Renamed{Title: e.Before.again(), Before: i.Title.again()})
}

// backIf gives the events only when the state is still what the change made.
func backIf(same bool, what string, events ...Event) ([]Event, string) {
	if !same {
		return nil, ""
	}
	return events, what
}

// again is a text to be recorded once more: the same words of the same author.
func (t Text) again() Text {
	t.Ref, t.Hash = "", ""
	return t
}

// is says that both are the same writing, whatever became of its words.
func (t Text) is(o Text) bool { return t.Ref == o.Ref }

func (e SeveritySet) undo(i Incident, _ Recorded) ([]Event, string) {
	back := SeveritySet{
		From: e.To, To: e.From, Cadence: e.CadenceBefore, CadenceBefore: i.Cadence,
		Next: i.NextUpdate, NextBefore: i.NextUpdate,
	}
	if i.NextUpdate.Equal(e.Next) {
		back.Next = e.NextBefore
	}
	return backIf(i.Severity == e.To, "the severity", back)
}

func (e StatusSet) undo(i Incident, _ Recorded) ([]Event, string) {
	back := StatusSet{From: e.To, To: e.From, Mitigated: e.Mitigated}
	if e.To == Monitoring {
		back.Mitigated = i.measured().Mitigated
	}
	return backIf(i.Status == e.To, "the status", back)
}

func (e ServiceAdded) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(i.touches(e.Service.Name), "a service", ServiceRemoved{Name: e.Service.Name, Before: e.Service})
}

func (e ServiceRemoved) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(!i.touches(e.Name), "a service", ServiceAdded{Service: e.Before})
}

func (e ImpactSet) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(i.Impact.is(e.Impact), "the impact", ImpactSet{Impact: e.Before.again(), Before: i.Impact.again()})
}

func (e CauseSet) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(i.Cause == e.Tag, "the cause", CauseSet{Tag: e.Before, Before: i.Cause})
}

func (e MilestoneSet) undo(i Incident, _ Recorded) ([]Event, string) {
	now := i.correction(e.Milestone)
	return backIf(now.Equal(e.At), "a milestone", MilestoneSet{Milestone: e.Milestone, At: e.Before, Before: now})
}

func (e PrivacySet) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(i.Private == e.Private, "who may know", PrivacySet{Private: !e.Private, Members: i.knowers()})
}

func (e FieldSet) undo(i Incident, _ Recorded) ([]Event, string) {
	now := i.field(e.Field)
	return backIf(now.is(e.Value), e.Field, FieldSet{Field: e.Field, Value: e.Before.again(), Before: now.again()})
}

func (e CallSet) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(i.Call == e.URL, "the call", CallSet{URL: e.Before, Before: i.Call})
}

func (e RoleTaken) undo(i Incident, _ Recorded) ([]Event, string) {
	h, _ := i.Holder(e.Role)
	back := []Event{RoleReleased{Role: e.Role, Person: e.Person, Acting: e.Acting}}
	if e.Before != "" {
		back = []Event{RoleTaken{Role: e.Role, Person: e.Before, Acting: e.Was, Before: e.Person, Was: e.Acting}}
	}
	back = append(back, offerAgain(e.Role, e.Before, e.Offered)...)
	i.Holders = without(i.Holders, isRole(e.Role))
	if e.New && e.Person != i.Declarer && i.roleOf(e.Person) == "" {
		back = append(back, MemberRemoved{Person: e.Person})
	}
	return backIf(h.Person == e.Person && h.Acting == e.Acting, "a role", back...)
}

func (e RoleReleased) undo(i Incident, _ Recorded) ([]Event, string) {
	_, held := i.Holder(e.Role)
	back := []Event{RoleTaken{Role: e.Role, Person: e.Person, Acting: e.Acting}}
	return backIf(!held, "a role", append(back, offerAgain(e.Role, e.Person, e.Offered)...)...)
}

// offerAgain makes an offer that had ended with a change of the role.
func offerAgain(role Role, from, to PersonID) []Event {
	if to == "" {
		return nil
	}
	return []Event{HandoverOffered{Role: role, From: from, To: to}}
}

func (i Incident) offered(role Role, to PersonID) bool {
	return slices.ContainsFunc(i.Offers, func(o Offer) bool { return o.Role == role && o.To == to })
}

func (e HandoverOffered) undo(i Incident, _ Recorded) ([]Event, string) {
	back := []Event{HandoverDeclined{Role: e.Role, From: e.From, To: e.To, Withdrawn: true}}
	return backIf(i.offered(e.Role, e.To), "an offer", append(back, offerAgain(e.Role, e.From, e.Before)...)...)
}

func (e HandoverAccepted) undo(i Incident, _ Recorded) ([]Event, string) {
	h, _ := i.Holder(e.Role)
	return backIf(h.Person == e.To, "a handover",
		RoleTaken{Role: e.Role, Person: e.From, Before: e.To},
		HandoverOffered{Role: e.Role, From: e.From, To: e.To})
}

func (e HandoverDeclined) undo(i Incident, _ Recorded) ([]Event, string) {
	h, _ := i.Holder(e.Role)
	return backIf(h.Person == e.From && !i.offered(e.Role, e.To), "a refusal", HandoverOffered{Role: e.Role, From: e.From, To: e.To})
}

func (e MemberAdded) undo(i Incident, _ Recorded) ([]Event, string) {
	if i.roleOf(e.Person) != "" || e.Person == i.Declarer || e.How != Invited {
		return nil, "an invitation"
	}
	return backIf(i.member(e.Person), "an invitation", MemberRemoved{Person: e.Person})
}

func (e MemberRemoved) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(!i.member(e.Person), "a removal", MemberAdded{Person: e.Person, How: Invited})
}

func (e UpdateFixed) undo(i Incident, _ Recorded) ([]Event, string) {
	same := e.Update != i.Updates || i.LastUpdate.is(e.Text)
	return backIf(same, "the words of an update", UpdateFixed{Update: e.Update, Text: e.Before.again(), Before: e.Text.again()})
}

func (e Followed) undo(Incident, Recorded) ([]Event, string) {
	return []Event{Unfollowed(e)}, "following"
}

func (e Unfollowed) undo(Incident, Recorded) ([]Event, string) {
	return []Event{Followed(e)}, "unfollowing"
}

func (e ReminderSet) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(slices.Contains(i.Waiting, e.Reminder), "a reminder", ReminderDone{Reminder: e.Reminder, Off: true})
}

func (e NudgeSnoozed) undo(i Incident, _ Recorded) ([]Event, string) {
	at := slices.IndexFunc(i.Snoozes, func(s Snooze) bool { return s.Nudge == e.Nudge })
	same := at >= 0 && i.Snoozes[at].Until.Equal(e.Until)
	return backIf(same, "a silence", NudgeSnoozed{Nudge: e.Nudge, Until: e.Before, Lifted: !e.Had, Had: true, Before: e.Until})
}

// struckBack takes an entry of the timeline back by striking it.
func struckBack(i Incident, r Recorded, what string) ([]Event, string) {
	s, _ := i.strike(r)
	return backIf(!slices.Contains(i.Struck, r.Version), what, s)
}

func (NoteAdded) undo(i Incident, r Recorded) ([]Event, string) { return struckBack(i, r, "a note") }

func (MessageCaptured) undo(i Incident, r Recorded) ([]Event, string) {
	return struckBack(i, r, "a capture")
}

func (DecisionMade) undo(i Incident, r Recorded) ([]Event, string) {
	return struckBack(i, r, "a decision")
}

func (LinkAdded) undo(i Incident, r Recorded) ([]Event, string) { return struckBack(i, r, "a link") }

func (TaskAdded) undo(i Incident, r Recorded) ([]Event, string) { return struckBack(i, r, "a task") }

func (ActionAdded) undo(i Incident, r Recorded) ([]Event, string) {
	return struckBack(i, r, "an action item")
}

func (e ChecklistAdded) undo(i Incident, r Recorded) ([]Event, string) {
	return struckBack(i, r, "a checklist")
}

func (e EntryEdited) undo(i Incident, _ Recorded) ([]Event, string) {
	changed := slices.ContainsFunc(i.Edited, func(o EditedNow) bool { return o.Entry == e.Entry && !o.Text.is(e.Text) })
	return backIf(!changed, "an edit", EntryEdited{Entry: e.Entry, Text: e.Before.again(), Before: e.Text.again()})
}

func (e EntryStruck) undo(i Incident, _ Recorded) ([]Event, string) {
	back := EntryRestored(e)
	back.Lines = slices.Clone(e.Lines)
	for k := range back.Lines {
		back.Lines[k].Text = back.Lines[k].Text.again()
	}
	return backIf(slices.Contains(i.Struck, e.Entry), "a strike", back)
}

func (e ItemDone) undo(i Incident, _ Recorded) ([]Event, string) {
	back := ItemReopened(e)
	back.Line.Text = back.Line.Text.again()
	return backIf(!i.IsOpenItem(e.Item), "a task done", back)
}

func (e Resolution) undo(i Incident, _ Recorded) ([]Event, string) {
	back := i.reopened(e.From)
	back.How, back.Next = back.How.again(), e.Promised
	if e.From == Monitoring {
		back.Mitigated = time.Time{}
	}
	return backIf(i.Status == Resolved, "the end", back)
}

func (e Cancellation) undo(i Incident, _ Recorded) ([]Event, string) {
	back := i.reopened(e.From)
	back.How, back.Next = back.How.again(), e.Promised
	return backIf(i.Status == Cancelled, "the end", back)
}

func (Closure) undo(i Incident, _ Recorded) ([]Event, string) {
	return backIf(i.Status == Closed, "the close", Reopened{From: Closed, To: Resolved})
}

// A re-open is taken back by the end that it took away, with its time and its
// person.
func (e Reopened) undo(i Incident, _ Recorded) ([]Event, string) {
	resolution := Dated{At: e.EndedAt, Event: Resolution{How: e.How.again(), From: e.To, By: e.EndedBy, Mitigated: e.Mitigated, Promised: i.NextUpdate}}
	var back []Event
	switch e.From {
	case Resolved:
		back = []Event{resolution}
	case Closed:
		back = []Event{resolution, Closure{}}
	case Cancelled:
		back = []Event{Dated{At: e.EndedAt, Event: Cancellation{Reason: e.Reason, Note: e.How.again(), From: e.To, By: e.EndedBy, Promised: i.NextUpdate}}}
	case Triage, Investigating, Identified, Monitoring, Merged:
	}
	return backIf(i.Status == e.To && back != nil, "a re-open", back...)
}
