package pagertest

import (
	"context"
	"testing"

	"tocsin/integrations"
)

// Harness starts a fresh pager and its far side, and stops both when the test ends.
type Harness func(t *testing.T) Bench

// Bench is a pager under test.
type Bench struct {
	Pager    integrations.Pager
	Far      FarSide
	Target   string // a team with at least two levels
	Person   string // somebody who can be paged by name or e-mail
	Practice bool   // it wakes nobody, and every receipt must say so
}

// Failure is a way in which the line to the far side breaks.
type Failure string

// The failures.
const (
	None       Failure = ""
	Refuse     Failure = "refuse"      // the far side says no, for good
	Away       Failure = "away"        // nothing reaches it
	LoseAnswer Failure = "lose answer" // it takes the page, and its answer is lost
)

// FarSide acts where the phones ring.
type FarSide interface {
	// Answer acknowledges the page of a key as somebody on call.
	Answer(ctx context.Context, key, by string) error
	// Pass lets the time of the level pass without an answer.
	Pass(ctx context.Context, key string) error
	// Break breaks the line until it is mended with None.
	Break(ctx context.Context, how Failure) error
	// Pages counts the pages that exist for a key.
	Pages(ctx context.Context, key string) (int, error)
	// News is what the pager told by itself, in order; it returns when all
	// that is under way was told.
	News(ctx context.Context) ([]integrations.Receipt, error)
}
