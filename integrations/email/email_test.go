package email_test

import (
	"context"
	"io"
	"mime"
	"mime/quotedprintable"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/email"
	"tocsin/integrations/pagertest"
)

func moment() time.Time { return time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC) }

// open is a pager before a mail server, reached as url says; HOST stands for
// the server's address.
func open(t *testing.T, url string, set func(o *office)) (*email.Pager, *office) {
	t.Helper()
	o := newOffice(t, set)
	p, err := email.Open(email.Options{
		Config: email.Config{URL: redact.Secret(strings.Replace(url, "HOST", o.addr, 1)), From: "tocsin <pages@tocsin.example>"},
		Now:    moment, Roots: o.roots,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, o
}

func TestPager(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(t *testing.T) (*email.Pager, *office){
		"over STARTTLS, signed in": func(t *testing.T) (*email.Pager, *office) {
			return open(t, "smtp://tocsin:very-secret@HOST", func(o *office) { o.password = "very-secret" })
		},
		"over TLS": func(t *testing.T) (*email.Pager, *office) {
			return open(t, "smtps://HOST", func(o *office) { o.implicit = true })
		},
		"to a relay without TLS": func(t *testing.T) (*email.Pager, *office) {
			return open(t, "smtp://HOST?tls=off", func(o *office) { o.plain = true })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pagertest.RunOneWay(t, func(t *testing.T) pagertest.Bench {
				t.Helper()
				p, o := start(t)
				return pagertest.Bench{Pager: p, Far: o, Target: "cy@example.com, dee@example.com", Person: "cy@example.com"}
			})
		})
	}
}

func ask() integrations.Page {
	return integrations.Page{
		Key: "incident/abc/pages/p1", Target: "cy@example.com, Dee <dee@example.com>", Level: 1, Severity: 1,
		Summary: "INC-7 sev1: Zahlungen schlagen fehl – überall", Link: "https://tocsin.example/incidents/INC-7",
	}
}

func TestTheLetter(t *testing.T) {
	t.Parallel()
	p, o := open(t, "smtp://HOST", nil)
	r, err := p.Page(t.Context(), ask())
	if err != nil || r.Whom != "cy@example.com, dee@example.com" {
		t.Fatalf("the receipt is %+v, %v", r, err)
	}
	l := o.got()[0]
	subject, err := new(mime.WordDecoder).DecodeHeader(l.head.Get("Subject"))
	if err != nil || subject != "Page: INC-7 sev1: Zahlungen schlagen fehl – überall" {
		t.Errorf("the subject is %q, %v", subject, err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(l.body)))
	if err != nil || !strings.Contains(string(body), "überall\r\n\r\nhttps://tocsin.example/incidents/INC-7\r\n") {
		t.Errorf("the body is %q, %v", body, err)
	}
	for name, want := range map[string]string{
		"From": `"tocsin" <pages@tocsin.example>`, "To": "<cy@example.com>, <dee@example.com>", "Date": "Wed, 25 Nov 2026 23:00:00 +0000",
		"Auto-Submitted": "auto-generated", "Importance": "high", "Message-Id": "<" + r.ID + ">",
	} {
		if got := l.head.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !slices.Equal(l.to, []string{"cy@example.com", "dee@example.com"}) {
		t.Errorf("it goes to %v", l.to)
	}
	if strings.Contains(l.raw, "incident/abc") {
		t.Error("the key is in the mail")
	}
}

func TestNoWordBecomesAHeader(t *testing.T) {
	t.Parallel()
	p, o := open(t, "smtp://HOST", nil)
	a := ask()
	a.Summary = "fails\r\nBcc: eve@example.com\r\n\r\nhello\r\n.\r\nMAIL FROM:<eve@example.com>"
	a.Link = "https://tocsin.example/\r\nX-Evil: 1"
	if _, err := p.Page(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	got := o.got()
	if len(got) != 1 || got[0].head.Get("Bcc") != "" || got[0].head.Get("X-Evil") != "" || len(got[0].to) != 2 {
		t.Errorf("what went out is %+v", got)
	}
	for _, to := range []string{"", "nobody", "cy@example.com\r\nBcc: eve@example.com", strings.Repeat("x", 2000)} {
		a := ask()
		a.Target = to
		if _, err := p.Page(t.Context(), a); err == nil || fault.KindOf(err) != fault.Rejected {
			t.Errorf("to %q: %v", to, err)
		}
	}
	if len(o.got()) != 1 {
		t.Error("a mail went to a bad address")
	}
}

func TestOneBadAddressKeepsNobodyFromTheMail(t *testing.T) {
	t.Parallel()
	p, o := open(t, "smtp://HOST", func(o *office) { o.refuses["RCPT cy@example.com"] = "550 5.1.1 no such mailbox" })
	r, err := p.Page(t.Context(), ask())
	if err != nil || r.Whom != "dee@example.com" || !strings.Contains(r.Note, "cy@example.com") {
		t.Fatalf("the receipt is %+v, %v", r, err)
	}
	if got := o.got(); len(got) != 1 || !slices.Equal(got[0].to, []string{"dee@example.com"}) {
		t.Errorf("what went out is %+v", got)
	}
}

func TestWhatTheServerSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, command, answer string
		want                  fault.Kind
	}{
		{"a sender that it refuses", "MAIL", "550 5.7.1 not you", fault.Rejected},
		{"a server that is busy", "MAIL", "451 4.3.0 later", fault.Unavailable},
		{"all addresses refused", "RCPT", "550 5.1.1 no such mailbox", fault.Rejected},
		{"all addresses put off", "RCPT", "450 4.2.1 greylisted", fault.Unavailable},
		{"no data wanted", "DATA", "554 5.5.1 no", fault.Rejected},
		{"a letter refused at its end", ".", "554 5.7.1 looks like spam", fault.Rejected},
		{"a letter put off at its end", ".", "451 4.3.0 disk full", fault.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, o := open(t, "smtp://HOST", func(o *office) { o.refuses[c.command] = c.answer })
			_, err := p.Page(t.Context(), ask())
			if err == nil || fault.KindOf(err) != c.want {
				t.Errorf("it is %v (%v), want %v", fault.KindOf(err), err, c.want)
			}
			if strings.Contains(fault.Sentence(err), "spam") || len(o.got()) != 0 {
				t.Errorf("it says %q", fault.Sentence(err))
			}
		})
	}
}

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	t.Run("a wrong password is a refusal, and is not repeated in words", func(t *testing.T) {
		t.Parallel()
		p, _ := open(t, "smtp://tocsin:very-wrong@HOST", func(o *office) { o.password = "very-secret" })
		_, err := p.Page(t.Context(), ask())
		if err == nil || fault.KindOf(err) != fault.Rejected || strings.Contains(err.Error(), "very-wrong") {
			t.Errorf("it is %v", err)
		}
		if f := p.Check(t.Context()); len(f) != 1 || f[0].Level != "fail" || f[0].Mend == "" {
			t.Errorf("the check says %+v", f)
		}
	})
	t.Run("a server that takes TLS away is sent nothing", func(t *testing.T) {
		t.Parallel()
		p, o := open(t, "smtp://tocsin:very-secret@HOST", func(o *office) { o.password, o.plain = "very-secret", true })
		if _, err := p.Page(t.Context(), ask()); err == nil {
			t.Error("it was sent all the same")
		}
		if len(o.got()) != 0 || o.bare {
			t.Error("the password or the mail went out without TLS")
		}
	})
	t.Run("a server that is not who it says is sent nothing", func(t *testing.T) {
		t.Parallel()
		for _, scheme := range []string{"smtp", "smtps"} {
			o := newOffice(t, func(o *office) { o.implicit = scheme == "smtps" })
			p, err := email.Open(email.Options{Config: email.Config{URL: redact.Secret(scheme + "://" + o.addr), From: "pages@tocsin.example"}, Now: moment})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Page(t.Context(), ask()); fault.KindOf(err) != fault.Rejected || len(o.got()) != 0 {
				t.Errorf("over %s it is %v", scheme, err)
			}
		}
	})
	t.Run("a call ends with its context", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p, _ := open(t, "smtp://HOST", func(o *office) { o.how, o.taken = pagertest.LoseAnswer, cancel })
		began := time.Now()
		_, err := p.Page(ctx, ask())
		if fault.KindOf(err) != fault.Unknown || time.Since(began) > 5*time.Second {
			t.Errorf("after %s it is %v", time.Since(began), err)
		}
	})
}

