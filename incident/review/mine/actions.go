package mine

import (
	"slices"
	"strings"
	"time"

	"tocsin/incident/review/source"
)

// actions finds what is left to do: what was recorded as an action, and in
// talk what is marked as one, taken on, or asked for, mostly once the worst is
// over.
func actions(t *talk) []Action {
	return listen(t).actions()
}

func (l *listener) actions() []Action {
	var out []Action
	taken := map[int]bool{}
	for _, f := range l.facts {
		if f.Kind != source.Action && f.Kind != source.Task || f.Done && f.Kind == source.Task {
			continue
		}
		a := Action{Text: f.Words, Owner: f.Owner, Due: f.Due, Cites: l.factCites(f), Sure: true}
		if at, ok := l.byID[f.About]; ok {
			taken[at] = true
		}
		out = append(out, a)
	}
	heads := l.likely(l.models.act, l.mayAct, l.acting)
	slices.SortFunc(heads, func(a, b candidate) int { return a.at - b.at })
	for _, h := range heads {
		if !taken[h.at] {
			out = append(out, l.actionsOf(h.at, taken)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Action) int { return l.momentOf(a.Cites).Compare(l.momentOf(b.Cites)) })
	return out
}

// actionsOf cuts a message in the actions that it names, each with its owner,
// and marks the answers to it as taken.
func (l *listener) actionsOf(i int, taken map[int]bool) []Action {
	m := &l.msgs[i]
	taken[i] = true
	answers, acceptor := l.accepted(i)
	var out []Action
	for _, p := range l.parts(m) {
		owner := p.owner
		if owner == nobody {
			owner = l.ownerOf(m, p.text)
		}
		if owner == nobody && (!takesOn(m) || m.cue(requests) > 0) {
			owner = acceptor
		}
		out = append(out, Action{Text: p.text, Owner: l.people[owner].ID, Due: dueOf(p.text, m.when(), l.zoneOf(m)), Cites: slices.Concat([]string{m.id()}, l.ids(answers))})
	}
	for _, j := range answers {
		if o := &l.msgs[j]; l.pointsBack(j) || o.length <= 8 && (o.cue(prevents) == 0 || sharing(m, o) > 0) {
			taken[j] = true
		}
	}
	return out
}

// accepted gives the messages in which others take on what was asked, and who
// did so first.
func (l *listener) accepted(i int) (answers []int, acceptor int) {
	m := &l.msgs[i]
	asked := map[int]bool{}
	for _, p := range l.calls(m) {
		asked[p] = true
	}
	byAsked := false
	for k, j := range l.after(i, 5, 4*sameExchange) {
		o := &l.msgs[j]
		if l.pointsBack(j) && k < 3 && o.author != m.author { // "mark, can you take that?"
			answers = append(answers, j)
			for _, p := range l.calls(o) {
				asked[p] = true
			}
			continue
		}
		if len(answers) >= mostCites-1 || !l.takesIt(m, o, k, asked[o.author]) {
			continue
		}
		if !byAsked && (asked[o.author] || acceptor == nobody && seeks(m) && o.cue(commits) > 0) {
			acceptor, byAsked = o.author, asked[o.author]
		}
		answers = append(answers, j)
	}
	return answers, acceptor
}

// seeks says whether a message looks for somebody to do something.
func seeks(m *msg) bool { return m.cue(requests)+m.cue(whose)+m.cue(lacks) > 0 }

// takesIt says whether the k-th message after another takes on what that asks
// for; asked says that its author was called by name.
func (l *listener) takesIt(m, o *msg, k int, asked bool) bool {
	if o.author == m.author && !asked || o.cue(objects) >= 1 {
		return false
	}
	if o.cue(commits) > 0 && (asked || sharing(m, o) > 0 || k == 0) && !speaksOfOther(m, o) {
		return true
	}
	return o.cue(assents) > 0 && (asked || k == 0 && m.cue(requests) > 0 && o.length <= 6)
}

// speaksOfOther says whether a message has a matter of its own.
func speaksOfOther(m, o *msg) bool {
	if o.cue(marks) > 0 {
		return true
	}
	return sharing(m, o) == 0 && (o.length > 10 || o.cue(prevents) > 0 && o.length > 5)
}

// pointsBack says whether a message asks somebody to take what was said
// before, and names nothing itself.
func (l *listener) pointsBack(j int) bool {
	o := &l.msgs[j]
	return o.length <= 10 && o.cue(requests) > 0 && o.cue(prevents) == 0 && (wordIn(strings.ToLower(o.body), "that") >= 0 || wordIn(strings.ToLower(o.body), "this") >= 0 || wordIn(strings.ToLower(o.body), "it") >= 0)
}

func takesOn(m *msg) bool { return m.cue(commits) > 0 }

func (l *listener) mayAct(i int) bool {
	m := &l.msgs[i]
	if m.cue(handover) >= 1.5 && m.cue(commits)+m.cue(requests)+m.cue(lateron) == 0 {
		return false
	}
	return !m.bot && m.length > 2 &&
		m.cue(marks)+m.cue(commits)+m.cue(requests)+m.cue(lacks)+m.cue(lateron)+m.cue(prevents)+m.cue(whose) > 0
}

// acting are the traits of a message that may hold an action.
func (l *listener) acting(i int) []float64 {
	m := &l.msgs[i]
	answers, acceptor := l.accepted(i)
	past := unit(!l.from.IsZero() && !m.when().Before(l.from))
	taken := unit(acceptor != nobody)
	parts := l.parts(m)
	listed := unit(parts[0].owner != nobody || len(items(m.body)) > 1)
	what := math2(m)
	return append(l.common(i),
		much(m, marks), much(m, commits), much(m, requests), much(m, lacks), some(m, lateron), much(m, prevents), some(m, shortly), some(m, looks),
		some(m, proposes), some(m, changing, changed), some(m, doneNow), taken, unit(len(answers) > 0), listed, l.amid(i),
		past*some(m, marks, prevents), past*some(m, commits, requests, lacks), what, unit(len(l.calls(m)) > 0), some(m, guesses),
		some(m, follow), l.share(i), some(m, whose), some(m, broken), unit(l.pointsBack(i)),
	)
}

// math2 is how far a message both asks or promises and says what for.
func math2(m *msg) float64 {
	return some(m, commits, requests, lacks, marks) * some(m, prevents, lateron)
}

func actingNames() []string {
	return append(commonNames(), "marks", "commits", "requests", "lacks", "later", "prevents", "shortly", "looks",
		"proposes", "changes", "done", "taken", "answered", "listed", "amid", "pastwork", "pastduty", "whole", "named", "guesses",
		"follow", "share", "whose", "broken", "pointsback")
}

// amid says how much of what was said just around a message is about what to
// do later.
func (l *listener) amid(i int) float64 {
	sum := 0.0
	for _, j := range slices.Concat(l.before(i, 4, time.Hour), l.after(i, 4, time.Hour)) {
		o := &l.msgs[j]
		if some(o, marks, follow) > 0 && o.near > 0 {
			sum += .5
		} else if math2(o) > .5 && o.near > 0 {
			sum += .25
		}
	}
	return min(sum, 1)
}

// share is where a message stands among those near the incident: 0 is the
// first, 1 the last.
func (l *listener) share(i int) float64 { return l.places[i] }
