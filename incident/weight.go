package incident

import "slices"

// maxWeight is what the kept state may weigh, in bytes of JSON. DESIGN says 8
// KB; the rest is room for names that are longer than they should be.
const maxWeight = 7600

// What one thing weighs beside the words that were counted. A text weighs the
// same whatever its words and its hash are, since those may come and go.
const (
	coreWeight  = 1200
	textWeight  = 95
	smallWeight = 60
	rowWeight   = 100
	pageWeight  = 210
	flagWeight  = 18
	alertWeight = 300
)

// shortName is how long, in bytes, the name of a room stays in a full state.
const shortName = 24

// slim drops from the state what the card can do without, the least wanted
// first, until it is small enough. The timeline keeps everything.
func (i *Incident) slim() {
	if len(i.Pages) > MaxPagesKept {
		for ended := i.endedPages(); ended > MaxPagesKept; ended-- {
			i.dropPage()
		}
	}
	for i.weight() > maxWeight && i.lighten() {
		continue
	}
}

func (i *Incident) lighten() bool {
	switch {
	case i.dropPage():
	case len(i.Edited) > 0:
		i.Edited = newest(i.Edited, len(i.Edited)-1)
	case len(i.Struck) > 8:
		i.Struck = newest(i.Struck, 8)
	case len(i.Changes) > 6:
		i.Changes = newest(i.Changes, 6)
	case i.dropLinks():
	case i.barePage(false):
	case i.dropAddress():
	case len(i.OpenTasks) > 2:
		i.OpenTasks = i.OpenTasks[:len(i.OpenTasks)-1]
	case len(i.Parked) > 2:
		i.Parked = newest(i.Parked, len(i.Parked)-1)
	case len(i.Changes) > 2:
		i.Changes = newest(i.Changes, 2)
	default:
		return i.lightenMore()
	}
	return true
}

// lightenMore is for states that are full of what was meant to be rare.
func (i *Incident) lightenMore() bool {
	switch {
	case len(i.OpenTasks) > 0:
		i.OpenTasks = i.OpenTasks[:len(i.OpenTasks)-1]
	case len(i.Parked) > 1:
		i.Parked = newest(i.Parked, 1)
	case i.barePage(true):
	case len(i.Changes) > 1:
		i.Changes = newest(i.Changes, 1)
	case i.dropRepeated():
	case len(i.Snoozes) > 0:
		i.Snoozes = nil // a nudge too many does no harm
	default:
		return false
	}
	return true
}

// dropRepeated forgets a page that the pager has, although it may ring still,
// when the same people were paged again since; the timeline has it.
func (i *Incident) dropRepeated() bool {
	for k, p := range i.Pages {
		again := slices.ContainsFunc(i.Pages[k+1:], func(o Page) bool { return o.Target.same(p.Target) })
		if again && p.State != PageAsked {
			i.Pages = without(i.Pages, func(o Page) bool { return o.ID == p.ID })
			return true
		}
	}
	return false
}

// dropAddress takes the link off an announcement, or cuts the name of a room.
func (i *Incident) dropAddress() bool {
	for k, m := range i.Announcements {
		if m.Link != "" {
			i.Announcements = with(i.Announcements[:0:0], i.Announcements...)
			i.Announcements[k].Link = ""
			return true
		}
	}
	for k, r := range i.Rooms {
		if cut := short(r.Name, shortName); cut != r.Name {
			i.Rooms = with(i.Rooms[:0:0], i.Rooms...)
			i.Rooms[k].Name = cut
			return true
		}
	}
	return false
}

func (i Incident) endedPages() int {
	n := 0
	for _, p := range i.Pages {
		if !p.Ringing() {
			n++
		}
	}
	return n
}

// dropPage forgets one page that rings no more: the oldest that is over, else
// the oldest that was answered.
func (i *Incident) dropPage() bool {
	drop := -1
	for k, p := range i.Pages {
		if !p.Open() {
			drop = k
			break
		}
		if drop < 0 && !p.Ringing() {
			drop = k
		}
	}
	if drop < 0 {
		return false
	}
	id := i.Pages[drop].ID
	i.Pages = without(i.Pages, func(p Page) bool { return p.ID == id })
	return true
}

