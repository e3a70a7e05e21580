package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"tocsin/incident"
)

// MaxSize is how large a policy file may be.
const MaxSize = 1 << 20

// Fault is one thing wrong with a policy file.
type Fault struct {
	Line int    // 0: the file as a whole
	At   string // where, "severities[0].updates"; may be empty
	What string // what is wrong, and what would be right
}

// String is the fault as one line.
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	if f.At != "" {
		b.WriteString(f.At + ": ")
	}
	return b.String() + f.What
}

// Faults is everything wrong with a policy file.
type Faults []Fault

// Error implements error: a line for each fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Load reads a policy file. The error is [Faults] when the file has some.
func Load(path string) (incident.Policy, error) {
	f, err := os.Open(path)
	if err != nil {
		return incident.Policy{}, fmt.Errorf("open policy: %w", err)
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return incident.Policy{}, fmt.Errorf("read policy: %w", err)
	}
	if len(b) > MaxSize {
		return incident.Policy{}, Faults{{What: "the file is larger than 1 MiB"}}
	}
	return Parse(b)
}

// Parse reads a policy from YAML. The error is [Faults].
func Parse(b []byte) (incident.Policy, error) {
	tree, err := parser.ParseBytes(b, 0)
	if err != nil {
		return incident.Policy{}, faultOf(err)
	}
	var f file
	err = yaml.NewDecoder(strings.NewReader(string(b)), yaml.Strict()).Decode(&f)
	if err != nil && !errors.Is(err, io.EOF) {
		return incident.Policy{}, faultOf(err)
	}
	c := conversion{tree: tree}
	p := c.policy(f)
	if len(c.faults) > 0 {
		slices.SortStableFunc(c.faults, func(a, b Fault) int { return a.Line - b.Line })
		return incident.Policy{}, c.faults
	}
	p.Hash = hashOf(b)
	return p, nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// faultOf takes the line and the words from an error of the YAML reader.
func faultOf(err error) Faults {
	e, ok := errors.AsType[yaml.Error](err)
	if !ok {
		return Faults{{What: "the file is no YAML that tocsin can read"}}
	}
	f := Fault{What: e.GetMessage()}
	if t := e.GetToken(); t != nil {
		f.Line = t.Position.Line
		if _, unknown := errors.AsType[*yaml.UnknownFieldError](err); unknown {
			f.What = fmt.Sprintf("there is no setting %q here", t.Value)
		}
	}
	return Faults{f}
}

// lineOf finds the line on which a part of the file stands.
func lineOf(tree *ast.File, at string) int {
	if tree == nil || at == "" {
		return 0
	}
	for at != "" {
		if p, err := yaml.PathString("$." + at); err == nil {
			if n, err := p.FilterFile(tree); err == nil && n != nil {
				return n.GetToken().Position.Line
			}
		}
		cut := strings.LastIndexAny(at, ".[") // not written down: where its parent stands
		at = at[:max(cut, 0)]
	}
	return 0
}
