package slack

import (
	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

func sentence(words ...chat.Span) chat.Reply {
	return chat.Reply{Message: chat.Message{Parts: []chat.Part{chat.Text(words)}}}
}

// insideReply answers when the house broke.
func insideReply() chat.Reply {
	r := sentence(chat.Plain("Something went wrong inside tocsin; it has been logged. What you asked for may not be done: look at the incident before you ask again."))
	r.Kind = fault.Internal.String()
	return r
}

// hintReply answers who named the bot amid a message.
func hintReply() chat.Reply {
	return sentence(chat.Plain("I only act on messages that begin with my name. Nothing was done. Put my name first, and then what to do: "),
		chat.Code("@tocsin note the disk is full"), chat.Plain(", or "), chat.Code("@tocsin help"), chat.Plain("."))
}

// unrecordedReply answers words to the bot that could not be put on record.
func unrecordedReply(last bool) chat.Reply {
	if last {
		r := sentence(chat.Plain("Not recorded: my store does not answer, and Slack does not send your message again. Nothing was done. Send it once more in a few minutes."))
		r.Kind = fault.Unavailable.String()
		return r
	}
	r := sentence(chat.Plain("Not recorded yet: my store does not answer. Nothing was done so far. I try again in a minute and in five; there is no need to send it again."))
	r.Kind = fault.Unavailable.String()
	return r
}

// openReply offers a form to who cannot be shown one at once: a form opens
// only right after a click or a command.
func openReply(r chat.Request, reply chat.Reply) chat.Reply {
	form := *reply.Form
	reply.Form = nil
	if blank(reply.Message) {
		reply.Message.Parts = []chat.Part{chat.Text{chat.Plain(form.Title + ": press the button to fill in the form.")}}
	}
	command := r.Text
	if command == "" {
		command = form.Command
	}
	reply.Message.Actions = append(reply.Message.Actions, chat.Action{Label: "Open the form", Command: command, Seen: form.Seen, Style: chat.Primary})
	return reply
}
