package mine

func factors(*talk) []Quote    { return nil }
func impacts(*talk) []Quote    { return nil }
func detections(*talk) []Quote { return nil }
func opinions(*talk) []Quote   { return nil }
