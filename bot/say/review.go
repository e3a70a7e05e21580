package say

import (
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// ReviewGlance is a review in few words.
type ReviewGlance struct {
	Review incident.Review
	// Lines are the first sentences of it, with whose they are; Empty says that
	// nothing was said in the room that a draft could be made of.
	Lines []string
	Empty bool

	Timeline, Decisions, Actions, Unowned, Questions, Candidates int

	Own  string // a link that lets the asker in, and nobody else; empty: none
	Link string // the same without letting anybody in
}

// Review shows somebody a review in short, with their own way in.
func Review(inc incident.Incident, g ReviewGlance, v Voice) chat.Message {
	head := "Review of " + inc.Number.String()
	m := chat.Message{Title: []chat.Span{chat.Plain(head + ": "), said(inc.Title)}, Summary: head}
	m.Parts = append(m.Parts, text(reviewStands("It", g.Review, v)...))
	if len(g.Lines) > 0 {
		var list chat.List
		for _, l := range g.Lines {
			list = append(list, []chat.Span{chat.Plain(l)})
		}
		m.Parts = append(m.Parts, list)
	}
	switch {
	case g.Empty:
		m.Parts = append(m.Parts, text(chat.Plain("Nothing was said in its room that a draft could be made of.")))
	default:
		m.Parts = append(m.Parts, small(chat.Plain(reviewCounts(g))))
	}
	if inc.Status.Open() {
		m.Parts = append(m.Parts, small(chat.Plain("People still work on it: this is the draft so far.")))
	}
	m.Parts = append(m.Parts, reviewLink(inc, g, v))
	switch {
	case g.Review.Begun() || inc.Status.Open():
	case g.Review.State == incident.ReviewNotNeeded:
		m.Actions = []chat.Action{button(inc, "Start all the same", "review", "start")}
	default:
		m.Actions = []chat.Action{primary(button(inc, "Start", "review", "start")), button(inc, "Not needed", "review", "skip")}
	}
	return m
}

func reviewLink(inc incident.Incident, g ReviewGlance, v Voice) chat.Part {
	if g.Own == "" {
		line := small(chat.Plain("To read and edit it: "), chat.Link{Label: "the review", URL: g.Link})
		return append(line, chat.Plain(". For a link that lets you in, say "), v.typed(command(inc.Number, "review")))
	}
	return text(chat.Link{Label: "Read and edit it", URL: g.Own}, chat.Plain(" (this link is yours alone; it works for 7 days)"))
}

// reviewCounts says what stands in it.
func reviewCounts(g ReviewGlance) string {
	actions := count(g.Actions, "action item")
	if g.Unowned > 0 && g.Actions > 0 {
		actions += " (" + itoa(g.Unowned) + " without an owner)"
	}
	all := []string{
		count(g.Timeline, "moment") + " on its timeline", count(g.Decisions, "decision"), actions,
		count(g.Questions, "question") + " for people",
	}
	line := strings.Join(all, ", ") + "."
	if g.Candidates > 0 {
		line += " " + count(g.Candidates, "more line") + " of the talk may be decisions or action items; the page asks."
	}
	return line
}

// reviewStands says how it stands, whose it is, and until when.
func reviewStands(it string, r incident.Review, v Voice) []chat.Span {
	var line []chat.Span
	switch r.State {
	case incident.ReviewOffered:
		line = plain(it + " was proposed, and nobody has begun.")
	case incident.ReviewDrafted:
		line = []chat.Span{chat.Plain(it + " is "), chat.Strong("a draft"), chat.Plain(".")}
	case incident.ReviewInReview:
		line = []chat.Span{chat.Plain(it + " is "), chat.Strong("in review"), chat.Plain(": others are asked to read it.")}
	case incident.ReviewIsOut:
		n := r.Versions[len(r.Versions)-1]
		line = []chat.Span{chat.Plain(it + " is "), chat.Strong("published"), chat.Plain(", version " + itoa(n.Number) + ", by "), Person(n.By, v), chat.Plain(", "), v.at(n.At), chat.Plain(".")}
	case incident.ReviewNotNeeded:
		line = []chat.Span{chat.Plain(it + " is not needed, said "), Person(r.By, v)}
		if !r.Why.Empty() {
			line = append(line, chat.Plain(": "), said(r.Why))
		}
		return append(line, chat.Plain("."))
	default:
		return plain(it + " was not started yet.")
	}
	if r.Assignee != "" {
		line = append(line, chat.Plain(" It is "), Person(r.Assignee, v), chat.Plain("'s"))
		if !r.Due.IsZero() && r.State != incident.ReviewIsOut {
			line = append(line, chat.Plain(", due "), v.at(r.Due))
		}
		line = append(line, chat.Plain("."))
	}
	return line
}

// ReviewMoved answers whoever changed something about a review.
func ReviewMoved(inc incident.Incident, r incident.Review, v Voice) chat.Message {
	line := text(reviewStands("The review of "+inc.Number.String(), r, v)...)
	m := chat.Message{Parts: []chat.Part{line}, Summary: "Review of " + inc.Number.String()}
	if r.Begun() && r.State != incident.ReviewIsOut {
		m.Parts = append(m.Parts, small(chat.Plain("To read and edit it: "), v.typed(command(inc.Number, "review"))))
	}
	return m
}

// ReviewProposed is the one message in the room about its review, edited as
// the review goes on.
func ReviewProposed(inc incident.Incident, r incident.Review, link string, v Voice) chat.Message {
	m := chat.Message{Tone: chat.Quiet, Summary: "Review of " + inc.Number.String()}
	line := text(chat.Plain("📝 "))
	if r.State == incident.ReviewOffered {
		line = append(line, chat.Strong("Does "+inc.Number.String()+" need a review?"), chat.Plain(" A draft is made of what was said here."))
		if r.Assignee != "" {
			line = append(line, chat.Plain(" It would be "), Person(r.Assignee, v), chat.Plain("'s"))
			if !r.Due.IsZero() {
				line = append(line, chat.Plain(", due "), v.at(r.Due))
			}
			line = append(line, chat.Plain("."))
		}
		m.Actions = []chat.Action{primary(button(inc, "Start", "review", "start")), button(inc, "Not needed", "review", "skip")}
		m.Parts = []chat.Part{line}
		return m
	}
	if r.State == incident.ReviewIsOut { // that has a message of its own
		m.Parts = []chat.Part{small(chat.Plain("✓ The review of " + inc.Number.String() + " is out."))}
		return m
	}
	line = append(line, reviewStands("The review of "+inc.Number.String(), r, v)...)
	m.Parts = []chat.Part{line}
	if r.State != incident.ReviewNotNeeded {
		m.Parts = append(m.Parts, reviewFoot(inc, link, v))
	}
	return m
}

// reviewFoot leads to the review; the link itself lets nobody in.
func reviewFoot(inc incident.Incident, link string, v Voice) chat.Part {
	return small(chat.Link{Label: "Open the review", URL: link}, chat.Plain(" · for a link that lets you in, say "), v.typed(command(inc.Number, "review")))
}

// ReviewYours tells somebody, alone, that a review is theirs.
func ReviewYours(inc incident.Incident, r incident.Review, v Voice) chat.Message {
	line := text(chat.Plain("📝 The review of "), chat.Strong(inc.Number.String()), chat.Plain(" ("), said(inc.Title), chat.Plain(") is yours"))
	if !r.Due.IsZero() {
		line = append(line, chat.Plain(", due "), v.at(r.Due))
	}
	line = append(line, chat.Plain(". A draft is there: read it, answer its questions, publish it."))
	return chat.Message{
		Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now}),
		Actions: []chat.Action{primary(button(inc, "Open", "review"))},
	}
}

