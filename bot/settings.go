package bot

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// prefix begins the name of every setting.
const prefix = "TOCSIN"

// maxSecretFile is how much a file named by a *_FILE setting may hold.
const maxSecretFile = 64 << 10

// Problem is one thing wrong with the settings: which, what, and how to mend it.
type Problem struct {
	Name string // the variable, "TOCSIN_LISTEN"
	What string // what is wrong with it, without its value when that is a secret
	Mend string // what to do
}

// String is the problem as one line.
func (p Problem) String() string { return p.Name + ": " + p.What + ". " + p.Mend }

// Problems are everything that is wrong, in the order of the names.
type Problems []Problem

// Error implements error: a line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Setting is a variable that tocsin reads, for tables in the docs.
type Setting struct {
	Name    string
	Type    string // "String", "Duration", "Secret", …
	Default string
	About   string
}

// Secret says that the value never appears in logs, and that NAME_FILE may
// name a file that holds it.
func (s Setting) Secret() bool { return s.Type == "Secret" }

// Settings lists every variable in the order of the structs that declare them.
func Settings() []Setting {
	var c Config
	return settingsOf(&c)
}

func settingsOf(spec any) []Setting { return settingsIn(prefix, reflect.TypeOf(spec).Elem()) }

// settingsIn lists the fields of a struct by the names under which envconfig
// reads them. envconfig could tell itself, but draws its table with
// text/template, and a program that can reach that keeps every method of
// every library it has; a test holds this list to envconfig's.
func settingsIn(before string, spec reflect.Type) []Setting {
	var out []Setting
	for i := range spec.NumField() {
		f := spec.Field(i)
		if !f.IsExported() {
			continue
		}
		name := before + "_" + strings.ToUpper(f.Name)
		if f.Tag.Get("split_words") == "true" {
			name = before + "_" + strings.ToUpper(splitWords(f.Name))
		}
		if f.Type.Kind() == reflect.Struct {
			if f.Anonymous {
				name = before
			}
			out = append(out, settingsIn(name, f.Type)...)
			continue
		}
		out = append(out, Setting{Name: name, Type: f.Type.Name(), Default: f.Tag.Get("default"), About: f.Tag.Get("desc")})
	}
	return out
}

// splitWords makes "API_Token" of "APIToken".
func splitWords(name string) string {
	name = regexp.MustCompile(`([^A-Z])([A-Z])`).ReplaceAllString(name, "${1}_${2}")
	return regexp.MustCompile(`([A-Z])([A-Z][^A-Z])`).ReplaceAllString(name, "${1}_${2}")
}

// fill reads the variables of env into spec and reports everything that does
// not fit, with the names that no struct declares.
func fill(spec any, env []string, known []string) Problems {
	vars := ours(env)
	settings := settingsOf(spec)
	problems := secretsFromFiles(vars, settings)
	for _, s := range settings {
		known = append(known, s.Name)
	}
	problems = append(problems, unknownNames(vars, known)...)
	problems = append(problems, process(spec, vars, settings)...)
	slices.SortStableFunc(problems, func(a, b Problem) int { return strings.Compare(a.Name, b.Name) })
	return problems
}

// ours picks the variables that are meant for tocsin. An empty one counts as
// not set; what Kubernetes injects for services is not ours.
func ours(env []string) map[string]string {
	noise := regexp.MustCompile(`_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$`)
	url := regexp.MustCompile(`^(tcp|udp|sctp)://`)
	vars := map[string]string{}
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		injected := noise.MatchString(name) || (strings.HasSuffix(name, "_PORT") && url.MatchString(value))
		if !strings.HasPrefix(name, prefix+"_") || strings.TrimSpace(value) == "" || injected {
			continue
		}
		vars[name] = strings.TrimSpace(value)
	}
	return vars
}

