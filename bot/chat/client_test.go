package chat_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// square is a platform of one room that does as it is told.
type square struct {
	limits  chat.Limits
	err     error
	hang    bool // calls end with their context alone
	posted  []chat.Post
	edited  []chat.Message
	topics  []string
	house   chat.House
	left    time.Duration // time that a call had left
	forbids bool          // has no roles
}

func (s *square) call(ctx context.Context) error {
	if at, ok := ctx.Deadline(); ok {
		s.left = time.Until(at)
	}
	if s.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.err
}

func (s *square) Name() string        { return "square" }
func (s *square) Limits() chat.Limits { return s.limits }

func (s *square) Roles() chat.Roles {
	if s.forbids {
		return chat.Roles{}
	}
	return chat.Roles{Rooms: s, Pins: s, Reader: s, Finder: s, Places: s, Bookmarks: s, Marks: s, Groups: s, Forms: true, Typing: true}
}

func (s *square) Listen(_ context.Context, _ *http.ServeMux, h chat.House) error {
	s.house = h
	return nil
}

func (s *square) Post(ctx context.Context, p chat.Post) (chat.Ref, error) {
	s.posted = append(s.posted, p)
	return chat.Ref{Platform: "square", Room: p.Room, ID: "1"}, s.call(ctx)
}

func (s *square) Edit(ctx context.Context, _ chat.Ref, m chat.Message) error {
	s.edited = append(s.edited, m)
	return s.call(ctx)
}

func (s *square) Direct(ctx context.Context, user string) (string, error) {
	return "dm-" + user, s.call(ctx)
}

func (s *square) Open(ctx context.Context, r chat.RoomSpec) (chat.Place, error) {
	s.topics = append(s.topics, r.Topic)
	return chat.Place{Room: "r", Name: r.Name}, s.call(ctx)
}

func (s *square) Topic(ctx context.Context, _, topic string) error {
	s.topics = append(s.topics, topic)
	return s.call(ctx)
}

func (s *square) Invite(ctx context.Context, _ string, _ []string) error { return s.call(ctx) }
func (s *square) Remove(ctx context.Context, _, _ string) error          { return s.call(ctx) }
func (s *square) Archive(ctx context.Context, _ string) error            { return s.call(ctx) }
func (s *square) Pin(ctx context.Context, _ chat.Ref) error              { return s.call(ctx) }

func (s *square) Members(ctx context.Context, _ string) ([]chat.User, error) {
	return []chat.User{{ID: "ann"}}, s.call(ctx)
}

func (s *square) Read(ctx context.Context, _ chat.Place, _ time.Time, _ string) ([]chat.Said, string, error) {
	return []chat.Said{{ID: "1"}}, "", s.call(ctx)
}

func (s *square) Place(ctx context.Context, room string) (chat.Place, error) {
	return chat.Place{Room: room}, s.call(ctx)
}

func (s *square) Put(ctx context.Context, _, _, _ string) error        { return s.call(ctx) }
func (s *square) Mark(ctx context.Context, _ chat.Ref, _ string) error { return s.call(ctx) }
func (s *square) Group(ctx context.Context, _ string) ([]string, error) {
	return []string{"ann"}, s.call(ctx)
}

func (s *square) Find(ctx context.Context, _ chat.Post, _ time.Time) (chat.Ref, bool, error) {
	return chat.Ref{ID: "1"}, true, s.call(ctx)
}

// calls makes each call of a platform once and gives how it ended; true marks
// those that change something.
func calls(ctx context.Context, c *chat.Client) map[string]struct {
	err    error
	writes bool
} {
	type ended = struct {
		err    error
		writes bool
	}
	out := map[string]ended{}
	note := func(name string, writes bool, err error) { out[name] = ended{err, writes} }
	_, err := c.Post(ctx, chat.Post{Room: "r"})
	note("post", true, err)
	note("edit", true, c.Edit(ctx, chat.Ref{}, chat.Message{}))
	_, err = c.Direct(ctx, "ann")
	note("direct", true, err)
	r := c.Roles()
	_, err = r.Rooms.Open(ctx, chat.RoomSpec{})
	note("open", true, err)
	note("topic", true, r.Rooms.Topic(ctx, "r", "x"))
	note("invite", true, r.Rooms.Invite(ctx, "r", nil))
	note("remove", true, r.Rooms.Remove(ctx, "r", "ann"))
	note("archive", true, r.Rooms.Archive(ctx, "r"))
	_, err = r.Rooms.Members(ctx, "r")
	note("members", false, err)
	note("pin", true, r.Pins.Pin(ctx, chat.Ref{}))
	_, _, err = r.Reader.Read(ctx, chat.Place{Room: "r"}, time.Time{}, "")
	note("read", false, err)
	_, err = r.Places.Place(ctx, "r")
	note("place", false, err)
	note("bookmark", true, r.Bookmarks.Put(ctx, "r", "runbook", "https://tocsin.example/runbook"))
	note("mark", true, r.Marks.Mark(ctx, chat.Ref{}, "pushpin"))
	_, err = r.Groups.Group(ctx, "g")
	note("group", false, err)
	_, found, err := r.Finder.Find(ctx, chat.Post{Room: "r", Key: "k"}, time.Time{})
	note("find", false, err)
	if found && err != nil {
		note("find", false, errors.New("found beside an error"))
	}
	return out
}

func TestCallsSucceed(t *testing.T) {
	t.Parallel()
	for name, ended := range calls(t.Context(), chat.NewClient(&square{})) {
		if ended.err != nil {
			t.Errorf("%s: %v", name, ended.err)
		}
	}
}

