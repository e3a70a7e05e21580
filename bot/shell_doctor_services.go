package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"tocsin/bot/policy"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/all"
	"tocsin/integrations/practice"
)

// checkWithin bounds how long outside services are asked for doctor.
const checkWithin = 20 * time.Second

// serviceFindings asks every outside service that is set up whether tocsin is
// welcome there, and names those that are off. Nothing is changed there.
func serviceFindings(ctx context.Context, c Config, out IO) []integrations.Finding {
	p := incident.DefaultPolicy()
	if kept, err := policy.Open(c.Policy); err == nil {
		p = kept.Policy()
	}
	h := all.House{
		Settings: c.Settings, Now: out.Now, Source: p.SourceFor,
		Targets: func(pager string) []string { return targetsAt(p, pager) },
	}
	services, err := all.Outside(h)
	if err != nil {
		return []integrations.Finding{{Level: "fail", What: "outside services cannot be set up: " + fault.Sentence(err), Why: "tocsin does not start so", Mend: "Mend what is named above; `tocsin config check` lists it too."}}
	}
	found := checkAll(ctx, services)
	var off []string
	if c.Slack.Set() && !c.PagerDuty.Pages() {
		found = append(found, integrations.Finding{
			Level: "ok", What: "pagers: none is set up, so a page to a team reaches nobody's phone; set TOCSIN_PAGERDUTY_TOKEN and TOCSIN_PAGERDUTY_FROM, or TOCSIN_PAGERDUTY_ROUTING_KEY",
		})
	}
	hooks, err := all.Trial(h)
	if err != nil {
		return found
	}
	for _, one := range hooks {
		if !isOpen(services, one.Name()) {
			off = append(off, fmt.Sprintf("%s%s (%s)", hooksPath, one.Name(), settingOf(one.Name())))
		}
	}
	if len(off) > 0 {
		found = append(found, integrations.Finding{
			Level: "ok", What: "hooks that are off, for their secret is not set: " + strings.Join(off, ", "),
		})
	}
	return found
}

// isOpen says whether a hook of that name is among the services.
func isOpen(services []integrations.Integration, name string) bool {
	for _, h := range all.Hooks(services) {
		if h.Name() == name {
			return true
		}
	}
	return false
}

// settingOf is the variable whose secret opens a hook.
func settingOf(name string) string {
	for _, s := range Settings() {
		if strings.HasPrefix(s.Name, prefix+"_"+strings.ToUpper(name)+"_") && strings.HasSuffix(s.Name, "SECRET") {
			return s.Name
		}
	}
	return "its secret"
}

// checkAll asks all at once, and gives the answers in the order of the list.
func checkAll(ctx context.Context, services []integrations.Integration) []integrations.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	answers := make([][]integrations.Finding, len(services))
	var asked sync.WaitGroup
	for i, s := range services {
		asked.Go(func() { answers[i] = s.Check(ctx) })
	}
	asked.Wait()
	var out []integrations.Finding
	for _, one := range answers {
		out = append(out, one...)
	}
	return out
}

// serviceFindings are what the outside services of a running house say.
func (h *House) serviceFindings(ctx context.Context) []integrations.Finding {
	var asked []integrations.Integration
	for _, s := range h.services {
		if s.Name() != practice.Name || h.p.Practice {
			asked = append(asked, s)
		}
	}
	return checkAll(ctx, asked)
}
