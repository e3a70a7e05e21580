package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/redact"
)

// PassFor is how long a personal link and what a browser keeps of it open the
// reviews.
const PassFor = 7 * 24 * time.Hour

// Pass makes the token of a person's own link to the reviews. It says who it
// is and until when, and is signed; nothing of it is kept here.
func Pass(key redact.Secret, person incident.PersonID, now time.Time) string {
	says := strconv.FormatInt(now.Add(PassFor).Unix(), 10) + "." + string(person)
	return encode([]byte(says)) + "." + encode(sign(key, says))
}

// Who reads a token: whose it is, and until when it opens.
func Who(key redact.Secret, token string, now time.Time) (person incident.PersonID, until time.Time, ok bool) {
	front, back, cut := strings.Cut(token, ".")
	says, err := base64.RawURLEncoding.DecodeString(front)
	given, wrong := base64.RawURLEncoding.DecodeString(back)
	if !cut || err != nil || wrong != nil || key.Reveal() == "" || !hmac.Equal(given, sign(key, string(says))) {
		return "", time.Time{}, false
	}
	end, name, cut := strings.Cut(string(says), ".")
	at, err := strconv.ParseInt(end, 10, 64)
	until = time.Unix(at, 0)
	if !cut || err != nil || name == "" || !now.Before(until) {
		return "", time.Time{}, false
	}
	return incident.PersonID(name), until, true
}

func sign(key redact.Secret, says string) []byte {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	mac.Write([]byte("tocsin reviews\n" + says))
	return mac.Sum(nil)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
