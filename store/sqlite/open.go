package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	moderncsqlite "modernc.org/sqlite"

	"tocsin/incident/fault"
	"tocsin/store"
)

// Options are what a driver may be told. The zero value will do.
type Options struct {
	// Now is the clock; nil: SQLite's own.
	Now func() time.Time
	// Readers is how many reads may run at a time; 0: 4.
	Readers int

	pragmas []string // further settings of the writing connection, for tests
	layouts []string // in place of the layouts of this code, for tests
}

// Driver is a [store.Driver] on one file.
type Driver struct {
	path string
	now  func() time.Time
	lock *lock // nil: opened for reading only

	mu     sync.Mutex // guards writer
	writer *writer    // nil: opened for reading only
	back   *back      // nil: opened for reading only
	gather *store.Gatherer

	reads   *sql.DB
	queries map[string]*sql.Stmt
	closed  sync.Once
}

var (
	_ store.Driver  = (*Driver)(nil)
	_ store.Checker = (*Driver)(nil)
)

// Open takes the file for a running bot: it makes what is missing, migrates
// what is old, and refuses a file that another bot has.
func Open(ctx context.Context, path string, o Options) (*Driver, error) {
	path, err := makeFile(path)
	if err != nil {
		return nil, err
	}
	held, err := takeLock(path)
	if err != nil {
		return nil, err
	}
	d := &Driver{path: path, now: o.Now, lock: held}
	if err := d.openWriter(ctx, o); err != nil {
		return nil, errors.Join(err, held.release())
	}
	if err := d.openReads(ctx, o); err != nil {
		return nil, errors.Join(err, d.writer.close(), held.release())
	}
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(err, d.reads.Close(), d.writer.close(), held.release())
	}
	if err := d.startBack(ctx); err != nil {
		return nil, errors.Join(err, d.reads.Close(), d.writer.close(), held.release())
	}
	d.gather = store.Gather(store.Gathering{
		Write: d.write, Most: mostBatches, Bytes: mostBytes, Patience: patience,
	})
	return d, nil
}

// How much one transaction takes in, and how long a caller whose time is up
// still waits for one that is under way.
const (
	mostBatches = 256
	mostBytes   = 16 << 20
	patience    = 250 * time.Millisecond
)

// OpenReadOnly opens the file beside a running bot, or without one; writing is refused.
func OpenReadOnly(ctx context.Context, path string, o Options) (*Driver, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The path of the database cannot be read.")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "There is no database at "+path+"; start tocsin once to make it.")
	}
	d := &Driver{path: path, now: o.Now}
	if err := d.openReads(ctx, o); err != nil {
		return nil, err
	}
	if err := d.readable(ctx, o); err != nil {
		return nil, errors.Join(err, d.reads.Close())
	}
	return d, nil
}

// Path is the file's full path.
func (d *Driver) Path() string { return d.path }

// Close implements [store.Driver]. Batches that were not begun are refused.
func (d *Driver) Close() error {
	var err error
	d.closed.Do(func() {
		if d.gather != nil {
			d.gather.Close()
		}
		err = d.reads.Close()
		if d.lock == nil {
			return
		}
		d.writer.recent.close()
		err = errors.Join(err, d.closeWriting(), d.lock.release())
	})
	return err
}

// makeFile makes the folder and an empty file that only its owner may read.
func makeFile(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "The path of the database cannot be read.")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The folder "+filepath.Dir(path)+" cannot be made; choose another with TOCSIN_STORE=sqlite:PATH.")
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The database "+path+" cannot be opened for writing; mend its rights, or choose another with TOCSIN_STORE=sqlite:PATH.")
	}
	if err := f.Close(); err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The database "+path+" cannot be opened for writing.")
	}
	return path, nil
}

func (d *Driver) openWriter(ctx context.Context, o Options) error {
	pragmas := append([]string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(1)", "temp_store(MEMORY)",
		"wal_autocheckpoint(20000)", "journal_size_limit(33554432)", "cache_size(-8000)",
	}, o.pragmas...)
	if err := offerGathering(); err != nil {
		return err
	}
	conn, err := connect(ctx, dsn(d.path, "rwc", pragmas)+"&vfs="+gathering)
	if err != nil {
		return openFault(err, d.path)
	}
	if err := migrate(ctx, conn, d.path, o.allLayouts()); err != nil {
		return errors.Join(err, conn.Close())
	}
	d.writer, err = prepareWriter(conn)
	if err != nil {
		return errors.Join(openFault(err, d.path), conn.Close())
	}
	return nil
}

func (d *Driver) openReads(ctx context.Context, o Options) error {
	readers := o.Readers
	if readers <= 0 {
		readers = 4
	}
	connector, err := moderncsqlite.NewConnector(dsn(d.path, "ro", []string{"busy_timeout(5000)", "query_only(1)", "temp_store(MEMORY)"}))
	if err != nil {
		return openFault(err, d.path)
	}
	d.reads = sql.OpenDB(connector)
	d.reads.SetMaxOpenConns(readers)
	d.reads.SetMaxIdleConns(readers)
	if err := d.reads.PingContext(ctx); err != nil {
		return errors.Join(openFault(err, d.path), d.reads.Close())
	}
	return nil
}

// readable says whether this code can read the file's layout, and prepares reading.
func (d *Driver) readable(ctx context.Context, o Options) error {
	var have int
	if err := d.reads.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return openFault(err, d.path)
	}
	if have == 0 {
		return fault.New(fault.NotFound, "The file %s holds no tocsin database yet; start tocsin once to make it.", d.path)
	}
	if err := tooNew(d.path, have, len(o.allLayouts())); err != nil {
		return err
	}
	return d.prepare(ctx)
}

func dsn(path, mode string, pragmas []string) string {
	q := url.Values{"mode": {mode}}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}).String()
}

func connect(ctx context.Context, dsn string) (driver.Conn, error) {
	connector, err := moderncsqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return connector.Connect(ctx)
}
