package incident

import "time"

// Declaration is what somebody says when they declare an incident.
type Declaration struct {
	Title    string
	Severity Severity
	Services []string
	Private  bool
	Drill    bool
	Past     bool      // for the record only: Started and Resolved are given
	Started  time.Time // impact began; zero: not said
	Resolved time.Time // with Past
	From     Room
	Fields   map[string]string
}

// Declare opens an incident.
func Declare(a Actor, n Number, d Declaration, p Policy) ([]Event, error) { return nil, nil }

func (i Incident) Rename(a Actor, title string) ([]Event, error) { return nil, nil }
func (i Incident) SetSeverity(a Actor, to Severity, why string, p Policy) ([]Event, error) {
	return nil, nil
}
func (i Incident) SetStatus(a Actor, to Status, note string, p Policy) ([]Event, error) {
	return nil, nil
}
func (i Incident) AddService(a Actor, name string, p Policy) ([]Event, error)       { return nil, nil }
func (i Incident) RemoveService(a Actor, name string) ([]Event, error)              { return nil, nil }
func (i Incident) SetImpact(a Actor, text string) ([]Event, error)                  { return nil, nil }
func (i Incident) SetCause(a Actor, tag, note string, p Policy) ([]Event, error)    { return nil, nil }
func (i Incident) SetMilestone(a Actor, m Milestone, at time.Time) ([]Event, error) { return nil, nil }
func (i Incident) SetPrivate(a Actor, private bool, why string) ([]Event, error)    { return nil, nil }
func (i Incident) SetField(a Actor, name, value string, p Policy) ([]Event, error)  { return nil, nil }
func (i Incident) SetCall(a Actor, url string) ([]Event, error)                     { return nil, nil }
func (i Incident) Take(a Actor, role Role, p Policy) ([]Event, error)               { return nil, nil }
func (i Incident) Assign(a Actor, role Role, who PersonID, p Policy) ([]Event, error) {
	return nil, nil
}
func (i Incident) Release(a Actor, role Role, p Policy) ([]Event, error) { return nil, nil }
func (i Incident) OfferHandover(a Actor, role Role, to PersonID, note string) ([]Event, error) {
	return nil, nil
}
func (i Incident) AnswerHandover(a Actor, accept bool) ([]Event, error)      { return nil, nil }
func (i Incident) Invite(a Actor, who PersonID) ([]Event, error)             { return nil, nil }
func (i Incident) Remove(a Actor, who PersonID) ([]Event, error)             { return nil, nil }
func (i Incident) Join(a Actor) ([]Event, error)                             { return nil, nil }
func (i Incident) Page(a Actor, t Target, text, why string) ([]Event, error) { return nil, nil }
func (i Incident) Acknowledge(a Actor, page PageID) ([]Event, error)         { return nil, nil }
func (i Incident) Escalate(a Actor, page PageID) ([]Event, error)            { return nil, nil }
func (i Incident) PostUpdate(a Actor, text string, next time.Time, public bool, p Policy) ([]Event, error) {
	return nil, nil
}
func (i Incident) FixUpdate(a Actor, n int, before Text, text string) ([]Event, error) {
	return nil, nil
}
func (i Incident) Follow(a Actor, already bool) ([]Event, error)                  { return nil, nil }
func (i Incident) Unfollow(a Actor, already bool) ([]Event, error)                { return nil, nil }
func (i Incident) Remind(a Actor, at time.Time, what string) ([]Event, error)     { return nil, nil }
func (i Incident) Snooze(a Actor, nudge string, until time.Time) ([]Event, error) { return nil, nil }
func (i Incident) Note(a Actor, text string, at time.Time) ([]Event, error)       { return nil, nil }
func (i Incident) Capture(a Actor, m Spoken, how string, already bool) ([]Event, error) {
	return nil, nil
}
func (i Incident) Decide(a Actor, text string) ([]Event, error)                { return nil, nil }
func (i Incident) Link(a Actor, url, label string) ([]Event, error)            { return nil, nil }
func (i Incident) Edit(a Actor, entry Recorded, text string) ([]Event, error)  { return nil, nil }
func (i Incident) Strike(a Actor, entry Recorded) ([]Event, error)             { return nil, nil }
func (i Incident) Undo(a Actor, change []Recorded) ([]Event, error)            { return nil, nil }
func (i Incident) AddTask(a Actor, text string, who PersonID) ([]Event, error) { return nil, nil }
func (i Incident) AddAction(a Actor, text string, owner PersonID, due time.Time) ([]Event, error) {
	return nil, nil
}
func (i Incident) AddChecklist(a Actor, name string, p Policy) ([]Event, error) { return nil, nil }
func (i Incident) Done(a Actor, it Item) ([]Event, error)                       { return nil, nil }
func (i Incident) Resolve(a Actor, how string) ([]Event, error)                 { return nil, nil }
func (i Incident) Reopen(a Actor, why string, p Policy) ([]Event, error)        { return nil, nil }
func (i Incident) Cancel(a Actor, r Reason, note string) ([]Event, error)       { return nil, nil }
func (i Incident) Close(a Actor, note string) ([]Event, error)                  { return nil, nil }
func (i Incident) MergeInto(a Actor, other Incident) (mine, theirs []Event, err error) {
	return nil, nil, nil
}
func (i Incident) Adopt(a Actor, room Room) ([]Event, error)                { return nil, nil }
func (i Incident) OpenRoom(room Room) ([]Event, error)                      { return nil, nil }
func (i Incident) ArchiveRoom(room Room) ([]Event, error)                   { return nil, nil }
func (i Incident) Announced(m MessageRef) ([]Event, error)                  { return nil, nil }
func (i Incident) PageNews(e Event) ([]Event, error)                        { return nil, nil }
func (i Incident) ReminderGiven(n int, late time.Duration) ([]Event, error) { return nil, nil }
func (i Incident) Park(e EffectParked) ([]Event, error)                     { return nil, nil }
func (i Incident) RetryEffect(a Actor, job string) ([]Event, error)         { return nil, nil }

