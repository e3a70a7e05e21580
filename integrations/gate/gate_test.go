package gate_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations/gate"
)

func authorized(value string) http.Header { return http.Header{"Authorization": {value}} }

func TestASecretOpensTheGateHoweverItIsSent(t *testing.T) {
	t.Parallel()
	k := gate.Of("old-secret-of-the-house, new-secret-of-the-house")
	basic := &http.Request{Header: http.Header{}}
	basic.SetBasicAuth("anybody", "new-secret-of-the-house")
	for name, in := range map[string]bool{
		"the first":                  k.Is("old-secret-of-the-house"),
		"the second":                 k.Is("new-secret-of-the-house"),
		"bearer":                     k.Header(authorized("Bearer new-secret-of-the-house")),
		"a scheme of their own":      k.Header(authorized("GenieKey  old-secret-of-the-house")),
		"without a scheme":           k.Header(authorized("old-secret-of-the-house")),
		"basic, whoever they are":    k.Header(basic.Header),
		"in the query":               k.Query(url.Values{"token": {"old-secret-of-the-house"}}, "token"),
		"a signature":                k.Signed(sign("new-secret-of-the-house", "12:body"), []byte("12:"), []byte("body")),
		"a signature with its name":  k.Signed("sha256="+sign("old-secret-of-the-house", "body"), []byte("body")),
		"a signature in upper case":  k.Signed(fmt.Sprintf("%X", unhex(t, sign("old-secret-of-the-house", "body"))), []byte("body")),
		"it is set":                  k.Set(),
		"one that is long is strong": !k.Weak(),
	} {
		if !in {
			t.Errorf("%s: kept out", name)
		}
	}
}

func TestNothingElseOpensIt(t *testing.T) {
	t.Parallel()
	k, none := gate.Of("the-secret-of-the-house"), gate.Of(" , ")
	user := &http.Request{Header: http.Header{}}
	user.SetBasicAuth("the-secret-of-the-house", "wrong")
	for name, in := range map[string]bool{
		"nothing":                          k.Is(""),
		"a beginning":                      k.Is("the-secret-of-the-hous"),
		"more":                             k.Is("the-secret-of-the-house!"),
		"no header":                        k.Header(http.Header{}),
		"an empty header":                  k.Header(authorized("  ")),
		"bearer of nothing":                k.Header(authorized("Bearer ")),
		"basic that is none":               k.Header(authorized("Basic %%%")),
		"basic without a colon":            k.Header(authorized("Basic dGhlLXNlY3JldC1vZi10aGUtaG91c2U=")),
		"the user's name":                  k.Header(user.Header),
		"another name in the query":        k.Query(url.Values{"key": {"the-secret-of-the-house"}}, "token"),
		"a signature of another body":      k.Signed(sign("the-secret-of-the-house", "body"), []byte("bodY")),
		"a signature by another":           k.Signed(sign("another", "body"), []byte("body")),
		"half a signature":                 k.Signed(sign("the-secret-of-the-house", "body")[:32], []byte("body")),
		"no signature":                     k.Signed("", []byte("body")),
		"no secret is set: nothing":        none.Is(""),
		"no secret is set: bearer":         none.Header(authorized("Bearer ")),
		"no secret is set: signed with it": none.Signed(sign("", "body"), []byte("body")),
		"no secret is set: it says it is":  none.Set(),
	} {
		if in {
			t.Errorf("%s: let in", name)
		}
	}
	if !gate.Of("short, the-secret-of-the-house").Weak() {
		t.Error("a secret of five letters passes for strong")
	}
	if err := gate.Refused(); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("refused as %s", fault.KindOf(err))
	}
}

func TestTheSecretIsTakenOutOfThePath(t *testing.T) {
	t.Parallel()
	k := gate.Of("the-secret-of-the-house")
	for path, want := range map[string]string{
		"the-secret-of-the-house": "", "uptime/the-secret-of-the-house": "uptime", "the-secret-of-the-house/uptime": "uptime",
	} {
		if rest, found := k.Path(path); !found || rest != want {
			t.Errorf("%s leaves %q (%t), want %q", path, rest, found, want)
		}
	}
	for _, path := range []string{"", "uptime", "uptime/wrong"} {
		if rest, found := k.Path(path); found || rest != path {
			t.Errorf("%s: %q, %t", path, rest, found)
		}
	}
}

func TestASignedMomentMustBeNow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 6, 0, 0, 0, time.UTC)
	at := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	for words, want := range map[string]bool{
		at(0): true, at(-5 * time.Minute): true, at(5 * time.Minute): true, " " + at(time.Second): true,
		at(-5*time.Minute - time.Second): false, at(6 * time.Minute): false, "": false, "now": false, "99999999999999999999": false,
	} {
		if got := gate.Fresh(words, now); got != want {
			t.Errorf("%q is fresh: %t", words, got)
		}
	}
}

func sign(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
