package email

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net/mail"
	"strings"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Name is what the pager is called in policy and on receipts.
const Name = "email"

// Options are what a [Pager] is made of.
type Options struct {
	Config Config
	Now    func() time.Time
	Roots  *x509.CertPool // nil: the system's
}

// Pager sends mail. It is safe for use by many goroutines.
type Pager struct {
	server server
	from   *mail.Address
	domain string
	now    func() time.Time
	roots  *x509.CertPool
}

var _ integrations.OneWay = (*Pager)(nil)

// Open makes the pager. Nothing is sent.
func Open(o Options) (*Pager, error) {
	if o.Now == nil {
		return nil, errors.New("the mail pager needs a clock")
	}
	if bad := o.Config.Faults(); len(bad) > 0 || !o.Config.Set() {
		return nil, errors.New("the mail pager is not set up: `tocsin config check` says what is missing")
	}
	from, err := mail.ParseAddress(o.Config.From)
	if err != nil {
		return nil, errors.New("TOCSIN_SMTP_FROM is no e-mail address")
	}
	s, _ := o.Config.server()
	_, domain, _ := strings.Cut(from.Address, "@")
	return &Pager{server: s, from: from, domain: domain, now: o.Now, roots: o.Roots}, nil
}

// Name implements [integrations.Integration].
func (*Pager) Name() string { return Name }

// OneWay implements [integrations.OneWay].
func (*Pager) OneWay() {}

// Check signs in at the mail server and leaves again.
func (p *Pager) Check(ctx context.Context) []integrations.Finding {
	if err := p.visit(ctx); err != nil {
		return []integrations.Finding{{
			Level: "fail", What: "the mail server does not let tocsin in", Why: fault.Sentence(err),
			Mend: "Set TOCSIN_SMTP_URL to a mail server that accepts mail from tocsin.",
		}}
	}
	found := []integrations.Finding{{Level: "ok", What: "the mail server lets tocsin in"}}
	if p.server.bare && !loopback(p.server.host) {
		found = append(found, integrations.Finding{
			Level: "warn", What: "pages by e-mail travel without TLS", Why: "TOCSIN_SMTP_URL says tls=off",
			Mend: "Take tls=off out of TOCSIN_SMTP_URL if the server offers STARTTLS.",
		})
	}
	return found
}

// Page sends one mail to every address of the target or person.
func (p *Pager) Page(ctx context.Context, ask integrations.Page) (integrations.Receipt, error) {
	to, err := addresses(ask)
	if err != nil {
		return integrations.Receipt{}, err
	}
	reached, err := p.send(ctx, p.letter(ask), to)
	if err != nil {
		return integrations.Receipt{}, err
	}
	r := integrations.Receipt{Key: ask.Key, State: integrations.Accepted, ID: p.messageID(ask.Key), Level: max(1, ask.Level), At: p.now()}
	var whom, not []string
	for i, a := range to {
		if reached[i] {
			whom = append(whom, a.Address)
		} else {
			not = append(not, a.Address)
		}
	}
	r.Whom = strings.Join(whom, ", ")
	if len(not) > 0 {
		r.Note = "the mail server refused " + strings.Join(not, ", ")
	}
	return r, nil
}

// Look implements [integrations.Pager].
func (*Pager) Look(context.Context, string) (integrations.Receipt, bool, error) {
	return integrations.Receipt{}, false, fault.New(fault.Rejected, "Mail cannot be asked whether it arrived.")
}

// Act implements [integrations.Pager].
func (*Pager) Act(context.Context, string, integrations.PageAct) (integrations.Receipt, error) {
	return integrations.Receipt{}, fault.New(fault.Rejected, "A mail that was sent cannot be changed.")
}

// OnCall implements [integrations.Pager]: mail knows nobody.
func (*Pager) OnCall(context.Context, string, time.Time) ([]integrations.OnCall, error) {
	return nil, nil
}

// addresses reads a person or a target as a list of addresses.
func addresses(ask integrations.Page) ([]*mail.Address, error) {
	words := ask.Target
	if ask.Person != "" {
		words = ask.Person
	}
	list, err := mail.ParseAddressList(words)
	if err != nil || len(list) == 0 {
		return nil, fault.New(fault.Rejected, "No e-mail address is known of whom to page.")
	}
	if len(list) > maxTo {
		list = list[:maxTo]
	}
	for _, a := range list {
		a.Name = "" // a name out of somebody's hands has no place in a header
	}
	return list, nil
}

const maxTo = 50

// messageID is the same for each sending of one key.
func (p *Pager) messageID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16]) + "@" + p.domain
}
