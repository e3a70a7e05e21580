package incident

import (
	"slices"
	"strings"
	"time"

	"tocsin/incident/fault"
)

// MaxListLines is how many lines a checklist may have.
const MaxListLines = 50

// AddTask adds something to do now.
func (i Incident) AddTask(a Actor, text string, who PersonID) ([]Event, error) {
	words, err := i.item(a, "task", text, "task restart the queue @ann")
	if err != nil {
		return nil, err
	}
	return []Event{TaskAdded{Item: i.Items + 1, Text: words, Who: who}}, nil
}

// AddAction adds something to do later.
func (i Incident) AddAction(a Actor, text string, owner PersonID, due time.Time) ([]Event, error) {
	const try = "action alert on queue length @ann due:friday"
	words, err := i.item(a, "action", text, try)
	if err != nil {
		return nil, err
	}
	if !due.IsZero() {
		if err := coming(a, due, "due date", try); err != nil {
			return nil, err
		}
		due = due.UTC()
	}
	return []Event{ActionAdded{Item: i.Items + 1, Text: words, Owner: owner, Due: due}}, nil
}

// item is what tasks and action items have in common.
func (i Incident) item(a Actor, verb, text, try string) (Text, error) {
	if err := i.may(a, verb, onRecord); err != nil {
		return Text{}, err
	}
	if err := i.fits(1, try); err != nil {
		return Text{}, err
	}
	return a.text(text, asked{what: verb, limit: MaxLine, try: try})
}

func (i Incident) fits(more int, try string) error {
	if int(i.Items)+more > MaxItems {
		return invalid(try, "%s has %d tasks and action items already, and more do not fit.", i.Number, i.Items)
	}
	return nil
}

// AddChecklist puts a checklist of the policy on the incident, once.
func (i Incident) AddChecklist(a Actor, list string, p Policy) ([]Event, error) {
	if err := i.may(a.Under(p), "checklist", onRecord); err != nil {
		return nil, err
	}
	if len(p.Checklists) == 0 {
		return nil, fault.New(fault.NotFound, "The policy has no checklists. Add single tasks instead.").WithExample("/incident task restart the queue")
	}
	c, ok := p.ChecklistFor(list)
	if !ok {
		return nil, fault.New(fault.NotFound, "The policy has no such checklist. It has: %s.", p.checklists()).WithExample("/incident checklist " + p.Checklists[0].Name)
	}
	if slices.Contains(i.Checklists, c.Name) {
		return nil, unchanged("%s has the checklist %s already.", i.Number, c.Name)
	}
	e := c.put(i.Items + 1)
	if err := i.fits(len(e.Lines), "checklist "+c.Name); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

func (c Checklist) put(first ItemID) ChecklistAdded {
	e := ChecklistAdded{Name: c.Name, First: first}
	for _, words := range c.Lines[:min(len(c.Lines), MaxListLines)] {
		e.Lines = append(e.Lines, short(words, MaxTitle))
	}
	return e
}

func (p Policy) checklists() string {
	var all []string
	for _, c := range p.Checklists {
		all = append(all, c.Name)
	}
	return strings.Join(all, ", ")
}

// Done says that a task or action item is done.
func (i Incident) Done(a Actor, it Item) ([]Event, error) {
	if err := i.may(a, "done", onRecord); err != nil {
		return nil, err
	}
	switch {
	case it.ID < 1 || it.ID > i.Items:
		return nil, fault.New(fault.NotFound, "%s has no task or action item %d.", i.Number, it.ID).WithExample("/incident tasks")
	case it.Done:
		return nil, fault.New(fault.Conflict, "%s did %d already, %s.", NameToken(it.DoneBy), it.ID, ago(a.At, it.DoneAt))
	case !i.IsOpenItem(it.ID):
		return nil, unchanged("%d of %s is done or struck out already.", it.ID, i.Number)
	}
	e := ItemDone{Item: it.ID, Action: it.Action, Line: TaskLine{Item: it.ID, Text: it.Text, Who: it.Who}}
	if it.List != "" {
		e.Line.Text, e.Line.Line = Text{}, it.Text.Words
	}
	return []Event{e}, nil
}
