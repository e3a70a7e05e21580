package mine

import "math"

// Weights are what the model learnt, by the names of its features.
type Weights struct {
	First  []float64 `json:"first"`  // of what stands in and around a message
	Second []float64 `json:"second"` // of the same, and of the first scores around it
}

// The second features look at the first scores of the neighbours.
const (
	sOwn     = iota // the message's own first score
	sBefore         // of the two before it
	sAfter          // of the two after it
	sAuthor         // of its author's best
	sThread         // of its thread, or of the half hour around it
	sHour           // the most within a quarter of an hour
	sBotLike        // of messages of the same bot that read alike
	seconds
)

func odds(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func dot(w []float64, x []float64) float64 {
	sum := 0.0
	for i, v := range x {
		if i < len(w) {
			sum += w[i] * v
		}
	}
	return sum
}
