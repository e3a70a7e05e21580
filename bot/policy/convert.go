package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"tocsin/incident"
)

// conversion turns a file into a policy and gathers what is wrong on the way.
type conversion struct {
	tree   *ast.File
	faults Faults
}

func (c *conversion) wrong(at, format string, args ...any) {
	c.faults = append(c.faults, Fault{Line: lineOf(c.tree, at), At: at, What: fmt.Sprintf(format, args...)})
}

func (c *conversion) policy(f file) incident.Policy {
	p := incident.DefaultPolicy()
	if f.Version > 1 {
		c.wrong("version", "this tocsin reads version 1; a newer one wrote this file")
	}
	for i, t := range f.Teams {
		p.Teams = append(p.Teams, c.team(fmt.Sprintf("teams[%d]", i), t))
	}
	for i, s := range f.Services {
		p.Services = append(p.Services, c.service(fmt.Sprintf("services[%d]", i), s, f))
	}
	c.severities(&p, f)
	c.roles(&p, f)
	if f.Causes != nil {
		p.Causes = nil
	}
	for i, one := range f.Causes {
		c.word(fmt.Sprintf("causes[%d].tag", i), one.Tag)
		p.Causes = append(p.Causes, incident.Cause{Tag: one.Tag, Meaning: one.Meaning})
	}
	for i, l := range f.Checklists {
		p.Checklists = append(p.Checklists, c.checklist(fmt.Sprintf("checklists[%d]", i), l, f))
	}
	for i, one := range f.Fields {
		p.Fields = append(p.Fields, c.field(fmt.Sprintf("fields[%d]", i), one))
	}
	c.sources(&p, f)
	for i, r := range f.Rights {
		p.Rights = append(p.Rights, c.right(fmt.Sprintf("rights[%d]", i), r, p))
	}
	p.Fallback = c.ways("fallback", f.Fallback)
	c.alerts(&p, f)
	c.review(&p, f)
	c.hours(&p, f.Hours)
	c.rooms(&p, f)
	c.twice(f)
	return p
}

func (c *conversion) rooms(p *incident.Policy, f file) {
	if f.RoomName != "" {
		p.RoomName = f.RoomName
		if !strings.Contains(f.RoomName, "{number}") {
			c.wrong("room_name", "it must hold {number}, so that no two rooms have one name; for example inc-{number}-{title}")
		}
	}
	if f.Archive != "" {
		p.Archive = c.span("archive_after", f.Archive, "never")
	}
	if f.KeepTalk != "" {
		p.KeepTalk = c.span("keep_talk", f.KeepTalk, "")
	}
	p.Guests = f.Guests
}

func (c *conversion) severities(p *incident.Policy, f file) {
	for i, s := range f.Severities {
		at := fmt.Sprintf("severities[%d]", i)
		n := slices.IndexFunc(p.Severities, func(r incident.SeverityRule) bool { return r.Level == incident.Severity(s.Level) })
		if n < 0 {
			c.wrong(at+".level", "a level is a number from 1 (worst) to 5")
			continue
		}
		r := &p.Severities[n]
		r.Off = s.Off
		if s.Name != "" {
			r.Name = s.Name
		}
		if s.Meaning != "" {
			r.Meaning = s.Meaning
		}
		if s.Updates != "" {
			r.Cadence.Every = c.span(at+".updates", s.Updates, "none")
		}
		if s.Working != nil {
			r.Cadence.Working = *s.Working
		}
		for j, name := range s.Page {
			r.Page = append(r.Page, c.target(fmt.Sprintf("%s.page[%d]", at, j), name, f))
		}
		for j, name := range s.Invite {
			c.knownTeam(fmt.Sprintf("%s.invite[%d]", at, j), name, f)
		}
		r.Invite, r.Tell = s.Invite, s.Tell
	}
	if !slices.ContainsFunc(p.Severities, func(r incident.SeverityRule) bool { return !r.Off }) {
		c.wrong("severities", "all severities are off; leave at least one on")
	}
}

// target reads the name of a team or a service; the word "services" stands for
// the teams of whatever services the incident has.
func (c *conversion) target(at, name string, f file) incident.Target {
	for _, t := range f.Teams {
		if t.Name == name {
			return incident.Target{Kind: incident.TeamTarget, Name: name, Pager: t.Pager}
		}
	}
	for _, s := range f.Services {
		if s.Name == name {
			return incident.Target{Kind: incident.ServiceTarget, Name: name}
		}
	}
	if name == "services" {
		return incident.Target{Kind: incident.ServiceTarget}
	}
	c.wrong(at, "there is no team and no service %q in this file; the word services means the teams of the incident's services", name)
	return incident.Target{}
}

