package source

import (
	"strconv"
	"time"
)

// MessageIDs gives ids to messages that were said at these moments, oldest
// first. An id is its moment in microseconds, so that it stays the same when
// older messages are found later, and ids in order of their text are in order
// of time.
func MessageIDs(at []time.Time) []string {
	out := make([]string, len(at))
	last := int64(-1 << 62)
	for n, t := range at {
		last = max(t.UnixMicro(), last+1)
		out[n] = "m" + strconv.FormatInt(last, 10)
	}
	return out
}

// FirstMilestone is the first number of an id that stands for a milestone;
// those of a timeline's entries are below it.
const FirstMilestone = 9_000_001
