package sqlite

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"tocsin/incident/fault"
	"tocsin/store"
)

// writer is the one connection that writes, with its statements prepared. It
// speaks to the SDK's own interface: a pool in between would only cost time.
type writer struct {
	conn    driver.Conn
	all     []driver.Stmt
	recent  *recent
	lowest  lowest
	stand   standing
	written map[string][]byte // records of the transaction under way; nil: deleted
	moved   []store.Op        // writes to sets of the transaction under way

	begin, commit, rollback driver.Stmt
	get, last               driver.Stmt
	put, remove             driver.Stmt
	grow, drop              driver.Stmt
	add, take, move, clear  driver.Stmt
}

func prepareWriter(conn driver.Conn) (*writer, error) {
	w := &writer{conn: conn, recent: newRecent()}
	for _, s := range []struct {
		stmt  *driver.Stmt
		query string
	}{
		{&w.begin, "BEGIN IMMEDIATE"},
		{&w.commit, "COMMIT"},
		{&w.rollback, "ROLLBACK"},
		{&w.get, "SELECT value FROM records WHERE key = ?"},
		{&w.last, "SELECT max(version) FROM entries WHERE stream = ?"},
		{&w.put, "INSERT INTO records (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"},
		{&w.remove, "DELETE FROM records WHERE key = ?"},
		{&w.grow, "INSERT INTO entries (stream, version, value) VALUES (?, ?, ?)"},
		{&w.drop, "DELETE FROM entries WHERE stream = ?"},
		{&w.add, "INSERT INTO members (grp, member, score) VALUES (?, ?, ?) ON CONFLICT (grp, member) DO UPDATE SET score = excluded.score WHERE score <> excluded.score"},
		{&w.take, "DELETE FROM members WHERE grp = ? AND member = ?"},
		{&w.move, "INSERT OR REPLACE INTO members (grp, member, score) SELECT ?, member, ? FROM members WHERE grp = ?"},
		{&w.clear, "DELETE FROM members WHERE grp = ?"},
	} {
		stmt, err := conn.Prepare(s.query)
		if err != nil {
			return nil, err
		}
		*s.stmt = stmt
		w.all = append(w.all, stmt)
	}
	return w, nil
}

func (w *writer) close() error {
	var err error
	for _, s := range w.all {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, w.conn.Close())
}

// Apply implements [store.Driver].
func (d *Driver) Apply(ctx context.Context, b store.Batch) error {
	if d.gather == nil {
		return fault.New(fault.Unavailable, "The database is open for reading only; nothing was recorded.")
	}
	return d.gather.Apply(ctx, b)
}

// write is the group commit: one transaction for all batches. When it fails
// as a whole and certainly left nothing behind, each batch is tried alone, so
// that one that is too big for the disk does not fail the small ones.
func (d *Driver) write(batches []store.Batch) []error {
	d.mu.Lock()
	defer d.mu.Unlock()
	answers := make([]error, len(batches))
	defer d.writeBackSoon(batches)
	err := d.writer.transact(batches, answers)
	if err == nil {
		return answers
	}
	clear(answers)
	for i := range batches {
		if len(batches) > 1 && fault.KindOf(err) == fault.Unavailable {
			if alone := d.writer.transact(batches[i:i+1], answers[i:i+1]); alone != nil {
				answers[i] = alone
			}
			continue
		}
		answers[i] = err
	}
	return answers
}

// transact writes batches in one transaction. Checks that do not hold are
// answers; an error means that the transaction as a whole did not come about.
func (w *writer) transact(batches []store.Batch, answers []error) error {
	if err := exec(w.begin); err != nil {
		return writeFault(err)
	}
	w.written, w.moved = map[string][]byte{}, w.moved[:0]
	for i, b := range batches {
		refusal, err := w.check(b)
		if err == nil && refusal == nil {
			err = w.apply(b)
		}
		if err != nil {
			return w.undo(writeFault(err))
		}
		answers[i] = refusal
	}
	w.recent.committing(w.written)
	w.lowest.committing(w.moved)
	defer w.lowest.ended(w.moved)
	if err := exec(w.commit); err != nil {
		w.recent.failed(w.written)
		return w.undo(commitFault(err))
	}
	w.recent.committed(w.written)
	return nil
}

// undo rolls back. SQLite has sometimes done so itself, and then says that
// there is nothing to roll back, which is as good.
func (w *writer) undo(because error) error {
	w.stand.forget()
	_ = exec(w.rollback) // see above
	return because
}

