package review

import "tocsin/incident/review/mine"

// asked are the questions to the people who were there: what a machine cannot
// know. Those that always stand ask what should change.
func (m *maker) asked() []Line {
	var lines []Line
	ask := func(name, text string) {
		lines = append(lines, Line{Key: string(Asked) + "/" + name, Kind: Ask, Text: text})
	}
	t := m.finds.Times
	if t.ImpactStart == nil {
		ask("impact-start", "When did users begin to notice, and how is that known?")
	}
	if len(m.finds.Impact) == 0 {
		ask("impact", "Who was affected, how badly, and how many?")
	}
	for _, one := range moments(t) {
		if one.Moment != nil && one.Other != nil {
			ask("two-times/"+one.key, one.title+": there are two candidates. Which one is right?")
		}
	}
	if t.Resolution == nil {
		ask("resolution", "When was it over, and what ended it?")
	}
	ask("noticed-sooner", "What could have noticed this sooner?")
	if m.any(mine.Open) {
		ask("open-guesses", "Some guesses were neither confirmed nor refuted. What became of them?")
	}
	if len(m.finds.Reopenings) > 0 {
		ask("reopened", "It came back. What made the first fix look as if it would hold?")
	}
	ask("factors", "Which conditions made this possible or made it worse? Name conditions, not people.")
	ask("well", "What went well, what went badly, and what was luck?")
	ask("surprise", "What surprised you?")
	ask("roles", "What should change in the roles?")
	ask("checklists", "What should change in the checklists?")
	ask("paging", "What should change in the paging rules?")
	ask("runbooks", "Which runbook was missing, wrong or hard to find?")
	if len(m.finds.Actions) == 0 {
		ask("actions", "What will be done so that this does not happen again, by whom, and until when?")
	} else if m.unowned() {
		ask("owners", "Who takes the action items that nobody owns?")
	}
	ask("others", "Who took part without writing in the channel, and what do they know?")
	return lines
}

func (m *maker) any(v mine.Verdict) bool {
	for _, h := range m.finds.Hypotheses {
		if h.Verdict == v {
			return true
		}
	}
	return false
}

func (m *maker) unowned() bool {
	for _, a := range m.finds.Actions {
		if a.Owner == "" {
			return true
		}
	}
	return false
}
