package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/incident/fault"
)

// caller makes every call of the Web API: paced, bounded, tried once, and its
// failure sorted into what surely did not happen, what may have, and what
// never will.
type caller struct {
	o     Options
	http  *http.Client
	api   *slackapi.Client
	pace  *pace
	gates *gates
	ids   identities
	users *users
	rooms *places
	teams *memory[[]group]

	base    string          // of the Web API, with its slash
	directs *memory[string] // user -> conversation with them
	shelves shelves
	doubts  *memory[time.Time]  // key of a message that was answered with 429 -> when
	links   *memory[[]bookmark] // room -> its bookmarks
}

func newCaller(o Options) *caller {
	c := &caller{o: o, http: newHTTP(o.HTTP), base: slackapi.APIURL}
	if o.Config.APIUrl != "" { // the library does not add the slash
		c.base = strings.TrimSuffix(o.Config.APIUrl, "/") + "/"
	}
	c.api = slackapi.New(o.Config.BotToken.Reveal(), slackapi.OptionHTTPClient(c.http),
		slackapi.OptionAppLevelToken(o.Config.AppToken.Reveal()), slackapi.OptionAPIURL(c.base))
	c.pace, c.gates = newPace(o.Now), newGates(o.Now)
	c.users, c.rooms = newUsers(o.Now), newPlaces(o.Now)
	c.teams = newMemory[[]group](o.Now, groupsFresh)
	c.directs = newMemory[string](o.Now, time.Hour)
	c.doubts = newMemory[time.Time](o.Now, time.Hour)
	c.links = newMemory[[]bookmark](o.Now, linksFresh)
	return c
}

// call names one call of the Web API.
type call struct {
	method   string // "chat.postMessage"
	what     string // in words, after "to": "post a message"
	room     string // whose own limit it heeds besides; messages only
	subject  string // what it is about: who is told to come again is known by it
	host     string // where it goes, when not to the Web API
	appToken bool   // it is made with the app-level token
	probe    bool   // it finds out whether calls are of use again
}

// writes says whether the call changes something.
func (k call) writes() bool { return writes(k.method) }

// do makes one call and reads its answer into out, whatever the library makes
// of it: an answer that the library cannot decode is not lost.
func (c *caller) do(ctx context.Context, k call, send func(context.Context) error, out any) error {
	_, err := c.ask(ctx, k, send, out)
	return err
}

// ask is do for those who need more of the answer than its words.
func (c *caller) ask(ctx context.Context, k call, send func(context.Context) error, out any) (*trip, error) {
	t := new(trip)
	if err := c.pass(ctx, k); err != nil {
		return t, err
	}
	if err := c.pace.admit(ctx, k); err != nil {
		return t, err
	}
	t.began = c.o.Now()
	err := send(withTrip(ctx, t))
	f := c.outcome(k, t, err, out)
	c.learn(ctx, k, t, f)
	if f != nil {
		return t, f
	}
	return t, nil
}

// outcome reads how a call went; nil: it was done.
func (c *caller) outcome(k call, t *trip, err error, out any) *fault.Error {
	if !t.asked {
		return fault.Wrap(fault.Rejected, bare(err), "Slack could not be asked to "+k.what+": that is a mistake of tocsin's; please report it.")
	}
	if t.status == 0 || t.err != nil {
		if t.err == nil {
			t.err = err
		}
		return k.broken(t)
	}
	var a answered
	decoded := json.Unmarshal(t.body, &a) == nil
	if f := k.judge(t, c.o.Now(), a, decoded); f != nil {
		return f
	}
	if out != nil && json.Unmarshal(t.body, out) != nil {
		return fault.Wrap(k.lost(), errors.New("the answer is of another shape"), k.unsure("Slack's answer could not be read"))
	}
	return nil
}

// learn takes note of what an outcome says about the calls to come.
func (c *caller) learn(ctx context.Context, k call, t *trip, f *fault.Error) {
	host := c.hostOf(k)
	switch {
	case f == nil:
		c.gates.fine(host)
	case t.status == http.StatusTooManyRequests, f.After > 0 && f.Kind == fault.Unavailable && !lockedOut(codeOf(f)):
		c.pace.pause(k, f.After)
	case lockedOut(codeOf(f)) && !k.appToken:
		c.gates.lock(codeOf(f))
		c.ids.forget()
	case (t.status == 0 || t.err != nil) && !c.hurried(ctx, t), t.status >= 500:
		c.gates.failed(host)
	case codeOf(f) == "missing_scope":
		c.ids.forget()
	case t.status == http.StatusOK && t.err == nil:
		c.gates.fine(host)
	}
}

// patient is how long a host has to answer before silence is its failure.
const patient = 3 * time.Second

// hurried holds for a call that its caller broke off before the host had the
// time to answer.
func (c *caller) hurried(ctx context.Context, t *trip) bool {
	return ctx.Err() != nil && (errors.Is(ctx.Err(), context.Canceled) || c.o.Now().Sub(t.began) < patient)
}

