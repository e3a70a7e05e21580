package slack

import (
	"encoding/json"

	slackapi "github.com/slack-go/slack"
)

// readForm reads what was filled in, by the name of the field: the words, the
// value that was chosen, a person as "<@U1>", a check as "yes". What was left
// empty is "".
func readForm(state *slackapi.ViewState) map[string]string {
	out := map[string]string{}
	if state == nil {
		return out
	}
	for name, block := range state.Values {
		if a, ok := block[formAction]; ok {
			out[name] = filledIn(a)
		}
	}
	return out
}

func filledIn(a slackapi.BlockAction) string {
	switch {
	case a.SelectedUser != "":
		return "<@" + a.SelectedUser + ">"
	case a.SelectedOption.Value != "":
		return a.SelectedOption.Value
	case len(a.SelectedOptions) > 0:
		return a.SelectedOptions[0].Value
	}
	return a.Value
}

// maxMetadata is how many bytes a view keeps for us.
const maxMetadata = 3000

// keepsake is what a view keeps, so that its submission knows where it came
// from. Slack hands it back as it was; nobody else can change it.
type keepsake struct {
	Command string   `json:"command"`
	Seen    uint64   `json:"seen,omitempty"`
	Room    string   `json:"room,omitempty"`
	Thread  string   `json:"thread,omitempty"`
	Name    string   `json:"name,omitempty"` // of the room
	Direct  bool     `json:"direct,omitempty"`
	Shared  bool     `json:"shared,omitempty"`
	About   aboutRef `json:"about,omitzero"`
}

// aboutRef finds the message again on which a gesture was made.
type aboutRef struct {
	Room   string `json:"room,omitempty"`
	Thread string `json:"thread,omitempty"`
	ID     string `json:"id,omitempty"`
}

// metadata writes a keepsake; ok is false when it is too long. The room's name
// goes first, for that can be looked up.
func (k keepsake) metadata() (string, bool) {
	for range 2 {
		b, err := json.Marshal(k)
		if err == nil && len(b) <= maxMetadata {
			return string(b), true
		}
		k.Name = ""
	}
	return "", false
}

// readKeepsake reads what a view kept; ok is false for what is not ours, and
// where there is no command to send.
func readKeepsake(privateMetadata string) (keepsake, bool) {
	var k keepsake
	if len(privateMetadata) > maxMetadata || json.Unmarshal([]byte(privateMetadata), &k) != nil || k.Command == "" {
		return keepsake{}, false
	}
	return k, true
}
