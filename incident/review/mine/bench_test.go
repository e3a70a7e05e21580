package mine_test

import (
	"fmt"
	"testing"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/reviewtest"
)

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n, " messages"), func(b *testing.B) {
			in := reviewtest.Long(b, n)
			b.ReportAllocs()
			for b.Loop() {
				mine.Find(in)
			}
		})
	}
}
