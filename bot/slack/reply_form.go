package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// triggerLimit is how long a form can be opened after the gesture.
const triggerLimit = 3 * time.Second

// waitTitle heads a form that is opened before it is known which.
const waitTitle = "One moment"

// opening is a form that is opened while the house still thinks, because
// Slack lets nobody open one later than 3 s after the gesture.
type opening struct {
	ready chan struct{}
	opened
}

// opened is what came of opening a form; it is set when that is over.
type opened struct {
	view  string // its id; empty: it could not be opened, or
	named bool   // it is open, but Slack's answer with the id was lost
	twice bool   // an earlier delivery of the same gesture opened it
}

// openEarly opens an empty form when the answer will be one; nil: it will not.
func (in *intake) openEarly(ctx context.Context, g gesture) *opening {
	opens := in.house.Load().Opens
	if g.back.Trigger == "" || opens == nil || !opens(g.Request) {
		return nil
	}
	o := &opening{ready: make(chan struct{})}
	in.crew.more()
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), triggerLimit)
	go func() {
		defer in.crew.leave()
		defer close(o.ready)
		defer cancel()
		o.opened = in.open(within, g.back.Trigger, loadingForm(waitTitle, keep(g.Request, chat.Form{})), g.Request)
	}()
	return o
}

// open opens a form. A trigger opens one only once, and so does a name: a
// gesture that is delivered again opens none beside the first.
func (in *intake) open(ctx context.Context, trigger string, v slackapi.ModalViewRequest, r chat.Request) opened {
	v.ExternalID = formName(r)
	id, _, err := in.out.openView(ctx, trigger, v)
	if err == nil {
		return opened{view: id}
	}
	switch codeOf(err) {
	case "exchanged_trigger_id", "duplicate_external_id":
		in.count(countRepeat)
		return opened{twice: true}
	}
	if fault.KindOf(err) == fault.Unknown && in.out.updateView(ctx, "", v) == nil {
		return opened{named: true}
	}
	in.count(countUnopened)
	in.o.Log.WarnContext(ctx, "a form could not be opened; a button for it is given instead", "error", err)
	return opened{}
}

// formName is the name that a form has in Slack besides its id.
func formName(r chat.Request) string { return digest([]byte(r.Key)) }

// stands says whether the form is open before the person by now.
func (o *opening) stands() bool {
	if o == nil {
		return false
	}
	select {
	case <-o.ready:
		return o.opened != opened{}
	default:
		return false
	}
}

// showing is the house's handler, with forms opened: what is left of a reply
// is what must still be said.
func (in *intake) showing(g gesture, early *opening) chat.Handler {
	return func(ctx context.Context, r chat.Request) chat.Reply {
		r = in.complete(ctx, g, r)
		reply := in.safely(in.house.Load().Handle)(ctx, r)
		if early != nil {
			<-early.ready // bounded by triggerLimit
			return in.fill(ctx, r, reply, early.opened)
		}
		if reply.Form == nil {
			return reply
		}
		var is opened
		if g.back.Trigger != "" {
			is = in.open(ctx, g.back.Trigger, drawForm(*reply.Form, keep(r, *reply.Form)), r)
		}
		if is == (opened{}) {
			return openReply(r, reply)
		}
		reply.Form = nil
		return reply
	}
}

// fill puts the answer into a form that was opened empty.
func (in *intake) fill(ctx context.Context, r chat.Request, reply chat.Reply, is opened) chat.Reply {
	switch {
	case is.twice:
		reply.Form = nil // the earlier delivery fills it
		return reply
	case is == (opened{}) && reply.Form != nil:
		return openReply(r, reply)
	case is == (opened{}):
		return reply
	}
	full := failedForm(waitTitle, reply.Message, keep(r, chat.Form{}))
	if reply.Form != nil {
		full = drawForm(*reply.Form, keep(r, *reply.Form))
	}
	full.ExternalID = formName(r)
	if err := in.out.updateView(ctx, is.view, full); err != nil {
		in.o.Log.WarnContext(ctx, "an open form could not be filled; what belongs there is said beside it", "error", err)
		if reply.Form != nil {
			return openReply(r, reply)
		}
		return reply
	}
	if reply.Form == nil {
		reply.Message = chat.Message{} // it stands in the view
	}
	reply.Form = nil
	return reply
}

// keep is what a view keeps of the gesture that opened it.
func keep(r chat.Request, f chat.Form) keepsake {
	k := keepsake{
		Command: f.Command, Seen: f.Seen, Room: r.Place.Room, Thread: r.Place.Thread, Name: r.Place.Name,
		Direct: r.Place.Direct, Shared: r.Place.Shared,
	}
	if r.About != nil {
		k.About = aboutRef{Room: r.About.Place.Room, Thread: r.About.Place.Thread, ID: r.About.ID}
	}
	return k
}

