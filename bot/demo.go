package bot

import (
	"context"
	"crypto/rand"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/incident"
	"tocsin/integrations/practice"
)

// scene is one step of the demo. With who, somebody does it, as the browser
// would; without, the guide explains. Where "room" stands, the incident's
// room is meant.
type scene struct {
	after time.Duration
	who   string // console name; empty: the guide
	where string
	do    string // "say", "capture", "pager"
	text  string
}

// tour is an incident of about three minutes, with what to look at.
func tour() []scene {
	const general, room = console.General, "room"
	return []scene{
		{2 * time.Second, "", general, "say", "Welcome. This is a drill that plays by itself for about three minutes, in a store that is thrown away. Type along whenever you like: you are one of these people (bottom left)."},
		{4 * time.Second, "bo", general, "say", "is it me or does checkout time out?"},
		{4 * time.Second, "ann", general, "say", "/incident sev2 checkout is failing for everyone"},
		{3 * time.Second, "", general, "say", "One line was enough. The incident has a room of its own now (left), and one message in #incidents that is edited for its whole life. Go to its room."},
		{7 * time.Second, "", room, "say", "The card above is pinned and always shows the newest state, with what is missing. Ann is only acting commander until somebody takes it."},
		{6 * time.Second, "bo", room, "say", "I have the graphs open. Error rate jumped at the last deploy."},
		{4 * time.Second, "ann", room, "say", "/incident take"},
		{4 * time.Second, "ann", room, "say", "/incident impact about half of all payments fail"},
		{5 * time.Second, "ann", room, "say", "/incident page checkout payments are failing since the last deploy"},
		{3 * time.Second, "", room, "say", "The practice pager (right) rings nobody. The receipt says requested, then accepted, and acknowledged only once somebody pressed it: go on, acknowledge it, or let it ring."},
		{12 * time.Second, "", room, "pager", "acknowledge"},
		{5 * time.Second, "cleo", room, "say", "/incident take communications"},
		{4 * time.Second, "cleo", room, "say", "/incident update Card payments are failing for about half of customers. We know the cause and are rolling back next 20m"},
		{4 * time.Second, "", room, "say", "Stakeholders read that threaded under the announcement in #incidents, with the promise of the next one. tocsin reminds Cleo five minutes before it is due, after a restart too."},
		{7 * time.Second, "bo", room, "say", "decided with Ann: roll back instead of fixing forward"},
		{3 * time.Second, "bo", room, "capture", "decided with Ann"},
		{3 * time.Second, "", room, "say", "A 📌 put Bo's message on the timeline, at the time it was said and under Bo's name."},
		{5 * time.Second, "bo", room, "say", "/incident status identified the new payment client drops its pool"},
		{5 * time.Second, "bo", room, "say", "/incident task purge the connection pool @bo"},
		{5 * time.Second, "ann", room, "say", "/incident action alert on pool exhaustion @bo due:friday"},
		{6 * time.Second, "bo", room, "say", "/incident done 1"},
		{4 * time.Second, "bo", room, "say", "/incident status monitoring rolled back; error rate is falling"},
		{7 * time.Second, "ann", room, "say", "/incident resolve rolled back the payment client to 4.1"},
		{5 * time.Second, "ann", room, "say", "/incident timeline here"},
		{4 * time.Second, "", room, "say", "That is the whole story, kept. Stop tocsin and this store is gone; run it without --demo and yours stays. Now try /incident help, or break the practice pager and page again."},
	}
}

// demo plays the tour against the console at base, until ctx ends. It does
// what a browser does; nothing takes another way in.
func demo(ctx context.Context, h *House, base string) {
	p, err := newPlayer(ctx, h, base)
	if err != nil {
		h.p.Log.ErrorContext(ctx, "the demo could not begin", "error", err)
		return
	}
	wait := time.NewTimer(0)
	defer wait.Stop()
	for _, s := range tour() {
		wait.Reset(s.after)
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		if err := p.play(ctx, s); err != nil && ctx.Err() == nil {
			h.p.Log.WarnContext(ctx, "a scene of the demo did not work", "text", s.text, "error", err)
		}
	}
}

// player is the browser of the people in the demo.
type player struct {
	house *House
	base  string
	http  *http.Client
}

func newPlayer(ctx context.Context, h *House, base string) (*player, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	p := &player{house: h, base: u.Scheme + "://" + u.Host, http: &http.Client{Timeout: 10 * time.Second, Jar: jar}}
	_, err = p.get(ctx, base) // the token in the address becomes a cookie
	return p, err
}

func (p *player) send(req *http.Request) (body []byte, err error) {
	res, err := p.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("status %d: %s", res.StatusCode, chat.Shorten(string(body), 200))
	}
	return body, err
}

func (p *player) post(ctx context.Context, path string, form url.Values) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", p.base)
	_, err = p.send(req)
	return err
}

func (p *player) get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	return p.send(req)
}

func (p *player) play(ctx context.Context, s scene) error {
	room := s.where
	if room == "room" {
		var err error
		if room, err = p.room(ctx); err != nil {
			return err
		}
	}
	form := url.Values{"key": {"demo-" + rand.Text()}, "as": {s.who}, "room": {room}, "text": {s.text}}
	switch {
	case s.do == "pager":
		return p.pager(ctx, s.text)
	case s.do == "capture":
		m, err := p.message(ctx, room, s.text)
		if err != nil {
			return err
		}
		form.Set("message", m)
		form.Set("text", "pushpin")
		return p.post(ctx, "/console/react", form)
	case s.who == "":
		_, err := p.house.console.Post(ctx, chat.Post{Key: form.Get("key"), Room: room, Message: chat.Message{
			Tone: chat.Quiet, Title: []chat.Span{chat.Plain("Guide")}, Parts: []chat.Part{chat.Text{chat.Plain(s.text)}},
		}})
		return err
	}
	return p.post(ctx, "/console/say", form)
}

// room is the room of the incident that the demo declared.
func (p *player) room(ctx context.Context) (string, error) {
	s, found, err := p.house.p.Store.ByNumber(ctx, incident.Number(1))
	if err != nil {
		return "", err
	}
	if !found || len(s.Rooms) == 0 {
		return "", fmt.Errorf("the incident has no room yet")
	}
	return s.Rooms[0].ID, nil
}

// message finds the newest message of a room that begins with some words.
func (p *player) message(ctx context.Context, room, words string) (string, error) {
	all, err := p.house.p.Store.TalkMessages(ctx, room, "", 50)
	if err != nil {
		return "", err
	}
	for i := len(all) - 1; i >= 0; i-- {
		if strings.HasPrefix(all[i].Text, words) {
			return all[i].ID, nil
		}
	}
	return "", fmt.Errorf("nobody said %q", words)
}

// pager presses the practice pager's own button, unless the visitor was faster.
func (p *player) pager(ctx context.Context, verb string) error {
	panel, err := p.get(ctx, p.base+practice.Path)
	if err != nil {
		return err
	}
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindSubmatch(panel)
	if key == nil {
		return nil // no page rings any more
	}
	return p.post(ctx, practice.Path+"page", url.Values{"key": {html.UnescapeString(string(key[1]))}, "do": {verb}})
}
