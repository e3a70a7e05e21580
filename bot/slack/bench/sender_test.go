package bench_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http/httputil"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const secret = "secret-of-the-fake"

// typist makes the commands: each a note of its own on one of some incidents,
// by one of some people, in one of some rooms.
type typist struct {
	incidents int
	people    []string
	rooms     []string
	back      string // the fake's address, for response URLs
	number    atomic.Int64
}

// command is one signed POST, and what its reply must say.
type command struct {
	form []byte
	says [2][]byte
}

// next writes the next command into c.
func (t *typist) next(c *command) {
	n := t.number.Add(1)
	inc := int(n)%t.incidents + 1
	c.form = fmt.Appendf(c.form[:0], "token=verification&team_id=T0TOCSIN&team_domain=acme&channel_id=%s&channel_name=ops"+
		"&user_id=%s&user_name=ann&command=%%2Fincident&text=note+INC-%d+the+queue+on+node+%d+is+full+again%%2C+looking+at+the+consumer"+
		"&api_app_id=A0TOCSIN&is_enterprise_install=false&response_url=%sresponse%%2FT0TOCSIN%%2F%d%%2Fsender&trigger_id=%d.1337.bench",
		t.rooms[int(n)%len(t.rooms)], t.people[int(n)%len(t.people)], inc, n, t.back, n, n)
	c.says[0] = fmt.Appendf(c.says[0][:0], "On the timeline of INC-%d:", inc)
	c.says[1] = fmt.Appendf(c.says[1][:0], "on node %d is full again", n)
}

// stated says whether a reply states this note's outcome.
func (c *command) stated(reply []byte) bool {
	return bytes.Contains(reply, c.says[0]) && bytes.Contains(reply, c.says[1])
}

// wire is one connection that is kept, with as little work a request as can be:
// what the sender takes of its core, Redis cannot have.
type wire struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	out     []byte
	body    bytes.Buffer
	mac     hash.Hash
	sum     []byte
}

func dial(address string) (*wire, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &wire{address: address, conn: conn, in: bufio.NewReaderSize(conn, 16<<10), mac: hmac.New(sha256.New, []byte(secret))}, nil
}

// post sends a form as Slack signs it, and gives status and body.
func (w *wire) post(form []byte) (status int, body []byte, err error) {
	stamp := strconv.AppendInt(nil, time.Now().Unix(), 10)
	w.mac.Reset()
	w.mac.Write([]byte("v0:"))
	w.mac.Write(stamp)
	w.mac.Write([]byte(":"))
	w.mac.Write(form)
	w.sum = w.mac.Sum(w.sum[:0])
	w.out = fmt.Appendf(w.out[:0], "POST /hooks/slack HTTP/1.1\r\nHost: %s\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"+
		"Accept: application/json,*/*\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"+
		"X-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=", w.address, len(form), stamp)
	w.out = hex.AppendEncode(w.out, w.sum)
	w.out = append(append(w.out, "\r\n\r\n"...), form...)
	_ = w.conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := w.conn.Write(w.out); err != nil {
		return 0, nil, err
	}
	return w.answer()
}

// answer reads one response.
func (w *wire) answer() (status int, body []byte, err error) {
	length, chunked := 0, false
	for first := true; ; first = false {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case first:
			if len(line) < 12 {
				return 0, nil, fmt.Errorf("%q is no HTTP", line)
			}
			if status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return 0, nil, err
			}
		case len(line) == 0:
			err := w.read(length, chunked)
			return status, w.body.Bytes(), err
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, nil, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
}

func (w *wire) read(length int, chunked bool) error {
	w.body.Reset()
	if !chunked {
		_, err := io.CopyN(&w.body, w.in, int64(length))
		return err
	}
	if _, err := io.Copy(&w.body, httputil.NewChunkedReader(w.in)); err != nil {
		return err
	}
	_, err := w.in.ReadSlice('\n') // the line that ends the trailer
	return err
}

// target is what is sent to.
type target struct {
	*program
	typist *typist
	states bool // replies must state the note
	stated atomic.Int64
}

// tally is what came of one measurement.
type tally struct {
	took    []time.Duration // sorted
	refused int             // answered otherwise than with the note
	odd     string          // the first such answer
	lasted  time.Duration
	spent   time.Duration // of the processor, by the program
}

func (t tally) rate() float64 { return float64(len(t.took)) / t.lasted.Seconds() }

// each is the processor's time that one command took, in µs.
func (t tally) each() float64 { return t.spent.Seconds() * 1e6 / float64(len(t.took)) }

// at is the quantile q of the times, in ms.
func (t tally) at(q float64) float64 {
	if len(t.took) == 0 {
		return 0
	}
	return t.took[min(len(t.took)-1, int(q*float64(len(t.took))))].Seconds() * 1e3
}

// one sends one command.
func (g *target) one(w *wire, c *command, t *tally) error {
	status, reply, err := w.post(c.form)
	if err != nil {
		return err
	}
	if status == 200 && (!g.states || c.stated(reply)) {
		g.stated.Add(1)
		return nil
	}
	t.refused++
	if t.odd == "" {
		t.odd = fmt.Sprintf("%d %.300s", status, reply)
	}
	return nil
}

// crowd has so many people send one command after the other for a while.
func (g *target) crowd(tb testing.TB, people int, lasts time.Duration) tally {
	tb.Helper()
	return g.lines(tb, people, func(w *wire, t *tally) error {
		var c command
		for began := time.Now(); time.Since(began) < lasts; {
			g.typist.next(&c)
			sent := time.Now()
			if err := g.one(w, &c, t); err != nil {
				return err
			}
			t.took = append(t.took, time.Since(sent))
		}
		return nil
	})
}

// paced sends so many commands a second, whether or not the ones before are
// answered; a command's time begins when it is due.
func (g *target) paced(tb testing.TB, rate int, lasts time.Duration) tally {
	tb.Helper()
	began, all := time.Now().Add(20*time.Millisecond), int64(lasts.Seconds()*float64(rate))
	var sent atomic.Int64
	return g.lines(tb, 256, func(w *wire, t *tally) error {
		var c command
		for {
			n := sent.Add(1) - 1
			if n >= all {
				return nil
			}
			due := began.Add(time.Duration(n) * time.Second / time.Duration(rate))
			g.typist.next(&c)
			time.Sleep(time.Until(due))
			if err := g.one(w, &c, t); err != nil {
				return err
			}
			t.took = append(t.took, time.Since(due))
		}
	})
}

// lines runs one sender a connection, and puts together what they saw.
func (g *target) lines(tb testing.TB, n int, send func(w *wire, t *tally) error) tally {
	tb.Helper()
	wires, parts := make([]*wire, n), make([]tally, n)
	for i := range wires {
		var err error
		if wires[i], err = dial(g.address); err != nil {
			tb.Fatal(err)
		}
		defer func() { _ = wires[i].conn.Close() }()
	}
	var out tally
	var all sync.WaitGroup
	began, before := time.Now(), g.spent(tb)
	for i, w := range wires {
		all.Go(func() {
			if err := send(w, &parts[i]); err != nil {
				tb.Error("a command was not answered:", err)
			}
		})
	}
	all.Wait()
	out.lasted, out.spent = time.Since(began), g.spent(tb)-before
	for _, p := range parts {
		out.took = append(out.took, p.took...)
		out.refused += p.refused
		if out.odd == "" {
			out.odd = p.odd
		}
	}
	slices.Sort(out.took)
	return out
}
