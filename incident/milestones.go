package incident

import (
	"slices"
	"time"
)

// measure lets an event move the milestones. What was corrected by command
// stays on top, and returns to what events say when the correction is lifted.
func (i *Incident) measure(fn func(*Milestones)) {
	if len(i.Milestones.Corrected) == 0 {
		fn(&i.Milestones)
		return
	}
	fn(&i.Measured)
	shown := i.Measured
	shown.Corrected = i.Milestones.Corrected
	for _, m := range shown.Corrected {
		*shown.at(m) = *i.Milestones.at(m)
	}
	i.Milestones = shown
}

// measured are the milestones as events alone tell them.
func (i Incident) measured() Milestones {
	if len(i.Milestones.Corrected) == 0 {
		return i.Milestones
	}
	return i.Measured
}

// at points to one milestone; nil when there is none of that name.
func (m *Milestones) at(name Milestone) *time.Time {
	switch name {
	case Started:
		return &m.Started
	case Detected:
		return &m.Detected
	case Acknowledged:
		return &m.Acknowledged
	case Mitigated:
		return &m.Mitigated
	case ResolvedAt:
		return &m.Resolved
	}
	return nil
}

// At is one milestone; zero when it was not reached.
func (m Milestones) At(name Milestone) time.Time {
	if t := m.at(name); t != nil {
		return *t
	}
	return time.Time{}
}

// AllMilestones lists the milestones in their natural order.
func AllMilestones() []Milestone {
	return []Milestone{Started, Detected, Acknowledged, Mitigated, ResolvedAt}
}

func (e MilestoneSet) fold(i *Incident, _ Recorded) {
	shown := i.Milestones.at(e.Milestone)
	if shown == nil {
		return
	}
	if len(i.Milestones.Corrected) == 0 {
		i.Measured = i.Milestones
	}
	i.Milestones.Corrected = without(i.Milestones.Corrected, func(m Milestone) bool { return m == e.Milestone })
	if e.At.IsZero() {
		*shown = i.Measured.At(e.Milestone)
	} else {
		*shown = e.At
		i.Milestones.Corrected = with(i.Milestones.Corrected, e.Milestone)
	}
	if len(i.Milestones.Corrected) == 0 {
		i.Measured = Milestones{}
	}
}

// correction is what a milestone was set to by command; zero: it was not.
func (i Incident) correction(m Milestone) time.Time {
	if slices.Contains(i.Milestones.Corrected, m) {
		return i.Milestones.At(m)
	}
	return time.Time{}
}

// answered notes the first answer to the incident.
func (i *Incident) answered(at time.Time) {
	i.measure(func(m *Milestones) {
		if m.Acknowledged.IsZero() {
			m.Acknowledged = at
		}
	})
}
