package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"time"

	"tocsin/store"
)

// The queries, each prepared once for every connection of the pool. A limit is
// an expression, since SQLite looks at the value of a bare one when it plans,
// and would plan the statement anew at each run.
const (
	getOne      = "SELECT value FROM records WHERE key = ?"
	getMany     = "SELECT key, value FROM records WHERE key IN (SELECT value FROM json_each(?))"
	readEntries = "SELECT version, value FROM entries WHERE stream = ? AND version > ? ORDER BY version LIMIT ? + 0"
	rangeUp     = "SELECT member, score FROM members WHERE grp = ? AND score BETWEEN ? AND ? ORDER BY score, member LIMIT ? + 0"
	rangeDown   = "SELECT member, score FROM members WHERE grp = ? AND score BETWEEN ? AND ? ORDER BY score DESC, member DESC LIMIT ? + 0"
	walkRecords = "SELECT key, '', 0, value FROM records WHERE key > ? ORDER BY key LIMIT 200"
	walkEntries = "SELECT stream, '', version, value FROM entries WHERE (stream, version) > (?, ?) ORDER BY stream, version LIMIT 200"
	walkMembers = "SELECT grp, member, score, NULL FROM members WHERE (grp, member) > (?, ?) ORDER BY grp, member LIMIT 200"
	readClock   = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)"
	quickCheck  = "PRAGMA quick_check(1)"
)

// prepare readies the queries; they live as long as the pool.
func (d *Driver) prepare(ctx context.Context) error {
	d.queries = map[string]*sql.Stmt{}
	for _, query := range []string{
		getOne, getMany, readEntries, rangeUp, rangeDown, walkRecords, walkEntries, walkMembers, readClock, quickCheck,
	} {
		stmt, err := d.reads.PrepareContext(ctx, query) //nolint:sqlclosecheck // it lives as long as the pool, whose Close ends it
		if err != nil {
			return openFault(err, d.path)
		}
		d.queries[query] = stmt
	}
	return nil
}

// each runs a query and hands over its rows.
func (d *Driver) each(ctx context.Context, query string, args []any, row func(*sql.Rows) error) (err error) {
	if err := ctx.Err(); err != nil {
		return store.NotBegun(err)
	}
	rows, err := d.queries[query].QueryContext(ctx, args...)
	if err != nil {
		return readFault(err)
	}
	defer func() { err = errors.Join(err, readFault(rows.Close())) }()
	for rows.Next() {
		if err := row(rows); err != nil {
			return readFault(err)
		}
	}
	return readFault(rows.Err())
}

// Get implements [store.Driver]. A running bot answers from what it remembers
// where it can.
func (d *Driver) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if d.writer == nil {
		return d.getFromFile(ctx, keys)
	}
	values, turn, all := d.writer.recent.get(keys...)
	if all {
		if err := ctx.Err(); err != nil {
			return nil, store.NotBegun(err)
		}
		return values, nil
	}
	values, err := d.getFromFile(ctx, keys)
	if err == nil {
		d.writer.recent.learn(turn, keys, values)
	}
	return values, err
}

func (d *Driver) getFromFile(ctx context.Context, keys []string) ([][]byte, error) {
	values := make([][]byte, len(keys))
	if len(keys) == 0 {
		return values, nil
	}
	if len(keys) == 1 {
		err := d.each(ctx, getOne, []any{keys[0]}, func(r *sql.Rows) error { return scanBlob(r, &values[0]) })
		return values, err
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, readFault(err)
	}
	found := make(map[string][]byte, len(keys))
	err = d.each(ctx, getMany, []any{string(list)}, func(r *sql.Rows) error {
		var key string
		var value []byte
		err := scanBlob(r, &key, &value)
		found[key] = value
		return err
	})
	if err != nil {
		return nil, err
	}
	given := make(map[string]bool, len(keys))
	for i, k := range keys {
		values[i] = found[k]
		if given[k] && values[i] != nil {
			values[i] = append([]byte{}, values[i]...)
		}
		given[k] = true
	}
	return values, nil
}