func TestErrorsBecomeFaults(t *testing.T) {
	t.Parallel()
	for name, ended := range calls(t.Context(), chat.NewClient(&square{err: errors.New("socket closed")})) {
		want := fault.Unavailable
		if ended.writes {
			want = fault.Unknown
		}
		if got := fault.KindOf(ended.err); ended.err == nil || got != want {
			t.Errorf("%s: %v (%v), want %v", name, got, ended.err, want)
		}
		if strings.Contains(fault.Sentence(ended.err), "socket") {
			t.Errorf("%s tells people %q", name, fault.Sentence(ended.err))
		}
	}
}

func TestFaultsPassThrough(t *testing.T) {
	t.Parallel()
	for name, ended := range calls(t.Context(), chat.NewClient(&square{err: fault.New(fault.Rejected, "no")})) {
		if got := fault.KindOf(ended.err); got != fault.Rejected {
			t.Errorf("%s: %v, want rejected", name, got)
		}
	}
}

func TestCallsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &square{hang: true}
		begun := time.Now()
		if _, err := chat.NewClient(s).Post(t.Context(), chat.Post{}); fault.KindOf(err) != fault.Unknown {
			t.Errorf("a post that hangs ends with %v, want unknown", err)
		}
		if took := time.Since(begun); took != chat.CallLimit || s.left != chat.CallLimit {
			t.Errorf("it took %v with %v left, want %v", took, s.left, chat.CallLimit)
		}
	})
}

func TestNothingIsSentWhenNoTimeIsLeft(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &square{}
	for name, ended := range calls(ctx, chat.NewClient(s)) {
		if fault.KindOf(ended.err) != fault.Unavailable || ended.err == nil {
			t.Errorf("%s: %v, want unavailable", name, ended.err)
		}
	}
	if len(s.posted)+len(s.edited) != 0 {
		t.Error("something was sent")
	}
}

func TestMessagesAreFitted(t *testing.T) {
	t.Parallel()
	s := &square{limits: chat.Limits{Text: 200, Topic: 10}}
	c := chat.NewClient(s)
	long := chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(strings.Repeat("é", 1000))}}}
	if _, err := c.Post(t.Context(), chat.Post{Message: long}); err != nil {
		t.Fatal(err)
	}
	if err := c.Edit(t.Context(), chat.Ref{}, long); err != nil {
		t.Fatal(err)
	}
	for _, m := range []chat.Message{s.posted[0].Message, s.edited[0]} {
		if n := utf8.RuneCountInString(chat.Plaintext(m, chat.Paper{})); n > 202 {
			t.Errorf("%d characters were sent", n)
		}
	}
	if err := c.Roles().Rooms.Topic(t.Context(), "r", "a\nb "+strings.Repeat("é", 50)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Roles().Rooms.Open(t.Context(), chat.RoomSpec{Topic: strings.Repeat("é", 50)}); err != nil {
		t.Fatal(err)
	}
	for _, topic := range s.topics {
		if utf8.RuneCountInString(topic) > 10 || strings.Contains(topic, "\n") {
			t.Errorf("the topic sent is %q", topic)
		}
	}
}

func TestRepliesAreFitted(t *testing.T) {
	t.Parallel()
	s := &square{limits: chat.Limits{Text: 200}}
	c := chat.NewClient(s)
	long := chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(strings.Repeat("é", 1000))}}}
	err := c.Listen(t.Context(), http.NewServeMux(), chat.House{
		Handle: func(context.Context, chat.Request) chat.Reply {
			return chat.Reply{Message: long, Form: &chat.Form{Title: "a\u202eb"}}
		},
		Home: func(context.Context, chat.User) chat.Message { return long },
	})
	if err != nil {
		t.Fatal(err)
	}
	r := s.house.Handle(t.Context(), chat.Request{})
	if n := utf8.RuneCountInString(chat.Plaintext(r.Message, chat.Paper{})); n > 202 || r.Form.Title != "ab" {
		t.Errorf("the reply has %d characters and a form %q", n, r.Form.Title)
	}
	if n := utf8.RuneCountInString(chat.Plaintext(s.house.Home(t.Context(), chat.User{}), chat.Paper{})); n > 202 {
		t.Errorf("the home has %d characters", n)
	}
}

func TestRolesAreNotHidden(t *testing.T) {
	t.Parallel()
	if r := chat.NewClient(&square{forbids: true}).Roles(); r != (chat.Roles{}) {
		t.Errorf("a platform without roles got %+v", r)
	}
	r := chat.NewClient(&square{}).Roles()
	if r.Rooms == nil || r.Pins == nil || r.Reader == nil || r.Finder == nil || !r.Forms || !r.Typing {
		t.Errorf("roles were hidden: %+v", r)
	}
}

func TestWaitIsForRunningRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &square{}
		c := chat.NewClient(s)
		release := make(chan struct{})
		handle := func(context.Context, chat.Request) chat.Reply {
			<-release
			return chat.Reply{}
		}
		if err := c.Listen(t.Context(), nil, chat.House{Handle: handle}); err != nil {
			t.Fatal(err)
		}
		go s.house.Handle(t.Context(), chat.Request{})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := c.Wait(ctx); err == nil {
			t.Error("it did not wait for a request that runs")
		}
		close(release)
		if err := c.Wait(t.Context()); err != nil {
			t.Errorf("waiting: %v", err)
		}
	})
}
