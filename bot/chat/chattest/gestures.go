package chattest

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
)

func gestures() []test {
	return []test{
		{"a command reaches the house with who, where and what", typed},
		{"the reply is for the asker alone", replyAlone},
		{"a public reply is for all", replyPublic},
		{"a command in a thread says so", typedInThread},
		{"the same gesture again has the same key", again},
		{"two gestures have two keys", twoKeys},
		{"a button sends its command with the version it was drawn from", press},
		{"a button between parts works as well", pressBetween},
		{"a form sends its values", form},
		{"words in a room are reported, once, and are no command", said},
		{"the bot does not hear itself", deaf},
		{"a reaction is reported with its message", react},
		{"a pin by a person is reported as one", pinned},
		{"coming and going are reported", join},
	}
}

func (p play) typeCommand(t *testing.T, user, text string) {
	t.Helper()
	must(t, p.Stage.Type(t.Context(), user, p.here(), "/"+command+" "+text))
}

func typed(t *testing.T, p play) {
	p.typeCommand(t, p.Ann, "severity sev2 it is worse")
	r := p.house.last(t)
	if r.Text != "severity sev2 it is worse" || r.User.ID != p.Ann || r.User.Platform != p.Name() {
		t.Errorf("the house heard %+v", r)
	}
	if r.Place.Room != p.Room || r.Place.Platform != p.Name() || r.Place.Direct || r.Via != "command" || r.Form != nil || r.Seen != 0 {
		t.Errorf("where and how: %+v", r)
	}
	if r.At.IsZero() || r.User.Workspace == "" {
		t.Errorf("when and in which workspace: %+v", r)
	}
	if parts := strings.SplitN(r.Key, "/", 3); len(parts) != 3 || parts[0] != p.Name() || parts[1] != r.User.Workspace || parts[2] == "" || len(r.Key) > 200 {
		t.Errorf("the key is %q, want platform/workspace/id in at most 200 bytes", r.Key)
	}
}

func replyAlone(t *testing.T, p play) {
	p.house.answers(func(chat.Request) chat.Reply { return chat.Reply{Message: words("severity is sev2")} })
	p.typeCommand(t, p.Ann, "severity sev2")
	if s := p.seen(t, p.Ann, p.Room, "severity is sev2"); !s.Alone {
		t.Error("the asker's reply is not marked as theirs alone")
	}
	p.notSeen(t, p.Bo, p.Room, "severity is sev2")
}

func replyPublic(t *testing.T, p play) {
	p.house.answers(func(chat.Request) chat.Reply { return chat.Reply{Public: true, Message: words("shown to all")} })
	p.typeCommand(t, p.Ann, "show here")
	if s := p.seen(t, p.Bo, p.Room, "shown to all"); s.Alone {
		t.Error("a public reply is marked as one person's")
	}
}

func typedInThread(t *testing.T, p play) {
	top := p.post(t, chat.Post{Message: words("the announcement")})
	at := p.here()
	at.Thread = top.ID
	must(t, p.Stage.Type(t.Context(), p.Ann, at, "/"+command+" catchup"))
	if r := p.house.last(t); r.Place.Thread != top.ID || r.Place.Room != p.Room {
		t.Errorf("the place is %+v, want thread %q", r.Place, top.ID)
	}
}

func again(t *testing.T, p play) {
	p.typeCommand(t, p.Ann, "resolve it is over")
	must(t, p.Stage.Again(t.Context()))
	all := p.house.heard()
	for _, r := range all {
		if r.Key != all[0].Key || r.Text != all[0].Text || r.User.ID != p.Ann {
			t.Errorf("the repeat is %+v, the first was %+v", r, all[0])
		}
	}
}

func twoKeys(t *testing.T, p play) {
	p.typeCommand(t, p.Ann, "note the same words")
	p.typeCommand(t, p.Ann, "note the same words")
	if all := p.house.heard(); len(all) != 2 || all[0].Key == all[1].Key {
		t.Errorf("two gestures were heard as %+v", all)
	}
}