// kept is the request with the message that it is about, by its id alone.
func (g gesture) kept() chat.Request {
	r := g.Request
	if r.About == nil && g.about.ID != "" {
		r.About = &chat.Said{ID: g.about.ID, Place: chat.Place{Room: g.about.Room, Thread: g.about.Thread}}
	}
	return r
}

// submitted answers a form. An outcome closes it and is said where the form
// came from; what was wrong is said in the form.
func (in *intake) submitted(ctx context.Context, g gesture, v view) (answer, after) {
	t := newOrder()
	title := string(v.Title.Text)
	handle := func(ctx context.Context, r chat.Request) chat.Reply {
		return in.safely(in.house.Load().Handle)(ctx, in.complete(ctx, g, r))
	}
	reply := in.patiently(ctx, g, handle, func(ctx context.Context, outcome chat.Reply) {
		t.wait(ctx)
		late := g
		late.back = back{View: string(v.ID), Title: title}
		in.lateForm(ctx, late, outcome)
	})
	in.homes.touch(g.User, reply)
	first := t.after(reply)
	switch {
	case reply.Form != nil:
		return in.instead(ctx, v, drawForm(*reply.Form, keep(g.kept(), *reply.Form)), first)
	case reply.Kind == "" && !working(reply):
		return answer{}, func(ctx context.Context) {
			defer t.done()
			if in.seen.claim(g.Key) {
				in.deliver(ctx, g, reply)
			}
		}
	case reply.Kind == fault.Invalid.String() && len(reply.Message.Actions) == 0:
		if body := v.complaint(reply.Message); body != nil {
			return answer{Body: body}, first
		}
	}
	return in.instead(ctx, v, failedForm(title, reply.Message, keep(g.kept(), chat.Form{})), first)
}

// instead puts another view in the place of the one that was submitted. One
// that is too large for an acknowledgement follows it.
func (in *intake) instead(ctx context.Context, v view, full slackapi.ModalViewRequest, first after) (answer, after) {
	a := in.viewAnswer(ctx, full)
	if len(a.Body) <= ackLimit {
		return a, first
	}
	return in.viewAnswer(ctx, loadingForm(waitTitle, keepsake{})), func(ctx context.Context) {
		within, cancel := context.WithTimeout(ctx, chat.CallLimit)
		defer cancel()
		if err := in.out.updateView(within, string(v.ID), full); err != nil {
			in.count(countLost)
			in.o.Log.WarnContext(ctx, "a form could not be filled", "error", err)
		}
		if first != nil {
			first(ctx)
		}
	}
}

// lateForm shows an outcome in the form that said "working on it", or beside
// it when somebody has closed it.
func (in *intake) lateForm(ctx context.Context, g gesture, outcome chat.Reply) {
	if outcome.Form == nil {
		in.deliver(ctx, g, outcome)
		return
	}
	within, cancel := context.WithTimeout(ctx, chat.CallLimit)
	defer cancel()
	if err := in.out.updateView(within, g.back.View, drawForm(*outcome.Form, keep(g.kept(), *outcome.Form))); err != nil {
		g.back = back{}
		in.deliver(ctx, g, openReply(g.Request, outcome))
	}
}

// viewAnswer puts another view in the place of the one that was submitted.
func (in *intake) viewAnswer(ctx context.Context, v slackapi.ModalViewRequest) answer {
	body, err := json.Marshal(slackapi.NewUpdateViewSubmissionResponse(&v))
	if err != nil {
		in.count(countLost)
		in.o.Log.ErrorContext(ctx, "a view could not be written", "error", err)
		return answer{}
	}
	return answer{Body: body}
}

// complaint says in the form itself what was wrong, so that nothing typed is
// lost: under the field whose value the words repeat, else under the first.
func (v view) complaint(m chat.Message) json.RawMessage {
	words := chat.Shorten(chat.Plaintext(chat.Message{Title: m.Title, Parts: m.Parts}, chat.Paper{}), 2000)
	at := ""
	for _, b := range v.Blocks {
		if b.Type != "input" || b.ID == "" {
			continue
		}
		if at == "" {
			at = string(b.ID)
		}
		if said := v.typed(string(b.ID)); said != "" && strings.Contains(words, said) {
			at = string(b.ID)
			break
		}
	}
	if at == "" {
		return nil
	}
	body, err := json.Marshal(slackapi.NewErrorsViewSubmissionResponse(map[string]string{at: words}))
	if err != nil {
		return nil
	}
	return body
}
