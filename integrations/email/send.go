package email

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/mail"
	"net/textproto"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tocsin/incident/fault"
)

// patience is how long one mail may take; a context may end it sooner.
const patience = 10 * time.Second

// client speaks to the mail server for the life of ctx: the library looks at a
// context only while it dials.
func (p *Pager) client(ctx context.Context) (*gomail.Client, func(), error) {
	port, err := strconv.Atoi(p.server.port)
	if err != nil {
		return nil, nil, fault.New(fault.Rejected, "The mail server's port is no number.")
	}
	secure := &tls.Config{ServerName: p.server.host, RootCAs: p.roots, MinVersion: tls.VersionTLS12}
	stop := func() bool { return true }
	dial := func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
		if !p.server.implicit {
			return conn, nil
		}
		over := tls.Client(conn, secure)
		if err := over.HandshakeContext(dialing); err != nil {
			_ = conn.Close()
			return nil, err
		}
		return over, nil
	}
	options := []gomail.Option{
		gomail.WithPort(port), gomail.WithTimeout(patience), gomail.WithHELO(p.domain), gomail.WithoutNoop(),
		gomail.WithTLSConfig(secure), gomail.WithDialContextFunc(dial), gomail.WithTLSPolicy(gomail.TLSMandatory),
	}
	switch {
	case p.server.implicit:
		options = append(options, gomail.WithSSL())
	case p.server.bare:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if p.server.user != "" {
		options = append(options, gomail.WithUsername(p.server.user), gomail.WithPassword(p.server.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5))
	}
	c, err := gomail.NewClient(p.server.host, options...)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Rejected, err, "The mail server's settings cannot be used.")
	}
	return c, func() { stop() }, nil
}

// visit signs in and leaves.
func (p *Pager) visit(ctx context.Context) error {
	c, leave, err := p.client(ctx)
	if err != nil {
		return err
	}
	defer leave()
	line, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return unopened(err)
	}
	_ = c.CloseWithSMTPClient(line) // it has said what was asked
	return nil
}

// send hands the letter over, to all at once; where the server refuses an
// address, the others get it one by one. It says who was reached.
func (p *Pager) send(ctx context.Context, l letter, to []*mail.Address) ([]bool, error) {
	c, leave, err := p.client(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	line, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, unopened(err)
	}
	defer func() { _ = c.CloseWithSMTPClient(line) }() // what was taken is taken
	hand := func(to ...*mail.Address) error {
		m := p.wrap(l, to)
		err := c.SendWithSMTPClient(line, m)
		if m.IsDelivered() {
			return nil
		}
		return unsent(err)
	}
	reached := make([]bool, len(to))
	err = hand(to...)
	if err == nil {
		for i := range reached {
			reached[i] = true
		}
		return reached, nil
	}
	if len(to) == 1 || fault.KindOf(err) == fault.Unknown || !refusedAddress(err) {
		return nil, err
	}
	some := false
	for i, a := range to {
		one := hand(a)
		if fault.KindOf(err) != fault.Unknown && one != nil {
			err = one
		}
		reached[i] = one == nil
		some = some || reached[i]
	}
	if some {
		return reached, nil
	}
	return nil, err
}

func refusedAddress(err error) bool {
	s, ok := errors.AsType[*gomail.SendError](err)
	return ok && s.Reason == gomail.ErrSMTPRcptTo
}

func (p *Pager) wrap(l letter, to []*mail.Address) *gomail.Msg {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(p.from)
	m.ToMailAddress(to...)
	m.Subject(l.subject)
	m.SetMessageIDWithValue(l.id)
	m.SetDateWithValue(p.now())
	m.SetImportance(gomail.ImportanceHigh)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, l.body)
	return m
}

// unopened is a line that never came to stand: nothing was sent.
func unopened(err error) error {
	if said, ok := errors.AsType[*textproto.Error](err); ok && said.Code >= 500 {
		return fault.Wrap(fault.Rejected, err, "The mail server does not let tocsin in ("+strconv.Itoa(said.Code)+").")
	}
	if wrongTLS(err) {
		return fault.Wrap(fault.Rejected, err, "The mail server's certificate cannot be trusted.")
	}
	return fault.Wrap(fault.Unavailable, err, "The mail server could not be reached.")
}

func wrongTLS(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}

// unsent is a letter that was not taken, as far as is known.
func unsent(err error) error {
	s, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return fault.Wrap(fault.Unknown, err, "The mail server did not say whether it took the mail.")
	}
	code := ""
	if s.ErrorCode() > 0 {
		code = " (" + strconv.Itoa(s.ErrorCode()) + ")"
	}
	switch {
	case s.ErrorCode() >= 500:
		return fault.Wrap(fault.Rejected, err, "The mail server refused the mail"+code+".")
	case s.ErrorCode() >= 400:
		return fault.Wrap(fault.Unavailable, err, "The mail server cannot take the mail now"+code+".")
	case s.Reason == gomail.ErrSMTPDataClose:
		return fault.Wrap(fault.Unknown, err, "The mail server did not say whether it took the mail.")
	}
	return fault.Wrap(fault.Unavailable, err, "The mail server went away before it had the mail.")
}
