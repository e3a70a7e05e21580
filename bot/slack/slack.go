package slack

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// Name is the platform's name in keys, accounts and rooms.
const Name = "slack"

// Hook is the path at which Slack calls tocsin over HTTP: commands, events and
// interactions alike.
const Hook = "/hooks/slack"

// Options is what the adapter is built of.
type Options struct {
	Config Config
	Now    func() time.Time
	Jitter func() float64 // in [0,1); spreads attempts to connect
	Log    *slog.Logger
	// Count is told of what is counted, by the names of [Counters]; nil: nobody is.
	Count func(what string)
	// HTTP makes the calls of the Web API; nil: a client of its own. Tests hand
	// in one that reaches a fake.
	HTTP *http.Client
	// Dial opens the connections of sockets; nil: the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Slack is Slack as a platform.
type Slack struct {
	o   Options
	out *caller
	in  *intake
}

// New makes the adapter. Nothing is called before [Slack.Listen].
func New(o Options) (*Slack, error) {
	if faults := o.Config.Faults(); len(faults) > 0 {
		return nil, fault.New(fault.Invalid, "%s: %s. %s", faults[0].Name, faults[0].What, faults[0].Mend)
	}
	s := &Slack{o: o, out: newCaller(o)}
	s.in = newIntake(s)
	return s, nil
}

// Name is "slack".
func (*Slack) Name() string { return Name }

// Limits are those of messages of blocks.
func (*Slack) Limits() chat.Limits {
	return chat.Limits{
		Text:     11_000, // over some 12,000 characters in all blocks Slack refuses with msg_blocks_too_long
		Parts:    40,     // a message holds 50 blocks; title, buttons and spilled parts need some
		Actions:  25,     // an actions block holds 25 elements
		Label:    75,     // plain text of a button
		Topic:    250,
		Patience: 3 * time.Second,
		Keyed:    false, // chat.postMessage knows no key; see Find
	}
}
