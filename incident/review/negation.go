package review

import "tocsin/incident/review/check"

func negated(s string) bool { return check.Negated(s) }
