package pagerduty

import (
	"context"
	"slices"
	"strings"
	"time"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Act does to a page what somebody did in chat, in their name when PagerDuty
// knows them, else in that of the user to fall back on. The page is looked at
// first: what is over stays over, and what is done already is not done twice.
func (p *PagerDuty) Act(ctx context.Context, key string, a integrations.PageAct) (integrations.Receipt, error) {
	if !p.asks() {
		return p.tell(ctx, key, a)
	}
	inc, found, err := p.incident(ctx, key)
	if err != nil {
		return integrations.Receipt{}, err
	}
	if !found {
		return integrations.Receipt{}, fault.New(fault.NotFound, "PagerDuty knows nothing of that page.")
	}
	d := &deed{p: p, key: key, act: a, inc: inc}
	do, known := map[string]func(context.Context) (integrations.Receipt, error){
		"acknowledge": d.acknowledge, "escalate": d.escalate, "resolve": d.resolve,
		"reassign": d.reassign, "add": d.add, "note": d.note,
	}[a.Verb]
	switch {
	case !known:
		return integrations.Receipt{}, fault.New(fault.Rejected, "PagerDuty cannot %q a page.", a.Verb)
	case !open(inc) && a.Verb != "resolve" && a.Verb != "note":
		return integrations.Receipt{}, d.late(ctx)
	}
	if d.as, err = p.self(ctx, a); err != nil {
		return integrations.Receipt{}, err
	}
	return do(ctx)
}

// self is the user in whose name something is done.
func (p *PagerDuty) self(ctx context.Context, a integrations.PageAct) (person, error) {
	if isEmail(a.Email) {
		who, err := p.somebody(ctx, a.Email, a.By)
		if err != nil {
			return person{}, err
		}
		if who.id != "" {
			return who, nil
		}
	}
	return person{email: p.o.Config.From}, nil
}

// fallback is the user in whose name everything else is done; its id is known
// when PagerDuty says it.
func (p *PagerDuty) fallback(ctx context.Context) person {
	who, err := p.somebody(ctx, p.o.Config.From, "")
	if err != nil || who.id == "" {
		return person{email: p.o.Config.From}
	}
	return who
}

// deed is what somebody does to an incident.
type deed struct {
	p   *PagerDuty
	key string
	act integrations.PageAct
	inc pdapi.Incident
	as  person
}

// late is the fault of a deed that came after the end.
func (d *deed) late(ctx context.Context) error {
	said := "That page is resolved already at PagerDuty"
	if who := d.p.changer(ctx, d.inc); who != "" {
		said += ", by " + who
	}
	return fault.New(fault.Conflict, "%s. Nothing was changed. To call for help again, page again.", said)
}

// inName does something in the person's name; when they may not do it at
// PagerDuty, or are not known there any more, in that of the user to fall back
// on. A refusal has changed nothing.
func inName[T any](ctx context.Context, d *deed, c call, do func(context.Context) (T, error)) (T, error) {
	first := c
	v, err := ask(ctx, &first, do)
	if err == nil || fault.KindOf(err) != fault.Rejected || d.as.email == d.p.o.Config.From {
		return v, err
	}
	d.as = d.p.fallback(ctx)
	return ask(ctx, &c, do)
}

// manage changes the incident, and gives it as it is then.
func (d *deed) manage(ctx context.Context, what string, o pdapi.ManageIncidentsOptions) (pdapi.Incident, error) {
	o.ID = d.inc.ID
	list, err := inName(ctx, d, call{what: what, repeat: true}, func(ctx context.Context) (*pdapi.ListIncidentsResponse, error) {
		return d.p.sdk.ManageIncidentsWithContext(ctx, d.as.email, []pdapi.ManageIncidentsOptions{o})
	})
	if err != nil {
		return pdapi.Incident{}, err
	}
	for _, one := range list.Incidents {
		if one.ID == d.inc.ID {
			return one, nil
		}
	}
	return d.inc, nil
}

// receipt is what came of it.
func (d *deed) receipt(inc pdapi.Incident, state integrations.ReceiptState) integrations.Receipt {
	return integrations.Receipt{
		Key: d.key, State: state, ID: inc.ID, Whom: whom(inc), By: by(d.act), Link: link(inc.HTMLURL), At: d.p.o.Now().UTC(),
	}
}

func (d *deed) acknowledge(ctx context.Context) (integrations.Receipt, error) {
	if d.inc.Status == acknowledged {
		return d.p.receipt(ctx, d.key, d.inc), nil
	}
	now, err := d.manage(ctx, "acknowledge the page", pdapi.ManageIncidentsOptions{Status: acknowledged})
	if err != nil {
		return integrations.Receipt{}, err
	}
	return d.receipt(now, integrations.Acknowledged), nil
}

func (d *deed) resolve(ctx context.Context) (integrations.Receipt, error) {
	if !open(d.inc) {
		return d.p.receipt(ctx, d.key, d.inc), nil
	}
	now, err := d.manage(ctx, "resolve the page", pdapi.ManageIncidentsOptions{Status: resolved})
	if err != nil {
		return integrations.Receipt{}, err
	}
	r := d.receipt(now, integrations.Over)
	r.Whom = whom(d.inc) // nobody is assigned to what is over
	return r, nil
}

// escalate asks the next level, or the one that is wanted; one that is reached
// already is not asked again.
func (d *deed) escalate(ctx context.Context) (integrations.Receipt, error) {
	policy := d.inc.EscalationPolicy
	from := d.p.level(ctx, policy.ID, assigned(d.inc))
	want := d.act.Level
	switch {
	case want == 0 && from == 0 && d.inc.AssignedVia != "direct_assignment":
		from = 1 // on call has changed since: whoever has it now was asked first
	case want > 0 && from >= want:
		r := d.receipt(d.inc, integrations.Escalated)
		r.Level = from
		return r, nil
	}
	if want == 0 {
		want = from + 1
	}
	top, err := d.p.top(ctx, policy.ID)
	if err != nil {
		return integrations.Receipt{}, err
	}
	if want > top {
		return integrations.Receipt{}, fault.New(fault.Rejected, "The page is at the last level of %s already. Page somebody else.", policy.Summary)
	}
	now, err := d.manage(ctx, "escalate the page", pdapi.ManageIncidentsOptions{EscalationLevel: uint(want)}) //nolint:gosec // between 1 and top
	if err != nil {
		return integrations.Receipt{}, err
	}
	r := d.receipt(now, integrations.Escalated)
	r.Level = want
	return r, nil
}

// top is the last level of a policy.
func (p *PagerDuty) top(ctx context.Context, id string) (int, error) {
	now := p.o.Now()
	if n, ok := p.levels.recall(id, now, freshPlace); ok {
		return int(n), nil //nolint:gosec // a count
	}
	e, err := p.policy(ctx, id)
	if err != nil {
		return 0, err
	}
	p.levels.keep(id, uint(len(e.EscalationRules)), now)
	return len(e.EscalationRules), nil
}

// aim is who a page is given to: a user, or an escalation policy.
type aim struct {
	user   person
	policy ref
}

func (d *deed) aim(ctx context.Context) (aim, error) {
	to := strings.TrimSpace(d.act.To)
	if to == "" {
		return aim{}, fault.New(fault.Rejected, "Whom? Name a person by e-mail, a service or an escalation policy of PagerDuty.")
	}
	if !isEmail(to) {
		there, err := d.p.find(ctx, to)
		if err == nil {
			if len(there.policies) != 1 {
				return aim{}, fault.New(fault.Rejected, "The PagerDuty team %q has no single escalation policy. Name one.", to)
			}
			return aim{policy: there.policies[0]}, nil
		}
		if !missing(err) {
			return aim{}, err
		}
	}
	who, err := d.p.somebody(ctx, to, "")
	if err != nil {
		return aim{}, err
	}
	if who.id == "" {
		return aim{}, fault.New(fault.Rejected, "PagerDuty knows nobody and nothing called %q.", to)
	}
	return aim{user: who}, nil
}

func (to aim) called() string {
	if to.user.id != "" {
		return to.user.name
	}
	return to.policy.name
}

func (d *deed) reassign(ctx context.Context) (integrations.Receipt, error) {
	to, err := d.aim(ctx)
	if err != nil {
		return integrations.Receipt{}, err
	}
	o := pdapi.ManageIncidentsOptions{}
	if to.user.id == "" {
		o.EscalationPolicy = &pdapi.APIReference{ID: to.policy.id, Type: "escalation_policy_reference"}
	} else {
		if slices.Equal(assigned(d.inc), []string{to.user.id}) {
			return d.receipt(d.inc, integrations.Reassigned), nil
		}
		o.Assignments = []pdapi.Assignee{assignee(to.user.id)}
	}
	now, err := d.manage(ctx, "re-assign the page", o)
	if err != nil {
		return integrations.Receipt{}, err
	}
	r := d.receipt(now, integrations.Reassigned)
	if r.Whom == "" {
		r.Whom = to.called()
	}
	return r, nil
}

// add asks more people for help. Asked once is enough.
func (d *deed) add(ctx context.Context) (integrations.Receipt, error) {
	to, err := d.aim(ctx)
	if err != nil {
		return integrations.Receipt{}, err
	}
	r := d.receipt(d.inc, integrations.Noted)
	r.Note = "asked " + plain(to.called(), 100) + " for help"
	target := pdapi.APIObject{ID: to.policy.id, Type: "escalation_policy_reference"}
	if to.user.id != "" {
		target = pdapi.APIObject{ID: to.user.id, Type: "user_reference"}
	}
	if d.asked(target.ID) {
		return r, nil
	}
	if d.as.id == "" {
		d.as = d.p.fallback(ctx)
	}
	if d.as.id == "" {
		return integrations.Receipt{}, fault.New(fault.Rejected, "PagerDuty does not say who %s is, in whose name it would ask. Look at TOCSIN_PAGERDUTY_FROM.", d.as.email)
	}
	words := plain(d.act.Text, longestTitle)
	if words == "" {
		words = "Please help with: " + plain(d.inc.Title, 500)
	}
	_, err = inName(ctx, d, call{what: "ask " + plain(to.called(), 80) + " for help"}, func(ctx context.Context) (*pdapi.ResponderRequestResponse, error) {
		return d.p.sdk.ResponderRequestWithContext(ctx, d.inc.ID, pdapi.ResponderRequestOptions{
			From: d.as.email, RequesterID: d.as.id, Message: words,
			Targets: []pdapi.ResponderRequestTargetWrapper{{Target: pdapi.ResponderRequestTarget{APIObject: target}}},
		})
	})
	if err != nil {
		return integrations.Receipt{}, err
	}
	return r, nil
}

// asked says whether somebody was asked for help on this incident.
func (d *deed) asked(id string) bool {
	for _, r := range d.inc.IncidentResponders {
		if r.User.ID == id {
			return true
		}
	}
	for _, r := range d.inc.ResponderRequests {
		for _, t := range r.Targets {
			if t.Target.ID == id {
				return true
			}
		}
	}
	return false
}

// note writes on the incident, once. Its end says where it comes from, so that
// its echo is known.
func (d *deed) note(ctx context.Context) (integrations.Receipt, error) {
	words := strings.TrimSpace(d.act.Text)
	if words == "" {
		return integrations.Receipt{}, fault.New(fault.Rejected, "There is nothing to note.")
	}
	signed := words + signature(d.act.By)
	r := d.receipt(d.inc, integrations.Noted)
	r.Note = words
	there, err := ask(ctx, reading("read the page's notes"), func(ctx context.Context) ([]pdapi.IncidentNote, error) {
		return d.p.sdk.ListIncidentNotesWithContext(ctx, d.inc.ID)
	})
	if err != nil {
		return integrations.Receipt{}, err
	}
	if slices.ContainsFunc(there, func(n pdapi.IncidentNote) bool {
		return n.Content == signed && d.p.o.Now().Sub(moment(n.CreatedAt)) < sameNote
	}) {
		return r, nil
	}
	_, err = inName(ctx, d, call{what: "write a note on the page"}, func(ctx context.Context) (*pdapi.IncidentNote, error) {
		// The library takes From out of the user's summary.
		return d.p.sdk.CreateIncidentNoteWithContext(ctx, d.inc.ID, pdapi.IncidentNote{Content: signed, User: pdapi.APIObject{Summary: d.as.email}})
	})
	if err != nil {
		return integrations.Receipt{}, err
	}
	return r, nil
}

// sameNote is how long the same words of the same person are one note.
const sameNote = 15 * time.Minute

const through = " through tocsin"

func signature(by string) string {
	who := plain(by, 100)
	if who == "" {
		who = "written"
	}
	return "\n— " + who + through
}

// signed says whether a note came from here.
func signed(note string) bool {
	at := strings.LastIndex(note, "\n— ")
	return at >= 0 && strings.HasSuffix(note[at:], through)
}
