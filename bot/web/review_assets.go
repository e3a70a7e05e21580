package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
)

//go:embed assets
var reviewFiles embed.FS

// reviewAssets are the files that the pages need, under a path that holds
// their hash, so that browsers may keep them for ever.
type reviewAssets struct{ prefix, version string }

func loadReviewAssets() reviewAssets {
	sum := sha256.New()
	_ = fs.WalkDir(reviewFiles, ".", func(p string, d fs.DirEntry, err error) error { // it lies in the binary
		if err == nil && !d.IsDir() {
			b, _ := reviewFiles.ReadFile(p)
			sum.Write(fmt.Appendf(nil, "%s %d ", p, len(b)))
			sum.Write(b)
		}
		return err
	})
	version := hex.EncodeToString(sum.Sum(nil))[:12]
	return reviewAssets{prefix: reviewRoot + "/assets/" + version + "/files", version: version}
}

// serve hands out one file. An old hash gets the newest file, uncached, so
// that a page from before an update still works.
func (a reviewAssets) serve(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.PathValue("file"))
	kind, ok := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(name)]
	b, err := reviewFiles.ReadFile("assets/" + name)
	if err != nil || !ok {
		http.NotFound(w, r)
		return
	}
	if r.PathValue("version") == a.version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(b) // the client has gone; nobody is left to tell
}
