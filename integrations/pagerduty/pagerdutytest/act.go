package pagerdutytest

import "slices"

// by finds who does something in PagerDuty, and to which incident, and does it.
func (f *Fake) by(key, who string, do func(*Incident, agent) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	i, err := f.newest(key)
	if err != nil {
		return err
	}
	u, err := f.person(who)
	if err != nil {
		return err
	}
	return do(i, agent{user: u})
}

// Acknowledge lets somebody (an id or an e-mail) acknowledge the newest
// incident of a key, or the one with that id, in PagerDuty itself. What is
// resolved cannot be acknowledged there: people have no such button.
func (f *Fake) Acknowledge(key, who string) error {
	return f.by(key, who, func(i *Incident, a agent) error {
		if i.Status == resolved {
			return errOver
		}
		return f.acknowledge(i, a)
	})
}

// Resolve lets somebody resolve it.
func (f *Fake) Resolve(key, who string) error {
	return f.by(key, who, f.resolve)
}

// Reopen lets somebody open it again.
func (f *Fake) Reopen(key, who string) error {
	return f.by(key, who, func(i *Incident, a agent) error {
		f.trigger(i, a)
		return nil
	})
}

// Escalate lets somebody ask the next level.
func (f *Fake) Escalate(key, who string) error {
	return f.by(key, who, func(i *Incident, a agent) error { return f.escalate(i, i.Level+1, a) })
}

// Reassign lets somebody give it to others (ids or e-mails).
func (f *Fake) Reassign(key, who string, to ...string) error {
	return f.by(key, who, func(i *Incident, a agent) error {
		var ids []string
		for _, t := range to {
			u, err := f.person(t)
			if err != nil {
				return err
			}
			ids = append(ids, u.ID)
		}
		return f.reassign(i, ids, a)
	})
}

// Annotate lets somebody write a note on it.
func (f *Fake) Annotate(key, who, text string) error {
	return f.by(key, who, func(i *Incident, a agent) error {
		f.annotate(i, text, a)
		return nil
	})
}

// SetPriority lets somebody set its priority: "P1"…"P5".
func (f *Fake) SetPriority(key, who, priority string) error {
	return f.by(key, who, func(i *Incident, a agent) error {
		f.prioritise(i, priority, a)
		return nil
	})
}

// Pass lets the time of the level pass without an answer: PagerDuty asks the
// next level by itself, or begins again after the last.
func (f *Fake) Pass(key string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	i, err := f.newest(key)
	if err != nil {
		return err
	}
	if i.Status != triggered {
		return nil
	}
	p := f.policy(i.Policy)
	if p == nil {
		return errHigh
	}
	next := i.Level + 1
	if next > len(p.Levels) {
		if p.Repeat == 0 {
			return nil
		}
		next = 1
	}
	return f.escalate(i, next, agent{})
}

// Trigger opens an incident that the adapter knows nothing of, as a monitor of
// PagerDuty's would, and gives it.
func (f *Fake) Trigger(service, title string) Incident {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.service(service)
	if s == nil {
		s = f.services[slices.IndexFunc(f.services, func(s *Service) bool { return s.Name == service })]
	}
	i := f.open(start{service: s, title: title, by: agent{service: s}, events: true})
	return i.copied()
}
