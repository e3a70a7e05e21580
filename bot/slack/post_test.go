package slack_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

func TestAPostIsSeenOnceAndCarriesNothingButAnOpaqueKey(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		ref := o.post(chat.Post{Key: "incident/abc/1/pages/send", Room: o.room}, "it is <!channel> down & out")
		if o.seen(o.bo, o.room, "it is <!channel> down & out") != 1 {
			o.Error("it is not seen as it was said")
		}
		m := o.far.Messages(o.room)[0]
		if m.TS != ref.ID || !strings.Contains(string(m.Metadata), "tocsin_effect") || strings.Contains(string(m.Metadata), "abc") {
			o.Errorf("the message is %s with metadata %s", m.TS, m.Metadata)
		}
		if seen, _ := o.far.Seen(o.bo, o.room); len(seen[0].Pinged) != 0 {
			o.Errorf("it pinged %v", seen[0].Pinged)
		}
		for _, c := range o.far.Calls("chat.postMessage") {
			if c.Args["unfurl_links"] != "false" || c.Args["unfurl_media"] != "false" || c.Args["client_msg_id"] != "" {
				o.Errorf("it was sent with %v", c.Args)
			}
		}
		o.must(o.Edit(o.Context(), ref, text("it is up")))
		if m := o.far.Messages(o.room)[0]; o.seen(o.bo, o.room, "it is up") != 1 || !strings.Contains(string(m.Metadata), "tocsin_effect") {
			o.Errorf("after the edit the metadata is %s", m.Metadata)
		}
	})
}

func TestALostReplyIsUnknownAndFoundInsteadOfRepeated(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		top := o.post(chat.Post{Room: o.room}, "the announcement")
		time.Sleep(2 * time.Hour)
		for _, p := range []chat.Post{{Key: "k1", Room: o.room}, {Key: "k2", Room: o.room, Thread: top.ID}, {Key: "k3", Room: o.secret}} {
			since := time.Now().Add(-time.Minute)
			o.far.Fail("chat.postMessage", 1, slacktest.Lost())
			p.Message = text("said " + p.Key)
			_, err := o.Post(o.Context(), p)
			if fault.KindOf(err) != fault.Unknown {
				o.Fatalf("a lost reply came to %v", err)
			}
			ref, found, err := o.again().Roles().Finder.Find(o.Context(), p, since)
			if err != nil || !found || ref.ID == "" || ref.Room != p.Room {
				o.Fatalf("looking for %s gave %+v, %v, %v", p.Key, ref, found, err)
			}
			if o.seen(o.ann, p.Room, "said "+p.Key) != 1 {
				o.Errorf("%s is not there once", p.Key)
			}
			p.Key = "another"
			if _, found, err := o.Roles().Finder.Find(o.Context(), p, since); found || err != nil {
				o.Errorf("another key was found: %v, %v", found, err)
			}
		}
	})
}

func TestWhatSurelyDidNotHappenIsUnavailable(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		for name, f := range map[string]slacktest.Fault{"refused": slacktest.Refused(), "429": slacktest.RateLimited(4 * time.Second), "ratelimited": slacktest.RatelimitedOK()} {
			o.far.Fail("chat.postMessage", 1, f)
			_, err := o.Post(o.Context(), chat.Post{Room: o.room, Message: text(name)})
			if fault.KindOf(err) != fault.Unavailable || o.seen(o.ann, o.room, name) != 0 {
				o.Errorf("%s came to %v", name, err)
			}
			time.Sleep(time.Minute)
		}
		for name, f := range map[string]slacktest.Fault{"500": slacktest.Status(500), "hang": slacktest.Hang()} {
			o.far.Fail("chat.postMessage", 1, f)
			_, err := o.Post(o.Context(), chat.Post{Room: o.room, Message: text(name)})
			if fault.KindOf(err) != fault.Unknown {
				o.Errorf("%s came to %v", name, err)
			}
		}
	})
}

