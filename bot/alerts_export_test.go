package bot

import (
	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/store"
)

// GroupsOf are the groups of alerts of one replica, as the tests see them.
type GroupsOf struct{ *alerts }

// NewGroups makes them at a desk.
func NewGroups(d *Desk, s *store.Store) GroupsOf { return GroupsOf{newAlerts(d, s)} }

// Kept is how many groups are in memory.
func (g GroupsOf) Kept() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.kept)
}

// ExplainAlert says what policy makes of an alert.
func ExplainAlert(p incident.Policy, source string, a integrations.Alert) string {
	return explainAlert(p, source, a)
}