// check reads before anything is written: refusal says why the batch may not be.
func (w *writer) check(b store.Batch) (refusal, err error) {
	for i, c := range b.Checks {
		found, err := w.stands(c.Key, w.get, func(v driver.Value) []byte { return blob(v) })
		if err != nil {
			return nil, err
		}
		if (found != nil) != (c.Want != nil) || !bytes.Equal(found, c.Want) {
			return &store.Mismatch{Index: i, Key: c.Key, Found: bytes.Clone(found)}, nil
		}
	}
	for _, o := range b.FirstAppends() {
		last, err := w.stands(lastOf(o.Key), w.last, versionBytes)
		if err != nil {
			return nil, err
		}
		if last != nil && int64(binary.BigEndian.Uint64(last)) >= o.Score {
			return store.Stale(o.Key, o.Score), nil
		}
	}
	return nil, nil
}

// lastOf is where the newest version of a stream is remembered, beside the
// records, whose keys have no control characters.
func lastOf(stream string) string { return "\x01" + stream }

func versionBytes(v driver.Value) []byte {
	last, ok := v.(int64)
	if !ok {
		return nil
	}
	return binary.BigEndian.AppendUint64(nil, uint64(last))
}

// stands is what the transaction under way wrote, else what is remembered,
// else what the query finds in the file.
func (w *writer) stands(key string, query driver.Stmt, read func(driver.Value) []byte) (value []byte, err error) {
	if value, known := w.written[key]; known {
		return value, nil
	}
	if value, known := w.recent.has(key); known {
		return value, nil
	}
	row, err := first(query, strings.TrimPrefix(key, lastOf("")))
	if err == nil && row != nil {
		value = read(row[0])
	}
	return value, err
}

// wrote notes what an applied write leaves in a record or at a stream's end.
func (w *writer) wrote(o store.Op) {
	switch o.Kind {
	case store.OpPut:
		w.written[o.Key] = bytes.Clone(present(o.Value))
	case store.OpDelete:
		w.written[o.Key] = nil
	case store.OpAppend:
		w.written[lastOf(o.Key)] = versionBytes(o.Score)
	case store.OpDrop:
		w.written[lastOf(o.Key)] = nil
	case store.OpAdd, store.OpRemove, store.OpMove, store.OpClear:
		w.moved = append(w.moved, o)
	}
}

func (w *writer) apply(b store.Batch) error {
	for _, o := range b.Ops {
		if w.stand.idle(o) {
			continue
		}
		changed, err := w.applyOne(o)
		if err != nil {
			return err
		}
		w.stand.wrote(o)
		if changed {
			w.wrote(o)
		}
	}
	return nil
}

// applyOne says whether it may have changed anything.
func (w *writer) applyOne(o store.Op) (changed bool, err error) {
	changed = true
	switch o.Kind {
	case store.OpPut:
		err = exec(w.put, o.Key, present(o.Value))
	case store.OpDelete:
		err = exec(w.remove, o.Key)
	case store.OpAppend:
		err = exec(w.grow, o.Key, o.Score, present(o.Value))
	case store.OpDrop:
		err = exec(w.drop, o.Key)
	case store.OpAdd:
		err = exec(w.add, o.Key, o.Member, o.Score)
	case store.OpRemove:
		err = exec(w.take, o.Key, o.Member)
	case store.OpMove:
		var moved int64
		moved, err = count(w.move, o.Member, o.Score, o.Key)
		if changed = moved > 0; changed && err == nil {
			err = exec(w.clear, o.Key)
		}
	case store.OpClear:
		err = exec(w.clear, o.Key)
	}
	return changed, err
}

// present makes an empty value differ from an absent one.
func present(v []byte) []byte {
	if v == nil {
		return []byte{}
	}
	return v
}

// blob reads a value that is there; it is never nil.
func blob(v driver.Value) []byte {
	b, _ := v.([]byte)
	return present(b)
}

// exec runs a prepared statement. What runs is never interrupted: whose time
// is up is the gatherer's business.
func exec(stmt driver.Stmt, args ...driver.Value) error {
	_, err := count(stmt, args...)
	return err
}

// count is exec, and says how many rows it changed.
func count(stmt driver.Stmt, args ...driver.Value) (int64, error) {
	x, ok := stmt.(driver.StmtExecContext)
	if !ok {
		return 0, fault.New(fault.Internal, "The SQLite driver has changed its interface.")
	}
	done, err := x.ExecContext(context.Background(), named(args))
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// first runs a prepared query and gives its first row; nil: there is none.
func first(stmt driver.Stmt, args ...driver.Value) (row []driver.Value, err error) {
	q, ok := stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, fault.New(fault.Internal, "The SQLite driver has changed its interface.")
	}
	rows, err := q.QueryContext(context.Background(), named(args))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row = make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(row); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return row, nil
}

func named(args []driver.Value) []driver.NamedValue {
	n := make([]driver.NamedValue, len(args))
	for i, a := range args {
		n[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return n
}
