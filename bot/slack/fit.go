package slack

import (
	"bytes"
	"encoding/json"
	"math"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// surface is what blocks are drawn on: how many it holds, and how many
// characters of JSON.
type surface struct{ blocks, weight int }

// viewBlocks is how many blocks a modal or a Home tab holds.
const viewBlocks = 100

// aMessage is a message in a room. Slack promises 12,000 characters of text,
// with something on top for what holds them, and refuses more with
// msg_blocks_too_long: seen at 13,297 in one block of markdown, and at 11,341
// in rich text, which takes more to hold them. Both fit a limit on the JSON;
// the rest is for the ids that Slack adds.
func aMessage() surface { return surface{blocks: 50, weight: 12_000} }

// aView is a modal or a Home tab, which may take 250 kB.
func aView() surface { return surface{blocks: viewBlocks, weight: 60_000} }

// fittedBlocks draws a message so that a surface takes it. [chat.Fit] counts
// what a message says; what that weighs as blocks is only known once they are
// drawn, so the message is fitted again, tighter, until it passes. Each fit
// says what it left out.
func fittedBlocks(m chat.Message, s surface) []slackapi.Block {
	blocks, _ := fitted(m, s)
	return blocks
}

// fitted gives the blocks and their JSON, which weighing them takes.
func fitted(m chat.Message, s surface) (blocks []slackapi.Block, raw []byte) {
	l := (*Slack)(nil).Limits()
	for {
		blocks = lay(chat.Fit(m, l))
		raw, over := s.excess(blocks)
		if over <= 1 || !tighten(&l, m, over) {
			return blocks, raw
		}
	}
}

// enough is how many words are left before buttons go: what is left out must
// still be said.
const enough = 200

// tighten leaves less room, first for words, then for buttons, then for the
// last words; false: there is none left to take, and one word and one button
// fit everywhere.
func tighten(l *chat.Limits, m chat.Message, over float64) bool {
	said := utf8.RuneCountInString(chat.Plaintext(m, chat.Paper{}))
	fewer := int(float64(min(l.Text, said)) / over * 0.95)
	switch {
	case l.Text > enough:
		l.Text = max(enough, fewer)
	case l.Actions > 1:
		l.Actions /= 2
	case l.Text > 1:
		l.Text = max(1, fewer)
	default:
		return false
	}
	return true
}

// excess is by how much blocks are too many or too heavy; 1 is just right. It
// gives their JSON besides; nil: there are none, or they could not be sent.
func (s surface) excess(blocks []slackapi.Block) ([]byte, float64) {
	many := float64(len(blocks)) / float64(s.blocks)
	if len(blocks) == 0 {
		return nil, many
	}
	raw, err := json.Marshal(blocks)
	if err != nil {
		return nil, math.MaxInt32 // ours have nothing that does not encode
	}
	if len(raw) <= s.weight {
		return raw, many // it has no more characters than bytes
	}
	return raw, math.Max(many, float64(jsonWeight(raw))/float64(s.weight))
}

// jsonWeight counts characters as Slack does, which does not escape for HTML.
func jsonWeight(raw []byte) int {
	n := utf8.RuneCount(raw)
	raw = bytes.ReplaceAll(raw, []byte(`\\`), []byte("xx"))
	for _, escaped := range []string{`\u003c`, `\u003e`, `\u0026`} {
		n -= 5 * bytes.Count(raw, []byte(escaped))
	}
	return n
}
