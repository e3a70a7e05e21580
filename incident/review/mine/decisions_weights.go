package mine

// The weights of the answer models, as TestFitTheAnswerModels wrote them.

func decideWeights() []float64 {
	return []float64{
		-4.058, // bias
		-0.242, // near
		-0.171, // kin
		1.062,  // score
		0.765,  // voice
		0.050,  // short
		-0.052, // length
		-0.720, // thread
		-0.233, // mitigated
		-1.055, // resolved
		-0.562, // before
		-0.626, // chat
		-1.031, // private
		-0.758, // asks
		0.065,  // me
		0.000,  // sure
		-0.009, // around
		-1.511, // strange
		0.043,  // nearest
		0.164,  // likely
		-0.291, // outsider
		-0.578, // drift
		1.002,  // proposes
		1.022,  // chooses
		0.835,  // intends
		0.953,  // orders
		0.724,  // changing
		-0.012, // changed
		-1.003, // looks
		0.208,  // tries
		-0.421, // guesses
		0.626,  // offers
		1.234,  // assented
		0.011,  // dissented
		1.244,  // answers
		0.869,  // carried
		-0.546, // later
		-1.099, // marks
		-0.299, // prevents
		-0.449, // broken
		-0.701, // done
		0.253,  // askproposes
		0.667,  // askassented
		0.006,  // plainchange
		0.842,  // plainscore
		0.300,  // plaincarried
		-0.254, // guessy
		0.062,  // first
	}
}

func guessWeights() []float64 {
	return []float64{
		-3.416, // bias
		-0.107, // near
		-0.169, // kin
		0.716,  // score
		0.439,  // voice
		-0.112, // short
		-0.195, // length
		-0.639, // thread
		-0.174, // mitigated
		-0.980, // resolved
		-0.570, // before
		-0.779, // chat
		-1.104, // private
		0.240,  // asks
		-0.003, // me
		0.000,  // sure
		0.087,  // around
		-1.506, // strange
		-0.025, // nearest
		0.444,  // likely
		-0.343, // outsider
		-0.650, // drift
		1.099,  // guesses
		0.285,  // points
		0.748,  // things
		0.492,  // reasons
		1.072,  // finds
		-0.285, // affirms
		-0.185, // denies
		0.228,  // tries
		-0.207, // attempt
		1.476,  // attemptrefuted
		1.220,  // refuted
		0.808,  // confirmed
		0.192,  // cause
		0.556,  // hypothesis
		0.726,  // asksthing
		0.335,  // askspoints
		-0.562, // requests
		-0.531, // proposes
		-0.746, // later
		0.112,  // broken
		-0.472, // looks
		0.832,  // guessthing
		-0.539, // resolution
		-0.855, // whose
	}
}

func actWeights() []float64 {
	return []float64{
		-4.190, // bias
		-0.245, // near
		-0.145, // kin
		0.193,  // score
		-0.037, // voice
		-0.216, // short
		-0.261, // length
		-0.723, // thread
		0.727,  // mitigated
		0.681,  // resolved
		-1.218, // before
		-0.353, // chat
		-1.201, // private
		-0.811, // asks
		0.396,  // me
		0.000,  // sure
		0.452,  // around
		-1.534, // strange
		-0.039, // nearest
		0.659,  // likely
		-0.581, // outsider
		-1.076, // drift
		1.066,  // marks
		1.040,  // commits
		1.104,  // requests
		-0.052, // lacks
		0.964,  // later
		0.264,  // prevents
		-0.682, // shortly
		-0.400, // looks
		-0.048, // proposes
		0.119,  // changes
		-0.444, // done
		0.592,  // taken
		0.633,  // answered
		0.458,  // listed
		0.870,  // amid
		0.493,  // pastwork
		1.058,  // pastduty
		0.649,  // whole
		0.369,  // named
		-0.738, // guesses
		0.138,  // follow
		0.904,  // share
		0.065,  // whose
		-0.557, // broken
		-0.456, // pointsback
	}
}

func blameWeights() []float64 {
	return []float64{
		-3.787, // bias
		-0.025, // near
		0.120,  // kin
		1.036,  // score
		0.415,  // voice
		-0.301, // short
		0.344,  // length
		-0.547, // thread
		-0.108, // mitigated
		-0.038, // resolved
		-0.171, // before
		-0.431, // chat
		-0.951, // private
		-0.174, // asks
		-0.026, // me
		0.000,  // sure
		0.086,  // around
		-1.503, // strange
		0.013,  // nearest
		0.112,  // likely
		-0.481, // outsider
		-0.525, // drift
		1.235,  // gaps
		0.761,  // reasons
		0.524,  // cause
		0.359,  // lacks
		0.344,  // finds
		-0.194, // guesses
		0.104,  // broken
		0.364,  // things
		0.609,  // asksgaps
		-0.596, // requests
		-0.539, // resolution
		0.029,  // changes
		0.088,  // opines
		-0.108, // denies
		0.558,  // confirmed
		0.407,  // prevents
		0.695,  // gapthing
	}
}
