package slack

import (
	"strings"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// The limits of single blocks.
const (
	maxHeader = 150  // characters in a header
	maxMrkdwn = 3000 // characters in a text object
	maxCell   = 2000 // characters in a field of a section
	maxCells  = 10   // fields in a section
	maxWide   = 60   // characters of a value that still looks well in half the width
)

// layout lays blocks out, one after the other.
type layout struct {
	blocks  []slackapi.Block
	buttons int
}

// lay draws a message that was fitted.
func lay(m chat.Message) []slackapi.Block {
	var p layout
	m = toned(m)
	p.title(m.Title)
	for _, part := range m.Parts {
		p.part(part)
	}
	p.actions(m.Actions)
	return p.blocks
}

func (p *layout) add(b slackapi.Block) { p.blocks = append(p.blocks, b) }

// title is a header when it holds nothing but words, for a header is plain
// text; else a bold line.
func (p *layout) title(spans []chat.Span) {
	words := chat.SpansText(spans, chat.Paper{})
	if strings.TrimSpace(words) == "" {
		return
	}
	if wordsAlone(spans) && utf8.RuneCountInString(words) <= maxHeader {
		p.add(slackapi.NewHeaderBlock(plainText(words)))
		return
	}
	p.rich(slackapi.NewRichTextSection(richText(spans, chat.CleanLine, true)...))
}

func wordsAlone(spans []chat.Span) bool {
	for _, s := range spans {
		switch s := s.(type) {
		case chat.Plain, chat.Strong:
		case chat.Mention:
			if pings(s) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (p *layout) part(part chat.Part) {
	switch part := part.(type) {
	case chat.Text:
		p.text(part)
	case chat.Fields:
		p.fields(part)
	case chat.List:
		p.list(part)
	case chat.Quote:
		if e := richText(part, chat.Clean, false); shows(e) {
			p.rich(&slackapi.RichTextQuote{Type: slackapi.RTEQuote, Elements: e})
		}
	case chat.Small:
		p.small(part)
	case chat.Pre:
		words := strings.TrimRight(chat.Clean(string(part)), "\n")
		if e := richText([]chat.Span{chat.Plain(words)}, chat.Clean, false); shows(e) {
			p.rich(&slackapi.RichTextPreformatted{Type: slackapi.RTEPreformatted, Elements: e})
		}
	case chat.Divider:
		p.add(slackapi.NewDividerBlock())
	case chat.Buttons:
		p.actions(part)
	}
}

func (p *layout) rich(e slackapi.RichTextElement) { p.add(slackapi.NewRichTextBlock("", e)) }

func (p *layout) text(spans []chat.Span) {
	if e := richText(spans, chat.Clean, false); shows(e) {
		p.rich(slackapi.NewRichTextSection(e...))
	}
}

func (p *layout) list(lines chat.List) {
	var items []slackapi.RichTextElement
	for _, l := range lines {
		if e := richText(l, chat.CleanLine, false); shows(e) {
			items = append(items, slackapi.NewRichTextSection(e...))
		}
	}
	if len(items) > 0 {
		p.rich(slackapi.NewRichTextList(slackapi.RTEListBullet, 0, items...))
	}
}

// shows holds for elements of which a reader sees something: Slack refuses
// texts of nothing.
func shows(elements []slackapi.RichTextSectionElement) bool {
	for _, e := range elements {
		if t, ok := e.(*slackapi.RichTextSectionTextElement); !ok || strings.TrimSpace(t.Text) != "" {
			return true
		}
	}
	return false
}

// small is a context block where markup can draw the line as it is.
func (p *layout) small(spans []chat.Span) {
	text, ok := mrkdwn(spans)
	switch {
	case strings.TrimSpace(text) == "" && ok:
	case ok && utf8.RuneCountInString(text) <= maxMrkdwn:
		p.add(slackapi.NewContextBlock("", mrkdwnText(text)))
	default:
		p.text(spans)
	}
}

// fields puts short pairs into two columns, and under them those that are too
// long for half the width, or that markup cannot draw as they are.
func (p *layout) fields(fields chat.Fields) {
	var cells []*slackapi.TextBlockObject
	var lines []chat.Span
	for _, f := range fields {
		if cell, ok := fieldCell(f); ok {
			cells = append(cells, cell)
			continue
		}
		if len(lines) > 0 {
			lines = append(lines, chat.Plain("\n"))
		}
		lines = append(lines, chat.Strong(chat.CleanLine(f.Label)), chat.Plain(": "))
		lines = append(lines, f.Value...)
	}
	for len(cells) > 0 {
		n := min(maxCells, len(cells))
		p.add(slackapi.NewSectionBlock(nil, cells[:n:n], nil))
		cells = cells[n:]
	}
	p.text(lines)
}

func fieldCell(f chat.Field) (*slackapi.TextBlockObject, bool) {
	label, sound := around("*", chat.CleanLine(f.Label))
	value, exact := mrkdwn(calm(f.Value))
	if strings.TrimSpace(value) == "" {
		value = "–"
	}
	text := value
	if label != "" {
		text = label + "\n" + value
	}
	return mrkdwnText(text), sound && exact && width(f.Value) <= maxWide && utf8.RuneCountInString(text) <= maxCell
}

// width is how many characters a reader sees of a value.
func width(value []chat.Span) int {
	n := 0
	for _, s := range value {
		if l, ok := s.(chat.Link); ok && l.Label != "" {
			s = chat.Plain(l.Label)
		}
		n += utf8.RuneCountInString(chat.SpansText([]chat.Span{s}, chat.Paper{}))
	}
	return n
}

// calm takes the weight off a value that is strong as a whole: under a bold
// label, a bold value makes neither stand out.
func calm(value []chat.Span) []chat.Span {
	if len(value) == 1 {
		if s, ok := value[0].(chat.Strong); ok {
			return []chat.Span{chat.Plain(s)}
		}
	}
	return value
}

// mrkdwnText is text that Slack reads for its marks and control sequences alone:
// verbatim keeps it from finding links, names and channels in plain words.
func mrkdwnText(text string) *slackapi.TextBlockObject {
	return slackapi.NewTextBlockObject(slackapi.MarkdownType, text, false, true)
}

// plainText is text that Slack reads for nothing.
func plainText(text string) *slackapi.TextBlockObject {
	return slackapi.NewTextBlockObject(slackapi.PlainTextType, text, false, false)
}
