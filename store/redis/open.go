package redis

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"tocsin/incident/fault"
	"tocsin/store"
)

// Options are what a driver may be told. The zero value will do.
type Options struct {
	// Prefix stands before every key and is the hash tag of an organisation,
	// with its braces or without; empty: "{tocsin}".
	Prefix string
	// Now measures round trips in [Driver.Check]; nil: they are not measured.
	Now func() time.Time
	// Dial replaces the network, for tests.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	lanes int // how many groups are on their way at a time, for tests; 0: the usual
	most  int // how many batches a group takes, for tests; 0: the usual
}

// Driver is a [store.Driver] on one Redis.
type Driver struct {
	mode   mode
	tag    string // "{tocsin}": before every key, and what the Cluster routes by
	name   string // the script's, as Redis knows it
	client goredis.UniversalClient
	now    func() time.Time
	gather *store.Gatherer

	patience time.Duration // how long one group may take, connecting included
	closed   sync.Once
}

var (
	_ store.Driver  = (*Driver)(nil)
	_ store.Ranger  = (*Driver)(nil)
	_ store.Checker = (*Driver)(nil)
)

// How patient the driver is. A command has 2.5 s until the platform is told
// that it is being worked on, and a write that hangs holds up its lane.
const (
	dialTimeout = time.Second
	poolTimeout = time.Second
	readTimeout = 2 * time.Second
	poolSize    = 32
	idleTime    = 4 * time.Minute // below the timeouts of common servers and balancers
)

// How much goes over in one group.
const (
	mostBatches = 128
	mostBytes   = 4 << 20
	lanes       = 2
)

// Open connects and makes sure that the script may run. The address is one of
// redis://, rediss://, redis+sentinel://, redis+cluster://.
func Open(ctx context.Context, addr string, o Options) (*Driver, error) {
	a, err := parse(addr)
	if err != nil {
		return nil, err
	}
	tag, err := tagOf(o.Prefix)
	if err != nil {
		return nil, err
	}
	goredis.SetLogger(quiet{})
	settle(&a.options, o)
	d := &Driver{
		mode: a.mode, tag: tag, name: scriptName(), now: o.Now,
		client:   goredis.NewUniversalClient(&a.options),
		patience: a.options.DialTimeout + a.options.ReadTimeout,
	}
	if err := d.greet(ctx); err != nil {
		return nil, errors.Join(openFault(err), d.client.Close())
	}
	d.gather = store.Gather(store.Gathering{
		Write: d.write, Lanes: cmp.Or(o.lanes, lanes), Most: cmp.Or(o.most, mostBatches), Bytes: mostBytes,
	})
	return d, nil
}

// greet runs the script without steps.
func (d *Driver) greet(ctx context.Context) error {
	return d.client.Eval(ctx, script, []string{d.tag}).Err()
}

// settle sets what the address left open. Nothing is retried by the SDK: a
// write whose reply was lost would happen twice, or look like a conflict.
func settle(s *goredis.UniversalOptions, o Options) {
	s.MaxRetries = -1
	s.ContextTimeoutEnabled = true
	s.DialerRetries = 1
	s.DialTimeout = cmp.Or(s.DialTimeout, dialTimeout)
	s.PoolTimeout = cmp.Or(s.PoolTimeout, poolTimeout)
	s.ReadTimeout = cmp.Or(s.ReadTimeout, readTimeout)
	s.WriteTimeout = s.ReadTimeout
	s.ConnMaxIdleTime = idleTime
	s.PoolSize = cmp.Or(s.PoolSize, poolSize)
	s.PipelinePoolSize = -1 // groups take connections of the one pool: a second would be dialled in a row with it
	s.DisableIdentity = true
	s.Protocol = cmp.Or(s.Protocol, 2) // the newer one looks for news before each reply, and there are none
	s.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	if o.Dial != nil {
		s.Dialer = o.Dial
	}
}

// tagOf makes the hash tag of a prefix.
func tagOf(prefix string) (string, error) {
	if prefix == "" {
		return "{tocsin}", nil
	}
	if strings.ContainsAny(prefix, " \t\r\n*?[]\\") || len(prefix) > 64 {
		return "", fault.New(fault.Invalid, "The prefix of the Redis keys may not hold spaces or any of * ? [ ] \\, nor more than 64 bytes.").
			WithExample("TOCSIN_REDIS_PREFIX={acme}")
	}
	open, end := strings.Index(prefix, "{"), strings.Index(prefix, "}")
	switch {
	case open < 0 && end < 0:
		return "{" + prefix + "}", nil
	case open < 0 || end < open+2:
		return "", fault.New(fault.Invalid, "The braces in the prefix of the Redis keys do not hold a name.").
			WithExample("TOCSIN_REDIS_PREFIX={acme}")
	}
	return prefix, nil
}

// Close implements [store.Driver]. Batches that were not begun are refused.
func (d *Driver) Close() error {
	var err error
	d.closed.Do(func() {
		d.gather.Close()
		err = d.client.Close()
	})
	return err
}

// The keys: each shape has a prefix of its own.
func (d *Driver) record(key string) string { return d.tag + "r:" + key }
func (d *Driver) stream(key string) string { return d.tag + "e:" + key }
func (d *Driver) set(key string) string    { return d.tag + "s:" + key }

// quiet keeps the SDK's own lines out of the log; its errors come back as errors.
type quiet struct{}

// Printf implements the SDK's logger.
func (quiet) Printf(context.Context, string, ...any) {}
