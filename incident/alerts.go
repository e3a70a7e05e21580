package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// AlertState is whether an alert still says that something is wrong.
type AlertState string

// The states of an alert.
const (
	AlertFiring    AlertState = "firing"
	AlertRecovered AlertState = "recovered"
)

// Alert is one thing that a monitor noticed, as the house reads it.
type Alert struct {
	Group    string // the vendor's key of what belongs together
	Key      string // the vendor's key of this alert within the source
	Since    time.Time
	State    AlertState
	Title    string
	Summary  string
	Severity string // the vendor's word
	Service  string
	Labels   map[string]string
	Link     string
	Runbook  string
	Board    string
	At       time.Time
	Cut      bool // alerts of the group were left out
}

// AlertDo is what becomes of alerts.
type AlertDo string

// What alerts may lead to, the least first.
const (
	IgnoreAlerts  AlertDo = "ignore"
	SuggestAlerts AlertDo = "suggest" // a card asks people what to do
	AttachAlerts  AlertDo = "attach"  // to the open incident of the service; without one they are suggested
	DeclareAlerts AlertDo = "declare" // attached to the open incident of the service; without one it is declared
)

// AlertDos lists them, the least first.
func AlertDos() []AlertDo { return []AlertDo{IgnoreAlerts, SuggestAlerts, AttachAlerts, DeclareAlerts} }

func (d AlertDo) rank() int { return slices.Index(AlertDos(), d) }

// AlertRule says what alerts of a kind lead to. What it leaves open matches
// everything; "*" in a pattern stands for any words, and case does not matter.
type AlertRule struct {
	Name     string
	Source   string            // the monitor: "alertmanager"
	Match    string            // pattern of the title
	Service  string            // pattern of the service
	Labels   map[string]string // label -> pattern
	Words    []string          // the vendor's words of severity
	Do       AlertDo
	Severity Severity // of what is declared; 0: not set
	As       string   // the service that it is about; empty: as the alert says
}

// Storm bounds what alerts may open by themselves.
type Storm struct {
	Rooms  int           // incidents that alerts may declare within the window
	Window time.Duration // how long that many are enough
	Quiet  time.Duration // alerts that fire again so soon after they recovered are the same trouble
}

// Followed in a group and on an incident; what is more is counted or left out.
const (
	MaxGroupAlerts = 1000 // alerts of one group that are told apart
	MaxAlertGroups = 10   // groups that an incident follows one by one
	AlertGap       = time.Minute
	maxHeard       = 200 // alerts in one event
)

// AlertStream is the stream of a group: the same group of the same source has
// the same stream for ever.
func AlertStream(source, group string) Stream {
	h := sha256.Sum256([]byte("alerts\x00" + source + "\x00" + group))
	return Stream(alertPrefix + hex.EncodeToString(h[:8]))
}

const alertPrefix = "alerts/"

// AlertsOf is the stream of a group by the name that buttons call it.
func AlertsOf(id string) Stream { return Stream(alertPrefix + id) }

// Alerts is the name of the group of alerts whose stream this is.
func (s Stream) Alerts() (id string, ok bool) { return strings.CutPrefix(string(s), alertPrefix) }

// AlertRule is the first rule that an alert matches.
func (p Policy) AlertRule(source string, a Alert) (AlertRule, bool) {
	for _, r := range p.Alerts {
		if r.matches(source, a) {
			return r, true
		}
	}
	return AlertRule{Do: SuggestAlerts}, false
}

func (r AlertRule) matches(source string, a Alert) bool {
	if r.Source != "" && r.Source != source || !like(r.Match, a.Title) || !like(r.Service, a.Service) {
		return false
	}
	if len(r.Words) > 0 && !slices.ContainsFunc(r.Words, func(w string) bool { return strings.EqualFold(w, a.Severity) }) {
		return false
	}
	for name, pattern := range r.Labels {
		if value, has := a.Labels[name]; !has || !like(pattern, value) {
			return false
		}
	}
	return true
}

// like says whether words fit a pattern; an empty one fits everything.
func like(pattern, words string) bool {
	if pattern == "" {
		return true
	}
	pattern, words = strings.ToLower(pattern), strings.ToLower(words)
	pieces := strings.Split(pattern, "*")
	if len(pieces) == 1 {
		return pattern == words
	}
	rest, begins := strings.CutPrefix(words, pieces[0])
	if !begins {
		return false
	}
	last := len(pieces) - 1
	for _, piece := range pieces[1:last] {
		_, after, found := strings.Cut(rest, piece)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, pieces[last])
}

// AlertSeen is what is known of one alert: the newest of each thing that was
// ever said of it, in Unix milliseconds. Taking the newest does not depend on
// the order in which things are heard, nor on how often.
type AlertSeen struct {
	Key    string `json:"k"`
	Fired  int64  `json:"f,omitempty"` // newest start of a firing
	Heard  int64  `json:"h,omitempty"` // newest moment at which it was said to fire, start not known
	Over   int64  `json:"o,omitempty"` // newest start of a firing that is said to be over
	Ended  int64  `json:"e,omitempty"` // newest moment of which an end was told
	Closed int64  `json:"c,omitempty"` // the same, of ends whose start is not known
	Cycle  int    `json:"n,omitempty"` // in which it was last heard of
}

// Firing says that nothing ended its newest firing.
func (s AlertSeen) Firing() bool {
	return s.Fired > s.Over && s.Fired > s.Closed || s.Heard > s.Ended
}

// hear takes in what is said of the alert.
func (s AlertSeen) hear(a AlertHeard) AlertSeen {
	at, since := a.At.UnixMilli(), int64(0)
	if !a.Since.IsZero() {
		since = a.Since.UnixMilli()
	}
	switch {
	case a.State == AlertFiring && since != 0:
		s.Fired = max(s.Fired, since)
	case a.State == AlertFiring:
		s.Heard = max(s.Heard, at)
	case since != 0:
		s.Over, s.Ended = max(s.Over, since), max(s.Ended, at)
	default:
		s.Closed, s.Ended = max(s.Closed, at), max(s.Ended, at)
	}
	return s
}

// newest is the newest moment that it knows of.
func (s AlertSeen) newest() int64 { return max(s.Fired, s.Heard, s.Over, s.Ended, s.Closed) }

// alertKey is a vendor's key of an alert, short enough to be kept in numbers.
func alertKey(key string) string {
	h := sha256.Sum256([]byte(key))
	return hex.EncodeToString(h[:6])
}
