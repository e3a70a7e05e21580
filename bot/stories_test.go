package bot_test

import (
	"testing"

	"tocsin/bot/bottest"
)

func TestStories(t *testing.T) {
	t.Parallel()
	bottest.Play(t, "testdata/stories")
}

func TestStoriesInSlack(t *testing.T) {
	t.Parallel()
	bottest.PlayInSlack(t, "testdata/stories")
}
