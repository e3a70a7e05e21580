package bot

import (
	"io"
	"log/slog"
	"strings"

	"tocsin/incident/redact"
)

// newLog makes the log of the house. Whatever goes into it is scrubbed once
// more; titles, rooms and ids of incidents are not put into it at all.
func newLog(w io.Writer, c Config) *slog.Logger {
	level := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}[c.LogLevel]
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: scrubbed(secretsOf(c))}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// secretsOf lists the secrets among our own settings, which must not be
// logged in any spelling.
func secretsOf(c Config) []string {
	var out []string
	if s := c.APIToken.Reveal(); s != "" {
		out = append(out, s)
	}
	if _, is := sqlitePath(c); !is {
		out = append(out, c.Store)
	}
	return out
}

func scrubbed(secrets []string) func([]string, slog.Attr) slog.Attr {
	return func(_ []string, a slog.Attr) slog.Attr {
		var words string
		switch v := a.Value; v.Kind() {
		case slog.KindString:
			words = v.String()
		case slog.KindAny:
			err, is := v.Any().(error)
			if !is {
				return a
			}
			words = err.Error()
		default:
			return a
		}
		for _, s := range secrets {
			words = strings.ReplaceAll(words, s, "[redacted]")
		}
		return slog.String(a.Key, redact.Scrub(words))
	}
}
