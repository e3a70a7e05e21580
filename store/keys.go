package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tocsin/incident"
)

// The sets and records of which there is one.
const (
	numberKey  = "n"       // record: the number taken last
	aliasesKey = "aliases" // record: linked persons
	feedSet    = "feed"    // stream@version by moment recorded
	wokenSet   = "due/woken"
	parkedSet  = "parked"
	openSet    = "open"    // public incidents that are worked on, by number
	allSet     = "all"     // public incidents, by number
	whenSet    = "when"    // public incidents, by moment declared
	privateSet = "private" // one nameless member for each private incident
	expireSet  = "expire"  // rows that go by themselves, by moment
	peopleSet  = "people"
	inboxSet   = "inbox"
	shelfSet   = "shelf"
	roomsSet   = "rooms"
	talkSet    = "talked" // what changed in the console, by position
	talkKey    = "tn"     // record: the console's position
)

const (
	least = -MaxScore // below and above every score
	most  = MaxScore
)

func headKey(s incident.Stream) string               { return "h/" + string(s) }
func stateKey(s incident.Stream) string              { return "s/" + string(s) }
func textKey(s incident.Stream, ref string) string   { return "t/" + string(s) + "/" + ref }
func summaryKey(id incident.ID) string               { return "m/" + string(id) }
func standKey(id incident.ID) string                 { return "x/" + string(id) } // "public 142", "private 142"
func numKey(n incident.Number) string                { return "num/" + strconv.Itoa(int(n)) }
func authorSet(p incident.PersonID) string           { return "author/" + part(string(p)) }
func mineSet(p incident.PersonID) string             { return "mine/" + part(string(p)) }
func jobsSet(s incident.Stream) string               { return "jobs/" + string(s) }
func waitsSet(s incident.Stream) string              { return "waits/" + string(s) }
func dueSet(l Lane) string                           { return "due/" + strconv.Itoa(int(l)) }
func wordSet(word string) string                     { return "w/" + word }
func privateWord(id incident.ID, word string) string { return "wp/" + string(id) + "/" + word }

func requestKey(key string) string { return keyed("k/", key) }
func outcomeKey(c *Commit) string {
	if c.Job {
		return keyed("kj/", c.Key)
	}
	return requestKey(c.Key)
}
func jobKey(key string) string { return keyed("j/", key) }

func roomKey(platform, room, thread string) string {
	return "room/" + part(platform) + "/" + part(room) + "/" + part(thread)
}

func markKey(s incident.Stream, key string) string { return keyed("mk/"+string(s)+"/", key) }

// markSet lists the keys of marks of one kind: what stands before the first slash.
func markSet(s incident.Stream, kind string) string { return "marks/" + string(s) + "/" + part(kind) }
func kindSet(s incident.Stream) string              { return "kinds/" + string(s) }

func sayKey(s incident.Stream, room, message string) string {
	return "say/" + string(s) + "/" + part(room) + "/" + part(message)
}
func saidSet(s incident.Stream) string { return "said/" + string(s) }

func personKey(p incident.PersonID) string { return "p/" + part(string(p)) }
func accountKey(a incident.Account) string {
	return "acct/" + part(a.Platform) + "/" + part(a.Workspace) + "/" + part(a.ID)
}

func mailKey(email string) string { return keyed("mail/", strings.ToLower(strings.TrimSpace(email))) }

func feedMember(s incident.Stream, v incident.Version) string {
	return string(s) + "@" + strconv.FormatUint(uint64(v), 10)
}

func readFeedMember(m string) (incident.Stream, incident.Version, bool) {
	i := strings.LastIndexByte(m, '@')
	if i < 0 {
		return "", 0, false
	}
	v, err := strconv.ParseUint(m[i+1:], 10, 64)
	return incident.Stream(m[:i]), incident.Version(v), err == nil && v > 0
}

// part makes any words usable between two slashes of a key.
func part(s string) string {
	if len(s) > 150 {
		return "~" + digest(s)
	}
	if !strings.ContainsFunc(s, odd) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; odd(rune(c)) || c >= utf8.RuneSelf {
			fmt.Fprintf(&b, "%%%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	if b.Len() > 150 {
		return "~" + digest(s)
	}
	return b.String()
}

func odd(r rune) bool { return r < 0x20 || r == 0x7f || r == '/' || r == '%' || r == '~' }

// keyed makes a key from words that somebody else chose. Those that no driver
// takes are replaced by their hash.
func keyed(prefix, key string) string {
	if len(prefix)+len(key) <= 480 && validKey(prefix+key) == nil && !strings.HasPrefix(key, "~") {
		return prefix + key
	}
	return prefix + "~" + digest(key)
}

func digest(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:16])
}

// millis is a moment as a score.
func millis(t time.Time) int64 { return t.UnixMilli() }

// millisUp is the first whole millisecond not before t, so that nothing is due too early.
func millisUp(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}