func press(t *testing.T, p play) {
	ref := p.post(t, chat.Post{Message: chat.Message{
		Parts:   []chat.Part{chat.Text{chat.Plain("the card")}},
		Actions: []chat.Action{{Label: "Take command", Command: "take INC-1 commander", Seen: 17}, {Label: "Resolve", Command: "resolve INC-1", Seen: 17, Style: chat.Danger, Confirm: "Really?"}},
	}})
	must(t, p.Stage.Press(t.Context(), p.Bo, ref, "Take command"))
	r := p.house.last(t)
	if r.Text != "take INC-1 commander" || r.Seen != 17 || r.User.ID != p.Bo || r.Via != "button" || r.Place.Room != p.Room {
		t.Errorf("the button sent %+v", r)
	}
	must(t, p.Stage.Press(t.Context(), p.Cy, ref, "Resolve"))
	if r := p.house.last(t); r.Text != "resolve INC-1" || r.User.ID != p.Cy {
		t.Errorf("the button that asks first sent %+v", r)
	}
	if err := p.Stage.Press(t.Context(), p.Cy, ref, "No such button"); err == nil {
		t.Error("a button that is not there was pressed")
	}
}

func pressBetween(t *testing.T, p play) {
	ref := p.post(t, chat.Post{Message: chat.Message{Parts: []chat.Part{
		chat.Text{chat.Plain("a task")}, chat.Buttons{{Label: "Done 3", Command: "done INC-1 3", Seen: 4}},
	}}})
	must(t, p.Stage.Press(t.Context(), p.Ann, ref, "Done 3"))
	if r := p.house.last(t); r.Text != "done INC-1 3" || r.Seen != 4 {
		t.Errorf("the button sent %+v", r)
	}
}

func form(t *testing.T, p play) {
	if p.without(t, "forms", p.Roles().Forms) {
		return
	}
	p.house.answers(func(r chat.Request) chat.Reply {
		if r.Form != nil {
			return chat.Reply{Message: words("it is posted")}
		}
		return chat.Reply{Form: &chat.Form{
			Title: "Post an update", Submit: "Post", Command: "update INC-1", Seen: 9,
			Fields: []chat.Input{
				{Name: "text", Label: "What happened", Kind: chat.Area, Required: true, MaxLength: 2000},
				{Name: "next", Label: "Next update in", Kind: chat.Line, Value: "30m"},
				{Name: "status", Label: "Status", Kind: chat.Select, Value: "triage", Choices: []chat.Choice{{Value: "triage", Label: "Triage"}, {Value: "monitoring", Label: "Monitoring"}}},
			},
		}}
	})
	p.typeCommand(t, p.Ann, "update")
	must(t, p.Stage.Submit(t.Context(), p.Ann, map[string]string{"text": "we found it\nand fix it", "status": "monitoring"}))
	r := p.house.last(t)
	if r.Text != "update INC-1" || r.Seen != 9 || r.User.ID != p.Ann || r.Via != "form" || r.Place.Room != p.Room {
		t.Errorf("the form sent %+v", r)
	}
	if r.Form["text"] != "we found it\nand fix it" || r.Form["next"] != "30m" || r.Form["status"] != "monitoring" {
		t.Errorf("the form's values are %q", r.Form)
	}
	p.seen(t, p.Ann, p.Room, "it is posted")
	if err := p.Stage.Submit(t.Context(), p.Bo, map[string]string{"text": "x"}); err == nil {
		t.Error("Bo submitted a form that was open for Ann")
	}
}

