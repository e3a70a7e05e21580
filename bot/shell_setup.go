package bot

import (
	"context"
	"flag"
	"fmt"
	"net/url"

	"tocsin/bot/slack"
	"tocsin/commands"
)

// setup prints what connects tocsin to a chat platform. It changes nothing.
func setup(_ context.Context, out IO) int {
	if len(out.Args) == 0 || out.Args[0] != "slack" {
		fmt.Fprintln(out.Err, "Say `tocsin setup slack` for the five steps to Slack, or `tocsin setup slack --url https://tocsin.example` when Slack is to call tocsin over HTTP.")
		return exitSettings
	}
	fs := flag.NewFlagSet("tocsin setup slack", flag.ContinueOnError)
	fs.SetOutput(out.Err)
	base := fs.String("url", "", "public address of tocsin, when Slack is to call it over HTTP instead of Socket Mode")
	only := fs.Bool("manifest", false, "print the manifest alone")
	if err := fs.Parse(out.Args[1:]); err != nil {
		return exitSettings
	}
	if u, err := url.Parse(*base); *base != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		fmt.Fprintf(out.Err, "Slack calls https addresses only, and %q is none. Say for example: tocsin setup slack --url https://tocsin.example\n", *base)
		return exitSettings
	}
	c, err := ReadConfig(out.Env)
	if err != nil {
		return complain(out, err)
	}
	manifest := slack.Manifest(c.Command, commands.Verbs(), *base)
	if !*only {
		fmt.Fprintln(out.Out, slack.Steps(manifest, *base))
	}
	fmt.Fprintf(out.Out, "%s", manifest)
	return exitOK
}
