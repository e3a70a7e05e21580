package source

import (
	"regexp"
	"slices"

	"tocsin/incident/redact"
)

// mark is what a scrubber leaves behind.
var mark = regexp.MustCompile(`\[redacted:([a-z0-9_]+)\]`)

// Scrubbed is an input without credentials, and with a [Redaction] for each
// kind that is missing from a message, those taken out before included.
func Scrubbed(in Input) Input {
	scrub := redact.NewScrubber().Strict()
	in.Title = scrub.Scrub(in.Title)
	in.Messages = slices.Clone(in.Messages)
	for i := range in.Messages {
		m := &in.Messages[i]
		m.Text = scrub.Scrub(m.Text)
		in.Redacted = missing(in.Redacted, m.ID, m.Text)
	}
	in.Facts = slices.Clone(in.Facts)
	for i := range in.Facts {
		f := &in.Facts[i]
		f.Words = scrub.Scrub(f.Words)
		in.Redacted = missing(in.Redacted, f.ID, f.Words)
	}
	return in
}

func missing(known []Redaction, id, text string) []Redaction {
	for _, kind := range mark.FindAllStringSubmatch(text, -1) {
		if r := (Redaction{Message: id, Kind: kind[1]}); !slices.Contains(known, r) {
			known = append(slices.Clip(known), r)
		}
	}
	return known
}
