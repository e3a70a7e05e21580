package say_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// update rewrites the goldens: go test ./bot/say -update.
var update = flag.Bool("update", false, "rewrite the goldens")

// messages is every message of the package, by the name of its golden.
func messages(t *testing.T) map[string]chat.Message {
	t.Helper()
	out := map[string]chat.Message{}
	for _, part := range []func(*testing.T) map[string]chat.Message{cards, outsiders, pages, alerts, nudges, reads, people} {
		for name, m := range part(t) {
			out[name] = m
		}
	}
	return out
}

func cards(t *testing.T) map[string]chat.Message {
	t.Helper()
	f, b, o := fresh(t), busy(t), over(t)
	late := b.voice()
	late.Now = late.Now.Add(3 * time.Hour)
	drill := begin(t, incident.Declaration{Drill: true, Severity: incident.Sev1}).house(opened)
	private := begin(t, incident.Declaration{Private: true}).house(opened)
	past := begin(t, incident.Declaration{Past: true, Started: start().Add(-3 * time.Hour), Resolved: start().Add(-time.Hour)})
	closed := over(t).after(time.Hour, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Close(a, "") })
	alarm := fresh(t).after(time.Minute, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Cancel(a, incident.FalseAlarm, "the probe was wrong")
	})
	parked := fresh(t).house(func(i incident.Incident) ([]incident.Event, error) {
		return i.Park(incident.EffectParked{Job: "incident/x/1/rooms/open", What: "open the room", Why: "the platform answers with errors"})
	})
	out := map[string]chat.Message{
		"card_fresh": say.Card(f.inc, f.voice()), "card_busy": say.Card(b.inc, b.voice()), "card_overdue": say.Card(b.inc, late),
		"card_resolved": say.Card(o.inc, o.voice()), "card_drill": say.Card(drill.inc, drill.voice()), "card_private": say.Card(private.inc, private.voice()),
		"card_past": say.Card(past.inc, past.voice()), "card_closed": say.Card(closed.inc, closed.voice()), "card_cancelled": say.Card(alarm.inc, alarm.voice()),
		"card_parked": say.Card(parked.inc, parked.voice()), "card_hostile": say.Card(hostile(t).inc, voice(start())),
		"declared_fresh": say.Declared(f.inc, f.voice()), "declared_busy": say.Declared(b.inc, b.voice()),
		"declared_drill": say.Declared(drill.inc, drill.voice()), "declared_past": say.Declared(past.inc, past.voice()),
		"show": say.Show(o.inc, o.voice()), "roles": say.Roles(b.inc, b.voice()), "parked": say.Parked(parked.inc, parked.inc.Parked[0], parked.voice()),
	}
	return out
}

func outsiders(t *testing.T) map[string]chat.Message {
	t.Helper()
	f, b, o := fresh(t), busy(t), over(t)
	up := last[incident.UpdatePosted](b)
	private := busy(t).after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.SetPrivate(a, true, "personal data is involved")
	})
	return map[string]chat.Message{
		"announcement_fresh": say.Announcement(f.inc, f.voice()), "announcement_busy": say.Announcement(b.inc, b.voice()),
		"announcement_resolved": say.Announcement(o.inc, o.voice()), "announcement_private": say.Announcement(private.inc, private.voice()),
		"withdrawn": say.Withdrawn(b.voice()), "withdrawal_unknown": say.Withdrawal(private.inc, nil, private.voice()),
		"withdrawal_nobody": say.Withdrawal(private.inc, []incident.PersonID{}, private.voice()),
		"withdrawal_seen":   say.Withdrawal(private.inc, []incident.PersonID{"ann", "cy"}, private.voice()),
		"update":            say.Update(b.inc, up, b.voice()), "update_follower": say.FollowerUpdate(b.inc, up, b.voice()),
		"news_raised": say.News(say.Raised, b.inc, b.voice()), "news_resolved": say.News(say.Solved, o.inc, o.voice()),
		"news_reopened": say.News(say.Reopened, b.inc, b.voice()), "news_follower": say.FollowerNews(say.Solved, o.inc, o.voice()),
	}
}

