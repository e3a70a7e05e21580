package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"tocsin/incident/fault"
	"tocsin/store"
)

// writeBackAfter is after how many writes the log is written back while the
// writer is at work; each touches a page or two. It is done as well whenever
// nobody has written for quietFor. The next writer then begins the log anew if
// it was written back to its end and nobody is reading it at that moment; when
// nobody got round to that for longLog pages (some 130 MB, after thousands of
// commands without a pause), the writer holds still for it, and readers are
// waited for.
const (
	writeBackAfter = 6000
	quietFor       = time.Second
	longLog        = 32_000
)

// pragmasOfBack are the settings of the connection that writes the log back.
// It waits for readers this long only: whoever writes waits with it.
func pragmasOfBack() []string {
	return []string{"busy_timeout(20)", "synchronous(FULL)", "temp_store(MEMORY)"}
}

// back writes the log back into the file beside the writer, so that no
// command waits while thousands of pages are copied: most of it while the
// writer goes on, and only what came meanwhile while it holds still.
type back struct {
	conn  driver.Conn
	mu    sync.Mutex   // one at a time, those that were asked for among them
	since atomic.Int64 // writes since the log was last written back
	wake  chan struct{}
	quit  chan struct{}
	done  sync.WaitGroup
}

func (d *Driver) startBack(ctx context.Context) error {
	conn, err := connect(ctx, dsn(d.path, "rw", pragmasOfBack()))
	if err != nil {
		return openFault(err, d.path)
	}
	d.back = &back{conn: conn, wake: make(chan struct{}, 1), quit: make(chan struct{})}
	d.back.done.Go(d.keepWritingBack)
	return nil
}

func (b *back) close() error {
	close(b.quit)
	b.done.Wait()
	return b.conn.Close()
}

// keepWritingBack writes the log back when there is much of it, and when it is quiet.
func (d *Driver) keepWritingBack() {
	quiet := time.NewTimer(quietFor)
	defer quiet.Stop()
	for {
		select {
		case <-d.back.wake:
			if d.back.since.Load() >= writeBackAfter {
				d.writeBack()
			}
			quiet.Reset(quietFor)
		case <-quiet.C:
			if d.back.since.Load() > 0 {
				d.writeBack()
			}
		case <-d.back.quit:
			return
		}
	}
}

// writeBackSoon is called by the writer after a transaction.
func (d *Driver) writeBackSoon(batches []store.Batch) {
	for _, b := range batches {
		d.back.since.Add(int64(len(b.Ops)))
	}
	select {
	case d.back.wake <- struct{}{}:
	default:
	}
}

// writeBack is best effort: what it does not reach stays in the log, and the
// writer writes it back itself when the log has become far too long.
func (d *Driver) writeBack() {
	d.back.mu.Lock()
	defer d.back.mu.Unlock()
	d.back.since.Store(0)
	row, err := ask(d.back.conn, "PRAGMA wal_checkpoint(PASSIVE)")
	if err != nil {
		return
	}
	if pages, _ := row[1].(int64); pages < longLog {
		return
	}
	// What came meanwhile first, so that the writer does not wait for it.
	if _, err := ask(d.back.conn, "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, _ = ask(d.back.conn, "PRAGMA wal_checkpoint(RESTART)") // see above
}

// Checkpoint writes the write-ahead log back and cuts it, so that what was
// deleted is in no file any more. It waits for readers.
func (d *Driver) Checkpoint(ctx context.Context) error {
	if d.writer == nil {
		return fault.New(fault.Unavailable, "The database is open for reading only; its log was not cleared.")
	}
	d.back.mu.Lock()
	defer d.back.mu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return store.NotBegun(err)
	}
	row, err := ask(d.writer.conn, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err != nil {
		return writeFault(err)
	}
	d.back.since.Store(0)
	if busy, _ := row[0].(int64); busy != 0 {
		return fault.New(fault.Unavailable, "Somebody is still reading the database, so its log was not cleared yet; try again.")
	}
	return nil
}

// closeWriting ends what writes, in the order that lets SQLite write the log
// back at the end.
func (d *Driver) closeWriting() error {
	err := d.back.close()
	d.mu.Lock()
	defer d.mu.Unlock()
	return errors.Join(err, d.writer.close())
}
