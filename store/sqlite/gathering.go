package sqlite

import (
	"unsafe"

	"modernc.org/libc"
	engine "modernc.org/sqlite/lib"

	"tocsin/incident/fault"
)

// SQLite writes its log page by page, each with a head of its own: a hundred
// small writes for a group of commands. The file system "tocsin" is the
// machine's own, but for the log of a connection that syncs each commit: what
// is written there one after the other is kept and handed on as one write,
// before anything else is asked of the file. Nobody reads a frame of the log
// before the sync that commits it, so nothing else can be seen of it.

// gathering is the name of the file system; the writing connection asks for it.
const gathering = "tocsin"

// mostGathered bounds what is kept of a log before it is handed on: SQLite's
// own writing takes no more than 128 KiB less a byte at a time.
const mostGathered = 124 << 10

// logFile lies behind SQLite's own object of an open log.
type logFile struct {
	methods engine.Tsqlite3_io_methods // this file's: those of the base, some replaced
	base    uintptr                    // the methods underneath
	kept    uintptr                    // mostGathered bytes that were not handed on yet, or nil
	at      int64                      // where they belong in the file
	size    int32
}

// offerGathering makes the file system known to SQLite. SQLite keeps it for
// as long as the process runs.
func offerGathering() error {
	tls := libc.NewTLS()
	defer tls.Close()
	name, err := libc.CString(gathering)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "There is no memory to open the database with.")
	}
	if engine.Xsqlite3_vfs_find(tls, name) != 0 {
		libc.Xfree(tls, name)
		return nil
	}
	base := engine.Xsqlite3_vfs_find(tls, 0)
	own := engine.Xsqlite3_malloc(tls, int32(unsafe.Sizeof(engine.Tsqlite3_vfs{})))
	if base == 0 || own == 0 {
		return fault.New(fault.Internal, "SQLite knows no file system.")
	}
	vfs := at[engine.Tsqlite3_vfs](own)
	*vfs = *at[engine.Tsqlite3_vfs](base)
	vfs.FzName, vfs.FpNext, vfs.FpAppData = name, 0, base
	vfs.FszOsFile = int32(besideFile(base) + unsafe.Sizeof(logFile{}))
	vfs.FxOpen = pointer(openFile)
	if engine.Xsqlite3_vfs_register(tls, own, 0) != engine.SQLITE_OK {
		return fault.New(fault.Internal, "SQLite does not take the file system.")
	}
	return nil
}

// besideFile is where a logFile lies, seen from the start of SQLite's object.
func besideFile(base uintptr) uintptr {
	return (uintptr(at[engine.Tsqlite3_vfs](base).FszOsFile) + 7) &^ 7
}

type (
	opens  = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	writes = func(tls *libc.TLS, file, from uintptr, n int32, where int64) int32
	takes  = func(tls *libc.TLS, file uintptr, n int64) int32
	tells  = func(tls *libc.TLS, file, size uintptr) int32
	syncs  = func(tls *libc.TLS, file uintptr, flags int32) int32
	closes = func(tls *libc.TLS, file uintptr) int32
)

func openFile(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 { //nolint:revive // SQLite calls it so
	base := at[engine.Tsqlite3_vfs](vfs).FpAppData
	rc := function[opens](at[engine.Tsqlite3_vfs](base).FxOpen)(tls, base, name, file, flags, outFlags)
	under := at[engine.Tsqlite3_file](file).FpMethods
	if rc != engine.SQLITE_OK || flags&engine.SQLITE_OPEN_WAL == 0 || under == 0 {
		return rc
	}
	l := at[logFile](file + besideFile(base))
	*l = logFile{methods: *at[engine.Tsqlite3_io_methods](under), base: under}
	l.methods.FxClose, l.methods.FxRead, l.methods.FxWrite = pointer(closeLog), pointer(readLog), pointer(writeLog)
	l.methods.FxTruncate, l.methods.FxSync, l.methods.FxFileSize = pointer(truncateLog), pointer(syncLog), pointer(sizeOfLog)
	at[engine.Tsqlite3_file](file).FpMethods = file + besideFile(base) // its first field is the table
	return rc
}

// logOf finds what lies behind SQLite's object: its methods stand there.
func logOf(file uintptr) (l *logFile, base *engine.Tsqlite3_io_methods) {
	l = at[logFile](at[engine.Tsqlite3_file](file).FpMethods)
	return l, at[engine.Tsqlite3_io_methods](l.base)
}

func writeLog(tls *libc.TLS, file, from uintptr, n int32, where int64) int32 {
	l, base := logOf(file)
	if where != l.at+int64(l.size) || n > mostGathered-l.size {
		if rc := handOn(tls, file); rc != engine.SQLITE_OK {
			return rc
		}
		l.at = where
	}
	if l.kept == 0 {
		l.kept = engine.Xsqlite3_malloc(tls, mostGathered)
	}
	if l.kept == 0 || n > mostGathered {
		return function[writes](base.FxWrite)(tls, file, from, n, where)
	}
	copy(unsafe.Slice(at[byte](l.kept+uintptr(l.size)), n), unsafe.Slice(at[byte](from), n))
	l.size += n
	return engine.SQLITE_OK
}

// handOn writes what is kept. What could not be written is not kept: the
// commit that it belongs to fails.
func handOn(tls *libc.TLS, file uintptr) int32 {
	l, base := logOf(file)
	if l.size == 0 {
		return engine.SQLITE_OK
	}
	n := l.size
	l.size = 0
	return function[writes](base.FxWrite)(tls, file, l.kept, n, l.at)
}

func readLog(tls *libc.TLS, file, to uintptr, n int32, where int64) int32 {
	if rc := handOn(tls, file); rc != engine.SQLITE_OK {
		return rc
	}
	_, base := logOf(file)
	return function[writes](base.FxRead)(tls, file, to, n, where)
}

func truncateLog(tls *libc.TLS, file uintptr, size int64) int32 {
	if rc := handOn(tls, file); rc != engine.SQLITE_OK {
		return rc
	}
	_, base := logOf(file)
	return function[takes](base.FxTruncate)(tls, file, size)
}

func syncLog(tls *libc.TLS, file uintptr, flags int32) int32 {
	if rc := handOn(tls, file); rc != engine.SQLITE_OK {
		return rc
	}
	_, base := logOf(file)
	return function[syncs](base.FxSync)(tls, file, flags)
}

func sizeOfLog(tls *libc.TLS, file, size uintptr) int32 {
	if rc := handOn(tls, file); rc != engine.SQLITE_OK {
		return rc
	}
	_, base := logOf(file)
	return function[tells](base.FxFileSize)(tls, file, size)
}

func closeLog(tls *libc.TLS, file uintptr) int32 {
	kept := handOn(tls, file)
	l, base := logOf(file)
	if l.kept != 0 {
		engine.Xsqlite3_free(tls, l.kept)
		l.kept = 0
	}
	at[engine.Tsqlite3_file](file).FpMethods = l.base
	if rc := function[closes](base.FxClose)(tls, file); rc != engine.SQLITE_OK {
		return rc
	}
	return kept
}

// at is what lies at an address of SQLite's own memory, which Go never moves.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// pointer is a function as SQLite's Go code keeps it; it must be a function of
// a package, not a closure, so that it never goes away.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

// function is pointer the other way round.
func function[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&p)) }
