package review_test

import (
	"fmt"
	"testing"

	"tocsin/incident/review"
	"tocsin/incident/review/mine"
	"tocsin/incident/review/reviewtest"
)

// BenchmarkMake makes a whole draft and draws it. The budget on one core is
// 500 ms and 100 MB for ten thousand messages, 8 s for a hundred thousand.
func BenchmarkMake(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		in := reviewtest.Long(b, n)
		b.Run(fmt.Sprintf("%d messages", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if d := review.Make(in); review.Markdown(d, review.CiteIDs) == "" {
					b.Fatal("no draft")
				}
			}
		})
	}
}

// BenchmarkDraw is the part that is not the mine's: wording, checking, drawing.
func BenchmarkDraw(b *testing.B) {
	in := reviewtest.Long(b, 10_000)
	finds := mine.Find(in)
	b.ReportAllocs()
	for b.Loop() {
		d := review.MakeFrom(in, finds)
		if review.HTML(d) == "" || len(review.JSON(d)) == 0 {
			b.Fatal("no draft")
		}
	}
}
