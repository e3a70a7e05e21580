// Package chat is talk without a platform: what people send (requests, forms,
// messages), what they get (messages, replies), and what a platform must do to
// carry both.
//
// It must not know incidents, commands, stores or any vendor: it imports the
// standard library and fault.
//
// The one idea: messages are trees of plain values, never markup. Words from
// outside stand in [Plain] spans, so no text can ping anybody, break a layout
// or forge a link; each platform escapes once, where it draws.
//
// Guarantees: a [Request]'s key is the same for every retry of the same
// gesture; [Platform] is small, and what only some platforms can do stands in
// [Roles], one value that a wrapper cannot hide.
package chat
