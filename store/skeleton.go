package store

import (
	"context"
	"io"
	"iter"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

func unready() error { return fault.New(fault.Internal, "The store is not ready for this yet.") }

func (x *Store) Open(ctx context.Context, key string, st incident.Stream) (r0 Opened, err error) {
	err = unready()
	return
}

func (x *Store) Commit(ctx context.Context, c Commit) (r0 Committed, err error) {
	err = unready()
	return
}

func (x *Store) Load(ctx context.Context, st incident.Stream, after incident.Version, limit int) (r0 []incident.Recorded, err error) {
	err = unready()
	return
}

func (x *Store) NextNumber(ctx context.Context) (r0 incident.Number, err error) {
	err = unready()
	return
}

func (x *Store) Marks(ctx context.Context, st incident.Stream, prefix string) (r0 []incident.Mark, err error) {
	err = unready()
	return
}

func (x *Store) Mark(ctx context.Context, st incident.Stream, key string) (m incident.Mark, found bool, err error) {
	err = unready()
	return
}

func (x *Store) Unplanned(ctx context.Context, before time.Time, limit int) (r0 []incident.Recorded, err error) {
	err = unready()
	return
}

func (x *Store) Planned(ctx context.Context, now time.Time, events []incident.Recorded, jobs []Job) error {
	return unready()
}

func (x *Store) Owe(ctx context.Context, now time.Time, jobs ...Job) error { return unready() }

func (x *Store) Claim(ctx context.Context, c Claim) (r0 []Job, err error) { err = unready(); return }

func (x *Store) Attempt(ctx context.Context, now time.Time, j Job) (r0 Job, err error) {
	err = unready()
	return
}

func (x *Store) Settle(ctx context.Context, now time.Time, j Job, s Settlement) error {
	return unready()
}

func (x *Store) Jobs(ctx context.Context, f JobFilter) (r0 []Job, err error) { err = unready(); return }

func (x *Store) Retry(ctx context.Context, now time.Time, key string) error { return unready() }

func (x *Store) NextDue(ctx context.Context, lanes []Lane) (r0 time.Time, err error) {
	err = unready()
	return
}

func (x *Store) Summary(ctx context.Context, id incident.ID) (s incident.Summary, found bool, err error) {
	err = unready()
	return
}

func (x *Store) ByNumber(ctx context.Context, n incident.Number) (s incident.Summary, found bool, err error) {
	err = unready()
	return
}

func (x *Store) ByRoom(ctx context.Context, platform, room, thread string) (s incident.Summary, found bool, err error) {
	err = unready()
	return
}

func (x *Store) List(ctx context.Context, f Filter) (r0 []incident.Summary, err error) {
	err = unready()
	return
}

func (x *Store) Search(ctx context.Context, words string, f Filter) (r0 []incident.Summary, err error) {
	err = unready()
	return
}

func (x *Store) PrivateCount(ctx context.Context) (r0 int, err error) { err = unready(); return }

func (x *Store) Hear(ctx context.Context, st incident.Stream, said ...incident.Spoken) error {
	return unready()
}

func (x *Store) Amend(ctx context.Context, st incident.Stream, m incident.Spoken) error {
	return unready()
}

func (x *Store) Messages(ctx context.Context, st incident.Stream, after time.Time, limit int) (r0 []incident.Spoken, err error) {
	err = unready()
	return
}

func (x *Store) Message(ctx context.Context, st incident.Stream, room, message string) (m incident.Spoken, found bool, err error) {
	err = unready()
	return
}

func (x *Store) Forget(ctx context.Context, st incident.Stream, before time.Time) (r0 int, err error) {
	err = unready()
	return
}

func (x *Store) Meet(ctx context.Context, a incident.Account, seen Seen) (r0 incident.Person, err error) {
	err = unready()
	return
}

func (x *Store) Person(ctx context.Context, id incident.PersonID) (p incident.Person, found bool, err error) {
	err = unready()
	return
}

func (x *Store) ByAccount(ctx context.Context, a incident.Account) (p incident.Person, found bool, err error) {
	err = unready()
	return
}

func (x *Store) ByEmail(ctx context.Context, email string) (p incident.Person, found bool, err error) {
	err = unready()
	return
}

func (x *Store) Everybody(ctx context.Context) (r0 []incident.Person, err error) {
	err = unready()
	return
}

func (x *Store) Link(ctx context.Context, from, to incident.PersonID) error { return unready() }

func (x *Store) SetZone(ctx context.Context, id incident.PersonID, zone string) error {
	return unready()
}

func (x *Store) Take(ctx context.Context, now time.Time, d Delivery) (fresh bool, err error) {
	err = unready()
	return
}

func (x *Store) Finish(ctx context.Context, now time.Time, key string) error { return unready() }

func (x *Store) Unfinished(ctx context.Context, before time.Time, limit int) (r0 []Delivery, err error) {
	err = unready()
	return
}

func (x *Store) PutRoom(ctx context.Context, r TalkRoom) (r0 TalkRoom, err error) {
	err = unready()
	return
}

func (x *Store) TalkRooms(ctx context.Context) (r0 []TalkRoom, err error) { err = unready(); return }

func (x *Store) ChangeRoom(ctx context.Context, id string, fn func(*TalkRoom)) (r0 TalkRoom, err error) {
	err = unready()
	return
}

func (x *Store) Say(ctx context.Context, m TalkMessage) (said TalkMessage, made bool, err error) {
	err = unready()
	return
}

func (x *Store) Change(ctx context.Context, room, id string, fn func(*TalkMessage)) (r0 TalkMessage, err error) {
	err = unready()
	return
}

func (x *Store) TalkMessages(ctx context.Context, room, before string, limit int) (r0 []TalkMessage, err error) {
	err = unready()
	return
}

func (x *Store) Changes(ctx context.Context, after int64, limit int) (c []TalkChange, position int64, err error) {
	err = unready()
	return
}

func (x *Store) Fetch(ctx context.Context, key string) (r0 []byte, err error) {
	err = unready()
	return
}

func (x *Store) Keep(ctx context.Context, key string, old, value []byte) error { return unready() }

func (x *Store) Listed(ctx context.Context, prefix string) (r0 []string, err error) {
	err = unready()
	return
}

func (x *Store) Dump(ctx context.Context, w io.Writer) (rows int, err error) { err = unready(); return }

func (x *Store) Restore(ctx context.Context, now time.Time, r io.ReadSeeker) (rows int, err error) {
	err = unready()
	return
}

func (x *Store) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) { yield(Row{}, unready()) }
}

func (x *Store) Erase(ctx context.Context, now time.Time, e Erasure) (texts int, err error) {
	err = unready()
	return
}

func (x *Store) Sweep(ctx context.Context, now time.Time) (removed int, err error) {
	err = unready()
	return
}

func (x *Store) Verify(ctx context.Context, st incident.Stream) (broken incident.Version, err error) {
	err = unready()
	return
}
