package incident

import "slices"

// How much of the timeline's changes the state remembers.
const (
	maxStruck  = 32
	maxEdited  = 4
	maxParked  = 8
	maxItemBit = 2 * MaxItems // no decision gives a higher number
	maxWhat    = 120          // bytes, of what a parked effect was and why
)

func (NoteAdded) fold(*Incident, Recorded) {}

func (MessageCaptured) fold(i *Incident, r Recorded) {
	i.Captures++
	i.stir(r)
}

func (CaptureFollowed) fold(*Incident, Recorded) {}
func (DecisionMade) fold(*Incident, Recorded)    {}
func (LinkAdded) fold(*Incident, Recorded)       {}

func (e EntryEdited) fold(i *Incident, _ Recorded) {
	kept := without(i.Edited, func(o EditedNow) bool { return o.Entry == e.Entry })
	i.Edited = newest(with(kept, EditedNow{Entry: e.Entry, Text: e.Text}), maxEdited)
}

func (e EntryStruck) fold(i *Incident, _ Recorded) {
	i.Struck = newest(with(i.Struck, e.Entry), maxStruck)
	if e.Message != (MessageRef{}) {
		i.Captures = max(0, i.Captures-1)
	}
	for _, n := range e.Items {
		i.closeItem(n, e.Action)
	}
	i.Checklists = without(i.Checklists, func(l string) bool { return l == e.List })
}

func (e EntryRestored) fold(i *Incident, _ Recorded) {
	i.Struck = without(i.Struck, func(v Version) bool { return v == e.Entry })
	if e.Message != (MessageRef{}) {
		i.Captures++
	}
	for _, line := range e.Lines {
		i.openItem(line, e.Action)
	}
	if e.List != "" {
		i.Checklists = with(i.Checklists, e.List)
	}
}

func (e Undone) fold(i *Incident, _ Recorded) {
	if !e.Unacknowledged {
		return
	}
	i.measure(func(m *Milestones) { m.Acknowledged = i.firstAnswer() })
}

func (e TaskAdded) fold(i *Incident, _ Recorded) {
	i.Items = max(i.Items, e.Item)
	i.openItem(TaskLine{Item: e.Item, Text: e.Text, Who: e.Who}, false)
}

func (e ActionAdded) fold(i *Incident, _ Recorded) {
	i.Items = max(i.Items, e.Item)
	i.openItem(TaskLine{Item: e.Item}, true)
}

func (e ChecklistAdded) fold(i *Incident, _ Recorded) {
	i.Checklists = with(i.Checklists, e.Name)
	for k, words := range e.Lines {
		n := e.First + ItemID(k)
		i.Items = max(i.Items, n)
		i.openItem(TaskLine{Item: n, Line: words}, false)
	}
}

func (e ItemDone) fold(i *Incident, _ Recorded) { i.closeItem(e.Item, e.Action) }

func (e ItemReopened) fold(i *Incident, _ Recorded) {
	e.Line.Item = e.Item
	i.openItem(e.Line, e.Action)
}

// IsOpenItem says whether a task or action item is still to be done.
func (i Incident) IsOpenItem(n ItemID) bool {
	at := int(n / 8)
	return n > 0 && at < len(i.OpenItems) && i.OpenItems[at]&(1<<(n%8)) != 0
}

func (i *Incident) openItem(line TaskLine, action bool) {
	if i.IsOpenItem(line.Item) || line.Item < 1 || line.Item > maxItemBit {
		return
	}
	at := int(line.Item / 8)
	bits := slices.Clone(i.OpenItems)
	for len(bits) <= at {
		bits = append(bits, 0)
	}
	bits[at] |= 1 << (line.Item % 8)
	i.OpenItems = bits
	if action {
		i.ActionsN++
		return
	}
	i.TasksOpen++
	lines := with(i.OpenTasks, line)
	slices.SortFunc(lines, func(a, b TaskLine) int { return int(a.Item - b.Item) })
	i.OpenTasks = lines[:min(len(lines), MaxOpenTasks)]
}

func (i *Incident) closeItem(n ItemID, action bool) {
	if !i.IsOpenItem(n) {
		return
	}
	bits := slices.Clone(i.OpenItems)
	bits[n/8] &^= 1 << (n % 8)
	for len(bits) > 0 && bits[len(bits)-1] == 0 {
		bits = bits[:len(bits)-1]
	}
	i.OpenItems = bits
	if len(bits) == 0 {
		i.OpenItems = nil
	}
	if action {
		i.ActionsN--
		return
	}
	i.TasksOpen--
	i.OpenTasks = without(i.OpenTasks, func(t TaskLine) bool { return t.Item == n })
}
