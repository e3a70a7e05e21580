package incident

import "slices"

// Entries is the timeline as it reads now, in the order in which things
// happened. Strikes, edits and deletions are applied to the entry they are
// about and take no line of their own, unless that entry is not among recs.
func Entries(recs []Recorded) []Entry {
	out := make([]Entry, 0, len(recs))
	at := make(map[Version]int, len(recs))
	for _, r := range recs {
		if k, known := at[about(r.Event)]; known {
			out[k].amend(r.Event)
			continue
		}
		at[r.Version] = len(out)
		out = append(out, Entry{
			Version: r.Version, Happened: r.Happened, Recorded: r.Recorded, Actor: r.Actor, Account: r.Account, Event: r.Event,
		})
	}
	for k := range out {
		e := &out[k]
		e.Sentence = e.Event.tell(Recorded{Version: e.Version, Happened: e.Happened, Recorded: e.Recorded, Actor: e.Actor, Event: e.Event})
	}
	slices.SortStableFunc(out, func(a, b Entry) int { return a.Happened.Compare(b.Happened) })
	return out
}

// about is the entry that an event changes; 0: none.
func about(e Event) Version {
	switch e := e.(type) {
	case EntryEdited:
		return e.Entry
	case EntryStruck:
		return e.Entry
	case EntryRestored:
		return e.Entry
	case CaptureFollowed:
		return e.Entry
	default:
		return 0
	}
}

// amend applies to an entry what happened to it later.
func (en *Entry) amend(e Event) {
	switch e := e.(type) {
	case EntryEdited:
		en.Event, en.Edited = reworded(en.Event, e.Text), true
	case EntryStruck:
		en.Struck = true
	case EntryRestored:
		en.Struck = false
	case CaptureFollowed:
		if e.Deleted {
			en.Deleted = true
			return
		}
		en.Event, en.Edited = reworded(en.Event, e.Text), true
	default:
	}
}

// reworded is an entry with other words.
func reworded(e Event, t Text) Event {
	switch e := e.(type) {
	case NoteAdded:
		e.Text = t
		return e
	case DecisionMade:
		e.Text = t
		return e
	case ActionAdded:
		e.Text = t
		return e
	case LinkAdded:
		e.Label = t
		return e
	case MessageCaptured:
		if t.Author == "" || t.Author == House {
			t.Author = e.Text.Author
		}
		e.Text = t
		return e
	default:
		return e
	}
}
