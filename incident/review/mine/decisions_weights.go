package mine

// The weights of the answer models, as TestFitTheAnswerModels wrote them.

func decideWeights() []float64 {
	return []float64{
		-4.352, // bias
		0.029,  // near
		0.004,  // kin
		1.016,  // score
		0.742,  // voice
		-0.090, // short
		-0.101, // length
		-0.632, // thread
		-0.299, // mitigated
		-0.951, // resolved
		-0.553, // before
		-0.649, // chat
		-1.031, // private
		-0.812, // asks
		0.095,  // me
		0.000,  // sure
		0.030,  // around
		-1.511, // strange
		0.122,  // nearest
		1.029,  // proposes
		1.049,  // chooses
		0.862,  // intends
		0.862,  // orders
		0.768,  // changing
		-0.064, // changed
		-1.052, // looks
		0.201,  // tries
		-0.366, // guesses
		0.530,  // offers
		1.128,  // assented
		0.013,  // dissented
		1.004,  // answers
		0.855,  // carried
		-0.634, // later
		-1.073, // marks
		-0.424, // prevents
		-0.407, // broken
		-0.640, // done
		0.288,  // askproposes
		0.673,  // askassented
		0.775,  // plainchange
		-0.328, // guessy
	}
}

func guessWeights() []float64 {
	return []float64{
		-3.559, // bias
		0.021,  // near
		-0.004, // kin
		0.642,  // score
		0.502,  // voice
		-0.155, // short
		-0.174, // length
		-0.557, // thread
		-0.450, // mitigated
		-0.940, // resolved
		-0.546, // before
		-0.668, // chat
		-1.132, // private
		0.110,  // asks
		-0.079, // me
		0.000,  // sure
		0.288,  // around
		-1.506, // strange
		0.177,  // nearest
		1.082,  // guesses
		0.216,  // points
		0.579,  // things
		0.386,  // reasons
		0.963,  // finds
		-0.035, // affirms
		-0.271, // denies
		0.267,  // tries
		-0.184, // attempt
		1.531,  // attemptrefuted
		1.114,  // refuted
		0.810,  // confirmed
		0.331,  // cause
		0.491,  // hypothesis
		0.675,  // asksthing
		0.325,  // askspoints
		-0.455, // requests
		-0.584, // proposes
		-0.740, // later
		0.206,  // broken
		-0.522, // looks
		0.703,  // guessthing
		-0.374, // resolution
		-0.882, // whose
	}
}

func actWeights() []float64 {
	return []float64{
		-4.396, // bias
		-0.007, // near
		-0.076, // kin
		0.594,  // score
		0.241,  // voice
		-0.211, // short
		-0.651, // length
		-0.876, // thread
		0.456,  // mitigated
		0.462,  // resolved
		-1.217, // before
		-0.228, // chat
		-1.231, // private
		-0.949, // asks
		0.312,  // me
		0.000,  // sure
		0.326,  // around
		-1.529, // strange
		-0.075, // nearest
		0.868,  // marks
		0.750,  // commits
		0.946,  // requests
		0.140,  // lacks
		0.607,  // later
		0.540,  // prevents
		-0.867, // shortly
		-0.147, // looks
		-0.060, // proposes
		0.127,  // changes
		-0.452, // done
		0.619,  // taken
		0.249,  // answered
		0.373,  // listed
		1.087,  // amid
		0.884,  // pastwork
		0.569,  // pastduty
		0.831,  // whole
		0.478,  // named
		-0.815, // guesses
		0.211,  // follow
		0.710,  // share
		-0.026, // whose
		-0.521, // broken
		-0.549, // pointsback
	}
}

func blameWeights() []float64 {
	return []float64{
		-3.907, // bias
		0.010,  // near
		0.290,  // kin
		1.031,  // score
		0.479,  // voice
		-0.301, // short
		0.215,  // length
		-0.546, // thread
		-0.226, // mitigated
		-0.029, // resolved
		-0.177, // before
		-0.539, // chat
		-0.954, // private
		-0.205, // asks
		-0.098, // me
		0.000,  // sure
		0.128,  // around
		-1.503, // strange
		0.059,  // nearest
		1.184,  // gaps
		0.725,  // reasons
		0.548,  // cause
		0.327,  // lacks
		0.288,  // finds
		-0.208, // guesses
		0.114,  // broken
		0.356,  // things
		0.604,  // asksgaps
		-0.577, // requests
		-0.545, // resolution
		0.036,  // changes
		0.092,  // opines
		-0.106, // denies
		0.486,  // confirmed
		0.358,  // prevents
		0.697,  // gapthing
	}
}