// dropLinks takes the links off the last service that has some.
func (i *Incident) dropLinks() bool {
	for k := len(i.Services) - 1; k >= 0; k-- {
		bare := Service{Name: i.Services[k].Name, Known: i.Services[k].Known}
		if i.Services[k] != bare {
			i.Services = with(i.Services[:0:0], i.Services...)
			i.Services[k] = bare
			return true
		}
	}
	return false
}

// barePage takes what the pager said off the oldest page that still has it.
// A page that was not taken yet keeps its words, which are still to be sent,
// unless nothing else is left.
func (i *Incident) barePage(all bool) bool {
	for k, p := range i.Pages {
		if p.State == PageAsked && !all {
			continue
		}
		bare := Page{
			ID: p.ID, Target: p.Target, Why: p.Why, State: p.State, By: p.By, At: p.At,
			Acker: p.Acker, AckedAt: p.AckedAt, Level: p.Level, After: p.After, Turn: p.Turn,
			Practice: p.Practice, MaybeTwo: p.MaybeTwo, Seen: p.Seen, Blind: p.Blind, Unsure: p.Unsure,
		}
		if p.weigh() > bare.weigh() {
			i.Pages = with(i.Pages[:0:0], i.Pages...)
			i.Pages[k] = bare
			return true
		}
	}
	return false
}

// weight estimates the state's JSON from above.
func (i Incident) weight() int {
	w := coreWeight + len(i.Call) + 4*textWeight + len(i.OpenItems)*4/3
	w += len(i.Struck)*8 + len(i.Waiting)*6 + len(i.Snoozes)*90
	w += len(i.Edited)*(textWeight+smallWeight) + len(i.Changes)*rowWeight
	for _, m := range i.Members {
		w += len(m) + 3
	}
	for _, h := range i.Holders {
		w += rowWeight + len(h.Role) + len(h.Person)
	}
	for _, o := range i.Offers {
		w += rowWeight + textWeight + len(o.Role)
	}
	for _, s := range i.Services {
		w += smallWeight + len(s.Name)
		if s.Owner+s.Runbook+s.Dashboard+s.Logs+s.Contact != "" {
			w += smallWeight + len(s.Owner+s.Runbook+s.Dashboard+s.Logs+s.Contact)
		}
	}
	for _, f := range i.Fields {
		w += textWeight + len(f.Name) + 25
	}
	return w + i.weighPages() + i.weighRest()
}

func (i Incident) weighPages() int {
	w := 0
	for _, p := range i.Pages {
		w += p.weigh()
	}
	return w
}

func (p Page) weigh() int {
	w := pageWeight + p.Target.weigh() + len(p.By) + len(p.Acker) + len(p.Why) + len(p.After)
	w += len(p.Pager) + len(p.Whom) + len(p.AckedBy) + len(p.Link) + len(p.Failure) + len(p.Call)
	w += len(p.NotedBy) + len(p.Ender) + len(p.EndedBy)
	for _, is := range [...]bool{p.Practice, p.MaybeTwo, p.Seen, p.Blind, p.Unsure, p.Rising, p.Turn > 0, p.After != "", p.Next > 0} {
		if is {
			w += flagWeight
		}
	}
	for _, t := range [2]Text{p.Text, p.Note} {
		if !t.Empty() {
			w += textWeight
		}
	}
	for _, t := range with(p.Also, p.To) {
		if t != (Target{}) {
			w += smallWeight + t.weigh()
		}
	}
	return w
}

func (t Target) weigh() int { return len(t.Name) + len(t.Person) + len(t.Pager) }

func (i Incident) weighRest() int {
	w := 0
	for _, r := range i.Rooms {
		w += smallWeight + len(r.Platform+r.ID+r.Name+r.Thread) + 40
	}
	for _, m := range i.Announcements {
		w += smallWeight + len(m.Platform+m.Room+m.ID+m.Link)
	}
	for _, t := range i.OpenTasks {
		w += smallWeight + len(t.Line) + len(t.Who)
		if !t.Text.Empty() {
			w += textWeight
		}
	}
	for _, p := range i.Parked {
		w += smallWeight + len(p.Job+p.What+p.Why)
	}
	for _, c := range i.Checklists {
		w += len(c) + 3
	}
	for _, a := range i.Alerts {
		w += alertWeight + len(a.Source+a.Link)
	}
	return w
}
