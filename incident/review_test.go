package incident_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// paper is a review with its stream, beside an incident on a stage.
type paper struct {
	incident.Review
	s    *stage
	recs []incident.Recorded
}

func newPaper(s *stage) *paper { return &paper{s: s} }

// ok commits what a decision gave.
func (p *paper) ok(events []incident.Event, err error) []incident.Recorded {
	p.s.t.Helper()
	if err != nil {
		p.s.t.Fatalf("refused: %v", err)
	}
	if len(events) == 0 {
		p.s.t.Fatal("the decision gave no events, want some")
	}
	meta := incident.Meta{Recorded: p.s.now, Actor: p.s.actor.Person, Account: p.s.actor.Account, Key: "review"}
	recs := incident.Record(p.s.inc.ID.ReviewStream(), p.Version, meta, events)
	for _, r := range recs {
		p.Review = p.Apply(r)
	}
	p.recs = append(p.recs, recs...)
	return recs
}

// heardOf is a message of the room.
func heardOf(words string, at time.Time) incident.Spoken {
	return incident.Spoken{
		Room: incident.Room{Platform: "console", ID: "r1"}, Message: "7", Author: bo,
		Text: incident.Text{Author: bo, Words: words}, At: at, Link: "https://chat.example.com/7",
	}
}

// resolved is a stage whose incident is over, and its review.
func resolved(tb testing.TB) (*stage, *paper) {
	tb.Helper()
	s := open(tb)
	s.ok(s.inc.SetSeverity(s.as(ann), incident.Sev2, "", s.policy))
	s.wait(time.Hour)
	s.ok(s.inc.Resolve(s.as(ann), "rolled back"))
	return s, newPaper(s)
}

// storyReview is the review of the story's incident. Its events stand in a
// stream of their own, and change nothing in the incident's.
func storyReview(s *stage) {
	p := newPaper(s)
	was := s.inc.Status
	s.inc.Status = incident.Resolved
	s.as(incident.House)
	p.ok(s.inc.ProposeReview(p.Review, s.policy, s.now), nil)
	p.ok(s.inc.StartReview(s.as(bo), p.Review, s.policy))
	p.ok(s.inc.AssignReview(s.as(bo), p.Review, cy, s.policy))
	p.ok(s.inc.SetReviewDue(s.as(cy), p.Review, s.now.Add(72*time.Hour), s.policy))
	edit := p.ok(s.inc.EditReviewLine(s.as(cy), p.Review, incident.ReviewChange{Line: "summary/m7", Section: "summary", Words: "Carts were empty for an hour."}, s.policy))
	own := incident.ReviewChange{Line: incident.OwnLineFor("k"), Section: "summary", After: "summary/m7", Words: "Support heard of it first."}
	p.ok(s.inc.AddReviewLine(s.as(cy), p.Review, own, s.policy))
	p.ok(s.inc.RemoveReviewLine(s.as(cy), p.Review, own, s.policy))
	p.ok(s.inc.RestoreReviewLine(s.as(cy), p.Review, own, s.policy))
	p.ok(s.inc.MoveReview(s.as(cy), p.Review, incident.ReviewInReview, s.policy))
	m := heardOf("let us roll back to build 40", s.now.Add(-time.Hour))
	mine, theirs, err := s.inc.TakeSuggestion(s.as(cy), p.Review, incident.Suggestion{Message: m, As: incident.SuggestDecision}, s.policy)
	s.inc.Status = was
	s.ok(mine, err)
	s.inc.Status = incident.Resolved
	p.ok(theirs, err)
	p.ok(s.inc.DropSuggestion(s.as(cy), p.Review, incident.Suggestion{Message: m, As: incident.SuggestAction}, s.policy))
	out := incident.ReviewPublished{
		Sections: []incident.ReviewSection{{Key: "summary", Title: "Summary"}},
		Lines:    []incident.ReviewFrozen{{Section: "summary", Key: "summary/m7", Text: incident.Text{Author: cy, Words: "Carts were empty for an hour."}, Edited: true}},
	}
	p.ok(s.inc.PublishReview(s.as(cy), p.Review, out, s.policy))
	skipped, err := s.inc.SkipReview(s.as(bo), incident.Review{}, "a drill of our own", s.policy)
	s.inc.Status = was
	s.ok(skipped, err)
	s.as(cy)
	for _, r := range p.recs {
		if r.Version >= edit[0].Version {
			s.commit([]incident.Event{r.Event})
		}
	}
	s.as(incident.House)
	for _, r := range p.recs {
		if r.Version < edit[0].Version {
			s.commit([]incident.Event{r.Event})
		}
	}
}

