package mine

// The weights of the answer models, as TestFitTheAnswerModels wrote them.

func decideWeights() []float64 {
	return []float64{
		-4.059, // bias
		-0.231, // near
		-0.122, // kin
		1.065,  // score
		0.833,  // voice
		0.054,  // short
		-0.056, // length
		-0.693, // thread
		-0.429, // mitigated
		-1.122, // resolved
		-0.542, // before
		-0.614, // chat
		-1.017, // private
		-0.737, // asks
		0.111,  // me
		0.000,  // sure
		0.006,  // around
		-1.506, // strange
		0.084,  // nearest
		0.133,  // likely
		-0.656, // outsider
		-0.607, // drift
		1.013,  // proposes
		1.016,  // chooses
		0.834,  // intends
		0.934,  // orders
		0.716,  // changing
		-0.048, // changed
		-1.012, // looks
		0.188,  // tries
		-0.422, // guesses
		0.602,  // offers
		1.244,  // assented
		0.014,  // dissented
		1.283,  // answers
		0.792,  // carried
		-0.558, // later
		-1.074, // marks
		-0.284, // prevents
		-0.458, // broken
		-0.708, // done
		0.261,  // askproposes
		0.689,  // askassented
		0.024,  // plainchange
		0.850,  // plainscore
		0.289,  // plaincarried
		-0.249, // guessy
		0.075,  // first
	}
}

func guessWeights() []float64 {
	return []float64{
		-3.300, // bias
		-0.152, // near
		-0.278, // kin
		0.684,  // score
		0.526,  // voice
		-0.167, // short
		-0.471, // length
		-0.737, // thread
		-0.458, // mitigated
		-0.780, // resolved
		-0.432, // before
		-0.902, // chat
		-1.228, // private
		0.483,  // asks
		0.039,  // me
		0.000,  // sure
		0.131,  // around
		-1.512, // strange
		-0.003, // nearest
		0.407,  // likely
		-1.031, // outsider
		-0.809, // drift
		1.156,  // guesses
		0.181,  // points
		0.730,  // things
		0.458,  // reasons
		1.357,  // finds
		-0.337, // affirms
		-0.185, // denies
		0.279,  // tries
		-0.263, // attempt
		1.443,  // attemptrefuted
		1.385,  // refuted
		0.890,  // confirmed
		0.050,  // cause
		0.578,  // hypothesis
		0.556,  // asksthing
		0.278,  // askspoints
		-0.605, // requests
		-0.420, // proposes
		-0.640, // later
		0.168,  // broken
		-0.500, // looks
		1.010,  // guessthing
		-0.591, // resolution
		-0.981, // whose
	}
}

func actWeights() []float64 {
	return []float64{
		-4.185, // bias
		-0.199, // near
		-0.038, // kin
		0.180,  // score
		-0.040, // voice
		-0.214, // short
		-0.236, // length
		-0.885, // thread
		0.692,  // mitigated
		0.955,  // resolved
		-1.223, // before
		-0.355, // chat
		-1.146, // private
		-0.853, // asks
		0.336,  // me
		0.000,  // sure
		0.367,  // around
		-1.528, // strange
		-0.046, // nearest
		0.573,  // likely
		-0.646, // outsider
		-1.210, // drift
		1.015,  // marks
		0.978,  // commits
		1.072,  // requests
		-0.063, // lacks
		0.891,  // later
		0.287,  // prevents
		-0.634, // shortly
		-0.370, // looks
		-0.051, // proposes
		0.142,  // changes
		-0.434, // done
		0.873,  // taken
		0.498,  // answered
		0.502,  // listed
		0.770,  // amid
		0.424,  // pastwork
		0.952,  // pastduty
		0.583,  // whole
		0.305,  // named
		-0.734, // guesses
		0.235,  // follow
		0.908,  // share
		0.094,  // whose
		-0.465, // broken
		-0.492, // pointsback
	}
}

func blameWeights() []float64 {
	return []float64{
		-3.803, // bias
		-0.024, // near
		0.134,  // kin
		1.024,  // score
		0.479,  // voice
		-0.300, // short
		0.326,  // length
		-0.539, // thread
		-0.176, // mitigated
		-0.034, // resolved
		-0.173, // before
		-0.429, // chat
		-0.947, // private
		-0.171, // asks
		-0.030, // me
		0.000,  // sure
		0.082,  // around
		-1.502, // strange
		0.012,  // nearest
		0.096,  // likely
		-0.646, // outsider
		-0.513, // drift
		1.222,  // gaps
		0.760,  // reasons
		0.526,  // cause
		0.361,  // lacks
		0.334,  // finds
		-0.197, // guesses
		0.110,  // broken
		0.350,  // things
		0.612,  // asksgaps
		-0.599, // requests
		-0.540, // resolution
		0.025,  // changes
		0.091,  // opines
		-0.104, // denies
		0.558,  // confirmed
		0.390,  // prevents
		0.680,  // gapthing
	}
}
