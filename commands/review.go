package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// Reviews are the reviews of incidents.
type Reviews interface {
	// Glance is the review as the asker may see it, in few words.
	Glance(ctx context.Context, in Input, inc incident.Incident) (say.ReviewGlance, error)
	// Review changes what people made of the review.
	Review(ctx context.Context, in Input, id incident.ID, d ReviewDecision) (chat.Reply, error)
	// Publish freezes the review as it reads.
	Publish(ctx context.Context, in Input, inc incident.Incident, reply func(after incident.Incident, v incident.Review) chat.Reply) (chat.Reply, error)
	// Settle takes or drops something that was found in the talk: message is
	// its id there, as what it may be.
	Settle(ctx context.Context, in Input, inc incident.Incident, f ReviewFound) (chat.Reply, error)
}

// ReviewDecision is a change of a review; as with [Decision], both halves may
// run again and do nothing else.
type ReviewDecision struct {
	Decide func(inc incident.Incident, v incident.Review) ([]incident.Event, error)
	Reply  func(inc incident.Incident, v incident.Review) chat.Reply
}

// ReviewFound is something that was found in the talk, and what becomes of it.
type ReviewFound struct {
	Message string // its id in the talk
	As      string // "decision" or "action"
	Take    bool   // else it is dropped
	Reply   func(after incident.Incident) chat.Reply
}

// reviewDos are what can be done to a review, as people say it.
func reviewDos() []string {
	return []string{"start", "assign", "take", "due", "draft", "in-review", "publish", "skip"}
}

func reviewCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "review", Group: groupRest, Summary: "The review: its draft in short, with a link of your own; or move it on.", Example: "review",
			Args: []chat.Arg{
				{Name: "what", Hint: "nothing: show it; start, assign @user, take, due friday, draft, in-review, publish, skip why", Choices: reviewDos()},
				{Name: "more", Hint: "@user, a date, or why"},
			},
		},
		OnOne: true, Guests: true, Text: true, read: readReview,
	}
}

func readReview(ctx context.Context, c *Call) (Run, error) {
	if c.Ports.Reviews == nil {
		return nil, fault.New(fault.Unavailable, "Reviews are not kept here.")
	}
	what, rest := reviewWords(*c.Words)
	switch what {
	case "", "here":
		if rest == "" {
			return c.showsReview(what == "here"), nil
		}
	case "skip", "drop", "not-needed":
		if rest != "" {
			c.mayBeTitle()
		}
		return c.changesReview(func(inc incident.Incident, v incident.Review) ([]incident.Event, error) {
			return inc.SkipReview(c.Actor, v, rest, c.policy())
		}), nil
	case "assign":
		return c.assignsReview(ctx, rest)
	case "due":
		return c.datesReview(rest)
	}
	if rest == "" {
		switch {
		case what == "take":
			return c.assignsReview(ctx, "me")
		case slices.Contains([]string{"start", "draft", "in-review", "publish"}, what):
			return c.movesReview(what), nil
		case isMention(c.Words.At(0)):
			return c.assignsReview(ctx, c.Words.At(0))
		}
	}
	return nil, c.bad("`review` alone shows it. It can be told: %s.", strings.Join(reviewDos(), ", "))
}

// reviewWords are what is to be done, and the words after it.
func reviewWords(words Words) (what, rest string) {
	what = strings.ToLower(words.At(0))
	words.Drop(1)
	if what == "in" && strings.EqualFold(words.At(0), "review") {
		what = "in-review"
		words.Drop(1)
	}
	rest = words.Rest()
	if due, ok := strings.CutPrefix(what, "due:"); ok && due != "" {
		return "due", strings.TrimSpace(due + " " + rest)
	}
	return what, rest
}

// showsReview shows the review to the asker alone, with a link of their own.
func (c *Call) showsReview(public bool) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		inc, err := c.state(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		g, err := c.Ports.Reviews.Glance(ctx, c.Input, inc)
		if err != nil {
			return chat.Reply{}, err
		}
		if public {
			g.Own = "" // it lets in whoever has it
		}
		return c.shown(say.Review(inc, g, c.speak(ctx)), public)
	}
}

