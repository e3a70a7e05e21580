package slack

import (
	"strconv"
	"strings"
	"unicode"
)

// longestName is the longest name of a channel.
const longestName = 80

// roomName is a wished name as Slack takes one for a channel: lower case
// letters without accents, digits, "-" and "_". fallback is for a name of
// which nothing is left.
func roomName(wish, fallback string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(wish) {
		s := latin(r)
		if s == "" {
			gap = gap || !unicode.Is(unicode.Mn, r)
			continue
		}
		if gap && b.Len() > 0 && s != "-" {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(s)
	}
	name := strings.Trim(squeeze(b.String()), "-_")
	if name = upTo(name, longestName); name == "" {
		return upTo(fallback, longestName)
	}
	return name
}

func upTo(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	return strings.TrimRight(s, "-_")
}

// squeeze leaves one "-" of several.
func squeeze(s string) string {
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	return s
}

// nth is the nth name to try: the name itself, then with "-2", "-3" and so on.
func nth(name string, n int) string {
	if n < 2 {
		return name
	}
	end := "-" + strconv.Itoa(n)
	return upTo(name, longestName-len(end)) + end
}

// latin writes a letter with those that Slack takes; empty: it has none.
func latin(r rune) string {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
		return string(r)
	case r >= 0x430 && r <= 0x45f:
		return cyrillic(r)
	case r >= 0x3ac && r <= 0x3ce:
		return greek(r)
	}
	return accented(r)
}

// accented are Latin letters with marks, and those that are two in one.
func accented(r rune) string {
	rows := [...]struct{ letters, plain string }{
		{"àáâãåāăąǎạảấầẩẫậắằẳẵặª", "a"},
		{"ä", "ae"},
		{"æ", "ae"},
		{"çćĉċč", "c"},
		{"ďđð", "d"},
		{"èéêëēĕėęěẹẻẽếềểễệ", "e"},
		{"ĝğġģ", "g"},
		{"ĥħ", "h"},
		{"ìíîïĩīĭįıỉịǐ", "i"},
		{"ĵ", "j"},
		{"ķ", "k"},
		{"ĺļľŀł", "l"},
		{"ñńņňŋ", "n"},
		{"òóôõōŏőơọỏốồổỗộớờởỡợøº", "o"},
		{"ö", "oe"},
		{"œ", "oe"},
		{"ŕŗř", "r"},
		{"śŝşšș", "s"},
		{"ß", "ss"},
		{"ţťŧț", "t"},
		{"ùúûũūŭůűųưụủứừửữựǔ", "u"},
		{"ü", "ue"},
		{"ŵ", "w"},
		{"ýÿŷỳỵỷỹ", "y"},
		{"źżž", "z"},
		{"þ", "th"},
	}
	for _, row := range rows {
		if strings.ContainsRune(row.letters, r) {
			return row.plain
		}
	}
	return ""
}

func cyrillic(r rune) string {
	small := [...]string{
		"a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p",
		"r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
		"e", "yo", "dj", "g", "ye", "dz", "i", "yi", "j", "lj", "nj", "c", "k", "i", "u", "dz",
	}
	return small[r-0x430]
}

func greek(r rune) string {
	rows := [...]struct{ letters, plain string }{
		{"αά", "a"},
		{"β", "v"},
		{"γ", "g"},
		{"δ", "d"},
		{"εέ", "e"},
		{"ζ", "z"},
		{"ηήιίϊΐ", "i"},
		{"θ", "th"},
		{"κ", "k"},
		{"λ", "l"},
		{"μ", "m"},
		{"ν", "n"},
		{"ξ", "x"},
		{"οόωώ", "o"},
		{"π", "p"},
		{"ρ", "r"},
		{"σς", "s"},
		{"τ", "t"},
		{"υύϋΰ", "y"},
		{"φ", "f"},
		{"χ", "ch"},
		{"ψ", "ps"},
	}
	for _, row := range rows {
		if strings.ContainsRune(row.letters, r) {
			return row.plain
		}
	}
	return ""
}
