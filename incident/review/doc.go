// Package review makes the draft of a post-incident review from what was said
// in the room and what was recorded.
//
// It must not know where its input comes from, who may read the draft, or how
// a platform shows it. It is pure.
//
// The one idea: a draft is sentences, each resting on messages or facts that
// it cites, each checked by machine before it stands; what people wrote lies
// over the draft by the stable key of its line, so that a draft made anew from
// later captures takes nothing from them.
//
// Guarantees: equal inputs give equal drafts, byte for byte. Every sentence
// that states something cites what supports it; one that its sources do not
// support becomes the quote. No section is silently empty. No average, no
// cause that nobody stated, no person as a factor; what a machine cannot know
// is a question.
package review
