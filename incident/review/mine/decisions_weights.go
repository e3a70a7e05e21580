package mine

// trained gives the models as they were fitted.
func trained() models {
	return models{decide: model{names: decidingNames(), weights: make([]float64, 100), least: .5}}
}
