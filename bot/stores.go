package bot

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/sqlite"
)

// openStore opens the store that the settings name. Commands that only read
// open SQLite beside a running bot.
func openStore(ctx context.Context, c Config, readOnly bool, now func() time.Time) (*store.Store, store.Driver, error) {
	var d store.Driver
	var err error
	switch path, is := sqlitePath(c); {
	case is && readOnly:
		d, err = sqlite.OpenReadOnly(ctx, path, sqlite.Options{Now: now})
	case is:
		if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, nil, fault.Wrap(fault.Unavailable, err, "The folder of the database, "+filepath.Dir(path)+", cannot be made; name another with TOCSIN_STORE=sqlite:PATH.")
		}
		d, err = sqlite.Open(ctx, path, sqlite.Options{Now: now})
	default:
		d, err = redis.Open(ctx, c.Store, redis.Options{Prefix: c.Redis.Prefix, Now: now})
	}
	if err != nil {
		return nil, nil, err
	}
	return store.New(d, store.Options{Now: now}), d, nil
}

// sqlitePath is the file of an SQLite store.
func sqlitePath(c Config) (path string, is bool) {
	path, is = strings.CutPrefix(c.Store, "sqlite:")
	if !is {
		return "", false
	}
	return strings.TrimPrefix(path, "//"), true
}

// dataFile is a file in the user's data folder for tocsin.
func dataFile(c Config, name string) string { return filepath.Join(c.home, name) }

// apiToken is the token of the HTTP API: the one that is set, else the one
// that was made and kept; with fresh, one is made when there is none.
func apiToken(c Config, fresh bool) (redact.Secret, error) {
	if c.APIToken != "" {
		return c.APIToken, nil
	}
	path := dataFile(c, "api-token")
	b, err := os.ReadFile(path)
	if err == nil && len(bytes.TrimSpace(b)) > 0 {
		return redact.Secret(bytes.TrimSpace(b)), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fault.Wrap(fault.Unavailable, err, "The API token in "+path+" cannot be read; set TOCSIN_API_TOKEN instead.")
	}
	if !fresh {
		return "", fault.New(fault.NotFound, "There is no API token yet: start tocsin once, or set TOCSIN_API_TOKEN to the token of the bot that runs.")
	}
	return makeToken(path)
}

func makeToken(path string) (redact.Secret, error) {
	word := randomWord()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(word+"\n"), 0o600)
	}
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The API token cannot be kept in "+path+"; set TOCSIN_API_TOKEN, or make that folder writable.")
	}
	return redact.Secret(word), nil
}

// randomWord is 32 hexadecimal digits that nobody can guess.
func randomWord() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