func said(t *testing.T, p play) {
	must(t, p.Stage.Type(t.Context(), p.Ann, p.here(), "the queue is growing <b>fast</b> & @everyone"))
	all := copied(p.house, &p.house.said)
	if len(all) != 1 || len(p.house.heard()) != 0 {
		t.Fatalf("reported %+v, and %d commands; want one message", all, len(p.house.heard()))
	}
	s := all[0]
	if s.Text != "the queue is growing <b>fast</b> & @everyone" || s.User.ID != p.Ann || s.Place.Room != p.Room || s.ID == "" || s.Key == "" || s.At.IsZero() {
		t.Errorf("reported %+v", s)
	}
	if got := p.seen(t, p.Bo, p.Room, "the queue is growing"); got.Ref.ID != s.ID || got.User != p.Ann {
		t.Errorf("the message is %+v, reported was id %q", got, s.ID)
	}
}

func deaf(t *testing.T, p play) {
	p.post(t, chat.Post{Key: "a", Message: words("words of the bot")})
	p.post(t, chat.Post{Key: "b", Message: words("/" + command + " resolve")})
	if s, r := copied(p.house, &p.house.said), p.house.heard(); len(s) != 0 || len(r) != 0 {
		t.Errorf("the bot heard itself: %+v, %+v", s, r)
	}
}

func react(t *testing.T, p play) {
	must(t, p.Stage.Type(t.Context(), p.Ann, p.here(), "rolling back now"))
	on := p.seen(t, p.Bo, p.Room, "rolling back now")
	must(t, p.Stage.React(t.Context(), p.Bo, on.Ref, "pushpin", false))
	all := copied(p.house, &p.house.reacted)
	if len(all) != 1 {
		t.Fatalf("%d reactions were reported, want 1", len(all))
	}
	r := all[0]
	if r.Emoji != "pushpin" || r.Away || r.User.ID != p.Bo || r.Place.Room != p.Room || r.Key == "" {
		t.Errorf("reported %+v", r)
	}
	if r.On.ID != on.Ref.ID || r.On.Text != "rolling back now" || r.On.User.ID != p.Ann || r.On.At.IsZero() {
		t.Errorf("the message it stands on is reported as %+v", r.On)
	}
	if s := p.seen(t, p.Cy, p.Room, "rolling back now"); !contains(s.Reactions["pushpin"], p.Bo) {
		t.Errorf("the reaction is not seen: %v", s.Reactions)
	}
	must(t, p.Stage.React(t.Context(), p.Bo, on.Ref, "pushpin", true))
	all = copied(p.house, &p.house.reacted)
	if len(all) != 2 || !all[1].Away || all[1].Key == all[0].Key {
		t.Errorf("taking it away was reported as %+v", all)
	}
}

func pinned(t *testing.T, p play) {
	if p.without(t, "pins", p.Roles().Pins != nil) {
		return
	}
	must(t, p.Stage.Type(t.Context(), p.Ann, p.here(), "the graph of errors"))
	on := p.seen(t, p.Bo, p.Room, "the graph of errors")
	must(t, p.Stage.React(t.Context(), p.Bo, on.Ref, "pin", false))
	all := copied(p.house, &p.house.reacted)
	if len(all) != 1 || all[0].Emoji != "pin" || all[0].On.ID != on.Ref.ID || all[0].User.ID != p.Bo {
		t.Errorf("the pin was reported as %+v", all)
	}
}

func join(t *testing.T, p play) {
	rooms := p.Roles().Rooms
	if p.without(t, "rooms", rooms != nil) {
		return
	}
	room, err := rooms.Open(t.Context(), chat.RoomSpec{Key: "join", Name: "inc-1-checkout"})
	if err != nil {
		t.Fatalf("opening a room: %v", err)
	}
	must(t, p.Stage.Join(t.Context(), p.Bo, room.Room, false))
	must(t, p.Stage.Join(t.Context(), p.Bo, room.Room, true))
	var mine []chat.Joined
	for _, j := range copied(p.house, &p.house.joined) {
		if j.User.ID == p.Bo && j.Place.Room == room.Room {
			mine = append(mine, j)
		}
	}
	if len(mine) != 2 || mine[0].Left || !mine[1].Left || mine[0].Key == mine[1].Key || mine[0].Key == "" {
		t.Errorf("coming and going were reported as %+v", mine)
	}
}
