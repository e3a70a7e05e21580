package slack

import (
	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// homeCallback marks the Home tab's view.
const homeCallback = "home"

// drawHome is the Home tab: what waits for one user.
func drawHome(m chat.Message) slackapi.HomeTabViewRequest {
	return slackapi.HomeTabViewRequest{
		Type: slackapi.VTHomeTab, CallbackID: homeCallback,
		Blocks: slackapi.Blocks{BlockSet: fittedBlocks(m, aView())},
	}
}
