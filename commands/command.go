package commands

import "tocsin/bot/chat"

// Command is one verb.
type Command struct {
	chat.Verb
}

// All lists the commands.
func All() []Command { return nil }

// Verbs is the list of verbs in the shape that platforms take.
func Verbs() []chat.Verb { return nil }

// Table is the list of verbs as a table for the README.
func Table() string { return "" }
