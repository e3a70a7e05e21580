package slack_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

// readAll reads every page.
func (o office) readAll(at chat.Place, since time.Time) []chat.Said {
	o.Helper()
	var all []chat.Said
	page, pages := "", 0
	for {
		said, next, err := o.Roles().Reader.Read(o.Context(), at, since, page)
		o.must(err)
		all = append(all, said...)
		if pages++; next == "" {
			return all
		}
		if page = next; pages > 50 {
			o.Fatal("the pages have no end")
		}
	}
}

func (o office) say(user, room string, w slacktest.Words) string {
	o.Helper()
	ts, _, err := o.far.Say(o.Context(), user, room, w)
	o.must(err)
	return ts
}

func spokenIn(all []chat.Said) []string {
	var out []string
	for _, s := range all {
		out = append(out, s.Text)
	}
	slices.Sort(out)
	return out
}

func TestARoomIsReadBack(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.SetHook(nil)
		old := o.say(o.ann, o.room, slacktest.Words{Text: "an old thread"})
		o.say(o.ann, o.room, slacktest.Words{Text: "before"})
		time.Sleep(time.Hour)
		since := time.Now()
		time.Sleep(time.Second)
		o.post(chat.Post{Room: o.room}, "tocsin's own words")
		first := o.say(o.ann, o.room, slacktest.Words{Text: "a <b> & c", Files: []slacktest.File{{Name: "graph.png", Type: "image/png", URL: "https://acme.slack.com/files/F1"}}})
		for i := range 250 {
			o.say(o.bo, o.room, slacktest.Words{Text: "line " + strconv.Itoa(i)})
		}
		o.say(o.bo, o.room, slacktest.Words{Text: "in the old thread", Thread: old})
		reply := o.say(o.bo, o.room, slacktest.Words{Text: "in a thread", Thread: first})
		edited := o.say(o.ann, o.room, slacktest.Words{Text: "mistaek"})
		time.Sleep(time.Second)
		_, err := o.far.EditMessage(o.Context(), o.ann, o.room, edited, "mistake")
		o.must(err)
		gone := o.say(o.ann, o.room, slacktest.Words{Text: "never mind"})
		_, err = o.far.DeleteMessage(o.Context(), o.ann, o.room, gone)
		o.must(err)

		all := o.readAll(chat.Place{Room: o.room, Name: "ops"}, since)
		met := map[string]chat.Said{}
		for _, s := range all {
			met[s.ID] = s
			if s.Text == "before" || s.Text == "an old thread" || strings.Contains(s.Text, "tocsin's") {
				o.Errorf("%q was read, which is too old or tocsin's own", s.Text)
			}
		}
		if len(met) != 254 {
			o.Errorf("%d messages were read, want 254", len(met))
		}
		s := met[first]
		if s.Text != "a <b> & c" || s.User.ID != o.ann || s.User.Name != "ann" || s.Place.Room != o.room || s.Place.Platform != "slack" || s.At.IsZero() || s.Key == "" {
			o.Errorf("a message was read as %+v", s)
		}
		if len(s.Files) != 1 || s.Files[0].Name != "graph.png" || s.Files[0].URL == "" {
			o.Errorf("its files are %+v", s.Files)
		}
		if want := "https://acme.slack.com/archives/" + o.room + "/p" + strings.ReplaceAll(first, ".", ""); s.Link != want {
			o.Errorf("its link is %q, want %q", s.Link, want)
		}
		if s := met[reply]; s.Place.Thread != first || !strings.Contains(s.Link, "thread_ts="+first) {
			o.Errorf("a reply was read as %+v", s)
		}
		if s := met[edited]; s.Text != "mistake" || s.EditedAt.IsZero() {
			o.Errorf("an edited message was read as %+v", s)
		}
		if !slices.Contains(spokenIn(all), "in the old thread") {
			o.Error("an answer in an older thread is missing")
		}
		if n := len(o.far.Calls("chat.getPermalink")); n != 0 {
			o.Errorf("%d calls were made for links", n)
		}
		thread := o.readAll(chat.Place{Room: o.room, Thread: first}, since)
		if got := spokenIn(thread); !slices.Equal(got, []string{"a <b> & c", "in a thread"}) {
			o.Errorf("the thread alone was read as %v", got)
		}
	})
}

