package redis

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tocsin/store"
)

// Where a setting is worth a word.
const (
	slowTrip   = 5 * time.Millisecond
	oldest     = 5   // streams came with 5.0
	fullEnough = 0.8 // of maxmemory
)

// Check implements [store.Checker].
func (d *Driver) Check(ctx context.Context) []store.Finding {
	if err := d.client.Ping(ctx).Err(); err != nil {
		return []store.Finding{{
			Level: "fail", What: "redis: no answer: " + err.Error(),
			Why: "nothing can be recorded", Mend: "start Redis, or mend TOCSIN_STORE",
		}}
	}
	found := slices.Concat(d.checkTrip(ctx), d.checkScript(ctx))
	info, err := d.info(ctx)
	if err != nil {
		return append(found, store.Finding{
			Level: "warn", What: "redis: INFO is not allowed: " + err.Error(),
			Why:  "whether Redis evicts or forgets data cannot be told",
			Mend: "allow the account +info, or see to maxmemory-policy noeviction and appendonly yes by hand",
		})
	}
	found = append(found, checkVersion(info), d.checkMode(info), checkRole(info))
	found = append(found, checkEviction(info)...)
	return append(found, d.checkDisk(ctx, info)...)
}

// info reads INFO from the server that has our keys.
func (d *Driver) info(ctx context.Context) (map[string]string, error) {
	node, err := d.home(ctx)
	if err != nil {
		return nil, err
	}
	text, err := node.Info(ctx).Result()
	if err != nil {
		return nil, err
	}
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info, nil
}

// checkTrip measures the middle one of seven round trips.
func (d *Driver) checkTrip(ctx context.Context) []store.Finding {
	if d.now == nil {
		return nil
	}
	var took []time.Duration
	for range 7 {
		from := d.now()
		if err := d.client.Ping(ctx).Err(); err != nil {
			return []store.Finding{{
				Level: "fail", What: "redis: the connection breaks: " + err.Error(),
				Why: "commands fail or have to be repeated", Mend: "mend the network between tocsin and Redis",
			}}
		}
		took = append(took, d.now().Sub(from))
	}
	slices.Sort(took)
	middle := took[len(took)/2]
	f := store.Finding{Level: "ok", What: fmt.Sprintf("redis: a round trip takes %s", middle.Round(10*time.Microsecond))}
	if middle > slowTrip {
		f.Level, f.Why, f.Mend = "warn", "every command waits for several of them", "run tocsin near its Redis"
	}
	return []store.Finding{f}
}

// checkScript runs the script with a check that holds and one write that
// undoes nothing, to see that the account may do both.
func (d *Driver) checkScript(ctx context.Context) []store.Finding {
	probe := d.record("doctor")
	err := d.client.Eval(ctx, script, []string{d.tag}, "d", probe).Err()
	if err == nil {
		return fine("redis: the script may run and write")
	}
	return []store.Finding{{
		Level: "fail", What: "redis: the script may not run: " + err.Error(),
		Why:  "every write is one script",
		Mend: "connect to the master with an account that may run: ACL SETUSER tocsin on >PASSWORD ~" + d.tag + "* +@all -@dangerous +info +config|get",
	}}
}

func checkVersion(info map[string]string) store.Finding {
	name, version := "redis", info["redis_version"]
	if info["server_name"] == "valkey" {
		name, version = "valkey", info["valkey_version"]
	}
	f := store.Finding{Level: "ok", What: "redis: the server is " + name + " " + version}
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldest {
		f.Level, f.Why, f.Mend = "fail", "it has no streams", "run Redis 6.2 or newer, or Valkey"
	}
	return f
}

func (d *Driver) checkMode(info map[string]string) store.Finding {
	is := info["redis_mode"]
	switch {
	case is == "sentinel":
		return store.Finding{
			Level: "fail", What: "redis: TOCSIN_STORE leads to a Sentinel, not to a server with data",
			Why: "a Sentinel keeps no data", Mend: "write it as " + sentinel.example(),
		}
	case is == "cluster" && d.mode != cluster:
		return store.Finding{
			Level: "fail", What: "redis: the server belongs to a Cluster, and TOCSIN_STORE says " + d.mode.String(),
			Why: "keys that live elsewhere in the Cluster cannot be reached", Mend: "write it as " + cluster.example(),
		}
	case is == "standalone" && d.mode == cluster:
		return store.Finding{
			Level: "fail", What: "redis: TOCSIN_STORE says cluster, and the server stands alone",
			Why: "the client asks for a map that is not there", Mend: "write it as " + alone.example(),
		}
	}
	return store.Finding{Level: "ok", What: "redis: the server is " + is + ", as TOCSIN_STORE says"}
}