func TestA429PausesThatRoomAlone(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.Fail("chat.postMessage", 1, slacktest.RateLimited(5*time.Second))
		if _, err := o.Post(o.Context(), chat.Post{Room: o.room, Message: text("x")}); fault.KindOf(err) != fault.Unavailable {
			o.Fatal(err)
		}
		began := time.Now()
		o.post(chat.Post{Room: o.secret}, "elsewhere")
		if d := time.Since(began); d > time.Second {
			o.Errorf("another room waited %s", d)
		}
		ctx, stop := context.WithTimeout(chat.WithLane(o.Context(), chat.CardLane), 10*time.Second)
		defer stop()
		calls := len(o.far.Calls("chat.postMessage"))
		if _, err := o.Post(ctx, chat.Post{Room: o.room, Message: text("y")}); fault.KindOf(err) != fault.Unavailable || len(o.far.Calls("chat.postMessage")) != calls {
			o.Errorf("a job's message into the paused room came to %v", err)
		}
		o.post(chat.Post{Room: o.room}, "after the pause")
		if d := time.Since(began); d < 5*time.Second {
			o.Errorf("the room was called after %s", d)
		}
	})
}

func TestWhatIsForOneIsSeenByOne(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.post(chat.Post{Room: o.room, Only: o.bo}, "welcome")
		if o.seen(o.bo, o.room, "welcome") != 1 || o.seen(o.ann, o.room, "welcome") != 0 {
			o.Error("it is not for one alone")
		}
		ref := o.post(chat.Post{Key: "k", Room: o.room, Only: o.cy}, "for cy, who is not there")
		direct, err := o.Direct(o.Context(), o.cy)
		o.must(err)
		if ref.Room != direct || o.seen(o.cy, direct, "for cy, who is not there") != 1 {
			o.Errorf("cy was told in %q, want %q", ref.Room, direct)
		}
		p := chat.Post{Key: "k", Room: o.room, Only: o.bo}
		if _, _, err := o.Roles().Finder.Find(o.Context(), p, time.Now()); fault.KindOf(err) != fault.Rejected {
			o.Errorf("what leaves no trace was looked for: %v", err)
		}
	})
}

func TestAPublicChannelIsJoinedWhereThatIsNeeded(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.RemoveScope("chat:write.public")
		far := o.far.AddRoom(slacktest.Room{Name: "elsewhere", Members: []string{o.ann}}).ID
		closed := o.far.AddRoom(slacktest.Room{Name: "closed", Private: true, Members: []string{o.ann}}).ID
		o.post(chat.Post{Room: far}, "hello")
		if o.seen(o.ann, far, "hello") != 1 || len(o.far.Calls("conversations.join")) != 1 {
			o.Error("the channel was not joined")
		}
		_, err := o.Post(o.Context(), chat.Post{Room: closed, Message: text("x")})
		if fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), "/invite @tocsin") {
			o.Errorf("a closed channel came to %v", err)
		}
	})
}

func TestAnEditOfWhatIsGoneSaysSo(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		err := o.Edit(o.Context(), chat.Ref{Room: o.room, ID: "1764122400.000100"}, text("x"))
		if fault.KindOf(err) != fault.NotFound {
			o.Errorf("it came to %v", err)
		}
	})
}

func TestAHostThatFailsIsLeftAloneAndAskedAgain(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.Fail("", 100, slacktest.Status(502))
		for range 5 {
			_ = o.Edit(o.Context(), chat.Ref{Room: o.room, ID: "1.1"}, text("x"))
		}
		calls := len(o.far.Calls(""))
		err := o.Edit(o.Context(), chat.Ref{Room: o.room, ID: "1.1"}, text("x"))
		if fault.KindOf(err) != fault.Unavailable || len(o.far.Calls("")) != calls {
			o.Errorf("after five failures it was called again: %v", err)
		}
		time.Sleep(3 * time.Second)
		if _, err := o.Post(o.Context(), chat.Post{Room: o.room, Message: text("x")}); fault.KindOf(err) != fault.Unavailable {
			o.Errorf("while it still fails a message came to %v", err)
		}
		if got := o.far.Calls("")[calls:]; len(got) != 1 || got[0].Method != "auth.test" {
			o.Errorf("it found out by %+v, want one auth.test", got)
		}
		o.far.Heal()
		time.Sleep(time.Minute)
		o.post(chat.Post{Room: o.room}, "well again")
	})
}