func TestOneMessageIsRead(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		top := o.say(o.ann, o.room, slacktest.Words{Text: "the top"})
		reply := o.say(o.bo, o.room, slacktest.Words{Text: "the reply", Thread: top})
		for _, ask := range []struct{ thread, ts, want string }{{"", top, "the top"}, {top, reply, "the reply"}, {"", reply, "the reply"}, {top, top, "the top"}} {
			s, err := o.SaidAt(o.Context(), o.room, ask.thread, ask.ts)
			if err != nil || s.Text != ask.want || s.ID != ask.ts {
				o.Errorf("%+v was read as %+v, %v", ask, s, err)
			}
		}
		if _, err := o.SaidAt(o.Context(), o.room, "", "1764122400.000100"); fault.KindOf(err) != fault.NotFound {
			o.Errorf("a message that is not there came to %v", err)
		}
	})
}

func TestAPageThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		if _, _, err := o.Roles().Reader.Read(o.Context(), chat.Place{Room: o.room}, time.Now(), "{"); fault.KindOf(err) != fault.Invalid {
			o.Errorf("it came to %v", err)
		}
	})
}

func TestALongThreadIsReadPageByPage(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		since := time.Now().Add(-time.Second)
		top := o.say(o.ann, o.room, slacktest.Words{Text: "the top"})
		other := o.say(o.ann, o.room, slacktest.Words{Text: "another top"})
		for i := range 230 {
			o.say(o.bo, o.room, slacktest.Words{Text: "reply " + strconv.Itoa(i), Thread: top})
		}
		o.say(o.bo, o.room, slacktest.Words{Text: "elsewhere", Thread: other})
		met := map[string]bool{}
		for _, s := range o.readAll(chat.Place{Room: o.room}, since) {
			met[s.ID] = true
		}
		if len(met) != 233 {
			o.Errorf("%d messages were read, want 233", len(met))
		}
		said, next, err := o.Roles().Reader.Read(o.Context(), chat.Place{Room: o.room}, since, "")
		if err != nil || next == "" || len(said) != 2 {
			o.Errorf("the first page has %d messages, %q, %v", len(said), next, err)
		}
		for _, s := range said {
			if s.Place.Thread != "" {
				o.Errorf("what begins a thread stands in one: %+v", s.Place)
			}
		}
	})
}

func TestAPageOfHistoryStandsInLineLikeEverythingElse(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.say(o.ann, o.room, slacktest.Words{Text: "a line"})
		o.far.Fail("conversations.history", 1, slacktest.RateLimited(7*time.Second))
		read := func() error {
			_, _, err := o.Roles().Reader.Read(forJob(o.T, chat.EchoLane), chat.Place{Room: o.room}, time.Now().Add(-time.Hour), "")
			return err
		}
		if wait := after(o.T, read()); wait != 7*time.Second {
			o.Errorf("it is told to come in %s", wait)
		}
		calls := len(o.far.Calls("conversations.history"))
		after(o.T, read())
		if len(o.far.Calls("conversations.history")) != calls {
			o.Error("it was called during the pause")
		}
		time.Sleep(7 * time.Second)
		o.must(read())
	})
}

func TestAMessageIsFoundThoughMuchWasSaidSince(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		since := time.Now().Add(-time.Minute)
		ref := o.post(chat.Post{Key: "k", Room: o.room}, "the announcement")
		for i := range 350 {
			o.say(o.bo, o.room, slacktest.Words{Text: "line " + strconv.Itoa(i)})
		}
		got, found, err := o.again().Roles().Finder.Find(o.Context(), chat.Post{Key: "k", Room: o.room}, since)
		if err != nil || !found || got.ID != ref.ID {
			o.Errorf("it came to %+v, %v, %v", got, found, err)
		}
		forged := chat.Post{Key: "k", Room: o.secret}
		if _, found, err := o.Roles().Finder.Find(o.Context(), forged, since); found || err != nil {
			o.Errorf("in another room it came to %v, %v", found, err)
		}
	})
}

func TestLookingForAFreshMessageIsDoneTwice(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		find := func(since time.Time) time.Duration {
			began := time.Now()
			if _, found, err := o.Roles().Finder.Find(o.Context(), chat.Post{Key: "none", Room: o.room}, since); found || err != nil {
				o.Errorf("it came to %v, %v", found, err)
			}
			return time.Since(began)
		}
		if d := find(time.Now().Add(-time.Minute)); d != 2*time.Second || len(o.far.Calls("conversations.history")) != 2 {
			o.Errorf("a fresh one was looked for during %s in %d calls", d, len(o.far.Calls("conversations.history")))
		}
		if d := find(time.Now().Add(-time.Hour)); d != 0 {
			o.Errorf("an old one was looked for during %s", d)
		}
	})
}
