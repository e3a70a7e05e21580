package bot

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"tocsin/incident"
)

// exportRow is an incident in an export or a listing.
type exportRow struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	Title      string    `json:"title"`
	Severity   string    `json:"severity"`
	Status     string    `json:"status"`
	Private    bool      `json:"private,omitempty"`
	Drill      bool      `json:"drill,omitempty"`
	RecordOnly bool      `json:"record_only,omitempty"`
	Services   []string  `json:"services,omitempty"`
	Commander  string    `json:"commander,omitempty"`
	Declarer   string    `json:"declarer"`
	DeclaredAt time.Time `json:"declared_at"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
}

// exportEntry is one line of an exported timeline.
type exportEntry struct {
	Entry      uint64          `json:"entry"`
	HappenedAt time.Time       `json:"happened_at"`
	RecordedAt time.Time       `json:"recorded_at"`
	Actor      string          `json:"actor"`
	Name       string          `json:"name"`
	Through    string          `json:"through,omitempty"`
	Type       string          `json:"event"`
	Text       string          `json:"text"`
	Struck     bool            `json:"struck,omitempty"`
	Edited     bool            `json:"edited,omitempty"`
	Deleted    bool            `json:"deleted,omitempty"`
	Data       json.RawMessage `json:"data"`           // the event as it is kept; words as references
	Fact       *exportFact     `json:"fact,omitempty"` // what it is to a review; none: nothing
}

// exported is one incident with its whole timeline.
type exported struct {
	exportRow
	Zone       string              `json:"zone,omitempty"`
	Milestones incident.Milestones `json:"milestones"`
	Moments    []exportMoment      `json:"moments,omitempty"` // the same, as a review cites them
	People     []exportPerson      `json:"people,omitempty"`  // who took part
	Related    []exportRelated     `json:"related,omitempty"` // earlier incidents that look alike
	Timeline   []exportEntry       `json:"timeline"`
	Said       []exportSaid        `json:"said,omitempty"` // what was said in its rooms
}

// exportSaid is a message of an incident's room.
type exportSaid struct {
	Message string    `json:"message"`
	Thread  string    `json:"thread,omitempty"`
	Room    string    `json:"room"`
	Author  string    `json:"author"`
	Name    string    `json:"name"`
	At      time.Time `json:"at"`
	Edited  time.Time `json:"edited_at,omitzero"`
	Deleted bool      `json:"deleted,omitempty"`
	Text    string    `json:"text"`
	Link    string    `json:"link,omitempty"`
	Bot     bool      `json:"bot,omitempty"`
	// ID is what a review cites it by; none: it is not this incident's own.
	ID    string       `json:"id,omitempty"`
	Files []exportFile `json:"files,omitempty"`
}

func (b *books) row(ctx context.Context, s incident.Summary) exportRow {
	v := b.voice(ctx)
	r := exportRow{
		ID: string(s.ID), Number: s.Number.String(), Title: s.Title.String(), Severity: s.Severity.String(), Status: string(s.Status),
		Private: s.Private, Drill: s.Drill, RecordOnly: s.RecordOnly, Services: s.Services,
		Declarer: v.Face(s.Declarer).Name, DeclaredAt: s.DeclaredAt, EndedAt: s.EndedAt,
	}
	if s.Commander != "" {
		r.Commander = v.Face(s.Commander).Name
	}
	return r
}

// exported reads one incident whole.
func (b *books) exported(ctx context.Context, words string) (exported, error) {
	s, err := b.find(ctx, words)
	if err != nil {
		return exported{}, err
	}
	recs, err := b.Load(ctx, s.ID.Stream(), 0, 0)
	if err != nil {
		return exported{}, err
	}
	x := exported{exportRow: b.row(ctx, s)}
	var inc incident.Incident
	raw := map[incident.Version]incident.Event{}
	for _, r := range recs {
		inc = inc.Apply(r)
		raw[r.Version] = r.Event
	}
	x.Milestones = inc.Milestones
	v := b.voice(ctx)
	for _, e := range incident.Entries(recs) {
		data, err := json.Marshal(raw[e.Version])
		if err != nil {
			return exported{}, err
		}
		x.Timeline = append(x.Timeline, exportEntry{
			Entry: uint64(e.Version), HappenedAt: e.Happened, RecordedAt: e.Recorded, Actor: string(e.Actor), Name: v.Face(e.Actor).Name,
			Through: e.Account, Type: incident.NameOf(e.Event), Text: b.sentence(ctx, e),
			Struck: e.Struck, Edited: e.Edited, Deleted: e.Deleted, Data: data,
		})
	}
	if x.Said, err = b.said(ctx, s.ID.Stream()); err != nil {
		return exported{}, err
	}
	return x, b.forReview(ctx, s.ID, &x)
}

// said is everything that was said in the rooms, as the reader may see it.
func (b *books) said(ctx context.Context, s incident.Stream) ([]exportSaid, error) {
	msgs, err := b.Messages(ctx, s, time.Time{}, 0)
	if err != nil {
		return nil, err
	}
	v := b.voice(ctx)
	var out []exportSaid
	for _, m := range msgs {
		one := exportSaid{
			Message: m.Message, Thread: m.Thread, Room: m.Room.Platform + ":" + m.Room.ID, Author: string(m.Author), Bot: m.Bot,
			Name: v.Face(m.Author).Name, At: m.At, Edited: m.EditedAt, Deleted: !m.DeletedAt.IsZero(), Text: m.Text.String(), Link: m.Link,
		}
		for _, f := range m.Files {
			one.Files = append(one.Files, exportFile{Name: f.Name, Type: f.Type})
		}
		out = append(out, one)
	}
	return out, nil
}

// exporters is the list of formats.
func exporters() map[string]func(io.Writer, []exported) error {
	return map[string]func(io.Writer, []exported) error{"json": exportJSON, "markdown": exportMarkdown, "csv": exportCSV}
}

func exportJSON(w io.Writer, all []exported) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	return enc.Encode(all)
}

// exportCSV writes one row an entry. A cell that a spreadsheet would run as a
// formula is made text by a quote in front.
func exportCSV(w io.Writer, all []exported) error {
	c := csv.NewWriter(w)
	if err := c.Write([]string{"incident", "entry", "happened_at", "recorded_at", "name", "event", "text", "struck"}); err != nil {
		return err
	}
	for _, x := range all {
		for _, e := range x.Timeline {
			row := []string{x.Number, strconv.FormatUint(e.Entry, 10), e.HappenedAt.UTC().Format(time.RFC3339), e.RecordedAt.UTC().Format(time.RFC3339), e.Name, e.Type, e.Text, strconv.FormatBool(e.Struck)}
			for i := range row {
				if strings.IndexAny(row[i], "=+-@\t\r") == 0 {
					row[i] = "'" + row[i]
				}
			}
			if err := c.Write(row); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

func exportMarkdown(w io.Writer, all []exported) error {
	var b strings.Builder
	for _, x := range all {
		fmt.Fprintf(&b, "# %s %s\n\n%s, %s, declared %s by %s\n\n", x.Number, markdown(x.Title), x.Severity, x.Status, x.DeclaredAt.UTC().Format("2006-01-02 15:04 UTC"), markdown(x.Declarer))
		for _, e := range x.Timeline {
			text := markdown(e.Text)
			if e.Struck {
				text = "~~" + text + "~~"
			}
			fmt.Fprintf(&b, "- %s %s\n", e.HappenedAt.UTC().Format("2006-01-02 15:04:05 UTC"), text)
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown escapes words from outside, so that they are drawn as they are.
func markdown(s string) string {
	return strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "<", "&lt;", ">", "&gt;", "&", "&amp;", "#", "\\#", "|", "\\|", "~", "\\~", "!", "\\!", "\n", " ").Replace(s)
}