func (c *Call) changesReview(decide func(incident.Incident, incident.Review) ([]incident.Event, error)) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		v := c.speak(ctx)
		c.settled = true
		return c.Ports.Reviews.Review(ctx, c.Input, c.On.ID, ReviewDecision{
			Decide: decide,
			Reply: func(inc incident.Incident, now incident.Review) chat.Reply {
				return chat.Reply{Message: say.ReviewMoved(inc, now, v), Incident: inc.Number.String()}
			},
		})
	}
}

// assignsReview gives the review to somebody.
func (c *Call) assignsReview(ctx context.Context, who string) (Run, error) {
	if who == "" {
		return nil, c.bad("Whose is the review?").WithExample(slash + "review assign @ann")
	}
	p, err := c.person(ctx, who)
	if err != nil {
		return nil, err
	}
	return c.changesReview(func(inc incident.Incident, v incident.Review) ([]incident.Event, error) {
		return inc.AssignReview(c.Actor, v, p.ID, c.policy())
	}), nil
}

// datesReview says until when it is to be published.
func (c *Call) datesReview(words string) (Run, error) {
	if words == "" {
		return nil, c.bad("When is the review due?").WithExample(slash + "review due friday")
	}
	due, err := ReadTime(words, c.Request.At, c.zone(), Due)
	if err != nil {
		if f, is := errors.AsType[*fault.Error](err); is {
			return nil, f.WithExample(slash + "review due friday")
		}
		return nil, err
	}
	return c.changesReview(func(inc incident.Incident, v incident.Review) ([]incident.Event, error) {
		return inc.SetReviewDue(c.Actor, v, due, c.policy())
	}), nil
}

// movesReview takes the review on.
func (c *Call) movesReview(to string) Run {
	switch to {
	case "start":
		return c.changesReview(func(inc incident.Incident, v incident.Review) ([]incident.Event, error) {
			return inc.StartReview(c.Actor, v, c.policy())
		})
	case "publish":
		return c.publishesReview
	}
	state := incident.ReviewInReview
	if to == "draft" {
		state = incident.ReviewDrafted
	}
	return c.changesReview(func(inc incident.Incident, v incident.Review) ([]incident.Event, error) {
		return inc.MoveReview(c.Actor, v, state, c.policy())
	})
}

func (c *Call) publishesReview(ctx context.Context) (chat.Reply, error) {
	inc, err := c.state(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	v := c.speak(ctx)
	c.settled = true
	return c.Ports.Reviews.Publish(ctx, c.Input, inc, func(inc incident.Incident, now incident.Review) chat.Reply {
		return chat.Reply{Message: say.ReviewMoved(inc, now, v), Incident: inc.Number.String()}
	})
}

// reviewFoundCommand is what the buttons below what was found in the talk say.
func reviewFoundCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "review-found", Group: groupRest, Summary: "Take or drop what was found in the talk; the buttons below it say it.", Hidden: true,
			Example: "review-found take decision m1764158400000000",
			Args: []chat.Arg{
				{Name: "what", Hint: "take or drop", Required: true, Choices: []string{"take", "drop"}},
				{Name: "as", Hint: "decision or action", Required: true, Choices: []string{incident.SuggestDecision, incident.SuggestAction}},
				{Name: "message", Hint: "as the button names it", Required: true},
			},
		},
		OnOne: true, read: readReviewFound,
	}
}

func readReviewFound(_ context.Context, c *Call) (Run, error) {
	what, as, message := c.Words.At(0), c.Words.At(1), c.Words.At(2)
	kinds := []string{incident.SuggestDecision, incident.SuggestAction}
	if c.Words.Len() != 3 || what != "take" && what != "drop" || !slices.Contains(kinds, as) {
		return nil, c.bad("Say what to take or drop, as the buttons below it do.")
	}
	if c.Ports.Reviews == nil {
		return nil, fault.New(fault.Unavailable, "Reviews are not kept here.")
	}
	return func(ctx context.Context) (chat.Reply, error) {
		inc, err := c.state(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		c.settled = true
		return c.Ports.Reviews.Settle(ctx, c.Input, inc, ReviewFound{
			Message: message, As: as, Take: what == "take",
			Reply: func(after incident.Incident) chat.Reply {
				r := answer("It is no ", as, " of ", after.Number, ".")
				if what == "take" {
					r = answer("On record as ", article(as), " of ", after.Number, ", with its message.")
				}
				r.Incident = after.Number.String()
				return r
			},
		})
	}, nil
}

func article(as string) string {
	if as == incident.SuggestAction {
		return "an action item"
	}
	return "a decision"
}
