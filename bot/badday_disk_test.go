package bot_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/bottest"
	"tocsin/store"
	"tocsin/store/sqlite"
)

// smallDisk is SQLite on a disk that holds few pages.
type smallDisk struct{ folder string }

// Open gives a driver to a program that starts.
func (d smallDisk) Open(ctx context.Context) (store.Driver, error) {
	return sqlite.Open(ctx, filepath.Join(d.folder, "tocsin.db"), sqlite.Options{Now: time.Now})
}

// Sole says that one program at a time uses it.
func (d smallDisk) Sole() bool { return true }

// Close leaves it to the test.
func (d smallDisk) Close() {}

// fill takes all the room that is left on the disk, and gives it back.
func (d smallDisk) fill(t *testing.T) (free func()) {
	t.Helper()
	path := filepath.Join(d.folder, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 1024))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk does not fill up: %v", err)
	}
	_ = f.Close() // what did not fit is not wanted
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// TestADiskThatIsReallyFull needs a small disk of its own, which only root can
// mount; the driver's own word for it is tried everywhere, beside.
func TestADiskThatIsReallyFull(t *testing.T) {
	t.Parallel()
	d := smallDisk{t.TempDir()}
	if err := syscall.Mount("tmpfs", d.folder, "tmpfs", 0, "size=6m"); err != nil {
		t.Logf("no disk can be mounted here (%v)", err)
		return
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(d.folder, 0); err != nil {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) { reallyFull(t, d) })
}

func reallyFull(t *testing.T, d smallDisk) {
	s := bottest.NewStage(t, d, "")
	s.Start()
	defer s.Close()
	tells(s, "ann", "general", "declare sev2 checkout is failing", "k0")
	s.Rest()
	room := s.Room("INC-1")
	free := d.fill(t)
	told := map[string]script{}
	refused := 0
	for i := range 40 {
		key := fmt.Sprintf("full-%d", i)
		told[key] = within(t, s, "ann", room, fmt.Sprintf("note entry%dx %s", i, strings.Repeat("y", 3000)), key)
		if told[key].Status != 200 {
			refused++
		}
	}
	if refused == 0 {
		t.Fatal("the disk is full, and nothing is refused")
	}
	if a := within(t, s, "ann", room, "show", "look"); a.Status != 200 {
		t.Errorf("looking on a full disk: %d %s", a.Status, a.Text)
	}
	free()
	s.Advance(time.Minute)
	line := s.Timeline(1)
	for i := range 40 {
		key := fmt.Sprintf("full-%d", i)
		a, n := told[key], times(line, fmt.Sprintf("entry%dx", i))
		switch {
		case a.Status == 200 && n == 1, a.Status == 503 && strings.Contains(a.Text, "Not recorded") && n == 0, a.Status == 503 && strings.Contains(a.Text, "could not confirm") && n == 1:
		default:
			t.Errorf("entry %d was answered %d %s, and stands %d times on the timeline", i, a.Status, a.Text, n)
		}
	}
	if a := tells(s, "ann", room, "note there is room again", "k9"); a.Status != 200 {
		t.Errorf("there is room again: %d %s", a.Status, a.Text)
	}
}
