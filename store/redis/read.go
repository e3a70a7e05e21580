package redis

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"tocsin/incident/fault"
	"tocsin/store"
)

// How much is asked for at a time, so that nobody else waits long for Redis.
const (
	pageOfEntries = 1000
	pageOfKeys    = 500
)

// ask runs a read, once more when the connection turns out to be dead.
func ask[T any](ctx context.Context, read func() (T, error)) (T, error) {
	if err := ctx.Err(); err != nil {
		var none T
		return none, store.NotBegun(err)
	}
	got, err := read()
	if wasCut(ctx, err) {
		got, err = read()
	}
	return got, readFault(err)
}

// Get implements [store.Driver].
func (d *Driver) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	values := make([][]byte, len(keys))
	if len(keys) == 0 {
		return values, nil
	}
	full := make([]string, len(keys))
	for i, k := range keys {
		full[i] = d.record(k)
	}
	got, err := ask(ctx, func() ([]any, error) { return d.client.MGet(ctx, full...).Result() })
	if err != nil {
		return nil, err
	}
	for i, v := range got {
		if s, ok := v.(string); ok {
			values[i] = []byte(s)
		}
	}
	return values, nil
}

// Entries implements [store.Driver].
func (d *Driver) Entries(ctx context.Context, stream string, after uint64, limit int) ([]store.Entry, error) {
	key := d.stream(stream)
	entries := []store.Entry{}
	for after < math.MaxInt64 {
		page := pageOfEntries
		if limit > 0 {
			page = min(page, limit-len(entries))
		}
		from := strconv.FormatUint(after+1, 10)
		got, err := ask(ctx, func() ([]goredis.XMessage, error) {
			return d.client.XRangeN(ctx, key, from, "+", int64(page)).Result()
		})
		if err != nil {
			return nil, err
		}
		for _, m := range got {
			e, err := entryOf(m)
			if err != nil {
				return nil, err
			}
			entries = append(entries, e)
		}
		if len(got) < page || len(entries) == limit {
			break
		}
		after = entries[len(entries)-1].Version
	}
	return entries, nil
}

func entryOf(m goredis.XMessage) (store.Entry, error) {
	digits, _, _ := strings.Cut(m.ID, "-")
	version, err := strconv.ParseUint(digits, 10, 64)
	value, ok := m.Values["v"].(string)
	if err != nil || !ok {
		return store.Entry{}, fault.New(fault.Internal, "Redis holds an entry that tocsin did not write: %s.", m.ID)
	}
	return store.Entry{Version: version, Value: []byte(value)}, nil
}

// Range implements [store.Driver].
func (d *Driver) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	got, err := ask(ctx, func() ([]goredis.Z, error) { return d.zrange(ctx, d.client, q).Result() })
	if err != nil {
		return nil, err
	}
	return membersOf(got)
}

