package commands

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

// deedExample is one line that does what a form about a page does.
func deedExample(about string) string {
	deed, page := pageDeed(&Words{list: split(about)})
	if deed == noteOnIt {
		return "page note " + string(page) + " the database is back"
	}
	return "page " + deed + " " + string(page) + " @bo"
}

// readDeed reads what is to be done to a page that is there already.
func (c *Call) readDeed(ctx context.Context, deed string, page incident.PageID) (Run, error) {
	words := *c.Words
	if c.Request.Form == nil {
		words.Drop(2)
	}
	switch deed {
	case handOver, addHelp:
		target, err := c.deedTarget(ctx, &words)
		if err != nil {
			return nil, err
		}
		return c.asksPager(deed, page, target), nil
	case noteOnIt:
		note := words.Rest()
		if note == "" {
			return nil, c.bad("What should stand at %s? Nothing was noted.", page).WithExample(slash + deedExample(deed+" "+string(page)))
		}
		return c.notesPage(page, note), nil
	}
	if words.Len() > 0 {
		return nil, c.bad("`page %s %s` takes nothing more.", deed, page)
	}
	if deed == callOff {
		return c.callsOff(page), nil
	}
	return c.pagesAgain(deed, page), nil
}

// deedTarget reads who is to have a page, or to help with it.
func (c *Call) deedTarget(ctx context.Context, words *Words) (incident.Target, error) {
	if c.Request.Form != nil {
		return c.pageForm(ctx)
	}
	if words.At(0) == "to" {
		words.Drop(1)
	}
	target, n, err := c.pageWords(ctx, words)
	if err == nil && n < words.Len() {
		err = c.bad("I do not understand %q after the name.", short(words.Rest(), 40))
	}
	return target, err
}

// callsOff tells those who were called that nobody is needed any more.
func (c *Call) callsOff(page incident.PageID) Run {
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) { return inc.CallOff(c.Actor, page) },
		func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			if p, ok := after.PageOf(page); ok && p.OneWay() {
				return answer("Page ", chat.Strong(page), named(v, after, page), " of ", after.Number, " is off here. It went out by "+incident.PagerName(p.Pager)+", which cannot be called back: tell them.")
			}
			return answer("Page ", chat.Strong(page), named(v, after, page), " of ", after.Number, " is off; the pager is being told.")
		})
}

// pagesAgain pages the same people once more, or whoever was on it.
func (c *Call) pagesAgain(deed string, page incident.PageID) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		return c.asksPage(ctx, woken{}, false, func(inc incident.Incident) ([]incident.Event, error) {
			if deed == pageAgain {
				return inc.PageAgain(c.Actor, page)
			}
			return inc.PageBack(c.Actor, page, func(t incident.Target) string {
				pager, _ := c.Ports.World.PagerFor(t, inc.Drill)
				return pager
			})
		})
	}
}

// asksPager asks the pager to give a page to somebody else, or to somebody
// else as well.
func (c *Call) asksPager(deed string, page incident.PageID, to incident.Target) Run {
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			if deed == addHelp {
				return inc.AskResponder(c.Actor, page, to)
			}
			return inc.Reassign(c.Actor, page, to)
		},
		func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			if deed == addHelp {
				return answer("Asking for ", targetShown(to, v), " to help with page ", chat.Strong(page), " of ", after.Number, ". Whether anybody answers is told in the room.")
			}
			return answer("Asking to hand page ", chat.Strong(page), " of ", after.Number, " to ", targetShown(to, v), ". The room is told when the pager has done so.")
		})
}

// notesPage writes a note on a page.
func (c *Call) notesPage(page incident.PageID, note string) Run {
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) { return inc.NotePage(c.Actor, page, note) },
		func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			return answer("Noted on page ", chat.Strong(page), " of ", after.Number, "; the pager is being told.")
		})
}