func (c *conversion) knownTeam(at, name string, f file) {
	if !slices.ContainsFunc(f.Teams, func(t team) bool { return t.Name == name }) {
		c.wrong(at, "there is no team %q in this file", name)
	}
}

func (c *conversion) roles(p *incident.Policy, f file) {
	for i, r := range f.Roles {
		at := fmt.Sprintf("roles[%d]", i)
		c.word(at+".key", r.Key)
		n := slices.IndexFunc(p.Roles, func(old incident.RoleRule) bool { return old.Role == incident.Role(r.Key) })
		if n < 0 {
			p.Roles = append(p.Roles, incident.RoleRule{Role: incident.Role(r.Key), Name: r.Key})
			n = len(p.Roles) - 1
		}
		rule := &p.Roles[n]
		if r.Name != "" {
			rule.Name = r.Name
		}
		if r.Duties != nil {
			rule.Duties = r.Duties
		}
		rule.Aliases = append(rule.Aliases, r.Aliases...)
	}
}

func (c *conversion) service(at string, s service, f file) incident.ServiceRule {
	c.word(at+".name", s.Name)
	for name, link := range map[string]string{"runbook": s.Runbook, "dashboard": s.Dashboard, "logs": s.Logs} {
		if link != "" && !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
			c.wrong(at+"."+name, "a link begins with https:// or http://")
		}
	}
	if s.Team != "" {
		c.knownTeam(at+".team", s.Team, f)
	}
	return incident.ServiceRule{
		Service: incident.Service{
			Name: s.Name, Known: true, Owner: s.Owner, Runbook: s.Runbook,
			Dashboard: s.Dashboard, Logs: s.Logs, Contact: s.Contact,
		},
		Aliases: s.Aliases, Team: s.Team,
	}
}

func (c *conversion) team(at string, t team) incident.Team {
	c.word(at+".name", t.Name)
	return incident.Team{
		Name: t.Name, Aliases: t.Aliases, Pager: t.Pager, Target: t.Target, People: t.People, Private: t.Private,
		Fallback: c.ways(at+".fallback", t.Fallback),
	}
}

// ways reads what is tried when a page fails.
func (c *conversion) ways(at string, ways []string) []string {
	for i, w := range ways {
		switch {
		case w != incident.ByEmail && w != incident.ByWebhook && w != incident.ByDirect:
			c.wrong(fmt.Sprintf("%s[%d]", at, i), "a fallback is email, webhook or direct")
		case slices.Contains(ways[:i], w):
			c.wrong(fmt.Sprintf("%s[%d]", at, i), "%s is tried already", w)
		}
	}
	return ways
}

func (c *conversion) checklist(at string, l checklist, f file) incident.Checklist {
	c.word(at+".name", l.Name)
	if len(l.Lines) == 0 {
		c.wrong(at+".lines", "a checklist needs at least one line")
	}
	if l.Severity < 0 || l.Severity > 5 {
		c.wrong(at+".severity", "a severity is a number from 1 (worst) to 5")
	}
	if l.Service != "" && !slices.ContainsFunc(f.Services, func(s service) bool { return s.Name == l.Service }) {
		c.wrong(at+".service", "there is no service %q in this file", l.Service)
	}
	return incident.Checklist{Name: l.Name, Severity: incident.Severity(l.Severity), Service: l.Service, Lines: l.Lines}
}

func (c *conversion) field(at string, f field) incident.FieldRule {
	c.word(at+".name", f.Name)
	switch incident.FieldKind(f.Kind) {
	case incident.ChoiceField:
		if len(f.Choices) < 2 {
			c.wrong(at+".choices", "a choice needs at least two values")
		}
	case incident.TextField, incident.NumberField:
		if len(f.Choices) > 0 {
			c.wrong(at+".choices", "only a field of kind choice has choices")
		}
	default:
		c.wrong(at+".kind", "a field is text, choice or number")
	}
	if !slices.Contains([]string{"", "declare", "resolve", "review"}, f.Ask) {
		c.wrong(at+".ask", "a field is asked for at declare, resolve or review")
	}
	return incident.FieldRule{Name: f.Name, Kind: incident.FieldKind(f.Kind), Choices: f.Choices, Ask: f.Ask, Help: f.Help}
}

