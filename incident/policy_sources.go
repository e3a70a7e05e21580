package incident

// SourceRule says where a sender's own format keeps what an alert or a change
// is made of. Places are paths such as "check.name" or "alerts[0].id"; an empty
// one means the words that every sender may use.
type SourceRule struct {
	Name string // as in /hooks/generic/<name>
	List string // place of a list, each item of which is an alert; empty: the body is one

	Key, Group, Title, Summary, Severity string
	Service, Environment, Status         string
	Since, At, Until                     string
	Link, Runbook, Board, Labels         string
	Kind, By                             string // of changes

	Firing    []string // words of the status that mean that something is wrong
	Recovered []string // and those that mean that it is over; "up*" means whatever begins so
}

// SourceFor finds the rule of a source by its name.
func (p Policy) SourceFor(name string) (SourceRule, bool) {
	for _, r := range p.Sources {
		if r.Name == name {
			return r, true
		}
	}
	return SourceRule{}, false
}
