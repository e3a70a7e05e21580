package redact

import "log/slog"

// dots stand where a secret would.
const dots = "•••"

// Secret is a value that must not be seen: a token, a password. However it is
// printed, logged or encoded, dots come out; only [Secret.Reveal] gives it.
type Secret string

// String is dots, or nothing when there is no secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return dots
}

// GoString is dots, for %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue is dots, for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is dots, for JSON and every other encoding.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal is the secret itself, for the one call that needs it.
func (s Secret) Reveal() string { return string(s) }
