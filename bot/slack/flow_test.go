package slack_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

// updateForm is a form as the house gives one.
func updateForm() *chat.Form {
	return &chat.Form{
		Title: "Post an update", Submit: "Post", Command: "update INC-1", Seen: 9,
		Fields: []chat.Input{{Name: "text", Label: "What happened", Kind: chat.Area, Required: true}},
	}
}

// asksWith opens the form for all that carries none, and answers the rest.
func asksWith(f *chat.Form, then chat.Reply) func(chat.Request) chat.Reply {
	return func(r chat.Request) chat.Reply {
		if r.Form == nil {
			return chat.Reply{Form: f}
		}
		return then
	}
}

func opens(_ *house, own *chat.House) { own.Opens = func(chat.Request) bool { return true } }

func TestACommandThatTakesLong(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply { time.Sleep(20 * time.Second); return replied("done at last") })
		from := time.Now()
		a, err := s.far.Slash(t.Context(), s.ann, s.ops, "list")
		if took := time.Since(from); err != nil || !a.Acked || took > 2600*time.Millisecond {
			t.Fatalf("it was acknowledged after %s (%v, %v)", took, a.Err, err)
		}
		if !s.sees(t, s.ann, s.ops, "Working on it") {
			t.Error("Ann is not told that it runs")
		}
		s.settle(t)
		if !s.sees(t, s.ann, s.ops, "done at last") || s.sees(t, s.ann, s.ops, "Working on it") || s.sees(t, s.bo, s.ops, "done at last") {
			t.Error("the outcome did not take the place of the first words, for Ann alone")
		}
	})
}

func TestALatePublicOutcomeIsForAll(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply {
			time.Sleep(5 * time.Second)
			r := replied("for all to see")
			r.Public = true
			return r
		})
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "show here"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if n := s.times(t, s.bo, s.ops, "for all to see"); n != 1 {
			t.Errorf("Bo sees it %d times", n)
		}
	})
}

func TestAReplyFindsAnotherWay(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply { time.Sleep(5 * time.Second); return replied("done at last") })
		s.far.Fail("response_url", 100, slacktest.Status(404))
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "list"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if n := s.times(t, s.ann, s.ops, "done at last"); n != 1 {
			t.Errorf("Ann sees the outcome %d times, want once", n)
		}
		s.far.Fail("chat.postEphemeral", 100, slacktest.Answers("user_not_in_channel"))
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "list"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if n := s.times(t, s.ann, s.far.OpenDirect(s.ann), "done at last"); n != 1 {
			t.Errorf("Ann sees the outcome %d times in the conversation with the bot, want once", n)
		}
	})
}

func TestAReplyThatIsTooLargeForAnAcknowledgementArrives(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply {
			m := replied("the beginning").Message
			for range 30 {
				m.Parts = append(m.Parts, chat.List{{chat.Plain(strings.Repeat("<é&> ", 60))}, {chat.Strong("bold")}})
			}
			return chat.Reply{Message: m}
		})
		if a, err := s.far.Slash(t.Context(), s.ann, s.ops, "timeline"); err != nil || len(a.Body) != 0 {
			t.Fatalf("the acknowledgement carries %d bytes (%v)", len(a.Body), err)
		}
		s.settle(t)
		if n := s.times(t, s.ann, s.ops, "the beginning"); n != 1 {
			t.Errorf("Ann sees it %d times", n)
		}
	})
}

