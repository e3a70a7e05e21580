package bot

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"tocsin/incident/fault"
)

// exitOf is the table of kinds for the shell. Scripts rely on the numbers.
func exitOf(k fault.Kind) int {
	switch k {
	case fault.Internal:
		return exitFailed
	case fault.Invalid:
		return exitSettings
	case fault.Forbidden:
		return 3
	case fault.NotFound:
		return 4
	case fault.Conflict:
		return 5
	case fault.Unavailable, fault.Unknown:
		return 6
	case fault.Rejected:
		return 7
	}
	return exitFailed
}

// complain says what went wrong in one sentence and gives the exit code.
func complain(out IO, err error) int {
	if p, ok := errors.AsType[Problems](err); ok {
		fmt.Fprintln(out.Err, p)
		return exitSettings
	}
	fmt.Fprintln(out.Err, fault.Sentence(err))
	if f, ok := errors.AsType[*fault.Error](err); ok {
		if f.Try != "" {
			fmt.Fprintf(out.Err, "For example: %s\n", f.Try)
		}
		if f.Kind == fault.Internal && f.Err != nil {
			fmt.Fprintln(out.Err, f.Err)
		}
		return exitOf(f.Kind)
	}
	fmt.Fprintln(out.Err, err)
	return exitFailed
}

// flags makes the flag set of one subcommand; use is how it is typed.
func flags(out IO, use string) *flag.FlagSet {
	fs := flag.NewFlagSet(use, flag.ContinueOnError)
	fs.SetOutput(out.Err)
	fs.Usage = func() {
		fmt.Fprintf(out.Err, "Usage: tocsin %s\n", use)
		fs.PrintDefaults()
	}
	return fs
}

// parse reads flags that may stand before, between and behind the words.
func parse(fs *flag.FlagSet, args []string) (words []string, code int, ok bool) {
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, exitOK, false
			}
			return nil, exitSettings, false
		}
		args = fs.Args()
		if len(args) == 0 {
			return words, exitOK, true
		}
		words, args = append(words, args[0]), args[1:]
	}
}

// wrongUse says how a subcommand is typed.
func wrongUse(fs *flag.FlagSet, why string, w io.Writer) int {
	fmt.Fprintln(w, why)
	fs.Usage()
	return exitSettings
}
