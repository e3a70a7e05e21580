package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/incident/fault"
	"tocsin/store"
	"tocsin/store/storetest"
)

// flaky is a store that can be away, or lose its replies.
type flaky struct {
	store.Talk
	mu    sync.Mutex
	away  map[string]error // by method; "" is all of them
	loses map[string]error // what is answered after it was done
}

func (f *flaky) set(where *map[string]error, method string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if *where == nil {
		*where = map[string]error{}
	}
	(*where)[method] = err
}

func (f *flaky) before(method string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.away[""]; err != nil {
		return err
	}
	return f.away[method]
}

func (f *flaky) after(method string, err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if lost := f.loses[method]; lost != nil && err == nil {
		return lost
	}
	return err
}

func (f *flaky) PutRoom(ctx context.Context, r store.TalkRoom) (store.TalkRoom, error) {
	if err := f.before("PutRoom"); err != nil {
		return r, err
	}
	return f.Talk.PutRoom(ctx, r)
}

func (f *flaky) TalkRooms(ctx context.Context) ([]store.TalkRoom, error) {
	if err := f.before("TalkRooms"); err != nil {
		return nil, err
	}
	return f.Talk.TalkRooms(ctx)
}

func (f *flaky) ChangeRoom(ctx context.Context, id string, fn func(*store.TalkRoom)) (store.TalkRoom, error) {
	if err := f.before("ChangeRoom"); err != nil {
		return store.TalkRoom{}, err
	}
	return f.Talk.ChangeRoom(ctx, id, fn)
}

func (f *flaky) Say(ctx context.Context, m store.TalkMessage) (store.TalkMessage, bool, error) {
	if err := f.before("Say"); err != nil {
		return store.TalkMessage{}, false, err
	}
	said, made, err := f.Talk.Say(ctx, m)
	return said, made, f.after("Say", err)
}

func (f *flaky) Change(ctx context.Context, room, id string, fn func(*store.TalkMessage)) (store.TalkMessage, error) {
	if err := f.before("Change"); err != nil {
		return store.TalkMessage{}, err
	}
	return f.Talk.Change(ctx, room, id, fn)
}

func (f *flaky) TalkMessages(ctx context.Context, room, before string, limit int) ([]store.TalkMessage, error) {
	if err := f.before("TalkMessages"); err != nil {
		return nil, err
	}
	return f.Talk.TalkMessages(ctx, room, before, limit)
}

func (f *flaky) Changes(ctx context.Context, after int64, limit int) ([]store.TalkChange, int64, error) {
	if err := f.before("Changes"); err != nil {
		return nil, after, err
	}
	return f.Talk.Changes(ctx, after, limit)
}

func openFlaky(t *testing.T) (*site, *flaky, *clock) {
	t.Helper()
	c := newClock()
	f := &flaky{Talk: store.New(storetest.NewMemory(c.now), store.Options{Now: c.now})}
	return openOn(t, f, c.now), f, c
}

func isAway() error { return fault.New(fault.Unavailable, "The store is away.") }

func TestTheStoreIsAway(t *testing.T) {
	t.Parallel()
	s, f, _ := openFlaky(t)
	f.set(&f.away, "", isAway())
	status, page, err := s.get(t.Context(), "/console/r/general")
	if err != nil || status != 503 || !strings.Contains(page, "The store is away.") || !strings.Contains(page, "Try again in a moment.") {
		t.Errorf("the page is %d (%v): %s", status, err, page)
	}
	for _, path := range []string{"say", "press", "edit", "react", "join", "read"} {
		if a := s.do(t, path, say("ann", "key-00000001", "eyes")); a.Status != 503 || a.Kind != "unavailable" || a.Done {
			t.Errorf("%s gave %+v", path, a)
		}
	}
	if _, err := s.Post(t.Context(), chat.Post{Key: "k", Room: "general", Message: words("x")}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a post gave %v", err)
	}
	f.set(&f.away, "", nil)
	if a := s.do(t, "say", say("ann", "key-00000001", "eyes")); !a.Done {
		t.Errorf("when it is back, the same key gave %+v", a)
	}
	if all := s.talked(t, "general"); len(all) != 1 {
		t.Errorf("%d messages stand in the room, want 1", len(all))
	}
}

