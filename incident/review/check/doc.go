// Package check holds a draft's sentences against what they cite.
//
// It must not know how a sentence came to be: a template, a person or a
// language model.
//
// The one idea: a sentence is kept only when its sources say it: its words,
// its numbers, its times, its names and its not.
//
// Guarantees: pure. A sentence that it passes cites only ids of the input
// that are not deleted.
package check
