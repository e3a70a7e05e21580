package exports

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tocsin/incident/review/source"
)

// form is what a file is.
type form int

const (
	strange form = iota
	ofTocsin
	ofSlack
	ofBackup
)

// formOf looks at the first object of a file, as far as it goes: a file that
// is cut off is known by what is left of it.
func formOf(b []byte) form {
	dec := json.NewDecoder(bytes.NewReader(b))
	t, err := dec.Token()
	if err == nil && t == json.Delim('[') {
		t, err = dec.Token()
	}
	if err != nil || t != json.Delim('{') {
		return strange
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return strange
		}
		switch key {
		case "number", "timeline":
			return ofTocsin
		case "ts", "messages":
			return ofSlack
		case "dump":
			return ofBackup
		}
		var skipped json.RawMessage
		if dec.Decode(&skipped) != nil {
			return strange
		}
	}
	return strange
}

// file is an incident as `tocsin export` writes it. What an older tocsin did
// not write yet stays empty.
type file struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	Title      string    `json:"title"`
	Severity   string    `json:"severity"`
	Status     string    `json:"status"`
	Private    bool      `json:"private"`
	Drill      bool      `json:"drill"`
	Services   []string  `json:"services"`
	DeclaredAt time.Time `json:"declared_at"`
	Zone       string    `json:"zone"`
	People     []person  `json:"people"`
	Timeline   []entry   `json:"timeline"`
	Moments    []moment  `json:"moments"`
	Said       []said    `json:"said"`
	Related    []related `json:"related"`
}

type person struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Zone  string   `json:"zone"`
	Roles []string `json:"roles"`
	Bot   bool     `json:"bot"`
}

type entry struct {
	Entry   uint64    `json:"entry"`
	At      time.Time `json:"happened_at"`
	Actor   string    `json:"actor"`
	Name    string    `json:"name"`
	Event   string    `json:"event"`
	Text    string    `json:"text"`
	Struck  bool      `json:"struck"`
	Deleted bool      `json:"deleted"`
	Fact    *fact     `json:"fact"`
}

type fact struct {
	Kind  source.Kind `json:"kind"`
	By    string      `json:"by"`
	Words string      `json:"words"`
	About string      `json:"about"`
	Owner string      `json:"owner"`
	Due   time.Time   `json:"due"`
	Done  bool        `json:"done"`
	Link  string      `json:"link"`
}

type moment struct {
	ID string    `json:"id"`
	Of string    `json:"of"`
	At time.Time `json:"at"`
}

type said struct {
	ID      string    `json:"id"`
	Message string    `json:"message"`
	Thread  string    `json:"thread"`
	Room    string    `json:"room"`
	Author  string    `json:"author"`
	Name    string    `json:"name"`
	Bot     bool      `json:"bot"`
	At      time.Time `json:"at"`
	Edited  time.Time `json:"edited_at"`
	Deleted bool      `json:"deleted"`
	Text    string    `json:"text"`
	Link    string    `json:"link"`
	Files   []struct {
		Name string `json:"name"`
		Kind string `json:"type"`
	} `json:"files"`
}

type related struct {
	Number string `json:"number"`
	Title  string `json:"title"`
	Why    string `json:"why"`
	Link   string `json:"link"`
}

// tocsin reads an export of tocsin's own: a list of incidents, or one alone.
func (r *reader) tocsin(b []byte) (source.Input, error) {
	var all []file
	err := json.Unmarshal(b, &all)
	if err != nil {
		var one file
		if err = json.Unmarshal(b, &one); err == nil {
			all = []file{one}
		}
	}
	if err != nil {
		return source.Input{}, wrong("This export of tocsin is damaged or cut off: %s.", jsonFault(err))
	}
	x, err := r.chosen(all)
	if err != nil {
		return source.Input{}, err
	}
	return x.input(), nil
}

// chosen is the incident that is meant.
func (r *reader) chosen(all []file) (file, error) {
	var numbers []string
	for _, x := range all {
		if r.Which != "" && (strings.EqualFold(x.Number, r.Which) || x.ID == r.Which || strings.EqualFold(x.Number, "INC-"+r.Which)) {
			return x, nil
		}
		numbers = append(numbers, x.Number)
	}
	switch {
	case r.Which != "":
		return file{}, wrong("There is no %q in this export; it holds %s.", r.Which, some(numbers))
	case len(all) != 1:
		return file{}, wrong("This export holds %d incidents (%s); name the one that is meant, as in `tocsin review --from export.json %s`.", len(all), some(numbers), numbers[0])
	}
	return all[0], nil
}

// some names a few of many.
func some(names []string) string {
	const shown = 8
	if len(names) > shown {
		return strings.Join(names[:shown], ", ") + " and " + strconv.Itoa(len(names)-shown) + " more"
	}
	return strings.Join(names, ", ")
}

func (x file) input() source.Input {
	in := source.Input{
		ID: x.ID, Number: x.Number, Title: x.Title, Severity: x.Severity, Status: x.Status, Services: x.Services,
		Zone: x.Zone, Drill: x.Drill, Private: x.Private, Declared: x.DeclaredAt.UTC(),
	}
	if in.Severity == "unset" {
		in.Severity = ""
	}
	p := newPeople()
	for _, one := range x.People {
		p.add(source.Person(one))
	}
	in.Messages = x.messages(p)
	in.Facts = x.facts(p, in.Messages)
	in.People = p.sorted()
	for _, one := range x.Related {
		in.Related = append(in.Related, source.Related(one))
	}
	return finished(in)
}

