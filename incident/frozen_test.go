package incident_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin/incident"

	"github.com/google/go-cmp/cmp"
)

// frozen is what a file of testdata/events holds. It may never change.
type frozen struct {
	Type  string          `json:"type"`
	Shape int             `json:"shape"`
	Event json.RawMessage `json:"event"`
}

func unmarshal(zero incident.Event, raw []byte) (incident.Event, error) {
	p := reflect.New(reflect.TypeOf(zero))
	if err := json.Unmarshal(raw, p.Interface()); err != nil {
		return nil, fmt.Errorf("read %T: %w", zero, err)
	}
	return p.Elem().Interface().(incident.Event), nil
}

func TestEveryEventIsWrittenAsItsFrozenFileSays(t *testing.T) {
	t.Parallel()
	for _, k := range incident.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			full := filled(k.Zero)
			raw, err := json.Marshal(full)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "events", k.Name+"."+strconv.Itoa(k.Shape)+".json")
			kept := thaw(t, path, frozen{Type: k.Name, Shape: k.Shape, Event: raw})
			if !bytes.Equal(compact(t, kept.Event), raw) {
				t.Errorf("%s is written as\n%s\nbut its frozen file says\n%s\nA field that is new or changed needs a new shape.", k.Name, raw, compact(t, kept.Event))
			}
			back, err := decode(k.Name, kept.Event)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wordless(full), back); diff != "" {
				t.Errorf("reading the frozen file gives another event:\n%s", diff)
			}
		})
	}
}

// thaw reads a frozen file; with -update it is written if it is missing, and
// never otherwise.
func thaw(t *testing.T, path string, now frozen) frozen {
	t.Helper()
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) && *update {
		b, err = json.MarshalIndent(now, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, '\n')
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err != nil {
		t.Fatalf("no frozen file (run with -update to freeze a new event): %v", err)
	}
	var f frozen
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if f.Type != now.Type || f.Shape != now.Shape {
		t.Fatalf("%s holds %s, shape %d", path, f.Type, f.Shape)
	}
	return f
}

func compact(t *testing.T, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEveryFrozenFileCanStillBeRead(t *testing.T) {
	t.Parallel()
	shapes := map[string]int{}
	for _, k := range incident.Kinds() {
		shapes[k.Name] = k.Shape
	}
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil || len(files) < len(shapes) {
		t.Fatalf("%d frozen files for %d kinds (%v)", len(files), len(shapes), err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var f frozen
		if err := json.Unmarshal(b, &f); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		shape, known := shapes[f.Type]
		if !known || f.Shape < 1 || f.Shape > shape {
			t.Errorf("%s holds shape %d of %q, which this tocsin does not know", path, f.Shape, f.Type)
			continue
		}
		e, err := decode(f.Type, f.Event)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		r := incident.Recorded{Stream: "incident/x", Version: 1, Actor: ann, Event: e}
		if plain(incident.Sentence(r)) == "" {
			t.Errorf("%s has no sentence", path)
		}
		_ = incident.Incident{}.Apply(r)
	}
}

func TestKindsHoldTheWholeClosedSet(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	names := map[string]bool{}
	for _, k := range incident.Kinds() {
		listed[reflect.TypeOf(k.Zero).Name()] = true
		if names[k.Name] || k.Name != strings.ToLower(k.Name) {
			t.Errorf("the name %q is given twice or is not in lower case", k.Name)
		}
		names[k.Name] = true
	}
	carriers := map[string]bool{"Unknown": true, "Dated": true} // no kinds of their own
	for _, name := range receivers(t, "tell") {
		if !listed[name] && !carriers[name] {
			t.Errorf("the event %s is missing in Kinds", name)
		}
	}
}

// receivers lists the types of the package that have a method.
func receivers(t *testing.T, method string) []string {
	t.Helper()
	var all []string
	notTest := func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !strings.HasSuffix(entry.Name(), ".go") || !notTest(info) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != method {
				continue
			}
			if name, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
				all = append(all, name.Name)
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("no type has the method %s", method)
	}
	return all
}

func TestAnUnknownEventIsKeptAndStopsChanges(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := incident.Unknown{Type: "moon_risen", Raw: json.RawMessage(`{"x":1}`)}
	r := incident.Recorded{Stream: s.inc.ID.Stream(), Version: s.inc.Head + 1, Recorded: s.now, Actor: ann, Event: u}
	s.inc = s.stored(s.inc.Apply(r))
	if !s.inc.Newer {
		t.Fatal("the state does not know that it is incomplete")
	}
	if got := plain(incident.Sentence(r)); got != "Written by a newer tocsin: moon_risen" {
		t.Errorf("told as %q", got)
	}
	s.no(s.inc.Resolve(s.as(ann), "")).with(conflict, "newer tocsin", "INC-142")
	s.nothing(s.inc.OpenRoom(incident.Room{Platform: "console", ID: "r1"}))
	s.nothing(s.inc.Join(s.as(bo)))
	s.nothing(s.inc.PageNews(incident.PageResolved{Page: "p1"}))
}

// filled is an event with something in each of its fields.
func filled(zero incident.Event) incident.Event {
	p := reflect.New(reflect.TypeOf(zero))
	fillValue(p.Elem(), "")
	return p.Elem().Interface().(incident.Event)
}

func wordless(e incident.Event) incident.Event {
	return incident.MapTexts(e, func(t *incident.Text) { t.Words = "" })
}

func fillValue(v reflect.Value, field string) {
	if s := sample(v.Type(), field); s != nil {
		v.Set(reflect.ValueOf(s).Convert(v.Type()))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for k := range v.NumField() {
			fillValue(v.Field(k), v.Type().Field(k).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for k := range v.Len() {
			fillValue(v.Index(k), field)
		}
	case reflect.String:
		v.SetString(strings.ToLower(field))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint64:
		v.SetUint(2)
	default:
		v.SetInt(2)
	}
}

// sample is a sensible value of a type that has a meaning.
func sample(t reflect.Type, field string) any {
	switch reflect.Zero(t).Interface().(type) {
	case time.Time:
		return noon()
	case time.Duration:
		return 90 * time.Second
	case incident.Text:
		return incident.Text{Author: ann, Words: "words", Ref: "7.0", Hash: "c0ffee"}
	case incident.PersonID:
		return ann
	case incident.Status:
		return map[bool]incident.Status{true: incident.Monitoring, false: incident.Identified}[field == "To"]
	case incident.Severity:
		return incident.Sev2
	case incident.Role:
		return incident.Commander
	case incident.Milestone:
		return incident.Mitigated
	case incident.Reason:
		return incident.FalseAlarm
	case incident.Joined:
		return incident.Invited
	case incident.TargetKind:
		return incident.TeamTarget
	case incident.PageID:
		return "p1"
	}
	return nil
}
