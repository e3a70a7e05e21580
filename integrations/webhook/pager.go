package webhook

import (
	"context"
	"net/http"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Name is what the pager is called in policy and on receipts.
const Name = "webhook"

// Options are what a [Pager] is made of.
type Options struct {
	Config    Config
	Now       func() time.Time
	Transport http.RoundTripper // nil: one of its own
}

// Pager calls the listener. It is safe for use by many goroutines.
type Pager struct{ sender *Sender }

var _ integrations.OneWay = (*Pager)(nil)

// Open makes the pager. Nothing is sent.
func Open(o Options) (*Pager, error) {
	s, err := NewSender(o)
	if err != nil {
		return nil, err
	}
	return &Pager{sender: s}, nil
}

// Sender sends other events to the same listener.
func (p *Pager) Sender() *Sender { return p.sender }

// Name implements [integrations.Integration].
func (*Pager) Name() string { return Name }

// OneWay implements [integrations.OneWay].
func (*Pager) OneWay() {}

// Check implements [integrations.Integration]. The listener has nothing that
// could be asked without telling it something.
func (*Pager) Check(context.Context) []integrations.Finding {
	return []integrations.Finding{{Level: "ok", What: "the webhook is set up", Why: "whether somebody listens shows with the first call"}}
}

// call is what the listener reads of a page.
type call struct {
	Target   string `json:"target,omitempty"`
	Person   string `json:"person,omitempty"`
	Summary  string `json:"summary"`
	Severity int    `json:"severity,omitempty"`
	Level    int    `json:"level,omitempty"`
	Link     string `json:"link,omitempty"`
	Drill    bool   `json:"drill,omitempty"`
}

// Page makes one call.
func (p *Pager) Page(ctx context.Context, ask integrations.Page) (integrations.Receipt, error) {
	at := p.sender.now()
	err := p.sender.Send(ctx, Event{
		Key: ask.Key, Kind: "page", At: at, What: "page " + whom(ask),
		Body: call{
			Target: ask.Target, Person: ask.Person, Summary: ask.Summary, Severity: ask.Severity,
			Level: max(1, ask.Level), Link: ask.Link, Drill: ask.Drill,
		},
	})
	if err != nil {
		return integrations.Receipt{}, settled(err)
	}
	return integrations.Receipt{
		Key: ask.Key, State: integrations.Accepted, ID: ID(ask.Key), Whom: "whoever listens to the webhook",
		Level: max(1, ask.Level), At: at,
	}, nil
}

// settled reads what an answer of a listener means: one that does not know the
// address, or says that something is in the way, has refused for good.
func settled(err error) error {
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Conflict, fault.Forbidden, fault.Invalid:
		return fault.Wrap(fault.Rejected, err, fault.Sentence(err))
	case fault.Internal, fault.Unavailable, fault.Unknown, fault.Rejected:
	}
	return err
}

func whom(ask integrations.Page) string {
	if ask.Person != "" {
		return ask.Person
	}
	return ask.Target
}

// Look implements [integrations.Pager].
func (*Pager) Look(context.Context, string) (integrations.Receipt, bool, error) {
	return integrations.Receipt{}, false, fault.New(fault.Rejected, "A webhook cannot be asked what became of a page.")
}

// Act implements [integrations.Pager].
func (*Pager) Act(context.Context, string, integrations.PageAct) (integrations.Receipt, error) {
	return integrations.Receipt{}, fault.New(fault.Rejected, "A webhook that was called cannot be changed.")
}

// OnCall implements [integrations.Pager]: a webhook knows nobody.
func (*Pager) OnCall(context.Context, string, time.Time) ([]integrations.OnCall, error) {
	return nil, nil
}
