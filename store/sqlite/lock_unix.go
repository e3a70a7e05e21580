//go:build unix

package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"tocsin/incident/fault"
)

// lock is the right to run a bot on a file. It ends with the process,
// however that ends.
type lock struct{ file *os.File }

func lockPath(path string) string { return path + ".lock" }

// takeLock takes the right, or says who has it.
func takeLock(path string) (*lock, error) {
	f, err := os.OpenFile(lockPath(path), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "The lock file "+lockPath(path)+" cannot be made.")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder := holderOf(f)
		return nil, errors.Join(fault.Wrap(fault.Conflict, err,
			"Another tocsin"+holder+" runs on the database "+path+": stop it first, or name another file with TOCSIN_STORE=sqlite:PATH."), f.Close())
	}
	if err := errors.Join(f.Truncate(0), writePID(f)); err != nil {
		return nil, errors.Join(fault.Wrap(fault.Unavailable, err, "The lock file "+lockPath(path)+" cannot be written."), f.Close())
	}
	return &lock{file: f}, nil
}

func writePID(f *os.File) error {
	_, err := f.WriteAt(fmt.Appendf(nil, "%d", os.Getpid()), 0)
	return err
}

// release gives the right up; closing the file alone would not, while a
// process that is just being started still has a copy of it.
func (l *lock) release() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}

// holderOf names the process that has the lock, when it can be read.
func holderOf(f *os.File) string {
	pid, err := io.ReadAll(io.LimitReader(f, 16))
	if err != nil || len(pid) == 0 {
		return ""
	}
	return " (process " + string(pid) + ")"
}

// lockHolder says whether a bot runs on the file, and which process it is.
func lockHolder(path string) (holder string, runs bool) {
	f, err := os.Open(lockPath(path))
	if err != nil {
		return "", false
	}
	defer func() { _ = f.Close() }() // only read
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil {
		return "", false
	}
	return holderOf(f), true
}

// freeBytes is what an ordinary user may still write to the folder's disk.
func freeBytes(folder string) (uint64, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(folder, &fs); err != nil {
		return 0, err
	}
	return whole(fs.Bavail) * whole(fs.Bsize), nil
}

// whole brings together what has other types on other systems.
func whole[N int64 | uint64 | int32 | uint32](n N) uint64 { return uint64(n) }
