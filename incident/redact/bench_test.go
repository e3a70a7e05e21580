package redact_test

import (
	"testing"

	"tocsin/incident/redact"
)

func BenchmarkScrub(b *testing.B) {
	for name, text := range map[string]string{
		"ordinary": "rolled back to v411 on node-7, error rate is at 0.1% again since 14:05, see https://example.org/d/checkout?from=now-1h",
		"login":    "the login page answers 502 for 31% of users since the deploy of v412, all tests pass on node-7 and docs-prod-2",
	} {
		for kind, s := range map[string]redact.Scrubber{"house": redact.NewScrubber("a secret of the house"), "strict": redact.NewScrubber().Strict()} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if s.Scrub(text) != text {
						b.Fatal("a false alarm")
					}
				}
			})
		}
	}
}
