package bottest

import (
	"os"
	"runtime"
	"testing"
	"time"
)

// Whole says that everything is to be tried, as CI demands with
// TOCSIN_REQUIRE_ALL=1: each story over every database and in every way of
// Slack, on the real disk, and programs as real processes. Otherwise each story
// is played in memory, over one database and in one way of Slack, which change
// with the day; whoever runs the tests often should not wait for more.
func Whole() bool { return os.Getenv("TOCSIN_REQUIRE_ALL") == "1" }

// folder is where a test's database lies: in memory where there is such a
// place, since no story is about the disk.
func folder(t *testing.T) string {
	t.Helper()
	const inMemory = "/dev/shm"
	if Whole() || runtime.GOOS != "linux" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(inMemory, "tocsin-test-") //nolint:usetesting // t.TempDir cannot be told where
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// HasTurn says whether the i-th of so many ways has its turn today for the n-th
// story. All have, when everything is to be tried.
func HasTurn(n, i, ways int) bool {
	return Whole() || (time.Now().YearDay()+n)%ways == i
}
