package store

import (
	"slices"
	"strings"

	"tocsin/incident"
)

// kindOf is what stands before the first slash of a mark's key.
func kindOf(key string) string {
	kind, _, _ := strings.Cut(key, "/")
	return kind
}

// indexOps moves an incident between the look-ups as a commit changes it. A
// private one leaves every set that is read without a person in hand. before
// is zero when the incident is new.
func indexOps(ops []Op, before, after *incident.Incident, sum *incident.Summary) []Op {
	isNew := before.ID == ""
	was, is := !isNew && !before.Private, !after.Private
	if isNew {
		ops = append(ops, Op{Kind: OpPut, Key: numKey(after.Number), Value: []byte(after.ID)})
	}
	if isNew || was != is {
		ops = append(ops, Op{Kind: OpPut, Key: standKey(after.ID), Value: standing(after)})
		ops = append(ops, memberOp(!is, privateSet, nameless(after.ID), 0))
		if is || was {
			ops = append(ops,
				memberOp(is, allSet, string(after.ID), int64(after.Number)),
				memberOp(is, whenSet, string(after.ID), millis(after.DeclaredAt)))
		}
	}
	wasOpen, isOpen := was && before.Status.Open(), is && after.Status.Open()
	if wasOpen != isOpen {
		ops = append(ops, memberOp(isOpen, openSet, string(after.ID), int64(after.Number)))
	}
	ops = knownOps(ops, before, after, sum)
	ops = tenureOps(ops, before.Rooms, after, !before.EndedAt.Equal(after.EndedAt))
	return roomOps(ops, before.Rooms, after)
}

// memberOp puts a member into a set, or takes it out.
func memberOp(in bool, set, member string, score int64) Op {
	if in {
		return Op{Kind: OpAdd, Key: set, Member: member, Score: score}
	}
	return Op{Kind: OpRemove, Key: set, Member: member}
}

// knownOps keeps for each person the private incidents that they may know of.
func knownOps(ops []Op, before, after *incident.Incident, sum *incident.Summary) []Op {
	var knew, know []incident.PersonID
	if before.ID != "" && before.Private {
		knew = before.Summary().Members
	}
	if after.Private {
		know = sum.Members
	}
	for _, p := range know {
		if !slices.Contains(knew, p) {
			ops = append(ops, memberOp(true, mineSet(p), string(after.ID), int64(after.Number)))
		}
	}
	for _, p := range knew {
		if !slices.Contains(know, p) {
			ops = append(ops, memberOp(false, mineSet(p), string(after.ID), 0))
		}
	}
	return ops
}

func roomOps(ops []Op, before []incident.Room, after *incident.Incident) []Op {
	for _, r := range after.Rooms {
		if !hasRoom(before, r) {
			ops = append(ops, Op{Kind: OpPut, Key: roomKey(r.Platform, r.ID, r.Thread), Value: []byte(after.ID)})
		}
	}
	for _, r := range before {
		if !hasRoom(after.Rooms, r) {
			ops = append(ops, Op{Kind: OpDelete, Key: roomKey(r.Platform, r.ID, r.Thread)})
		}
	}
	return ops
}

// standing is the record that says where an incident's words may be looked
// for; whoever moves them checks that it still says so.
func standing(i *incident.Incident) []byte {
	if i.Private {
		return []byte("private " + i.Number.String())
	}
	return []byte("public " + i.Number.String())
}

// nameless stands for a private incident where they are only counted.
func nameless(id incident.ID) string { return digest("private " + string(id))[:16] }
