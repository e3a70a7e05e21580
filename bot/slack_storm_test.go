package bot_test

import (
	"testing"

	"tocsin/bot/bottest"
)

func TestSixtyDeclaresInAMinute(t *testing.T) {
	t.Parallel()
	bottest.Storm(t, 60)
}
