package bot_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"tocsin/bot"
	"tocsin/commands"
)

var update = flag.Bool("update", false, "rewrite generated tables and goldens")

// TestTheTablesInTheREADMEAreTrue compares what is generated between the
// README's markers; with -update it writes it.
func TestTheTablesInTheREADMEAreTrue(t *testing.T) {
	const file = "../README.md"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := between(t, string(raw), "commands", commands.Table())
	want = between(t, want, "settings", settingsTable())
	if want == string(raw) {
		return
	}
	if !*update {
		t.Fatal("README.md is behind the code: run go test ./bot -update")
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func between(t *testing.T, text, name, table string) string {
	t.Helper()
	begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
	head, rest, ok := strings.Cut(text, begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("README.md has no place for %s", name)
	}
	return head + begin + strings.TrimRight(table, "\n") + "\n" + end + tail
}

func settingsTable() string {
	var b strings.Builder
	b.WriteString("| name | default | what it decides |\n|---|---|---|\n")
	for _, s := range bot.Settings() {
		value := s.Default
		if value != "" {
			value = "`" + value + "`"
		}
		about := s.About
		if s.Secret() {
			about += " (secret; `" + s.Name + "_FILE` names a file that holds it)"
		}
		b.WriteString("| `" + s.Name + "` | " + value + " | " + strings.ReplaceAll(about, "|", `\|`) + " |\n")
	}
	return b.String()
}
