package mine

func mitigations(*talk) []Quote { return nil }
func handovers(*talk) []Quote   { return nil }
func reopenings(*talk) []Quote  { return nil }