// hostOf is where a call goes.
func (c *caller) hostOf(k call) string {
	if k.host != "" {
		return k.host
	}
	return apiHost
}

// apiHost stands for wherever the Web API is.
const apiHost = "api"

// pass holds a call back while its host fails or the token is worth nothing.
// Once in a while one harmless call finds out whether that is over.
func (c *caller) pass(ctx context.Context, k call) error {
	if k.probe {
		return nil
	}
	host := c.hostOf(k)
	ask, f := c.gates.closed(host, k.appToken)
	if f == nil {
		return nil
	}
	if !ask {
		return f
	}
	if host != apiHost || k.method == "auth.test" {
		return nil // it is the call that finds out
	}
	if _, err := c.authTest(ctx, true); err != nil {
		return f
	}
	return nil
}

// responding says how a response_url is used.
type responding struct {
	Public  bool   // everybody in the place sees it
	Replace bool   // it takes the place of the message that it answers
	Thread  string // the thread that it belongs to; empty: none
}

// respond answers through the address that came with a gesture. Slack gives
// nothing back by which the message could be found again.
func (c *caller) respond(ctx context.Context, responseURL string, d drawn, r responding) error {
	u, err := url.Parse(responseURL)
	if err != nil || !c.mayAnswer(u) {
		return fault.New(fault.Rejected, "The address that Slack gave for the answer is none of Slack's.")
	}
	kind := slackapi.ResponseTypeEphemeral
	if r.Public {
		kind = slackapi.ResponseTypeInChannel
	}
	body, err := json.Marshal(struct {
		contents
		Type    string `json:"response_type"`
		Replace bool   `json:"replace_original"`
		Thread  string `json:"thread_ts,omitempty"`
	}{contentsOf(d), kind, r.Replace, r.Thread})
	if err != nil {
		return fault.Wrap(fault.Internal, err, "The answer could not be written.")
	}
	k := call{method: "response_url", what: "answer", subject: responseURL, host: u.Host}
	return c.do(ctx, k, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, responseURL, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := c.http.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		return err
	}, nil)
}

// mayAnswer holds for addresses of Slack, and of what stands in for it.
func (c *caller) mayAnswer(u *url.URL) bool {
	if api, err := url.Parse(c.o.Config.APIUrl); err == nil && api.Host != "" {
		return u.Host == api.Host || ofSlack(u)
	}
	return ofSlack(u)
}

// openView opens a form at once.
func (c *caller) openView(ctx context.Context, trigger string, v slackapi.ModalViewRequest) (viewID, hash string, err error) {
	var out viewAnswer
	k := call{method: "views.open", what: "open a form", subject: trigger}
	err = c.do(ctx, k, func(ctx context.Context) error {
		_, err := c.api.OpenViewContext(ctx, trigger, v)
		return err
	}, &out)
	return out.View.ID, out.View.Hash, err
}

type viewAnswer struct {
	View struct {
		ID   string `json:"id"`
		Hash string `json:"hash"`
	} `json:"view"`
}

// updateView puts other contents into an open form. Without an id the form is
// found by its external id.
func (c *caller) updateView(ctx context.Context, viewID string, v slackapi.ModalViewRequest) error {
	k := call{method: "views.update", what: "fill a form", subject: viewID}
	external := ""
	if viewID == "" {
		external = v.ExternalID
	}
	return c.do(ctx, k, func(ctx context.Context) error {
		_, err := c.api.UpdateViewContext(ctx, v, external, "", viewID)
		return err
	}, nil)
}

// publishHome draws a person's home.
func (c *caller) publishHome(ctx context.Context, user string, v slackapi.HomeTabViewRequest) error {
	k := call{method: "views.publish", what: "draw the home of the app", subject: user}
	return c.do(ctx, k, func(ctx context.Context) error {
		_, err := c.api.PublishViewContext(ctx, slackapi.PublishViewContextRequest{UserID: user, View: v})
		return err
	}, nil)
}

// openSocket asks for the address of a socket.
func (c *caller) openSocket(ctx context.Context) (string, error) {
	var out struct {
		URL string `json:"url"`
	}
	k := call{method: "apps.connections.open", what: "open a connection", appToken: true}
	err := c.do(ctx, k, func(ctx context.Context) error {
		_, _, err := c.api.StartSocketModeContext(ctx)
		return err
	}, &out)
	return out.URL, err
}

// probeEvery is how long a token that is worth nothing rests before it is
// asked about again.
const probeEvery = time.Minute

// ofSlack holds for https addresses of Slack.
func ofSlack(u *url.URL) bool {
	if u.Scheme != "https" {
		return false
	}
	for _, domain := range []string{"slack.com", "slack-gov.com"} {
		if h := u.Hostname(); h == domain || len(h) > len(domain) && h[len(h)-len(domain)-1:] == "."+domain {
			return true
		}
	}
	return false
}
