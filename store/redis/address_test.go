package redis_test

import (
	"strings"
	"testing"

	"tocsin/incident/fault"
	"tocsin/store/redis"
)

func TestAddressesThatWork(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"redis://localhost",
		"redis://localhost:6379/2",
		"redis://:p%40ss@redis.example:6379",
		"rediss://ann:secret@redis.example:6380/0",
		"redis://[::1]:6379",
		"redis://localhost?db=3&read_timeout=2s&dial_timeout=1s&pool_timeout=1s&pool_size=5",
		"redis+sentinel://one:26379,two:26379,three/mymaster",
		"redis+sentinel://ann:secret@one,two/mymaster/2?sentinel_username=bo&sentinel_password=pw",
		"rediss+sentinel://one/mymaster",
		"redis+cluster://one:6379,two:6379",
		"rediss+cluster://ann:secret@one",
	} {
		if err := redis.ParseURL(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAddressesThatDoNot(t *testing.T) {
	t.Parallel()
	const password = "hunter2"
	for _, c := range []struct{ address, words string }{
		{"localhost:6379", "no scheme"},
		{"http://u:hunter2@localhost", "begins with none of"},
		{"redis+other://u:hunter2@localhost", "begins with none of"},
		{"redis+://localhost", "begins with none of"},
		{"redis://", "names no host"},
		{"redis://u:hunter2@", "names no host"},
		{"redis://u:hunter2@one:port", "cannot be read"},
		{"redis://u:hunter2%zz@one", "special characters"},
		{"redis://u:hunter2@one,two", "several hosts"},
		{"redis://u:hunter2@one/zero", "must be a number"},
		{"redis://u:hunter2@one/-1", "must be a number"},
		{"redis://u:hunter2@one?db=x", "must be a number"},
		{"redis://u:hunter2@one?colour=red", "does not know"},
		{"redis://u:hunter2@one?read_timeout=fast", "read_timeout"},
		{"redis://u:hunter2@one?pool_size=0", "pool_size"},
		{"redis+sentinel://u:hunter2@one,two", "name the master"},
		{"redis+sentinel://u:hunter2@one/mymaster/x", "must be a number"},
		{"redis+cluster://u:hunter2@one/1", "no numbered databases"},
		{"redis+cluster://u:hunter2@one?db=1", "only one"},
	} {
		t.Run(c.address, func(t *testing.T) {
			t.Parallel()
			err := redis.ParseURL(c.address)
			wantFault(t, err, fault.Invalid, c.words)
			if err != nil && strings.Contains(err.Error(), password) {
				t.Errorf("the error repeats the password: %v", err)
			}
			if _, err := redis.Open(t.Context(), c.address, redis.Options{}); fault.KindOf(err) != fault.Invalid {
				t.Errorf("Open: %v, want it refused as invalid", err)
			}
		})
	}
}

func TestPrefixes(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"{}", "}{", "a{b", "}", "a b", "a*", "[a]", strings.Repeat("p", 65)} {
		_, err := redis.Open(t.Context(), "redis://127.0.0.1:1", redis.Options{Prefix: prefix})
		wantFault(t, err, fault.Invalid, "prefix")
	}
}
