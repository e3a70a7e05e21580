package mine

// The weights of the answer models, as TestFitTheAnswerModels wrote them.

func decideWeights() []float64 {
	return []float64{
		-4.068, // bias
		-0.239, // near
		-0.124, // kin
		1.063,  // score
		0.851,  // voice
		0.036,  // short
		-0.048, // length
		-0.709, // thread
		-0.273, // mitigated
		-0.977, // resolved
		-0.534, // before
		-0.623, // chat
		-1.021, // private
		-0.748, // asks
		0.094,  // me
		0.000,  // sure
		0.012,  // around
		-1.506, // strange
		0.070,  // nearest
		0.130,  // likely
		-0.665, // outsider
		-0.610, // drift
		0.992,  // proposes
		1.008,  // chooses
		0.818,  // intends
		0.932,  // orders
		0.722,  // changing
		-0.054, // changed
		-0.984, // looks
		0.185,  // tries
		-0.422, // guesses
		0.603,  // offers
		1.200,  // assented
		0.005,  // dissented
		1.297,  // answers
		0.798,  // carried
		-0.548, // later
		-1.080, // marks
		-0.313, // prevents
		-0.447, // broken
		-0.722, // done
		0.255,  // askproposes
		0.670,  // askassented
		-0.001, // plainchange
		0.840,  // plainscore
		0.294,  // plaincarried
		-0.248, // guessy
		0.059,  // first
	}
}

func guessWeights() []float64 {
	return []float64{
		-3.420, // bias
		-0.128, // near
		-0.196, // kin
		0.673,  // score
		0.626,  // voice
		-0.116, // short
		-0.211, // length
		-0.621, // thread
		-0.269, // mitigated
		-0.840, // resolved
		-0.466, // before
		-0.776, // chat
		-1.085, // private
		0.271,  // asks
		-0.009, // me
		0.000,  // sure
		0.116,  // around
		-1.505, // strange
		0.014,  // nearest
		0.317,  // likely
		-0.793, // outsider
		-0.624, // drift
		1.059,  // guesses
		0.257,  // points
		0.741,  // things
		0.493,  // reasons
		1.048,  // finds
		-0.266, // affirms
		-0.234, // denies
		0.221,  // tries
		-0.234, // attempt
		1.472,  // attemptrefuted
		1.212,  // refuted
		0.841,  // confirmed
		0.197,  // cause
		0.573,  // hypothesis
		0.728,  // asksthing
		0.367,  // askspoints
		-0.503, // requests
		-0.517, // proposes
		-0.748, // later
		0.134,  // broken
		-0.476, // looks
		0.850,  // guessthing
		-0.536, // resolution
		-0.860, // whose
	}
}

func actWeights() []float64 {
	return []float64{
		-4.177, // bias
		0.059,  // near
		0.076,  // kin
		0.298,  // score
		0.325,  // voice
		-0.375, // short
		0.030,  // length
		-0.504, // thread
		0.473,  // mitigated
		0.693,  // resolved
		-1.203, // before
		-0.555, // chat
		-1.021, // private
		-0.541, // asks
		0.259,  // me
		0.000,  // sure
		0.222,  // around
		-1.502, // strange
		0.028,  // nearest
		0.268,  // likely
		-0.587, // outsider
		-0.619, // drift
		0.987,  // marks
		0.629,  // commits
		0.583,  // requests
		0.240,  // lacks
		0.547,  // later
		0.443,  // prevents
		-0.853, // shortly
		-0.465, // looks
		-0.163, // proposes
		-0.232, // changes
		-0.405, // done
		0.583,  // taken
		0.275,  // answered
		0.660,  // listed
		0.962,  // amid
		0.571,  // pastwork
		0.626,  // pastduty
		0.701,  // whole
		0.234,  // named
		-0.558, // guesses
		0.373,  // follow
		0.852,  // share
		0.107,  // whose
		-0.415, // broken
		-0.489, // pointsback
	}
}

func blameWeights() []float64 {
	return []float64{
		-3.805, // bias
		-0.024, // near
		0.124,  // kin
		1.023,  // score
		0.477,  // voice
		-0.301, // short
		0.320,  // length
		-0.540, // thread
		-0.146, // mitigated
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
		0.095,  // likely
		-0.650, // outsider
		-0.504, // drift
		1.221,  // gaps
		0.759,  // reasons
		0.526,  // cause
		0.360,  // lacks
		0.337,  // finds
		-0.198, // guesses
		0.107,  // broken
		0.348,  // things
		0.616,  // asksgaps
		-0.601, // requests
		-0.542, // resolution
		0.026,  // changes
		0.091,  // opines
		-0.104, // denies
		0.560,  // confirmed
		0.388,  // prevents
		0.678,  // gapthing
	}
}
