package bot

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
)

// client talks to the running bot over its own API.
type client struct {
	base  string
	token redact.Secret
	http  *http.Client
}

// newClient finds the running bot where the settings say that it listens.
func newClient(c Config) (client, error) {
	token, err := apiToken(c, false)
	if err != nil {
		return client{}, err
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return client{}, fault.New(fault.Invalid, "TOCSIN_LISTEN is no address with a port.")
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return client{base: "http://" + net.JoinHostPort(host, port), token: token, http: &http.Client{Timeout: 10 * time.Second}}, nil
}

// call sends one request and gives back the status and the body.
func (c client) call(ctx context.Context, method, path string, in any) (status int, body []byte, err error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return 0, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(raw))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token.Reveal())
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		if errors.Is(err, syscall.ECONNREFUSED) {
			return 0, nil, fault.Wrap(fault.Unavailable, err, "No tocsin answers at "+c.base+"; nothing was sent. Start one with `tocsin`, or set TOCSIN_LISTEN to where it listens.")
		}
		return 0, nil, fault.Wrap(fault.Unknown, err, "The reply did not come; it may have been done. Send it again with the same --key to learn how it went.")
	}
	defer func() { _ = res.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return 0, nil, fault.Wrap(fault.Unknown, err, "The reply broke off; it may have been done. Send it again with the same --key to learn how it went.")
	}
	return res.StatusCode, body, nil
}

// spoken is what the API answers to a command.
type spoken struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	Try  string `json:"try"`
}

// sayIt says one command to the running bot, as if it had been typed in chat.
func sayIt(ctx context.Context, out IO) int {
	fs := flags(out, `say --as USER [--room ROOM] [--key KEY] [--json] "/incident …"`)
	as := fs.String("as", "", "who says it: an e-mail, platform:id or a console name")
	room := fs.String("room", "", "where: a room's name or platform:id")
	key := fs.String("key", "", "the same at every repeat of the same command; made up when not given")
	asJSON := fs.Bool("json", false, "print the API's answer as it came")
	words, code, ok := parse(fs, out.Args)
	if !ok {
		return code
	}
	if *as == "" || len(words) == 0 {
		return wrongUse(fs, "Who says what? For example: tocsin say --as responder --room general \"/incident checkout is failing\"", out.Err)
	}
	c, err := ReadConfig(out.Env)
	if err != nil {
		return complain(out, err)
	}
	cl, err := newClient(c)
	if err != nil {
		return complain(out, err)
	}
	if *key == "" {
		*key = "say-" + rand.Text()
	}
	body, reply, err := cl.command(ctx, map[string]string{"user": *as, "room": *room, "text": strings.Join(words, " "), "key": *key})
	if err != nil {
		return complain(out, err)
	}
	if *asJSON {
		_, _ = out.Out.Write(body)
	} else {
		fmt.Fprintln(out.Out, reply.Text)
		if reply.Try != "" {
			fmt.Fprintf(out.Out, "For example: %s\n", reply.Try)
		}
	}
	return exitOfName(reply.Kind)
}

// command posts a command, and asks again with the same key while the bot
// cannot confirm it.
func (c client) command(ctx context.Context, in map[string]string) (body []byte, reply spoken, err error) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	for try := range 5 {
		select {
		case <-ctx.Done():
			return nil, spoken{}, fault.New(fault.Unknown, "Stopped while it was not confirmed; key %s tells how it went.", in["key"])
		case <-wait.C:
		}
		_, body, err = c.call(ctx, http.MethodPost, "/api/v1/commands", in)
		if err != nil && fault.KindOf(err) != fault.Unknown {
			return nil, spoken{}, err
		}
		if err == nil {
			reply = spoken{}
			if err = json.Unmarshal(body, &reply); err != nil {
				return nil, spoken{}, fault.Wrap(fault.Internal, err, "What answers there is no tocsin.")
			}
			if reply.Kind != fault.Unknown.String() {
				return body, reply, nil
			}
		}
		wait.Reset(time.Duration(try+1) * time.Second)
	}
	return body, reply, err
}

func exitOfName(kind string) int {
	for _, k := range fault.Kinds() {
		if k.String() == kind {
			return exitOf(k)
		}
	}
	return exitOK
}

// healthy asks the running bot whether it can take a command; a container's
// health check runs it.
func healthy(ctx context.Context, out IO) int {
	c, err := ReadConfig(out.Env)
	if err != nil {
		return complain(out, err)
	}
	cl := client{http: &http.Client{Timeout: 2 * time.Second}}
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return complain(out, err)
	}
	cl.base = "http://" + net.JoinHostPort("127.0.0.1", port)
	status, body, err := cl.call(ctx, http.MethodGet, "/readyz", nil)
	if err != nil {
		return complain(out, err)
	}
	fmt.Fprint(out.Out, string(body))
	if status != http.StatusOK {
		return exitFailed
	}
	return exitOK
}

// shortClient is for questions to this machine that should be answered at once.
func shortClient() *http.Client { return &http.Client{Timeout: 2 * time.Second} }
