package chattest

import (
	"context"
	"testing"

	"tocsin/bot/chat"
)

// Harness starts a fresh platform that already listens with the house, and
// stops it when the test ends.
type Harness func(t *testing.T, h chat.House) Site

// Site is a platform under test with its people and rooms.
type Site struct {
	Platform chat.Platform
	Stage    Stage
	Ann      string // user ids; all three are in both rooms
	Bo       string
	Cy       string
	Room     string // room ids
	Other    string
}

// Stage acts as people of the platform and sees what they see. Its methods
// return when the platform has taken the gesture and the house has answered.
type Stage interface {
	// Type writes words in a room (or in a thread of it). Words that begin
	// with "/" and the house's command are a command.
	Type(ctx context.Context, user string, at chat.Place, words string) error
	// Press presses a button by its label. A question that the platform asks
	// first is answered with yes.
	Press(ctx context.Context, user string, on chat.Ref, label string) error
	// Submit fills the form that is open for the user and sends it; fields
	// not named keep what stood there.
	Submit(ctx context.Context, user string, values map[string]string) error
	// React puts a reaction on a message, or takes it away. "pin" pins it.
	React(ctx context.Context, user string, on chat.Ref, emoji string, away bool) error
	// Join brings a user into a room, or takes them out.
	Join(ctx context.Context, user, room string, left bool) error
	// Again delivers the newest gesture once more, as the platform does when
	// it heard no answer.
	Again(ctx context.Context) error
	// See gives what a user sees of a room, oldest first, threads included.
	See(ctx context.Context, user, room string) ([]Seen, error)
}

// Seen is one message as a reader sees it.
type Seen struct {
	Ref       chat.Ref
	Thread    string // id of the message it answers
	User      string // who said it; empty: the bot
	Alone     bool   // only this reader sees it
	Text      string // its words as read, markup drawn; parts and buttons on lines of their own
	Buttons   []string
	Links     []string // what can be followed, as it would be followed
	Pinged    []string // whom it notifies: user ids; "everyone" for all kinds of everybody
	Edited    bool
	Pinned    bool
	Reactions map[string][]string // emoji -> user ids
}
