package incident_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tocsin/incident"
)

// dice choose among n things.
type dice func(n int) int

func (d dice) yes() bool { return d(2) == 0 }

func (d dice) person() incident.PersonID {
	return incident.PersonID(fmt.Sprintf("p%016d", d(40)))
}

func (d dice) words() string {
	return []string{"", "short", "checkout is failing", strings.Repeat("long words ", 15), "bad \u202e\x00 words", strings.Repeat("x", 5000)}[d(6)]
}

func (d dice) moment(now time.Time) time.Time {
	return []time.Time{{}, now.Add(-time.Hour), now.Add(time.Hour), now, now.AddDate(3, 0, 0)}[d(5)]
}

func (d dice) target() incident.Target {
	return []incident.Target{
		team("shop"), team("platform"), team(strings.Repeat("a long team name ", d(6))), person(d.person()),
		{},
		{Kind: incident.ServiceTarget, Name: "search"},
		team(fmt.Sprintf("team-%d", d(30))),
	}[d(7)]
}

func (d dice) room() incident.Room {
	return incident.Room{Platform: "console", ID: fmt.Sprintf("C0123456789-%d", d(12)), Name: strings.Repeat("a-long-room-name-", 5)}
}

// play takes one random decision. entries are events that may be edited or
// struck; items those that were added.
func (d dice) play(i incident.Incident, a incident.Actor, p incident.Policy, recs []incident.Recorded) ([]incident.Event, error) {
	past := func() incident.Recorded {
		if len(recs) == 0 {
			return incident.Recorded{Event: incident.NoteAdded{}}
		}
		return recs[d(len(recs))]
	}
	moves := []func() ([]incident.Event, error){
		func() ([]incident.Event, error) { return i.Note(a, d.words(), d.moment(a.At)) },
		func() ([]incident.Event, error) { return i.Decide(a, d.words()) },
		func() ([]incident.Event, error) {
			return i.Link(a, "https://x.example.com/"+strings.Repeat("y", d(250)), d.words())
		},
		func() ([]incident.Event, error) {
			m := spoken(d.words())
			m.Message = fmt.Sprint(d(1000))
			return i.Capture(a, m, "reaction", marked(recs, incident.CaptureMark("console", "r1", m.Message)))
		},
		func() ([]incident.Event, error) { return i.Edit(a, past(), d.words()) },
		func() ([]incident.Event, error) { return i.Strike(a, past()) },
		func() ([]incident.Event, error) { return i.Rename(a, d.words()) },
		func() ([]incident.Event, error) { return i.SetSeverity(a, incident.Severity(d(7)), d.words(), p) },
		func() ([]incident.Event, error) { return i.SetStatus(a, incident.Statuses()[d(8)], d.words(), p) },
		func() ([]incident.Event, error) {
			return i.AddService(a, []string{"checkout", "search", fmt.Sprintf("a-service-with-a-long-name-%d", d(50))}[d(3)], p)
		},
		func() ([]incident.Event, error) { return i.RemoveService(a, []string{"checkout", "search"}[d(2)]) },
		func() ([]incident.Event, error) { return i.SetImpact(a, d.words()) },
		func() ([]incident.Event, error) {
			return i.SetCause(a, []string{"change", "", "gremlins"}[d(3)], d.words(), p)
		},
		func() ([]incident.Event, error) {
			return i.SetMilestone(a, incident.AllMilestones()[d(5)], d.moment(a.At))
		},
		func() ([]incident.Event, error) { return i.SetPrivate(a, d.yes(), d.words()) },
		func() ([]incident.Event, error) { return i.SetField(a, fmt.Sprintf("field-%d", d(20)), d.words(), p) },
		func() ([]incident.Event, error) {
			return i.SetCall(a, "https://meet.example.com/"+strings.Repeat("z", d(270)))
		},
		func() ([]incident.Event, error) { return i.Take(a, p.Roles[d(len(p.Roles))].Role, p) },
		func() ([]incident.Event, error) { return i.Assign(a, p.Roles[d(len(p.Roles))].Role, d.person(), p) },
		func() ([]incident.Event, error) { return i.Release(a, p.Roles[d(len(p.Roles))].Role, p) },
		func() ([]incident.Event, error) { return i.OfferHandover(a, "", d.person(), d.words()) },
		func() ([]incident.Event, error) { return i.AnswerHandover(a, d.yes()) },
		func() ([]incident.Event, error) { return i.Invite(a, d.person()) },
		func() ([]incident.Event, error) { return i.Remove(a, d.person()) },
		func() ([]incident.Event, error) { return i.Join(a) },
		func() ([]incident.Event, error) { return i.Page(a, d.target(), d.words(), "") },
		func() ([]incident.Event, error) { return i.Page(a, d.target(), d.words(), "") },
		func() ([]incident.Event, error) { return i.Acknowledge(a, "") },
		func() ([]incident.Event, error) { return i.Escalate(a, "") },
		func() ([]incident.Event, error) { return i.PageNews(d.news(i)) },
		func() ([]incident.Event, error) { return i.PageNews(d.news(i)) },
		func() ([]incident.Event, error) { return i.PostUpdate(a, d.words(), d.moment(a.At), d.yes(), p) },
		func() ([]incident.Event, error) { return i.FixUpdate(a, d(3), incident.Text{}, d.words()) },
		func() ([]incident.Event, error) { return i.Follow(a, d.yes()) },
		func() ([]incident.Event, error) { return i.Unfollow(a, d.yes()) },
		func() ([]incident.Event, error) { return i.Remind(a, d.moment(a.At), d.words()) },
		func() ([]incident.Event, error) { return i.ReminderGiven(d(30), time.Duration(d(100))*time.Second) },
		func() ([]incident.Event, error) {
			return i.Snooze(a, append(incident.Nudges(), "")[d(5)], d.moment(a.At))
		},
		func() ([]incident.Event, error) { return i.AddTask(a, d.words(), d.person()) },
		func() ([]incident.Event, error) { return i.AddAction(a, d.words(), d.person(), d.moment(a.At)) },
		func() ([]incident.Event, error) { return i.AddChecklist(a, p.Checklists[d(len(p.Checklists))].Name, p) },
		func() ([]incident.Event, error) {
			return i.Done(a, itemOf(recs, incident.ItemID(1+d(int(i.Items)+2))))
		},
		func() ([]incident.Event, error) { return i.Resolve(a, d.words()) },
		func() ([]incident.Event, error) { return i.Reopen(a, d.words(), p) },
		func() ([]incident.Event, error) { return i.Reopen(a, "back", p) },
		func() ([]incident.Event, error) { return i.Cancel(a, append(incident.Reasons(), "x")[d(5)], d.words()) },
		func() ([]incident.Event, error) { return i.Close(a, d.words()) },
		func() ([]incident.Event, error) { return i.Adopt(a, d.room()) },
		func() ([]incident.Event, error) { return i.OpenRoom(d.room()) },
		func() ([]incident.Event, error) { return i.ArchiveRoom(d.room()) },
		func() ([]incident.Event, error) {
			r := d.room()
			return i.Announced(incident.MessageRef{Platform: "console", Room: r.ID, ID: "17", Link: "https://chat.example.com/" + strings.Repeat("w", d(200))})
		},
		func() ([]incident.Event, error) {
			return i.Park(incident.EffectParked{Job: fmt.Sprintf("incident/0123456789abcdef0123/%d/rooms/open", d(20)), What: strings.Repeat("open ", 40), Why: strings.Repeat("because ", 40)})
		},
		func() ([]incident.Event, error) {
			return i.RetryEffect(a, fmt.Sprintf("incident/0123456789abcdef0123/%d/rooms/open", d(20)))
		},
		func() ([]incident.Event, error) {
			return i.FollowCapture(incident.Version(d(20)), incident.Text{Words: d.words()}, d.yes())
		},
		func() ([]incident.Event, error) { return i.Undo(a, lastOf(i, a.Person, recs)) },
		func() ([]incident.Event, error) { return i.Undo(a, lastOf(i, a.Person, recs)) },
	}
	moves = append(moves, d.pageMoves(i, a)...)
	return moves[d(len(moves))]()
}

