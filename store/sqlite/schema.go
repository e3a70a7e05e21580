package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"

	"tocsin/incident/fault"
)

// layouts lists what each layout adds to the one before. An entry that has
// been released may never change, and may only add, or lay the same tables out
// differently: code of the layout before must run on the result. The second
// keeps what is big out of the keys' tree: rows lie in the order in which they
// were written, so that what is new of all incidents shares its pages, and the
// tree above them stays low.
func layouts() []string {
	return []string{`
CREATE TABLE records (
	key   TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE entries (
	stream  TEXT NOT NULL,
	version INTEGER NOT NULL,
	value   BLOB NOT NULL,
	PRIMARY KEY (stream, version)
) WITHOUT ROWID;
CREATE TABLE members (
	grp    TEXT NOT NULL,
	member TEXT NOT NULL,
	score  INTEGER NOT NULL,
	PRIMARY KEY (grp, member)
) WITHOUT ROWID;
CREATE INDEX members_by_score ON members (grp, score, member);
`, `
CREATE TABLE records_2 (
	key   TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
);
INSERT INTO records_2 (key, value) SELECT key, value FROM records ORDER BY key;
DROP TABLE records;
ALTER TABLE records_2 RENAME TO records;
CREATE TABLE entries_2 (
	stream  TEXT NOT NULL,
	version INTEGER NOT NULL,
	value   BLOB NOT NULL,
	PRIMARY KEY (stream, version)
);
INSERT INTO entries_2 (stream, version, value) SELECT stream, version, value FROM entries ORDER BY stream, version;
DROP TABLE entries;
ALTER TABLE entries_2 RENAME TO entries;
`}
}

func (o Options) allLayouts() []string {
	if o.layouts != nil {
		return o.layouts
	}
	return layouts()
}

// tooNew refuses a file that is more than one layout ahead of this code.
func tooNew(path string, have, know int) error {
	if have <= know+1 {
		return nil
	}
	return fault.New(fault.Invalid,
		"The database %s has layout %d, and this tocsin knows layouts up to %d: start a newer tocsin, or name another file with TOCSIN_STORE=sqlite:PATH.",
		path, have, know)
}

// migrate brings the file to the newest layout, with a copy made before.
func migrate(ctx context.Context, conn driver.Conn, path string, all []string) error {
	have, err := layoutOf(conn)
	if err != nil {
		return openFault(err, path)
	}
	if err := tooNew(path, have, len(all)); err != nil {
		return err
	}
	if have >= len(all) {
		return nil
	}
	if have > 0 {
		if err := copyBefore(conn, path, have); err != nil {
			return err
		}
	}
	for v := have; v < len(all); v++ {
		if err := ctx.Err(); err != nil {
			return fault.Wrap(fault.Unavailable, err, "The database was not migrated to its end; start tocsin again.")
		}
		script := fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA user_version = %d; COMMIT;", all[v], v+1)
		if err := run(conn, script); err != nil {
			_ = run(conn, "ROLLBACK") // the file is closed anyway, and BEGIN may be what failed
			return openFault(err, path)
		}
	}
	return nil
}

// copyBefore copies the whole file, as it is before a migration.
func copyBefore(conn driver.Conn, path string, have int) error {
	copied := fmt.Sprintf("%s.layout-%d", path, have)
	for n := 2; ; n++ {
		f, err := os.OpenFile(copied, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			err = f.Close()
		}
		if err == nil {
			break
		}
		if !errors.Is(err, os.ErrExist) {
			return fault.Wrap(fault.Unavailable, err, "The database was not migrated, because no copy of it could be made beside it.")
		}
		copied = fmt.Sprintf("%s.layout-%d-%d", path, have, n)
	}
	if err := run(conn, "VACUUM INTO ?", copied); err != nil {
		return fault.Wrap(fault.Unavailable, errors.Join(err, os.Remove(copied)),
			"The database was not migrated, because no copy of it could be made beside it.")
	}
	return nil
}

func layoutOf(conn driver.Conn) (int, error) {
	row, err := ask(conn, "PRAGMA user_version")
	if err != nil {
		return 0, err
	}
	have, ok := row[0].(int64)
	if !ok {
		return 0, fault.New(fault.Internal, "The database does not say which layout it has.")
	}
	return int(have), nil
}

// run executes a statement, or several, that give nothing back.
func run(conn driver.Conn, script string, args ...driver.Value) error {
	stmt, err := conn.Prepare(script)
	if err != nil {
		return err
	}
	err = exec(stmt, args...)
	return errors.Join(err, stmt.Close())
}

// ask runs a query and gives its first row.
func ask(conn driver.Conn, query string) ([]driver.Value, error) {
	stmt, err := conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	row, err := first(stmt)
	if err == nil && row == nil {
		err = io.ErrUnexpectedEOF
	}
	return row, errors.Join(err, stmt.Close())
}
