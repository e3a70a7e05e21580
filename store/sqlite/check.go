package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tocsin/store"
)

// When a disk is worth a word.
const (
	littleDisk = 256 << 20
	noDisk     = 16 << 20
	slowSync   = 20 * time.Millisecond
)

// Check implements [store.Checker].
func (d *Driver) Check(ctx context.Context) []store.Finding {
	return slices.Concat(d.checkLock(), d.checkFolder(), d.checkSpace(), d.checkFile(ctx))
}

func (d *Driver) checkLock() []store.Finding {
	if d.lock != nil {
		return fine("sqlite: this process alone has " + d.path)
	}
	if holder, runs := lockHolder(d.path); runs {
		return fine("sqlite: a bot" + holder + " runs on " + d.path)
	}
	return fine("sqlite: no bot runs on " + d.path)
}

// checkFolder writes a file beside the database and measures how long the
// disk takes to keep it.
func (d *Driver) checkFolder() []store.Finding {
	folder := filepath.Dir(d.path)
	f, err := os.CreateTemp(folder, ".tocsin-check-*")
	if err != nil {
		return []store.Finding{{
			Level: "fail", What: "sqlite: the folder " + folder + " cannot be written",
			Why:  "nothing can be recorded: SQLite keeps its log beside the file",
			Mend: "give the bot's user write access to the folder, or mount its disk writable",
		}}
	}
	took, err := d.syncTime(f)
	_ = f.Close()           // a scratch file
	_ = os.Remove(f.Name()) // a scratch file
	if err != nil {
		return []store.Finding{{
			Level: "fail", What: "sqlite: the disk of " + folder + " does not keep what is written",
			Why: "nothing can be recorded", Mend: "free space on the disk, or replace it",
		}}
	}
	found := fine("sqlite: the folder " + folder + " can be written")
	switch {
	case d.now == nil:
		return found
	case took > slowSync:
		return append(found, store.Finding{
			Level: "warn", What: fmt.Sprintf("sqlite: the disk takes %s to keep a write", took.Round(100*time.Microsecond)),
			Why:  "every command waits for it",
			Mend: "put the database on a local solid-state disk",
		})
	}
	return append(found, fine(fmt.Sprintf("sqlite: the disk keeps a write in %s", took.Round(10*time.Microsecond)))...)
}

// syncTime is the middle one of five writes with fsync.
func (d *Driver) syncTime(f *os.File) (time.Duration, error) {
	var took []time.Duration
	for range 5 {
		var from time.Time
		if d.now != nil {
			from = d.now()
		}
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		if d.now != nil {
			took = append(took, d.now().Sub(from))
		}
	}
	if len(took) == 0 {
		return 0, nil
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

func (d *Driver) checkSpace() []store.Finding {
	folder := filepath.Dir(d.path)
	free, err := freeBytes(folder)
	if err != nil {
		return []store.Finding{{
			Level: "warn", What: "sqlite: how full the disk of " + folder + " is cannot be told",
			Why: "a full disk stops every command", Mend: "watch the disk by other means",
		}}
	}
	f := store.Finding{
		What: fmt.Sprintf("sqlite: %d MiB are free on the disk of %s", free>>20, folder),
		Why:  "a full disk stops every command", Mend: "free space, or move the database to a bigger disk",
	}
	switch {
	case free < noDisk:
		f.Level = "fail"
	case free < littleDisk:
		f.Level = "warn"
	default:
		return fine(f.What)
	}
	return []store.Finding{f}
}

func (d *Driver) checkFile(ctx context.Context) []store.Finding {
	var verdict string
	err := d.each(ctx, quickCheck, nil, func(r *sql.Rows) error { return r.Scan(&verdict) })
	switch {
	case err != nil:
		return []store.Finding{{
			Level: "fail", What: "sqlite: the file " + d.path + " cannot be read: " + err.Error(),
			Why: "nothing can be looked up", Mend: "restore the newest backup into a new file: tocsin restore FILE",
		}}
	case verdict != "ok":
		return []store.Finding{{
			Level: "fail", What: "sqlite: the file " + d.path + " is damaged: " + verdict,
			Why: "parts of it are lost or will be", Mend: "stop the bot, keep a copy of the file, and restore the newest backup: tocsin restore FILE",
		}}
	}
	return fine("sqlite: the file " + d.path + " is whole")
}

func fine(what string) []store.Finding { return []store.Finding{{Level: "ok", What: what}} }
