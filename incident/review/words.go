package review

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tocsin/incident/review/check"
)

// How long a quote may be. One that breaks off never breaks off before a
// "not": then it runs on to the end of the sentence.
const (
	quoteRunes = 320
	quoteBytes = 2000 // of a whole sentence that may not be cut
)

// quoted makes one line of a message's words: quoted blocks of others and the
// fences of code go, white space becomes one space, and what is long breaks
// off at the end of a sentence, or of a word.
func quoted(text string) string {
	return clipped(oneLine(text), quoteRunes)
}

// oneLine takes line breaks, fences and other people's quoted words out.
func oneLine(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, ">") && !strings.HasPrefix(line, ">_") {
			continue
		}
		line = strings.TrimSpace(strings.ReplaceAll(line, "```", " "))
		if line != "" {
			kept = append(kept, line)
		}
	}
	if len(kept) == 0 { // nothing but a quote: better than nothing
		kept = append(kept, strings.ReplaceAll(text, "```", " "))
	}
	return strings.Join(strings.Fields(printable(strings.Join(kept, " "))), " ")
}

// printable takes out what no reader sees and what turns the direction of
// writing round for the words behind it; line breaks and tabs stay.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c, r == 0xfeff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
}

// clipped cuts a line that is longer than limit runes.
func clipped(line string, limit int) string {
	if utf8.RuneCountInString(line) <= limit {
		return line
	}
	end := byteOf(line, limit)
	if at := lastSentenceEnd(line[:end]); at >= end/2 {
		return line[:at]
	}
	rest := line[end:]
	stop := sentenceEnd(rest)
	if stop > quoteBytes {
		stop = quoteBytes
	}
	if check.Negated(rest[:stop]) {
		return strings.ToValidUTF8(line[:end+stop], "")
	}
	if at := strings.LastIndexByte(line[:end], ' '); at > end/2 {
		end = at
	}
	return strings.TrimRight(line[:end], " ,;:([") + " …"
}

func byteOf(s string, runes int) int {
	n := 0
	for i := range s {
		if n == runes {
			return i
		}
		n++
	}
	return len(s)
}

// lastSentenceEnd is the byte after the last full stop followed by a space; 0: none.
func lastSentenceEnd(s string) int {
	for i := len(s) - 2; i > 0; i-- {
		if s[i+1] == ' ' && strings.IndexByte(".!?", s[i]) >= 0 {
			return i + 1
		}
	}
	return 0
}

// sentenceEnd is the byte after the first full stop followed by a space, or
// the end.
func sentenceEnd(s string) int {
	for i := 0; i+1 < len(s); i++ {
		if s[i+1] == ' ' && strings.IndexByte(".!?;", s[i]) >= 0 {
			return i + 1
		}
	}
	return len(s)
}
