package redis

import (
	"crypto/tls"
	"net/url"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"tocsin/incident/fault"
)

// mode is how the servers at an address stand together. It is said by the
// scheme and never guessed from the number of addresses.
type mode int

const (
	alone mode = iota
	sentinel
	cluster
)

func (m mode) String() string {
	switch m {
	case alone:
		return "standalone"
	case sentinel:
		return "sentinel"
	case cluster:
		return "cluster"
	}
	return "unknown"
}

// address is a parsed TOCSIN_STORE.
type address struct {
	mode    mode
	options goredis.UniversalOptions
}

// examples are addresses that work, by mode.
func (m mode) example() string {
	switch m {
	case alone:
		return "redis://user:password@redis.example:6379/0"
	case sentinel:
		return "redis+sentinel://user:password@one.example:26379,two.example:26379/mymaster"
	case cluster:
		return "redis+cluster://user:password@one.example:6379,two.example:6379"
	}
	return ""
}

// ParseURL says whether an address can be used, without asking it.
func ParseURL(raw string) error {
	_, err := parse(raw)
	return err
}

// parse reads an address. Its faults never repeat the address: it holds a password.
func parse(raw string) (address, error) {
	scheme, rest, found := strings.Cut(raw, "://")
	if !found {
		return address{}, invalid(alone, "The address of Redis has no scheme.")
	}
	kind, secure, known := schemeOf(scheme)
	if !known {
		return address{}, invalid(alone, "The address of Redis begins with none of redis://, rediss://, redis+sentinel:// and redis+cluster://.")
	}
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	account := ""
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		account, authority = authority[:i+1], authority[i+1:]
	}
	hosts, err := hostsOf(authority, kind)
	if err != nil {
		return address{}, err
	}
	u, err := url.Parse("redis://" + account + hosts[0] + tail)
	if err != nil {
		return address{}, invalid(kind, "The address of Redis cannot be read; a password must have its special characters written as %XX.")
	}
	a := address{mode: kind}
	o := &a.options
	o.Addrs = hosts
	o.Username = u.User.Username()
	o.Password, _ = u.User.Password()
	if secure {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		if kind == alone {
			o.TLSConfig.ServerName = u.Hostname()
		}
	}
	if err := a.readPath(strings.Trim(u.Path, "/")); err != nil {
		return address{}, err
	}
	if err := a.readQuery(u.Query()); err != nil {
		return address{}, err
	}
	if kind == cluster {
		o.IsClusterMode = true
	}
	return a, nil
}

func schemeOf(scheme string) (m mode, secure, known bool) {
	base, kind, _ := strings.Cut(scheme, "+")
	if base != "redis" && base != "rediss" {
		return alone, false, false
	}
	secure = base == "rediss"
	switch kind {
	case "":
		return alone, secure, !strings.Contains(scheme, "+")
	case "sentinel":
		return sentinel, secure, true
	case "cluster":
		return cluster, secure, true
	}
	return alone, false, false
}

// hostsOf splits the hosts and gives each its port.
func hostsOf(authority string, kind mode) ([]string, error) {
	port := "6379"
	if kind == sentinel {
		port = "26379"
	}
	var hosts []string
	for host := range strings.SplitSeq(authority, ",") {
		u, err := url.Parse("redis://" + host)
		if err != nil || u.Hostname() == "" {
			return nil, invalid(kind, "The address of Redis names no host, or one that cannot be read.")
		}
		if u.Port() == "" {
			host = strings.TrimSuffix(host, ":") + ":" + port
		}
		hosts = append(hosts, host)
	}
	if kind == alone && len(hosts) > 1 {
		return nil, invalid(cluster, "The address of Redis names several hosts: say redis+cluster:// or redis+sentinel:// for them.")
	}
	return hosts, nil
}

func (a *address) readPath(path string) error {
	master, db, _ := strings.Cut(path, "/")
	switch a.mode {
	case alone:
		master, db = "", path
	case sentinel:
		if master == "" {
			return invalid(sentinel, "The address of the Sentinels does not name the master.")
		}
	case cluster:
		if path != "" {
			return invalid(cluster, "A Redis Cluster has no numbered databases: the address must end after its hosts.")
		}
	}
	a.options.MasterName = master
	if db == "" {
		return nil
	}
	n, err := strconv.Atoi(db)
	if err != nil || n < 0 {
		return invalid(a.mode, "The database of Redis must be a number such as 0.")
	}
	a.options.DB = n
	return nil
}

// readQuery takes the few settings that an address may carry.
func (a *address) readQuery(q url.Values) error {
	for name, values := range q {
		value := values[len(values)-1]
		switch name {
		case "db":
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 || a.mode == cluster {
				return invalid(a.mode, "The database of Redis must be a number such as 0, and a Cluster has only one.")
			}
			a.options.DB = n
		case "sentinel_username":
			a.options.SentinelUsername = value
		case "sentinel_password":
			a.options.SentinelPassword = value
		case "read_timeout", "dial_timeout", "pool_timeout", "pool_size":
			if err := a.readLimit(name, value); err != nil {
				return err
			}
		default:
			return invalid(a.mode, "The address of Redis carries a setting that tocsin does not know: "+strconv.QuoteToASCII(name)+".")
		}
	}
	return nil
}

func (a *address) readLimit(name, value string) error {
	if name == "pool_size" {
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			return invalid(a.mode, "pool_size in the address of Redis must be a number such as 20.")
		}
		a.options.PoolSize = n
		return nil
	}
	d, err := time.ParseDuration(value)
	if err != nil || d <= 0 {
		return invalid(a.mode, name+" in the address of Redis must be a time such as 2s.")
	}
	switch name {
	case "read_timeout":
		a.options.ReadTimeout, a.options.WriteTimeout = d, d
	case "dial_timeout":
		a.options.DialTimeout = d
	case "pool_timeout":
		a.options.PoolTimeout = d
	}
	return nil
}

func invalid(m mode, say string) error {
	return fault.New(fault.Invalid, "%s", say).WithExample("TOCSIN_STORE=" + m.example())
}