// scanBlob scans a row whose last column is a value, which is never nil.
func scanBlob(r *sql.Rows, dest ...any) error {
	err := r.Scan(dest...)
	if value, ok := dest[len(dest)-1].(*[]byte); ok {
		*value = present(*value)
	}
	return err
}

// Entries implements [store.Driver].
func (d *Driver) Entries(ctx context.Context, stream string, after uint64, limit int) ([]store.Entry, error) {
	entries := []store.Entry{}
	after = min(after, math.MaxInt64)
	err := d.each(ctx, readEntries, []any{stream, int64(after), sqlLimit(limit)}, func(r *sql.Rows) error {
		var version int64
		var value []byte
		err := scanBlob(r, &version, &value)
		entries = append(entries, store.Entry{Version: uint64(version), Value: value})
		return err
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

// Range implements [store.Driver]. A running bot remembers the low end of sets.
func (d *Driver) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	if d.writer == nil || d.writer.recent.shut() || !asksLow(q) {
		return d.rangeFromFile(ctx, q)
	}
	members, end, stamp := d.writer.lowest.answer(q)
	if end == nil {
		if err := ctx.Err(); err != nil {
			return nil, store.NotBegun(err)
		}
		return members, nil
	}
	all := q
	all.Max = store.MaxScore
	members, err := d.rangeFromFile(ctx, all)
	if err != nil {
		return nil, err
	}
	d.writer.lowest.learn(end, stamp, members)
	n := 0
	for n < len(members) && members[n].Score <= q.Max {
		n++
	}
	return members[:n:n], nil
}

func (d *Driver) rangeFromFile(ctx context.Context, q store.Range) ([]store.Member, error) {
	query := rangeUp
	if q.Reverse {
		query = rangeDown
	}
	var members []store.Member
	err := d.each(ctx, query, []any{q.Set, q.Min, q.Max, sqlLimit(q.Limit)}, func(r *sql.Rows) error {
		var m store.Member
		err := r.Scan(&m.Name, &m.Score)
		members = append(members, m)
		return err
	})
	if err != nil {
		return nil, err
	}
	return members, nil
}

func sqlLimit(limit int) int {
	if limit <= 0 {
		return -1
	}
	return limit
}

// Walk implements [store.Driver]. It reads in pages, so that a long dump does
// not hold the write-ahead log.
func (d *Driver) Walk(ctx context.Context, fn func(store.Row) error) error {
	for _, t := range []table{
		{"record", walkRecords, func(at store.Row) []any { return []any{at.Key} }},
		{"entry", walkEntries, func(at store.Row) []any { return []any{at.Key, at.Score} }},
		{"member", walkMembers, func(at store.Row) []any { return []any{at.Key, at.Name} }},
	} {
		if err := d.walkTable(ctx, t, fn); err != nil {
			return err
		}
	}
	return nil
}

// table is how one table is read page by page.
type table struct {
	kind, query string
	after       func(at store.Row) []any // the query's arguments, to go on after a row
}

func (d *Driver) walkTable(ctx context.Context, t table, fn func(store.Row) error) error {
	var at store.Row
	for {
		var page []store.Row
		err := d.each(ctx, t.query, t.after(at), func(r *sql.Rows) error {
			row := store.Row{Kind: t.kind}
			err := r.Scan(&row.Key, &row.Name, &row.Score, &row.Value)
			if t.kind != "member" {
				row.Value = present(row.Value)
			}
			page = append(page, row)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, row := range page {
			if err := fn(row); err != nil {
				return err
			}
		}
		at = page[len(page)-1]
	}
}

// Now implements [store.Driver].
func (d *Driver) Now(ctx context.Context) (time.Time, error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, store.NotBegun(err)
	}
	if d.now != nil {
		return d.now(), nil
	}
	var ms int64
	err := d.each(ctx, readClock, nil, func(r *sql.Rows) error { return r.Scan(&ms) })
	return time.UnixMilli(ms).UTC(), err
}
