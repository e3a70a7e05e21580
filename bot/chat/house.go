package chat

import "context"

// House is what the running bot hands to each platform.
type House struct {
	Command  string // the slash command's name, "incident"
	Verbs    []Verb
	Handle   Handler
	Sink     Sink
	Complete func(ctx context.Context, r Request) []Suggestion // r.Text is what was typed so far
	Home     func(ctx context.Context, u User) Message         // what waits for this user
}

// Verb is one thing people can say, in the shape from which a platform makes
// its registration, completion and help.
type Verb struct {
	Name    string
	Group   string // heading in help
	Summary string // one line
	Args    []Arg
	Example string // "severity sev2 checkout is down for everyone"
	Hidden  bool   // works, but is not listed (an alias)
}

// Arg is one argument of a verb.
type Arg struct {
	Name     string
	Hint     string
	Required bool
	Choices  []string // fixed choices; live ones come from House.Complete
}

// Suggestion is one way to go on typing.
type Suggestion struct{ Text, Hint string }
