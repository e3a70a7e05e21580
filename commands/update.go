package commands

import (
	"context"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func updateCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "update", Group: groupTell, Summary: "Tell stakeholders, and promise the next; with nothing: a form. `update fix …` corrects the last one.", Example: "update next:30m the fix is rolling out, half of the shops work again",
			Args: []chat.Arg{
				{Name: "text", Hint: "what stakeholders read", Required: true},
				{Name: "next:", Hint: "next:30m until the next one"},
				{Name: "to:", Hint: "to:public for the status page", Choices: []string{"public", "internal"}},
				{Name: "status:", Hint: "status:monitoring, when that changes too", Choices: openStatuses()},
			},
		},
		OnOne: true, Text: true, Body: "text", last: "next",
		keys: func(c *Call) []keyRule {
			return []keyRule{{name: "next", more: c.isNextOrSpan}, {name: "to"}, {name: "status"}}
		},
		form: updateForm, asks: whenAlone, stale: []string{"status"}, read: readUpdate,
		refuses: tries(func(c *Call, inc incident.Incident) ([]incident.Event, error) {
			return inc.PostUpdate(c.Actor, whatever, time.Time{}, false, c.policy())
		}),
	}
}

func (c *Call) isNextOrSpan(s string) bool {
	_, err := c.nextUpdate(s)
	return err == nil
}

// nextUpdate reads when the next update is promised; a bare number is minutes.
func (c *Call) nextUpdate(s string) (time.Time, error) {
	if n, ok := number(s, 3); ok && n > 0 {
		return c.Request.At.Add(time.Duration(n) * time.Minute), nil
	}
	return c.next(s)
}

func updateForm(c *Call, inc incident.Incident) chat.Form {
	words := needed(hinted(areaField("text", "What do stakeholders need to know?"), "What they feel, what is being done, what comes next."))
	words.Value = inc.LastUpdate.String()
	fields := []chat.Input{words}
	if inc.Status.Open() {
		next := hinted(lineField("next", "Next update"), "20m, 14:05 or tomorrow 9:00; empty: as the severity promises.")
		if inc.Cadence.Every > 0 {
			next.Placeholder = chat.Lasting(inc.Cadence.Every)
		}
		if !inc.NextUpdate.IsZero() {
			next.Hint = "This one was promised for " + c.moment(inc.NextUpdate) + ". " + next.Hint
		}
		status := selectField("status", "Status", nil)
		for _, s := range openStatuses() {
			status.Choices = append(status.Choices, chat.Choice{Value: s, Label: capital(s)})
		}
		status.Value = string(inc.Status)
		fields = append(fields, next, status)
	}
	if !inc.Private {
		fields = append(fields, chat.Input{Name: "to", Label: "Also for the public", Kind: chat.Checked})
	}
	return chat.Form{Title: "Update of", Submit: "Post", Fields: fields}
}

// openStatuses are those in which people work on it.
func openStatuses() []string {
	var out []string
	for _, s := range incident.Statuses() {
		if s.Open() {
			out = append(out, string(s))
		}
	}
	return out
}

// news is an update as it was read.
type news struct {
	words  string
	next   time.Time
	public bool
	status incident.Status // empty: it stays
}

func readUpdate(_ context.Context, c *Call) (Run, error) {
	if c.asksForm() {
		return c.opens(), nil
	}
	n, err := c.newsKeys()
	if err != nil {
		return nil, err
	}
	if c.Words.At(0) == "fix" && c.Request.Form == nil {
		return c.readFix()
	}
	if n.words = c.Words.Rest(); n.words == "" {
		return nil, c.bad("What do stakeholders need to know?")
	}
	c.touches("last update")
	if n.status != "" {
		c.touches("status")
	}
	return c.tells(n), nil
}