// Ranges implements [store.Ranger].
func (d *Driver) Ranges(ctx context.Context, qs []store.Range) ([][]store.Member, error) {
	got, err := ask(ctx, func() ([]*goredis.ZSliceCmd, error) {
		pipe, err := d.pipeline(ctx)
		if err != nil {
			return nil, err
		}
		replies := make([]*goredis.ZSliceCmd, len(qs))
		for i, q := range qs {
			replies[i] = d.zrange(ctx, pipe, q)
		}
		_, err = pipe.Exec(ctx)
		return replies, err
	})
	if err != nil {
		return nil, err
	}
	out := make([][]store.Member, len(qs))
	for i, reply := range got {
		if out[i], err = membersOf(reply.Val()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (d *Driver) zrange(ctx context.Context, c goredis.Cmdable, q store.Range) *goredis.ZSliceCmd {
	by := &goredis.ZRangeBy{Min: bound(q.Min), Max: bound(q.Max)}
	if q.Limit > 0 {
		by.Count = int64(q.Limit)
	}
	if q.Reverse {
		return c.ZRevRangeByScoreWithScores(ctx, d.set(q.Set), by)
	}
	return c.ZRangeByScoreWithScores(ctx, d.set(q.Set), by)
}

func membersOf(got []goredis.Z) ([]store.Member, error) {
	members := make([]store.Member, len(got))
	for i, z := range got {
		name, ok := z.Member.(string)
		if !ok {
			return nil, fault.New(fault.Internal, "Redis gave a member that is no text.")
		}
		members[i] = store.Member{Name: name, Score: int64(z.Score)}
	}
	return members, nil
}

// bound writes one end of a range; beyond the scores there is no end.
func bound(score int64) string {
	switch {
	case score < -store.MaxScore:
		return "-inf"
	case score > store.MaxScore:
		return "+inf"
	}
	return strconv.FormatInt(score, 10)
}

// Now implements [store.Driver].
func (d *Driver) Now(ctx context.Context) (time.Time, error) {
	return ask(ctx, func() (time.Time, error) { return d.client.Time(ctx).Result() })
}

// Walk implements [store.Driver]. It remembers the keys it has met, because a
// scan may meet one twice.
func (d *Driver) Walk(ctx context.Context, fn func(store.Row) error) error {
	node, err := d.home(ctx)
	if err != nil {
		return err
	}
	met := map[string]struct{}{}
	var cursor uint64
	for {
		var keys []string
		_, err := ask(ctx, func() (struct{}, error) {
			got, next, err := node.Scan(ctx, cursor, d.tag+"*", pageOfKeys).Result()
			if err == nil {
				keys, cursor = got, next
			}
			return struct{}{}, err
		})
		if err != nil {
			return err
		}
		var fresh []string
		for _, key := range keys {
			if _, again := met[key]; !again {
				met[key] = struct{}{}
				fresh = append(fresh, key)
			}
		}
		if err := d.walkKeys(ctx, fresh, fn); err != nil {
			return err
		}
		if cursor == 0 {
			return nil
		}
	}
}

// home is the one server that has all our keys.
func (d *Driver) home(ctx context.Context) (goredis.Cmdable, error) {
	c, ok := d.client.(*goredis.ClusterClient)
	if !ok {
		return d.client, nil
	}
	return ask(ctx, func() (goredis.Cmdable, error) { return c.MasterForKey(ctx, d.tag) })
}

func (d *Driver) walkKeys(ctx context.Context, keys []string, fn func(store.Row) error) error {
	var records []string
	for _, full := range keys {
		shape, key, _ := strings.Cut(strings.TrimPrefix(full, d.tag), ":")
		var err error
		switch shape {
		case "r":
			records = append(records, key)
		case "e":
			err = d.walkStream(ctx, key, fn)
		case "s":
			err = d.walkSet(ctx, key, fn)
		}
		if err != nil {
			return err
		}
	}
	values, err := d.Get(ctx, records...)
	if err != nil {
		return err
	}
	for i, value := range values {
		if value == nil {
			continue
		}
		if err := fn(store.Row{Kind: "record", Key: records[i], Value: value}); err != nil {
			return err
		}
	}
	return nil
}

func (d *Driver) walkStream(ctx context.Context, key string, fn func(store.Row) error) error {
	var after uint64
	for {
		page, err := d.Entries(ctx, key, after, pageOfEntries)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := fn(store.Row{Kind: "entry", Key: key, Score: int64(e.Version), Value: e.Value}); err != nil {
				return err
			}
		}
		if len(page) < pageOfEntries {
			return nil
		}
		after = page[len(page)-1].Version
	}
}

func (d *Driver) walkSet(ctx context.Context, key string, fn func(store.Row) error) error {
	members, err := d.Range(ctx, store.Range{Set: key, Min: math.MinInt64, Max: math.MaxInt64})
	if err != nil {
		return err
	}
	for _, m := range members {
		if err := fn(store.Row{Kind: "member", Key: key, Name: m.Name, Score: m.Score}); err != nil {
			return err
		}
	}
	return nil
}