func TestALostReplyOfTheStore(t *testing.T) {
	t.Parallel()
	s, f, _ := openFlaky(t)
	f.set(&f.loses, "Say", fault.New(fault.Unknown, "It may have been kept."))
	if a := s.do(t, "say", say("ann", "key-00000001", "hello")); a.Status != 503 || a.Kind != "unknown" {
		t.Errorf("a lost reply gave %+v", a)
	}
	if _, err := s.Post(t.Context(), chat.Post{Key: "k", Room: "general", Message: words("announced")}); fault.KindOf(err) != fault.Unknown {
		t.Errorf("a post with a lost reply gave %v", err)
	}
	f.set(&f.loses, "Say", nil)
	if ref, found, err := s.Find(t.Context(), chat.Post{Room: "general", Key: "k"}, newClock().at.Add(-time.Hour)); err != nil || !found || ref.ID == "" {
		t.Errorf("the post is not found again: %+v, %v, %v", ref, found, err)
	}
	if a := s.do(t, "say", say("ann", "key-00000001", "hello")); !a.Done {
		t.Errorf("the same key again gave %+v", a)
	}
	if _, err := s.Post(t.Context(), chat.Post{Key: "k", Room: "general", Message: words("announced")}); err != nil {
		t.Errorf("the same post again gave %v", err)
	}
	if all := s.talked(t, "general"); len(all) != 2 {
		t.Errorf("%d messages stand in the room, want 2", len(all))
	}
}

func TestAReplyThatCannotBeKeptIsShownAllTheSame(t *testing.T) {
	t.Parallel()
	s, f, _ := openFlaky(t)
	f.set(&f.away, "Say", isAway())
	if a := s.do(t, "say", say("ann", "key-00000001", "/incident take")); !a.Done || !strings.Contains(a.HTML, "You are incident commander") {
		t.Errorf("the outcome was lost with its message: %+v", a)
	}
}

func TestTheStreamOutlivesTheStore(t *testing.T) {
	t.Parallel()
	s, f, _ := openFlaky(t)
	ann := s.listenAs(t, "ann", "general")
	ann.until("state", "")
	f.set(&f.away, "Changes", isAway())
	if _, _, err := f.Talk.Say(t.Context(), store.TalkMessage{Room: "general", User: "bo", Text: "said meanwhile"}); err != nil {
		t.Fatal(err)
	}
	f.set(&f.away, "Changes", nil)
	ann.until("messages", "said meanwhile")
}

func TestAnOutcomeIsForgottenAndAskedForAgain(t *testing.T) {
	t.Parallel()
	s, _, c := openFlaky(t)
	for range 2 {
		s.do(t, "say", say("ann", "key-00000001", "/incident take"))
	}
	if n := len(s.house.requests()); n != 1 {
		t.Errorf("within two minutes the house was asked %d times, want once", n)
	}
	c.advance(3 * time.Minute)
	if a := s.do(t, "say", say("ann", "key-00000001", "/incident take")); !a.Done {
		t.Errorf("after that it gave %+v", a)
	}
	all := s.house.requests()
	if len(all) != 2 || all[0].Key != all[1].Key {
		t.Errorf("the house, which remembers for days, was asked %+v", all)
	}
	if n := len(s.talked(t, "general")); n != 1 {
		t.Errorf("%d replies stand in the room, want 1", n)
	}
}

// stuck is a browser that stopped reading.
type stuck struct {
	*httptest.ResponseRecorder
	writes int
	gate   chan struct{}
	full   chan struct{}
}

func (w *stuck) Write(b []byte) (int, error) {
	if w.writes++; w.writes == 6 { // after the state
		close(w.full)
		<-w.gate
	}
	return w.ResponseRecorder.Write(b)
}

func TestABrowserThatStoppedReadingIsLetGo(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := &stuck{ResponseRecorder: httptest.NewRecorder(), gate: make(chan struct{}), full: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/console/stream?as=ann&room=general", nil))
	}()
	for i := 0; ; i++ { // far more than it may leave unread
		if _, err := s.Post(t.Context(), chat.Post{Key: fmt.Sprint(i), Room: "general", Message: words("more")}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-w.full:
			if i > 1500 {
				close(w.gate)
				<-ended // it is brought up to date when it asks again
				return
			}
		default:
		}
	}
}

