package bot

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/integrations"
)

// What is kept of changes: the newest of each service, for a week.
const (
	maxChangesKept = 50
	keepChanges    = 7 * 24 * time.Hour
)

func changesKey(service string) string { return "changes/" + keyOf("of", strings.ToLower(service)) }

// Changed takes deploys and planned work; those that name no service are not
// shown anywhere, and so not kept.
func (a *alerts) Changed(ctx context.Context, _ string, changes []integrations.Change) error {
	by := map[string][]integrations.Change{}
	for _, c := range changes {
		if name := a.serviceName(c.Service); name != "" {
			by[name] = append(by[name], c)
		}
	}
	for name, some := range by {
		err := onShelf(ctx, a.shelf, changesKey(name), func(kept *[]integrations.Change) bool { return a.fold(kept, some) })
		if err != nil {
			return err
		}
	}
	return nil
}

// fold takes changes in by their keys: whichever was heard first stays, unless
// the other is of a later moment or knows when it ends.
func (a *alerts) fold(kept *[]integrations.Change, news []integrations.Change) bool {
	changed := false
	oldest := a.now().Add(-keepChanges)
	for _, c := range news {
		c.Title, c.By = redact.Scrub(c.Title), redact.Scrub(c.By)
		at := slices.IndexFunc(*kept, func(k integrations.Change) bool { return k.Key == c.Key })
		switch {
		case c.At.Before(oldest):
		case at < 0:
			*kept, changed = append(*kept, c), true
		case c.At.After((*kept)[at].At) || c.Until.After((*kept)[at].Until):
			(*kept)[at], changed = c, true
		}
	}
	slices.SortStableFunc(*kept, func(x, y integrations.Change) int { return y.At.Compare(x.At) })
	*kept = slices.DeleteFunc(*kept, func(c integrations.Change) bool { return c.At.Before(oldest) })
	*kept = (*kept)[:min(len(*kept), maxChangesKept)]
	return changed
}

// Changes are what changed on services since a moment, newest first.
func (a *alerts) Changes(ctx context.Context, services []string, since time.Time) ([]integrations.Change, error) {
	var out []integrations.Change
	for _, s := range services {
		raw, err := a.shelf.Fetch(ctx, changesKey(a.serviceName(s)))
		if err != nil {
			return nil, err
		}
		var kept []integrations.Change
		if raw == nil || json.Unmarshal(raw, &kept) != nil {
			continue
		}
		for _, c := range kept {
			same := slices.ContainsFunc(out, func(o integrations.Change) bool { return o.Key == c.Key })
			if !same && (!c.At.Before(since) || c.Until.After(since)) {
				out = append(out, c)
			}
		}
	}
	slices.SortStableFunc(out, func(x, y integrations.Change) int { return y.At.Compare(x.At) })
	return out, nil
}

// serviceName is a service as the policy calls it, else as it was said.
func (a *alerts) serviceName(said string) string {
	if s, ok := a.policy().ServiceFor(said); ok {
		return s.Name
	}
	return strings.TrimSpace(incident.Clean(said))
}
