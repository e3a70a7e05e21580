package chat

import "encoding/json"

// part, span, spans and field carry the closed sums out of JSON; a scribe writes them.
type part struct{ is Part }

type span struct{ is Span }

type spans []Span

type field struct {
	Label string `json:"label,omitempty"`
	Value spans  `json:"value,omitempty"`
}

// MarshalJSON writes spans one by one.
func (s spans) MarshalJSON() ([]byte, error) {
	var p scribe
	p.spans(s)
	return p.out, p.err
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *spans) UnmarshalJSON(b []byte) error {
	var w []span
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*s = nil
	for _, sp := range w {
		*s = append(*s, sp.is)
	}
	return nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *part) UnmarshalJSON(b []byte) error {
	kind, raw, err := untag(b)
	if err != nil {
		return err
	}
	switch kind {
	case "text":
		return readSpans(raw, func(s spans) { p.is = Text(s) })
	case "quote":
		return readSpans(raw, func(s spans) { p.is = Quote(s) })
	case "small":
		return readSpans(raw, func(s spans) { p.is = Small(s) })
	case "fields":
		return p.readFields(raw)
	case "list":
		return p.readList(raw)
	case "pre":
		var s string
		err = json.Unmarshal(raw, &s)
		p.is = Pre(s)
	case "divider":
		p.is = Divider{}
	case "buttons":
		var a []Action
		err = json.Unmarshal(raw, &a)
		p.is = Buttons(a)
	default:
		p.is = Small{Plain(newerWords)}
	}
	return err
}

func readSpans(raw json.RawMessage, set func(spans)) error {
	var s spans
	err := json.Unmarshal(raw, &s)
	set(s)
	return err
}

func (p *part) readFields(raw json.RawMessage) error {
	var w []field
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	out := make(Fields, len(w))
	for i, f := range w {
		out[i] = Field{f.Label, f.Value}
	}
	p.is = out
	return nil
}

func (p *part) readList(raw json.RawMessage) error {
	var w []spans
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	out := make(List, len(w))
	for i, l := range w {
		out[i] = l
	}
	p.is = out
	return nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *span) UnmarshalJSON(b []byte) error {
	kind, raw, err := untag(b)
	if err != nil {
		return err
	}
	switch kind {
	case "plain", "strong", "struck", "code":
		var words string
		err = json.Unmarshal(raw, &words)
		s.is = worded(kind, words)
	case "link":
		var v Link
		err = json.Unmarshal(raw, &v)
		s.is = v
	case "mention":
		var v Mention
		err = json.Unmarshal(raw, &v)
		s.is = v
	case "room":
		var v RoomLink
		err = json.Unmarshal(raw, &v)
		s.is = v
	case "when":
		var v When
		err = json.Unmarshal(raw, &v)
		s.is = v
	default:
		s.is = Plain(newerWords)
	}
	return err
}

func worded(kind, words string) Span {
	switch kind {
	case "strong":
		return Strong(words)
	case "struck":
		return Struck(words)
	case "code":
		return Code(words)
	}
	return Plain(words)
}
