package incident

import (
	"fmt"
	"strconv"
	"strings"
)

// marker is an event that leaves look-ups beside the state.
type marker interface{ marks(r Recorded) []Mark }

// Marks are the look-ups that belong into the same commit as an event.
func Marks(r Recorded) []Mark {
	if m, ok := r.Event.(marker); ok {
		return m.marks(r)
	}
	return nil
}

// CaptureMark is the key under which a captured message is known.
func CaptureMark(platform, room, message string) string {
	return "capture/" + platform + "/" + room + "/" + message
}

// TakenMark is the key under which a message is known that was recorded as a
// decision or an action item.
func TakenMark(as string, m MessageRef) string {
	return as + "/" + m.Platform + "/" + m.Room + "/" + m.ID
}

// FollowerMark is the key under which a follower is known.
func FollowerMark(p PersonID) string { return "follower/" + string(p) }

// ItemMark is the key of the event that added an item.
func ItemMark(n ItemID) string { return numbered("item", int(n)) }

// DoneMark is the key of the event that said that an item is done.
func DoneMark(n ItemID) string { return numbered("done", int(n)) }

// UpdateMark is the key of the event that holds the words of an update now.
func UpdateMark(n int) string { return numbered("update", n) }

// ReminderMark is the key of a reminder that was not given yet.
func ReminderMark(n int) string { return numbered("reminder", n) }

// EditMark is the key of the newest edit of an entry of the timeline.
func EditMark(v Version) string { return numbered("edit", int(v)) }

func numbered(what string, n int) string { return fmt.Sprintf("%s/%06d", what, n) }

// MarkedVersion is the version that a mark points to.
func (m Mark) MarkedVersion() (Version, bool) {
	n, err := strconv.ParseUint(m.Value, 10, 64)
	return Version(n), err == nil
}

// MarkedItem is the item of an item's or done mark.
func (m Mark) MarkedItem() (ItemID, bool) {
	_, digits, _ := strings.Cut(m.Key, "/")
	n, err := strconv.Atoi(digits)
	return ItemID(n), err == nil
}

func mark(key string, v Version) []Mark {
	return []Mark{{Key: key, Value: strconv.FormatUint(uint64(v), 10)}}
}

func unmark(key string) []Mark { return []Mark{{Key: key, Delete: true}} }

func (m MessageRef) mark() string { return CaptureMark(m.Platform, m.Room, m.ID) }

func (e MessageCaptured) marks(r Recorded) []Mark { return mark(e.Message.mark(), r.Version) }

func (e TaskAdded) marks(r Recorded) []Mark { return mark(ItemMark(e.Item), r.Version) }

func (e ActionAdded) marks(r Recorded) []Mark {
	all := mark(ItemMark(e.Item), r.Version)
	if e.Message != (MessageRef{}) {
		all = append(all, mark(TakenMark(SuggestAction, e.Message), r.Version)...)
	}
	return all
}

func (e DecisionMade) marks(r Recorded) []Mark {
	if e.Message == (MessageRef{}) {
		return nil
	}
	return mark(TakenMark(SuggestDecision, e.Message), r.Version)
}

func (e ChecklistAdded) marks(r Recorded) []Mark {
	var all []Mark
	for k := range e.Lines {
		all = append(all, mark(ItemMark(e.First+ItemID(k)), r.Version)...)
	}
	return all
}

func (e ItemDone) marks(r Recorded) []Mark { return mark(DoneMark(e.Item), r.Version) }

func (e ItemReopened) marks(Recorded) []Mark { return unmark(DoneMark(e.Item)) }

func (e EntryStruck) marks(Recorded) []Mark {
	var all []Mark
	if e.Message != (MessageRef{}) {
		all = unmark(e.Message.mark())
	}
	for _, n := range e.Items {
		all = append(all, unmark(ItemMark(n))...)
	}
	return all
}

func (e EntryRestored) marks(Recorded) []Mark {
	var all []Mark
	if e.Message != (MessageRef{}) {
		all = mark(e.Message.mark(), e.Entry)
	}
	for _, n := range e.Items {
		all = append(all, mark(ItemMark(n), e.Entry)...)
	}
	return all
}

func (e EntryEdited) marks(r Recorded) []Mark { return mark(EditMark(e.Entry), r.Version) }

func (e Followed) marks(r Recorded) []Mark { return mark(FollowerMark(e.Person), r.Version) }

func (e Unfollowed) marks(Recorded) []Mark { return unmark(FollowerMark(e.Person)) }

func (e UpdatePosted) marks(r Recorded) []Mark { return mark(UpdateMark(e.Update), r.Version) }

func (e UpdateFixed) marks(r Recorded) []Mark { return mark(UpdateMark(e.Update), r.Version) }

func (e ReminderSet) marks(r Recorded) []Mark { return mark(ReminderMark(e.Reminder), r.Version) }

func (e ReminderDone) marks(Recorded) []Mark { return unmark(ReminderMark(e.Reminder)) }

// ItemOf reads a task or action item out of the event that added it and, when
// its done mark points to one, the event that said it is done.
func ItemOf(added Recorded, n ItemID, done *Recorded) Item {
	it := Item{ID: n, Added: added.Version, At: added.Happened, By: added.Actor}
	switch e := added.Event.(type) {
	case TaskAdded:
		it.Text, it.Who = e.Text, e.Who
	case ActionAdded:
		it.Action, it.Text, it.Who, it.Due = true, e.Text, e.Owner, e.Due
	case ChecklistAdded:
		it.List = e.Name
		if at := int(n - e.First); at >= 0 && at < len(e.Lines) {
			it.Text = Text{Words: e.Lines[at]}
		}
	default:
	}
	if done != nil {
		it.Done, it.DoneAt, it.DoneBy = true, done.Happened, done.Actor
	}
	return it
}
