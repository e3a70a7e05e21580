package bot_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// floors ranks the house from the ground up, as the design says: a package
// imports only from floors below its own, and neighbours do not know each
// other. A plain name wins over a pattern.
func floors() [][]string {
	return [][]string{
		{"incident/fault", "incident/redact"},
		{"incident", "incident/review/source"},
		{"incident/review/check", "incident/review/mine", "incident/review/exports"},
		{"incident/review", "incident/report", "bot/chat", "store", "integrations"},
		{"bot/say", "integrations/rest", "integrations/gate", "integrations/reading"},
		{"store/*", "bot/slack", "bot/discord", "bot/console", "integrations/*", "commands", "bot/worker", "bot/policy"},
		{"bot/reactors", "bot/web", "integrations/all"},
		{"bot"},
		{"bot/bottest", "bot/slack/bench"},
		{"."},
	}
}

// forTests are packages that only tests import; they may look anywhere below bot.
func forTests(pkg string) bool { return strings.HasSuffix(pkg, "test") && pkg != "bot/bottest" }

func floorOf(pkg string) (floor int, known bool) {
	for n, names := range floors() {
		if slices.Contains(names, pkg) {
			return n, true
		}
	}
	for n, names := range floors() {
		for _, name := range names {
			if ok, err := path.Match(name, pkg); ok && err == nil {
				return n, true
			}
		}
	}
	return 0, false
}

func TestEveryPackageImportsOnlyFromLowerFloors(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "tocsin/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		mine := local(p.ImportPath)
		if forTests(mine) {
			continue
		}
		seen++
		floor, known := floorOf(mine)
		if !known {
			t.Errorf("package %s has no floor", mine)
			continue
		}
		for _, i := range p.Imports {
			if i != "tocsin" && !strings.HasPrefix(i, "tocsin/") {
				continue
			}
			if theirs, _ := floorOf(local(i)); theirs >= floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", mine, floor, local(i), theirs)
			}
		}
	}
	if seen < 10 {
		t.Errorf("go list named %d packages; the house has more", seen)
	}
}

func TestTheFloorsCatchAPackageWithoutOne(t *testing.T) {
	t.Parallel()
	if _, known := floorOf("incident/elsewhere/deep"); known {
		t.Error("a package nobody placed was given a floor")
	}
	if f, known := floorOf("store/sqlite"); !known || f != 5 {
		t.Errorf("store/sqlite stands on floor %d (known: %t), not with the adapters", f, known)
	}
}

func local(importPath string) string {
	if s, ok := strings.CutPrefix(importPath, "tocsin/"); ok {
		return s
	}
	return "."
}
