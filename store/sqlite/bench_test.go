package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

// BenchmarkAppend compares the driver with a bare group commit that does the
// same and nothing else. Both run with synchronous=FULL.
//
//	go test -run '^$' -bench Append ./store/sqlite
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("bare/c=%d", writers), func(b *testing.B) { benchBare(b, writers) })
		b.Run(fmt.Sprintf("driver/c=%d", writers), func(b *testing.B) {
			d := open(b, filepath.Join(b.TempDir(), "tocsin.db"), sqlite.Options{})
			storetest.BenchmarkDriver(b, d, writers, "")
		})
	}
}

type bareAppend struct {
	stream  string
	version uint64
	done    chan error
}

func benchBare(b *testing.B, writers int) {
	b.Helper()
	dsn := "file:" + filepath.Join(b.TempDir(), "bare.db") +
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_pragma=secure_delete(1)&_txlock=immediate"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	for _, q := range []string{
		"CREATE TABLE ev (inc TEXT, ver INTEGER, body BLOB, PRIMARY KEY (inc, ver)) WITHOUT ROWID",
		"CREATE TABLE outbox (id INTEGER PRIMARY KEY, inc TEXT, ver INTEGER)",
		"CREATE TABLE proj (inc TEXT PRIMARY KEY, ver INTEGER, title TEXT) WITHOUT ROWID",
	} {
		if _, err := db.ExecContext(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
	queue := make(chan bareAppend, 256)
	go bareWriter(context.Background(), db, queue)
	storetest.Turns(b, writers, func(_ context.Context, stream string, version uint64) error {
		a := bareAppend{stream, version, make(chan error, 1)}
		queue <- a
		return <-a.done
	})
	close(queue)
}

// bareWriter writes until the queue is closed.
func bareWriter(ctx context.Context, db *sql.DB, queue chan bareAppend) {
	conn, err := db.Conn(ctx)
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	prepare := func(query string) *sql.Stmt {
		stmt, err := conn.PrepareContext(ctx, query)
		if err != nil {
			panic(err)
		}
		return stmt
	}
	w := bare{
		version: prepare("SELECT ver FROM proj WHERE inc = ?"),
		event:   prepare("INSERT INTO ev (inc, ver, body) VALUES (?, ?, ?)"),
		outbox:  prepare("INSERT INTO outbox (inc, ver) VALUES (?, ?)"),
		project: prepare("INSERT INTO proj (inc, ver, title) VALUES (?, ?, '') ON CONFLICT (inc) DO UPDATE SET ver = excluded.ver"),
		body:    bytes.Repeat([]byte("0123456789"), 30),
	}
	group := make([]bareAppend, 0, 256)
	for a := range queue {
		group = append(group[:0], a)
		for more := true; more && len(group) < cap(group); {
			select {
			case next, ok := <-queue:
				if more = ok; ok {
					group = append(group, next)
				}
			default:
				more = false
			}
		}
		_, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
		for _, a := range group {
			if err == nil {
				err = w.one(ctx, a)
			}
		}
		if err == nil {
			_, err = conn.ExecContext(ctx, "COMMIT")
		}
		for _, a := range group {
			a.done <- err
		}
	}
}

// bare is the bare append's statements.
type bare struct {
	version, event, outbox, project *sql.Stmt
	body                            []byte
}

func (w bare) one(ctx context.Context, a bareAppend) error {
	var version uint64
	if err := w.version.QueryRowContext(ctx, a.stream).Scan(&version); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if version+1 != a.version {
		return fmt.Errorf("%s is at version %d, not before %d", a.stream, version, a.version)
	}
	if _, err := w.event.ExecContext(ctx, a.stream, a.version, w.body); err != nil {
		return err
	}
	if _, err := w.outbox.ExecContext(ctx, a.stream, a.version); err != nil {
		return err
	}
	_, err := w.project.ExecContext(ctx, a.stream, a.version)
	return err
}
