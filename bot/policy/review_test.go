package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/policy"
	"tocsin/incident"
)

func TestReviewsAreReadFromTheFile(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse([]byte(`
roles: [{key: liaison}]
review:
  propose: [sev1, "2", unset]
  after: 1h
  assign: liaison
  due: 14d
  remind: 2d
  publish: [folder]
  private: true
  title: Post-incident review
  sections:
    - key: summary
    - key: lessons
      title: What we learnt
      asks: ["What surprised us?"]
  decision: [":scales:", gavel]
  action: [memo]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := incident.ReviewRule{
		Severities: []incident.Severity{1, 2, 0}, After: time.Hour, Assign: "liaison", Due: 14, Remind: 48 * time.Hour,
		Publish: []string{"folder"}, Private: true, Title: "Post-incident review",
		Sections: []incident.ReviewHeading{{Key: "summary"}, {Key: "lessons", Title: "What we learnt", Asks: []string{"What surprised us?"}}},
		Decision: []string{"scales", "gavel"}, Action: []string{"memo"},
	}
	if diff := cmp.Diff(want, p.Review); diff != "" {
		t.Error(diff)
	}
	said := strings.Join(policy.Explain(p), "\n")
	if !strings.Contains(said, "proposed for sev1, sev2, unset, 1 h after the resolution, to the liaison, due in 14 days, reminded every 2 days") {
		t.Errorf("explained as:\n%s", said)
	}
}

func TestReviewsWithoutAFileAndSwitchedOff(t *testing.T) {
	t.Parallel()
	p, err := policy.Parse([]byte("version: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(incident.DefaultPolicy().Review, p.Review); diff != "" {
		t.Errorf("an empty file changes reviews:\n%s", diff)
	}
	p, err = policy.Parse([]byte("review: {propose: [none], after: none, due: none, remind: none, publish: [none], decision: [none], action: [none]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	r := p.Review
	if len(r.Severities)+r.Due+len(r.Decision)+len(r.Action) > 0 || r.After+r.Remind > 0 || r.Publishes("folder", false) {
		t.Errorf("switched off it is %+v", r)
	}
}

func TestWhatIsWrongWithReviewsIsSaidWithItsLine(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"review: {propose: [sev9]}":                            `"sev9" is none of sev1 to sev5 and unset`,
		"review: {after: soon}":                                "is no span of time",
		"review: {assign: king}":                               `there is no role "king"`,
		"review: {due: 36h}":                                   "is no number of whole days",
		"review: {remind: 5m}":                                 "at most once an hour",
		"review: {decision: [scales], action: [scales]}":       "records decisions already",
		"review: {action: [\"two words\"]}":                    "is no name of an emoji",
		"review: {sections: [{key: Big One}]}":                 "must be one lower-case word",
		"review: {sections: [{key: summary}, {key: summary}]}": "is there already",
		"review: {when: later}":                                `there is no setting "when" here`,
	} {
		_, err := policy.Parse([]byte(said))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%s: %v", said, err)
		}
	}
}