// ReviewOut tells the room that a version of the review was published.
func ReviewOut(inc incident.Incident, out incident.ReviewOut, lines []string, link string, v Voice) chat.Message {
	line := text(chat.Plain("📗 "), chat.Strong("The review of "+inc.Number.String()+" is published"))
	if out.Number > 1 {
		line = append(line, chat.Plain(", version "+itoa(out.Number)))
	}
	line = append(line, chat.Plain(", by "), Person(out.By, v), chat.Plain("."))
	m := chat.Message{Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})}
	if len(lines) > 0 {
		var list chat.List
		for _, l := range lines {
			list = append(list, []chat.Span{chat.Plain(l)})
		}
		m.Parts = append(m.Parts, list)
	}
	m.Parts = append(m.Parts, reviewFoot(inc, link, v))
	return m
}

// ReviewDue reminds whose review it is; late is how long after its moment this
// comes.
func ReviewDue(inc incident.Incident, r incident.Review, late time.Duration, v Voice) chat.Message {
	what := "is not published yet"
	if !r.Begun() {
		what = "was not started yet"
	}
	line := text(chat.Plain("📝 The review of "), chat.Strong(inc.Number.String()), chat.Plain(" ("), said(inc.Title), chat.Plain(") "+what+". "))
	switch {
	case r.Due.IsZero():
	case r.Due.Before(v.Now):
		line = append(line, chat.Plain("It was due "), v.at(r.Due), chat.Plain("."))
	default:
		line = append(line, chat.Plain("It is due "), v.at(r.Due), chat.Plain("."))
	}
	m := chat.Message{Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})}
	if late >= time.Minute {
		m.Parts = append(m.Parts, small(chat.Plain("This comes "+chat.Lasting(late)+" late.")))
	}
	if r.Begun() {
		m.Actions = []chat.Action{primary(button(inc, "Open", "review")), button(inc, "Publish", "review", "publish")}
	} else {
		m.Actions = []chat.Action{primary(button(inc, "Start", "review", "start")), button(inc, "Not needed", "review", "skip")}
	}
	return m
}