func onCall() []integrations.OnCall {
	return []integrations.OnCall{
		{Target: "checkout", Level: 1, Name: "Mara Voss", Email: "mara@example.com", Phone: "+1 555 0101", Until: start().Add(10 * time.Hour)},
		{Target: "checkout", Level: 2, Name: "Idris Kane"},
		{Target: "checkout", Level: 1, Name: "Bo C.", Email: "bo@example.com", From: start().Add(10 * time.Hour), Until: start().Add(20 * time.Hour)},
		{Target: "data", Level: 1, Name: "Lena Okafor"},
		{Target: "attic", Level: 1, Name: "Ann A.", Email: "ann@example.com", From: start().Add(time.Hour)},
		{Target: "attic", Level: 2, Name: "Bo C.", Email: "bo@example.com"},
	}
}

// here knows who of those on call is in the chat.
func here(email string) (incident.PersonID, bool) {
	id, _, _ := strings.Cut(email, "@")
	return incident.PersonID(id), id == "bo" || id == "ann"
}

func pages(t *testing.T) map[string]chat.Message {
	t.Helper()
	b := busy(t)
	accepted := b.page(0)
	v := b.voice()
	with := func(fn func(*incident.Page)) incident.Page {
		p := accepted
		fn(&p)
		return p
	}
	asked := with(func(p *incident.Page) { p.State, p.Pager, p.Whom, p.Practice = incident.PageAsked, "", "", false })
	woken := with(func(p *incident.Page) {
		p.Practice, p.Pager, p.MaybeTwo, p.Link = false, "pagerduty", true, "https://pager.example/1"
	})
	acked := with(func(p *incident.Page) { p.State, p.Acker, p.AckedAt = incident.PageAcked, "bo", v.Now })
	far := with(func(p *incident.Page) { p.State, p.AckedBy = incident.PageAcked, "mara@example.com" })
	rung := with(func(p *incident.Page) { p.State, p.Level, p.Whom = incident.PageRungOut, 2, "Idris Kane" })
	broken := with(func(p *incident.Page) {
		p.State, p.Failure, p.Call, p.Practice = incident.PageBroken, "the pager refused it.", "Mara Voss +1 555 0101", false
	})
	done := with(func(p *incident.Page) { p.State = incident.PageOver })
	away := func(state incident.PageState, fn func(*incident.Page)) incident.Page {
		return with(func(p *incident.Page) {
			p.State, p.Practice, p.Pager, p.Link = state, false, "pagerduty", "https://pager.example/1"
			fn(p)
		})
	}
	blind := away(incident.PageTaken, func(p *incident.Page) { p.Blind, p.Link = true, "" })
	seen := away(incident.PageFound, func(p *incident.Page) {
		p.Seen = true
		p.To = incident.Target{Kind: incident.PersonTarget, Name: "cy", Person: "cy"}
		p.Also = []incident.Target{team("data"), {Kind: incident.PersonTarget, Name: "ann", Person: "ann"}}
		p.Note, p.NotedBy = incident.Text{Author: incident.House, Words: "the replica is behind"}, "Mara Voss"
	})
	rising := away(incident.PageRungOut, func(p *incident.Page) { p.Seen = true; p.Level, p.Rising, p.Whom = 2, true, "" })
	mine := away(incident.PageAcked, func(p *incident.Page) { p.Seen = true; p.Acker, p.AckedAt = "bo", v.Now })
	unsure := away(incident.PageBroken, func(p *incident.Page) {
		p.Unsure, p.Failure, p.Link = true, "PagerDuty has not confirmed it for a minute", ""
	})
	empty := away(incident.PageBroken, func(p *incident.Page) { p.Failure, p.Next, p.Link = "nobody is on call at level 1", 2, "" })
	ended := away(incident.PageOver, func(p *incident.Page) { p.EndedBy, p.AckedBy, p.AckedAt = "Mara Voss", "Mara Voss", v.Now })
	later := func(first incident.Page, more ...incident.Page) incident.Incident {
		inc := b.inc
		inc.Pages = append([]incident.Page{first}, more...)
		return inc
	}
	mailed := incident.Page{
		ID: "p2", After: "p1", Turn: 1, Target: incident.Target{Kind: incident.TeamTarget, Name: "checkout", Pager: "email"}, Why: "because p1 could not be confirmed",
		State: incident.PageTaken, Pager: "email", Whom: "mara@example.com", By: incident.House, At: v.Now, Level: 1, Blind: true,
	}
	direct2 := incident.Page{
		ID: "p3", After: "p2", Turn: 2, Target: incident.Target{Kind: incident.PersonTarget, Name: "bo", Person: "bo", Pager: "direct message"},
		Why: "because nobody has answered p2", State: incident.PageAsked, By: incident.House, At: v.Now, Level: 1,
	}
	offers, offered := say.ReopenOffers(later(ended, away(incident.PageOver, func(p *incident.Page) { p.ID, p.Acker = "p2", "bo" })), v)
	if !offered {
		t.Fatal("a re-open offers nobody")
	}
	direct := with(func(p *incident.Page) {
		p.Target = incident.Target{Kind: incident.PersonTarget, Name: "bo", Person: "bo"}
		p.Practice = false
	})
	secretive := b.inc
	secretive.Private = true
	return map[string]chat.Message{
		"page_requested": say.PageReceipt(b.inc, asked, v), "page_accepted": say.PageReceipt(b.inc, accepted, v), "page_accepted_real": say.PageReceipt(b.inc, woken, v),
		"page_acknowledged": say.PageReceipt(b.inc, acked, v), "page_acknowledged_far": say.PageReceipt(b.inc, far, v),
		"page_escalated": say.PageReceipt(b.inc, rung, v), "page_failed": say.PageReceipt(b.inc, broken, v), "page_resolved": say.PageReceipt(b.inc, done, v),
		"bad_failed": say.PageFailed(b.inc, broken, onCall()[:2], v), "bad_failed_kept_number": say.PageFailed(b.inc, broken, nil, v),
		"bad_failed_nobody": say.PageFailed(b.inc, with(func(p *incident.Page) { p.State = incident.PageBroken }), nil, v),
		"bad_unanswered":    say.PageUnanswered(b.inc, woken, onCall()[:1], v),
		"page_direct":       say.PageDirect(b.inc, direct, v), "page_direct_private": say.PageDirect(secretive, direct, v),
		"page_blind": say.PageReceipt(b.inc, blind, v), "page_seen": say.PageReceipt(b.inc, seen, v), "page_rising": say.PageReceipt(b.inc, rising, v),
		"page_mine": say.PageReceipt(later(mine), mine, v), "page_unsure": say.PageReceipt(later(unsure), unsure, v), "page_empty": say.PageReceipt(later(empty), empty, v),
		"page_fallbacks": say.PageReceipt(later(unsure, mailed, direct2), unsure, v),
		"page_over_asks": say.PageOverAsks(b.inc, ended, v), "reopen_offers": offers,
		"bad_unsure": say.PageFailed(b.inc, unsure, onCall()[:1], v), "bad_empty": say.PageFailed(b.inc, empty, nil, v),
		"on_call": say.OnCall(onCall(), here, v), "on_call_nobody": say.OnCall(nil, nil, v),
	}
}

