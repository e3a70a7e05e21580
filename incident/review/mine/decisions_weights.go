package mine

// The weights of the answer models, as TestFitTheAnswerModels wrote them.

func decideWeights() []float64 {
	return []float64{
		-4.361, // bias
		0.027,  // near
		-0.008, // kin
		1.077,  // score
		0.750,  // voice
		-0.092, // short
		-0.096, // length
		-0.629, // thread
		-0.313, // mitigated
		-0.879, // resolved
		-0.359, // before
		-0.647, // chat
		-1.031, // private
		-0.804, // asks
		0.100,  // me
		0.000,  // sure
		0.034,  // around
		-1.511, // strange
		0.110,  // nearest
		1.042,  // proposes
		1.061,  // chooses
		0.868,  // intends
		0.860,  // orders
		0.768,  // changing
		-0.064, // changed
		-1.054, // looks
		0.207,  // tries
		-0.349, // guesses
		0.525,  // offers
		1.135,  // assented
		0.009,  // dissented
		1.012,  // answers
		0.868,  // carried
		-0.632, // later
		-1.064, // marks
		-0.422, // prevents
		-0.428, // broken
		-0.568, // done
		0.294,  // askproposes
		0.678,  // askassented
		0.762,  // plainchange
		-0.315, // guessy
	}
}

func guessWeights() []float64 {
	return []float64{
		-3.582, // bias
		0.032,  // near
		-0.019, // kin
		0.614,  // score
		0.516,  // voice
		-0.155, // short
		-0.169, // length
		-0.581, // thread
		-0.396, // mitigated
		-1.007, // resolved
		-0.579, // before
		-0.669, // chat
		-1.134, // private
		0.104,  // asks
		-0.085, // me
		0.000,  // sure
		0.287,  // around
		-1.506, // strange
		0.162,  // nearest
		1.110,  // guesses
		0.199,  // points
		0.554,  // things
		0.372,  // reasons
		0.960,  // finds
		-0.035, // affirms
		-0.286, // denies
		0.293,  // tries
		-0.161, // attempt
		1.526,  // attemptrefuted
		1.094,  // refuted
		0.825,  // confirmed
		0.308,  // cause
		0.494,  // hypothesis
		0.669,  // asksthing
		0.325,  // askspoints
		-0.447, // requests
		-0.591, // proposes
		-0.737, // later
		0.293,  // broken
		-0.510, // looks
		0.703,  // guessthing
		-0.363, // resolution
		-0.883, // whose
	}
}

func actWeights() []float64 {
	return []float64{
		-4.294, // bias
		0.101,  // near
		0.018,  // kin
		0.394,  // score
		0.283,  // voice
		-0.335, // short
		-0.231, // length
		-0.611, // thread
		0.342,  // mitigated
		0.760,  // resolved
		-1.213, // before
		-0.463, // chat
		-1.094, // private
		-0.689, // asks
		0.242,  // me
		0.000,  // sure
		0.239,  // around
		-1.511, // strange
		-0.033, // nearest
		0.933,  // marks
		0.617,  // commits
		0.682,  // requests
		0.212,  // lacks
		0.517,  // later
		0.518,  // prevents
		-0.889, // shortly
		-0.360, // looks
		-0.123, // proposes
		-0.151, // changes
		-0.417, // done
		0.571,  // taken
		0.249,  // answered
		0.544,  // listed
		1.018,  // amid
		0.656,  // pastwork
		0.488,  // pastduty
		0.764,  // whole
		0.322,  // named
		-0.648, // guesses
		0.299,  // follow
		0.745,  // share
		0.045,  // whose
		-0.470, // broken
		-0.513, // pointsback
	}
}
