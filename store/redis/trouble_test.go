package redis_test

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"tocsin/incident/fault"
	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/storetest"
)

func put(key, value string) store.Op {
	return store.Op{Kind: store.OpPut, Key: key, Value: []byte(value)}
}

// commit is a batch that can be written once: its key is checked to be new.
func commit(key string) store.Batch {
	return store.Batch{
		Checks: []store.Check{{Key: "key/" + key}},
		Ops: []store.Op{
			put("key/"+key, "outcome of "+key),
			{Kind: store.OpAppend, Key: "stream/" + key, Score: 1, Value: []byte("event")},
		},
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, words string) {
	t.Helper()
	if err == nil {
		t.Fatalf("there was no error, want one of kind %s", kind)
	}
	if got := fault.KindOf(err); got != kind {
		t.Errorf("error of kind %s (%v), want %s", got, err, kind)
	}
	if !strings.Contains(fault.Sentence(err), words) {
		t.Errorf("sentence %q does not say %q", fault.Sentence(err), words)
	}
}

func wantOnce(t *testing.T, d store.Driver, key string) {
	t.Helper()
	got, err := d.Entries(t.Context(), "stream/"+key, 0, 0)
	if err != nil || len(got) != 1 {
		t.Errorf("the batch %s left %d entries (%v), want exactly one", key, len(got), err)
	}
}

func TestALostReplyIsUnknownAndHasOneEffect(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	proxy := storetest.NewProxy(t, server.Addr())
	d := open(t, "redis://"+proxy.Addr(), redis.Options{})
	healthy := open(t, "redis://"+server.Addr(), redis.Options{})

	proxy.Suffer(storetest.LoseReplies)
	wantFault(t, d.Apply(t.Context(), commit("a")), fault.Unknown, "may have been recorded")
	wantOnce(t, healthy, "a")

	proxy.Suffer(storetest.Healthy)
	again := d.Apply(t.Context(), commit("a"))
	found, ok := errors.AsType[*store.Mismatch](again)
	if !ok || string(found.Found) != "outcome of a" || found.Index != 0 {
		t.Errorf("the same batch again: %v, want a mismatch that shows what was recorded", again)
	}
	wantOnce(t, healthy, "a")
}

func TestAClusterSendsNothingTwice(t *testing.T) {
	t.Parallel()
	server := startCluster(t)
	proxy := storetest.NewProxy(t, server.Addr())
	healthy := open(t, "redis+cluster://"+server.Addr(), redis.Options{})
	// Whatever address the Cluster gives for its server, the way leads through the proxy.
	through := redis.Options{Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", proxy.Addr())
	}}
	d := open(t, "redis+cluster://"+server.Addr()+"?read_timeout=300ms", through)

	proxy.Suffer(storetest.LoseReplies)
	wantFault(t, d.Apply(t.Context(), commit("a")), fault.Unknown, "may have been recorded")
	wantOnce(t, healthy, "a")
	proxy.Suffer(storetest.BlackHole)
	if err := d.Apply(t.Context(), commit("b")); err == nil {
		t.Error("a batch was written through a black hole")
	}
	proxy.Suffer(storetest.Healthy)
	again := d.Apply(t.Context(), commit("a"))
	if _, ok := errors.AsType[*store.Mismatch](again); !ok {
		t.Errorf("the same batch again: %v, want a mismatch", again)
	}
}

