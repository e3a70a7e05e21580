package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// asked is the body of POST /api/v1/commands.
type asked struct {
	User string `json:"user"`
	Room string `json:"room"`
	Text string `json:"text"`
	Key  string `json:"key"`
}

// answered is what comes back.
type answered struct {
	Kind     string          `json:"kind"` // "ok", or the kind of fault
	Text     string          `json:"text"`
	Incident string          `json:"incident,omitempty"`
	Parts    json.RawMessage `json:"parts,omitempty"`
}

// MaxKey is the most bytes of a key that a script may send.
const MaxKey = 120

func (a *api) command(w http.ResponseWriter, r *http.Request) {
	in, err := readCommand(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	req, err := a.request(r.Context(), in)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	reply, ok := a.run(r.Context(), req)
	if !ok {
		a.fail(w, r, fault.New(fault.Unknown, "I could not confirm this yet; send it again with the same key to learn how it went."))
		return
	}
	out, status, err := answer(reply)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if reply.Repeat {
		w.Header().Set("Tocsin-Repeat", "1")
	}
	write(w, status, out)
}

func readCommand(w http.ResponseWriter, r *http.Request) (asked, error) {
	const example = `{"user":"ann@example.com","room":"general","text":"declare sev2 checkout is failing","key":"deploy-1234"}`
	var in asked
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			return in, &tooLarge{}
		}
		return in, fault.New(fault.Invalid, "The request could not be read to its end.")
	}
	if !utf8.Valid(raw) {
		return in, fault.New(fault.Invalid, "The request is not UTF-8.").WithExample(example)
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return in, fault.New(fault.Invalid, "The request is not the JSON that this takes.").WithExample(example)
	}
	switch {
	case in.Key == "":
		return in, fault.New(fault.Invalid, "A key is required: any text of yours that is the same when you send the same command again.").WithExample(example)
	case len(in.Key) > MaxKey || strings.ContainsFunc(in.Key, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return in, fault.New(fault.Invalid, "The key must be at most %d bytes, without control characters.", MaxKey).WithExample(example)
	case in.User == "":
		return in, fault.New(fault.Invalid, "Who says this? Give user as an e-mail, platform:id or a console name.").WithExample(example)
	}
	return in, nil
}

// request makes of a script's command what a platform would make of a typed one.
func (a *api) request(ctx context.Context, in asked) (chat.Request, error) {
	u, err := a.People.User(ctx, in.User)
	if err != nil {
		return chat.Request{}, err
	}
	p, err := a.People.Room(ctx, in.Room)
	if err != nil {
		return chat.Request{}, err
	}
	return chat.Request{Key: "api//" + in.Key, User: u, Place: p, Text: in.Text, At: a.Now(), Via: "api"}, nil
}

// run gives the handler its time. A handler that is not back by then goes on:
// what it commits stands, and the key finds it.
func (a *api) run(ctx context.Context, req chat.Request) (chat.Reply, bool) {
	type done struct{ reply chat.Reply }
	back := make(chan done, 1)
	go func() { back <- done{a.Handle(context.WithoutCancel(ctx), req)} }()
	wait, cancel := context.WithTimeout(ctx, a.Patience)
	defer cancel()
	select {
	case d := <-back:
		return d.reply, true
	case <-wait.Done():
		return chat.Reply{}, false
	}
}

func answer(reply chat.Reply) (answered, int, error) {
	out := answered{Kind: "ok", Text: chat.Plaintext(reply.Message, chat.Paper{Zone: "UTC", Command: "/incident"}), Incident: reply.Incident}
	status := http.StatusOK
	if reply.Kind != "" {
		k, known := kindNamed(reply.Kind)
		if !known {
			return out, 0, fault.New(fault.Internal, "a reply carries a kind that no table knows")
		}
		out.Kind, status = k.String(), k.Status()
	}
	parts, err := chat.EncodeMessage(reply.Message)
	if err != nil {
		return out, 0, err
	}
	out.Parts = parts
	return out, status, nil
}

// tooLarge is a body over MaxBody; it alone has a status outside the table.
type tooLarge struct{}

func (*tooLarge) Error() string { return "body over 1 MiB" }
