// Package hooktest holds every vendor that calls tocsin to the same manners,
// and gives their tests the samples of what vendors really send.
//
// It must not know any vendor: a test hands in its hook.
//
// The one idea: what is true of all of them is asked once, here.
package hooktest

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Sample reads one of the vendors' samples. Without TOCSIN_VENDOR_SAMPLES the
// test is skipped, unless TOCSIN_REQUIRE_SPECS demands them.
func Sample(t testing.TB, name string) []byte {
	t.Helper()
	folder := os.Getenv("TOCSIN_VENDOR_SAMPLES")
	if folder == "" {
		if os.Getenv("TOCSIN_REQUIRE_SPECS") == "1" {
			t.Fatal("TOCSIN_VENDOR_SAMPLES names no folder of samples, and they are demanded")
		}
		t.Skip("TOCSIN_VENDOR_SAMPLES names no folder of samples")
	}
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Moment is when the calls of the tests come.
func Moment() time.Time { return time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC) }

// Call is one that proves nothing yet.
func Call(body []byte) integrations.Call {
	return integrations.Call{Query: url.Values{}, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, At: Moment()}
}

// Bearer is a call that carries a secret.
func Bearer(secret string, body []byte) integrations.Call {
	c := Call(body)
	c.Header.Set("Authorization", "Bearer "+secret)
	return c
}

// Read admits a call and reads it, as the house does.
func Read(t testing.TB, h integrations.Hook, c integrations.Call) integrations.News {
	t.Helper()
	d, err := h.Admit(c)
	if err != nil {
		t.Fatalf("%s is not let in: %v", h.Name(), err)
	}
	n, err := h.Read(d)
	if err != nil {
		t.Fatalf("%s cannot be read: %v", h.Name(), err)
	}
	return n
}

// Run holds a hook to what every hook owes the house. good is a call that it
// lets in and that says something.
func Run(t *testing.T, h integrations.Hook, secret string, good integrations.Call) {
	t.Helper()
	t.Run("its name is one lower-case word", func(t *testing.T) {
		if n := h.Name(); n == "" || strings.ToLower(n) != n || strings.ContainsAny(n, "/ :") {
			t.Errorf("the name is %q", n)
		}
	})
	t.Run("who proves nothing is told nothing", func(t *testing.T) {
		for what, c := range intruders(good, secret) {
			d, err := h.Admit(c)
			if err == nil {
				t.Errorf("%s: let in", what)
				continue
			}
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: refused as %s", what, fault.KindOf(err))
			}
			if said := err.Error(); strings.Contains(said, secret) || len(said) > 60 {
				t.Errorf("%s: told %q", what, said)
			}
			if len(d.Body) > 0 {
				t.Errorf("%s: something would be kept", what)
			}
		}
	})
	t.Run("reading a delivery twice says the same, and the secret is not in it", func(t *testing.T) {
		d, err := h.Admit(good)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(d.Body, []byte(secret)) || strings.Contains(d.Path+d.Key, secret) {
			t.Error("the secret would be kept")
		}
		first, err := h.Read(d)
		if err != nil {
			t.Fatal(err)
		}
		second, err := h.Read(d)
		if diff := cmp.Diff(first, second); diff != "" || err != nil {
			t.Errorf("the second reading differs (%v):\n%s", err, diff)
		}
		if len(first.Alerts)+len(first.Changes)+len(first.Pages) == 0 && !first.Test {
			t.Error("the good call says nothing")
		}
		Sound(t, first)
	})
	t.Run("what cannot be read is refused or means nothing", func(t *testing.T) {
		for _, body := range []string{
			"", "{", "null", "[]", "{}", "[[[[]]]]", `{"alerts":null}`, `{"alerts":{}}`, `{"alerts":[null]}`, `{"event":null}`, `"x"`, "\xff\xfe",
			strings.Repeat("[", 20_000), "<xml/>", "a=b&c=%zz", `{"status":7,"title":{"a":[]}}`,
		} {
			n, err := h.Read(integrations.Delivery{Type: "application/json", Body: []byte(body), At: Moment()})
			if err != nil && fault.KindOf(err) != fault.Invalid {
				t.Errorf("%.40q is refused as %s: %v", body, fault.KindOf(err), err)
			}
			Sound(t, n)
		}
	})
}

// intruders are calls that must not get in.
func intruders(good integrations.Call, secret string) map[string]integrations.Call {
	bare := good
	bare.Header, bare.Query, bare.Path = http.Header{"Content-Type": good.Header["Content-Type"]}, url.Values{}, ""
	wrong := bare
	wrong.Header = http.Header{"Authorization": {"Bearer " + secret + "x"}, "Content-Type": good.Header["Content-Type"]}
	wrong.Query = url.Values{"token": {"x" + secret}}
	wrong.Path = strings.ToUpper(secret) + "/y"
	empty := bare
	empty.Header = http.Header{"Authorization": {"Bearer "}}
	empty.Query = url.Values{"token": {""}}
	out := map[string]integrations.Call{"no secret": bare, "a wrong secret": wrong, "an empty secret": empty}
	forged := good
	forged.Header = good.Header.Clone()
	touched := false
	for name, values := range forged.Header {
		if !strings.Contains(strings.ToLower(name), "signature") {
			continue
		}
		for i, v := range values {
			values[i] = v[:len(v)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(v, "0")]
			touched = true
		}
	}
	if touched {
		out["a signature that was changed"] = forged
		other := good
		other.Body = append(bytes.Clone(good.Body), ' ')
		out["another body under the same signature"] = other
	}
	return out
}

// Sound checks what every alert and change must have.
func Sound(t testing.TB, n integrations.News) {
	t.Helper()
	for _, a := range n.Alerts {
		if a.Group == "" || a.Key == "" || a.Title == "" || a.At.IsZero() {
			t.Errorf("an alert lacks group, key, title or moment: %+v", a)
		}
		if a.State != integrations.Firing && a.State != integrations.Recovered {
			t.Errorf("an alert is %q", a.State)
		}
		if len(a.Group) > 600 || len(a.Key) > 600 || len([]rune(a.Title)) > 300 || len([]rune(a.Summary)) > 2000 {
			t.Errorf("an alert's words are not bounded: %d %d %d %d", len(a.Group), len(a.Key), len(a.Title), len(a.Summary))
		}
		for _, link := range []string{a.Link, a.Runbook, a.Board} {
			if link != "" && !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
				t.Errorf("a link leads to %q", link)
			}
		}
	}
	for _, c := range n.Changes {
		if c.Key == "" || c.Title == "" || c.At.IsZero() || c.Kind == "" {
			t.Errorf("a change lacks key, kind, title or moment: %+v", c)
		}
	}
}
