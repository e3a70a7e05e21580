package web

import (
	"net/http"

	"tocsin/incident/review"
)

// file hands the review out to be kept elsewhere, as it reads now.
func (p *reviewPages) file(w http.ResponseWriter, r *http.Request, who visitor) {
	v, ok := p.read(w, r, who)
	if !ok {
		return
	}
	var kind string
	var body []byte
	form := r.PathValue("form")
	switch form {
	case "md":
		kind, body = "text/markdown; charset=utf-8", []byte(review.Markdown(v.Draft, review.CiteLinks))
	case "html":
		kind, body = "text/html; charset=utf-8", []byte(review.HTMLWith(v.Draft, func(kept string) (string, []byte) {
			pic, found, err := p.Reviews.Picture(r.Context(), who.Person, r.PathValue("id"), kept)
			if err != nil || !found {
				return "", nil // a page without a picture is better than no page
			}
			return pic.Kind, pic.Bytes
		}))
	case "json":
		kind, body = "application/json; charset=utf-8", review.JSON(v.Draft)
	default:
		p.absent(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	h.Set("Content-Disposition", `attachment; filename="review-`+anchor("", v.Number)+"."+form+`"`)
	_, _ = w.Write(body) // the reader has gone; nobody is left to tell
}