// pageMoves are what is done to pages that are there.
func (d dice) pageMoves(i incident.Incident, a incident.Actor) []func() ([]incident.Event, error) {
	id := func() incident.PageID { return incident.PageID(fmt.Sprintf("p%d", max(1, i.PageN-d(14)))) }
	return []func() ([]incident.Event, error){
		func() ([]incident.Event, error) { return i.PageAt(a, d.target(), d(11), d.words(), "") },
		func() ([]incident.Event, error) { return i.PageAgain(a, id()) },
		func() ([]incident.Event, error) {
			return i.PageBack(a, id(), func(incident.Target) string { return "pagerduty" })
		},
		func() ([]incident.Event, error) { return i.Reassign(a, id(), d.target()) },
		func() ([]incident.Event, error) { return i.AskResponder(a, id(), d.target()) },
		func() ([]incident.Event, error) { return i.NotePage(a, id(), d.words()) },
		func() ([]incident.Event, error) { return i.FallBack(id(), d.target(), d(7)) },
		func() ([]incident.Event, error) { return i.CallOff(a, id()) },
	}
}

func (d dice) news(i incident.Incident) incident.Event {
	id := incident.PageID(fmt.Sprintf("p%d", max(1, i.PageN-d(14))))
	long := strings.Repeat("A Long Name Of Somebody ", d(8))
	link := "https://pd.example.com/" + strings.Repeat("q", d(200))
	news := []incident.Event{
		incident.PageSeen{Page: id, Pager: "pagerduty", Whom: long, Link: link, Level: d(12)},
		incident.PageReassigned{Page: id, Whom: long},
		incident.PageNoted{Page: id, Text: incident.Text{Author: d.person(), Words: d.words()}, Whom: long},
		incident.PageFailed{Page: id, Why: long, Call: long, Unsure: d.yes(), Next: d(3)},
		incident.PageAccepted{Page: id, Pager: "pagerduty", Whom: long, Link: link, MaybeTwo: d.yes(), Blind: d.yes()},
		incident.PageAcknowledged{Page: id, Person: d.person(), Whom: long},
		incident.PageAcknowledged{Page: id, Whom: long},
		incident.PageEscalated{Page: id, Level: d(12), Whom: long},
		incident.PageFailed{Page: id, Why: long, Call: long},
		incident.PageResolved{Page: id, Whom: long},
	}
	return news[d(len(news))]
}

