package slack

// Events shows what the manifest subscribes to.
func Events() []string { return events() }
