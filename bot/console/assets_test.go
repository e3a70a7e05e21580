package console_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	t.Parallel()
	s := open(t)
	_, page, err := s.get(t.Context(), "/console/r/general")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	linked := regexp.MustCompile(`/console/assets/[0-9a-f]{12}/[a-z.]+`).FindAllString(page, -1)
	if len(linked) < 4 {
		t.Fatalf("the page links %q", linked)
	}
	for _, at := range linked {
		got := knock(s, "GET", "http://localhost"+at, nil)
		if got.Code != 200 || got.Header().Get("Content-Type") != kinds[path.Ext(at)] || !strings.Contains(got.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s is %d, %v", at, got.Code, got.Header())
		}
	}
	old := regexp.MustCompile(`/[0-9a-f]{12}/`).ReplaceAllString(linked[0], "/000000000000/")
	if got := knock(s, "GET", "http://localhost"+old, nil); got.Code != 200 || got.Header().Get("Cache-Control") != "" {
		t.Errorf("a page from before an update gets %d, %q", got.Code, got.Header().Get("Cache-Control"))
	}
	for _, bad := range []string{"/console/assets/x/..%2f..%2fdoc.go", "/console/assets/x/nothing.js", "/console/assets/x/page.html"} {
		if got := knock(s, "GET", "http://localhost"+bad, nil); got.Code == 200 {
			t.Errorf("%s was handed out", bad)
		}
	}
}

// TestAssetsLoadNothing holds the files to what they import and address: only
// each other, and this server.
func TestAssetsLoadNothing(t *testing.T) {
	t.Parallel()
	dir := os.DirFS("assets")
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "idiomorph") {
			return err
		}
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		text := strings.ReplaceAll(string(b), `xmlns="http://www.w3.org/2000/svg"`, "")
		for _, bad := range []string{`https?://`, `@import`, `url\(`, `\beval\(`, `new Function`} {
			if m := regexp.MustCompile(bad).FindString(text); m != "" {
				t.Errorf("%s holds %q", name, m)
			}
		}
		for _, m := range regexp.MustCompile(`from "([^"]+)"`).FindAllStringSubmatch(text, -1) {
			if _, err := fs.Stat(dir, strings.TrimPrefix(m[1], "./")); err != nil {
				t.Errorf("%s imports %s, which is not there", name, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	licence, err := fs.ReadFile(dir, "idiomorph.LICENSE.txt")
	if err != nil || !strings.Contains(string(licence), "Zero-Clause BSD") {
		t.Errorf("the library stands without its licence: %v", err)
	}
}
