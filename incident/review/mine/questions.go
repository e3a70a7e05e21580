package mine

func questions(*talk) []Quote { return nil }
