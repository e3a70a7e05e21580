package bottest

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

// Base is a database that outlives the processes of a story.
type Base interface {
	// Open gives a driver to a process that starts.
	Open(ctx context.Context) (store.Driver, error)
	// Sole says that only one process at a time may use it.
	Sole() bool
	// Close ends it with the story.
	Close()
}

// Bases lists the databases over which every story is played.
func Bases() map[string]func(t *testing.T) Base {
	return map[string]func(t *testing.T) Base{
		"memory": func(*testing.T) Base { return memoryBase{storetest.NewMemory(time.Now)} },
		"sqlite": func(t *testing.T) Base { return fileBase(filepath.Join(folder(t), "tocsin.db")) },
		"redis":  func(*testing.T) Base { return miniBase{miniredis.NewMiniRedis()} },
	}
}

type memoryBase struct{ m *storetest.Memory }

func (b memoryBase) Open(context.Context) (store.Driver, error) { return heldOpen{b.m}, nil }
func (b memoryBase) Sole() bool                                 { return false }
func (b memoryBase) Close()                                     { _ = b.m.Close() }

// heldOpen is a driver that a process cannot close.
type heldOpen struct{ store.Driver }

func (heldOpen) Close() error { return nil }

type fileBase string

func (b fileBase) Open(ctx context.Context) (store.Driver, error) {
	return sqlite.Open(ctx, string(b), sqlite.Options{Now: time.Now})
}
func (b fileBase) Sole() bool { return true }
func (b fileBase) Close()     {}

type miniBase struct{ m *miniredis.Miniredis }

func (b miniBase) Open(ctx context.Context) (store.Driver, error) {
	return redis.Open(ctx, "redis://in-memory:6379/0", redis.Options{
		Dial: func(context.Context, string, string) (net.Conn, error) { return b.m.Dial() },
	})
}
func (b miniBase) Sole() bool { return false }
func (b miniBase) Close()     { b.m.Close() }
