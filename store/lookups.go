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
	id, score := string(after.ID), int64(after.Number)
	isNew := before.ID == ""
	add := func(set string, score int64) { ops = append(ops, Op{Kind: OpAdd, Key: set, Member: id, Score: score}) }
	remove := func(set string) { ops = append(ops, Op{Kind: OpRemove, Key: set, Member: id}) }

	if isNew {
		ops = append(ops, Op{Kind: OpPut, Key: numKey(after.Number), Value: []byte(id)})
	}
	was, is := !isNew && !before.Private, !after.Private
	if isNew || was != is {
		ops = append(ops, Op{Kind: OpPut, Key: standKey(after.ID), Value: standing(after)})
	}
	switch {
	case is && !was:
		add(allSet, score)
		add(whenSet, millis(after.DeclaredAt))
		ops = append(ops, Op{Kind: OpRemove, Key: privateSet, Member: nameless(after.ID)})
	case was && !is:
		remove(allSet)
		remove(whenSet)
	}
	if !is && (isNew || was) {
		ops = append(ops, Op{Kind: OpAdd, Key: privateSet, Member: nameless(after.ID)})
	}
	wasOpen, isOpen := was && before.Status.Open(), is && after.Status.Open()
	switch {
	case isOpen && !wasOpen:
		add(openSet, score)
	case wasOpen && !isOpen:
		remove(openSet)
	}
	var knew []incident.PersonID
	if !isNew && before.Private {
		knew = before.Summary().Members
	}
	var know []incident.PersonID
	if after.Private {
		know = sum.Members
	}
	for _, p := range know {
		if !slices.Contains(knew, p) {
			add(mineSet(p), score)
		}
	}
	for _, p := range knew {
		if !slices.Contains(know, p) {
			remove(mineSet(p))
		}
	}
	return roomOps(ops, before.Rooms, after)
}

func roomOps(ops []Op, before []incident.Room, after *incident.Incident) []Op {
	has := func(rooms []incident.Room, r incident.Room) bool {
		return slices.ContainsFunc(rooms, func(o incident.Room) bool {
			return o.Platform == r.Platform && o.ID == r.ID && o.Thread == r.Thread
		})
	}
	for _, r := range after.Rooms {
		if !has(before, r) {
			ops = append(ops, Op{Kind: OpPut, Key: roomKey(r.Platform, r.ID, r.Thread), Value: []byte(after.ID)})
		}
	}
	for _, r := range before {
		if !has(after.Rooms, r) {
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
