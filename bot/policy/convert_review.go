package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tocsin/incident"
)

// reviewRule says which incidents get a review, and how it is made.
type reviewRule struct {
	Propose  []string        `yaml:"propose" desc:"incidents whose review is proposed when they are resolved: sev1 to sev5, and unset; none: no review is proposed"`
	After    string          `yaml:"after" desc:"how long after the resolution, such as 1h; none: at once"`
	Assign   string          `yaml:"assign" desc:"the role whose holder brings the review to its end; nobody holds it: the commander, else who declared"`
	Due      string          `yaml:"due" desc:"days until it is due, such as 7d; none: no date"`
	Remind   string          `yaml:"remind" desc:"how often its assignee is reminded until it is published, such as 3d; none: never"`
	Publish  []string        `yaml:"publish" desc:"services that get published reviews as documents, such as folder or webhook; not set: all that are configured; none: nowhere"`
	Private  bool            `yaml:"private" desc:"reviews of private incidents go there too"`
	Title    string          `yaml:"title" desc:"what a review is called, such as Post-incident review"`
	Sections []reviewHeading `yaml:"sections" desc:"the sections of a review, in this order; not set: all of them, as they come"`
	Decision []string        `yaml:"decision" desc:"reactions that record a message as a decision, by the emojis' names"`
	Action   []string        `yaml:"action" desc:"reactions that record a message as an action item"`
}

type reviewHeading struct {
	Key   string   `yaml:"key" desc:"summary, impact, detection, times, timeline, hypotheses, decisions, mitigations, handovers, reopenings, factors, opinions, actions, questions, asked, participants, related, or a word of your own" required:"true"`
	Title string   `yaml:"title" desc:"its heading; not set: its own"`
	Asks  []string `yaml:"asks" desc:"questions to people at its end"`
}

func (c *conversion) review(p *incident.Policy, f file) {
	r, out := f.Review, &p.Review
	if r.Propose != nil {
		out.Severities = c.proposed(r.Propose)
	}
	if r.After != "" {
		out.After = c.span("review.after", r.After, "none")
	}
	if r.Assign != "" {
		out.Assign = incident.Role(r.Assign)
		if !slices.ContainsFunc(p.Roles, func(rule incident.RoleRule) bool { return rule.Role == out.Assign }) {
			c.wrong("review.assign", "there is no role %q", r.Assign)
		}
	}
	if r.Due != "" {
		days := c.span("review.due", r.Due, "none")
		out.Due = int(days / (24 * time.Hour))
		if days%(24*time.Hour) != 0 {
			c.wrong("review.due", "%q is no number of whole days; one is 7d", r.Due)
		}
	}
	if r.Remind != "" {
		out.Remind = c.span("review.remind", r.Remind, "none")
		if out.Remind > 0 && out.Remind < time.Hour {
			c.wrong("review.remind", "people are reminded at most once an hour")
		}
	}
	if r.Publish != nil {
		out.Publish = slices.DeleteFunc(slices.Clone(r.Publish), func(s string) bool { return s == "none" })
	}
	out.Private, out.Title = r.Private, r.Title
	c.headings(out, r.Sections)
	out.Decision = c.emojis("review.decision", r.Decision, out.Decision)
	out.Action = c.emojis("review.action", r.Action, out.Action)
	for _, one := range out.Decision {
		if slices.Contains(out.Action, one) {
			c.wrong("review.action", "the reaction %q records decisions already", one)
		}
	}
}

// proposed reads "sev1" and "unset".
func (c *conversion) proposed(said []string) []incident.Severity {
	out := []incident.Severity{}
	for i, words := range said {
		switch {
		case words == "none" && len(said) == 1:
		case words == "unset":
			out = append(out, incident.SevUnset)
		default:
			n, err := strconv.Atoi(strings.TrimPrefix(words, "sev"))
			if err != nil || n < 1 || n > 5 {
				c.wrong(fmt.Sprintf("review.propose[%d]", i), "%q is none of sev1 to sev5 and unset", words)
				continue
			}
			out = append(out, incident.Severity(n))
		}
	}
	return out
}

// headings reads the sections of the template.
func (c *conversion) headings(out *incident.ReviewRule, said []reviewHeading) {
	met := map[string]bool{}
	for i, h := range said {
		at := fmt.Sprintf("review.sections[%d]", i)
		c.word(at+".key", h.Key)
		if met[h.Key] {
			c.wrong(at+".key", "the section %q is there already", h.Key)
		}
		met[h.Key] = true
		out.Sections = append(out.Sections, incident.ReviewHeading{Key: h.Key, Title: h.Title, Asks: h.Asks})
	}
}

// emojis reads names of reactions, with or without colons.
func (c *conversion) emojis(at string, said, without []string) []string {
	if said == nil {
		return without
	}
	out := []string{}
	for i, words := range said {
		name := strings.Trim(words, ":")
		switch {
		case words == "none" && len(said) == 1:
			return out
		case name == "" || strings.ContainsAny(name, " ,"):
			c.wrong(fmt.Sprintf("%s[%d]", at, i), "%q is no name of an emoji; one is scales", words)
		default:
			out = append(out, name)
		}
	}
	return out
}

// explainReview says what becomes of reviews.
func explainReview(r incident.ReviewRule) []string {
	if len(r.Severities) == 0 {
		return []string{"reviews are proposed for no incident; anybody may start one"}
	}
	var of []string
	for _, s := range r.Severities {
		of = append(of, s.String())
	}
	line := "a review is proposed for " + strings.Join(of, ", ")
	if r.After > 0 {
		line += ", " + days(r.After) + " after the resolution"
	}
	line += ", to the " + string(r.Assign)
	if r.Due > 0 {
		line += fmt.Sprintf(", due in %d days", r.Due)
	}
	if r.Remind > 0 {
		line += ", reminded every " + days(r.Remind)
	}
	out := []string{line}
	where := "every service that keeps documents"
	if r.Publish != nil {
		where = or(strings.Join(r.Publish, ", "), "no service")
	}
	if r.Private {
		where += ", private ones too"
	}
	return append(out, "reviews are published to "+where)
}
