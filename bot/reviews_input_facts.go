package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/review/source"
)

// timeline writes what was recorded.
func (g *gathering) timeline(recs []incident.Recorded) {
	fixed := map[int]incident.Text{}
	done := map[incident.ItemID]bool{}
	for _, r := range recs {
		switch e := r.Event.(type) {
		case incident.UpdateFixed:
			fixed[e.Update] = e.Text
		case incident.ItemDone:
			done[e.Item] = true
		case incident.ItemReopened:
			delete(done, e.Item)
		default:
		}
	}
	for _, e := range incident.Entries(recs) {
		if u, is := e.Event.(incident.UpdatePosted); is && !fixed[u.Update].Empty() {
			u.Text = fixed[u.Update]
			e.Event = u
		}
		f, ok := g.fact(e)
		if !ok || e.Deleted {
			continue
		}
		f.Done = f.Done || isDone(e.Event, done)
		f.Words = g.clean(f.Words)
		f.ID, f.At, f.By, f.Struck = factID(e.Version), e.Happened.UTC(), g.person(cmp.Or(incident.PersonID(f.By), e.Actor), false), e.Struck
		g.in.Facts = append(g.in.Facts, f)
	}
}

// factID is stable: an entry keeps its version for life.
func factID(v incident.Version) string { return "e" + strconv.FormatUint(uint64(v), 10) }

func isDone(e incident.Event, done map[incident.ItemID]bool) bool {
	switch e := e.(type) {
	case incident.TaskAdded:
		return done[e.Item]
	case incident.ActionAdded:
		return done[e.Item]
	default:
		return false
	}
}

// fact says what an entry of the timeline is to a review; ok is false for what
// is only the house's own bookkeeping. By is set where it is not the actor.
func (g *gathering) fact(e incident.Entry) (f source.Fact, ok bool) {
	if f, ok := g.written(e); ok {
		return f, true
	}
	f.Words = g.sentence(e)
	switch ev := e.Event.(type) {
	case incident.Declared:
		f.Kind = source.Declared
	case incident.SeveritySet:
		f.Kind = source.Severity
	case incident.StatusSet, incident.Cancellation, incident.MergedInto, incident.Closure:
		f.Kind = source.Status
	case incident.Resolution:
		f.Kind = source.Resolved
	case incident.Reopened:
		f.Kind = source.Reopened
	case incident.RoleTaken:
		f.Kind = source.Role
		g.hold(ev.Person, ev.Role)
	case incident.HandoverAccepted:
		f.Kind = source.Handover
		g.hold(ev.To, ev.Role)
	case incident.RoleReleased, incident.HandoverOffered, incident.HandoverDeclined:
		f.Kind = source.Role
	case incident.PageRequested, incident.PageAccepted, incident.PageEscalated, incident.PageReassigned,
		incident.ResponderAsked, incident.PageNoted, incident.PageFailed:
		f.Kind = source.Page
	case incident.PageAcknowledged:
		f.Kind, f.By = source.Acknowledged, string(ev.Person)
	case incident.AlertsAttached, incident.AlertsChanged:
		f.Kind, f.Link = source.Alert, alertLink(e.Event)
	case incident.Renamed, incident.ServiceAdded, incident.ServiceRemoved, incident.PrivacySet, incident.FieldSet,
		incident.MergeReceived, incident.ItemDone, incident.ItemReopened, incident.ChecklistAdded:
		f.Kind = source.Other
	default:
		return f, false
	}
	return f, true
}

// alertLink leads to an alert at its monitor.
func alertLink(e incident.Event) string {
	a, _ := e.(incident.AlertsAttached)
	return a.Link
}

// written is the fact of an entry whose words somebody wrote.
func (g *gathering) written(e incident.Entry) (f source.Fact, ok bool) {
	var t incident.Text
	switch ev := e.Event.(type) {
	case incident.NoteAdded:
		f.Kind, t = source.Note, ev.Text
	case incident.DecisionMade:
		f.Kind, t, f.About = source.Decision, ev.Text, g.about(ev.Message)
	case incident.MessageCaptured:
		f.Kind, t = source.Captured, ev.Text
		f.About, f.By, f.Link = g.about(ev.Message), string(ev.Text.Author), ev.Message.Link
	case incident.LinkAdded:
		f.Kind, t, f.Link = source.Other, ev.Label, ev.URL
		t.Words = cmp.Or(t.Words, ev.URL)
	case incident.UpdatePosted:
		f.Kind, t = source.Update, ev.Text
	case incident.ImpactSet:
		f.Kind, t = source.Impact, ev.Impact
	case incident.CauseSet:
		if ev.Tag == "" {
			return f, false
		}
		f.Kind, t = source.Cause, ev.Note
		t.Words = strings.TrimSuffix(ev.Tag+": "+t.String(), ": ")
	case incident.TaskAdded:
		f.Kind, t, f.Owner = source.Task, ev.Text, g.person(ev.Who, false)
	case incident.ActionAdded:
		f.Kind, t, f.Owner, f.Due = source.Action, ev.Text, g.person(ev.Owner, false), ev.Due.UTC()
		f.About = g.about(ev.Message)
	default:
		return f, false
	}
	if t.Erased || t.Words == "" {
		return source.Fact{}, false
	}
	f.Words = t.Words
	return f, true
}

// about is the message that an entry is about; empty: none that is in the input.
func (g *gathering) about(m incident.MessageRef) string {
	return g.at[spot{m.Platform, m.Room, m.ID}]
}

// sentence is what the timeline says, with moments in UTC.
func (g *gathering) sentence(e incident.Entry) string {
	v := say.Voice{Command: "/incident", Zone: "UTC", Policy: g.policy(), Face: func(id incident.PersonID) say.Face {
		return say.Face{Name: g.people.Person(g.ctx, id).Name}
	}}
	return chat.SpansText(say.Spans(e.Sentence, v), chat.Paper{Zone: "UTC"})
}

// hold notes that somebody held a role.
func (g *gathering) hold(who incident.PersonID, role incident.Role) {
	if g.person(who, false) == "" {
		return
	}
	name := string(role)
	for _, r := range g.policy().Roles {
		if r.Role == role && r.Name != "" {
			name = r.Name
		}
	}
	p := &g.in.People[g.met[who]]
	if name = strings.ToLower(name); !slices.Contains(p.Roles, name) {
		p.Roles = append(p.Roles, name)
	}
}

// milestones writes the moments that metrics are made of. When the impact
// began is one only where somebody or a monitor said so.
func (g *gathering) milestones() {
	m := g.inc.Milestones
	for n, one := range []struct {
		of    incident.Milestone
		words string
	}{
		{incident.Started, "impact_start"},
		{incident.Detected, "detection"},
		{incident.Acknowledged, "ack"},
		{incident.Mitigated, "mitigation"},
		{incident.ResolvedAt, "resolution"},
	} {
		at := m.At(one.of)
		said := slices.Contains(m.Corrected, one.of)
		if at.IsZero() || one.of == incident.Started && !said && at.Equal(g.inc.DeclaredAt) {
			continue
		}
		g.in.Facts = append(g.in.Facts, source.Fact{ID: milestoneID(n), At: at.UTC(), Kind: source.Milestone, Words: one.words})
	}
	slices.SortStableFunc(g.in.Facts, func(a, b source.Fact) int { return a.At.Compare(b.At) })
}

// milestoneID lies beyond every version of a timeline.
func milestoneID(n int) string { return "e" + strconv.Itoa(source.FirstMilestone+n) }
