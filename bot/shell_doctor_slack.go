package bot

import (
	"context"
	"log/slog"
	"time"

	"tocsin/bot/slack"
	"tocsin/integrations"
)

// slackFindings asks Slack whether the tokens are good, and which features are
// off for want of a scope. Nothing is said there.
func slackFindings(ctx context.Context, c Config, out IO) []integrations.Finding {
	if !c.Slack.Set() {
		return nil
	}
	s, err := slack.New(slack.Options{
		Config: c.Slack, Now: out.Now, Jitter: func() float64 { return 0 }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil // settings that are wrong are named already
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return findingsOf(s.Check(ctx))
}

func findingsOf(all []slack.Finding) []integrations.Finding {
	var out []integrations.Finding
	for _, f := range all {
		out = append(out, integrations.Finding(f))
	}
	return out
}

// platformFindings are what the platforms of a running house say of themselves.
func (h *House) platformFindings(ctx context.Context) []integrations.Finding {
	var out []integrations.Finding
	for _, p := range h.p.Platforms {
		if s, is := p.Platform.(*slack.Slack); is {
			out = append(out, findingsOf(s.Check(ctx))...)
		}
	}
	return out
}
