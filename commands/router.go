package commands

import (
	"context"

	"tocsin/bot/chat"
)

// Ports is what a [Router] needs of the house.
type Ports struct {
	Door    Door
	Desk    Desk
	Look    Look
	Details Details
	World   World
}

// Router carries requests to their verbs.
type Router struct {
	p        Ports
	commands []Command
}

// New makes a router over all commands.
func New(p Ports) *Router { return &Router{p: p, commands: All()} }

// Handle runs a request to its reply.
func (ro *Router) Handle(ctx context.Context, r chat.Request) chat.Reply { return chat.Reply{} }

// Complete says how a half-typed command may go on; r.Text is what was typed.
func (ro *Router) Complete(ctx context.Context, r chat.Request) []chat.Suggestion { return nil }

// Home is what waits for one user.
func (ro *Router) Home(ctx context.Context, u chat.User) chat.Message { return chat.Message{} }
