// Package source holds what a review draft is made from: what was said, what
// was recorded, and who took part, as plain values.
//
// It must not know where they come from (a store, an export, a test case) or
// what is made of them.
//
// The one idea: everything that a sentence of the draft may rest on has an id
// here, and a sentence that cites none is no fact. Messages and facts share
// one space of ids.
//
// Guarantees: an [Input] is scrubbed and narrowed by whoever made it: it holds
// no credential, no deleted message's words, and nothing that the reader of
// the draft may not see.
package source
