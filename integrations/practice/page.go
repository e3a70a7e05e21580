package practice

import (
	"time"

	"tocsin/integrations"
)

// record is a page as it lies on the shelf. Number is part of it so that the
// number that drives changes (news told) can be compared.
type record struct {
	Key      string                    `json:"key"`
	ID       string                    `json:"id"`
	Target   string                    `json:"target,omitempty"`
	Person   string                    `json:"person,omitempty"`
	Summary  string                    `json:"summary"`
	Severity int                       `json:"severity,omitempty"`
	Link     string                    `json:"link,omitempty"`
	Drill    bool                      `json:"drill,omitempty"`
	State    integrations.ReceiptState `json:"state"`
	Level    int                       `json:"level"`
	By       string                    `json:"by,omitempty"`
	Asked    time.Time                 `json:"asked"`
	Since    time.Time                 `json:"since"`            // the state was reached, or the level began to ring
	Times    int                       `json:"times"`            // how often its key was sent
	Silent   bool                      `json:"silent,omitempty"` // let it ring: no escalation by itself
	News     []integrations.Receipt    `json:"news,omitempty"`   // not told yet
}

// ringing holds while somebody is asked and nobody has answered.
func (p record) ringing() bool {
	return p.State == integrations.Accepted || p.State == integrations.Escalated
}

// levels is how many people can be asked one after the other.
func (p record) levels() int {
	if p.Person != "" {
		return 1
	}
	return len(rota(p.Target))
}

func (p record) who() string {
	if p.Person != "" {
		return p.Person
	}
	return rota(p.Target)[min(p.Level, p.levels())-1].name
}

func (p record) receipt() integrations.Receipt {
	return integrations.Receipt{
		Key: p.Key, State: p.State, ID: p.ID, Whom: p.who(), By: p.By, Level: p.Level,
		Practice: true, At: p.Since,
	}
}

// move brings the page into a state, and remembers to tell it.
func (p *record) move(to integrations.ReceiptState, now time.Time, tell bool) {
	p.State, p.Since = to, now
	if tell {
		p.News = append(p.News, p.receipt())
	}
}

// escalate asks the next level; after the last one nobody is left.
func (p *record) escalate(now time.Time, tell bool) {
	if p.Level >= p.levels() {
		p.move(integrations.Failed, now, tell)
		return
	}
	p.Level++
	p.move(integrations.Escalated, now, tell)
}