func nudges(t *testing.T) map[string]chat.Message {
	t.Helper()
	f, b := fresh(t), busy(t)
	late := b.voice()
	late.Now = b.inc.NextUpdate.Add(time.Minute)
	remind := incident.ReminderSet{Reminder: 1, At: start().Add(20 * time.Minute), Person: "ann", What: incident.Text{Words: "look at the queue"}}
	return map[string]chat.Message{
		"nudge_commander": say.Nudge(say.NudgeCommander, f.inc, f.voice()), "nudge_severity": say.Nudge(say.NudgeSeverity, f.inc, f.voice()),
		"nudge_update_soon": say.Nudge(say.NudgeUpdate, b.inc, b.voice()), "nudge_update_overdue": say.Nudge(say.NudgeUpdate, b.inc, late),
		"nudge_stale": say.Nudge(say.NudgeStale, b.inc, late), "nudge_alone": say.NudgeAlone(f.inc, f.voice()),
		"nudge_done_commander": say.NudgeDone(say.NudgeCommander, b.inc, b.voice()), "nudge_done_severity": say.NudgeDone(say.NudgeSeverity, b.inc, b.voice()),
		"nudge_done_update": say.NudgeDone(say.NudgeUpdate, b.inc, b.voice()), "nudge_done_stale": say.NudgeDone(say.NudgeStale, b.inc, b.voice()),
		"reminder": say.Reminder(b.inc, remind, 0, b.voice()), "reminder_late": say.Reminder(b.inc, remind, 90*time.Minute, b.voice()),
		"reminder_bare": say.Reminder(b.inc, incident.ReminderSet{At: start(), Person: "cy"}, 0, b.voice()),
	}
}

