package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

// perTimeline is how many entries one look at the timeline shows.
const perTimeline = 30

func timelineCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "timeline", Group: groupLook, Summary: "What happened, newest last; each entry with the number that edit and strike take.", Example: "timeline",
			Args: []chat.Arg{{Name: "incident", Hint: "INC-142; in its room it is understood"}, {Name: "before:", Hint: "before:120 for what was earlier"}, {Name: "here", Choices: []string{"here"}, Hint: "show it to everybody here"}},
		},
		OnOne: true, Looks: true,
		keys: func(*Call) []keyRule { return []keyRule{{name: "before"}} },
		read: func(_ context.Context, c *Call) (Run, error) {
			public := c.hereLast()
			if err := c.none(); err != nil {
				return nil, err
			}
			until := incident.Version(0)
			if b := c.Words.Key("before"); b != "" {
				n, ok := number(strings.TrimPrefix(b, "#"), 9)
				if !ok || n == 0 {
					return nil, c.bad("before: takes the number of an entry.").WithExample(slash + "timeline before:20")
				}
				until = incident.Version(n)
			}
			return c.looks(public, func(ctx context.Context, c *Call, inc incident.Incident) (chat.Message, error) {
				return c.timeline(ctx, inc, until)
			}), nil
		},
	}
}

// newest keeps the n entries that were recorded last, in the order they are
// in (which is that of when they happened), and says where they begin.
func newest(entries []incident.Entry, n int) (kept []incident.Entry, first incident.Version) {
	versions := make([]incident.Version, 0, len(entries))
	for _, e := range entries {
		versions = append(versions, e.Version)
	}
	slices.Sort(versions)
	if len(versions) == 0 {
		return entries, 0
	}
	first = versions[max(0, len(versions)-n)]
	return slices.DeleteFunc(entries, func(e incident.Entry) bool { return e.Version < first }), first
}

// timeline shows the entries before a version; 0: the newest. Strikes, edits
// and deletions come later than what they change, so all that follows is read.
func (c *Call) timeline(ctx context.Context, inc incident.Incident, until incident.Version) (chat.Message, error) {
	if until == 0 || until > inc.Head {
		until = inc.Head + 1
	}
	recs, err := c.Ports.Details.Events(ctx, inc.ID, before(until, 3*perTimeline), 0)
	if err != nil {
		return chat.Message{}, err
	}
	var entries []incident.Entry
	for _, e := range incident.Entries(recs) {
		if e.Version < until {
			entries = append(entries, e)
		}
	}
	entries, first := newest(entries, perTimeline)
	var more say.More
	if first > 1 {
		more.Command = fmt.Sprintf("timeline %s before:%d", inc.Number, first)
	}
	return say.Timeline(inc, entries, more, c.speak(ctx)), nil
}
