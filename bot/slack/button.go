package slack

import (
	"strconv"
	"strings"

	"tocsin/bot/chat"
)

// maxValue is how many bytes a button carries.
const maxValue = 2000

// buttonValue is what a button carries: the version it was drawn from and the
// command. It is "" where there is no command, or one that a button cannot
// carry whole: half a command must never be sent.
func buttonValue(a chat.Action) string {
	command := strings.TrimSpace(chat.CleanLine(a.Command))
	value := strconv.FormatUint(a.Seen, 10) + " " + command
	if command == "" || a.URL != "" || len(value) > maxValue {
		return ""
	}
	return value
}

// readButton reads what a button of ours carried; ok is false for those of
// others, and for links.
func readButton(value string) (command string, seen uint64, ok bool) {
	version, command, found := strings.Cut(value, " ")
	seen, err := strconv.ParseUint(version, 10, 64)
	if !found || err != nil || command == "" || len(value) > maxValue {
		return "", 0, false
	}
	return command, seen, true
}