// ReviewDueDone is what a reminder turns into.
func ReviewDueDone(inc incident.Incident, r incident.Review, v Voice) chat.Message {
	line := append(small(chat.Plain("✓ ")), reviewStands("The review of "+inc.Number.String(), r, v)...)
	return chat.Message{Tone: chat.Quiet, Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{Zone: v.Zone, Now: v.Now})}
}

// ReviewDueGone is what a reminder turns into that is not its reader's any more.
func ReviewDueGone() chat.Message {
	line := small(chat.Plain("✓ This review is not yours any more."))
	return chat.Message{Tone: chat.Quiet, Parts: []chat.Part{line}, Summary: "A review is not yours any more"}
}

// ReviewFound is something in the talk that may be a decision or an action item.
type ReviewFound struct {
	Message, As, Words string // Message is its id in the talk
	Author             incident.PersonID
	At                 time.Time
}

// ReviewFinds asks the one whose review it is, alone, what was decided and is
// to do: what nobody captured. It is edited as they answer; more is how many
// the page asks about beside these.
func ReviewFinds(inc incident.Incident, finds []ReviewFound, more int, link string, v Voice) chat.Message {
	head := "What was said in " + inc.Number.String()
	if len(finds) == 0 {
		line := small(chat.Plain("✓ Nothing is left to be asked about what was said in " + inc.Number.String() + "."))
		return chat.Message{Tone: chat.Quiet, Parts: []chat.Part{line}, Summary: head}
	}
	m := chat.Message{Summary: head}
	m.Parts = append(m.Parts, text(chat.Strong(inc.Number.String()+" is resolved."), chat.Plain(" These may be decisions and action items that nobody put on record. Take those that are.")))
	var list chat.List
	for i, f := range finds {
		kind := "decision"
		if f.As == incident.SuggestAction {
			kind = "action item"
		}
		n := itoa(i + 1)
		list = append(list, []chat.Span{
			chat.Strong(n + ". " + kind + "?"), chat.Plain(" "), v.at(f.At), chat.Plain(" "), Person(f.Author, v), chat.Plain(": " + f.Words),
		})
		m.Actions = append(m.Actions,
			button(inc, "Take "+n, "review-found", "take", f.As, f.Message), button(inc, "Drop "+n, "review-found", "drop", f.As, f.Message))
	}
	m.Parts = append(m.Parts, list)
	if more > 0 {
		m.Parts = append(m.Parts, small(chat.Plain(count(more, "more")+" on the page of "), chat.Link{Label: "the review", URL: link}, chat.Plain(".")))
	}
	return m
}