// marked says that a mark stands after some events.
func marked(recs []incident.Recorded, key string) bool {
	there := false
	for _, r := range recs {
		for _, m := range incident.Marks(r) {
			if m.Key == key {
				there = !m.Delete
			}
		}
	}
	return there
}

// itemOf looks an item up by its mark, as commands do.
func itemOf(recs []incident.Recorded, n incident.ItemID) incident.Item {
	for _, r := range recs {
		for _, m := range incident.Marks(r) {
			if m.Key == incident.ItemMark(n) && !m.Delete && r.Event != nil {
				if _, restored := r.Event.(incident.EntryRestored); !restored {
					return incident.ItemOf(r, n, nil)
				}
			}
		}
	}
	return incident.Item{}
}

// lastOf finds the newest change of somebody among the events at hand.
func lastOf(i incident.Incident, who incident.PersonID, recs []incident.Recorded) []incident.Recorded {
	c, ok := i.LastChange(who)
	if !ok || len(recs) == 0 || c.First < recs[0].Version {
		return nil
	}
	first := recs[0].Version
	return recs[c.First-first : c.Last-first+1]
}

// rich is a policy with much of everything, so that states grow.
func rich() incident.Policy {
	p := house()
	for k := range 20 {
		p.Fields = append(p.Fields, incident.FieldRule{Name: fmt.Sprintf("field-%d", k), Kind: incident.TextField})
	}
	for k := range 30 {
		p.Services = append(p.Services, incident.ServiceRule{
			Service: incident.Service{
				Name: fmt.Sprintf("a-service-with-a-long-name-%d", k), Owner: "some team", Runbook: "https://run.example.com/" + strings.Repeat("r", 80),
				Dashboard: "https://dash.example.com/" + strings.Repeat("d", 80), Logs: "https://logs.example.com/" + strings.Repeat("l", 80), Contact: strings.Repeat("phone ", 20),
			},
			Team: "shop",
		})
	}
	for _, r := range []incident.Role{"database", "network", "legal", "vendor"} {
		p.Roles = append(p.Roles, incident.RoleRule{Role: r, Name: string(r)})
	}
	return p
}

