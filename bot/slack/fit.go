package slack

import (
	"encoding/json"
	"math"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// maxWeight is how many characters all blocks of a message take, as JSON.
// Slack promises 12,000 characters of text with something on top for what
// holds them, and refuses more with msg_blocks_too_long: seen at 13,297 in one
// block of markdown, and at 11,341 in rich text, which holds them in more.
// Both fit a limit on the JSON. Slack adds ids to blocks.
const maxWeight = 12_000

// fittedBlocks draws a message in at most so many blocks. [chat.Fit] counts what a
// message says; what that weighs as blocks is only known once they are drawn,
// so the message is fitted again, tighter, until it passes. Each fit says what
// it left out.
func fittedBlocks(m chat.Message, most int) []slackapi.Block {
	l := (*Slack)(nil).Limits()
	for {
		blocks := lay(chat.Fit(m, l))
		over := excess(blocks, most)
		if over <= 1 {
			return blocks
		}
		switch {
		case l.Text > 1:
			l.Text = max(1, min(l.Text-1, int(float64(min(l.Text, length(m)))/over*0.95)))
		case l.Actions > 1:
			l.Actions /= 2
		case l.Parts > 1:
			l.Parts /= 2
		default:
			return blocks[:min(len(blocks), 1)]
		}
	}
}

// excess is by how much blocks are too many or too heavy; 1 is just right.
func excess(blocks []slackapi.Block, most int) float64 {
	return math.Max(float64(len(blocks))/float64(most), float64(jsonWeight(blocks))/maxWeight)
}

func jsonWeight(blocks []slackapi.Block) int {
	b, err := json.Marshal(slackapi.Blocks{BlockSet: blocks})
	if err != nil {
		return math.MaxInt32 // no block of ours fails to encode; if one did, it could not be sent
	}
	return utf8.RuneCount(b)
}

// length is about how many characters a message says.
func length(m chat.Message) int {
	return utf8.RuneCountInString(chat.Plaintext(m, chat.Paper{}))
}
