package bot_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain lets garbage lie longer: hundreds of short lives of the whole
// program make much of it, and a fifth of their time would go into picking it up.
func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(m.Run())
}
