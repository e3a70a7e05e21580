package bot

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// IO is what the program may touch of the machine it runs on.
type IO struct {
	Args     []string // without the program's name
	Env      []string // "NAME=value"
	In       io.Reader
	Out, Err io.Writer
	Now      func() time.Time // nil: the system's clock
}

// Exit codes.
const (
	exitOK       = 0
	exitFailed   = 1 // it was tried and did not work
	exitSettings = 2 // wrong settings or wrong use: nothing was tried
)

// command is one thing the program can be told to do from the shell.
type command struct {
	name  string
	about string
	run   func(ctx context.Context, io IO) int // io.Args without the command's name
}

// shell lists what the program can do; the first runs when no name is given.
func shell() []command {
	return []command{
		{"run", "serve people until it is told to stop (the default)", run},
		{"say", "say a command to the running tocsin", sayIt},
		{"incidents", "list incidents", listIncidents},
		{"timeline", "show what happened in one incident", printTimeline},
		{"export", "write incidents as JSON, Markdown or CSV", exportIncidents},
		{"review", "draft the review of an incident, from the store or an export of tocsin or Slack", reviewIt},
		{"doctor", "find what is set up wrong, and how to mend it", doctor},
		{"backup", "write everything that is kept into one file", backup},
		{"restore", "read such a file into an empty store", restore},
		{"copy", "copy everything from one store into another", copyStore},
		{"erase", "erase a person's words, or an incident's", erase},
		{"healthy", "ask the running tocsin whether it can take a command", healthy},
		{"setup", "print the steps that connect tocsin to Slack, and the manifest of the app", setup},
		{"hooks", "list where outside services call; `hooks try SOURCE [FILE]` shows what becomes of a body", hooksShell},
		{"config", "settings and policy: `config policy`, `config check`", configure},
	}
}

// Main is the whole program; it returns the exit code.
func Main(ctx context.Context, io IO) int {
	if io.Now == nil {
		io.Now = time.Now //nolint:forbidigo // the one place that takes the system's clock
	}
	name := "run"
	if len(io.Args) > 0 && !strings.HasPrefix(io.Args[0], "-") {
		name, io.Args = io.Args[0], io.Args[1:]
	}
	for _, c := range shell() {
		if c.name == name {
			return c.run(ctx, io)
		}
	}
	fmt.Fprintf(io.Err, "tocsin knows no command %q. It knows:\n", name)
	for _, c := range shell() {
		fmt.Fprintf(io.Err, "  %-10s %s\n", c.name, c.about)
	}
	return exitSettings
}