func TestAFormOpensAtOnceAndIsFilledAfter(t *testing.T) {
	ways(t, opens, func(t *testing.T, h *house, s *stage) {
		h.answers(func(r chat.Request) chat.Reply {
			if r.Form != nil {
				return replied("it is posted")
			}
			time.Sleep(2 * time.Second)
			return chat.Reply{Form: updateForm()}
		})
		go func() {
			if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(500 * time.Millisecond)
		if v, open := s.far.Open(s.ann); !open || v.Submit != "" || !strings.Contains(v.Text, "One moment") {
			t.Errorf("after half a second Ann sees %+v", v)
		}
		time.Sleep(2 * time.Second)
		s.settle(t)
		v, open := s.far.Open(s.ann)
		if !open || v.Title != "Post an update" || v.Submit != "Post" {
			t.Fatalf("then Ann sees %+v", v)
		}
		a, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "we found it"})
		if err != nil || !a.Acked {
			t.Fatal(a.Err, err)
		}
		s.settle(t)
		if _, open := s.far.Open(s.ann); open {
			t.Error("the form did not close")
		}
		if !s.sees(t, s.ann, s.ops, "it is posted") {
			t.Error("Ann is not told")
		}
	})
}

func TestAFormThatComesTooLateIsStillFilledWhenItWasOpenedAtOnce(t *testing.T) {
	ways(t, opens, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply { time.Sleep(10 * time.Second); return chat.Reply{Form: updateForm()} })
		if a, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil || len(a.Body) != 0 {
			t.Fatalf("beside the open form Ann is told %s (%v)", a.Body, err)
		}
		s.settle(t)
		if v, open := s.far.Open(s.ann); !open || v.Title != "Post an update" {
			t.Errorf("Ann sees %+v", v)
		}
	})
}

func TestAnAnswerThatIsNoFormStandsInTheOneThatWasOpened(t *testing.T) {
	ways(t, opens, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply { return kinded("not_found", "There is no open incident.") })
		a, err := s.far.Slash(t.Context(), s.ann, s.ops, "update")
		if err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if v, open := s.far.Open(s.ann); !open || !strings.Contains(v.Text, "There is no open incident.") || v.Submit != "" {
			t.Errorf("Ann sees %+v", v)
		}
		if len(a.Body) != 0 || s.sees(t, s.ann, s.ops, "There is no open incident.") {
			t.Error("it is said a second time beside")
		}
	})
}

func TestAFormThatCannotBeOpenedIsOfferedAsAButton(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(h *house, s *stage){
		"Slack does not open it": func(_ *house, s *stage) { s.far.Fail("views.open", 1, slacktest.Answers("expired_trigger_id")) },
		"the house was late": func(h *house, _ *stage) {
			answer := asksWith(updateForm(), replied("it is posted"))
			slow := true
			h.answers(func(r chat.Request) chat.Reply {
				if slow {
					slow = false
					time.Sleep(5 * time.Second)
				}
				return answer(r)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			ways(t, nil, func(t *testing.T, h *house, s *stage) {
				h.answers(asksWith(updateForm(), replied("it is posted")))
				spoil(h, s)
				if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil {
					t.Fatal(err)
				}
				s.settle(t)
				s.opensByButton(t)
			})
		})
	}
}

// opensByButton presses the button that a form is offered by.
func (s *stage) opensByButton(t *testing.T) {
	t.Helper()
	all, err := s.far.Seen(s.ann, s.ops)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if !m.Own || len(m.Buttons) != 1 || m.Buttons[0] != "Open the form" {
			continue
		}
		if _, err := s.far.Press(t.Context(), s.ann, s.ops, m.TS, "Open the form"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if v, open := s.far.Open(s.ann); !open || v.Title != "Post an update" {
			t.Errorf("Ann sees %+v", v)
		}
		return
	}
	t.Fatalf("there is no button: %+v", all)
}

func TestAMentionThatAsksForAFormGetsAButton(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(asksWith(updateForm(), replied("it is posted")))
		if _, _, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "update"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		s.opensByButton(t)
	})
}