// newsKeys reads what stands beside the words of an update.
func (c *Call) newsKeys() (n news, err error) {
	switch to := strings.ToLower(c.Words.Key("to")); to {
	case "public", "yes":
		n.public = true
	case "", "internal":
	default:
		return n, c.bad("to:%s is unknown; it is to:public or to:internal.", short(to, 20))
	}
	if c.Words.Has("next") {
		if n.next, err = c.nextUpdate(c.Words.Key("next")); err != nil {
			return n, err
		}
	}
	if said := c.Words.Key("status"); said != "" {
		if n.status = incident.Status(strings.ToLower(said)); !n.status.Open() {
			return n, c.bad("With an update the status is one of %s.", strings.Join(openStatuses(), ", "))
		}
	}
	return n, nil
}

// tells posts an update, and says where it stands now when that has changed.
func (c *Call) tells(n news) Run {
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			return sequence(inc, c.Actor,
				func(inc incident.Incident) ([]incident.Event, error) {
					if n.status == "" || n.status == inc.Status {
						return nil, nil
					}
					return inc.SetStatus(c.Actor, n.status, "", c.policy())
				},
				func(inc incident.Incident) ([]incident.Event, error) {
					return inc.PostUpdate(c.Actor, n.words, n.next, n.public, c.policy())
				})
		},
		func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
			whom := " for stakeholders"
			if n.public {
				whom = " for stakeholders and the public"
			}
			r := answer("Update ", chat.Strong(itoa(after.Updates)), " of ", after.Number, whom, ": ", after.LastUpdate)
			for _, d := range done {
				if e, ok := d.Event.(incident.StatusSet); ok {
					r = also(r, "It is ", chat.Strong(e.To), " now.")
				}
			}
			if after.NextUpdate.IsZero() {
				return also(r, "No next update is promised.")
			}
			return promised(r, v, after)
		})
}

// readFix reads "update fix <text>". Words that go on like a sentence ("fix
// is rolling out") are asked about: a correction puts them in the place of
// what stakeholders have read.
func (c *Call) readFix() (Run, error) {
	words := *c.Words
	words.Drop(1)
	fixed := words.Rest()
	if fixed == "" {
		return nil, c.bad("What should the last update say?").WithExample(slash + "update fix: half of the shops work again")
	}
	if c.Words.list[0].text == "fix" && !words.Quoted() && goesOn(words.At(0)) {
		id := c.keysAgain()
		return nil, &question{
			say: text("Does that correct the last update, or is it a new one? Nothing was posted."),
			choices: []choice{
				{label: "Post as update", command: "update " + id + `"` + strings.ReplaceAll(c.Words.Rest(), `"`, "'") + `"`},
				{label: "Correct the last one", command: "update " + id + "fix: " + fixed},
			},
		}
	}
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			if inc.Updates == 0 {
				return nil, fault.New(fault.NotFound, "%s has no update yet that could be corrected.", inc.Number)
			}
			return inc.FixUpdate(c.Actor, inc.Updates, inc.LastUpdate, fixed)
		},
		func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			return answer("Update ", chat.Strong(itoa(after.Updates)), " of ", after.Number, " is corrected: ", after.LastUpdate)
		}), nil
}

// keysAgain is the incident and the keys that were read, to be typed again
// before a text.
func (c *Call) keysAgain() string {
	again := ""
	if c.Has {
		again = c.On.Number.String() + " "
	}
	for _, k := range []string{"next", "to", "status"} {
		if c.Words.Has(k) {
			again += k + `:"` + c.Words.Key(k) + `" `
		}
	}
	return again
}

// goesOn holds for words that follow "fix" in a sentence about a fix.
func goesOn(word string) bool {
	switch word {
	case "is", "was", "has", "had", "are", "will", "being", "in", "for", "to", "at", "on", "out", "and", "deployed", "rolled", "rolling",
		"applied", "pushed", "shipped", "merged", "underway", "went", "going", "failed", "works", "worked", "did", "didn't", "isn't",
		"should", "seems", "looks", "took", "takes", "needs", "ready", "released", "verified", "confirmed", "coming", "eta":
		return true
	}
	return false
}
