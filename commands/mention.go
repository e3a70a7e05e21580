package commands

import "tocsin/bot/chat"

// Mention is what begins a command where slash commands are not known, such as
// in threads.
const Mention = "@tocsin"

// Begins is what commands begin with where a request was made; command is the
// slash command of the house, "/incident".
func Begins(r chat.Request, command string) string {
	if r.Via == "mention" {
		return Mention
	}
	return command
}