// secretsFromFiles replaces NAME_FILE by NAME, holding what the file holds.
func secretsFromFiles(vars map[string]string, settings []Setting) Problems {
	var problems Problems
	for _, s := range settings {
		path, set := vars[s.Name+"_FILE"]
		if !s.Secret() || !set {
			continue
		}
		delete(vars, s.Name+"_FILE")
		if _, both := vars[s.Name]; both {
			problems = append(problems, Problem{s.Name, "it is set, and " + s.Name + "_FILE too", "Set one of the two."})
			continue
		}
		value, why := secretIn(path)
		if why != "" {
			problems = append(problems, Problem{s.Name + "_FILE", why, "Name a file of at most 64 KiB that holds the secret alone and that tocsin may read."})
			continue
		}
		vars[s.Name] = value
	}
	return problems
}

func secretIn(path string) (value, why string) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return "", fmt.Sprintf("there is no file %q that can be read", path)
	}
	if info.Size() > maxSecretFile {
		return "", fmt.Sprintf("the file %q is larger than 64 KiB", path)
	}
	b, err := os.ReadFile(path)
	switch {
	case err != nil:
		return "", fmt.Sprintf("the file %q cannot be read", path)
	case len(b) > maxSecretFile:
		return "", fmt.Sprintf("the file %q is larger than 64 KiB", path)
	case bytes.IndexByte(b, 0) >= 0:
		return "", fmt.Sprintf("the file %q is not text", path)
	}
	value = strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	if strings.TrimSpace(value) == "" {
		return "", fmt.Sprintf("the file %q is empty", path)
	}
	return value, ""
}

// unknownNames finds variables that no setting has, with the nearest that one has.
func unknownNames(vars map[string]string, known []string) Problems {
	var problems Problems
	for name := range vars {
		if slices.Contains(known, name) {
			continue
		}
		mend := "Unset it, or see the list of settings in the README."
		if near := nearest(name, known); near != "" {
			mend = "Did you mean " + near + "?"
		}
		problems = append(problems, Problem{name, "no such setting", mend})
	}
	return problems
}

// process hands the cleaned values to envconfig. It reads nothing but the
// process's environment, stops at the first fault and prints values in its
// errors: so the values are laid there for the length of the call, under a
// prefix nobody else has, each fault is taken out and the rest tried again,
// and its words are not repeated.
func process(spec any, vars map[string]string, settings []Setting) Problems {
	own := prefix + "_" + nonce()
	laid := func(name string) string { return own + strings.TrimPrefix(name, prefix) }
	for name, value := range vars {
		if err := os.Setenv(laid(name), value); err != nil {
			return Problems{{name, "its value cannot be read", "Set it to plain text."}}
		}
	}
	defer func() {
		for name := range vars {
			_ = os.Unsetenv(laid(name))
		}
	}()
	var problems Problems
	for range settings {
		err := envconfig.Process(own, spec)
		if err == nil {
			return problems
		}
		wrong, ok := errors.AsType[*envconfig.ParseError](err)
		if !ok {
			return append(problems, Problem{prefix, "the settings cannot be read", "This is a mistake of tocsin's; please report it."})
		}
		name := prefix + strings.TrimPrefix(wrong.KeyName, own)
		problems = append(problems, Problem{name, "it is not a valid " + kindWords(wrong.TypeName), "Set it to " + kindExample(wrong.TypeName) + "."})
		_ = os.Unsetenv(wrong.KeyName)
	}
	return problems
}

func nonce() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return strings.ToUpper(hex.EncodeToString(b))
}

func kindWords(typeName string) string {
	switch typeName {
	case "time.Duration":
		return "span of time"
	case "bool":
		return "yes or no"
	case "int", "int64":
		return "number"
	}
	return "value"
}

func kindExample(typeName string) string {
	switch typeName {
	case "time.Duration":
		return "a number with a unit, such as 30s or 5m"
	case "bool":
		return "true or false"
	case "int", "int64":
		return "a whole number"
	}
	return "what the README says of it"
}

// nearest is the known name with the fewest letters changed, if few enough.
func nearest(name string, known []string) string {
	best, at := "", 1+len(name)/4
	for _, k := range known {
		for _, form := range []string{k, k + "_FILE"} {
			if d := distance(name, form); d < at {
				best, at = form, d
			}
		}
	}
	return best
}

// distance counts the letters to change, add or take out to make a of b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
