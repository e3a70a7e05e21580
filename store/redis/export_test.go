package redis

// WithLanes returns options with so many groups on their way at a time.
func (o Options) WithLanes(lanes int) Options {
	o.lanes = lanes
	return o
}

// Ungathered returns options that send every batch by itself, to compare.
func (o Options) Ungathered() Options {
	o.lanes, o.most = 64, 1
	return o
}
