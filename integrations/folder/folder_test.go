package folder_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/documentstest"
	"tocsin/integrations/folder"
)

func TestAFolderKeepsDocuments(t *testing.T) {
	t.Parallel()
	documentstest.Run(t, func(t *testing.T) documentstest.Bench {
		t.Helper()
		around := t.TempDir()
		dir := filepath.Join(around, "reviews")
		f, err := folder.Open(folder.Config{Folder: dir})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { nothingBeside(t, around, dir) })
		return documentstest.Bench{
			Documents: f,
			Read:      func(t *testing.T, key string) []string { t.Helper(); return under(t, dir, key) },
			Away: func(t *testing.T) {
				t.Helper()
				if err := os.WriteFile(dir, []byte("a file"), 0o600); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}

// under is what stands in files of a key.
func under(t *testing.T, dir, key string) []string {
	t.Helper()
	sum := sha256.Sum256([]byte(key))
	var out []string
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(string(b), "<!-- tocsin document "+hex.EncodeToString(sum[:12])+" version ") {
			out = append(out, string(b))
		}
	}
	return out
}

// nothingBeside says that nothing was written but whole documents in the folder.
func nothingBeside(t *testing.T, around, dir string) {
	t.Helper()
	err := filepath.WalkDir(around, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path != around && path != dir && (filepath.Dir(path) != dir || !strings.HasSuffix(path, ".md")) {
			t.Errorf("there is %s", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func document(key string) integrations.Document {
	return integrations.Document{Key: key, Version: 1, Name: "INC-7", Markdown: "# words\n"}
}

func TestWhatTocsinDidNotWriteIsNeverTouched(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	own := filepath.Join(dir, "INC-7.md")
	if err := os.WriteFile(own, []byte("# my own notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "target"), filepath.Join(dir, "INC-8.md")); err != nil {
		t.Fatal(err)
	}
	f, err := folder.Open(folder.Config{Folder: dir, Link: "https://wiki.example.com/reviews/"})
	if err != nil {
		t.Fatal(err)
	}
	ref, err := f.Publish(t.Context(), document("a"))
	if err != nil || ref.ID == "INC-7.md" || ref.URL != "https://wiki.example.com/reviews/"+ref.ID {
		t.Errorf("published at %+v, %v", ref, err)
	}
	d := document("b")
	d.Name = "INC-8"
	if ref, err := f.Publish(t.Context(), d); err != nil || ref.ID == "INC-8.md" {
		t.Errorf("published through a link, at %+v, %v", ref, err)
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
		t.Errorf("%v lie outside the folder, %v", left, err)
	}
	if b, err := os.ReadFile(own); err != nil || string(b) != "# my own notes" {
		t.Errorf("the notes read %q, %v", b, err)
	}
	if err := f.Withdraw(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(own); err != nil {
		t.Errorf("the notes are gone: %v", err)
	}
}

func TestAPrivateDocumentIsReadByItsOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := folder.Open(folder.Config{Folder: dir})
	if err != nil {
		t.Fatal(err)
	}
	d := document("a")
	d.Private = true
	ref, err := f.Publish(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, ref.ID)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestACheckSaysWhatIsWrongWithTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir: "ok", filepath.Join(dir, "new"): "ok", filepath.Join(dir, "a", "b"): "fail", file: "fail",
	} {
		f, err := folder.Open(folder.Config{Folder: path})
		if err != nil {
			t.Fatal(err)
		}
		found := f.Check(t.Context())
		if len(found) != 1 || found[0].Level != want || want == "fail" && found[0].Mend == "" {
			t.Errorf("%s: %+v", path, found)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("checking left %v, %v", left, err)
	}
}

func TestTwoThatAreTakenAreNotWrittenOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := folder.Open(folder.Config{Folder: dir})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("a"))
	for _, name := range []string{"INC-7.md", "INC-7-" + hex.EncodeToString(sum[:4]) + ".md"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.Publish(t.Context(), document("a")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("published over somebody's file: %v", err)
	}
}

func TestSettingsOfTheFolder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config folder.Config
		faults string
	}{
		"nothing":          {folder.Config{}, ""},
		"a folder":         {folder.Config{Folder: "/srv/reviews", Link: "https://wiki.example.com/r"}, ""},
		"half a path":      {folder.Config{Folder: "reviews"}, "TOCSIN_DOCUMENTS_FOLDER"},
		"a link alone":     {folder.Config{Link: "https://wiki.example.com"}, "TOCSIN_DOCUMENTS_FOLDER"},
		"a link of no use": {folder.Config{Folder: "/srv/reviews", Link: "javascript:alert(1)"}, "TOCSIN_DOCUMENTS_LINK"},
	} {
		var names []string
		for _, f := range c.config.Faults() {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != c.faults {
			t.Errorf("%s: %q", name, got)
		}
		if _, err := folder.Open(c.config); (err == nil) != (c.faults == "" && c.config.Set()) {
			t.Errorf("%s: opened with %v", name, err)
		}
	}
}
