//go:build !unix

package sqlite

import (
	"errors"

	"tocsin/incident/fault"
)

// lock is the right to run a bot on a file.
type lock struct{}

func takeLock(string) (*lock, error) {
	return nil, fault.New(fault.Invalid,
		"On this system one SQLite file cannot be kept to one bot: use Redis, with TOCSIN_STORE=redis://HOST:6379.")
}

func (*lock) release() error { return nil }

func lockHolder(string) (holder string, runs bool) { return "", false }

func freeBytes(string) (uint64, error) { return 0, errors.ErrUnsupported }
