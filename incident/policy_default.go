package incident

import "time"

// DefaultPolicy is what holds without a policy file.
func DefaultPolicy() Policy {
	return Policy{
		Hash: "default",
		Severities: []SeverityRule{
			{Level: Sev1, Name: "critical", Meaning: "Most users cannot work, or data is being lost.", Cadence: Cadence{Every: 30 * time.Minute}},
			{Level: Sev2, Name: "major", Meaning: "An important function is down or badly slow for many.", Cadence: Cadence{Every: time.Hour}},
			{Level: Sev3, Name: "minor", Meaning: "Some users are hindered, and there is a way round.", Cadence: Cadence{Every: 4 * time.Hour, Working: true}},
			{Level: Sev4, Name: "low", Meaning: "A small nuisance that can wait for the day."},
			{Level: Sev5, Name: "note", Meaning: "Nobody feels it; worth keeping an eye on."},
		},
		Roles:    defaultRoles(),
		Causes:   defaultCauses(),
		Hours:    Hours{Zone: "UTC", From: 9 * 60, To: 17 * 60, Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}},
		Storm:    Storm{Rooms: 3, Window: 10 * time.Minute, Quiet: 10 * time.Minute},
		Review:   defaultReview(),
		RoomName: "inc-{number}-{title}",
		KeepTalk: 90 * 24 * time.Hour,
	}
}

func defaultRoles() []RoleRule {
	return []RoleRule{
		{
			Role: Commander, Name: roleName(Commander), Aliases: []string{"command", "ic", "lead"},
			Duties: []string{"Decide who does what; do not fix things yourself.", "Keep severity, status and the next update true.", "Hand over before you tire."},
		},
		{
			Role: Communications, Name: roleName(Communications), Aliases: []string{"comms", "communication", "communications", "cl"},
			Duties: []string{"Write the updates, at the promised time.", "Answer stakeholders, so that nobody else has to."},
		},
		{
			Role: Operations, Name: roleName(Operations), Aliases: []string{"ops", "operations", "tech", "technical lead", "ol"},
			Duties: []string{"Lead the repair; say what you are about to change.", "Tell the commander what you need."},
		},
		{
			Role: Scribe, Name: roleName(Scribe), Aliases: []string{"notes", "secretary"},
			Duties: []string{"Note what was seen, tried and decided, with the time.", "Capture messages that matter."},
		},
	}
}

// roleName is what a role is called in sentences; the roles of a policy are
// called by their key.
func roleName(r Role) string {
	switch r {
	case Commander:
		return "incident commander"
	case Communications:
		return "communications lead"
	case Operations:
		return "operations lead"
	case Scribe:
		return "scribe"
	}
	return string(r)
}

func defaultCauses() []Cause {
	return []Cause{
		{Tag: "change", Meaning: "A deployment or migration."},
		{Tag: "configuration", Meaning: "A setting, a flag, a certificate, a limit."},
		{Tag: "capacity", Meaning: "Too much load, or something ran full."},
		{Tag: "dependency", Meaning: "Another team's or a vendor's service."},
		{Tag: "software", Meaning: "A defect that was there before."},
		{Tag: "hardware", Meaning: "A machine, a disk, a cable."},
		{Tag: "network", Meaning: "Routing, names, or the provider."},
		{Tag: "security", Meaning: "An attack or a leak."},
		{Tag: "unknown", Meaning: "Looked for and not found."},
	}
}