func reads(t *testing.T) map[string]chat.Message {
	t.Helper()
	f, b, o := fresh(t), busy(t), over(t)
	entries := incident.Entries(b.recs)
	struck := append([]incident.Entry(nil), entries...)
	struck[3].Struck, struck[2].Edited = true, true
	struck[4].Recorded = struck[4].Happened.Add(time.Hour)
	v := o.voice()
	v.Now = v.Now.Add(26 * time.Hour)
	items := []incident.Item{
		{ID: 1, Text: incident.Text{Words: "look at the card gateway"}, Who: "ann"},
		{ID: 2, Action: true, Text: incident.Text{Words: "alert on refused cards"}, Who: "bo", Due: start().Add(-time.Hour)},
		{ID: 3, Text: incident.Text{Words: "Call the vendor"}, List: "outage", Done: true, DoneBy: "bo", DoneAt: start()},
		{ID: 4, Action: true, Text: incident.Text{Erased: true}, Due: start().Add(100 * time.Hour)},
	}
	jobs := []store.Job{
		{Key: "a", Reactor: "pages", Verb: "page", Target: "p1", State: store.Owed, Unsure: true},
		{Key: "b", Reactor: "cards", Verb: "draw", State: store.Owed, Waiting: start(), Why: "the room is not open yet"},
		{Key: "c", Reactor: "reminders", Verb: "give", State: store.Owed, Due: start().Add(5 * time.Hour)},
		{Key: "d", Reactor: "announcements", Verb: "post", State: store.Buried, Why: "the room was deleted"},
		{Key: "e", Reactor: "topics", Verb: "set", State: store.Owed},
		{Key: "g", Reactor: "nudges", Verb: "tell", State: store.Owed, Due: start().Add(5 * time.Hour)},
		{Key: "h", Reactor: "followers", Verb: "all", State: store.Owed, Due: start().Add(5 * time.Hour), Attempts: 2, Why: "the platform is away"},
		{Key: "f", Reactor: "cards", Verb: "draw", State: store.Finished},
	}
	parked := busy(t).house(func(i incident.Incident) ([]incident.Event, error) {
		return i.Park(incident.EffectParked{Job: "incident/x/9/announcements/post", What: "post the announcement", Why: "the platform does not answer"})
	})
	bad := fault.New(fault.Invalid, "%s holds no role here.", incident.NameToken("ann")).WithExample("/incident severity sev2")
	return map[string]chat.Message{
		"timeline": say.Timeline(b.inc, entries, say.More{}, b.voice()), "timeline_struck": say.Timeline(b.inc, struck, say.More{Left: 12, Command: "timeline INC-142 before:30"}, v),
		"timeline_empty": say.Timeline(b.inc, nil, say.More{}, b.voice()), "catchup": say.CatchUp(b.inc, entries, b.voice()),
		"catchup_resolved": say.CatchUp(o.inc, incident.Entries(o.recs), o.voice()), "list": say.List("Open incidents", []incident.Summary{b.inc.Summary(), f.inc.Summary()}, say.More{Command: "list before:INC-100"}, v),
		"list_ended": say.List("All incidents", []incident.Summary{o.inc.Summary()}, say.More{}, v), "list_empty": say.List("Open incidents", nil, say.More{}, v),
		"tasks": say.Tasks(b.inc, items, b.voice()), "tasks_none": say.Tasks(b.inc, nil, b.voice()),
		"actions": say.Actions(b.inc, items, b.voice()), "actions_none": say.Actions(b.inc, nil, b.voice()),
		"owed": say.Owed(b.inc, jobs, b.voice()), "owed_parked": say.Owed(parked.inc, nil, parked.voice()), "owed_nothing": say.Owed(b.inc, nil, b.voice()),
		"problem": say.Problem(bad, b.voice()), "problem_internal": say.Problem(os.ErrClosed, b.voice()), "home": say.Home([]incident.Summary{b.inc.Summary()}, b.voice()),
	}
}

