package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func ackCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "ack", Group: groupHelp, Summary: "I am on it: acknowledge the page that woke you, else the newest.", Example: "ack",
			Args: []chat.Arg{{Name: "page", Hint: "p2; nothing: yours, else the newest"}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			page, err := c.page()
			if err != nil {
				return nil, err
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.Acknowledge(c.Actor, page) },
				func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
					for _, d := range done {
						if e, ok := d.Event.(incident.PageAcknowledged); ok {
							return answer("You are on it: page ", chat.Strong(e.Page), named(v, after, e.Page), " of ", after.Number, " is acknowledged here."+pagerTold(after, e.Page))
						}
					}
					return answer("You are on it already; nothing changed in ", after.Number, ".")
				}), nil
		},
	}
}

func escalateCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "escalate", Group: groupHelp, Summary: "Ask the next level of the newest page that nobody has acknowledged.", Example: "escalate",
			Args: []chat.Arg{{Name: "page", Hint: "p2; nothing: the newest unanswered"}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			page, err := c.page()
			if err != nil {
				return nil, err
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.Escalate(c.Actor, page) },
				func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
					for _, d := range done {
						switch e := d.Event.(type) {
						case incident.PageEscalated:
							return answer("Asking the next level of page ", chat.Strong(e.Page), named(v, after, e.Page), " of ", after.Number, ". Whether anybody answers is told in the room.")
						case incident.PageRequested:
							return answer("Asking the next level: page ", chat.Strong(e.Page), named(v, after, e.Page), " of ", after.Number, ". Whether anybody answers is told in the room.")
						default:
						}
					}
					return answer("Nothing more can be escalated in ", after.Number, ".")
				}), nil
		},
	}
}

// pagerTold says that the pager hears of it, where it can be told anything.
func pagerTold(inc incident.Incident, page incident.PageID) string {
	if p, ok := inc.PageOf(page); ok && p.OneWay() {
		return ""
	}
	return " The pager is being told."
}

// named is whom a page is aimed at, for a sentence.
func named(v say.Voice, inc incident.Incident, id incident.PageID) chat.Span {
	for _, p := range inc.Pages {
		if p.ID != id {
			continue
		}
		if p.Target.Kind == incident.PersonTarget {
			name := v.Face(p.Target.Person).Name
			return chat.Plain(" to " + name)
		}
		return chat.Plain(" to " + string(p.Target.Kind) + " " + p.Target.Name)
	}
	return chat.Plain("")
}

// page reads the id of a page: "p2", "2" or "page 2"; nothing: the domain picks.
func (c *Call) page() (incident.PageID, error) {
	s := strings.ToLower(strings.TrimPrefix(strings.ToLower(c.Words.Rest()), "page "))
	if s == "" || s == "page" {
		return "", nil
	}
	id := pageNumber(s)
	if id == "" {
		return "", c.bad("%q is no page; they are called p1, p2 and so on.", short(c.Words.Rest(), 40))
	}
	return id, nil
}

// pageNumber reads "p2" or "2"; empty: it is none.
func pageNumber(s string) incident.PageID {
	n, ok := number(strings.TrimPrefix(s, "p"), 5)
	if !ok || n == 0 {
		return ""
	}
	return incident.PageID("p" + itoa(n))
}

func callCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "call", Group: groupHelp, Summary: "The conference link: show it, or set it.", Example: "call https://meet.example.com/inc",
			Args: []chat.Arg{{Name: "url", Hint: "https://…; nothing: show it; none: take it away"}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			url := address(c.Words.Rest())
			switch {
			case url == "":
				return c.showsCall, nil
			case url == "none":
				url = ""
			case !chat.SafeURL(url):
				return nil, c.bad("`call` takes a link that begins with https://, or nothing.")
			}
			c.touches("call link")
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.SetCall(c.Actor, url) },
				func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					if after.Call == "" {
						return answer(after.Number, " has no call link any more.")
					}
					return answer("The call of ", after.Number, ": ", chat.Link{Label: after.Call, URL: after.Call})
				}), nil
		},
	}
}

func (c *Call) showsCall(ctx context.Context) (chat.Reply, error) {
	inc, err := c.state(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	r := answer("The call of ", inc.Number, ": ", chat.Link{Label: inc.Call, URL: inc.Call})
	if inc.Call == "" {
		r = answer(inc.Number, " has no call link. Set one: ", typed(c.speak(ctx), "call "+inc.Number.String()+" https://meet.example.com/inc"))
	}
	r.Incident = inc.Number.String()
	return r, nil
}

// address takes the brackets off a link as chats write it: "<https://x|label>".
func address(s string) string {
	if inner, ok := strings.CutPrefix(s, "<"); ok && strings.HasSuffix(inner, ">") {
		s, _, _ = strings.Cut(strings.TrimSuffix(inner, ">"), "|")
	}
	return s
}
