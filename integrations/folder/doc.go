// Package folder keeps documents as Markdown files in a folder, for a wiki, a
// site generator or a Git work tree to pick up.
//
// It must not know chat, commands or stores, nor what the documents are about.
//
// The one idea: a file says in its first line which document it is and in
// which version, so the folder itself is all that is remembered.
//
// Guarantees: nothing is written outside the folder, whatever a document is
// called; a reader sees a file whole or not at all; a file that tocsin did not
// write is never touched; one document and version is written once.
package folder
