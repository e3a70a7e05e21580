package bot

import (
	"context"
	"math"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/incident/review/source"
	"tocsin/store"
)

// What an export holds beside the timeline and the talk, so that a review can
// be drafted of it where no tocsin runs. It is all read by package exports.
type (
	exportPerson struct {
		ID    string   `json:"id"`
		Name  string   `json:"name"`
		Zone  string   `json:"zone,omitempty"`
		Roles []string `json:"roles,omitempty"`
		Bot   bool     `json:"bot,omitempty"`
	}
	exportMoment struct {
		ID string    `json:"id"`
		Of string    `json:"of"` // "impact_start", "detection", "ack", "mitigation", "resolution"
		At time.Time `json:"at"`
	}
	exportFact struct {
		Kind  source.Kind `json:"kind"`
		By    string      `json:"by,omitempty"`
		Words string      `json:"words"`
		About string      `json:"about,omitempty"` // id of a message
		Owner string      `json:"owner,omitempty"`
		Due   time.Time   `json:"due,omitzero"`
		Done  bool        `json:"done,omitempty"`
		Link  string      `json:"link,omitempty"`
	}
	exportFile struct {
		Name string `json:"name"`
		Type string `json:"type,omitempty"`
	}
	exportRelated struct {
		Number string `json:"number"`
		Title  string `json:"title"`
		Why    string `json:"why"`
		Link   string `json:"link,omitempty"`
	}
)

// reviewInputs are what drafts are made from, read from the shell.
func (b *books) reviewInputs() *reviewInputs {
	if b.inputs == nil {
		people := NewPeople(b.Store, func() time.Time { return b.now })
		b.inputs = newReviewInputs(b.Store, people, func() incident.Policy { return b.policy }, b.zone, redact.NewScrubber())
	}
	return b.inputs
}

// readOften readies the books for the reviews of many incidents.
func (b *books) readOften() { b.reviewInputs().store = &listedOnce{reviewStore: b.Store} }

// listedOnce reads the list of public incidents once, however often related
// ones are looked for.
type listedOnce struct {
	reviewStore
	all []incident.Summary
}

func (l *listedOnce) List(ctx context.Context, f store.Filter) ([]incident.Summary, error) {
	if l.all == nil {
		var err error
		if l.all, err = l.reviewStore.List(ctx, store.Filter{Limit: math.MaxInt32}); err != nil {
			return nil, err
		}
	}
	var out []incident.Summary
	for _, s := range l.all {
		if s.Number < f.Before && len(out) < f.Limit {
			out = append(out, s)
		}
	}
	return out, nil
}

// forReview adds to an export what a review needs of it.
func (b *books) forReview(ctx context.Context, id incident.ID, x *exported) error {
	in, err := b.reviewInputs().Input(ctx, b.as, id)
	if err != nil {
		return err
	}
	x.Zone = in.Zone
	for _, p := range in.People {
		x.People = append(x.People, exportPerson(p))
	}
	for _, r := range in.Related {
		x.Related = append(x.Related, exportRelated(r))
	}
	facts := map[string]source.Fact{}
	for _, f := range in.Facts {
		facts[f.ID] = f
		if f.Kind == source.Milestone {
			x.Moments = append(x.Moments, exportMoment{ID: f.ID, Of: f.Words, At: f.At})
		}
	}
	for n := range x.Timeline {
		f, is := facts[factID(incident.Version(x.Timeline[n].Entry))]
		if is {
			x.Timeline[n].Fact = &exportFact{Kind: f.Kind, By: f.By, Words: f.Words, About: f.About, Owner: f.Owner, Due: f.Due, Done: f.Done, Link: f.Link}
		}
	}
	ids := map[string]string{}
	text := map[string]string{}
	for _, m := range in.Messages {
		ids[m.Place], text[m.Place] = m.ID, m.Text
	}
	for n := range x.Said {
		m := &x.Said[n]
		if m.ID = ids[exportPlace(m.Room, m.Message)]; m.ID != "" && !m.Deleted {
			m.Text = text[exportPlace(m.Room, m.Message)]
		}
	}
	return nil
}

// exportPlace is where the house keeps a message of an export.
func exportPlace(room, message string) string {
	return strings.Replace(room, ":", "/", 1) + "/" + message
}