func TestABlackHoleIsLeftInTime(t *testing.T) {
	t.Parallel()
	proxy := storetest.NewProxy(t, miniredis.RunT(t).Addr())
	d := open(t, "redis://"+proxy.Addr(), redis.Options{})
	proxy.Suffer(storetest.BlackHole)
	for name, ask := range map[string]func(context.Context) error{
		"Apply":   func(ctx context.Context) error { return d.Apply(ctx, commit("a")) },
		"Get":     func(ctx context.Context) error { _, err := d.Get(ctx, "a"); return err },
		"Entries": func(ctx context.Context) error { _, err := d.Entries(ctx, "a", 0, 0); return err },
		"Range":   func(ctx context.Context) error { _, err := d.Range(ctx, store.Range{Set: "a"}); return err },
		"Now":     func(ctx context.Context) error { _, err := d.Now(ctx); return err },
		"Walk": func(ctx context.Context) error {
			return d.Walk(ctx, func(store.Row) error { return nil })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			from := time.Now()
			err := ask(ctx)
			if took := time.Since(from); took > time.Second {
				t.Errorf("the answer took %s, and there were 200 ms", took)
			}
			want := fault.Unavailable
			if name == "Apply" {
				want = fault.Unknown
			}
			wantFault(t, err, want, "not answered")
		})
	}
}

func TestABlackHoleIsLeftWithoutADeadlineToo(t *testing.T) {
	t.Parallel()
	proxy := storetest.NewProxy(t, miniredis.RunT(t).Addr())
	d := open(t, "redis://"+proxy.Addr()+"?read_timeout=150ms", redis.Options{})
	proxy.Suffer(storetest.BlackHole)
	from := time.Now()
	wantFault(t, d.Apply(t.Context(), commit("a")), fault.Unknown, "may have been recorded")
	if took := time.Since(from); took > time.Second {
		t.Errorf("the answer took %s, and a reply may take 150 ms", took)
	}
}

func TestNothingIsSentToAServerThatIsGone(t *testing.T) {
	t.Parallel()
	proxy := storetest.NewProxy(t, miniredis.RunT(t).Addr())
	d := open(t, "redis://"+proxy.Addr(), redis.Options{})
	proxy.Shut()
	// The connection that stood may be found dead only by writing to it.
	if err := d.Apply(t.Context(), commit("first")); err == nil {
		t.Fatal("a batch was written to a server that is gone")
	}
	from := time.Now()
	for i := range 5 {
		wantFault(t, d.Apply(t.Context(), commit(strconv.Itoa(i))), fault.Unavailable, "cannot be reached; nothing was recorded")
	}
	if took := time.Since(from); took > time.Second {
		t.Errorf("five refusals took %s", took)
	}
	_, err := d.Get(t.Context(), "a")
	wantFault(t, err, fault.Unavailable, "not answered")
	_, err = redis.Open(t.Context(), "redis://"+proxy.Addr(), redis.Options{})
	wantFault(t, err, fault.Unavailable, "cannot be reached")
}

func TestAServerThatNeverSaysHelloGetsNothing(t *testing.T) {
	t.Parallel()
	proxy := storetest.NewProxy(t, miniredis.RunT(t).Addr())
	d := open(t, "redis://"+proxy.Addr()+"?read_timeout=200ms", redis.Options{})
	proxy.Cut()
	proxy.Suffer(storetest.BlackHole)
	if err := d.Apply(t.Context(), commit("first")); err == nil {
		t.Fatal("a batch was written through a black hole")
	}
	wantFault(t, d.Apply(t.Context(), commit("a")), fault.Unavailable, "nothing was recorded")
}

func TestReadsSurviveACutConnection(t *testing.T) {
	t.Parallel()
	proxy := storetest.NewProxy(t, miniredis.RunT(t).Addr())
	d := open(t, "redis://"+proxy.Addr(), redis.Options{})
	if err := d.Apply(t.Context(), commit("a")); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		wantOnce(t, d, "a")
		proxy.Cut()
	}
}

