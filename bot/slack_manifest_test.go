package bot_test

import (
	"bytes"
	"os"
	"testing"

	"tocsin/bot/slack"
	"tocsin/commands"
)

func TestTheManifestInDeployIsTheOneThatSetupPrints(t *testing.T) {
	t.Parallel()
	const path = "../deploy/slack-manifest.json"
	want := slack.Manifest("incident", commands.Verbs(), "")
	if *update {
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is behind the code (%v): run go test ./bot -update", path, err)
	}
}
