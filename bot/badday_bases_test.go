package bot_test

import (
	"context"

	"tocsin/store"
	"tocsin/store/storetest"
)

// remembered is a database in memory that outlives the programs on it.
type remembered struct{ *storetest.Memory }

// Open gives a driver to a program that starts.
func (r remembered) Open(context.Context) (store.Driver, error) { return unclosed{r.Memory}, nil }

// Sole says that one program at a time uses it.
func (r remembered) Sole() bool { return true }

// Close ends it.
func (r remembered) Close() { _ = r.Memory.Close() }

// unclosed is a driver that a program cannot close for others.
type unclosed struct{ store.Driver }

func (unclosed) Close() error { return nil }
