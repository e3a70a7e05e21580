package review

import "cmp"

// Order is the order of the sections when no template says otherwise.
func Order() []SectionKey {
	return []SectionKey{
		Header, Summary, Impact, Detection, Times, Timeline, Hypotheses, Decisions, Mitigations, Handovers, Reopenings,
		Factors, Opinions, Actions, Questions, Asked, Participants, Related, Sources,
	}
}

// Heading is a section's heading when no template says otherwise.
func (k SectionKey) Heading() string {
	return cmp.Or(map[SectionKey]string{
		Header:       "About this incident",
		Summary:      "Summary",
		Impact:       "Impact",
		Detection:    "Detection",
		Times:        "Times",
		Timeline:     "Timeline",
		Hypotheses:   "Hypotheses",
		Decisions:    "Decisions",
		Mitigations:  "Mitigations, in order",
		Handovers:    "Handovers",
		Reopenings:   "Re-openings",
		Factors:      "Contributing factors: candidates, in people's words",
		Opinions:     "What people thought went well, badly or luckily",
		Actions:      "Action items",
		Questions:    "Questions nobody answered in the channel",
		Asked:        "Questions to the people who were there",
		Participants: "Participants",
		Related:      "Related incidents",
		Sources:      "Sources, and what was left out",
	}[k], string(k))
}
