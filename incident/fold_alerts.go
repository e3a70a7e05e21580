package incident

import (
	"slices"
	"time"
)

// What stands in a group's own stream changes no incident.

func (AlertsHeard) fold(*Incident, Recorded)   {}
func (AlertsDecided) fold(*Incident, Recorded) {}
func (AlertsPlaced) fold(*Incident, Recorded)  {}
func (AlertsMuted) fold(*Incident, Recorded)   {}
func (AlertsUnmuted) fold(*Incident, Recorded) {}

// AlertsNow is how a group of alerts stands, as the incident knows it.
type AlertsNow struct {
	Group     string    `json:"group"`
	Source    string    `json:"source"`
	Title     Text      `json:"title"`
	Firing    int       `json:"firing,omitempty"`
	Recovered int       `json:"recovered,omitempty"`
	Since     time.Time `json:"since"`
	Last      time.Time `json:"last"`
	Told      time.Time `json:"told"` // when the incident heard of it last
	Link      string    `json:"link,omitempty"`
}

// Over says that nothing of the group fires any more.
func (a AlertsNow) Over() bool { return a.Firing == 0 }

func (e AlertsAttached) fold(i *Incident, r Recorded) {
	i.measure(func(m *Milestones) {
		known := !m.Started.Equal(i.DeclaredAt) // the declarer said so, or alerts did
		for _, a := range i.Alerts {
			known = known && !m.Started.Equal(a.Since)
		}
		if !known && e.Since.Before(m.Started) {
			m.Started = e.Since
		}
		if !m.Detected.IsZero() && e.Since.Before(m.Detected) {
			m.Detected = e.Since
		}
	})
	if len(i.Alerts) >= MaxAlertGroups {
		i.AlertsMore++
		return
	}
	i.Alerts = with(i.Alerts, AlertsNow{
		Group: e.Group, Source: e.Source, Title: e.Title, Firing: e.Firing, Recovered: e.Recovered,
		Since: e.Since, Last: e.Last, Told: r.Recorded, Link: e.Link,
	})
}

func (e AlertsChanged) fold(i *Incident, r Recorded) {
	at := slices.IndexFunc(i.Alerts, func(a AlertsNow) bool { return a.Group == e.Group })
	if at < 0 {
		return
	}
	i.Alerts = slices.Clone(i.Alerts)
	a := &i.Alerts[at]
	a.Firing, a.Recovered, a.Last, a.Told = e.Firing, e.Recovered, e.Last, r.Recorded
}

// AlertGroup is one group of alerts: the fold of its own stream. It is kept
// beside the stream, so its size is bounded: [MaxGroupAlerts].
type AlertGroup struct {
	ID      string      `json:"id"`
	Version Version     `json:"version"`
	Source  string      `json:"source"`
	Group   string      `json:"group"`
	Head    AlertHead   `json:"head"`
	Seen    []AlertSeen `json:"seen"` // by key
	Floor   int64       `json:"floor,omitempty"`
	Cut     bool        `json:"cut,omitempty"`

	Cycle  int       `json:"cycle,omitempty"`
	Since  time.Time `json:"since,omitzero"`   // when the trouble began
	Last   time.Time `json:"last,omitzero"`    // newest moment that was told of
	OverAt time.Time `json:"over_at,omitzero"` // newest end that left nothing firing

	Decided  AlertsDecided `json:"decided,omitzero"`
	Incident ID            `json:"incident,omitempty"`
	Number   Number        `json:"number,omitempty"`
	Private  bool          `json:"private,omitempty"`
	Placed   int           `json:"placed,omitempty"` // in which cycle
	Mute     AlertsMuted   `json:"mute,omitzero"`
	MutedBy  PersonID      `json:"muted_by,omitempty"`
	Newer    bool          `json:"newer,omitempty"` // holds an event that this tocsin cannot read
}

// Stream is the group's own stream.
func (g AlertGroup) Stream() Stream { return AlertsOf(g.ID) }

// Firing counts the alerts that fire.
func (g AlertGroup) Firing() int {
	n := 0
	for _, s := range g.Seen {
		if s.Firing() {
			n++
		}
	}
	return n
}

