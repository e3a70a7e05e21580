package redis_test

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"

	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/storetest"
)

func wantFinding(t *testing.T, d store.Checker, level, words string) {
	t.Helper()
	found := d.Check(t.Context())
	for _, f := range found {
		if f.Level != "ok" && (f.Why == "" || f.Mend == "") {
			t.Errorf("finding %q does not say why and how to mend it", f.What)
		}
	}
	for _, f := range found {
		if strings.Contains(f.What, words) {
			if f.Level != level {
				t.Errorf("finding %q is %q, want %q", f.What, f.Level, level)
			}
			return
		}
	}
	t.Errorf("no finding says %q: %+v", words, found)
}

func TestFindingsOfAServerThatIsSetUpWell(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	tick := time.Time{}
	d := open(t, server.URL(), redis.Options{Now: func() time.Time { tick = tick.Add(9 * time.Millisecond); return tick }})
	for _, words := range []string{
		"the script may run and write", "the server is redis 7", "standalone, as TOCSIN_STORE says", "is the master",
		"maxmemory-policy is noeviction", "appendonly is on", "appendfsync is everysec",
	} {
		wantFinding(t, d, "ok", words)
	}
	wantFinding(t, d, "warn", "a round trip takes 9ms")
}

func TestFindingsOfAServerThatIsSetUpBadly(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	d := open(t, server.URL(), redis.Options{})
	plain := goredis.NewClient(&goredis.Options{Addr: server.Addr()})
	t.Cleanup(func() { _ = plain.Close() })
	set := func(name, value string) {
		t.Helper()
		if err := plain.ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	set("appendfsync", "no")
	wantFinding(t, d, "fail", "appendfsync is no")
	set("appendfsync", "always")
	wantFinding(t, d, "ok", "appendfsync is always")
	set("appendonly", "no")
	wantFinding(t, d, "fail", "appendonly is off")
	set("maxmemory-policy", "allkeys-lru")
	wantFinding(t, d, "fail", "maxmemory-policy is allkeys-lru")
	set("maxmemory-policy", "noeviction")
	set("maxmemory", "1200000")
	wantFinding(t, d, "warn", "of maxmemory is in use")
	if err := plain.ReplicaOf(t.Context(), "127.0.0.1", "1").Err(); err != nil {
		t.Fatal(err)
	}
	wantFinding(t, d, "fail", "the server is a slave")
	wantFinding(t, d, "fail", "the script may not run")
	server.Kill()
	wantFinding(t, d, "fail", "no answer")
}

func TestFindingsOfAnAccountWithFewRights(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	plain := goredis.NewClient(&goredis.Options{Addr: server.Addr()})
	t.Cleanup(func() { _ = plain.Close() })
	acl := func(args ...any) {
		t.Helper()
		if err := plain.Do(t.Context(), append([]any{"ACL", "SETUSER"}, args...)...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	acl("few", "on", ">pw", "~{tocsin}*", "+@all", "-@dangerous")
	few := open(t, "redis://few:pw@"+server.Addr(), redis.Options{})
	wantFinding(t, few, "ok", "the script may run")
	wantFinding(t, few, "warn", "INFO is not allowed")

	acl("recommended", "on", ">pw", "~{tocsin}*", "+@all", "-@dangerous", "+info", "+config|get")
	enough := open(t, "redis://recommended:pw@"+server.Addr(), redis.Options{})
	for _, f := range enough.Check(t.Context()) {
		if f.Level != "ok" {
			t.Errorf("with the recommended rights: %+v", f)
		}
	}
	if err := enough.Apply(t.Context(), commit("a")); err != nil {
		t.Errorf("Apply with the recommended rights: %v", err)
	}
	wantOnce(t, enough, "a")
	rows := 0
	if err := enough.Walk(t.Context(), func(store.Row) error { rows++; return nil }); err != nil || rows != 2 {
		t.Errorf("Walk with the recommended rights: %d rows, %v; want 2", rows, err)
	}
	if _, err := enough.Now(t.Context()); err != nil {
		t.Errorf("Now with the recommended rights: %v", err)
	}
	others := open(t, server.URL(), redis.Options{Prefix: "others"})
	if got, err := others.Get(t.Context(), "key/a"); err != nil || got[0] != nil {
		t.Errorf("another organisation sees %q, %v", got, err)
	}
}

func TestFindingsOfTheWrongKindOfServer(t *testing.T) {
	t.Parallel()
	server := startCluster(t)
	wantFinding(t, open(t, server.URL(), redis.Options{}), "fail", "the server belongs to a Cluster")
	asCluster := open(t, "redis+cluster://"+server.Addr(), redis.Options{})
	wantFinding(t, asCluster, "ok", "cluster, as TOCSIN_STORE says")
}

func TestDriverOnACluster(t *testing.T) {
	t.Parallel()
	server := startCluster(t)
	var organisations atomic.Int64
	storetest.RunDriver(t, func(t *testing.T) store.Driver {
		name := "org" + strconv.FormatInt(organisations.Add(1), 10)
		return open(t, "redis+cluster://"+server.Addr()+patient, redis.Options{Prefix: name})
	})
}

func TestFindingsOfAServerThatSaysLittle(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	d := open(t, "redis://"+server.Addr(), redis.Options{})
	if found := d.Check(t.Context()); len(found) == 0 {
		t.Error("nothing was found out")
	}
	server.Close()
	wantFinding(t, d, "fail", "no answer")
}

// startCluster starts a Cluster of one server.
func startCluster(t *testing.T) *storetest.Redis {
	t.Helper()
	server := startRedis(t, "--cluster-enabled", "yes")
	plain := goredis.NewClient(&goredis.Options{Addr: server.Addr()})
	t.Cleanup(func() { _ = plain.Close() })
	if err := plain.ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
		<-tick.C // a Cluster of one takes two seconds to believe in itself
		if strings.Contains(plain.ClusterInfo(t.Context()).Val(), "cluster_state:ok") {
			break
		}
	}
	return server
}
