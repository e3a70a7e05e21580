package slacktest

import (
	"slices"
	"time"
)

// Slack's tiers: so many calls of a method in a minute.
const (
	tier2 = iota + 2
	tier3
	tier4
	special
)

func tierLimit(tier int) int { return [...]int{tier2: 20, tier3: 50, tier4: 100, special: 600}[tier] }

// postBurst is how many messages a room takes in as many seconds; one a second
// is promised, and short bursts are let through.
const postBurst = 3

// limited says how long a call has to wait, and else counts it. f.mu is held.
func (f *Fake) limited(m *method, channel string) time.Duration {
	if !f.o.Limits {
		return 0
	}
	if d := f.window(m.name, tierLimit(m.tier), time.Minute); d > 0 {
		return d
	}
	if m.name == "chat.postMessage" {
		return f.window(m.name+" "+channel, postBurst, postBurst*time.Second)
	}
	return 0
}

// window lets n calls through in a time.
func (f *Fake) window(key string, n int, within time.Duration) time.Duration {
	now := f.now()
	spent := slices.DeleteFunc(f.spent[key], func(t time.Time) bool { return !t.After(now.Add(-within)) })
	if len(spent) >= n {
		f.spent[key] = spent
		return spent[0].Add(within).Sub(now)
	}
	f.spent[key] = append(spent, now)
	return 0
}