// messages are what was said. A tocsin that drafts reviews gave an id to what
// belongs to the incident; an older one kept no ids, and everything belongs.
func (x file) messages(p *people) []source.Message {
	all := slices.Clone(x.Said)
	if slices.ContainsFunc(all, func(m said) bool { return m.ID != "" }) {
		all = slices.DeleteFunc(all, func(m said) bool { return m.ID == "" })
	}
	slices.SortStableFunc(all, func(a, b said) int { return a.At.Compare(b.At) })
	ids := x.ids(all)
	at := map[string]string{}
	out := make([]source.Message, 0, len(all))
	for n, m := range all {
		at[m.Room+"/"+m.Message] = ids[n]
		one := source.Message{
			ID: ids[n], At: m.At.UTC(), Author: p.met(m.Author, m.Name, m.Bot), Bot: m.Bot, Link: m.Link,
			Edited: !m.Edited.IsZero(), Deleted: m.Deleted || m.Text == erased, Place: place(m.Room, m.Message),
		}
		if !one.Deleted {
			one.Text = m.Text
			for _, f := range m.Files {
				one.Files = append(one.Files, source.File{Name: f.Name, Kind: f.Kind})
			}
		}
		out = append(out, one)
	}
	for n, m := range all {
		if m.Thread != "" && m.Thread != m.Message {
			out[n].Thread = at[m.Room+"/"+m.Thread]
		}
	}
	return out
}

// ids are those of the file, as long as they are fit to be ids.
func (file) ids(all []said) []string {
	fit := regexp.MustCompile(`^m\d{1,20}$`)
	seen := make(map[string]bool, len(all))
	ids := make([]string, len(all))
	moments := make([]time.Time, len(all))
	for n, m := range all {
		if !fit.MatchString(m.ID) || seen[m.ID] {
			seen = nil
			break
		}
		seen[m.ID], ids[n] = true, m.ID
	}
	if seen != nil {
		return ids
	}
	for n, m := range all {
		moments[n] = m.At
	}
	return source.MessageIDs(moments)
}

// place is where the house that wrote the file keeps the message.
func place(room, message string) string {
	platform, id, found := strings.Cut(room, ":")
	if !found || message == "" {
		return ""
	}
	return platform + "/" + id + "/" + message
}

// erased stands in an export where words were erased.
const erased = "erased"

// facts are what was recorded, and the moments that metrics are made of.
func (x file) facts(p *people, said []source.Message) []source.Fact {
	ids := make(map[string]bool, len(said))
	for _, m := range said {
		ids[m.ID] = true
	}
	told := slices.ContainsFunc(x.Timeline, func(e entry) bool { return e.Fact != nil })
	var out []source.Fact
	for _, e := range x.Timeline {
		f, ok := e.fact(p, told)
		if !ok {
			continue
		}
		if !ids[f.About] {
			f.About = ""
		}
		out = append(out, f)
	}
	for n, m := range x.Moments {
		out = append(out, source.Fact{ID: "e" + strconv.Itoa(source.FirstMilestone+n), At: m.At.UTC(), Kind: source.Milestone, Words: m.Of})
		if isID(m.ID) {
			out[len(out)-1].ID = m.ID
		}
	}
	slices.SortStableFunc(out, func(a, b source.Fact) int { return a.At.Compare(b.At) })
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(f source.Fact) bool {
		twice := seen[f.ID]
		seen[f.ID] = true
		return twice
	})
}

func isID(id string) bool { return regexp.MustCompile(`^e\d{1,20}$`).MatchString(id) }

// fact is what an entry is to a review. A tocsin that drafts reviews said so
// itself (told); of an older one it is known by the event's name.
func (e entry) fact(p *people, told bool) (f source.Fact, ok bool) {
	f = source.Fact{ID: "e" + strconv.FormatUint(e.Entry, 10), At: e.At.UTC(), Struck: e.Struck}
	switch {
	case e.Deleted:
		return f, false
	case e.Fact != nil:
		x := e.Fact
		f.Kind, f.By, f.Words, f.About = x.Kind, p.met(x.By, "", false), x.Words, x.About
		f.Owner, f.Due, f.Done, f.Link = p.met(x.Owner, "", false), x.Due.UTC(), x.Done, x.Link
		return f, f.Words != ""
	}
	f.Kind, f.Words = kindOf(e.Event), e.Text
	if told || f.Kind == "" || f.Words == "" {
		return f, false
	}
	if e.Actor != house {
		f.By = p.met(e.Actor, e.Name, false)
	}
	return f, true
}

// house is the actor of what tocsin does by itself.
const house = "tocsin"

// kindOf is what an event is to a review, by its name, in exports of a tocsin
// that did not say so itself.
func kindOf(event string) source.Kind {
	kinds := map[string]source.Kind{
		"declared": source.Declared, "severity_set": source.Severity, "status_set": source.Status, "cancellation": source.Status,
		"merged_into": source.Status, "closure": source.Status, "resolution": source.Resolved, "reopened": source.Reopened,
		"role_taken": source.Role, "role_released": source.Role, "handover_accepted": source.Handover, "page_requested": source.Page,
		"page_accepted": source.Page, "page_failed": source.Page, "page_acknowledged": source.Acknowledged, "alerts_attached": source.Alert,
		"alerts_changed": source.Alert, "update_posted": source.Update, "impact_set": source.Impact, "cause_set": source.Cause,
		"note_added": source.Note, "message_captured": source.Captured, "decision_made": source.Decision, "task_added": source.Task,
		"action_added": source.Action, "link_added": source.Other,
	}
	return kinds[event]
}