func people(t *testing.T) map[string]chat.Message {
	t.Helper()
	f, b, o := fresh(t), busy(t), over(t)
	late := b.voice()
	late.Now = late.Now.Add(3 * time.Hour)
	offered := b.after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.OfferHandover(a, incident.Commander, "ann", "I have to sleep")
	})
	return map[string]chat.Message{
		"welcome": say.Welcome(f.inc, incident.Entries(f.recs), f.voice()), "welcome_busy": say.Welcome(b.inc, incident.Entries(b.recs), b.voice()),
		"welcome_quiet": say.Welcome(b.inc, incident.Entries(b.recs), late), "welcome_resolved": say.Welcome(o.inc, incident.Entries(o.recs), o.voice()),
		"installed": say.Installed([]integrations.Finding{
			{Level: "ok", What: "store"},
			{Level: "ok", What: "Slack", Why: "connected as tocsin to Example"},
			{Level: "warn", What: "bookmarks", Why: "the scope bookmarks:write is missing", Mend: "add it to the app and install it again"},
			{Level: "fail", What: "clock", Why: "it is 90 s late", Mend: "start a time service"},
		}, f.voice()), "installed_bare": say.Installed(nil, f.voice()), "where_to_announce": say.WhereToAnnounce(f.voice()),
		"duties": say.Duties(b.inc, incident.Commander, b.voice()), "duties_other": say.Duties(b.inc, "driver", b.voice()),
		"handover": say.HandoverOffer(offered.inc, offered.inc.Offers[0], offered.voice()), "roles_offered": say.Roles(offered.inc, offered.voice()),
		"joined": say.Joined(b.inc, true, b.voice()), "joined_before": say.Joined(b.inc, false, b.voice()), "joined_early": say.Joined(f.inc, true, f.voice()),
	}
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for name, m := range messages(t) {
		known[name+".json"], known[name+".txt"] = true, true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := chat.EncodeMessage(m)
			if err != nil {
				t.Fatal(err)
			}
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, b, "", "  "); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".json", pretty.String()+"\n")
			golden(t, name+".txt", chat.Plaintext(m, chat.Paper{Now: busyNow(), Command: "/incident"})+"\n")
		})
	}
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !known[f.Name()] {
			t.Errorf("testdata/%s is no message's golden", f.Name())
		}
	}
}

// busyNow is when the text forms are read.
func busyNow() time.Time { return start().Add(10 * time.Minute) }

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("no golden: %v", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}