func TestAFormThatTakesLong(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(r chat.Request) chat.Reply {
			if r.Form == nil {
				return chat.Reply{Form: updateForm()}
			}
			time.Sleep(10 * time.Second)
			return replied("it is posted")
		})
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil {
			t.Fatal(err)
		}
		from := time.Now()
		a, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "x"})
		if took := time.Since(from); err != nil || !a.Acked || took > 2600*time.Millisecond {
			t.Fatalf("it was acknowledged after %s (%v, %v)", took, a.Err, err)
		}
		if v, open := s.far.Open(s.ann); !open || !strings.Contains(v.Text, "Working on it") {
			t.Errorf("meanwhile Ann sees %+v", v)
		}
		s.settle(t)
		if v, open := s.far.Open(s.ann); !open || !strings.Contains(v.Text, "it is posted") {
			t.Errorf("then Ann sees %+v", v)
		}
	})
}

func TestTheOutcomeOfAFormThatWasClosedIsSaidBeside(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(r chat.Request) chat.Reply {
			if r.Form == nil {
				return chat.Reply{Form: updateForm()}
			}
			time.Sleep(10 * time.Second)
			return replied("it is posted")
		})
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "x"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.far.CloseView(t.Context(), s.ann); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if !s.sees(t, s.ann, s.ops, "it is posted") {
			t.Error("Ann is not told")
		}
	})
}

func TestAFormThatWasFilledInWronglyKeepsItsWords(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(asksWith(updateForm(), kinded("invalid", "That is too short.")))
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil {
			t.Fatal(err)
		}
		a, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "x"})
		if err != nil || a.Errors["text"] != "That is too short." {
			t.Fatalf("the form says %q (%v)", a.Errors, err)
		}
		if _, open := s.far.Open(s.ann); !open {
			t.Fatal("the form closed")
		}
		h.answers(asksWith(updateForm(), replied("it is posted")))
		if _, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "xyz"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		all := of(h, &h.requests)
		if len(all) != 3 || all[1].Key == all[2].Key {
			t.Errorf("the corrected form has the key of the first: %q", all[1].Key)
		}
	})
}

func TestAButtonThatTakesLong(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(func(r chat.Request) chat.Reply {
			if r.Via == "command" {
				reply := replied("the card")
				reply.Public = true
				reply.Message.Actions = []chat.Action{{Label: "Take", Command: "take INC-1", Seen: 3}}
				return reply
			}
			time.Sleep(10 * time.Second)
			return replied("taken")
		})
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "show here"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		card := s.find(t, s.bo, "the card")
		from := time.Now()
		a, err := s.far.Press(t.Context(), s.bo, s.ops, card.TS, "Take")
		if took := time.Since(from); err != nil || !a.Acked || took > 2600*time.Millisecond {
			t.Fatalf("it was acknowledged after %s (%v, %v)", took, a.Err, err)
		}
		s.settle(t)
		if !s.sees(t, s.bo, s.ops, "the card") || s.times(t, s.bo, s.ops, "taken") != 1 || s.sees(t, s.ann, s.ops, "taken") {
			t.Error("the outcome is not beside the card, for Bo alone, once")
		}
		if _, err := s.far.Again(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if n := s.times(t, s.bo, s.ops, "taken"); n > 2 {
			t.Errorf("after the repeat Bo sees it %d times", n)
		}
	})
}

func (s *stage) find(t *testing.T, user, words string) slacktest.Seen {
	t.Helper()
	all, err := s.far.Seen(user, s.ops)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if strings.Contains(m.Text, words) {
			return m
		}
	}
	t.Fatalf("%q is not seen", words)
	return slacktest.Seen{}
}

func TestShortcutsBringTheirMessage(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		ts, _, err := s.far.Say(t.Context(), s.bo, s.ops, slacktest.Words{Text: "disk <full> & slow"})
		if err != nil {
			t.Fatal(err)
		}
		for callback, text := range map[string]string{"add_to_timeline": "capture " + ts, "declare_from_message": "declare", "make_action_item": "action"} {
			if _, err := s.far.ShortcutOn(t.Context(), s.ann, s.ops, ts, callback); err != nil {
				t.Fatal(err)
			}
			s.settle(t)
			all := of(h, &h.requests)
			r := all[len(all)-1]
			link, err := s.far.Permalink(s.ops, ts)
			if err != nil {
				t.Fatal(err)
			}
			if r.Text != text || r.Via != "shortcut" || r.User.ID != s.ann || r.Place.Room != s.ops {
				t.Errorf("%s asked %+v", callback, r)
			}
			if r.About == nil || r.About.ID != ts || r.About.Text != "disk <full> & slow" || r.About.User.ID != s.bo || r.About.Link != link {
				t.Errorf("%s is about %+v", callback, r.About)
			}
		}
	})
}

