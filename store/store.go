package store

import (
	"crypto/rand"
	"io"
	"time"
)

// Store implements every port of this package on one [Driver]. It is safe for
// use by many goroutines, and several Stores may stand on one database.
type Store struct {
	d    Driver
	now  func() time.Time
	rand io.Reader
}

// Options are what a [Store] needs besides its driver.
type Options struct {
	// Now is the clock for what no caller hands a moment in for; nil: the driver's.
	Now func() time.Time
	// Rand makes salts and ids; nil: the system's.
	Rand io.Reader
}

// New makes a store on a driver. The caller closes the driver.
func New(d Driver, o Options) *Store {
	s := &Store{d: d, now: o.Now, rand: o.Rand}
	if s.rand == nil {
		s.rand = rand.Reader
	}
	return s
}

// Driver is the driver underneath, for checks and for closing.
func (s *Store) Driver() Driver { return s.d }

// The ports that Store keeps.
var (
	_ Log     = (*Store)(nil)
	_ Feed    = (*Store)(nil)
	_ Ledger  = (*Store)(nil)
	_ Index   = (*Store)(nil)
	_ History = (*Store)(nil)
	_ People  = (*Store)(nil)
	_ Inbox   = (*Store)(nil)
	_ Talk    = (*Store)(nil)
	_ Shelf   = (*Store)(nil)
	_ Vault   = (*Store)(nil)
)