func checkRole(info map[string]string) store.Finding {
	if role := info["role"]; role != "master" {
		return store.Finding{
			Level: "fail", What: "redis: the server is a " + role,
			Why: "it takes no writes, or loses them", Mend: "name the master, or use redis+sentinel://",
		}
	}
	if n, err := strconv.Atoi(info["connected_slaves"]); err == nil && n > 0 {
		return store.Finding{Level: "ok", What: fmt.Sprintf("redis: the server is the master of %d replicas", n)}
	}
	return store.Finding{Level: "ok", What: "redis: the server is the master"}
}

// checkEviction looks at what happens when memory runs out.
func checkEviction(info map[string]string) []store.Finding {
	policy := info["maxmemory_policy"]
	if policy != "noeviction" {
		return []store.Finding{{
			Level: "fail", What: "redis: maxmemory-policy is " + policy,
			Why:  "when memory runs out, Redis throws incidents away without a word",
			Mend: "CONFIG SET maxmemory-policy noeviction, and the same in redis.conf",
		}}
	}
	found := fine("redis: maxmemory-policy is noeviction")
	used, err1 := strconv.ParseFloat(info["used_memory"], 64)
	most, err2 := strconv.ParseFloat(info["maxmemory"], 64)
	if err1 == nil && err2 == nil && most > 0 && used/most > fullEnough {
		found = append(found, store.Finding{
			Level: "warn", What: fmt.Sprintf("redis: %.0f %% of maxmemory is in use", 100*used/most),
			Why: "when it is full, every command is refused", Mend: "raise maxmemory, or move old incidents to another store: tocsin copy",
		})
	}
	return found
}

// checkDisk looks at what survives a crash.
func (d *Driver) checkDisk(ctx context.Context, info map[string]string) []store.Finding {
	if info["aof_enabled"] != "1" {
		return []store.Finding{{
			Level: "fail", What: "redis: appendonly is off",
			Why:  "a crash of Redis loses everything since its last snapshot",
			Mend: "CONFIG SET appendonly yes, and the same in redis.conf",
		}}
	}
	found := fine("redis: appendonly is on")
	if s := info["aof_last_write_status"]; s != "" && s != "ok" {
		found = append(found, store.Finding{
			Level: "fail", What: "redis: the last write to the append-only file failed",
			Why: "Redis takes nothing in until its disk is mended", Mend: "free space on the disk of Redis",
		})
	}
	return append(found, d.checkSync(ctx))
}

func (d *Driver) checkSync(ctx context.Context) store.Finding {
	node, err := d.home(ctx)
	if err != nil {
		return store.Finding{Level: "warn", What: "redis: appendfsync cannot be read", Why: "how much a power cut may lose cannot be told", Mend: "mend the connection to the Cluster"}
	}
	got, err := node.ConfigGet(ctx, "appendfsync").Result()
	switch {
	case err != nil || got["appendfsync"] == "":
		return store.Finding{
			Level: "warn", What: "redis: appendfsync cannot be read",
			Why: "how much a power cut may lose cannot be told", Mend: "allow the account +config|get, or see to it by hand",
		}
	case got["appendfsync"] == "no":
		return store.Finding{
			Level: "fail", What: "redis: appendfsync is no",
			Why: "a power cut may lose half a minute", Mend: "CONFIG SET appendfsync everysec, and the same in redis.conf",
		}
	case got["appendfsync"] == "always":
		return store.Finding{Level: "ok", What: "redis: appendfsync is always: a power cut loses nothing that was answered"}
	}
	return store.Finding{Level: "ok", What: "redis: appendfsync is " + got["appendfsync"] + ": a power cut, or a crash of Redis while its disk is slow, may lose the last second or two"}
}

func fine(what string) []store.Finding { return []store.Finding{{Level: "ok", What: what}} }
