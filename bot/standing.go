package bot

import (
	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/integrations/practice"
)

// meant is a policy as the house means it: where it names no teams and the
// practice pager takes every page, those of that pager are there to page. It
// is asked for many times in a command, and made anew only when the file changes.
type meant struct {
	file  *incident.Policy
	house incident.Policy
}

// policy is the policy that stands.
func (h *House) policy() incident.Policy {
	file := h.p.Policy.Standing()
	if m := h.meant.Load(); m != nil && m.file == file {
		return m.house
	}
	m := &meant{file: file, house: *file}
	if len(file.Teams) == 0 && h.p.Practice {
		names := practice.Teams()
		m.house.Teams = make([]incident.Team, len(names))
		for i, name := range names {
			m.house.Teams[i] = incident.Team{Name: name, Target: name, Pager: practice.Name}
		}
	}
	h.meant.Store(m)
	return m.house
}

// scrubbed takes credentials out before anything of a request is written down.
func (h *House) scrubbed(r chat.Request) chat.Request {
	r.Text = h.scrubber.Scrub(r.Text)
	if r.About != nil {
		about := *r.About
		about.Text = h.scrubber.Scrub(about.Text)
		r.About = &about
	}
	if r.Form != nil {
		form := make(map[string]string, len(r.Form))
		for name, words := range r.Form {
			form[name] = h.scrubber.Scrub(words)
		}
		r.Form = form
	}
	return r
}
