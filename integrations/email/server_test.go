package email_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/integrations"
	"tocsin/integrations/pagertest"
)

// office is a mail server that behaves.
type office struct {
	mu    sync.Mutex
	how   pagertest.Failure
	mails []letter
	cert  tls.Certificate
	roots *x509.CertPool
	addr  string

	implicit bool              // TLS from the first byte
	plain    bool              // it offers no STARTTLS
	password string            // asked for; empty: nobody has to sign in
	refuses  map[string]string // command ("RCPT bad@example.com", "MAIL", "DATA", ".") -> answer
	bare     bool              // it was signed in to without TLS
	taken    func()            // called with each letter; nil: nothing
}

type letter struct {
	from string
	to   []string
	head mail.Header
	body string
	raw  string
}

func newOffice(t *testing.T, set func(o *office)) *office {
	t.Helper()
	o := &office{refuses: map[string]string{}}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	o.cert, o.roots = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, x509.NewCertPool()
	o.roots.AddCert(cert)
	if set != nil {
		set(o)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.addr = l.Addr().String()
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { o.serve(t.Context(), c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	return o
}

func (o *office) mode() pagertest.Failure {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.how
}

// talk is one conversation.
type talk struct {
	c      net.Conn
	r      *bufio.Reader
	secure bool
	l      letter
}

func (k *talk) say(words string) { _, _ = io.WriteString(k.c, words+"\r\n") }

func (o *office) serve(ctx context.Context, c net.Conn) {
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	defer func() { _ = c.Close() }()
	if o.mode() == pagertest.Away {
		return
	}
	k := &talk{c: c}
	if o.implicit {
		k.c, k.secure = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{o.cert}}), true
	}
	k.r = bufio.NewReader(k.c)
	k.say("220 office ready")
	for {
		line, err := k.r.ReadString('\n')
		if err != nil || !o.answer(k, strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

// answer does one command; false ends the conversation.
func (o *office) answer(k *talk, line string) bool {
	word, rest, _ := strings.Cut(line, " ")
	o.mu.Lock()
	no := o.refuses[strings.ToUpper(word)]
	o.mu.Unlock()
	switch strings.ToUpper(word) {
	case "EHLO", "HELO":
		k.say("250-office")
		if !k.secure && !o.plain {
			k.say("250-STARTTLS")
		}
		if o.password != "" {
			k.say("250-AUTH PLAIN LOGIN")
		}
		k.say("250 8BITMIME")
	case "STARTTLS":
		k.say("220 go")
		k.c, k.secure = tls.Server(k.c, &tls.Config{Certificates: []tls.Certificate{o.cert}}), true
		k.r = bufio.NewReader(k.c)
	case "AUTH":
		_, token, _ := strings.Cut(rest, " ")
		raw, _ := base64.StdEncoding.DecodeString(token)
		o.mu.Lock()
		o.bare = o.bare || !k.secure
		o.mu.Unlock()
		if !strings.HasSuffix(string(raw), "\x00"+o.password) {
			k.say("535 5.7.8 wrong password")
			return true
		}
		k.say("235 welcome")
	case "MAIL":
		k.l = letter{from: rest}
		k.say(or(no, "250 ok"))
	case "RCPT":
		to := strings.TrimSuffix(strings.TrimPrefix(rest, "TO:<"), ">")
		o.mu.Lock()
		no = or(o.refuses["RCPT "+to], no)
		o.mu.Unlock()
		if o.mode() == pagertest.Refuse {
			no = "550 5.1.1 no such mailbox"
		}
		if no == "" {
			k.l.to = append(k.l.to, to)
		}
		k.say(or(no, "250 ok"))
	case "DATA":
		if no != "" {
			k.say(no)
			return true
		}
		k.say("354 go on")
		return o.take(k)
	case "RSET", "NOOP":
		k.say("250 ok")
	case "QUIT":
		k.say("221 bye")
		return false
	default:
		k.say("500 what?")
	}
	return true
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// take reads a letter to its end.
func (o *office) take(k *talk) bool {
	var b strings.Builder
	for {
		line, err := k.r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
	o.mu.Lock()
	no := o.refuses["."]
	o.mu.Unlock()
	if no != "" {
		k.say(no)
		return true
	}
	k.l.raw = b.String()
	if m, err := mail.ReadMessage(strings.NewReader(k.l.raw)); err == nil {
		body, _ := io.ReadAll(m.Body)
		k.l.head, k.l.body = m.Header, string(body)
	}
	o.mu.Lock()
	o.mails = append(o.mails, k.l)
	o.mu.Unlock()
	if o.taken != nil {
		o.taken()
	}
	if o.mode() == pagertest.LoseAnswer {
		_, _ = k.r.ReadString('\n') // until the other side goes
		return false
	}
	k.say("250 taken")
	return true
}

func (o *office) got() []letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]letter(nil), o.mails...)
}

func (o *office) Break(_ context.Context, how pagertest.Failure) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.how = how
	return nil
}

// Pages counts what a mailbox that knows Message-IDs would show of a key.
func (o *office) Pages(_ context.Context, key string) (int, error) {
	sum := sha256.Sum256([]byte(key))
	want := fmt.Sprintf("<%s@tocsin.example>", hex.EncodeToString(sum[:16]))
	for _, l := range o.got() {
		if l.head.Get("Message-Id") == want {
			return 1, nil
		}
	}
	return 0, nil
}

func (*office) Answer(context.Context, string, string) error         { return nil }
func (*office) Pass(context.Context, string) error                   { return nil }
func (*office) News(context.Context) ([]integrations.Receipt, error) { return nil, nil }
