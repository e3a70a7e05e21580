package gate

import (
	"net/http"
	"net/url"
	"strings"

	"tocsin/integrations"
)

const formType = "application/x-www-form-urlencoded"

// Loose admits a sender of whom nothing is known but a secret, wherever it put
// it: a header, ?token=, a segment of the path, or a signature in the header
// of that name. What is kept holds no secret.
func (k Keys) Loose(c integrations.Call, signatureHeader string) (integrations.Delivery, error) {
	path, in := k.Path(c.Path)
	in = in || k.Header(c.Header) || k.Query(c.Query, "token")
	if signature := c.Header.Get(signatureHeader); !in && signature != "" {
		in = k.Signed(signature, c.Body)
	}
	if !in {
		return integrations.Delivery{}, Refused()
	}
	d := integrations.Delivery{Path: strings.Trim(path, "/"), At: c.At}
	if once := c.Header.Get("Idempotency-Key"); once != "" {
		d.Key = d.Path + "/" + once
	}
	d.Type, d.Body = withQuery(typeOf(c.Header), c.Body, c.Query)
	return d, nil
}

func typeOf(h http.Header) string {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// withQuery makes one form of what stands in the query and in the body; a body
// that is no form stands alone.
func withQuery(kind string, body []byte, query url.Values) (string, []byte) {
	all := url.Values{}
	for name, values := range query {
		if name != "token" {
			all[name] = values
		}
	}
	if len(all) == 0 || len(body) > 0 && kind != formType {
		return kind, body
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return kind, body
	}
	for name, values := range form {
		all[name] = values
	}
	return formType, []byte(all.Encode())
}
