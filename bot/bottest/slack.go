package bottest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
)

// slackTown is a fake Slack that outlives the programs of a story.
type slackTown struct {
	t    *testing.T
	fake *slacktest.Fake
	http bool // deliveries are signed POSTs, not sockets
	now  *Stage
	stop context.CancelFunc
	line func(Line) Line // what a program's line to Slack is made of; nil: as it is
	way  Line            // of the program that runs now

	users, rooms map[string]string // name -> id
}

// newSlackTown has the people and rooms that stories speak of.
func newSlackTown(t *testing.T, overHTTP bool) *slackTown {
	t.Helper()
	return slackTownOf(t, overHTTP, slacktest.Options{Now: time.Now})
}

func slackTownOf(t *testing.T, overHTTP bool, o slacktest.Options) *slackTown {
	t.Helper()
	s := &slackTown{t: t, http: overHTTP, users: map[string]string{}, rooms: map[string]string{}}
	s.fake = slacktest.New(o)
	for _, u := range cast() {
		s.users[u.Name] = s.fake.AddUser(u).ID
	}
	for _, name := range []string{"general", "incidents"} {
		members := []string{s.fake.Bot()}
		for _, id := range s.users {
			members = append(members, id)
		}
		slices.Sort(members[1:])
		s.rooms[name] = s.fake.AddRoom(slacktest.Room{Name: name, Members: members}).ID
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	go s.fake.Run(ctx)
	if overHTTP {
		s.fake.SetHook(s.hook)
	}
	return s
}

// cast are the people whom the console invents, as they are in Slack.
func cast() []slacktest.User {
	out := []slacktest.User{
		{Name: "ann", RealName: "Ann Okafor"},
		{Name: "bo", RealName: "Bo Lindqvist"},
		{Name: "cleo", RealName: "Cleo Marsh"},
		{Name: "dana", RealName: "Dana Reyes"},
		{Name: "responder", RealName: "Robin Tan"},
		{Name: "gus", RealName: "Gus (guest)", Guest: true},
	}
	for i := range out {
		out[i].Email, out[i].Zone, out[i].Display = out[i].Name+"@example.com", "Etc/UTC", out[i].RealName
	}
	return out
}

// hook posts to the program that runs now.
func (s *slackTown) hook(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host, r.URL.Path = "http", "127.0.0.1:8080", slack.Hook
	r.RequestURI = ""
	way := s.way
	resp, err := s.now.web.Do(r)
	if err != nil || way.Answer == nil {
		return resp, err
	}
	return way.Answer(resp)
}

func (s *slackTown) serve(stage *Stage) []bot.Platform {
	s.now, s.way = stage, Line{Client: s.fake.Client(), Dial: s.fake.Dial}
	if s.line != nil {
		s.way = s.line(s.way)
	}
	c := slack.Config{BotToken: "xoxb-fake", APIUrl: s.fake.URL()}
	if s.http {
		c.SigningSecret = "secret-of-the-fake"
	} else {
		c.AppToken = "xapp-fake"
	}
	p, err := slack.New(slack.Options{
		Config: c, Now: time.Now, Jitter: func() float64 { return 0.5 },
		Log:  slog.New(slog.NewTextHandler(&stage.logs, &slog.HandlerOptions{Level: slog.LevelWarn})),
		HTTP: s.way.Client, Dial: s.way.Dial,
	})
	stage.must(err, "make the adapter")
	return []bot.Platform{{Platform: p, Announce: s.rooms["incidents"]}}
}

func (s *slackTown) close() {
	s.stop()
	s.fake.Close()
}

func (s *slackTown) user(name string) string {
	if id := s.users[name]; id != "" {
		return id
	}
	s.t.Fatalf("there is no %q in Slack", name)
	return ""
}

// meet has everybody open the app's page, so that the house knows them.
func (s *slackTown) meet() {
	for _, u := range cast() {
		if a, err := s.fake.OpenHome(s.t.Context(), s.users[u.Name]); err != nil || !a.Acked {
			s.t.Errorf("%s could not open the app's page: %+v (%v)", u.Name, a, err)
		}
	}
	s.now.Rest()
}

// settings are a story's, with people as Slack knows them.
func (s *slackTown) settings(env []string) []string {
	out := slices.Clone(env)
	for i, e := range out {
		if name, admins := strings.CutPrefix(e, "TOCSIN_ADMINS="); admins && s.users[name] != "" {
			out[i] = "TOCSIN_ADMINS=slack:" + s.users[name]
		}
	}
	return out
}

// heardOf is what came back from a gesture.
func (s *slackTown) heardOf(a slacktest.Answer, err error) heard {
	if err != nil {
		return heard{Status: http.StatusNotFound, Body: err.Error()}
	}
	status := http.StatusOK
	if !a.Acked {
		status = http.StatusServiceUnavailable
	}
	return heard{Status: status, Body: string(a.Body) + fmt.Sprint(a.Errors)}
}

// enter brings somebody into a public room before they speak there, as people do.
func (s *slackTown) enter(who, room string) {
	for _, r := range s.fake.Rooms() {
		if r.ID == room && !r.Private && !r.Direct && !r.Archived && !slices.Contains(r.Members, s.user(who)) {
			_, _ = s.fake.Join(s.t.Context(), s.user(who), room) // a refusal shows in what follows
			s.now.Rest()
		}
	}
}

func (s *slackTown) say(who, room, words string) heard {
	s.enter(who, room)
	for {
		if _, open := s.fake.Open(s.user(who)); !open {
			break
		}
		if _, err := s.fake.CloseView(s.t.Context(), s.user(who)); err != nil {
			break
		}
	}
	words = s.named(words)
	if rest, command := strings.CutPrefix(words, "/incident"); command {
		return s.heardOf(s.fake.Slash(s.t.Context(), s.user(who), room, strings.TrimSpace(rest)))
	}
	_, a, err := s.fake.Say(s.t.Context(), s.user(who), room, slacktest.Words{Text: words})
	return s.heardOf(a, err)
}

// named puts people's mentions into words, as Slack's own box does.
func (s *slackTown) named(words string) string {
	for name, id := range s.users {
		words = strings.ReplaceAll(words, "@"+name, "<@"+id+">")
	}
	return words
}

// spots are the messages that somebody sees, with where they stand.
type spot struct {
	room string
	slacktest.Seen
}

func (s *slackTown) sees(who string) (out []spot) {
	for _, r := range s.fake.Rooms() {
		all, err := s.fake.Seen(s.user(who), r.ID)
		if err != nil {
			continue // a room that they are not in
		}
		for _, m := range all {
			out = append(out, spot{r.ID, m})
		}
	}
	slices.SortStableFunc(out, func(a, b spot) int { return strings.Compare(a.TS, b.TS) })
	return out
}

func (s *slackTown) press(who, label string) heard {
	var labels []string
	for _, m := range slices.Backward(s.sees(who)) {
		labels = append(labels, m.Buttons...)
		if slices.Contains(m.Buttons, label) {
			s.enter(who, m.room)
			return s.heardOf(s.fake.Press(s.t.Context(), s.user(who), m.room, m.TS, label))
		}
	}
	s.t.Fatalf("%s sees no button %q, only %q", who, label, labels)
	return heard{}
}

// submit opens the form by its command, fills it in and sends it.
func (s *slackTown) submit(who, room, command string, values map[string]string) heard {
	if h := s.say(who, room, "/incident "+command); h.Status != http.StatusOK {
		return h
	}
	s.now.Rest()
	if v, open := s.fake.Open(s.user(who)); open && len(v.Fields) == 0 {
		return heard{Status: http.StatusOK, Body: v.Text} // it was refused before it was asked
	}
	given := map[string]string{}
	for name, v := range values {
		if who, person := strings.CutPrefix(v, "<@"); person {
			v = s.user(strings.TrimSuffix(who, ">"))
		}
		given[name] = v
	}
	h := s.heardOf(s.fake.Submit(s.t.Context(), s.user(who), given))
	s.now.Rest()
	if v, open := s.fake.Open(s.user(who)); open {
		h.Body += v.Text
		_, _ = s.fake.CloseView(s.t.Context(), s.user(who)) // it was read
	}
	return h
}

func (s *slackTown) tend(who, act, room, on, words string) heard {
	s.enter(who, room)
	all, err := s.fake.Seen(s.user(who), room)
	if err != nil {
		return s.heardOf(slacktest.Answer{}, err)
	}
	for _, m := range slices.Backward(all) {
		if !strings.Contains(m.Text, on) || m.Subtype != "" {
			continue
		}
		ctx, user := s.t.Context(), s.user(who)
		switch act {
		case "react":
			return s.heardOf(s.fake.React(ctx, user, room, m.TS, words))
		case "pin":
			return s.heardOf(s.fake.Pin(ctx, user, room, m.TS))
		case "edit":
			return s.heardOf(s.fake.EditMessage(ctx, user, room, m.TS, words))
		}
		return s.heardOf(s.fake.DeleteMessage(ctx, user, room, m.TS))
	}
	s.t.Fatalf("%s sees nothing in %s that holds %q", who, room, on)
	return heard{}
}

func (s *slackTown) join(who, room string) heard {
	return s.heardOf(s.fake.Join(s.t.Context(), s.user(who), room))
}

// public is what everybody in a room sees.
func (s *slackTown) public(room string) (out []string) {
	for _, m := range s.fake.Messages(room) {
		if m.Only != "" || m.Subtype != "" {
			continue
		}
		reader := s.users["ann"]
		for _, r := range s.fake.Rooms() {
			if r.ID == room && len(r.Members) > 0 && !slices.Contains(r.Members, reader) {
				reader = r.Members[0]
			}
		}
		all, err := s.fake.Seen(reader, room)
		if err != nil {
			s.t.Fatal(err)
		}
		if i := slices.IndexFunc(all, func(v slacktest.Seen) bool { return v.TS == m.TS }); i >= 0 {
			out = append(out, all[i].Text)
		}
	}
	return out
}

// only is what somebody alone sees: the form that is open, else the newest message.
func (s *slackTown) only(who string) string {
	if v, open := s.fake.Open(s.user(who)); open {
		return v.Title + "\n" + v.Text
	}
	for _, m := range slices.Backward(s.sees(who)) {
		if m.Alone {
			return m.Text
		}
	}
	return ""
}

func (s *slackTown) direct(who string) []string {
	for _, r := range s.fake.Rooms() {
		if r.Direct && r.User == s.user(who) {
			return s.public(r.ID)
		}
	}
	return nil
}

func (s *slackTown) roomID(name string) string {
	if id := s.rooms[name]; id != "" {
		return id
	}
	return name
}

func (s *slackTown) asAPI(who, room string) (user, place string) {
	if id := s.users[who]; id != "" {
		who = "slack:" + id
	}
	return who, "slack:" + room
}