func TestSettings(t *testing.T) {
	t.Parallel()
	const from = "tocsin@example.com"
	for _, c := range []struct {
		name string
		c    email.Config
		want []string
	}{
		{"nothing", email.Config{}, nil},
		{"STARTTLS", email.Config{URL: "smtp://u:p@mail.example.com:587", From: from}, nil},
		{"TLS", email.Config{URL: "smtps://mail.example.com", From: "Tocsin <tocsin@example.com>"}, nil},
		{"a relay", email.Config{URL: "smtp://10.0.0.5:25?tls=off", From: from}, nil},
		{"a password without TLS", email.Config{URL: "smtp://u:very-secret@mail.example.com?tls=off", From: from}, []string{"TOCSIN_SMTP_URL"}},
		{"both at once", email.Config{URL: "smtps://mail.example.com?tls=off", From: from}, []string{"TOCSIN_SMTP_URL"}},
		{"a word that there is not", email.Config{URL: "smtp://mail.example.com?tls=maybe", From: from}, []string{"TOCSIN_SMTP_URL"}},
		{"another scheme", email.Config{URL: "https://very-secret.example.com", From: from}, []string{"TOCSIN_SMTP_URL"}},
		{"no host", email.Config{URL: "smtp://", From: from}, []string{"TOCSIN_SMTP_URL"}},
		{"no server", email.Config{From: from}, []string{"TOCSIN_SMTP_URL"}},
		{"no sender", email.Config{URL: "smtps://mail.example.com"}, []string{"TOCSIN_SMTP_FROM"}},
		{"a bad sender", email.Config{URL: "smtps://mail.example.com", From: "tocsin"}, []string{"TOCSIN_SMTP_FROM"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range c.c.Faults() {
				got = append(got, f.Name)
				if f.Mend == "" || strings.Contains(f.What+f.Mend, "very-secret") {
					t.Errorf("it says %+v", f)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("faults of %v, want %v", got, c.want)
			}
			if _, err := email.Open(email.Options{Config: c.c, Now: moment}); (err == nil) != (c.c.Set() && len(c.want) == 0) {
				t.Errorf("opening it: %v", err)
			}
		})
	}
}
