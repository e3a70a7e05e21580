package slack

// What is counted of what comes in.
const (
	countRetry        = "retry"          // Slack tried again
	countRepeat       = "repeat"         // it was done already
	countUnreadable   = "unreadable"     // it could not be read; acknowledged
	countUnknownEvent = "unknown_event"  // acknowledged, nothing done
	countIgnored      = "ignored"        // known, and nothing for us
	countUnsigned     = "unsigned"       // not Slack's, or too old
	countUnrecorded   = "unrecorded"     // not on record in time
	countRefused      = "refused"        // the house will never take it
	countOverload     = "overload"       // too much to do at once
	countSlow         = "slow"           // the room's work before took too long
	countPanic        = "panic"          // failed inside
	countLost         = "lost_reply"     // a reply could not be delivered
	countUnopened     = "unopened_form"  // a form could not be opened
	countRateLimited  = "events_limited" // Slack left events out
	countRevoked      = "revoked"        // the app was uninstalled, or its tokens revoked
	countConnect      = "socket_connect" // an attempt to connect
	countConnected    = "socket_open"
	countBroken       = "socket_broken"       // it ended without a word
	countWarning      = "socket_warning"      // Slack asked to leave: soon to be closed
	countRefresh      = "socket_refresh"      // Slack asked to connect anew
	countCrowded      = "socket_too_many"     // Slack holds too many sockets of this app
	countDisabled     = "socket_disabled"     // Socket Mode is switched off
	countOtherReason  = "socket_other_reason" // Slack asked to leave, and why is not known here
	countUnacked      = "socket_unacked"      // an acknowledgement could not be written
)

// Counters lists everything that [Options.Count] is told of.
func Counters() []string {
	return []string{
		countRetry, countRepeat, countUnreadable, countUnknownEvent, countIgnored, countUnsigned, countUnrecorded, countRefused,
		countOverload, countSlow, countPanic, countLost, countUnopened, countRateLimited, countRevoked, countConnect, countConnected,
		countBroken, countWarning, countRefresh, countCrowded, countDisabled, countOtherReason, countUnacked,
	}
}

func (in *intake) count(what string) {
	if in.o.Count != nil {
		in.o.Count(what)
	}
}