func TestAReviewIsProposedWhenPolicyWantsOne(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*incident.Incident, *incident.Review, *incident.Policy)
		want   bool
	}{
		"a resolved sev2":                {func(*incident.Incident, *incident.Review, *incident.Policy) {}, true},
		"an incident without a severity": {func(i *incident.Incident, _ *incident.Review, _ *incident.Policy) { i.Severity = 0 }, true},
		"a sev3":                         {func(i *incident.Incident, _ *incident.Review, _ *incident.Policy) { i.Severity = incident.Sev3 }, false},
		"a drill":                        {func(i *incident.Incident, _ *incident.Review, _ *incident.Policy) { i.Drill = true }, false},
		"one that is only on record":     {func(i *incident.Incident, _ *incident.Review, _ *incident.Policy) { i.RecordOnly = true }, false},
		"one that is open again":         {func(i *incident.Incident, _ *incident.Review, _ *incident.Policy) { i.Status = incident.Identified }, false},
		"one that was a false alarm":     {func(i *incident.Incident, _ *incident.Review, _ *incident.Policy) { i.Status = incident.Cancelled }, false},
		"one whose review was begun":     {func(_ *incident.Incident, v *incident.Review, _ *incident.Policy) { v.State = incident.ReviewDrafted }, false},
		"one whose review was skipped":   {func(_ *incident.Incident, v *incident.Review, _ *incident.Policy) { v.State = incident.ReviewNotNeeded }, false},
		"a policy that proposes none":    {func(_ *incident.Incident, _ *incident.Review, p *incident.Policy) { p.Review.Severities = nil }, false},
		"a stream of a newer tocsin":     {func(_ *incident.Incident, v *incident.Review, _ *incident.Policy) { v.Newer = true }, false},
		"a sev3 where policy wants those": {func(i *incident.Incident, _ *incident.Review, p *incident.Policy) {
			i.Severity, p.Review.Severities = incident.Sev3, []incident.Severity{incident.Sev3}
		}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, p := resolved(t)
			c.change(&s.inc, &p.Review, &s.policy)
			events := s.inc.ProposeReview(p.Review, s.policy, s.now)
			if (len(events) == 1) != c.want {
				t.Fatalf("proposed: %v, want %v", events, c.want)
			}
			if !c.want {
				return
			}
			e := events[0].(incident.ReviewProposed)
			if e.Assignee != ann || !e.Due.After(s.now.AddDate(0, 0, 6)) {
				t.Errorf("assigned to %s, due %s: want the one who commands, in a week", e.Assignee, e.Due)
			}
			if asked := s.inc.Severity == incident.SevUnset; (e.Every == 0) != asked {
				t.Errorf("reminded every %s: whoever was never told how bad it was is asked once", e.Every)
			}
		})
	}
}

func TestAReviewIsDueAtTheEndOfAWorkingDay(t *testing.T) {
	t.Parallel()
	p := incident.DefaultPolicy()
	p.Hours.Zone = "Europe/Berlin"
	p.Review.Due = 3
	got := p.ReviewDue(noon()) // a Wednesday: three days on is a Saturday
	if want := time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("due %s, want Monday at five in Berlin", got)
	}
	p.Review.Due = 0
	if !p.ReviewDue(noon()).IsZero() {
		t.Error("a policy without a number of days sets no date")
	}
}