func TestAFormKnowsTheMessageItIsAbout(t *testing.T) {
	ways(t, opens, func(t *testing.T, h *house, s *stage) {
		ts, _, err := s.far.Say(t.Context(), s.bo, s.ops, slacktest.Words{Text: "disk full"})
		if err != nil {
			t.Fatal(err)
		}
		h.answers(asksWith(&chat.Form{Title: "Declare", Command: "declare", Fields: []chat.Input{{Name: "title", Label: "What"}}}, replied("declared")))
		if _, err := s.far.ShortcutOn(t.Context(), s.ann, s.ops, ts, "declare_from_message"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if _, err := s.far.Submit(t.Context(), s.ann, map[string]string{"title": "disk"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		all := of(h, &h.requests)
		r := all[len(all)-1]
		if r.Form["title"] != "disk" || r.About == nil || r.About.ID != ts || r.About.Text != "disk full" || r.About.User.ID != s.bo {
			t.Errorf("the form asked %+v about %+v", r, r.About)
		}
	})
}

func TestAShortcutFromTheMenuIsAnsweredInTheConversationWithTheBot(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.answers(asksWith(&chat.Form{Title: "Declare", Command: "declare", Fields: []chat.Input{{Name: "title", Label: "What"}}}, replied("declared INC-1")))
		if _, err := s.far.Shortcut(t.Context(), s.ann, "declare_incident"); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if _, err := s.far.Submit(t.Context(), s.ann, map[string]string{"title": "disk"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if !s.sees(t, s.ann, s.far.OpenDirect(s.ann), "declared INC-1") {
			t.Error("Ann is not told")
		}
	})
}

func TestAHomeIsDrawnWhenItIsOpenedAndAfterAChange(t *testing.T) {
	waits := func(h *house, own *chat.House) {
		own.Home = func(_ context.Context, u chat.User) chat.Message {
			return replied("requests: " + strings.Repeat("x", len(of(h, &h.requests)))).Message
		}
	}
	ways(t, waits, func(t *testing.T, h *house, s *stage) {
		if _, open := s.far.Home(s.ann); open {
			t.Fatal("a home is there before anybody opened it")
		}
		if _, err := s.far.OpenHome(t.Context(), s.ann); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if v, _ := s.far.Home(s.ann); !strings.Contains(v.Text, "requests:") {
			t.Fatalf("Ann's home reads %q", v.Text)
		}
		h.answers(func(chat.Request) chat.Reply { r := replied("taken"); r.Incident = "INC-1"; return r })
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "take"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if v, _ := s.far.Home(s.ann); !strings.Contains(v.Text, "requests: x") {
			t.Errorf("after a change Ann's home reads %q", v.Text)
		}
		if _, err := s.far.Slash(t.Context(), s.bo, s.ops, "take"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if _, open := s.far.Home(s.bo); open {
			t.Error("Bo's home was drawn although he never opened it")
		}
	})
}

func TestWhoAsksIsKnown(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		guest := s.far.AddUser(slacktest.User{Name: "gus", Guest: true, Zone: "Asia/Tokyo"}).ID
		other := s.far.AddUser(slacktest.User{Name: "olga", Team: "T0OTHER"}).ID
		room := s.far.AddRoom(slacktest.Room{Name: "shared", Shared: true, Members: []string{guest, other, s.far.Bot()}}).ID
		for user, kind := range map[string]chat.UserKind{guest: chat.Guest, other: chat.Outsider} {
			_, a, err := s.far.Mention(t.Context(), user, room, slacktest.Words{Text: "list"})
			if err != nil || !a.Acked {
				t.Fatal(a.Err, err)
			}
			s.settle(t)
			all := of(h, &h.requests)
			r := all[len(all)-1]
			if r.User.ID != user || r.User.Kind != kind || !r.Place.Shared || r.Place.Name != "shared" {
				t.Errorf("%s asked as %+v in %+v", user, r.User, r.Place)
			}
			if (user == other) != (r.User.Workspace == "T0OTHER") {
				t.Errorf("%s is of workspace %q", user, r.User.Workspace)
			}
		}
		if _, err := s.far.Slash(t.Context(), guest, room, "list"); err != nil {
			t.Fatal(err)
		}
		all := of(h, &h.requests)
		if r := all[len(all)-1]; r.User.Kind != chat.Guest || r.User.Zone != "Asia/Tokyo" {
			t.Errorf("the guest's command came as %+v", r.User)
		}
	})
}

func TestASlackThatIsSlowHoldsNoCommandUp(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		s.far.Latency(20 * time.Second)
		from := time.Now()
		a, err := s.far.Slash(t.Context(), s.ann, s.ops, "list")
		if took := time.Since(from); err != nil || !a.Acked || took > time.Second {
			t.Errorf("it was acknowledged after %s (%v, %v)", took, a.Err, err)
		}
		if all := of(h, &h.requests); len(all) != 1 || all[0].User.Kind != chat.Member {
			t.Errorf("the house heard %+v", all)
		}
		s.far.Latency(0)
		s.settle(t)
	})
}

