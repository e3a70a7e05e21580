package commands_test

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// Ear.

func (h *house) Heard(_ context.Context, m chat.Said) (incident.Spoken, error) {
	for _, p := range h.people {
		if p.Accounts[0].ID == m.User.ID {
			return incident.Spoken{
				Room:    incident.Room{Platform: m.Place.Platform, ID: m.Place.Room, Name: m.Place.Name},
				Message: m.ID, Thread: m.Place.Thread, Author: p.ID, At: m.At, Link: m.Link,
				Text: incident.Text{Author: p.ID, Words: strings.ReplaceAll(m.Text, "hunter2", "•••")},
			}, h.down
		}
	}
	return incident.Spoken{}, fault.New(fault.Unavailable, "I do not know who said that.")
}

// Rooms.

func (h *house) Room(_ context.Context, p chat.Place) (commands.RoomFacts, error) {
	if p.Room == "C-away" {
		return commands.RoomFacts{}, fault.New(fault.Unavailable, "the platform does not answer")
	}
	return h.rooms[p.Room], h.down
}

// Announcer.

func (h *house) Announced(context.Context, string) (commands.Announced, error) {
	return h.announce, h.down
}

func (h *house) Announce(_ context.Context, _ commands.Input, room incident.Room) error {
	if h.down == nil {
		h.announce = commands.Announced{Chosen: true, Room: room}
		h.commits++
	}
	return h.down
}
