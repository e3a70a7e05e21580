package slack

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// momentOf is the moment in a ts such as "1764122400.000100"; zero: it is none.
func momentOf(ts string) time.Time {
	whole, part, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || sec <= 0 {
		return time.Time{}
	}
	micro, err := strconv.ParseInt((part + "000000")[:6], 10, 64)
	if err != nil {
		micro = 0
	}
	return time.Unix(sec, micro*1000).UTC()
}

// tsOf is a moment as a bound of history.
func tsOf(t time.Time) string {
	if t.Unix() <= 0 {
		return "0"
	}
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}

// messageKey is the key of a message, however it came to be known.
func messageKey(team, room, ts string) string {
	return Name + "/" + team + "/msg:" + room + ":" + ts
}