func TestTheBotsNameAmidAMessageIsAHintForItsAuthor(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		if _, _, err := s.far.Say(t.Context(), s.ann, s.ops, slacktest.Words{Text: "ask <@" + s.far.Bot() + "> for it", Raw: true}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if n := len(of(h, &h.requests)); n != 0 {
			t.Errorf("the house heard %d requests", n)
		}
		if n := len(of(h, &h.said)); n != 1 {
			t.Errorf("it was reported %d times", n)
		}
		if s.times(t, s.ann, s.ops, "begin with my name") != 1 || s.sees(t, s.bo, s.ops, "begin with my name") {
			t.Error("Ann, and Ann alone, is not told how to address it")
		}
	})
}

func TestAReactionWhoseMessageCannotBeReadComesAgain(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		ts, _, err := s.far.Say(t.Context(), s.ann, s.ops, slacktest.Words{Text: "the graph"})
		if err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		s.far.Fail("conversations.replies", 100, slacktest.Status(503))
		s.far.Fail("conversations.history", 100, slacktest.Status(503))
		if a, err := s.far.React(t.Context(), s.bo, s.ops, ts, "pushpin"); err != nil || a.Acked {
			t.Fatalf("it was acknowledged although nobody knows what it stands on (%v)", err)
		}
		s.far.Heal()
		for range 3 {
			time.Sleep(6 * time.Minute)
			s.far.Due(t.Context())
		}
		s.settle(t)
		if all := of(h, &h.reacted); len(all) != 1 || all[0].On.Text != "the graph" {
			t.Errorf("reported %+v", all)
		}
	})
}

func TestTheBotThatIsBroughtIntoARoomLateAsksForWhatWasSaid(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		room := s.far.AddRoom(slacktest.Room{Name: "late", Members: []string{s.ann}}).ID
		told := len(of(h, &h.missed))
		if _, err := s.far.Invite(t.Context(), s.ann, room, s.far.Bot()); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if all := of(h, &h.missed)[told:]; len(all) != 1 || all[0] != (chat.Missed{Platform: "slack", Room: room}) {
			t.Errorf("the house was told of %+v", all)
		}
		if n := len(of(h, &h.joined)); n != 0 {
			t.Errorf("the bot's own coming was reported %d times", n)
		}
	})
}