func TestManyChangesBetweenTwoPages(t *testing.T) {
	t.Parallel()
	c := newClock()
	talk := store.New(storetest.NewMemory(c.now), store.Options{Now: c.now})
	one, two := openOn(t, talk, c.now), openOn(t, talk, c.now)
	one.page(t, "/console/r/general")
	for i := range 2300 {
		if _, _, err := talk.Say(t.Context(), store.TalkMessage{Room: "general", User: "bo", Text: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := two.Open(t.Context(), chat.RoomSpec{Key: "k", Name: "inc-7", Invite: []string{"bo"}}); err != nil {
		t.Fatal(err)
	}
	if all := one.page(t, "/console/rooms").all(func(e *element) bool { return e.attr["data-room"] == "inc-7" }); len(all) != 1 {
		t.Error("a room that another replica opened is not there")
	}
	if users, err := one.Members(t.Context(), "inc-7"); err != nil || len(users) != 1 || users[0].Name != "Bo Lindqvist" {
		t.Errorf("its members are %+v (%v)", users, err)
	}
}

func TestMessagesOfANewerTocsin(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, raw := range []string{`{"message":{"parts":[{"hologram":{}}]}}`, `not json at all`, `{"message":[]}`} {
		if _, _, err := s.talk.Say(t.Context(), store.TalkMessage{Room: "general", Body: []byte(raw)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range s.room(t, "ann", "general") {
		if !strings.Contains(m.text(), "written by a newer tocsin") {
			t.Errorf("it is drawn as %q", m.text())
		}
	}
}

func TestReadingBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range 450 {
		m := store.TalkMessage{Room: "general", User: "ann", Text: fmt.Sprint(i), At: newClock().at}
		switch i % 5 {
		case 1:
			m.User, m.Body = "", []byte(`{}`)
		case 2:
			m.Only = "bo"
		case 3:
			m.Deleted = true
		}
		if _, _, err := s.talk.Say(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	all, _, err := s.Read(t.Context(), chat.Place{Room: "general"}, time.Time{}, "")
	if err != nil || len(all) != 180 || all[0].Text != "0" || all[179].Text != "449" {
		t.Errorf("read back %d messages (%v), want 180", len(all), err)
	}
	some, next, err := s.Read(t.Context(), chat.Place{Room: "general"}, all[170].At, "")
	if err != nil || next != "" || len(some) == 0 || some[0].At.Before(all[170].At) {
		t.Errorf("since the 170th: %+v (%v)", some, err)
	}
	if _, _, err := s.Read(t.Context(), chat.Place{Room: "nowhere"}, time.Time{}, ""); fault.KindOf(err) != fault.Rejected {
		t.Errorf("a room that there is not gave %v", err)
	}
}

func TestFinding(t *testing.T) {
	t.Parallel()
	s, _, c := openFlaky(t)
	if _, err := s.Post(t.Context(), chat.Post{Key: "old", Room: "general", Message: words("old")}); err != nil {
		t.Fatal(err)
	}
	for i := range 250 {
		if _, err := s.Post(t.Context(), chat.Post{Key: fmt.Sprint("other ", i), Room: "general", Message: words("other")}); err != nil {
			t.Fatal(err)
		}
	}
	if _, found, err := s.Find(t.Context(), chat.Post{Room: "general", Key: "old"}, newClock().at); err != nil || !found {
		t.Errorf("it is not found behind 250 others: %v", err)
	}
	c.advance(time.Hour)
	if _, err := s.Post(t.Context(), chat.Post{Key: "new", Room: "general", Message: words("new")}); err != nil {
		t.Fatal(err)
	}
	if _, found, err := s.Find(t.Context(), chat.Post{Room: "general", Key: "old"}, c.now().Add(-10*time.Minute)); err != nil || found {
		t.Errorf("it was sent long before, and is found all the same (%v)", err)
	}
	if _, found, err := s.Find(t.Context(), chat.Post{Room: "general", Key: ""}, c.now()); err != nil || found {
		t.Errorf("no key at all finds something (%v)", err)
	}
}

func TestTheCast(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, u := range s.Cast() {
		got, known := s.Account(u.ID)
		if !known || got != u || u.Platform != console.Platform || u.Workspace != console.Workspace || u.Name == "" {
			t.Errorf("%+v is known: %v, as %+v", u, known, got)
		}
	}
	if u, known := s.Account("nonsense"); known || u.ID != "nonsense" {
		t.Errorf("a name that nobody has is %+v, known: %v", u, known)
	}
	if u, _ := s.Account("gus"); u.Kind != chat.Guest {
		t.Error("the guest is no guest")
	}
	if _, known := s.Account("responder"); !known {
		t.Error("the one who speaks from the command line is not known")
	}
}