func TestATokenWorthNothingStopsCallsAndIsTold(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.RevokeToken()
		_, err := o.Post(o.Context(), chat.Post{Room: o.room, Message: text("x")})
		if fault.KindOf(err) != fault.Unavailable || !strings.Contains(fault.Sentence(err), "Install the app again") {
			o.Errorf("it came to %v", err)
		}
		why, since, down := o.Down()
		if !down || !since.Equal(time.Now()) || !strings.Contains(why, "token") {
			o.Errorf("down is %v since %s: %s", down, since, why)
		}
		calls := len(o.far.Calls(""))
		for range 10 {
			_, _ = o.Post(o.Context(), chat.Post{Room: o.room, Message: text("x")})
		}
		if n := len(o.far.Calls("")) - calls; n != 0 {
			o.Errorf("%d calls were made with it", n)
		}
		o.far.RestoreToken()
		time.Sleep(time.Minute)
		o.post(chat.Post{Room: o.room}, "back")
		if _, _, down := o.Down(); down {
			o.Error("it still says that it is down")
		}
	})
}

func TestAHostThatHangsIsLeftAloneToo(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.Fail("", 100, slacktest.Hang())
		for range 5 {
			ctx, stop := context.WithTimeout(o.Context(), 10*time.Second)
			_ = o.Edit(ctx, chat.Ref{Room: o.room, ID: "1.1"}, text("x"))
			stop()
		}
		began := time.Now()
		err := o.Edit(o.Context(), chat.Ref{Room: o.room, ID: "1.1"}, text("x"))
		if fault.KindOf(err) != fault.Unavailable || time.Since(began) != 0 {
			o.Errorf("after five silences it came to %v, after %s", err, time.Since(began))
		}
	})
}

func TestBreakingOffIsNoFailureOfTheHost(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		o.far.Fail("", 10, slacktest.Slow(time.Second))
		for range 10 {
			ctx, stop := context.WithTimeout(o.Context(), 2100*time.Millisecond)
			time.AfterFunc(100*time.Millisecond, stop)
			_ = o.Edit(ctx, chat.Ref{Room: o.room, ID: "1.1"}, text("x"))
			stop()
		}
		o.post(chat.Post{Room: o.room}, "it still works")
	})
}

func TestAMessageThatWasPostedInSpiteOfA429IsNotRepeated(t *testing.T) {
	t.Parallel()
	outside(t, slacktest.Options{}, func(o office) {
		for _, there := range []bool{true, false} {
			p := chat.Post{Key: "k", Room: o.room, Message: text("the update")}
			if there {
				p.Key, p.Message = "there", text("the announcement")
			}
			o.far.Fail("chat.postMessage", 1, slacktest.RateLimited(2*time.Second))
			if _, err := o.Post(o.Context(), p); fault.KindOf(err) != fault.Unavailable {
				o.Fatal(err)
			}
			if there { // Slack had posted it all the same, with the words of then
				older := p
				older.Message = text("what was known then")
				_, err := o.again().Post(o.Context(), older)
				o.must(err)
			}
			time.Sleep(3 * time.Second)
			ref, err := o.Post(o.Context(), p)
			o.must(err)
			words := chat.Plaintext(p.Message, chat.Paper{})
			if o.seen(o.ann, o.room, words) != 1 || ref.ID == "" {
				o.Errorf("%q is there %d times", words, o.seen(o.ann, o.room, words))
			}
			if n := o.seen(o.ann, o.room, "what was known then"); n != 0 {
				o.Errorf("the words of then are there %d times", n)
			}
		}
	})
}