func TestALineWrittenOverAnOlderOneIsRefusedWithTheNewer(t *testing.T) {
	t.Parallel()
	s, p := resolved(t)
	edit := incident.ReviewChange{Line: "summary/m7", Section: "summary", Words: "Orders failed."}
	p.ok(s.inc.EditReviewLine(s.as(ann), p.Review, edit, s.policy))
	if p.State != incident.ReviewDrafted || p.By != ann {
		t.Fatalf("an edit begins the review: it is %q by %q", p.State, p.By)
	}
	second := edit
	second.Words = "Orders failed for everybody."
	_, err := s.inc.EditReviewLine(s.as(bo), p.Review, second, s.policy)
	over, is := errors.AsType[*incident.ReviewOverwrittenError](err)
	if !is || over.Line.By != ann || over.Line.Text.Words != "Orders failed." {
		t.Fatalf("refused with %v, want the newer words and whose they are", err)
	}
	if events, err := s.inc.EditReviewLine(s.as(bo), p.Review, edit, s.policy); len(events) > 0 || err != nil {
		t.Errorf("the same words again gave %v, %v", events, err)
	}
	second.Before = over.Line.Version
	p.ok(s.inc.EditReviewLine(s.as(bo), p.Review, second, s.policy))
	if l, _ := p.Line("summary/m7"); l.Text.Words != second.Words || l.By != bo {
		t.Errorf("the line reads %q by %s", l.Text.Words, l.By)
	}
	back := incident.ReviewChange{Line: "summary/m7", Section: "summary", Before: 1}
	if _, err := s.inc.RevertReviewLine(s.as(ann), p.Review, back, s.policy); err == nil {
		t.Error("words of others were taken back unseen")
	}
	l, _ := p.Line("summary/m7")
	back.Before = l.Version
	p.ok(s.inc.RevertReviewLine(s.as(ann), p.Review, back, s.policy))
	if l, _ = p.Line("summary/m7"); l.Edited || l.Text.Words != "" {
		t.Errorf("after the machine's words came back it still says %q", l.Text.Words)
	}
}

func TestALineThatWasTakenOutComesBackAsItRead(t *testing.T) {
	t.Parallel()
	s, p := resolved(t)
	own := incident.ReviewChange{Line: incident.OwnLineFor("key"), Section: "summary", Words: "Support heard of it first."}
	p.ok(s.inc.AddReviewLine(s.as(ann), p.Review, own, s.policy))
	if events, err := s.inc.AddReviewLine(s.as(ann), p.Review, own, s.policy); len(events) > 0 || err != nil {
		t.Errorf("asked again it is added again: %v, %v", events, err)
	}
	p.ok(s.inc.RemoveReviewLine(s.as(bo), p.Review, own, s.policy))
	if events, err := s.inc.RemoveReviewLine(s.as(bo), p.Review, own, s.policy); len(events) > 0 || err != nil {
		t.Errorf("asked again it is removed again: %v, %v", events, err)
	}
	p.ok(s.inc.RestoreReviewLine(s.as(ann), p.Review, own, s.policy))
	if l, _ := p.Line(own.Line); l.Removed || l.Text.Words != own.Words || !l.Own {
		t.Errorf("it came back as %+v", l)
	}
	if _, err := s.inc.RevertReviewLine(s.as(ann), p.Review, own, s.policy); err == nil {
		t.Error("a person's own line has no words of the machine's")
	}
}

func TestWhoMayNotKnowOfAnIncidentKnowsNothingOfItsReview(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "keys were leaked", Private: true})
	s.ok(s.inc.Resolve(s.as(ann), ""))
	p := newPaper(s)
	line := incident.ReviewChange{Line: "summary/m7", Section: "summary", Words: "words"}
	for what, err := range map[string]error{
		"start": second(s.inc.StartReview(s.as(bo), p.Review, s.policy)),
		"skip":  second(s.inc.SkipReview(s.as(bo), p.Review, "why", s.policy)),
		"edit":  second(s.inc.EditReviewLine(s.as(bo), p.Review, line, s.policy)),
		"move":  second(s.inc.MoveReview(s.as(bo), p.Review, incident.ReviewInReview, s.policy)),
	} {
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s by who is no member: %v", what, err)
		}
	}
	if _, err := s.inc.AssignReview(s.as(ann), p.Review, bo, s.policy); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("assigned to who is no member: %v", err)
	}
	if moves := s.inc.MayMove(s.as(bo), p.Review, s.policy); moves != nil {
		t.Errorf("may move it to %v", moves)
	}
}

func second(_ []incident.Event, err error) error { return err }

