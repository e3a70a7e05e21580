package review

// Order is the order of the sections when no template says otherwise.
func Order() []SectionKey {
	return []SectionKey{
		Header, Summary, Impact, Detection, Times, Timeline, Hypotheses, Decisions, Mitigations, Handovers, Reopenings,
		Factors, Opinions, Actions, Questions, Asked, Participants, Related, Sources,
	}
}

// Heading is a section's heading when no template says otherwise.
func (k SectionKey) Heading() string {
	switch k {
	case Header:
		return "About this incident"
	case Summary:
		return "Summary"
	case Impact:
		return "Impact"
	case Detection:
		return "Detection"
	case Times:
		return "Times"
	case Timeline:
		return "Timeline"
	case Hypotheses:
		return "Hypotheses"
	case Decisions:
		return "Decisions"
	case Mitigations:
		return "Mitigations, in order"
	case Handovers:
		return "Handovers"
	case Reopenings:
		return "Re-openings"
	case Factors:
		return "Contributing factors: candidates, in people's words"
	case Opinions:
		return "What people thought went well, badly or luckily"
	case Actions:
		return "Action items"
	case Questions:
		return "Questions nobody answered in the channel"
	case Asked:
		return "Questions to the people who were there"
	case Participants:
		return "Participants"
	case Related:
		return "Related incidents"
	case Sources:
		return "Sources, and what was left out"
	}
	return string(k)
}