func (c *conversion) right(at string, r right, p incident.Policy) incident.Right {
	c.word(at+".verb", r.Verb)
	out := incident.Right{Verb: r.Verb, Who: r.Who}
	for j, key := range r.Roles {
		if !slices.ContainsFunc(p.Roles, func(rule incident.RoleRule) bool { return rule.Role == incident.Role(key) }) {
			c.wrong(fmt.Sprintf("%s.roles[%d]", at, j), "there is no role %q", key)
		}
		out.Roles = append(out.Roles, incident.Role(key))
	}
	if len(r.Roles)+len(r.Who) == 0 {
		c.wrong(at, "it lets nobody run %q; name roles or people", r.Verb)
	}
	return out
}

func (c *conversion) hours(p *incident.Policy, h hours) {
	if h.Zone != "" {
		if _, err := time.LoadLocation(h.Zone); err != nil {
			c.wrong("hours.zone", "there is no time zone %q; one is Europe/Berlin", h.Zone)
		}
		p.Hours.Zone = h.Zone
	}
	p.Hours.From = c.clock("hours.from", h.From, p.Hours.From)
	p.Hours.To = c.clock("hours.to", h.To, p.Hours.To)
	if p.Hours.From >= p.Hours.To {
		c.wrong("hours", "work must begin before it ends")
	}
	if len(h.Days) > 0 {
		p.Hours.Days = nil
	}
	for i, d := range h.Days {
		n := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, strings.ToLower(d))
		if n < 0 {
			c.wrong(fmt.Sprintf("hours.days[%d]", i), "a day is mon, tue, wed, thu, fri, sat or sun")
			continue
		}
		p.Hours.Days = append(p.Hours.Days, time.Weekday(n))
	}
}

// clock reads "09:00" as minutes after midnight.
func (c *conversion) clock(at, words string, without int) int {
	if words == "" {
		return without
	}
	t, err := time.Parse("15:04", words)
	if err != nil {
		if words == "24:00" {
			return 24 * 60
		}
		c.wrong(at, "%q is no time of day; one is 09:00", words)
		return without
	}
	return t.Hour()*60 + t.Minute()
}

// span reads "30m", "4h" or "7d"; the word none means zero.
func (c *conversion) span(at, words, none string) time.Duration {
	if none != "" && words == none {
		return 0
	}
	if days, ok := strings.CutSuffix(words, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= 3650 {
			return time.Duration(n) * 24 * time.Hour
		}
	}
	d, err := time.ParseDuration(words)
	if err != nil || d < time.Minute {
		c.wrong(at, "%q is no span of time of at least a minute; some are 30m, 4h and 7d", words)
		return 0
	}
	return d
}

// word holds names to what people can type and what keys can carry.
func (c *conversion) word(at, name string) {
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,63}$`).MatchString(name) {
		c.wrong(at, "%q must be one lower-case word of letters, digits and dashes", name)
	}
}

// twice finds names that were given to two things of one kind.
func (c *conversion) twice(f file) {
	seen := map[string]bool{}
	check := func(kind, at string, names ...string) {
		for _, name := range names {
			key := kind + "\x00" + strings.ToLower(name)
			if name != "" && seen[key] {
				c.wrong(at, "the name %q is given to two %s", name, kind)
			}
			seen[key] = true
		}
	}
	for i, s := range f.Services {
		check("services", fmt.Sprintf("services[%d]", i), append([]string{s.Name}, s.Aliases...)...)
	}
	for i, t := range f.Teams {
		check("teams", fmt.Sprintf("teams[%d]", i), append([]string{t.Name}, t.Aliases...)...)
	}
	for i, s := range f.Severities {
		check("severities", fmt.Sprintf("severities[%d]", i), strconv.Itoa(s.Level))
	}
	for i, r := range f.Roles {
		check("roles", fmt.Sprintf("roles[%d]", i), append([]string{r.Key}, r.Aliases...)...)
	}
	for i, l := range f.Checklists {
		check("checklists", fmt.Sprintf("checklists[%d]", i), l.Name)
	}
	for i, one := range f.Fields {
		check("fields", fmt.Sprintf("fields[%d]", i), one.Name)
	}
}
