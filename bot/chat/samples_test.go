package chat_test

import (
	"time"

	"tocsin/bot/chat"
)

func moment() time.Time { return time.Date(2026, 11, 25, 14, 5, 0, 0, time.UTC) }

// everything is a reply that holds each kind of part, span and field once.
func everything() chat.Reply {
	return chat.Reply{
		Message: chat.Message{
			Title: []chat.Span{chat.Strong("INC-7"), chat.Plain(" checkout is failing")},
			Tone:  chat.Sev2,
			Parts: []chat.Part{
				chat.Text{
					chat.Plain("plain "), chat.Strong("strong"), chat.Plain(" "), chat.Struck("gone"), chat.Plain(" "), chat.Code("/incident ack"),
					chat.Plain(" "),
					chat.Link{Label: "runbook", URL: "https://runbooks.example/checkout"},
					chat.Plain(" "),
					chat.Mention{User: "u1", Name: "Ann", Ping: true},
					chat.Plain(" "),
					chat.Mention{Name: "Bo"},
					chat.Plain(" "),
					chat.RoomLink{Room: "r1", Name: "inc-7"},
					chat.Plain(" "),
					chat.When{At: moment(), Style: chat.Clock, Zone: "Europe/Berlin"},
				},
				chat.Fields{{Label: "Severity", Value: []chat.Span{chat.Plain("sev2")}}, {Label: "Status", Value: []chat.Span{chat.Plain("triage")}}},
				chat.List{{chat.Plain("one")}, {chat.Plain("two")}},
				chat.Quote{chat.Plain("first\nsecond")},
				chat.Divider{},
				chat.Small{chat.Plain("declared "), chat.When{At: moment(), Style: chat.Relative}},
				chat.Pre("a\n  b\n"),
				chat.Buttons{{Label: "Done 3", Command: "done INC-7 3", Seen: 4}},
			},
			Actions: []chat.Action{
				{Label: "Take command", Command: "take INC-7 commander", Seen: 4, Style: chat.Primary},
				{Label: "Resolve", Command: "resolve INC-7", Style: chat.Danger, Confirm: "Really?"},
				{Label: "Open", URL: "https://tocsin.example/7"},
			},
			Summary: "INC-7 checkout is failing",
		},
		Public: true,
		Form: &chat.Form{
			Title: "Update", Intro: []chat.Span{chat.Plain("Say what happened.")}, Submit: "Post", Command: "update INC-7", Seen: 4,
			Fields: []chat.Input{
				{Name: "text", Label: "Words", Hint: "plain", Kind: chat.Area, Value: "v", Required: true, MaxLength: 100, Placeholder: "p"},
				{Name: "status", Kind: chat.Select, Choices: []chat.Choice{{Value: "triage", Label: "Triage"}}},
			},
		},
		Kind: "invalid", Incident: "INC-7", Repeat: true,
	}
}