// Recovered counts those of this trouble that fire no more.
func (g AlertGroup) Recovered() int {
	n := 0
	for _, s := range g.Seen {
		if !s.Firing() && s.Cycle == g.Cycle && g.Cycle > 0 {
			n++
		}
	}
	return n
}

// Muted says that the group asks for nothing now.
func (g AlertGroup) Muted(now time.Time) bool {
	switch g.Mute.How {
	case MuteHour:
		return now.Before(g.Mute.Until)
	case MuteRecovered:
		return g.Mute.Cycle == g.Cycle
	case MuteRule:
		return true
	}
	return false
}

// Attached says that the group has its incident in this trouble.
func (g AlertGroup) Attached() bool { return g.Placed == g.Cycle && g.Cycle > 0 }

// Apply is the fold: the group after one more event of its stream.
func (g AlertGroup) Apply(r Recorded) AlertGroup {
	if id, ok := r.Stream.Alerts(); ok {
		g.ID = id
	}
	g.Version = r.Version
	switch e := r.Event.(type) {
	case AlertsHeard:
		g.heard(e)
	case AlertsDecided:
		g.Decided = e
	case AlertsPlaced:
		g.Placed, g.Incident, g.Number, g.Private = e.Cycle, e.Incident, e.Number, e.Private
	case AlertsMuted:
		g.Mute, g.MutedBy = e, r.Actor
	case AlertsUnmuted:
		g.Mute, g.MutedBy = AlertsMuted{}, ""
	case Unknown:
		g.Newer = true
	default: // an effect that was given up
	}
	return g
}

func (g *AlertGroup) heard(e AlertsHeard) {
	g.Source, g.Group, g.Cut = e.Source, e.Group, e.Cut || g.Cut && e.Cycle == g.Cycle
	if e.Head != (AlertHead{}) {
		g.Head = e.Head
	}
	if e.Cycle > g.Cycle {
		g.Cycle, g.Since = e.Cycle, time.Time{}
	}
	g.Seen = slices.Clone(g.Seen)
	for _, a := range e.Alerts {
		g.hear(a)
	}
}

func (g *AlertGroup) hear(a AlertHeard) {
	at, known := g.find(a.Key)
	if !known {
		g.Seen = slices.Insert(g.Seen, at, AlertSeen{Key: a.Key})
	}
	s := g.Seen[at].hear(a)
	s.Cycle = g.Cycle
	g.Seen[at] = s
	if s.Firing() && (g.Since.IsZero() || a.begun().Before(g.Since)) && g.Cycle > 0 {
		g.Since = a.begun()
	}
	if a.At.After(g.Last) {
		g.Last = a.At
	}
	if a.State == AlertRecovered && a.At.After(g.OverAt) && g.Firing() == 0 {
		g.OverAt = a.At
	}
	if len(g.Seen) > MaxGroupAlerts {
		g.drop()
	}
}

// drop forgets the alert that was quiet for the longest, and remembers up to
// when it heard of it: nothing as old is taken for news.
func (g *AlertGroup) drop() {
	oldest := -1
	for k, s := range g.Seen {
		if !s.Firing() && (oldest < 0 || s.newest() < g.Seen[oldest].newest()) {
			oldest = k
		}
	}
	if oldest < 0 {
		oldest = 0
		for k, s := range g.Seen {
			if s.newest() < g.Seen[oldest].newest() {
				oldest = k
			}
		}
		g.Cut = true
	}
	g.Floor = max(g.Floor, g.Seen[oldest].newest())
	g.Seen = slices.Delete(g.Seen, oldest, oldest+1)
}

func (g *AlertGroup) find(key string) (int, bool) {
	return slices.BinarySearchFunc(g.Seen, key, func(s AlertSeen, key string) int {
		switch {
		case s.Key < key:
			return -1
		case s.Key > key:
			return 1
		}
		return 0
	})
}

// begun is when the firing began, as far as is known.
func (a AlertHeard) begun() time.Time {
	if a.Since.IsZero() {
		return a.At
	}
	return a.Since
}