func TestAReviewIsPublishedInVersions(t *testing.T) {
	t.Parallel()
	s, p := resolved(t)
	for n := 1; n < 3; n++ {
		p.ok(s.inc.PublishReview(s.as(ann), p.Review, incident.ReviewPublished{}, s.policy))
		if got := p.Versions[len(p.Versions)-1].Number; got != n || p.State != incident.ReviewIsOut {
			t.Fatalf("version %d, %s; want version %d", got, p.State, n)
		}
	}
	if _, err := s.inc.SkipReview(s.as(ann), p.Review, "", s.policy); fault.KindOf(err) != fault.Conflict {
		t.Errorf("skipped after it was published: %v", err)
	}
	s.ok(s.inc.Reopen(s.as(ann), "it came back", s.policy))
	if _, err := s.inc.PublishReview(s.as(ann), p.Review, incident.ReviewPublished{}, s.policy); fault.KindOf(err) != fault.Conflict {
		t.Errorf("published while people work on it: %v", err)
	}
	if len(p.Versions) != 2 {
		t.Error("re-opening took versions away")
	}
}

func TestWhatSomebodyCannotMeanIsRefusedInWords(t *testing.T) {
	t.Parallel()
	s, p := resolved(t)
	p.ok(s.inc.StartReview(s.as(ann), p.Review, s.policy))
	for what, err := range map[string]error{
		"started twice":           second(s.inc.StartReview(s.as(bo), p.Review, s.policy)),
		"due in the past":         second(s.inc.SetReviewDue(s.as(bo), p.Review, s.now.Add(-time.Hour), s.policy)),
		"assigned to whose it is": second(s.inc.AssignReview(s.as(bo), p.Review, ann, s.policy)),
		"assigned to nobody":      second(s.inc.AssignReview(s.as(bo), p.Review, "", s.policy)),
		"moved where it is":       second(s.inc.MoveReview(s.as(bo), p.Review, incident.ReviewDrafted, s.policy)),
		"moved nowhere":           second(s.inc.MoveReview(s.as(bo), p.Review, "burnt", s.policy)),
		"a line without a key":    second(s.inc.EditReviewLine(s.as(bo), p.Review, incident.ReviewChange{Section: "summary", Words: "x"}, s.policy)),
		"a line without words":    second(s.inc.EditReviewLine(s.as(bo), p.Review, incident.ReviewChange{Line: "a", Section: "summary", Words: " "}, s.policy)),
	} {
		if k := fault.KindOf(err); err == nil || k != fault.Invalid && k != fault.Conflict {
			t.Errorf("%s: %v", what, err)
		}
	}
	p.ok(s.inc.SkipReview(s.as(ann), p.Review, "", s.policy))
	if _, err := s.inc.SkipReview(s.as(bo), p.Review, "", s.policy); fault.KindOf(err) != fault.Conflict {
		t.Errorf("skipped twice: %v", err)
	}
	p.ok(s.inc.StartReview(s.as(bo), p.Review, s.policy))
}

func TestASuggestionIsSettledOnce(t *testing.T) {
	t.Parallel()
	s, p := resolved(t)
	at := s.now.Add(-30 * time.Minute)
	action := incident.Suggestion{Message: heardOf("I will add an alert on queue length\nand a beer", at), As: incident.SuggestAction, Words: "add an alert on queue length", Owner: bo}
	mine, theirs, err := s.inc.TakeSuggestion(s.as(ann), p.Review, action, s.policy)
	recs := s.ok(mine, err)
	p.ok(theirs, nil)
	got, _ := recs[0].Event.(incident.ActionAdded)
	want := incident.ActionAdded{Item: 1, Text: got.Text, Owner: bo, Message: incident.MessageRef{Platform: "console", Room: "r1", ID: "7", Link: "https://chat.example.com/7"}}
	if diff := cmp.Diff(want, got); diff != "" || got.Text.Words != "add an alert on queue length" || got.Text.Author != bo || !recs[0].Happened.Equal(at) {
		t.Errorf("recorded %+v at %s:\n%s", got, recs[0].Happened, diff)
	}
	if _, _, err := s.inc.TakeSuggestion(s.as(bo), p.Review, action, s.policy); fault.KindOf(err) != fault.Conflict {
		t.Errorf("taken twice: %v", err)
	}
	if _, err := s.inc.DropSuggestion(s.as(bo), p.Review, action, s.policy); fault.KindOf(err) != fault.Conflict {
		t.Errorf("dropped after it was taken: %v", err)
	}
	gone := incident.Suggestion{Message: heardOf("roll back", at), As: incident.SuggestDecision}
	gone.Message.DeletedAt = s.now
	if _, _, err := s.inc.TakeSuggestion(s.as(bo), p.Review, gone, s.policy); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a deleted message was taken: %v", err)
	}
	if p.State != "" {
		t.Errorf("settling a suggestion began the review: %s", p.State)
	}
}
