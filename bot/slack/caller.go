package slack

import (
	"net/http"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// caller makes every call of the Web API.
type caller struct {
	o   Options
	api *slackapi.Client
}

func newCaller(o Options) *caller {
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: chat.CallLimit}
	}
	opts := []slackapi.Option{slackapi.OptionHTTPClient(o.HTTP), slackapi.OptionAppLevelToken(o.Config.AppToken.Reveal())}
	if o.Config.APIURL != "" {
		opts = append(opts, slackapi.OptionAPIURL(o.Config.APIURL))
	}
	return &caller{o: o, api: slackapi.New(o.Config.BotToken.Reveal(), opts...)}
}
