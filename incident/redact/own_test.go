package redact_test

import (
	"testing"

	"tocsin/incident/redact"
)

func TestTheHousesOwnSecretsAloneCanBeTakenOut(t *testing.T) {
	t.Parallel()
	s := redact.NewScrubber("a/long&secret", "short")
	text := "we call a/long&secret, once a%2Flong&secret and once a%2Flong%26secret; short stays, password: hunter2hunter2"
	want := "we call [redacted:own], once [redacted:own] and once [redacted:own]; short stays, password: hunter2hunter2"
	if got := s.ScrubOwn(text); got != want {
		t.Errorf("got %q", got)
	}
}
