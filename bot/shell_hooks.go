package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tocsin/bot/policy"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/all"
)

// hooksShell lists where outside services call, or tries a body: offline, and
// nothing is written or sent.
func hooksShell(_ context.Context, out IO) int {
	fs := flags(out, "hooks | tocsin hooks try SOURCE[/NAME] [FILE]")
	kind := fs.String("type", "", "content type of the body, such as application/x-www-form-urlencoded; not set: it is guessed")
	asJSON := fs.Bool("json", false, "print what was understood as JSON")
	words, code, ok := parse(fs, out.Args)
	if !ok {
		return code
	}
	c, err := ReadConfig(out.Env)
	if err != nil {
		return complain(out, err)
	}
	kept, err := policy.Open(c.Policy)
	if err != nil {
		return complain(out, fault.Wrap(fault.Invalid, err, fmt.Sprintf("The policy file %s is wrong:\n%v", c.Policy, err)))
	}
	t := trial{out: out, config: c, policy: kept.Policy(), now: out.Now().UTC()}
	switch {
	case len(words) == 0:
		err = t.list()
	case words[0] == "try" && (len(words) == 2 || len(words) == 3):
		err = t.try(words[1], *kind, *asJSON, words[2:])
	default:
		return wrongUse(fs, "Which source, and which body? For example: tocsin hooks try alertmanager body.json", out.Err)
	}
	if err != nil {
		return complain(out, err)
	}
	return exitOK
}

// trial is a look at hooks without a house.
type trial struct {
	out    IO
	config Config
	policy incident.Policy
	now    time.Time
}

func (t trial) house() all.House {
	return all.House{Settings: t.config.Settings, Now: func() time.Time { return t.now }, Source: t.policy.SourceFor}
}

// list says which doors are open.
func (t trial) list() error {
	hooks, err := all.Trial(t.house())
	if err != nil {
		return err
	}
	open, err := all.Outside(t.house())
	if err != nil {
		return err
	}
	for _, h := range hooks {
		state := "closed: " + settingOf(h.Name()) + " is not set"
		if isOpen(open, h.Name()) {
			state = "open"
		}
		fmt.Fprintf(t.out.Out, "%-26s %s\n", hooksPath+h.Name(), state)
	}
	return nil
}

// try reads a body and says what it means.
func (t trial) try(source, kind string, asJSON bool, file []string) error {
	hooks, err := all.Trial(t.house())
	if err != nil {
		return err
	}
	name, path, _ := strings.Cut(strings.TrimPrefix(source, hooksPath), "/")
	at := slices.IndexFunc(hooks, func(h integrations.Hook) bool { return h.Name() == name })
	if at < 0 {
		var names []string
		for _, h := range hooks {
			names = append(names, h.Name())
		}
		return fault.New(fault.NotFound, "There is no source %q; there are %s.", name, strings.Join(names, ", ")).WithExample("tocsin hooks try alertmanager body.json")
	}
	body, err := t.body(file)
	if err != nil {
		return err
	}
	if kind == "" && len(file) > 0 && filepath.Ext(file[0]) == ".form" {
		kind = "application/x-www-form-urlencoded"
	}
	news, err := newCaller(hooks[at]).read(integrations.Delivery{Path: path, Type: kind, Body: body, At: t.now})
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(t.out.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(news)
	}
	t.tell(name, path, news)
	return nil
}

// body is a file, or what is typed in.
func (t trial) body(file []string) ([]byte, error) {
	in := t.out.In
	if len(file) > 0 && file[0] != "-" {
		f, err := os.Open(file[0])
		if err != nil {
			return nil, fault.New(fault.NotFound, "There is no file %q that can be read.", file[0])
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	if in == nil {
		return nil, fault.New(fault.Invalid, "There is no body to read.").WithExample("tocsin hooks try alertmanager body.json")
	}
	b, err := io.ReadAll(io.LimitReader(in, hookBody+1))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The body cannot be read.")
	}
	if len(b) > hookBody {
		return nil, fault.New(fault.Invalid, "The body is larger than 1 MiB, and would be refused.")
	}
	return b, nil
}

// tell says what a body means, and what policy would do with it.
func (t trial) tell(name, path string, n integrations.News) {
	if _, known := t.policy.SourceFor(path); path != "" && !known {
		t.line("note", fmt.Sprintf("policy has no source %q; the names that senders commonly use are looked for", path))
	}
	if n.Test {
		t.line("test", "the sender's test button; nothing is opened")
	}
	for _, p := range n.Pages {
		t.line(string(p.State), "page "+p.Key)
		t.pairs("by", p.By, "whom", p.Whom, "note", p.Note, "link", p.Link, "at", moment(p.At))
	}
	for _, a := range n.Alerts {
		t.line(string(a.State), a.Title)
		t.pairs("words", a.Summary, "group", a.Group, "key", a.Key, "severity", a.Severity, "service", a.Service, "since", moment(a.Since), "at", moment(a.At),
			"link", a.Link, "runbook", a.Runbook, "dashboard", a.Board, "labels", pairsOf(a.Labels),
			"policy", explainAlert(t.policy, name, a))
		if a.Cut {
			t.pairs("cut", "the sender left alerts of this group out")
		}
	}
	for _, c := range n.Changes {
		t.line(c.Kind, c.Title)
		t.pairs("key", c.Key, "service", c.Service, "where", c.Environment, "by", c.By, "link", c.Link, "at", moment(c.At), "until", moment(c.Until))
	}
	if len(n.Pages)+len(n.Alerts)+len(n.Changes) == 0 && !n.Test {
		t.line("nothing", "it is understood, and nothing follows from it")
	}
	if open, err := all.Outside(t.house()); err == nil && !isOpen(open, name) {
		t.line("note", hooksPath+name+" is closed: set "+settingOf(name)+" to a long random word to open it")
	}
}

func (t trial) line(what, words string) { fmt.Fprintf(t.out.Out, "%-10s %s\n", what, words) }

func (t trial) pairs(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(t.out.Out, "%-10s   %-9s %s\n", "", pairs[i], strings.ReplaceAll(pairs[i+1], "\n", " "))
		}
	}
}

func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func pairsOf(labels map[string]string) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		out = append(out, name+"="+labels[name])
	}
	return strings.Join(out, " ")
}
