package incident

import (
	"slices"
	"time"
)

// ReviewRule says which incidents get a review, whose it is, and what it holds.
type ReviewRule struct {
	Severities []Severity    // proposed when one of these is resolved; [SevUnset] may be among them
	After      time.Duration // how long after the resolution
	Assign     Role          // whose review it is; nobody holds it: the commander's, else the declarer's
	Due        int           // days; 0: no date
	Remind     time.Duration // how often the assignee is reminded; 0: never
	Publish    []string      // the services that get it as a document; nil: all that are there
	Private    bool          // reviews of private incidents go there too
	Title      string        // template: "{number}: {title}"
	Sections   []ReviewHeading
	Decision   []string // reactions that record a message as a decision, without colons
	Action     []string // as an action item
}

// ReviewHeading is a section of the review's template.
type ReviewHeading struct {
	Key   string   // of a section that the draft knows, or a word of the house's own
	Title string   // empty: as the draft calls it
	Asks  []string // questions to people beside those that the draft asks
}

func defaultReview() ReviewRule {
	return ReviewRule{
		Severities: []Severity{Sev1, Sev2, SevUnset}, Assign: Commander, Due: 7, Remind: 3 * 24 * time.Hour,
		Decision: []string{"scales"}, Action: []string{"clipboard"},
	}
}

// Publishes says whether reviews go to a service.
func (r ReviewRule) Publishes(service string, private bool) bool {
	if private && !r.Private {
		return false
	}
	return r.Publish == nil || slices.Contains(r.Publish, service)
}

// proposes says whether a review is asked for when the incident is resolved.
// Nobody is asked for one of a drill, nor of what is only on record.
func (r ReviewRule) proposes(i Incident) bool {
	return !i.Drill && !i.RecordOnly && slices.Contains(r.Severities, i.Severity)
}

// whose review it is.
func (r ReviewRule) whose(i Incident) PersonID {
	for _, role := range []Role{r.Assign, Commander} {
		if h, ok := i.Holder(role); ok {
			return h.Person
		}
	}
	if i.Declarer == House {
		return ""
	}
	return i.Declarer
}

// ReviewDue is until when a review is to be published that is asked for at a
// moment: the end of a working day.
func (p Policy) ReviewDue(now time.Time) time.Time {
	if p.Review.Due <= 0 {
		return time.Time{}
	}
	at := now.In(p.Hours.zone()).AddDate(0, 0, p.Review.Due)
	for range 7 {
		if !p.Hours.usable() || slices.Contains(p.Hours.Days, at.Weekday()) {
			break
		}
		at = at.AddDate(0, 0, 1)
	}
	if p.Hours.usable() {
		_, at = p.Hours.day(at)
	}
	return at.UTC()
}
