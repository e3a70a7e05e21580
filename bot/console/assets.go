package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"tocsin/bot/chat"
)

//go:embed assets
var files embed.FS

// root is where everything of the console lies.
const root = "/console/"

// assets are the files that pages need, under a path that holds their hash,
// so that browsers may keep them for ever.
type assets struct {
	prefix  string // "/console/assets/<hash>"
	version string
}

func loadAssets() (assets, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(p)
		sum.Write(fmt.Appendf(nil, "%s %d ", p, len(b)))
		sum.Write(b)
		return err
	})
	if err != nil {
		return assets{}, fmt.Errorf("read the console's files: %w", err)
	}
	version := hex.EncodeToString(sum.Sum(nil))[:12]
	return assets{prefix: root + "assets/" + version, version: version}, nil
}

// serve hands out one file. An old hash gets the newest file, uncached, so
// that a page from before an update still works.
func (a assets) serve(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.PathValue("file"))
	b, err := files.ReadFile("assets/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if r.PathValue("version") == a.version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	types := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	kind, ok := types[path.Ext(name)]
	if !ok {
		kind = "text/plain; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(b)
}

func roomPath(id string) string { return root + "r/" + pathEscape(id) }

// hue is the colour of somebody's picture, the same everywhere.
func hue(id string) int {
	sum := 0
	for _, r := range id {
		sum = (sum*31 + int(r)) % 8191
	}
	return sum % 8
}

// initials are at most two letters of a name.
func initials(name string) string {
	var out []rune
	for _, w := range strings.Fields(chat.CleanLine(name)) {
		if r := []rune(w)[0]; len(out) < 2 && r != '(' {
			out = append(out, r)
		}
	}
	return strings.ToUpper(string(out))
}