func TestASlowServerIsWaitedFor(t *testing.T) {
	t.Parallel()
	proxy := storetest.NewProxy(t, miniredis.RunT(t).Addr())
	d := open(t, "redis://"+proxy.Addr(), redis.Options{})
	proxy.Delay(30 * time.Millisecond)
	var all sync.WaitGroup
	errs := make([]error, 64)
	for i := range errs {
		all.Go(func() { errs[i] = d.Apply(t.Context(), commit(strconv.Itoa(i))) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

func TestABatchThatWaitsWhenItsTimeIsUpIsNotSent(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	proxy := storetest.NewProxy(t, server.Addr())
	d := open(t, "redis://"+proxy.Addr()+"?read_timeout=500ms", redis.Options{}.WithLanes(1))
	proxy.Suffer(storetest.BlackHole)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	errs := make([]error, 40)
	for i := range errs {
		all.Go(func() { errs[i] = d.Apply(ctx, commit(strconv.Itoa(i))) })
	}
	all.Wait()
	kinds := map[fault.Kind]int{}
	for _, err := range errs {
		kinds[fault.KindOf(err)]++
	}
	if kinds[fault.Unknown] == 0 || kinds[fault.Unavailable] == 0 || kinds[fault.Unknown]+kinds[fault.Unavailable] != len(errs) {
		t.Errorf("answers by kind: %v; want the group on its way unknown and the rest unavailable", kinds)
	}
}

func TestAServerThatForgotTheScript(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	d := open(t, "redis://"+server.Addr(), redis.Options{})
	plain := goredis.NewClient(&goredis.Options{Addr: server.Addr()})
	t.Cleanup(func() { _ = plain.Close() })
	for round := range 3 {
		if err := plain.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		errs := make([]error, 50)
		for i := range errs {
			all.Go(func() { errs[i] = d.Apply(t.Context(), commit(strconv.Itoa(round*100+i))) })
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	for i := range 50 {
		wantOnce(t, d, strconv.Itoa(200+i))
	}
}

func TestRefusalsOfTheServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ reply, words string }{
		{"OOM command not allowed when used memory > 'maxmemory'.", "memory limit"},
		{"READONLY You can't write against a read only replica.", "replica"},
		{"ERR Error running script (call to f_0a1b): @user_script:8: @user_script: 8: -READONLY You can't write against a read only replica. ", "replica"},
		{"LOADING Redis is loading the dataset in memory", "still reading"},
		{"MISCONF Redis is configured to save RDB snapshots", "cannot write to its disk"},
		{"CLUSTERDOWN The cluster is down", "down in part"},
		{"NOREPLICAS Not enough good replicas to write.", "too few replicas"},
		{"NOAUTH Authentication required.", "does not accept the account"},
		{"NOPERM this user has no permissions to run the 'evalsha' command", "does not accept the account"},
		{"BUSY Redis is busy running a script.", "long script"},
		{"ERR max number of clients reached", "no more connections"},
	} {
		t.Run(c.reply, func(t *testing.T) {
			t.Parallel()
			server := miniredis.RunT(t)
			d := open(t, "redis://"+server.Addr(), redis.Options{})
			server.SetError(c.reply)
			wantFault(t, d.Apply(t.Context(), commit("a")), fault.Unavailable, c.words)
			_, err := d.Get(t.Context(), "a")
			wantFault(t, err, fault.Unavailable, c.words)
			server.SetError("")
			if err := d.Apply(t.Context(), commit("a")); err != nil {
				t.Errorf("after it has recovered: %v", err)
			}
		})
	}
}

func TestARealServerWithoutMemory(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	d := open(t, server.URL(), redis.Options{})
	plain := goredis.NewClient(&goredis.Options{Addr: server.Addr()})
	t.Cleanup(func() { _ = plain.Close() })
	if err := plain.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	wantFault(t, d.Apply(t.Context(), commit("a")), fault.Unavailable, "memory limit")
	if err := plain.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
		t.Fatal(err)
	}
	if err := d.Apply(t.Context(), commit("a")); err != nil {
		t.Fatal(err)
	}
	if err := plain.ReplicaOf(t.Context(), "127.0.0.1", "1").Err(); err != nil {
		t.Fatal(err)
	}
	wantFault(t, d.Apply(t.Context(), commit("b")), fault.Unavailable, "replica")
	wantOnce(t, d, "a")
}
