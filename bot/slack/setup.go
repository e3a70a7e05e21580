package slack

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
)

// Steps are the clicks that connect tocsin to a workspace, in five steps.
// manifest is what [Manifest] gave; base as there.
func Steps(manifest []byte, base string) string {
	var b strings.Builder
	b.WriteString("1. Open this link, choose the workspace, and press Next and Create. It carries the manifest below;\n" +
		"   or go to https://api.slack.com/apps, Create New App, From a manifest, and paste it (JSON).\n\n" +
		"   " + link(manifest) + "\n\n")
	if base == "" {
		b.WriteString("2. Basic Information, App-Level Tokens, Generate Token and Scopes: any name, add the scope\n" +
			"   connections:write, Generate. Copy the token that begins with xapp-.\n")
	} else {
		b.WriteString("2. Basic Information, App Credentials: copy the Signing Secret.\n")
	}
	b.WriteString("3. Install App, Install to Workspace, Allow. Copy the Bot User OAuth Token, which begins with xoxb-.\n")
	if base == "" {
		b.WriteString("4. Start tocsin with both:\n\n" +
			"   TOCSIN_SLACK_APP_TOKEN=xapp-… TOCSIN_SLACK_BOT_TOKEN=xoxb-… tocsin\n\n")
	} else {
		b.WriteString("4. Start tocsin with both, where Slack reaches it as " + strings.TrimSuffix(base, "/") + ":\n\n" +
			"   TOCSIN_LISTEN=:8080 TOCSIN_SLACK_SIGNING_SECRET=… TOCSIN_SLACK_BOT_TOKEN=xoxb-… tocsin\n\n" +
			"   When Slack says that it could not verify the address, press Retry under Event Subscriptions once tocsin runs.\n")
	}
	b.WriteString("5. In Slack, tocsin writes to whoever installed it: what is set, what is off, and a button that declares\n" +
		"   a drill. `tocsin doctor` says the same in a terminal. To choose where incidents are announced, invite\n" +
		"   @tocsin to the channel and set TOCSIN_SLACK_ANNOUNCE to its name, or say there: /incident announce here\n")
	return b.String()
}

// link opens Slack's page for a new app with the manifest filled in.
func link(manifest []byte) string {
	var small bytes.Buffer
	if err := json.Compact(&small, manifest); err != nil {
		return "https://api.slack.com/apps?new_app=1"
	}
	return "https://api.slack.com/apps?new_app=1&manifest_json=" + url.QueryEscape(small.String())
}
