package commands

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// Run does what was read.
type Run func(ctx context.Context) (chat.Reply, error)

// Command is one verb: how it is shown, what it needs around it, and how its
// words are read. Reading changes nothing; its error says why the words do not
// fit, and then they may be a title.
type Command struct {
	chat.Verb
	Aliases []string // other spellings; they are not listed
	OnOne   bool     // needs an incident
	Looks   bool     // changes nothing
	Guests  bool     // guests may run it though it changes something
	Text    bool     // ends in text, so an incident is named before it only
	Body    string   // the field of its form that holds the text

	keys func(c *Call) []keyRule // the keys it reads in its text; nil: none
	last string                  // the key that may stand last without a colon
	read func(ctx context.Context, c *Call) (Run, error)
	form drawForm // nil: none
	asks asking   // when it opens its form
	// about gives the words with which the verb still opens its form, and which
	// the form is then about; nil: none.
	about   func(w *Words) string
	oneLine func(about string) string // an example of what such a form does
	// ready asks, before the form is drawn, for what it shows beside the
	// incident; nil: nothing.
	ready func(ctx context.Context, c *Call)
	stale []string // fields that show a state: when it has changed, they show the new one
	// refuses says why a form would be filled in for nothing; nil: it would not.
	refuses func(c *Call, inc incident.Incident) error
	// title is what a declare would be called when there is no incident to
	// apply the verb to; nil: all that was said.
	title func(c *Call) string
}

// asking says when a verb that was given nothing opens its form.
type asking int

const (
	never       asking = iota
	whenPressed        // as a button
	whenAlone          // as a button, and typed
)

// All lists the commands, in the order of help.
func All() []Command {
	return []Command{
		declareCommand(),
		listCommand(), showCommand(), timelineCommand(), catchupCommand(), rolesCommand(),
		oncallCommand(), searchCommand(), pendingCommand(),
		severityCommand(), statusCommand(), renameCommand(), serviceCommand(), impactCommand(), causeCommand(),
		startedCommand(), detectedCommand(), mitigatedCommand(), privateCommand(), fieldCommand(),
		takeCommand(), assignCommand(), releaseCommand(), handoverCommand(), joinCommand(), inviteCommand(), removeCommand(),
		pageCommand(), ackCommand(), escalateCommand(), callCommand(), alertCommand(),
		updateCommand(), followCommand(), unfollowCommand(), remindCommand(), snoozeCommand(),
		noteCommand(), captureCommand(), captureAsCommand(), decideCommand(), linkCommand(), editCommand(), strikeCommand(), undoCommand(),
		taskCommand(), actionCommand(), tasksCommand(), actionsCommand(), doneCommand(), checklistCommand(),
		resolveCommand(), reopenCommand(), cancelCommand(), mergeCommand(), closeCommand(), adoptCommand(),
		reviewCommand(), reviewFoundCommand(), reportCommand(), announceCommand(), zoneCommand(), doctorCommand(), helpCommand(),
	}
}

// Verbs is the list of verbs in the shape that platforms take, without those
// that only buttons say.
func Verbs() []chat.Verb {
	all := All()
	out := make([]chat.Verb, 0, len(all))
	for _, c := range all {
		if !c.Hidden {
			out = append(out, c.Verb)
		}
	}
	return out
}

// The headings of help, in their order.
const (
	groupDeclare  = "Declare"
	groupLook     = "Look"
	groupChange   = "Change"
	groupPeople   = "People"
	groupHelp     = "Call for help"
	groupTell     = "Stakeholders"
	groupTimeline = "Timeline"
	groupWork     = "Work"
	groupEnd      = "Ends"
	groupRest     = "Everything else"
)

func groups() []string {
	return []string{
		groupDeclare, groupLook, groupChange, groupPeople, groupHelp,
		groupTell, groupTimeline, groupWork, groupEnd, groupRest,
	}
}

// find looks a verb up by its name or another spelling of it.
func find(all []Command, name string) (*Command, bool) {
	for i := range all {
		if all[i].Name == name {
			return &all[i], true
		}
		for _, a := range all[i].Aliases {
			if a == name {
				return &all[i], true
			}
		}
	}
	return nil, false
}

// meant lists the verbs of which a word may be a slip.
func meant(all []Command, said string) []*Command {
	var out []*Command
	for i := range all {
		if !all[i].Hidden && slip(said, all[i].Name) {
			out = append(out, &all[i])
		}
	}
	return out
}