func TestAGapIsToldOfPrivateRoomsToo(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		room := s.far.AddRoom(slacktest.Room{Name: "hush", Private: true, Members: []string{s.ann, s.far.Bot()}}).ID
		h.mu.Lock()
		h.missed = nil
		h.missing = fault.New(fault.Unavailable, "The store does not answer.")
		h.mu.Unlock()
		s.restart(t, h.House())
		time.Sleep(5 * time.Second)
		h.mu.Lock()
		h.missing = nil
		h.mu.Unlock()
		time.Sleep(time.Minute)
		s.settle(t)
		rooms := map[string]int{}
		for _, m := range of(h, &h.missed) {
			rooms[m.Room]++
		}
		if rooms[""] != 1 || rooms[room] != 1 || len(rooms) != 2 {
			t.Errorf("the house was told of %v, want all rooms and %s", rooms, room)
		}
	})
}

func TestAFormThatIsTooLargeForAnAcknowledgementFollowsIt(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		large := updateForm()
		large.Title = "Once more"
		for _, name := range []string{"a", "b", "c"} {
			field := chat.Input{Name: name, Label: name, Kind: chat.Select}
			for i := range 100 {
				field.Choices = append(field.Choices, chat.Choice{Value: fmt.Sprintf("%s-%02d", name, i), Label: strings.Repeat("x", 70)})
			}
			large.Fields = append(large.Fields, field)
		}
		h.answers(func(r chat.Request) chat.Reply {
			if r.Form == nil {
				return chat.Reply{Form: updateForm()}
			}
			return chat.Reply{Form: large}
		})
		if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "x"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if v, open := s.far.Open(s.ann); !open || v.Title != "Once more" || len(v.Fields) != 4 {
			t.Errorf("Ann sees %q with %d fields", v.Title, len(v.Fields))
		}
	})
}

func TestACommandThatIsDeliveredAgainOpensNoSecondForm(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*house, *chat.House){"opened at once": opens, "opened with the answer": nil} {
		t.Run(name, func(t *testing.T) {
			ways(t, change, func(t *testing.T, h *house, s *stage) {
				h.answers(asksWith(updateForm(), replied("it is posted")))
				if _, err := s.far.Slash(t.Context(), s.ann, s.ops, "update"); err != nil {
					t.Fatal(err)
				}
				s.settle(t)
				first, _ := s.far.Open(s.ann)
				a, err := s.far.Again(t.Context())
				if err != nil || !a.Acked || len(a.Body) != 0 {
					t.Fatalf("the repeat was answered %s (%v)", a.Body, err)
				}
				s.settle(t)
				if v, open := s.far.Open(s.ann); !open || v.ID != first.ID || v.Title != "Post an update" {
					t.Errorf("Ann sees %+v, before %+v", v, first)
				}
			})
		})
	}
}

func TestAFormWhoseOpeningWasNotConfirmedIsFilled(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*house, *chat.House){"opened at once": opens, "opened with the answer": nil} {
		t.Run(name, func(t *testing.T) {
			ways(t, change, func(t *testing.T, h *house, s *stage) {
				h.answers(asksWith(updateForm(), replied("it is posted")))
				s.far.Fail("views.open", 1, slacktest.Lost())
				a, err := s.far.Slash(t.Context(), s.ann, s.ops, "update")
				if err != nil || len(a.Body) != 0 {
					t.Errorf("beside the form Ann is told %s (%v)", a.Body, err)
				}
				s.settle(t)
				if v, open := s.far.Open(s.ann); !open || v.Title != "Post an update" || v.Submit != "Post" {
					t.Fatalf("Ann sees %+v", v)
				}
				if _, err := s.far.Submit(t.Context(), s.ann, map[string]string{"text": "x"}); err != nil {
					t.Fatal(err)
				}
				s.settle(t)
				if !s.sees(t, s.ann, s.ops, "it is posted") {
					t.Error("Ann is not told")
				}
			})
		})
	}
}
