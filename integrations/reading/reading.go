// Package reading takes what vendors send apart: JSON, forms and queries whose
// shape nobody promised.
//
// It must not know any vendor by name, nor what a house does with an alert.
//
// The one idea: whatever was sent, reading it ends, in bounded time and with
// bounded words; what is not there is empty, and nothing is guessed from it.
//
// Guarantees: no input panics; words come out on one line or as plain text,
// without control characters and no longer than asked; the same bytes always
// read the same.
package reading

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Bounds on what is taken out of a body.
const (
	MaxTitle   = 300    // letters of a title
	MaxSummary = 2000   // letters of a summary
	MaxKey     = 500    // bytes of a key; a longer one is replaced by its hash
	MaxAlerts  = 10_000 // alerts of one body
	maxLabels  = 64
	maxLabel   = 256 // letters of a label's name or value
	maxLink    = 2000
)

// Tree is a body taken apart: map[string]any, []any, string, json.Number,
// bool or nil.
type Tree any

// Body takes a body apart by its content type, or by how it looks.
func Body(contentType string, body []byte) (Tree, error) {
	trimmed := bytes.TrimSpace(body)
	if strings.HasSuffix(contentType, "x-www-form-urlencoded") && !bytes.HasPrefix(trimmed, []byte("{")) {
		return Form(string(trimmed))
	}
	if len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		return JSON(trimmed)
	}
	if bytes.ContainsRune(trimmed, '=') && !bytes.ContainsAny(trimmed, " \n<{") {
		return Form(string(trimmed))
	}
	return nil, fault.New(fault.Invalid, "The body is neither JSON nor a form.")
}

// JSON takes one JSON value apart.
func JSON(body []byte) (Tree, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var t any
	if err := dec.Decode(&t); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The body is no JSON.")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "The body is more than one JSON value.")
	}
	return t, nil
}

// Form takes an URL-encoded form apart; of a name that stands twice the last
// value counts.
func Form(body string) (Tree, error) {
	values, err := url.ParseQuery(body)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The body is no form.")
	}
	return OfForm(values), nil
}

// OfForm is a form as a tree.
func OfForm(values url.Values) Tree {
	out := map[string]any{}
	for name, all := range values {
		if len(all) > 0 {
			out[name] = all[len(all)-1]
		}
	}
	return out
}

// Words are a value as text; a list is its items behind each other, and an
// object has none.
func Words(v Tree) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case []any:
		var all []string
		for _, one := range v {
			if _, deep := one.([]any); deep {
				continue
			}
			if w := Words(one); w != "" {
				all = append(all, w)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

// Line is text on one line, without control characters, of at most n letters.
func Line(words string, n int) string {
	return shorten(strings.Join(strings.Fields(plain(words)), " "), n)
}

// Text is text that may have several lines.
func Text(words string, n int) string { return shorten(strings.TrimSpace(plain(words)), n) }

// plain takes out what is not to be seen: control characters, and the marks
// that turn the direction of writing round.
func plain(words string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(words, ""))
}

func shorten(words string, n int) string {
	if len(words) <= n {
		return words
	}
	letters := []rune(words)
	if len(letters) <= n {
		return words
	}
	return strings.TrimSpace(string(letters[:n-1])) + "…"
}

// Key is a vendor's key, short enough to be kept; a long one is its hash.
func Key(words string) string {
	words = Line(words, math.MaxInt)
	if len(words) <= MaxKey {
		return words
	}
	return "~" + Digest(words)
}

// Digest is the same short word for the same parts.
func Digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Link is an address that people can open, or nothing.
func Link(words string) string {
	words = strings.TrimSpace(words)
	u, err := url.Parse(words)
	if err != nil || len(words) > maxLink || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return ""
	}
	return u.String()
}

// Labels are the pairs of an object, or of a list such as ["env:prod"].
func Labels(v Tree) map[string]string {
	out := map[string]string{}
	add := func(name, value string) {
		name, value = Line(name, maxLabel), Line(value, maxLabel)
		if name != "" && value != "" && len(out) < maxLabels {
			out[name] = value
		}
	}
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names) // so that the same ones are left out
		for _, name := range names {
			add(name, Words(v[name]))
		}
	case map[string]string:
		all := map[string]any{}
		for name, value := range v {
			all[name] = value
		}
		return Labels(all)
	case []any:
		for _, one := range v {
			name, value, found := strings.Cut(Words(one), ":")
			if !found {
				name, value, _ = strings.Cut(Words(one), "=")
			}
			add(name, value)
		}
	case string:
		var all []any
		for one := range strings.SplitSeq(v, ",") {
			all = append(all, strings.TrimSpace(one))
		}
		return Labels(all)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// Moment reads a moment as vendors write it: RFC 3339, seconds or
// milliseconds since 1970, or a date with a time in UTC.
func Moment(words string) (at time.Time, ok bool) {
	words = strings.TrimSpace(words)
	if n, err := strconv.ParseFloat(words, 64); err == nil {
		return ofNumber(n)
	}
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02 15:04:05.999999999 -0700", "2006-01-02 15:04:05.999999999 MST", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02T15:04", time.RFC1123Z, time.RFC1123,
	} {
		if at, err := time.Parse(layout, words); err == nil && sensible(at) {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

func ofNumber(n float64) (time.Time, bool) {
	for _, perSecond := range []float64{1, 1e3, 1e6, 1e9} {
		if s := n / perSecond; s < 1e11/2 && s > 1e8 {
			whole, part := math.Modf(s)
			at := time.Unix(int64(whole), int64(part*1e9)).UTC()
			return at, sensible(at)
		}
	}
	return time.Time{}, false
}

// sensible leaves out the zeroes of other languages.
func sensible(at time.Time) bool { return at.Year() >= 1990 && at.Year() < 3000 }

// State reads a vendor's word for whether something is wrong. known is false
// for a word that nobody agreed on.
func State(word string) (s integrations.AlertState, known bool) {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "firing", "fire", "trigger", "triggered", "alerting", "alert", "open", "opened", "active", "problem", "down", "critical", "error", "failed",
		"failing", "failure", "acknowledge", "acknowledged", "ack", "reopened", "create", "created", "1", "true", "nodata", "no data":
		return integrations.Firing, true
	case "ok", "okay", "resolve", "resolved", "close", "closed", "recovery", "recovered", "recover", "up", "normal", "inactive", "success", "fixed",
		"healthy", "clear", "cleared", "0", "false":
		return integrations.Recovered, true
	}
	return integrations.Firing, false
}

// Rules are what is known of the sources of one door: by their name, and
// where in a body a source keeps its list of items.
type Rules[R any] struct {
	Of   func(source string) (R, bool)
	List func(R) string
}

// Each hands over the items of a delivery, with the rule of the source that
// its path names; a source without one has the zero rule. Items that say they
// are a test are left out, and test is true then.
func (r Rules[R]) Each(d integrations.Delivery, do func(item Tree, rule R, source string) error) (test bool, err error) {
	body, err := Body(d.Type, d.Body)
	if err != nil {
		return false, err
	}
	source, _, _ := strings.Cut(d.Path, "/")
	rule, known := r.Of(source)
	if !known {
		var none R
		rule = none
	}
	items, err := Items(body, r.List(rule))
	if err != nil {
		return false, err
	}
	for _, item := range items {
		if said := First(item, "test"); said == "true" || said == "1" {
			test = true
			continue
		}
		if err := do(item, rule, source); err != nil {
			return test, err
		}
	}
	return test, nil
}
