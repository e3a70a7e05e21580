package review

import (
	"slices"
	"strings"
)

// related are earlier incidents that look alike.
func (m *maker) related() []Line {
	var lines []Line
	for _, r := range m.in.Related {
		text := oneLine(r.Number + ": " + r.Title)
		if r.Why != "" {
			text += " (" + oneLine(r.Why) + ")"
		}
		lines = append(lines, Line{Key: m.key(Related, r.Number), Kind: Note, Text: text, Link: r.Link})
	}
	if len(lines) == 0 {
		lines = []Line{{Key: string(Related) + "/none", Kind: Note, Text: "None is known."}}
	}
	return lines
}

// used says what the draft rests on, what was taken out and what was left out.
// Its own counts are in words: every figure of a draft is a source's.
func (m *maker) used() []Line {
	var lines []Line
	note := func(name, text string) {
		lines = append(lines, Line{Key: string(Sources) + "/" + name, Kind: Note, Text: text})
	}
	all, used, deleted, edited, foreign := 0, 0, 0, 0, 0
	for i := range m.in.Messages {
		msg := &m.in.Messages[i]
		all++
		switch {
		case msg.Deleted:
			deleted++
		case m.cited[msg.ID]:
			used++
			edited += one(msg.Edited)
			foreign += one(m.foreign[msg.ID])
		}
	}
	if all == 0 {
		note("used", "No message was there to be used.")
	} else {
		note("used", "Of "+count(all, "message", "messages")+", "+count(used, "one is", "are")+" used here.")
	}
	if left := all - used - deleted; left > 0 {
		note("left-out", sentence(count(left, "message was", "messages were")+" left out: as far as a machine can tell, not about the incident, or said better by another."))
	}
	if deleted > 0 {
		note("deleted", sentence(count(deleted, "deleted message is", "deleted messages are")+" not used."))
	}
	if edited > 0 {
		note("edited", sentence(count(edited, "message was", "messages were")+" edited since. The newest words stand."))
	}
	if foreign > 0 {
		note("foreign", "Some lines are not in English. They are kept as they were said, and marked.")
	}
	return append(lines, m.redacted()...)
}

// redacted lists what was taken out, by kind and message.
func (m *maker) redacted() []Line {
	var lines []Line
	gone := false
	for _, r := range m.in.Redacted {
		cites := m.visible([]string{r.Message})
		if len(cites) == 0 {
			gone = true
			continue
		}
		lines = append(lines, Line{
			Key: m.key(Sources, "redacted/"+r.Message+"/"+r.Kind), Kind: Note, Text: "Secret redacted", Mark: strings.ReplaceAll(r.Kind, "_", " "),
			Cites: slices.Clone(cites),
		})
	}
	if gone {
		lines = append(lines, Line{Key: string(Sources) + "/redacted", Kind: Note, Text: "A secret was taken out of a message that is not there any more."})
	}
	return lines
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// count is a number in words before what it counts. A form that begins with
// "one" or is a verb stands for itself.
func count(n int, single, many string) string {
	if n == 1 {
		if strings.HasPrefix(single, "one ") {
			return single
		}
		return "one " + single
	}
	if n == 0 {
		return "none " + strings.TrimPrefix(single, "one ")
	}
	return inWords(n) + " " + many
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// inWords is a number in English words.
func inWords(n int) string {
	small := [...]string{
		"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
		"fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	}
	tens := [...]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	rest := func(head string, n int) string {
		if n == 0 {
			return head
		}
		return head + " " + inWords(n)
	}
	switch {
	case n < 0:
		return "minus " + inWords(-n)
	case n < len(small):
		return small[n]
	case n < 100 && n%10 == 0:
		return tens[n/10]
	case n < 100:
		return tens[n/10] + "-" + small[n%10]
	case n < 1000:
		return rest(small[n/100]+" hundred", n%100)
	case n < 1_000_000:
		return rest(inWords(n/1000)+" thousand", n%1000)
	}
	return rest(inWords(n/1_000_000)+" million", n%1_000_000)
}
