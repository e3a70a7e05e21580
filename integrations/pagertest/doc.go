// Package pagertest is the suite that every pager passes.
//
// It must not know any pager, chat or store: it speaks with [integrations]
// alone.
//
// The one idea: a [Harness] starts a pager against a far side that behaves,
// and [FarSide] is the hand that answers the phone there and breaks the line.
// What became of a page is asked at the far side, never from the pager alone.
//
// Guarantees: a pager that passes keeps one page for one key, says what is
// known and no more, and tells lost answers from refusals.
package pagertest