// FollowCapture records that a captured message was edited or deleted.
func (i Incident) FollowCapture(entry Version, text Text, deleted bool) ([]Event, error) {
	return nil, nil
}

func (i Incident) Apply(r Recorded) Incident       { return i }
func (i Incident) Summary() Summary                { return Summary{} }
func (i Incident) Holder(role Role) (Holder, bool) { return Holder{}, false }
func (i Incident) VisibleTo(p PersonID) bool       { return false }

// Missing lists what is missing, for the card and for nudges; the gravest first.
func (i Incident) Missing(p Policy, now time.Time) []Missing { return nil }

// LastChange is what undo would take back for a person.
func (i Incident) LastChange(p PersonID) (Change, bool) { return Change{}, false }

// Snoozed says whether a nudge is silenced at a moment.
func (i Incident) Snoozed(nudge string, now time.Time) bool { return false }

// IsOpenItem says whether a task or action item is still to be done.
func (i Incident) IsOpenItem(n ItemID) bool { return false }

func Marks(r Recorded) []Mark                                { return nil }
func ItemOf(added Recorded, n ItemID, done *Recorded) Item   { return Item{} }
func Entries(recs []Recorded) []Entry                        { return nil }
func Sentence(r Recorded) []Part                             { return nil }
func DefaultPolicy() Policy                                  { return Policy{} }
func (p Policy) SeverityRule(s Severity) SeverityRule        { return SeverityRule{} }
func (p Policy) RoleFor(words string) (RoleRule, bool)       { return RoleRule{}, false }
func (p Policy) ServiceFor(words string) (ServiceRule, bool) { return ServiceRule{}, false }
func (p Policy) TeamFor(words string) (Team, bool)           { return Team{}, false }
func (p Policy) CauseFor(words string) (Cause, bool)         { return Cause{}, false }
func (p Policy) ChecklistFor(words string) (Checklist, bool) { return Checklist{}, false }
func (p Policy) FieldFor(words string) (FieldRule, bool)     { return FieldRule{}, false }
func (p Policy) Cadence(s Severity) Cadence                  { return Cadence{} }

// PageTargets are whom policy pages at a severity: the rule's own targets; a
// target of kind service without a name stands for the team of each service.
func (p Policy) PageTargets(s Severity, services []Service) []Target { return nil }
func (p Policy) NextUpdate(c Cadence, now time.Time) time.Time       { return time.Time{} }

// Clean takes control characters and direction overrides out of a text.
func Clean(s string) string { return s }

// NameToken stands in a fault's sentence where a person's name belongs.
func NameToken(p PersonID) string { return "{person:" + string(p) + "}" }

// ReplaceNames puts names in the place of tokens.
func ReplaceNames(s string, name func(PersonID) string) string { return s }

// NoSuch is the answer to a number never given, and to a private incident
// that the asker may not know of: the same, byte for byte.
func NoSuch(n Number) error { return nil }
