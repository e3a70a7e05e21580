package mine

import "strings"

// personCalled gives the person whom a name stands for; "me" and "mine" are
// the author.
func (l *listener) personCalled(m *msg, name string) int {
	name = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "@"))
	switch name {
	case "me", "mine", "myself":
		return m.author
	}
	return l.names[name]
}

// namesOf lists people by what others call them: name, id, and first name
// where only one has it.
func namesOf(t *talk) map[string]int {
	out := map[string]int{}
	firsts := map[string]int{}
	machine := map[int]bool{}
	for i := range t.msgs {
		if t.msgs[i].bot {
			machine[t.msgs[i].author] = true
		}
	}
	for p := 1; p < len(t.people); p++ {
		if t.people[p].Bot || machine[p] {
			continue
		}
		name := strings.ToLower(t.people[p].Name)
		for _, n := range []string{name, strings.ToLower(t.people[p].ID)} {
			if len(n) > 1 {
				out[n] = p
			}
		}
		if first, _, more := strings.Cut(name, " "); more && len(first) > 1 {
			if _, twice := firsts[first]; twice {
				firsts[first] = nobody
			} else {
				firsts[first] = p
			}
		}
	}
	for first, p := range firsts {
		if _, taken := out[first]; !taken && p != nobody {
			out[first] = p
		}
	}
	return out
}

// calls gives those whom a message calls by name, in its order.
func (l *listener) calls(m *msg) []int {
	var out []int
	body := m.body
	for at := 0; at < len(body); {
		n := wordRun(body[at:])
		if n == 0 {
			at++
			continue
		}
		word := body[at : at+n]
		p := l.names[strings.ToLower(strings.TrimPrefix(word, "@"))]
		if p != nobody && p != m.author && (word[0] == '@' || !isOrdinary(strings.ToLower(word)) || isAddress(body[:at], body[at+n:])) {
			out = append(out, p)
		}
		at += n
	}
	return out
}

// isOrdinary is for names that are words as well.
func isOrdinary(name string) bool {
	switch name {
	case "mark", "will", "bill", "may", "art", "rich", "grant", "chase", "hope", "faith", "guy", "drew", "pat", "sue", "rob", "dale", "june", "april", "august",
		"max", "miles", "page", "ray", "rose", "ruby", "sky", "van", "wade", "ward", "dev", "ops", "root", "admin", "bot", "joy", "jo", "so", "an", "in", "al", "don", "lane", "case", "dash", "jack", "nick", "penny", "robin", "summer", "dawn", "eve", "iris", "ivy", "lily", "olive", "pearl", "sage", "violet", "star", "chance", "chip", "clay", "cliff", "dean", "frank", "gene", "hunter", "king", "major", "parker", "pierce", "reed", "rusty", "sandy", "skip", "stone", "trip", "woody":
		return true
	}
	return false
}

// isAddress says whether a word between two pieces of text calls somebody.
func isAddress(before, after string) bool {
	if strings.HasPrefix(after, ":") || strings.HasPrefix(after, ",") {
		return true
	}
	next, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	switch next {
	case "can", "could", "please", "has", "is", "would", "knows":
		return strings.TrimSpace(before) == "" || opens(before)
	}
	return false
}

// ownerOf says who took an action on by the words of a message or a part of
// it: its author by promising, or the one who is asked by name and whom nobody
// relieved.
func (l *listener) ownerOf(m *msg, text string) int {
	own := m.cues
	if len(text) < len(m.body) {
		own = l.cuesOf(text)
	}
	if own[commits] > 0 && promises(text) || strings.Contains(strings.ToLower(text), ", will ") {
		return m.author
	}
	if own[requests] > 0 || m.cue(orders) > 0 {
		if called := l.calls(m); len(called) > 0 {
			return called[0]
		}
	}
	if m.cue(commits) > 0 && promises(m.body) {
		return m.author
	}
	return nobody
}

// promises says whether a text speaks of its own author.
func promises(text string) bool {
	low := " " + strings.ToLower(strings.ReplaceAll(text, "’", "'")) + " "
	for _, w := range []string{
		" i'll ", " i will ", " i can ", " let me ", " mine ", " mine.", " mine,", " on me", " i take ", " i'm ", " i open ", " i put ", " i file ", " i'd like ", " i'd love ", " i want ",
		" i'd rather ", " i've ", " i got ", " me too", " myself", " we'll ", " i could ", " i write ", " i draft ", " i find ", " i fix ", " i add ", " i look ", " i volunteer", " i might ", " i might ", " i opened ", " i filed ", " happy to ",
		" will do", " ill ", " i intend", " i plan ", " i need to ", " i have to ", " i shall ", " i do ", " i should ", ", will ", " and will ", " i filed", " filed ",
	} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return strings.HasPrefix(low, " will ") || strings.HasPrefix(low, " todo me")
}
