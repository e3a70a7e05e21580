package mine

// The weights of the answer models, as TestFitTheAnswerModels wrote them.

func decideWeights() []float64 {
	return []float64{
		-4.065, // bias
		-0.244, // near
		-0.131, // kin
		1.068,  // score
		0.841,  // voice
		0.034,  // short
		-0.052, // length
		-0.700, // thread
		-0.275, // mitigated
		-0.979, // resolved
		-0.536, // before
		-0.620, // chat
		-1.021, // private
		-0.738, // asks
		0.100,  // me
		0.000,  // sure
		0.013,  // around
		-1.506, // strange
		0.067,  // nearest
		0.145,  // likely
		-0.664, // outsider
		-0.611, // drift
		1.001,  // proposes
		1.008,  // chooses
		0.814,  // intends
		0.911,  // orders
		0.719,  // changing
		-0.056, // changed
		-0.990, // looks
		0.186,  // tries
		-0.426, // guesses
		0.605,  // offers
		1.223,  // assented
		0.008,  // dissented
		1.298,  // answers
		0.790,  // carried
		-0.547, // later
		-1.081, // marks
		-0.296, // prevents
		-0.455, // broken
		-0.720, // done
		0.265,  // askproposes
		0.679,  // askassented
		0.002,  // plainchange
		0.834,  // plainscore
		0.286,  // plaincarried
		-0.255, // guessy
		0.062,  // first
	}
}

func guessWeights() []float64 {
	return []float64{
		-3.445, // bias
		-0.121, // near
		-0.175, // kin
		0.671,  // score
		0.615,  // voice
		-0.118, // short
		-0.208, // length
		-0.614, // thread
		-0.274, // mitigated
		-0.852, // resolved
		-0.463, // before
		-0.774, // chat
		-1.080, // private
		0.250,  // asks
		0.004,  // me
		0.000,  // sure
		0.117,  // around
		-1.505, // strange
		0.010,  // nearest
		0.327,  // likely
		-0.784, // outsider
		-0.621, // drift
		1.095,  // guesses
		0.266,  // points
		0.723,  // things
		0.500,  // reasons
		1.056,  // finds
		-0.261, // affirms
		-0.226, // denies
		0.223,  // tries
		-0.235, // attempt
		1.473,  // attemptrefuted
		1.198,  // refuted
		0.837,  // confirmed
		0.204,  // cause
		0.554,  // hypothesis
		0.739,  // asksthing
		0.370,  // askspoints
		-0.534, // requests
		-0.536, // proposes
		-0.749, // later
		0.132,  // broken
		-0.478, // looks
		0.804,  // guessthing
		-0.529, // resolution
		-0.856, // whose
	}
}

func actWeights() []float64 {
	return []float64{
		-4.177, // bias
		0.057,  // near
		0.077,  // kin
		0.300,  // score
		0.325,  // voice
		-0.375, // short
		0.030,  // length
		-0.503, // thread
		0.473,  // mitigated
		0.693,  // resolved
		-1.203, // before
		-0.555, // chat
		-1.020, // private
		-0.539, // asks
		0.258,  // me
		0.000,  // sure
		0.224,  // around
		-1.502, // strange
		0.027,  // nearest
		0.273,  // likely
		-0.586, // outsider
		-0.618, // drift
		0.987,  // marks
		0.627,  // commits
		0.588,  // requests
		0.241,  // lacks
		0.548,  // later
		0.442,  // prevents
		-0.854, // shortly
		-0.465, // looks
		-0.163, // proposes
		-0.233, // changes
		-0.405, // done
		0.583,  // taken
		0.282,  // answered
		0.660,  // listed
		0.962,  // amid
		0.570,  // pastwork
		0.628,  // pastduty
		0.701,  // whole
		0.235,  // named
		-0.563, // guesses
		0.375,  // follow
		0.852,  // share
		0.109,  // whose
		-0.415, // broken
		-0.490, // pointsback
	}
}

func blameWeights() []float64 {
	return []float64{
		-3.807, // bias
		-0.024, // near
		0.125,  // kin
		1.025,  // score
		0.477,  // voice
		-0.301, // short
		0.320,  // length
		-0.539, // thread
		-0.147, // mitigated
		-0.004, // resolved
		-0.172, // before
		-0.429, // chat
		-0.947, // private
		-0.169, // asks
		-0.033, // me
		0.000,  // sure
		0.080,  // around
		-1.502, // strange
		0.010,  // nearest
		0.101,  // likely
		-0.649, // outsider
		-0.505, // drift
		1.221,  // gaps
		0.759,  // reasons
		0.526,  // cause
		0.359,  // lacks
		0.336,  // finds
		-0.201, // guesses
		0.108,  // broken
		0.347,  // things
		0.616,  // asksgaps
		-0.601, // requests
		-0.542, // resolution
		0.025,  // changes
		0.091,  // opines
		-0.104, // denies
		0.560,  // confirmed
		0.388,  // prevents
		0.678,  // gapthing
	}
}
