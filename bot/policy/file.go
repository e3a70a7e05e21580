package policy

// file is the policy file as written. The desc tags become the schema.
type file struct {
	Version    int         `yaml:"version" desc:"version of this format" enum:"1"`
	Severities []severity  `yaml:"severities" desc:"what each severity means here; levels that are not named keep their defaults"`
	Roles      []role      `yaml:"roles" desc:"roles beside the four that every house has, or other words for those"`
	Services   []service   `yaml:"services" desc:"what can break"`
	Teams      []team      `yaml:"teams" desc:"who can be paged"`
	Causes     []cause     `yaml:"causes" desc:"tags that reports count"`
	Checklists []checklist `yaml:"checklists" desc:"lines to work through, for a kind of incident"`
	Fields     []field     `yaml:"fields" desc:"custom fields of incidents"`
	Rights     []right     `yaml:"rights" desc:"who may run a verb; verbs not named follow the defaults"`
	Fallback   []string    `yaml:"fallback" desc:"what is tried when a page fails or nobody answers it, in order; for teams that name none" enum:"email,webhook,direct"`
	Alerts     []alertRule `yaml:"alerts" desc:"what alerts lead to; the first rule that matches decides, and alerts that none matches are suggested"`
	Storm      storm       `yaml:"storm" desc:"how much alerts may open by themselves"`
	Review     reviewRule  `yaml:"review" desc:"which incidents get a review, whose it is, and what it holds"`
	Sources    []source    `yaml:"sources" desc:"formats of senders of alerts and changes that use names of their own"`
	Hours      hours       `yaml:"hours" desc:"working hours, for promises that rest at night"`
	RoomName   string      `yaml:"room_name" desc:"how rooms are named, from {number} and {title}"`
	Archive    string      `yaml:"archive_after" desc:"how long after the close a room is archived, such as 7d; never: not at all"`
	KeepTalk   string      `yaml:"keep_talk" desc:"how long after the close the room's messages are kept, such as 90d"`
	Guests     bool        `yaml:"guests" desc:"guests of the workspace may change incidents too"`
}

type severity struct {
	Level   int      `yaml:"level" desc:"1 is worst, 5 least" enum:"1,2,3,4,5" required:"true"`
	Name    string   `yaml:"name" desc:"shown beside sev1"`
	Meaning string   `yaml:"meaning" desc:"one line, shown where a severity is chosen"`
	Updates string   `yaml:"updates" desc:"how often stakeholders are promised an update, such as 30m; none: no promise"`
	Working *bool    `yaml:"working_hours" desc:"the promise rests outside working hours"`
	Page    []string `yaml:"page" desc:"teams or services that are paged when an incident gets this severity"`
	Invite  []string `yaml:"invite" desc:"teams that are invited to the room"`
	Tell    []string `yaml:"tell" desc:"rooms that are told beside the announcement room"`
	Off     bool     `yaml:"off" desc:"this house does not use it"`
}

type role struct {
	Key     string   `yaml:"key" desc:"one lower-case word; commander, communications, operations and scribe are there already" required:"true"`
	Name    string   `yaml:"name" desc:"as people read it"`
	Aliases []string `yaml:"aliases" desc:"other words for it"`
	Duties  []string `yaml:"duties" desc:"shown to who takes it"`
}

type service struct {
	Name      string   `yaml:"name" desc:"one word" required:"true"`
	Aliases   []string `yaml:"aliases" desc:"other words for it"`
	Owner     string   `yaml:"owner" desc:"whose it is, in words"`
	Team      string   `yaml:"team" desc:"the team that is paged for it"`
	Runbook   string   `yaml:"runbook" desc:"a link"`
	Dashboard string   `yaml:"dashboard" desc:"a link"`
	Logs      string   `yaml:"logs" desc:"a link"`
	Contact   string   `yaml:"contact" desc:"how to reach the vendor"`
}

type team struct {
	Name     string   `yaml:"name" desc:"one word" required:"true"`
	Aliases  []string `yaml:"aliases" desc:"other words for it"`
	Pager    string   `yaml:"pager" desc:"which pager wakes it; not set: the first that is configured"`
	Target   string   `yaml:"target" desc:"what that pager calls it; not set: the team's name"`
	People   []string `yaml:"people" desc:"e-mails or platform:id, to name whom to call when paging fails"`
	Private  bool     `yaml:"private" desc:"private incidents may be sent to its pager in full"`
	Fallback []string `yaml:"fallback" desc:"what is tried when its page fails or nobody answers it, in order; not set: the policy's" enum:"email,webhook,direct"`
}

type cause struct {
	Tag     string `yaml:"tag" desc:"one word" required:"true"`
	Meaning string `yaml:"meaning" desc:"one line"`
}

type checklist struct {
	Name     string   `yaml:"name" desc:"one word" required:"true"`
	Severity int      `yaml:"severity" desc:"put on by itself at this severity or worse; not set: by hand" enum:"1,2,3,4,5"`
	Service  string   `yaml:"service" desc:"only for this service"`
	Lines    []string `yaml:"lines" desc:"what to do" required:"true"`
}

type field struct {
	Name    string   `yaml:"name" desc:"one word" required:"true"`
	Kind    string   `yaml:"kind" desc:"what it holds" enum:"text,choice,number" required:"true"`
	Choices []string `yaml:"choices" desc:"values of a choice"`
	Ask     string   `yaml:"ask" desc:"when it is asked for" enum:"declare,resolve,review"`
	Help    string   `yaml:"help" desc:"one line under it"`
}

type right struct {
	Verb  string   `yaml:"verb" desc:"the verb, such as resolve" required:"true"`
	Roles []string `yaml:"roles" desc:"holders of these roles may"`
	Who   []string `yaml:"who" desc:"these people may: e-mails, platform:id or console names"`
}

type hours struct {
	Zone string   `yaml:"zone" desc:"such as Europe/Berlin"`
	From string   `yaml:"from" desc:"such as 09:00"`
	To   string   `yaml:"to" desc:"such as 17:00"`
	Days []string `yaml:"days" desc:"days that are worked" enum:"mon,tue,wed,thu,fri,sat,sun"`
}

type alertRule struct {
	Name     string   `yaml:"name" desc:"one word; people mute a rule by it" required:"true"`
	Source   string   `yaml:"source" desc:"the monitor, such as alertmanager, grafana, generic or pagerduty"`
	Title    string   `yaml:"title" desc:"pattern of the title; * stands for any words, case does not matter"`
	Service  string   `yaml:"service" desc:"pattern of the service that the alert names"`
	Labels   []string `yaml:"labels" desc:"labels that it must have, as name=pattern"`
	Says     []string `yaml:"says" desc:"the monitor's words for its severity, such as critical"`
	Do       string   `yaml:"do" desc:"declare: an incident, unless one of the service is open; suggest: ask; attach: to the open incident of the service, else ask; ignore" enum:"declare,suggest,attach,ignore" required:"true"`
	Severity int      `yaml:"severity" desc:"of what is declared; not set: it is asked for" enum:"1,2,3,4,5"`
	As       string   `yaml:"as" desc:"the service that it is about; not set: as the alert says"`
}

type storm struct {
	Rooms  *int   `yaml:"rooms" desc:"incidents that alerts may declare within the window; more alerts join the newest of those"`
	Window string `yaml:"window" desc:"how long that many are enough, such as 10m"`
	Quiet  string `yaml:"quiet" desc:"alerts that fire again so soon after they recovered are the same trouble, such as 10m"`
}
