package sqlite

import (
	"context"
	"errors"

	moderncsqlite "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"tocsin/incident/fault"
)

// trouble says in plain words what SQLite ran into; "" when it is nothing of
// the disk or the file.
func trouble(err error) string {
	var e *moderncsqlite.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code() & 0xff {
	case codes.SQLITE_FULL:
		return "The disk with the database is full"
	case codes.SQLITE_READONLY:
		return "The database cannot be written: the file or its disk is read-only"
	case codes.SQLITE_IOERR:
		return "The disk with the database answers with errors"
	case codes.SQLITE_CANTOPEN, codes.SQLITE_PERM, codes.SQLITE_AUTH:
		return "The database cannot be opened"
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_PROTOCOL:
		return "Another program holds the database"
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB, codes.SQLITE_FORMAT:
		return "The database file is damaged or is no database"
	case codes.SQLITE_NOMEM, codes.SQLITE_TOOBIG:
		return "The database needs more memory than there is"
	case codes.SQLITE_INTERRUPT:
		return "The database was interrupted"
	}
	return ""
}

// writeFault is for what failed before a commit was tried: nothing was written.
func writeFault(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if why := trouble(err); why != "" {
		return fault.Wrap(fault.Unavailable, err, why+"; nothing was recorded.")
	}
	return fault.Wrap(fault.Internal, err, "The database refused to record this.")
}

// commitFault is for a commit that failed. A full or read-only disk cannot
// have taken its last page, which is the one that counts; of any other
// failure nobody knows.
func commitFault(err error) error {
	var e *moderncsqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case codes.SQLITE_FULL, codes.SQLITE_READONLY, codes.SQLITE_BUSY:
			return writeFault(err)
		}
	}
	why := trouble(err)
	if why == "" {
		why = "The database did not finish"
	}
	return fault.Wrap(fault.Unknown, err, why+"; it may have been recorded.")
}

// readFault is for what failed while reading.
func readFault(err error) error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(fault.Unavailable, err, "The database has not answered in time.")
	}
	if why := trouble(err); why != "" {
		return fault.Wrap(fault.Unavailable, err, why+"; it could not be read.")
	}
	return fault.Wrap(fault.Unavailable, err, "The database could not be read.")
}

// openFault is for what failed while opening.
func openFault(err error, path string) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	why := trouble(err)
	if why == "" {
		why = "The database cannot be opened"
	}
	return fault.Wrap(fault.Unavailable, err, why+": "+path+".")
}
