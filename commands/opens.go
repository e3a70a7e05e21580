package commands

import (
	"tocsin/bot/chat"
)

// Opens says, without looking anything up, whether a request would be answered
// with a form. Where that turns on what an incident is, it says yes: then the
// answer is a message instead.
func (ro *Router) Opens(r chat.Request) bool {
	return false
}
