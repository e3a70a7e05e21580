package integrations

import (
	"context"
	"time"
)

// Documents is a place where people read documents: a folder, a wiki. One key
// is one document, whatever its version.
type Documents interface {
	Integration
	// Publish puts a version of a document there and says where it is. The
	// same key and version again does nothing new and gives the same answer; a
	// newer version takes the place of the older, and an older one than stands
	// there changes nothing and says where the newer is.
	Publish(ctx context.Context, d Document) (Ref, error)
	// Withdraw takes a document away from there, whole; one that is not there
	// is no error.
	Withdraw(ctx context.Context, key string) error
}

// Document is one version of a document. What is in it leaves the house: it
// is already reduced to what may leave.
type Document struct {
	Key      string // the document's own, the same for all its versions; never empty
	Version  int    // from 1
	Name     string // short, as people call it: "INC-142"
	Title    string
	Markdown string // whole, with its heading
	HTML     string // whole, standing alone
	Link     string // back to the house's own page; empty: none
	Private  bool   // of a private incident, which policy lets leave
	At       time.Time
}