func TestTheStateStaysSmallUnderTenThousandDecisions(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			x := seed*2654435761 + 88172645463325252
			roll := dice(func(n int) int { // xorshift: the same dice on every run
				x ^= x << 13
				x ^= x >> 7
				x ^= x << 17
				return int(x>>33) % n
			})
			s := newStage(t)
			s.policy = rich()
			s.declare(incident.Declaration{Title: "checkout is failing", Severity: incident.Sev1, Services: []string{"checkout", "search"}})
			if seed == 2 { // the hardest: as many members as there may be
				for k := range incident.MaxMembers {
					s.as(incident.House)
					s.commit([]incident.Event{incident.MemberAdded{Person: incident.PersonID(fmt.Sprintf("p%016d", k)), How: incident.Invited}})
				}
			}
			biggest, refused := 0, 0
			var newest []incident.Recorded
			for n := range 10000 {
				s.wait(time.Duration(roll(90)) * time.Second)
				a := s.as(roll.person())
				events, err := roll.play(s.inc, a, s.policy, newest)
				if err != nil {
					checkSentence(t, err)
					refused++
					continue
				}
				done := incident.Record(s.inc.ID.Stream(), s.inc.Head, incident.Meta{Recorded: s.now, Actor: a.Person, Key: fmt.Sprint(n)}, events)
				for k := range done {
					done[k].Event = incident.MapTexts(done[k].Event, func(t *incident.Text) { t.Hash = "0123456789abcdefghij" })
				}
				s.inc = s.inc.Fold(done)
				newest = append(newest, done...)
				newest = newest[max(0, len(newest)-300):]
				if n%10 == 0 {
					b, err := json.Marshal(s.inc)
					if err != nil {
						t.Fatal(err)
					}
					if biggest = max(biggest, len(b)); len(b) > 8<<10 {
						t.Fatalf("after %d decisions the state has %d bytes, %.2000s", n, len(b), b)
					}
				}
			}
			if refused > 7500 || s.inc.Head < 2500 {
				t.Errorf("%d of 10000 decisions were refused; the dice are loaded", refused)
			}
			t.Logf("biggest state %d bytes, %d events, %d refusals", biggest, s.inc.Head, refused)
		})
	}
}

func TestFoldingInPiecesGivesTheSameState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		roll := dice(func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "roll") })
		s := newStage(t)
		s.policy = rich()
		s.declare(incident.Declaration{Title: "checkout is failing", Private: roll.yes(), Severity: incident.Severity(roll(5))})
		for range rapid.IntRange(1, 60).Draw(rt, "decisions") {
			s.wait(time.Duration(roll(120)) * time.Second)
			who := []incident.PersonID{ann, bo, cy, incident.House}[roll(4)]
			events, err := roll.play(s.inc, s.as(who), s.policy, s.recs)
			if err != nil {
				checkSentence(t, err)
				continue
			}
			s.commit(events) // each commit goes through JSON, so this is the fold in pieces
		}
		whole := incident.Incident{}.Fold(s.recs)
		if diff := cmp.Diff(s.inc, whole); diff != "" {
			rt.Fatalf("folded in one go (-pieces +whole):\n%s", diff)
		}
		if sum := s.inc.Summary(); sum.Private && !sum.VisibleTo(ann) {
			rt.Fatalf("the declarer cannot see their own incident: %+v", sum)
		}
		for _, e := range incident.Entries(s.recs) {
			if plain(e.Sentence) == "" {
				rt.Fatalf("entry %d has no sentence", e.Version)
			}
		}
	})
}

func TestUndoReturnsTheVisibleStateWhateverCameBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		roll := dice(func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "roll") })
		s := open(t)
		step := func() bool {
			s.wait(time.Duration(1+roll(60)) * time.Second)
			events, err := roll.play(s.inc, s.as([]incident.PersonID{ann, bo}[roll(2)]), s.policy, s.recs)
			if err == nil && len(events) > 0 {
				s.commit(events)
				return true
			}
			return false
		}
		for range roll(25) {
			step()
		}
		want := visible(s)
		head := s.inc.Head
		if !step() || irrevocable(s.recs[head:]) {
			return
		}
		who := s.actor.Person
		events, err := s.inc.Undo(s.as(who), s.last(who))
		if err != nil {
			checkSentence(t, err)
			return
		}
		s.commit(events)
		if diff := cmp.Diff(want, visible(s), sameWords()); diff != "" {
			var did []string
			for _, r := range s.recs {
				did = append(did, plain(incident.Sentence(r)))
			}
			rt.Fatalf("undo did not bring back what was there (-before +after):\n%s\n%s", diff, strings.Join(did, "\n"))
		}
	})
}

// irrevocable says that a change did something that stays beside what is
// taken back: a page, a membership by answering, a state too full to keep all.
func irrevocable(recs []incident.Recorded) bool {
	for _, r := range recs {
		switch e := r.Event.(type) {
		case incident.PageRequested, incident.Undone, incident.HandoverAccepted, incident.EntryEdited, incident.Followed, incident.Unfollowed:
			return true
		case incident.MemberAdded:
			if e.How != incident.Invited {
				return true
			}
		default:
		}
	}
	return false
}
