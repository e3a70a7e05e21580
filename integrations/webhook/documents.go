package webhook

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Documents hands documents to the listener: kind "document", one call a
// version. A listener that keeps the highest version of a key keeps them right.
type Documents struct{ sender *Sender }

var _ integrations.Documents = (*Documents)(nil)

// OpenDocuments makes it. Nothing is sent.
func OpenDocuments(o Options) (*Documents, error) {
	s, err := NewSender(o)
	if err != nil {
		return nil, err
	}
	return &Documents{sender: s}, nil
}

// Name implements [integrations.Integration].
func (*Documents) Name() string { return Name }

// Check implements [integrations.Integration].
func (*Documents) Check(context.Context) []integrations.Finding {
	return []integrations.Finding{{Level: "ok", What: "the webhook is handed published reviews", Why: "whether somebody listens shows with the first call"}}
}

// document is what the listener reads of one.
type document struct {
	Key       string    `json:"key"`
	Version   int       `json:"version,omitempty"`
	Name      string    `json:"name,omitempty"`
	Title     string    `json:"title,omitempty"`
	Markdown  string    `json:"markdown,omitempty"`
	HTML      string    `json:"html,omitempty"`
	Link      string    `json:"link,omitempty"`
	Private   bool      `json:"private,omitempty"`
	Withdrawn bool      `json:"withdrawn,omitempty"` // to be taken away; nothing else is set then
	At        time.Time `json:"at,omitzero"`
}

// Publish implements [integrations.Documents]. A listener may answer with
// {"url": "…"}, where the document can be read.
func (d *Documents) Publish(ctx context.Context, doc integrations.Document) (integrations.Ref, error) {
	if doc.Key == "" || doc.Version < 1 {
		return integrations.Ref{}, fault.New(fault.Internal, "A document without a key or a version cannot be published.")
	}
	key := doc.Key + "/v" + strconv.Itoa(doc.Version)
	answer, err := d.sender.ask(ctx, Event{
		Key: key, Kind: "document", At: d.sender.now(), What: "publish " + doc.Name,
		Body: document{
			Key: ID(doc.Key), Version: doc.Version, Name: doc.Name, Title: doc.Title, Markdown: doc.Markdown, HTML: doc.HTML,
			Link: doc.Link, Private: doc.Private, At: doc.At.UTC(),
		},
	})
	if err != nil {
		return integrations.Ref{}, settled(err)
	}
	var where struct {
		URL string `json:"url"`
	}
	_ = json.Unmarshal(answer, &where) // it need not say
	return integrations.Ref{ID: ID(doc.Key), URL: linkOnly(where.URL)}, nil
}

// Withdraw implements [integrations.Documents].
func (d *Documents) Withdraw(ctx context.Context, key string) error {
	at := d.sender.now()
	err := d.sender.Send(ctx, Event{
		Key: key + "/withdrawn/" + strconv.FormatInt(at.UnixNano(), 10), Kind: "document", At: at, What: "withdraw a document",
		Body: document{Key: ID(key), Withdrawn: true, At: at.UTC()},
	})
	if err != nil {
		return settled(err)
	}
	return nil
}
