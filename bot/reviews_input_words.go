package bot

import (
	"slices"
	"strings"

	"tocsin/incident"
)

// learnFaces finds out who is mentioned as "<@U1>", as some platforms keep it.
func (g *gathering) learnFaces(said []incident.Spoken) error {
	if !slices.ContainsFunc(said, func(m incident.Spoken) bool { return strings.Contains(m.Text.Words, "<@") }) {
		return nil
	}
	all, err := g.people.Everybody(g.ctx)
	for _, p := range all {
		for _, a := range p.Accounts {
			g.faces[a.Platform+":"+a.ID] = p.Name
		}
	}
	return err
}

// named puts names where people are mentioned.
func (g *gathering) named(platform, words string) string {
	if !strings.Contains(words, "<@") {
		return words
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(words, "<@")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		inside, after, closed := strings.Cut(rest, ">")
		id, _, _ := strings.Cut(strings.TrimPrefix(inside, "!"), "|")
		name := g.faces[platform+":"+id]
		if !closed || name == "" {
			b.WriteString("<@")
			words = rest
			continue
		}
		b.WriteString("@" + name)
		words = after
	}
}
