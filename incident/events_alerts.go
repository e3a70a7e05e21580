package incident

import "time"

// AlertsHeard is what a monitor said of a group of alerts that was not known
// before. It stands in the group's own stream.
type AlertsHeard struct {
	Source string       `json:"source"`
	Group  string       `json:"group"` // the vendor's key of it
	Cycle  int          `json:"cycle"` // which trouble of the group it belongs to, from 1; 0: none yet
	Alerts []AlertHeard `json:"alerts"`
	Head   AlertHead    `json:"head,omitzero"` // what it is about, when that is new
	Cut    bool         `json:"cut,omitempty"` // the vendor left alerts out
}

// AlertHeard is what was said of one alert.
type AlertHeard struct {
	Key   string     `json:"key"` // short hash of the vendor's
	State AlertState `json:"state"`
	Since time.Time  `json:"since,omitzero"`
	At    time.Time  `json:"at"`
}

// AlertHead is what a group of alerts is about, in the monitor's words.
type AlertHead struct {
	Title    string `json:"title"`
	Summary  string `json:"summary,omitempty"`
	Severity string `json:"severity,omitempty"`
	Service  string `json:"service,omitempty"`
	Link     string `json:"link,omitempty"`
	Runbook  string `json:"runbook,omitempty"`
	Board    string `json:"board,omitempty"`
}

// AlertsDecided says what policy makes of a group that fires.
type AlertsDecided struct {
	Cycle    int      `json:"cycle"`
	Do       AlertDo  `json:"do"`
	Rule     string   `json:"rule,omitempty"` // empty: no rule matched
	Severity Severity `json:"severity,omitempty"`
	Service  string   `json:"service,omitempty"`
	Why      string   `json:"why,omitempty"` // when it is not what the rule says
}

// AlertsPlaced says which incident a group belongs to.
type AlertsPlaced struct {
	Cycle    int    `json:"cycle"`
	Incident ID     `json:"incident"`
	Number   Number `json:"number"`
	Private  bool   `json:"private,omitempty"`
}

// AlertMute is how long a group's alerts ask for nothing.
type AlertMute string

// How long a mute lasts.
const (
	MuteHour      AlertMute = "hour"
	MuteRecovered AlertMute = "recovered"
	MuteRule      AlertMute = "rule" // and all that its rule matches, until it is lifted
)

// AlertsMuted says that a group's alerts ask for nothing for a while.
type AlertsMuted struct {
	Cycle int       `json:"cycle"`
	How   AlertMute `json:"how"`
	Until time.Time `json:"until,omitzero"`
	Rule  string    `json:"rule,omitempty"`
}

// AlertsUnmuted lifts it.
type AlertsUnmuted struct {
	Cycle int `json:"cycle"`
}

// AlertsAttached says that a group of alerts belongs to the incident.
type AlertsAttached struct {
	Group     string    `json:"group"` // as buttons call it
	Source    string    `json:"source"`
	Title     Text      `json:"title"`
	Service   string    `json:"service,omitempty"`
	How       string    `json:"how"` // "by rule checkout", "by hand"
	Since     time.Time `json:"since"`
	Last      time.Time `json:"last"`
	Firing    int       `json:"firing"`
	Recovered int       `json:"recovered,omitempty"`
	Link      string    `json:"link,omitempty"`
	Runbook   string    `json:"runbook,omitempty"`
	Board     string    `json:"board,omitempty"`
}

// AlertsChanged says how a group of the incident's alerts stands now.
type AlertsChanged struct {
	Group     string    `json:"group"`
	Title     Text      `json:"title"`
	Was       string    `json:"was"` // "firing" or "recovered"
	Now       string    `json:"now"`
	Firing    int       `json:"firing"`
	Recovered int       `json:"recovered,omitempty"`
	Last      time.Time `json:"last"`
	All       bool      `json:"all,omitempty"` // nothing that the incident follows fires any more
}

// alertEvents are what monitors say.
func alertEvents() []Event {
	return []Event{
		AlertsHeard{},
		AlertsDecided{},
		AlertsPlaced{},
		AlertsMuted{},
		AlertsUnmuted{},
		AlertsAttached{},
		AlertsChanged{},
	}
}
