// Package gate is how a vendor that calls tocsin proves who it is: a secret
// that both know, sent along or signed with.
//
// It must not know any vendor, nor what a call says.
//
// The one idea: every comparison takes the same time whatever was sent, and a
// gate without a secret lets nobody in.
//
// Guarantees: an empty secret never matches; two secrets stand side by side
// while one replaces the other; nothing here keeps or prints a secret.
package gate

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
)

// Window is how old or new a signed moment may be.
const Window = 5 * time.Minute

// Short is the length under which a secret can be guessed.
const Short = 16

// Keys are the secrets that open a gate.
type Keys struct{ secrets [][]byte }

// Of reads a setting: one secret, or several separated by commas.
func Of(s redact.Secret) Keys {
	var k Keys
	for one := range strings.SplitSeq(s.Reveal(), ",") {
		if one = strings.TrimSpace(one); one != "" {
			k.secrets = append(k.secrets, []byte(one))
		}
	}
	return k
}

// Set says whether there is a secret at all.
func (k Keys) Set() bool { return len(k.secrets) > 0 }

// Weak says that a secret is short enough to be guessed.
func (k Keys) Weak() bool {
	for _, s := range k.secrets {
		if len(s) < Short {
			return true
		}
	}
	return false
}

// Refused is what a caller is told who did not prove who they are: nothing.
func Refused() error { return fault.New(fault.Forbidden, "Not let in.") }

// Is says whether the words are one of the secrets.
func (k Keys) Is(words string) bool {
	given := sha256.Sum256([]byte(words)) // of one length, whatever was sent
	found := 0
	for _, s := range k.secrets {
		want := sha256.Sum256(s)
		found |= subtle.ConstantTimeCompare(given[:], want[:])
	}
	return found == 1
}

// Header looks for a secret in the Authorization header, under any scheme; of
// the basic one the password counts.
func (k Keys) Header(h http.Header) bool {
	scheme, rest, found := strings.Cut(strings.TrimSpace(h.Get("Authorization")), " ")
	if !found {
		return scheme != "" && k.Is(scheme) // some senders know no scheme
	}
	rest = strings.TrimSpace(rest)
	if !strings.EqualFold(scheme, "Basic") {
		return k.Is(rest)
	}
	raw, err := base64.StdEncoding.DecodeString(rest)
	if err != nil {
		return false
	}
	_, password, found := strings.Cut(string(raw), ":")
	return found && k.Is(password)
}

// Query looks for a secret in the query; a caller who cannot send headers
// sends it there.
func (k Keys) Query(q url.Values, name string) bool { return k.Is(q.Get(name)) }

// Path takes a secret out of the segments of a path: rest is what stands
// around it.
func (k Keys) Path(path string) (rest string, found bool) {
	var left []string
	for one := range strings.SplitSeq(path, "/") {
		if k.Is(one) {
			found = true
			continue
		}
		left = append(left, one)
	}
	return strings.Join(left, "/"), found
}

// Signed says whether a signature, hexadecimal and perhaps behind "sha256=",
// is the HMAC-SHA256 of the parts one after the other.
func (k Keys) Signed(signature string, parts ...[]byte) bool {
	given, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(signature), "sha256="))
	if err != nil || len(given) != sha256.Size {
		return false
	}
	found := 0
	for _, s := range k.secrets {
		mac := hmac.New(sha256.New, s)
		for _, p := range parts {
			_, _ = mac.Write(p) // never fails
		}
		found |= subtle.ConstantTimeCompare(mac.Sum(nil), given)
	}
	return found == 1
}

// Fresh reads seconds since 1970 and says whether that is now, give or take
// [Window].
func Fresh(seconds string, now time.Time) bool {
	n, err := strconv.ParseInt(strings.TrimSpace(seconds), 10, 64)
	if err != nil {
		return false
	}
	age := now.Sub(time.Unix(n, 0))
	return age <= Window && age >= -Window
}
